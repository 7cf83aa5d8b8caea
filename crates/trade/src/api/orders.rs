//! `/api/v1/orders`: making, listing, reading, paying.

use axum::{extract::State as AxumState, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Page, Problem,
    http::{IdempotencyKey, IfMatch, Json, PathId, Query, Refusals, tagged_json},
};
use luhuan_ledger::{PaymentState, Provider};
use luhuan_listing::{Listing, model::Delivery};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};

use super::{OrderDocument, OrderSummary, commit, json, order_command, replay};
use crate::{
    Address, NewOrder, Offer, Order, OrderCard, OrderFilter, PaymentView, Quote, Role, Trade, model::State,
};

/// Which orders.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderParams {
    /// What you buy (`buyer`), or what you sell (`seller`).
    #[param(inline)]
    role: Option<Role>,
    /// In this state only.
    #[param(inline)]
    state: Option<State>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// Your orders, the newest first.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", params(OrderParams),
    responses((status = 200, body = Page<OrderCard>), Refusals), security(("bearer" = [])))]
pub async fn list(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    Query(params): Query<OrderParams>,
) -> Result<Json<Page<OrderCard>>, Problem> {
    let filter =
        OrderFilter { role: params.role.unwrap_or_default(), states: params.state.into_iter().collect() };
    Ok(Json(trade.orders(&actor, &filter, params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// What to order.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "listings": ["01970000-0000-7000-8000-000000000001"], "delivery": "pickup", "flaws_confirmed": true }))]
pub struct OrderInput {
    /// One to ten things of one seller.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 10)]
    listings: Vec<Id<Listing>>,
    /// The agreed offer it is made by.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    offer: Option<Id<Offer>>,
    /// How it gets there.
    delivery: Delivery,
    /// Where to, unless it is handed over in person.
    #[serde(default)]
    address: Option<Address>,
    /// You have read each flaw that the listing states, and take the goods with them.
    #[serde(default)]
    flaws_confirmed: bool,
    /// The total that you were shown, in fen: another one is refused.
    #[serde(default)]
    expected_total_fen: Option<i64>,
    /// A note to the seller.
    #[serde(default)]
    #[schema(max_length = 200)]
    note: String,
    /// Pay for it at once: `wallet` makes it one step.
    #[serde(default)]
    pay: Option<Provider>,
}

/// Order things. They are reserved for you; the order waits to be paid.
#[utoipa::path(post, path = "/api/v1/orders", tag = "orders", request_body = OrderInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn create(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<OrderInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"POST /api/v1/orders", &json(&input)];
    let attempt = match idempotency::begin(trade.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let new = NewOrder {
        listings: input.listings,
        offer: input.offer,
        delivery: input.delivery,
        address: input.address,
        flaws_confirmed: input.flaws_confirmed,
        expected_total_fen: input.expected_total_fen,
        note: input.note,
        pay: input.pay,
    };
    let row = trade.order(&attempt.uow, &actor, new).await?;
    let waiting = row.payment_id.filter(|_| row.state == State::Created.code());
    let answer = commit(attempt, StatusCode::CREATED, row.version, &OrderSummary::of(&actor, &row)?).await?;
    if let Some(payment) = waiting {
        advance(&trade, payment).await;
    }
    Ok(answer)
}

/// What to reckon.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "listings": ["01970000-0000-7000-8000-000000000001"], "delivery": "express" }))]
pub struct QuoteInput {
    /// One to ten things of one seller.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 10)]
    listings: Vec<Id<Listing>>,
    /// The agreed offer it would be made by.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    offer: Option<Id<Offer>>,
    /// How it would get there.
    delivery: Delivery,
}

/// What an order would cost and what its seller would get, before it is made.
#[utoipa::path(post, path = "/api/v1/orders/quote", tag = "orders", request_body = QuoteInput,
    responses((status = 200, body = Quote), Refusals))]
pub async fn quote(
    AxumState(trade): AxumState<Trade>,
    Json(input): Json<QuoteInput>,
) -> Result<Json<Quote>, Problem> {
    Ok(Json(trade.quote(&input.listings, input.offer, input.delivery).await?))
}

/// Read an order: its two sides and staff.
#[utoipa::path(get, path = "/api/v1/orders/{id}", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = OrderDocument), (status = 304, description = "You have it"), Refusals), security(("bearer" = [])))]
pub async fn read(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = trade.view(&actor, id).await?;
    let version = view.row.version;
    let body = Bytes::from(json(&OrderDocument::of(&actor, view)?));
    Ok(tagged_json(StatusCode::OK, version, body, &headers))
}

/// Confirm the flaws that the listing states: a step of its own, without which nothing is paid.
#[utoipa::path(post, path = "/api/v1/orders/{id}/confirm-flaws", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn confirm_flaws(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"confirm-flaws", id.as_bytes()], async |uow| {
        trade.confirm_flaws(uow, &actor, id).await
    })
    .await
}

/// How to pay.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "provider": "wallet" }))]
pub struct PayInput {
    /// By which provider.
    provider: Provider,
    /// Where your browser comes back to from the provider.
    #[serde(default)]
    #[schema(max_length = 2048)]
    return_url: Option<String>,
}

/// The order and its payment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Paid {
    /// The order.
    order: OrderSummary,
    /// The payment: `succeeded` from the wallet; elsewhere it goes on, and `unknown` means that nobody knows yet.
    payment: PaymentView,
}

/// Pay for an order.
#[utoipa::path(post, path = "/api/v1/orders/{id}/pay", tag = "orders", request_body = PayInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = Paid), Refusals), security(("bearer" = [])))]
pub async fn pay(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<PayInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"pay", id.as_bytes(), &json(&input)];
    let attempt = match idempotency::begin(trade.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let paid = trade.pay(&attempt.uow, &actor, id, expected, input.provider, input.return_url).await?;
    let (row, payment) = paid;
    let waiting =
        (payment.state().map_err(crate::Error::from)? == PaymentState::Requested).then_some(payment.id);
    let order = OrderSummary::of(&actor, &row)?;
    let document = Paid { order, payment: PaymentView::of(payment, &actor)? };
    let answer = commit(attempt, StatusCode::OK, row.version, &document).await?;
    let Some(waiting) = waiting else { return Ok(answer) };
    // Asked at once, so that the browser has what it completes the payment with; the job sees to it otherwise.
    let Some(payment) = advance(&trade, waiting).await else { return Ok(answer) };
    let document = Paid { payment: PaymentView::of(payment, &actor)?, ..document };
    Ok(tagged_json(StatusCode::OK, row.version, Bytes::from(json(&document)), &HeaderMap::new()))
}

async fn advance(
    trade: &Trade,
    payment: Id<luhuan_ledger::Payment>,
) -> Option<luhuan_ledger::entity::payment::Model> {
    match trade.ledger().advance(payment).await {
        Ok(payment) => Some(payment),
        Err(error) => {
            tracing::warn!(%error, %payment, "a payment waits for its job");
            None
        }
    }
}
