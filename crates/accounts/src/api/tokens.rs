//! `/api/v1/tokens`.

use std::collections::BTreeSet;

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Id, Page, Problem, Scope, Timestamp,
    http::{Json, PathId, Refusals},
};
use serde::{Deserialize, Serialize};

use super::secret_json;
use crate::{Accounts, CreateToken, TokenView, model::ApiToken};

/// An API token to be made.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "name": "货架同步", "scopes": ["read", "listings"], "expires_in_days": 90 }))]
pub(super) struct TokenInput {
    /// What it is for, 1 to 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<Scope>, min_items = 1)]
    scopes: BTreeSet<Scope>,
    /// After how many days it ends: 1 to 366.
    #[schema(minimum = 1, maximum = 366)]
    expires_in_days: i64,
}

/// An API token.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12", "name": "货架同步", "prefix": "lha_3fA9", "scopes": ["read", "listings"],
    "created_at": "2026-01-01T00:00:00Z", "expires_at": "2026-04-01T00:00:00Z", "last_used_at": null
}))]
pub(super) struct TokenDocument {
    /// The token's id.
    #[schema(value_type = String, format = "uuid")]
    id: Id<ApiToken>,
    /// What it is for.
    name: String,
    /// Its first characters, to tell it by.
    prefix: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// Since when.
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = "date-time")]
    expires_at: Timestamp,
    /// When it was last used, to 5 minutes.
    #[schema(value_type = Option<String>, format = "date-time")]
    last_used_at: Option<Timestamp>,
}

/// A token just made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MintedTokenDocument {
    /// The secret that the program carries; shown this once.
    token: String,
    /// What is shown of it from then on.
    #[serde(flatten)]
    view: TokenDocument,
}

impl From<TokenView> for TokenDocument {
    fn from(view: TokenView) -> Self {
        Self {
            id: view.id,
            name: view.name,
            prefix: view.prefix,
            scopes: view.scopes.into_iter().collect(),
            created_at: view.created_at,
            expires_at: view.expires_at,
            last_used_at: view.last_used_at,
        }
    }
}

/// List one's API tokens.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "accounts",
    responses((status = 200, body = Page<TokenDocument>), Refusals), security(("bearer" = [])))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    actor: Actor,
) -> Result<Json<Page<TokenDocument>>, Problem> {
    let items = accounts.tokens(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(Page { items, next: None }))
}

/// Make an API token, from a signed-in device.
///
/// The answer holds a secret, so it is not remembered for an `Idempotency-Key`: revoke a token whose answer was lost.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "accounts", request_body = TokenInput,
    responses((status = 201, body = MintedTokenDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn create(
    State(accounts): State<Accounts>,
    actor: Actor,
    Json(input): Json<TokenInput>,
) -> Result<Response, Problem> {
    let TokenInput { name, scopes, expires_in_days } = input;
    let uow = accounts.store().begin().await?;
    let minted = accounts.create_token(&uow, &actor, CreateToken { name, scopes, expires_in_days }).await?;
    uow.commit().await?;
    let document = MintedTokenDocument { token: minted.token.expose().clone(), view: minted.view.into() };
    Ok(secret_json(StatusCode::CREATED, &document))
}

/// Revoke an API token.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "accounts",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "Revoked"), Refusals), security(("bearer" = [])))]
pub(super) async fn revoke(
    State(accounts): State<Accounts>,
    actor: Actor,
    PathId(id): PathId<ApiToken>,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.revoke_token(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
