//! `/api/v1/listings/{id}/publish`, `/withdraw`, `/relist`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Id, Problem,
    http::{IdempotencyKey, IfMatch, PathId, Refusals},
};
use luhuan_store::idempotency::{self, Once};

use super::{ListingDocument, commit_listing, replay};
use crate::{Listing, Listings};

/// Publish a draft. Publishing what is published changes nothing.
#[utoipa::path(post, path = "/api/v1/listings/{id}/publish", tag = "listings",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = ListingDocument), Refusals), security(("bearer" = [])))]
pub async fn publish(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let attempt = match begin(&listings, &actor, &key, "publish", id).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = listings.publish(&attempt.uow, &actor, id, expected).await?;
    commit_listing(&listings, &actor, attempt, row, StatusCode::OK).await
}

/// Take a listing off.
#[utoipa::path(post, path = "/api/v1/listings/{id}/withdraw", tag = "listings",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = ListingDocument), Refusals), security(("bearer" = [])))]
pub async fn withdraw(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let attempt = match begin(&listings, &actor, &key, "withdraw", id).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = listings.withdraw(&attempt.uow, &actor, id, expected).await?;
    commit_listing(&listings, &actor, attempt, row, StatusCode::OK).await
}

/// Offer a withdrawn or expired listing again.
#[utoipa::path(post, path = "/api/v1/listings/{id}/relist", tag = "listings",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = ListingDocument), Refusals), security(("bearer" = [])))]
pub async fn relist(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let attempt = match begin(&listings, &actor, &key, "relist", id).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = listings.relist(&attempt.uow, &actor, id, expected).await?;
    commit_listing(&listings, &actor, attempt, row, StatusCode::OK).await
}

async fn begin(
    listings: &Listings,
    actor: &Actor,
    key: &IdempotencyKey,
    command: &str,
    id: Id<Listing>,
) -> Result<Once, Problem> {
    let request: &[&[u8]] = &[command.as_bytes(), id.as_bytes()];
    idempotency::begin(listings.store(), actor, key.0.as_deref(), request).await
}
