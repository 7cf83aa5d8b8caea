//! `/api/v1/moderation/listings`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Limit, Page, Problem,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{
    ListingDocument, json, listing_command,
    parameters::{Key, ListingPath, PageParams},
    samples,
};
use crate::{Card, Listing, Listings};

/// Why.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "照片与描述不符" }))]
pub struct Decision {
    /// Told to the seller; at most 500 characters are kept.
    #[serde(default)]
    reason: String,
}

/// List what waits for a moderator, the longest waiting first.
///
/// Refused: `invalid` (422) for a cursor that is not of this list.
#[utoipa::path(get, path = "/api/v1/moderation/listings", tag = "moderation", params(PageParams),
    responses((status = 200, body = Page<Card>, example = json!(samples::page())), Refusals),
    security(("bearer" = [])))]
pub async fn waiting(
    State(listings): State<Listings>,
    actor: Actor,
    Query(params): Query<PageParams>,
) -> Result<Json<Page<Card>>, Problem> {
    Ok(Json(listings.waiting(&actor, params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// Let a held listing go on offer.
#[utoipa::path(post, path = "/api/v1/moderation/listings/{id}/clear", tag = "moderation", request_body = Decision,
    params(ListingPath, Key),
    responses((status = 200, body = ListingDocument, example = json!(samples::listing())), Refusals),
    security(("bearer" = [])))]
pub async fn clear(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    key: IdempotencyKey,
    Json(decision): Json<Decision>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"clear", id.as_bytes(), &json(&decision)];
    listing_command(&listings, &actor, &key, request, StatusCode::OK, async |uow| {
        listings.clear(uow, &actor, id, &decision.reason).await
    })
    .await
}

/// Take a listing down.
///
/// Refused: `listing-state` (409) when it is reserved, sold, expired or withdrawn already; `invalid` (422) without a
/// reason.
#[utoipa::path(post, path = "/api/v1/moderation/listings/{id}/take-down", tag = "moderation", request_body = Decision,
    params(ListingPath, Key),
    responses((status = 200, body = ListingDocument, example = json!(samples::withdrawn())), Refusals),
    security(("bearer" = [])))]
pub async fn take_down(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    key: IdempotencyKey,
    Json(decision): Json<Decision>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"take-down", id.as_bytes(), &json(&decision)];
    listing_command(&listings, &actor, &key, request, StatusCode::OK, async |uow| {
        listings.take_down(uow, &actor, id, &decision.reason).await
    })
    .await
}
