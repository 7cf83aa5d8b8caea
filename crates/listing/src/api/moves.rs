//! `/api/v1/listings/{id}/publish`, `/withdraw`, `/relist`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Problem,
    http::{IdempotencyKey, IfMatch, PathId, Refusals},
};

use super::{
    ListingDocument, listing_command,
    parameters::{Expected, Key, ListingPath},
    samples,
};
use crate::{Listing, Listings};

/// Publish a draft. Publishing what is published changes nothing.
///
/// Refused: `listing-state` (409) when it is reserved, sold, withdrawn or expired; `stale` (412) when it changed since
/// you read it; `invalid` (422) names each field that is missing and each statement to be made; `listing-prohibited`
/// (422) quotes the rule.
#[utoipa::path(post, path = "/api/v1/listings/{id}/publish", tag = "listings",
    params(ListingPath, Expected, Key),
    responses((status = 200, body = ListingDocument, example = json!(samples::listing())), Refusals),
    security(("bearer" = [])))]
pub async fn publish(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"publish", id.as_bytes()];
    listing_command(&listings, &actor, &key, request, StatusCode::OK, async |uow| {
        listings.publish(uow, &actor, id, expected).await
    })
    .await
}

/// Take a listing off.
///
/// Refused: `listing-state` (409) when it is reserved, sold or expired; `stale` (412) when it changed since you read it.
#[utoipa::path(post, path = "/api/v1/listings/{id}/withdraw", tag = "listings",
    params(ListingPath, Expected, Key),
    responses((status = 200, body = ListingDocument, example = json!(samples::withdrawn())), Refusals),
    security(("bearer" = [])))]
pub async fn withdraw(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"withdraw", id.as_bytes()];
    listing_command(&listings, &actor, &key, request, StatusCode::OK, async |uow| {
        listings.withdraw(uow, &actor, id, expected).await
    })
    .await
}

/// Offer a withdrawn or expired listing again.
///
/// Refused: `listing-state` (409) when it is neither; `listing-item-listed` (409) when its item is on offer in another
/// listing meanwhile; `stale` (412), `invalid` (422) and `listing-prohibited` (422) as for publishing.
#[utoipa::path(post, path = "/api/v1/listings/{id}/relist", tag = "listings",
    params(ListingPath, Expected, Key),
    responses((status = 200, body = ListingDocument, example = json!(samples::listing())), Refusals),
    security(("bearer" = [])))]
pub async fn relist(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"relist", id.as_bytes()];
    listing_command(&listings, &actor, &key, request, StatusCode::OK, async |uow| {
        listings.relist(uow, &actor, id, expected).await
    })
    .await
}
