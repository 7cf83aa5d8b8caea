//! `/api/v1/notifications/preferences`.

use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Problem,
    http::{IfMatch, Json, Refusals, tagged_json},
};
use serde::{Deserialize, Serialize};

use super::json;
use crate::{MailPreferences, Notifications};

/// Which e-mails one gets, by topic. The inbox has everything.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "emails": { "trade": true, "messages": false, "account": true } }))]
pub(super) struct PreferencesDocument {
    /// By topic.
    emails: TopicsDocument,
}

/// By topic.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicsDocument {
    /// Offers, orders, payments, listings.
    trade: bool,
    /// Conversations.
    messages: bool,
    /// Sign-ins, roles, organisations, webhooks.
    account: bool,
}

impl From<MailPreferences> for PreferencesDocument {
    fn from(chosen: MailPreferences) -> Self {
        let MailPreferences { trade, messages, account, .. } = chosen;
        Self { emails: TopicsDocument { trade, messages, account } }
    }
}

/// Read which e-mails you get.
#[utoipa::path(get, path = "/api/v1/notifications/preferences", tag = "notifications",
    params(("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = PreferencesDocument), (status = 304, description = "You have it"), Refusals),
    security(("bearer" = [])))]
pub(super) async fn show(
    State(notifications): State<Notifications>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let chosen = notifications.preferences(&actor).await?;
    Ok(tagged_json(StatusCode::OK, chosen.version, json(&PreferencesDocument::from(chosen)).into(), &headers))
}

/// Choose which e-mails you get.
#[utoipa::path(put, path = "/api/v1/notifications/preferences", tag = "notifications", request_body = PreferencesDocument,
    params(("If-Match" = Option<String>, Header, description = "Entity tag you read")),
    responses((status = 200, body = PreferencesDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn choose(
    State(notifications): State<Notifications>,
    actor: Actor,
    IfMatch(expected): IfMatch,
    Json(input): Json<PreferencesDocument>,
) -> Result<Response, Problem> {
    let TopicsDocument { trade, messages, account } = input.emails;
    let wanted = MailPreferences { trade, messages, account, version: 0 };
    let uow = notifications.store().begin().await?;
    let chosen = notifications.change_preferences(&uow, &actor, wanted, expected).await?;
    uow.commit().await?;
    let body = json(&PreferencesDocument::from(chosen));
    Ok(tagged_json(StatusCode::OK, chosen.version, body.into(), &HeaderMap::new()))
}
