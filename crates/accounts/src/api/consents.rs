//! `/api/v1/me/consents`.

use axum::extract::State;
use http::StatusCode;
use luhuan_kernel::{
    Actor, Page, Problem, Timestamp,
    http::{Json, Refusals},
};
use serde::Serialize;

use super::PathCode;
use crate::{Accounts, ConsentView, model::Basis};

/// A purpose that personal data is used for, and how one stands to it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "purpose": "location", "version": "2026-01", "basis": "separate-consent", "required": false, "given": false,
    "given_version": null, "given_at": null
}))]
pub(super) struct ConsentDocument {
    /// The purpose.
    purpose: String,
    /// The version of the notice in force.
    version: String,
    /// On which ground the data is used.
    basis: Basis,
    /// Whether the service cannot be rendered without it: it ends with the account.
    required: bool,
    /// Whether it is given.
    given: bool,
    /// In which version it was given.
    given_version: Option<String>,
    /// Since when.
    #[schema(value_type = Option<String>, format = "date-time")]
    given_at: Option<Timestamp>,
}

impl From<ConsentView> for ConsentDocument {
    fn from(view: ConsentView) -> Self {
        let (given_version, given_at) = view.given.unzip();
        Self {
            purpose: view.purpose,
            version: view.version,
            basis: view.basis,
            required: view.required,
            given: given_at.is_some(),
            given_version,
            given_at,
        }
    }
}

/// List what one's data is used for, and what one agreed to.
#[utoipa::path(get, path = "/api/v1/me/consents", tag = "me",
    responses((status = 200, body = Page<ConsentDocument>), Refusals), security(("bearer" = [])))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    actor: Actor,
) -> Result<Json<Page<ConsentDocument>>, Problem> {
    let items = accounts.consents(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(Page { items, next: None }))
}

/// Give a consent, in the version in force.
#[utoipa::path(put, path = "/api/v1/me/consents/{purpose}", tag = "me",
    params(("purpose" = String, Path, description = "One of those listed", example = "location")),
    responses((status = 204, description = "Given"), Refusals), security(("bearer" = [])))]
pub(super) async fn give(
    State(accounts): State<Accounts>,
    actor: Actor,
    PathCode(purpose): PathCode,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.give_consent(&uow, &actor, &purpose).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Withdraw a consent; what rests on it stops at once.
#[utoipa::path(delete, path = "/api/v1/me/consents/{purpose}", tag = "me",
    params(("purpose" = String, Path, description = "One of those listed", example = "location")),
    responses((status = 204, description = "Withdrawn"), Refusals), security(("bearer" = [])))]
pub(super) async fn withdraw(
    State(accounts): State<Accounts>,
    actor: Actor,
    PathCode(purpose): PathCode,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.withdraw_consent(&uow, &actor, &purpose).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
