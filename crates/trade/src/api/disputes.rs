//! `/api/v1/orders/{id}/disputes`, and what waits for staff.

use axum::{extract::State as AxumState, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Page, Problem,
    http::{IdempotencyKey, IfMatch, Json, PathId, Query, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{OrderSummary, command, json, order_command};
use crate::{
    DisputeCard, DisputeQueue, NewDispute, Order, Report, ReportVerdict, ReportView, Trade, TradePhoto,
    model::{DisputeReason, Ruling},
};

/// What you want decided.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "not_as_described", "words": "说明写九成新，实际屏幕碎裂", "jury": true }))]
pub struct DisputeInput {
    /// What it is about.
    reason: DisputeReason,
    /// In your words.
    #[schema(min_length = 1, max_length = 1000)]
    words: String,
    /// How much should go back to the buyer, in fen: by a buyer all that is held unless said otherwise, by a seller
    /// nothing.
    #[serde(default)]
    #[schema(minimum = 0)]
    claim_fen: Option<i64>,
    /// You would accept the jury.
    #[serde(default)]
    jury: bool,
}

/// Open a dispute. A buyer first asks the seller, who has refused.
#[utoipa::path(post, path = "/api/v1/orders/{id}/disputes", tag = "orders", request_body = DisputeInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn open(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<DisputeInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"disputes", id.as_bytes(), &json(&input)], async |uow| {
        trade
            .open_dispute(
                uow,
                &actor,
                id,
                expected,
                NewDispute {
                    reason: input.reason,
                    words: input.words,
                    claim_fen: input.claim_fen,
                    jury: input.jury,
                },
            )
            .await
    })
    .await
}

/// What you show.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "text": "收货当天拍的照片", "photos": [] }))]
pub struct EvidenceInput {
    /// In words.
    #[serde(default)]
    #[schema(max_length = 2000)]
    text: String,
    /// Photos that you sent to `evidence-photos` before.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 9)]
    photos: Vec<Id<TradePhoto>>,
}

/// Give evidence.
#[utoipa::path(post, path = "/api/v1/orders/{id}/disputes/evidence", tag = "orders", request_body = EvidenceInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn evidence(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
    Json(input): Json<EvidenceInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"disputes/evidence", id.as_bytes(), &json(&input)], async |uow| {
        trade.give_evidence(uow, &actor, id, &input.text, &input.photos).await
    })
    .await
}

/// Accept the jury as the first instance.
#[utoipa::path(post, path = "/api/v1/orders/{id}/disputes/jury", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn accept_jury(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"disputes/jury", id.as_bytes()], async |uow| {
        trade.accept_jury(uow, &actor, id).await
    })
    .await
}

/// Let your dispute go: the order goes on where it stood.
#[utoipa::path(post, path = "/api/v1/orders/{id}/disputes/drop", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn drop_it(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"disputes/drop", id.as_bytes()], async |uow| {
        trade.drop_dispute(uow, &actor, id, expected).await
    })
    .await
}

/// Accept the ruling. When both do, it is carried out at once.
#[utoipa::path(post, path = "/api/v1/orders/{id}/disputes/accept", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn accept_ruling(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"disputes/accept", id.as_bytes()], async |uow| {
        trade.accept_ruling(uow, &actor, id).await
    })
    .await
}

/// Why the ruling is wrong.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "words": "没有看我补充的照片" }))]
pub struct AppealInput {
    /// In words.
    #[schema(min_length = 1, max_length = 1000)]
    words: String,
}

/// Appeal against the ruling: once.
#[utoipa::path(post, path = "/api/v1/orders/{id}/disputes/appeal", tag = "orders", request_body = AppealInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn appeal(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<AppealInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"disputes/appeal", id.as_bytes(), &json(&input)], async |uow| {
        trade.appeal(uow, &actor, id, expected, &input.words).await
    })
    .await
}

/// Take a dispute up before the time for evidence is over: staff.
#[utoipa::path(post, path = "/api/v1/orders/{id}/disputes/take-up", tag = "orders",
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn take_up(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"disputes/take-up", id.as_bytes()], async |uow| {
        trade.take_up(uow, &actor, id).await
    })
    .await
}

/// A ruling.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "buyer_fen": 30000, "reasons": "照片显示划痕，说明没有写；按成色差价退还。" }))]
pub struct RulingInput {
    /// How much of what is held goes back to the buyer, in fen. The rest, less the fee on it, is the seller's.
    #[schema(minimum = 0)]
    buyer_fen: i64,
    /// The reasons, which both read.
    #[schema(min_length = 1, max_length = 2000)]
    reasons: String,
}

/// Rule on a dispute: staff.
#[utoipa::path(post, path = "/api/v1/orders/{id}/disputes/rule", tag = "orders", request_body = RulingInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = OrderSummary), Refusals), security(("bearer" = [])))]
pub async fn rule(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<RulingInput>,
) -> Result<Response, Problem> {
    order_command(&trade, &actor, &key, &[b"disputes/rule", id.as_bytes(), &json(&input)], async |uow| {
        let ruling = Ruling { buyer_fen: input.buyer_fen, reasons: input.reasons };
        trade.rule(uow, &actor, id, expected, ruling).await
    })
    .await
}

/// Which disputes.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QueueParams {
    /// All that are under way, not only those that wait for staff.
    all: Option<bool>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// Disputes that wait for staff, the oldest first.
#[utoipa::path(get, path = "/api/v1/moderation/disputes", tag = "moderation", params(QueueParams),
    responses((status = 200, body = Page<DisputeCard>), Refusals), security(("bearer" = [])))]
pub async fn queue(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    Query(params): Query<QueueParams>,
) -> Result<Json<Page<DisputeCard>>, Problem> {
    let queue = if params.all == Some(true) { DisputeQueue::All } else { DisputeQueue::Waiting };
    Ok(Json(trade.disputes(&actor, queue, params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// Where a list goes on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportParams {
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// Reports on conversations, the oldest first.
#[utoipa::path(get, path = "/api/v1/moderation/reports", tag = "moderation", params(ReportParams),
    responses((status = 200, body = Page<ReportView>), Refusals), security(("bearer" = [])))]
pub async fn reports(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    Query(params): Query<ReportParams>,
) -> Result<Json<Page<ReportView>>, Problem> {
    Ok(Json(trade.reports(&actor, params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// What becomes of a reported message.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MessageVerdict {
    /// It stays.
    Keep,
    /// It is hidden.
    Hide,
}

/// A decision on a report.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "verdict": "hide", "outcome": "引导站外付款" }))]
pub struct ReportDecision {
    /// What becomes of the message.
    verdict: MessageVerdict,
    /// The decision, in words.
    #[schema(min_length = 1, max_length = 500)]
    outcome: String,
}

/// Decide on a report.
#[utoipa::path(post, path = "/api/v1/moderation/reports/{id}/decide", tag = "moderation", request_body = ReportDecision,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, description = "Decided"), Refusals), security(("bearer" = [])))]
pub async fn decide_report(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Report>,
    key: IdempotencyKey,
    Json(input): Json<ReportDecision>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"decide-report", id.as_bytes(), &json(&input)];
    let verdict = match input.verdict {
        MessageVerdict::Keep => ReportVerdict::Keep,
        MessageVerdict::Hide => ReportVerdict::Hide,
    };
    command(&trade, &actor, &key, request, StatusCode::OK, async |uow| {
        trade.decide_report(uow, &actor, id, &input.outcome, verdict).await
    })
    .await
}
