//! `/api/v1/moderation/listings`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Limit, Page, Problem,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};

use super::{ListingDocument, commit_listing, json, replay, watches::PageParams};
use crate::{Card, Listing, Listings};

/// Why.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Told to the seller; at most 500 characters are kept.
    #[serde(default)]
    reason: String,
}

/// List what waits for a moderator, the longest waiting first.
#[utoipa::path(get, path = "/api/v1/moderation/listings", tag = "moderation", params(PageParams),
    responses((status = 200, body = Page<Card>), Refusals), security(("bearer" = [])))]
pub async fn waiting(
    State(listings): State<Listings>,
    actor: Actor,
    Query(params): Query<PageParams>,
) -> Result<Json<Page<Card>>, Problem> {
    Ok(Json(listings.waiting(&actor, params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// Let a held listing go on offer.
#[utoipa::path(post, path = "/api/v1/moderation/listings/{id}/clear", tag = "moderation", request_body = Decision,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ListingDocument), Refusals), security(("bearer" = [])))]
pub async fn clear(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    key: IdempotencyKey,
    Json(decision): Json<Decision>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"clear", id.as_bytes(), &json(&decision)];
    let attempt = match idempotency::begin(listings.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = listings.clear(&attempt.uow, &actor, id, &decision.reason).await?;
    commit_listing(&listings, &actor, attempt, row, StatusCode::OK).await
}

/// Take a listing down.
#[utoipa::path(post, path = "/api/v1/moderation/listings/{id}/take-down", tag = "moderation", request_body = Decision,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = ListingDocument), Refusals), security(("bearer" = [])))]
pub async fn take_down(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    key: IdempotencyKey,
    Json(decision): Json<Decision>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"take-down", id.as_bytes(), &json(&decision)];
    let attempt = match idempotency::begin(listings.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = listings.take_down(&attempt.uow, &actor, id, &decision.reason).await?;
    commit_listing(&listings, &actor, attempt, row, StatusCode::OK).await
}
