//! The JSON API of notifications and webhooks. One file per resource; a handler reads like the sentence that
//! describes it.

mod deliveries;
mod inbox;
mod preferences;
mod stream;
mod webhooks;

pub use stream::follow;

use axum::response::{IntoResponse, Response};
use axum::{extract::FromRequestParts, extract::Path};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use luhuan_kernel::{Cursor, Id, Problem, http::tagged_json};
use luhuan_store::idempotency::{Answer, Attempt};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Delivery, Notifications, Webhook};

/// Every endpoint of this context.
#[must_use]
pub fn routes() -> OpenApiRouter<Notifications> {
    OpenApiRouter::new()
        .routes(routes!(inbox::list))
        .routes(routes!(inbox::read))
        .routes(routes!(stream::stream))
        .routes(routes!(preferences::show, preferences::choose))
        .routes(routes!(webhooks::list, webhooks::create))
        .routes(routes!(webhooks::show, webhooks::change, webhooks::delete))
        .routes(routes!(webhooks::renew_secret))
        .routes(routes!(webhooks::ping))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::show))
        .routes(routes!(deliveries::replay_one))
        .routes(routes!(deliveries::replay))
}

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct PageParams {
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// A webhook's id and a delivery's in the path. What is no id names nothing: 404.
struct PathIds(Id<Webhook>, Id<Delivery>);

impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((webhook, delivery)) = found.map_err(|_| Problem::not_found())?;
        let webhook = webhook.parse().map_err(|_| Problem::not_found())?;
        Ok(Self(webhook, delivery.parse().map_err(|_| Problem::not_found())?))
    }
}

/// Commits a command that may be repeated, together with its answer.
async fn commit<T: Serialize>(
    attempt: Attempt,
    status: StatusCode,
    version: i64,
    document: &T,
) -> Result<Response, Problem> {
    let answer = Answer { status, version, body: json(document) };
    attempt.commit(&answer).await?;
    Ok(replayed(answer))
}

/// An answer as it was first given.
fn replayed(answer: Answer) -> Response {
    tagged_json(answer.status, answer.version, answer.body.into(), &HeaderMap::new())
}

/// An answer with a secret in it, which nothing on the way may keep.
fn secret_json<T: Serialize>(status: StatusCode, document: &T) -> Response {
    let mut response = (status, axum::Json(document)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// JSON of a document of ours, which cannot fail to serialise.
fn json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document serialises")
}
