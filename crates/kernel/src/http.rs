//! What every JSON handler takes in: the actor, a body, a query, a path, and the headers that make a write safe
//! to repeat. Each refuses with a [`Problem`] that says what to do.

use axum::{
    extract::{FromRequest, FromRequestParts, Request, rejection::JsonRejection},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Actor, Id, Message, Problem};

impl<S: Sync> FromRequestParts<S> for Actor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Put there by the gateway; without it nobody is authenticated and nothing is permitted.
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::unauthenticated)
    }
}

/// A JSON body.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(json_problem(&rejection)),
        }
    }
}

fn json_problem(rejection: &JsonRejection) -> Problem {
    match rejection {
        JsonRejection::MissingJsonContentType(_) => {
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json")
        }
        JsonRejection::JsonDataError(error) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "json-shape").with("what", error.body_text())
        }
        JsonRejection::BytesRejection(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
        }
        other => Problem::malformed(other.body_text()),
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

/// The query string.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Problem::malformed(rejection.body_text())),
        }
    }
}

/// The id in the path. What is no id names nothing: 404.
#[derive(Debug)]
pub struct PathId<K>(pub Id<K>);

impl<S: Send + Sync, K> FromRequestParts<S> for PathId<K> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let axum::extract::Path(text) = axum::extract::Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found())?;
        text.parse().map(Self).map_err(|_| Problem::not_found())
    }
}

/// The trace id of the request under way: in the log, in the answer, in every problem.
#[derive(Clone, Debug, Default)]
pub struct TraceId(pub String);

/// The `Idempotency-Key` of a write: 1 to 128 visible ASCII characters, or none.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        let key = value.to_str().unwrap_or_default();
        if key.is_empty() || key.len() > 128 {
            return Err(Problem::invalid_field("Idempotency-Key", Message::new("field-idempotency-key")));
        }
        Ok(Self(Some(key.to_owned())))
    }
}

/// The version a client has read and now edits, from `If-Match`; `None` when it does not say or says `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        match value.to_str().unwrap_or_default() {
            "*" => Ok(Self(None)),
            tag => ETag::version_of(tag).map(|version| Self(Some(version))).ok_or_else(Problem::stale),
        }
    }
}

/// The entity tag of a versioned thing: its version, then a digest of what was sent.
///
/// `If-Match` looks at the version alone (a view counted meanwhile is no conflict); `If-None-Match` at the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ETag(String);

impl ETag {
    /// The tag of a body at a version.
    #[must_use]
    pub fn of(version: i64, body: &[u8]) -> Self {
        use std::hash::Hasher;
        let mut hasher = std::hash::DefaultHasher::new();
        hasher.write(body);
        Self(format!("\"{version}-{:016x}\"", hasher.finish()))
    }

    /// The text of the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn version_of(tag: &str) -> Option<i64> {
        let tag = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
        tag.split('-').next()?.parse().ok()
    }

    /// Whether the client has this very body already.
    #[must_use]
    pub fn is_known_to(&self, headers: &HeaderMap) -> bool {
        headers
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| tag.trim().strip_prefix("W/").unwrap_or(tag.trim()) == self.0)
    }
}

/// A JSON answer with its entity tag; 304 without a body when the client has it.
#[must_use]
pub fn tagged_json(
    status: StatusCode,
    version: i64,
    body: axum::body::Bytes,
    request: &HeaderMap,
) -> Response {
    let tag = ETag::of(version, &body);
    let value = HeaderValue::from_str(tag.as_str()).unwrap_or(HeaderValue::from_static("\"0\""));
    if status == StatusCode::OK && tag.is_known_to(request) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, value)]).into_response();
    }
    (
        status,
        [(header::ETAG, value), (header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
        body,
    )
        .into_response()
}

/// The refusals that any endpoint may answer with, for its OpenAPI description: `responses(Refusals)`.
pub struct Refusals;

impl utoipa::IntoResponses for Refusals {
    fn responses()
    -> std::collections::BTreeMap<String, utoipa::openapi::RefOr<utoipa::openapi::response::Response>> {
        use utoipa::{
            ToSchema,
            openapi::{ContentBuilder, Ref, ResponseBuilder},
        };
        let refusals = [
            ("400", "The request cannot be read"),
            ("401", "Sign in first"),
            ("403", "Not permitted"),
            ("404", "Not there, or not for your eyes"),
            ("405", "Not a method of this address"),
            ("406", "Not to be had in that form"),
            ("408", "The request took too long to arrive"),
            ("409", "The state of the thing does not allow it"),
            ("412", "It changed since you read it"),
            ("413", "Too large"),
            ("415", "Not in a format that is taken here"),
            ("422", "The input is wrong, field by field"),
            ("429", "Too many tries; wait for Retry-After seconds"),
            ("503", "Busy; try again after Retry-After seconds"),
        ];
        let body = || {
            let schema = Ref::from_schema_name(<crate::ProblemDocument as ToSchema>::name());
            ContentBuilder::new().schema(Some(schema)).build()
        };
        refusals
            .into_iter()
            .map(|(status, description)| {
                let response = ResponseBuilder::new()
                    .description(description)
                    .content("application/problem+json", body())
                    .build();
                (status.to_owned(), response.into())
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_is_matched_by_version_and_a_read_by_content() {
        let tag = ETag::of(7, b"{}");
        assert_eq!(ETag::version_of(tag.as_str()), Some(7));
        assert_eq!(ETag::version_of(&format!("W/{}", tag.as_str())), Some(7));
        assert_eq!(ETag::version_of("nonsense"), None);
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(tag.as_str()).unwrap());
        assert!(tag.is_known_to(&headers));
        assert!(!ETag::of(7, b"[]").is_known_to(&headers));
    }
}
