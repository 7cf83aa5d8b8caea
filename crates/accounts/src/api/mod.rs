//! The JSON API of the accounts. One file per resource; a handler reads like the sentence that describes it.

mod accounts;
mod consents;
mod me;
mod members;
mod organisations;
mod people;
mod sessions;
mod tokens;

use axum::{
    extract::{FromRequestParts, Path},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use luhuan_kernel::{Id, Problem, http::tagged_json};
use luhuan_store::idempotency::{Answer, Attempt};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Accounts;

/// Every endpoint of this context.
#[must_use]
pub fn routes() -> OpenApiRouter<Accounts> {
    OpenApiRouter::new()
        .routes(routes!(accounts::sign_up))
        .routes(routes!(sessions::list, sessions::sign_in))
        .routes(routes!(sessions::sign_in_with_code))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(accounts::send_code))
        .routes(routes!(me::read, me::edit))
        .routes(routes!(me::send_code))
        .routes(routes!(me::verify_login))
        .routes(routes!(me::change_password))
        .routes(routes!(me::give_identity, me::forget_identity))
        .routes(routes!(me::export))
        .routes(routes!(me::erase))
        .routes(routes!(consents::list))
        .routes(routes!(consents::give, consents::withdraw))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(organisations::list, organisations::create))
        .routes(routes!(organisations::read, organisations::edit))
        .routes(routes!(members::list, members::add))
        .routes(routes!(members::edit, members::remove))
        .routes(routes!(people::read))
        .routes(routes!(people::grant, people::revoke))
}

/// Two ids, or an id and a code, in the path. What cannot be one names nothing: 404.
struct Pair<K, C>(Id<K>, C);

impl<S: Send + Sync, K, C: std::str::FromStr> FromRequestParts<S> for Pair<K, C> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((id, code)) = found.map_err(|_| Problem::not_found())?;
        let id = id.parse().map_err(|_| Problem::not_found())?;
        Ok(Self(id, code.parse().map_err(|_| Problem::not_found())?))
    }
}

/// A code in the path, for a list that the service knows. What cannot be read names nothing: 404.
struct PathCode(String);

impl<S: Send + Sync> FromRequestParts<S> for PathCode {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = Path::<String>::from_request_parts(parts, state).await;
        found.map(|Path(code)| Self(code)).map_err(|_| Problem::not_found())
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
    Ok(replay(answer))
}

/// An answer as it was first given.
fn replay(answer: Answer) -> Response {
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

/// Tells a member that is null from one that is not there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
