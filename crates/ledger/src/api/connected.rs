//! `/api/v1/ledger/connected-account`: where a seller receives transfers.

use axum::extract::State;
use luhuan_kernel::{
    Actor, Message, Problem,
    http::{Json, Query, Refusals},
};

use super::{ConnectedDocument, OnboardingDocument, OnboardingInput, accounts::OwnerParams, owner};
use crate::{Error, Ledger};

/// Read whether you have a connected account, and whether it may receive.
#[utoipa::path(get, path = "/api/v1/ledger/connected-account", tag = "ledger", params(OwnerParams),
    responses((status = 200, body = ConnectedDocument), Refusals), security(("bearer" = [])))]
pub async fn read(
    State(ledger): State<Ledger>,
    actor: Actor,
    Query(params): Query<OwnerParams>,
) -> Result<Json<ConnectedDocument>, Problem> {
    let owner = owner(&actor, params.organisation)?;
    let row = ledger.connected(&actor, &owner).await?;
    Ok(Json(ConnectedDocument::of(row.as_ref())))
}

/// Connect an account at Stripe: the answer is an address where you show Stripe who you are. Again, it is the same
/// account.
#[utoipa::path(post, path = "/api/v1/ledger/connected-account", tag = "ledger", request_body = OnboardingInput,
    responses((status = 200, body = OnboardingDocument), Refusals), security(("bearer" = [])))]
pub async fn open(
    State(ledger): State<Ledger>,
    actor: Actor,
    Json(input): Json<OnboardingInput>,
) -> Result<Json<OnboardingDocument>, Problem> {
    let owner = owner(&actor, input.organisation)?;
    let web = input.return_url.starts_with("https://") || input.return_url.starts_with("http://");
    if !web || input.return_url.len() > 2048 {
        return Err(Error::field("return_url", Message::new("field-return-url")).into());
    }
    let (_, url) = ledger.connect(&actor, &owner, &input.return_url).await?;
    Ok(Json(OnboardingDocument { url }))
}
