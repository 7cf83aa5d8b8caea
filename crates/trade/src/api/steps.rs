//! `/api/v1/orders/{id}/…`: from paid to received.

use axum::{extract::State as AxumState, response::Response};
use luhuan_kernel::{
    Actor, Problem, Timestamp,
    http::{IdempotencyKey, IfMatch, Json, PathId, Refusals},
};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};

use super::{OrderSummary, commit, json, order_command, replay};
use crate::{Error, Handover, Order, Shipment, Trade};

/// A parcel given to a carrier.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "carrier": "sf", "tracking": "SF1234567890123" }))]
pub struct ShipmentInput {
    /// Code of the carrier.
    #[schema(max_length = 16)]
    carrier: String,
    /// Its tracking number; empty where you bring it yourself.
    #[serde(default)]
    #[schema(max_length = 40)]
    tracking: String,
}

impl From<ShipmentInput> for Shipment {
    fn from(input: ShipmentInput) -> Self {
        Self { carrier: input.carrier, tracking: input.tracking }
    }
}

/// Say that the goods are on their way.
#[utoipa::path(post, path = "/api/v1/orders/{id}/ship", tag = "orders", request_body = ShipmentInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn ship(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<ShipmentInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"ship", id.as_bytes(), &json(&input)], async |uow| {
        trade.ship(uow, &actor, id, expected, &input.into()).await
    })
    .await
}

/// Where and when to meet.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "place": "望京地铁站 B 口" }))]
pub struct ArrangeInput {
    /// The place.
    #[schema(max_length = 120)]
    place: String,
    /// The time.
    #[serde(default)]
    at: Option<Timestamp>,
}

/// Set place and time of the handover.
#[utoipa::path(post, path = "/api/v1/orders/{id}/arrange", tag = "orders", request_body = ArrangeInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn arrange(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<ArrangeInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"arrange", id.as_bytes(), &json(&input)], async |uow| {
        trade.arrange(uow, &actor, id, expected, &input.place, input.at).await
    })
    .await
}

/// Say that you are at the place.
#[utoipa::path(post, path = "/api/v1/orders/{id}/check-in", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn check_in(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"check-in", id.as_bytes()], async |uow| {
        trade.check_in(uow, &actor, id).await
    })
    .await
}

/// The code that the other shows.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = trade::CodeInput, example = json!({ "code": "123456" }))]
pub struct CodeInput {
    /// Six digits.
    #[schema(max_length = 16)]
    code: String,
}

/// Hand over by the six digits. Where the money is held the seller types the buyer's; where it is paid from hand to hand
/// each types the other's.
#[utoipa::path(post, path = "/api/v1/orders/{id}/hand-over", tag = "orders", request_body = CodeInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn hand_over(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
    Json(input): Json<CodeInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"hand-over", id.as_bytes(), &json(&input)];
    let attempt = match idempotency::begin(trade.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    match trade.hand_over(&attempt.uow, &actor, id, &input.code).await? {
        Handover::Done(row) | Handover::Waiting(row) => {
            commit(attempt, http::StatusCode::OK, row.version, &OrderSummary::of(&actor, &row)?).await
        }
        Handover::WrongCode { left } => {
            // The tally of tries is kept and the key is not, so that the right code may follow under it.
            drop(attempt);
            let uow = trade.store().begin().await?;
            trade.hand_over(&uow, &actor, id, &input.code).await?;
            uow.commit().await?;
            Err(Error::CodeWrong { left }.into())
        }
    }
}

/// Say that it arrived: the seller gets the money. It takes none of your rights away.
#[utoipa::path(post, path = "/api/v1/orders/{id}/confirm", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn confirm(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"confirm", id.as_bytes()], async |uow| {
        trade.confirm(uow, &actor, id, expected).await
    })
    .await
}

/// Ask for longer before it counts as received: once.
#[utoipa::path(post, path = "/api/v1/orders/{id}/extend", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn extend(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"extend", id.as_bytes()], async |uow| {
        trade.extend(uow, &actor, id).await
    })
    .await
}

/// Why.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "不想要了" }))]
pub struct ReasonInput {
    /// In words.
    #[serde(default)]
    #[schema(max_length = 200)]
    reason: String,
}

/// Call it off. What is held goes back at once.
#[utoipa::path(post, path = "/api/v1/orders/{id}/cancel", tag = "orders", request_body = ReasonInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn cancel(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<ReasonInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"cancel", id.as_bytes(), &json(&input)], async |uow| {
        trade.cancel(uow, &actor, id, expected, &input.reason).await
    })
    .await
}
