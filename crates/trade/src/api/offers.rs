//! `/api/v1/offers`: haggling.

use axum::{extract::State as AxumState, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Page, Problem, Timestamp,
    http::{IdempotencyKey, IfMatch, Json, PathId, Query, Refusals},
};
use luhuan_listing::Listing;
use luhuan_store::{
    UnitOfWork,
    idempotency::{self, Once},
};
use serde::{Deserialize, Serialize};

use super::{commit, json, replay};
use crate::{
    Error, NewOffer, Offer, OfferView, Role, Trade,
    entity::offer,
    model::{By, OfferState},
};

/// An offer as each command answers with it. Amounts are fen.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OfferSummary {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Offer>,
    /// Its version, for `If-Match`.
    version: i64,
    /// For what.
    #[schema(value_type = String, format = "uuid")]
    listing: Id<Listing>,
    /// Where it stands.
    state: OfferState,
    /// The amount on the table.
    amount_fen: i64,
    /// The side that named it.
    spoke: By,
    /// When it lapses; of an agreed one, until when the item is kept.
    due_at: Option<Timestamp>,
}

impl OfferSummary {
    fn of(row: &offer::Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            version: row.version,
            listing: row.listing_id,
            state: row.state()?,
            amount_fen: row.amount_fen,
            spoke: row.spoke()?,
            due_at: row.due_at,
        })
    }
}

/// Which offers.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfferParams {
    /// Those you made (`buyer`), or those for what you sell (`seller`).
    #[param(inline)]
    role: Option<Role>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// Your offers, the last moved first.
#[utoipa::path(get, path = "/api/v1/offers", tag = "offers", params(OfferParams),
    responses((status = 200, body = Page<OfferView>), Refusals), security(("bearer" = [])))]
pub async fn list(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    Query(params): Query<OfferParams>,
) -> Result<Json<Page<OfferView>>, Problem> {
    let role = params.role.unwrap_or_default();
    Ok(Json(trade.my_offers(&actor, role, params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// An amount for a thing.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "listing": "01970000-0000-7000-8000-000000000001", "amount_fen": 60000 }))]
pub struct OfferInput {
    /// For what.
    #[schema(value_type = String, format = "uuid")]
    listing: Id<Listing>,
    /// How much.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    amount_fen: i64,
}

/// Make an offer. It lapses after a day.
#[utoipa::path(post, path = "/api/v1/offers", tag = "offers", request_body = OfferInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = OfferSummary), Refusals), security(("bearer" = [])))]
pub async fn make(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<OfferInput>,
) -> Result<Response, Problem> {
    let new = NewOffer { listing: input.listing, amount_fen: input.amount_fen };
    let request: &[&[u8]] = &[b"POST /api/v1/offers", &json(&input)];
    offer_command(&trade, &actor, &key, request, StatusCode::CREATED, async |uow| {
        trade.make_offer(uow, &actor, new).await
    })
    .await
}

/// Read an offer: its two sides.
#[utoipa::path(get, path = "/api/v1/offers/{id}", tag = "offers", params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = OfferView), Refusals), security(("bearer" = [])))]
pub async fn read(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Offer>,
) -> Result<Json<OfferView>, Problem> {
    Ok(Json(trade.offer(&actor, id).await?))
}

/// Another amount.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "amount_fen": 65000 }))]
pub struct CounterInput {
    /// How much.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    amount_fen: i64,
}

/// Name another amount: it is the other's turn then.
#[utoipa::path(post, path = "/api/v1/offers/{id}/counter", tag = "offers", request_body = CounterInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OfferSummary), Refusals), security(("bearer" = [])))]
pub async fn counter(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Offer>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<CounterInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"counter", id.as_bytes(), &json(&input)];
    offer_command(&trade, &actor, &key, request, StatusCode::OK, async |uow| {
        trade.counter_offer(uow, &actor, id, expected, input.amount_fen).await
    })
    .await
}

/// Agree: the item is kept for the buyer at this price for a day.
#[utoipa::path(post, path = "/api/v1/offers/{id}/accept", tag = "offers",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OfferSummary), Refusals), security(("bearer" = [])))]
pub async fn accept(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Offer>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    offer_command(&trade, &actor, &key, &[b"accept-offer", id.as_bytes()], StatusCode::OK, async |uow| {
        trade.accept_offer(uow, &actor, id, expected).await
    })
    .await
}

/// End an offer.
#[utoipa::path(post, path = "/api/v1/offers/{id}/decline", tag = "offers",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OfferSummary), Refusals), security(("bearer" = [])))]
pub async fn decline(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Offer>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    offer_command(&trade, &actor, &key, &[b"decline-offer", id.as_bytes()], StatusCode::OK, async |uow| {
        trade.decline_offer(uow, &actor, id, expected).await
    })
    .await
}

async fn offer_command(
    trade: &Trade,
    actor: &Actor,
    key: &IdempotencyKey,
    request: &[&[u8]],
    status: StatusCode,
    command: impl AsyncFnOnce(&UnitOfWork) -> Result<offer::Model, Error>,
) -> Result<Response, Problem> {
    let attempt = match idempotency::begin(trade.store(), actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = command(&attempt.uow).await?;
    commit(attempt, status, row.version, &OfferSummary::of(&row)?).await
}
