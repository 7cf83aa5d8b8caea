//! `/api/v1/listings/{id}/watch` and the watchlist.

use axum::extract::State;
use http::StatusCode;
use luhuan_kernel::{
    Actor, Cursor, Limit, Page, Problem,
    http::{PathId, Query, Refusals},
};
use serde::Deserialize;

use crate::{Card, Listing, Listings};

/// Watch a listing. Watching twice is watching once.
#[utoipa::path(put, path = "/api/v1/listings/{id}/watch", tag = "watches", params(("id" = String, Path, format = "uuid")),
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
#[utoipa::path(delete, path = "/api/v1/listings/{id}/watch", tag = "watches", params(("id" = String, Path, format = "uuid")),
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

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Items on the page, 1 to 100; 24 unless asked.
    pub(super) limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    pub(super) after: Option<Cursor>,
}

/// List what you watch, newest first.
#[utoipa::path(get, path = "/api/v1/me/watchlist", tag = "watches", params(PageParams),
    responses((status = 200, body = Page<Card>), Refusals), security(("bearer" = [])))]
pub async fn watchlist(
    State(listings): State<Listings>,
    actor: Actor,
    Query(params): Query<PageParams>,
) -> Result<luhuan_kernel::http::Json<Page<Card>>, Problem> {
    let page = listings.watchlist(&actor, params.after.as_ref(), Limit::of(params.limit)).await?;
    Ok(luhuan_kernel::http::Json(page))
}
