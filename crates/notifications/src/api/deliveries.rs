//! `/api/v1/webhooks/{id}/deliveries` and replays.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Page, Problem, Timestamp,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{PathIds, commit, json, replayed};
use crate::{
    Delivery, DeliveryFilter, Notifications, Replay, Webhook, entity::delivery, model::DeliveryState,
};

/// A delivery.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12", "number": 7, "event_id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c13",
    "event": "trade.order_paid", "event_at": "2026-01-01T00:00:00Z", "state": "delivered", "attempts": 1,
    "due_at": null, "attempted_at": "2026-01-01T00:00:01Z", "status": 200, "error": null, "excerpt": "ok", "took_ms": 41
}))]
pub(super) struct DeliveryDocument {
    /// The delivery's id, in the header `X-Luhuan-Delivery`.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Delivery>,
    /// Its running number, in the order in which things happened.
    number: i64,
    /// The event's id, the same in each delivery of the event.
    #[schema(value_type = String, format = "uuid")]
    event_id: Uuid,
    /// The event's name.
    event: String,
    /// When it happened.
    #[schema(value_type = String, format = "date-time")]
    event_at: Timestamp,
    /// Where it stands.
    state: DeliveryState,
    /// How often it was posted since its event or its last replay.
    attempts: i32,
    /// When it is posted next, while pending.
    #[schema(value_type = Option<String>, format = "date-time")]
    due_at: Option<Timestamp>,
    /// When it was posted last.
    #[schema(value_type = Option<String>, format = "date-time")]
    attempted_at: Option<Timestamp>,
    /// The status answered last.
    status: Option<i32>,
    /// Why no answer came.
    error: Option<String>,
    /// The beginning of the last answer, 1 KiB at most.
    excerpt: Option<String>,
    /// How long the last answer took, in milliseconds.
    took_ms: Option<i32>,
}

/// A delivery with what is posted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FullDeliveryDocument {
    /// What the log shows.
    #[serde(flatten)]
    delivery: DeliveryDocument,
    /// What is posted.
    #[schema(value_type = Object)]
    body: Value,
}

impl From<delivery::Model> for DeliveryDocument {
    fn from(row: delivery::Model) -> Self {
        let state = row.state();
        Self {
            id: row.id,
            number: row.number,
            event_id: row.event_id,
            event: row.event_name,
            event_at: row.event_at,
            state,
            attempts: row.attempts,
            due_at: Some(row.due_at).filter(|_| state == DeliveryState::Pending),
            attempted_at: row.attempted_at,
            status: row.status,
            error: row.error,
            excerpt: row.excerpt,
            took_ms: row.took_ms,
        }
    }
}

/// Which deliveries.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogParams {
    /// Only those that stand here.
    state: Option<DeliveryState>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// List the deliveries of a webhook, newest first. They are kept for 30 days.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks",
    params(("id" = String, Path, format = "uuid"), LogParams),
    responses((status = 200, body = Page<DeliveryDocument>), Refusals), security(("bearer" = [])))]
pub(super) async fn list(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathId(id): PathId<Webhook>,
    Query(params): Query<LogParams>,
) -> Result<Json<Page<DeliveryDocument>>, Problem> {
    let filter = DeliveryFilter { state: params.state };
    let limit = Limit::of(params.limit);
    let page = notifications.deliveries(&actor, id, filter, params.after.as_ref(), limit).await?;
    Ok(Json(page.map(Into::into)))
}

/// Read a delivery, with what is posted.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries/{delivery}", tag = "webhooks",
    params(("id" = String, Path, format = "uuid"), ("delivery" = String, Path, format = "uuid")),
    responses((status = 200, body = FullDeliveryDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn show(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathIds(id, delivery): PathIds,
) -> Result<Json<FullDeliveryDocument>, Problem> {
    let row = notifications.delivery(&actor, id, delivery).await?;
    let body = serde_json::from_str(&row.body).unwrap_or_default();
    Ok(Json(FullDeliveryDocument { delivery: row.into(), body }))
}

/// Have a delivery made again, whatever came of it before.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/deliveries/{delivery}/replay", tag = "webhooks",
    params(("id" = String, Path, format = "uuid"), ("delivery" = String, Path, format = "uuid"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 202, body = DeliveryDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn replay_one(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathIds(id, delivery): PathIds,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"replay-delivery", id.as_bytes(), delivery.as_bytes()];
    let attempt = match idempotency::begin(notifications.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replayed(answer)),
    };
    let row = notifications.replay_one(&attempt.uow, &actor, id, delivery).await?;
    commit(attempt, StatusCode::ACCEPTED, 0, &DeliveryDocument::from(row)).await
}

/// Which deliveries are made again.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z" }))]
pub(super) struct ReplayInput {
    /// Of events that happened from this instant,
    #[schema(value_type = String, format = "date-time")]
    from: Timestamp,
    /// and before this one.
    #[schema(value_type = String, format = "date-time")]
    until: Timestamp,
    /// Also those that were taken over already.
    #[serde(default)]
    delivered_too: bool,
}

/// How many are made again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ReplayDocument {
    /// Deliveries that are posted again, in their order.
    replayed: u64,
}

/// Have the deliveries of a range of time made again: what was given up or held, and what was delivered if you ask.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/replay", tag = "webhooks", request_body = ReplayInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 202, body = ReplayDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn replay(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathId(id): PathId<Webhook>,
    key: IdempotencyKey,
    Json(input): Json<ReplayInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"replay", id.as_bytes(), &json(&input)];
    let attempt = match idempotency::begin(notifications.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replayed(answer)),
    };
    let range = Replay { from: input.from, until: input.until, delivered_too: input.delivered_too };
    let replayed = notifications.replay_range(&attempt.uow, &actor, id, range).await?;
    commit(attempt, StatusCode::ACCEPTED, 0, &ReplayDocument { replayed }).await
}
