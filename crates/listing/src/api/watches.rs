//! `/api/v1/listings/{id}/watch` and the watchlist.

use axum::extract::State;
use http::StatusCode;
use luhuan_kernel::{
    Actor, Limit, Page, Problem,
    http::{Json, PathId, Query, Refusals},
};

use super::{
    parameters::{ListingPath, PageParams},
    samples,
};
use crate::{Card, Listing, Listings};

/// Watch a listing. Watching twice is watching once.
#[utoipa::path(put, path = "/api/v1/listings/{id}/watch", tag = "watches", params(ListingPath),
    responses((status = 204, description = "Watched"), Refusals), security(("bearer" = [])))]
pub async fn watch(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
) -> Result<StatusCode, Problem> {
    let uow = listings.store().begin().await?;
    listings.watch(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop watching.
#[utoipa::path(delete, path = "/api/v1/listings/{id}/watch", tag = "watches", params(ListingPath),
    responses((status = 204, description = "Not watched"), Refusals), security(("bearer" = [])))]
pub async fn unwatch(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
) -> Result<StatusCode, Problem> {
    let uow = listings.store().begin().await?;
    listings.unwatch(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what you watch, newest first.
///
/// Refused: `invalid` (422) for a cursor that is not of this list.
#[utoipa::path(get, path = "/api/v1/me/watchlist", tag = "watches", params(PageParams),
    responses((status = 200, body = Page<Card>, example = json!(samples::page())), Refusals),
    security(("bearer" = [])))]
pub async fn watchlist(
    State(listings): State<Listings>,
    actor: Actor,
    Query(params): Query<PageParams>,
) -> Result<Json<Page<Card>>, Problem> {
    Ok(Json(listings.watchlist(&actor, params.after.as_ref(), Limit::of(params.limit)).await?))
}
