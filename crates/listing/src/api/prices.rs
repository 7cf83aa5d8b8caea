//! `/api/v1/listings/{id}/prices` and `/api/v1/price-hints`.

use axum::extract::State;
use luhuan_kernel::{
    Actor, Message, Problem,
    http::{Json, PathId, Query, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{parameters::ListingPath, samples};
use crate::{Listing, Listings, PriceStep, model::PriceHint};

/// A listing's prices over time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PricesDocument {
    /// Oldest first.
    pub(super) items: Vec<PriceStep>,
}

/// Read a listing's price history.
#[utoipa::path(get, path = "/api/v1/listings/{id}/prices", tag = "listings", params(ListingPath),
    responses((status = 200, body = PricesDocument, example = json!(samples::prices())), Refusals))]
pub async fn prices(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
) -> Result<Json<PricesDocument>, Problem> {
    listings.view(&actor, id).await?;
    Ok(Json(PricesDocument { items: listings.price_history(id).await? }))
}

/// What to compare with.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HintParams {
    /// Code of a leaf of the category tree.
    category: String,
    /// Brand.
    #[serde(default)]
    brand: String,
    /// Model.
    #[serde(default)]
    model: String,
}

/// What comparable listings ask.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HintDocument {
    /// Absent when fewer than three listings compare.
    pub(super) hint: Option<PriceHint>,
}

/// Ask what comparable listings of the last 90 days ask.
///
/// Refused: `invalid` (422) for a category that there is not.
#[utoipa::path(get, path = "/api/v1/price-hints", tag = "listings", params(HintParams),
    responses((status = 200, body = HintDocument, example = json!(samples::hint())), Refusals))]
pub async fn price_hint(
    State(listings): State<Listings>,
    Query(HintParams { category, brand, model }): Query<HintParams>,
) -> Result<Json<HintDocument>, Problem> {
    if listings.catalog().category(&category).is_none() {
        let message = Message::new("listing-unknown-code").with("code", &category);
        return Err(Problem::invalid_field("category", message));
    }
    Ok(Json(HintDocument { hint: listings.price_hint(&category, &brand, &model).await? }))
}
