//! Problems in the reader's language: the one place where a refusal gets its words.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use luhuan_kernel::{Locale, Problem, http::TraceId, text::Texts};

/// Turns problems, and bare errors of the HTTP layer, into `application/problem+json`.
pub async fn render(State(texts): State<Arc<Texts>>, request: Request, next: Next) -> Response {
    let locale = locale(request.headers());
    let trace = request.extensions().get::<TraceId>().cloned().map_or_else(String::new, |trace| trace.0);
    let response = next.run(request).await;
    let bare = bare_problem(&response);
    let Some(problem) = response.extensions().get::<Problem>().cloned().or(bare) else { return response };
    let (mut parts, _) = response.into_parts();
    let body = problem.to_json(&texts, locale, &trace).to_string();
    parts.extensions.remove::<Problem>();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(locale.tag()));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, Body::from(body))
}

/// What axum and its layers refuse by themselves, in our words. They say it as plain text or not at all; a page that
/// tells of an error stays as it is.
fn bare_problem(response: &Response) -> Option<Problem> {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !kind.is_empty() && !kind.starts_with(b"text/plain") {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Problem::not_found()),
        StatusCode::METHOD_NOT_ALLOWED => {
            Some(Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"))
        }
        StatusCode::PAYLOAD_TOO_LARGE => Some(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")),
        StatusCode::REQUEST_TIMEOUT => Some(Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow")),
        StatusCode::SERVICE_UNAVAILABLE => {
            Some(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(1))
        }
        StatusCode::INTERNAL_SERVER_ERROR => Some(Problem::internal()),
        _ => None,
    }
}

/// The language that a request asks for: its cookie, else its header.
#[must_use]
pub fn locale(headers: &HeaderMap) -> Locale {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Locale::from_accept_language(header.unwrap_or_default())
}

/// A panic in a handler is an error of ours, logged with its trace id and told without detail.
#[expect(clippy::needless_pass_by_value, reason = "the signature that the layer asks for")]
pub fn on_panic(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned());
    tracing::error!(panic = message.as_deref().unwrap_or("unknown"), "a handler panicked");
    Problem::internal().into_response()
}

/// Counts the requests under way.
#[derive(Clone)]
pub struct Gate(Arc<tokio::sync::Semaphore>);

impl Gate {
    /// A gate for so many at once.
    #[must_use]
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(tokio::sync::Semaphore::new(at_once.max(1))))
    }
}

/// Lets a request in, or tells it to come back: a queue without bound would only answer everybody too late.
pub async fn at_once(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Ok(_permit) = gate.0.try_acquire() else {
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(1).into_response();
    };
    next.run(request).await
}
