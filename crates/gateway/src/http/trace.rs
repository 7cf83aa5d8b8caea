//! A trace id for every request: in the log, in the answer's `X-Trace-Id`, in every problem.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use luhuan_kernel::{http::TraceId, random};
use tracing::Instrument;

/// The header that carries it.
pub const HEADER: HeaderName = HeaderName::from_static("x-trace-id");

/// Gives the request its id and a log span, and the answer the header. An id from a client is not taken over: it
/// would let anyone write into the log.
pub async fn trace(mut request: Request, next: Next) -> Response {
    let id = hex::encode(random::bytes::<8>());
    let span = tracing::info_span!("request", trace_id = %id, method = %request.method(), path = request.uri().path());
    request.extensions_mut().insert(TraceId(id.clone()));
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    if status.is_server_error() {
        span.in_scope(|| tracing::error!(status = status.as_u16(), "answered"));
    } else {
        span.in_scope(|| tracing::debug!(status = status.as_u16(), "answered"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
