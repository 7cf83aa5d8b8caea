//! `/api/v1/listings` and one's own.

use std::sync::Arc;

use axum::{extract::State as AxumState, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Organisation, Page, Person, Problem,
    http::{IdempotencyKey, IfMatch, Json, PathId, Query, Refusals, tagged_json},
};
use serde::{Deserialize, Serialize};

use super::{
    ListingDocument, ListingInput, ListingPatch, document, json, listing_command,
    parameters::{Expected, Key, Known, ListingPath},
    samples,
    types::point,
};
use crate::{BrowseFilter, Card, Change, Listing, Listings, StateCounts, model::State, service::Answer};

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
///
/// Refused: `invalid` (422) for a cursor that is not of this list.
#[utoipa::path(get, path = "/api/v1/listings", tag = "listings", params(BrowseParams),
    responses((status = 200, body = Page<Card>, example = json!(samples::page())), Refusals))]
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

/// Draft a listing. It is its seller's alone until it is published.
///
/// Refused: `invalid` (422) names each field that is wrong; `listing-item-listed` (409) when the item is on offer in
/// another listing.
#[utoipa::path(post, path = "/api/v1/listings", tag = "listings", request_body = ListingInput, params(Key),
    responses((status = 201, body = ListingDocument, example = json!(samples::draft())), Refusals),
    security(("bearer" = [])))]
pub async fn create(
    AxumState(listings): AxumState<Listings>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<ListingInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"POST /api/v1/listings", &json(&input)];
    listing_command(&listings, &actor, &key, request, StatusCode::CREATED, async |uow| {
        listings.create(uow, &actor, input.into_command()?).await
    })
    .await
}

/// Read a listing.
#[utoipa::path(get, path = "/api/v1/listings/{id}", tag = "listings", params(ListingPath, Known),
    responses((status = 200, body = ListingDocument, example = json!(samples::listing())),
        (status = 304, description = "You have it"), Refusals))]
pub async fn read(
    AxumState(listings): AxumState<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let answer = kept_answer(&listings, &actor, id).await?;
    if !actor.is(answer.person) {
        listings.count_view(id);
    }
    Ok(tagged_json(StatusCode::OK, answer.version, answer.body.clone(), &headers))
}

/// The JSON of a listing that the actor may see, kept for a second when everybody may.
async fn kept_answer(listings: &Listings, actor: &Actor, id: Id<Listing>) -> Result<Arc<Answer>, Problem> {
    let now = listings.store().clock().now();
    if let Some(answer) = listings.answers().get(id, now) {
        return Ok(answer);
    }
    let generation = listings.answers().generation();
    let view = listings.view(actor, id).await?;
    let (version, person) = (view.row.version, view.row.person_id);
    let public = view.row.standing()?.is_public();
    let body = Bytes::from(json(&ListingDocument::of(view)?));
    let answer = Arc::new(Answer { version, person, body });
    if public {
        listings.answers().keep(id, now, generation, Arc::clone(&answer));
    }
    Ok(answer)
}

/// Change a listing. One that strangers see must stay complete and is screened again.
///
/// Refused: `listing-not-editable` (409) when it is reserved or sold; `stale` (412) when it changed since you read it;
/// `invalid` (422) names each field that is wrong; `listing-prohibited` (422) quotes the rule.
#[utoipa::path(patch, path = "/api/v1/listings/{id}", tag = "listings", request_body = ListingPatch,
    params(ListingPath, Expected),
    responses((status = 200, body = ListingDocument, example = json!(samples::listing())), Refusals),
    security(("bearer" = [])))]
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
    pub(super) items: Vec<Card>,
    /// The cursor of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<Cursor>,
    /// How many there are in each state.
    pub(super) counts: StateCounts,
}

/// List your own listings.
///
/// Refused: `invalid` (422) for a cursor that is not of this list.
#[utoipa::path(get, path = "/api/v1/me/listings", tag = "listings", params(MineParams),
    responses((status = 200, body = MineDocument, example = json!(samples::mine())), Refusals),
    security(("bearer" = [])))]
pub async fn mine(
    AxumState(listings): AxumState<Listings>,
    actor: Actor,
    Query(params): Query<MineParams>,
) -> Result<Json<MineDocument>, Problem> {
    let state = params.state.unwrap_or(State::Published);
    let mine = listings.mine(&actor, state, params.after.as_ref(), Limit::of(params.limit)).await?;
    Ok(Json(MineDocument { items: mine.page.items, next: mine.page.next, counts: mine.counts }))
}
