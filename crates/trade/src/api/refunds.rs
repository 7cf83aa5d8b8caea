//! `/api/v1/orders/{id}/refund-requests`: money back, with or without the goods.

use axum::{extract::State as AxumState, response::Response};
use luhuan_kernel::{
    Actor, Problem,
    http::{IdempotencyKey, IfMatch, Json, PathId, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{OrderSummary, json, order_command, steps::ShipmentInput};
use crate::{
    AnswerRefund, NewRefundRequest, Order, Trade,
    model::{RefundKind, RefundReason},
};

/// What you ask for.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "kind": "money_only", "reason": "not_as_described", "words": "屏幕有划痕，希望退一部分", "amount_fen": 5000 }))]
pub struct RefundInput {
    /// With or without the goods going back.
    kind: RefundKind,
    /// Why.
    reason: RefundReason,
    /// In your words.
    #[serde(default)]
    #[schema(max_length = 500)]
    words: String,
    /// How much, in fen; all that is held unless said otherwise.
    #[serde(default)]
    #[schema(minimum = 1)]
    amount_fen: Option<i64>,
}

/// Ask for money back. The clock of the order stands still until it is answered.
#[utoipa::path(post, path = "/api/v1/orders/{id}/refund-requests", tag = "orders", request_body = RefundInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn request(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<RefundInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"refund-requests", id.as_bytes(), &json(&input)], async |uow| {
        trade
            .request_refund(
                uow,
                &actor,
                id,
                expected,
                NewRefundRequest {
                    kind: input.kind,
                    reason: input.reason,
                    words: input.words,
                    amount_fen: input.amount_fen,
                },
            )
            .await
    })
    .await
}

/// Your answer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = trade::Verdict)]
pub enum Verdict {
    /// Agreed.
    Agree,
    /// Refused.
    Refuse,
}

/// Your answer, in words.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "verdict": "refuse", "words": "发出时没有划痕，有照片" }))]
pub struct AnswerInput {
    /// Agreed or refused.
    verdict: Verdict,
    /// The reason, which a refusal needs; or where to send the goods.
    #[serde(default)]
    #[schema(max_length = 500)]
    words: String,
}

/// Answer a request for money back.
#[utoipa::path(post, path = "/api/v1/orders/{id}/refund-requests/answer", tag = "orders", request_body = AnswerInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn answer(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<AnswerInput>,
) -> Result<Response, Problem> {
    order_command(
        &trade,
        &actor,
        &key,
        &[b"refund-requests/answer", id.as_bytes(), &json(&input)],
        async |uow| {
            let answer = match input.verdict {
                Verdict::Agree => AnswerRefund::Agree { words: input.words },
                Verdict::Refuse => AnswerRefund::Refuse { words: input.words },
            };
            trade.answer_refund(uow, &actor, id, expected, &answer).await
        },
    )
    .await
}

/// Take a request for money back.
#[utoipa::path(post, path = "/api/v1/orders/{id}/refund-requests/withdraw", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn withdraw(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"refund-requests/withdraw", id.as_bytes()], async |uow| {
        trade.withdraw_refund(uow, &actor, id, expected).await
    })
    .await
}

/// Say that you have sent the goods back.
#[utoipa::path(post, path = "/api/v1/orders/{id}/refund-requests/send-back", tag = "orders", request_body = ShipmentInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn send_back(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<ShipmentInput>,
) -> Result<Response, Problem> {
    order_command(
        &trade,
        &actor,
        &key,
        &[b"refund-requests/send-back", id.as_bytes(), &json(&input)],
        async |uow| trade.send_back(uow, &actor, id, expected, &input.into()).await,
    )
    .await
}

/// Say that the goods are back with you: the money goes.
#[utoipa::path(post, path = "/api/v1/orders/{id}/refund-requests/accept-return", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn accept_return(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"refund-requests/accept-return", id.as_bytes()], async |uow| {
        trade.accept_return(uow, &actor, id, expected).await
    })
    .await
}

/// What you give back.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "amount_fen": 2000, "words": "少寄了一个配件，退您二十元" }))]
pub struct GiveBackInput {
    /// How much, in fen.
    #[schema(minimum = 1)]
    amount_fen: i64,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    words: String,
}

/// Give money back after the settlement, of your own will. The platform returns its fee on it.
#[utoipa::path(post, path = "/api/v1/orders/{id}/give-back", tag = "orders", request_body = GiveBackInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn give_back(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<GiveBackInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"give-back", id.as_bytes(), &json(&input)], async |uow| {
        trade.give_money_back(uow, &actor, id, expected, input.amount_fen, &input.words).await
    })
    .await
}
