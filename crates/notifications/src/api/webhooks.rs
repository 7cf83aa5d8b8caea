//! `/api/v1/webhooks`.

use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Id, Limit, Organisation, Page, Problem, Timestamp,
    http::{IdempotencyKey, IfMatch, Json, PathId, Query, Refusals, tagged_json},
};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};

use super::{PageParams, commit, deliveries::DeliveryDocument, json, replayed, secret_json};
use crate::{
    ChangeWebhook, CreateWebhook, MintedWebhook, Notifications, Webhook, entity::webhook, model::WebhookState,
};

/// A webhook to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "url": "https://example.org/luhuan", "events": ["trade.*", "listing.moved"], "description": "仓库系统" }))]
pub(super) struct WebhookInput {
    /// Where to post: an https address on the open internet.
    #[schema(format = "uri", max_length = 1000)]
    url: String,
    /// Which events: `*`, a context (`trade.*`) or a name (`trade.order_paid`).
    #[schema(min_items = 1, max_items = 50)]
    events: Vec<String>,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 200)]
    description: String,
    /// For which organisation that you lead; absent: for yourself.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    organisation: Option<Id<Organisation>>,
}

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "events": ["trade.*"], "enabled": true }))]
pub(super) struct WebhookPatch {
    /// Where to post.
    #[schema(format = "uri", max_length = 1000)]
    url: Option<String>,
    /// Which events.
    #[schema(min_items = 1, max_items = 50)]
    events: Option<Vec<String>>,
    /// What it is for.
    #[schema(max_length = 200)]
    description: Option<String>,
    /// Whether to post. What was held while it was off is posted when it is replayed.
    enabled: Option<bool>,
}

/// A webhook.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12", "url": "https://example.org/luhuan", "events": ["trade.*"],
    "description": "仓库系统", "organisation": null, "state": "enabled", "failing_since": null,
    "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
}))]
pub(super) struct WebhookDocument {
    /// The webhook's id.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Webhook>,
    /// Where is posted.
    url: String,
    /// Which events.
    events: Vec<String>,
    /// What it is for.
    description: String,
    /// The organisation whose it is.
    #[schema(value_type = Option<String>, format = "uuid")]
    organisation: Option<Id<Organisation>>,
    /// Whether it is posted to.
    state: WebhookState,
    /// Since when nothing was taken over.
    #[schema(value_type = Option<String>, format = "date-time")]
    failing_since: Option<Timestamp>,
    /// Since when.
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
    /// When it was changed last.
    #[schema(value_type = String, format = "date-time")]
    updated_at: Timestamp,
}

/// A webhook with its secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MintedWebhookDocument {
    /// What signs the posts; shown this once.
    secret: String,
    /// What is shown of it from then on.
    #[serde(flatten)]
    webhook: WebhookDocument,
}

impl From<webhook::Model> for WebhookDocument {
    fn from(row: webhook::Model) -> Self {
        Self {
            id: row.id,
            events: row.events().iter().map(|pattern| pattern.as_str().to_owned()).collect(),
            state: row.state(),
            url: row.url,
            description: row.description,
            organisation: row.organisation_id,
            failing_since: row.failing_since,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<MintedWebhook> for MintedWebhookDocument {
    fn from(minted: MintedWebhook) -> Self {
        Self { secret: minted.secret.expose().clone(), webhook: minted.row.into() }
    }
}

/// List your webhooks and those of the organisations that you lead, newest first.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", params(PageParams),
    responses((status = 200, body = Page<WebhookDocument>), Refusals), security(("bearer" = [])))]
pub(super) async fn list(
    State(notifications): State<Notifications>,
    actor: Actor,
    Query(params): Query<PageParams>,
) -> Result<Json<Page<WebhookDocument>>, Problem> {
    let page = notifications.webhooks(&actor, params.after.as_ref(), Limit::of(params.limit)).await?;
    Ok(Json(page.map(Into::into)))
}

/// Make a webhook. It gets what happens from now on.
///
/// The answer holds a secret, so it is not remembered for an `Idempotency-Key`: take a webhook away whose answer was
/// lost.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = WebhookInput,
    responses((status = 201, body = MintedWebhookDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn create(
    State(notifications): State<Notifications>,
    actor: Actor,
    Json(input): Json<WebhookInput>,
) -> Result<Response, Problem> {
    let WebhookInput { url, events, description, organisation } = input;
    let uow = notifications.store().begin().await?;
    let input = CreateWebhook { url, events, description, organisation };
    let minted = notifications.create_webhook(&uow, &actor, input).await?;
    uow.commit().await?;
    Ok(secret_json(StatusCode::CREATED, &MintedWebhookDocument::from(minted)))
}

/// Read a webhook.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = String, Path, format = "uuid"), ("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = WebhookDocument), (status = 304, description = "You have it"), Refusals),
    security(("bearer" = [])))]
pub(super) async fn show(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathId(id): PathId<Webhook>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let row = notifications.webhook(&actor, id).await?;
    let version = row.version;
    Ok(tagged_json(StatusCode::OK, version, json(&WebhookDocument::from(row)).into(), &headers))
}

/// Change a webhook, or switch it on or off.
#[utoipa::path(patch, path = "/api/v1/webhooks/{id}", tag = "webhooks", request_body = WebhookPatch,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read")),
    responses((status = 200, body = WebhookDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn change(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathId(id): PathId<Webhook>,
    IfMatch(expected): IfMatch,
    Json(patch): Json<WebhookPatch>,
) -> Result<Response, Problem> {
    let WebhookPatch { url, events, description, enabled } = patch;
    let state = enabled.map(|yes| if yes { WebhookState::Enabled } else { WebhookState::Disabled });
    let change = ChangeWebhook { url, events, description, state };
    let uow = notifications.store().begin().await?;
    let row = notifications.change_webhook(&uow, &actor, id, expected, change).await?;
    uow.commit().await?;
    let version = row.version;
    Ok(tagged_json(StatusCode::OK, version, json(&WebhookDocument::from(row)).into(), &HeaderMap::new()))
}

/// Take a webhook away, with its log.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "Taken away"), Refusals), security(("bearer" = [])))]
pub(super) async fn delete(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathId(id): PathId<Webhook>,
) -> Result<StatusCode, Problem> {
    let uow = notifications.store().begin().await?;
    notifications.delete_webhook(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Renew a webhook's secret. For 24 hours posts are signed by the former one too.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/secret", tag = "webhooks",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = MintedWebhookDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn renew_secret(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathId(id): PathId<Webhook>,
) -> Result<Response, Problem> {
    let uow = notifications.store().begin().await?;
    let minted = notifications.renew_secret(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(secret_json(StatusCode::OK, &MintedWebhookDocument::from(minted)))
}

/// Try a webhook: it is posted the event `webhook.ping`.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/ping", tag = "webhooks",
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 202, body = DeliveryDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn ping(
    State(notifications): State<Notifications>,
    actor: Actor,
    PathId(id): PathId<Webhook>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"ping", id.as_bytes()];
    let attempt = match idempotency::begin(notifications.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replayed(answer)),
    };
    let row = notifications.ping(&attempt.uow, &actor, id).await?;
    commit(attempt, StatusCode::ACCEPTED, 0, &DeliveryDocument::from(row)).await
}
