//! `/api/v1/listings` and one's own.

use std::sync::Arc;

use axum::{extract::State as AxumState, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Message, Organisation, Page, Person, Problem,
    http::{IdempotencyKey, IfMatch, Json, PathId, Query, Refusals, tagged_json},
};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};

use super::{
    ListingDocument, ListingInput, ListingPatch, commit_listing, document, json, replay, types::point,
};
use crate::{
    BrowseFilter, Card, Change, Listing, Listings, StateCounts,
    model::{PriceHint, State},
    service::{Answer, PriceStep},
};

/// Which listings.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BrowseParams {
    /// Category code, root or leaf.
    category: Option<String>,
    /// District code.
    district: Option<String>,
    /// A seller's person id.
    #[param(value_type = Option<String>, format = "uuid")]
    seller: Option<Id<Person>>,
    /// A shop's id.
    #[param(value_type = Option<String>, format = "uuid")]
    organisation: Option<Id<Organisation>>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// Browse what is on offer, newest first.
#[utoipa::path(get, path = "/api/v1/listings", tag = "listings", params(BrowseParams),
    responses((status = 200, body = Page<Card>), Refusals))]
pub async fn browse(
    AxumState(listings): AxumState<Listings>,
    Query(params): Query<BrowseParams>,
) -> Result<Json<Page<Card>>, Problem> {
    let filter = BrowseFilter {
        category: params.category,
        district: params.district,
        person: params.seller,
        organisation: params.organisation,
        ..BrowseFilter::default()
    };
    Ok(Json(listings.browse(&filter, params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// Draft a listing.
#[utoipa::path(post, path = "/api/v1/listings", tag = "listings", request_body = ListingInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = ListingDocument), Refusals), security(("bearer" = [])))]
pub async fn create(
    AxumState(listings): AxumState<Listings>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<ListingInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"POST /api/v1/listings", &json(&input)];
    let attempt = match idempotency::begin(listings.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = listings.create(&attempt.uow, &actor, input.into_command()?).await?;
    commit_listing(&listings, &actor, attempt, row, StatusCode::CREATED).await
}

/// Read a listing.
#[utoipa::path(get, path = "/api/v1/listings/{id}", tag = "listings",
    params(("id" = String, Path, format = "uuid"), ("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = ListingDocument), (status = 304, description = "You have it"), Refusals))]
pub async fn read(
    AxumState(listings): AxumState<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let answer = listings.public_answer(&actor, id).await?;
    if !actor.is(answer.person) {
        listings.count_view(id);
    }
    Ok(tagged_json(StatusCode::OK, answer.version, answer.body.clone(), &headers))
}

impl Listings {
    /// The JSON of a listing that the actor may see, kept for a second when it is public.
    async fn public_answer(&self, actor: &Actor, id: Id<Listing>) -> Result<Arc<Answer>, Problem> {
        let now = self.store().clock().now();
        if let Some(answer) = self.answers().get(id, now) {
            return Ok(answer);
        }
        let generation = self.answers().generation();
        let view = self.view(actor, id).await?;
        let (version, person) = (view.row.version, view.row.person_id);
        let public = view.state.is_public() && view.row.held.is_none();
        let body = Bytes::from(json(&ListingDocument::of(view)?));
        let answer = Arc::new(Answer { version, person, body });
        if public {
            self.answers().keep(id, now, generation, Arc::clone(&answer));
        }
        Ok(answer)
    }
}

/// Change a listing.
#[utoipa::path(patch, path = "/api/v1/listings/{id}", tag = "listings", request_body = ListingPatch,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read")),
    responses((status = 200, body = ListingDocument), Refusals), security(("bearer" = [])))]
pub async fn edit(
    AxumState(listings): AxumState<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    IfMatch(expected): IfMatch,
    Json(patch): Json<ListingPatch>,
) -> Result<Response, Problem> {
    let point = point(patch.location)?;
    let uow = listings.store().begin().await?;
    let change = |now| Change { details: patch.apply(now), point };
    let row = listings.edit(&uow, &actor, id, expected, change).await?;
    let version = row.version;
    let document = document(&listings, uow.tx(), &actor, row).await?;
    uow.commit().await?;
    Ok(tagged_json(StatusCode::OK, version, json(&document).into(), &HeaderMap::new()))
}

/// Which of one's own listings.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MineParams {
    /// Where they stand; published unless asked.
    state: Option<State>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// One's own listings.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MineDocument {
    /// The listings, last changed first.
    items: Vec<Card>,
    /// The cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Cursor>,
    /// How many there are in each state.
    counts: StateCounts,
}

/// List your own listings.
#[utoipa::path(get, path = "/api/v1/me/listings", tag = "listings", params(MineParams),
    responses((status = 200, body = MineDocument), Refusals), security(("bearer" = [])))]
pub async fn mine(
    AxumState(listings): AxumState<Listings>,
    actor: Actor,
    Query(params): Query<MineParams>,
) -> Result<Json<MineDocument>, Problem> {
    let state = params.state.unwrap_or(State::Published);
    let mine = listings.mine(&actor, state, params.after.as_ref(), Limit::of(params.limit)).await?;
    Ok(Json(MineDocument { items: mine.page.items, next: mine.page.next, counts: mine.counts }))
}

/// A listing's prices over time.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PricesDocument {
    /// Oldest first.
    items: Vec<PriceStep>,
}

/// Read a listing's price history.
#[utoipa::path(get, path = "/api/v1/listings/{id}/prices", tag = "listings", params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = PricesDocument), Refusals))]
pub async fn prices(
    AxumState(listings): AxumState<Listings>,
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
    hint: Option<PriceHint>,
}

/// Ask what comparable listings of the last 90 days ask.
#[utoipa::path(get, path = "/api/v1/price-hints", tag = "listings", params(HintParams),
    responses((status = 200, body = HintDocument), Refusals))]
pub async fn price_hint(
    AxumState(listings): AxumState<Listings>,
    Query(params): Query<HintParams>,
) -> Result<Json<HintDocument>, Problem> {
    if listings.catalog().category(&params.category).is_none() {
        let message = Message::new("listing-unknown-code").with("code", &params.category);
        return Err(Problem::invalid_field("category", message));
    }
    Ok(Json(HintDocument {
        hint: listings.price_hint(&params.category, &params.brand, &params.model).await?,
    }))
}
