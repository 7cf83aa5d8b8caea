//! `/api/v1/ledger/payouts`: money on its way out.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Message, Money, Organisation, Page, Problem,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
    random,
};
use luhuan_store::idempotency::{self, Once};
use serde::Deserialize;

use super::{PayoutDocument, PayoutInput, commit, json, owner, replay};
use crate::{Error, Ledger, NewPayout, Payout, PayoutWay, model::PayoutMethod};

/// Which payouts.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PayoutParams {
    /// An organisation that you run, else your own.
    #[param(value_type = Option<String>, format = "uuid")]
    organisation: Option<Id<Organisation>>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// List your payouts, newest first.
#[utoipa::path(get, path = "/api/v1/ledger/payouts", tag = "ledger", params(PayoutParams),
    responses((status = 200, body = Page<PayoutDocument>), Refusals), security(("bearer" = [])))]
pub async fn list(
    State(ledger): State<Ledger>,
    actor: Actor,
    Query(params): Query<PayoutParams>,
) -> Result<Json<Page<PayoutDocument>>, Problem> {
    let owner = owner(&actor, params.organisation)?;
    let page = ledger.payouts(&actor, &owner, params.after.as_ref(), Limit::of(params.limit)).await?;
    let items = page.items.iter().map(PayoutDocument::of).collect::<Result<_, Error>>()?;
    Ok(Json(Page { items, next: page.next }))
}

/// Take money out: it is set aside at once and leaves by the bank or by a transfer to your connected account.
#[utoipa::path(post, path = "/api/v1/ledger/payouts", tag = "ledger", request_body = PayoutInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = PayoutDocument), Refusals), security(("bearer" = [])))]
pub async fn create(
    State(ledger): State<Ledger>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<PayoutInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"POST /api/v1/ledger/payouts", &json(&input)];
    let attempt = match idempotency::begin(ledger.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let new = NewPayout {
        owner: owner(&actor, input.organisation)?,
        amount: Money::cny(input.amount_fen),
        way: way(input.method, input.destination)?,
        reference: random::token(),
    };
    let row = ledger.request_payout(&attempt.uow, &actor, new).await?;
    commit(attempt, row.version, &PayoutDocument::of(&row)?, StatusCode::CREATED).await
}

fn way(method: PayoutMethod, destination: Option<String>) -> Result<PayoutWay, Error> {
    match (method, destination) {
        (PayoutMethod::Bank, destination) => {
            Ok(PayoutWay::Bank { destination: destination.unwrap_or_default() })
        }
        (PayoutMethod::StripeTransfer, None) => Ok(PayoutWay::Connected),
        (PayoutMethod::StripeTransfer, Some(_)) => {
            Err(Error::field("destination", Message::new("field-payout-no-destination")))
        }
    }
}

/// Read a payout.
#[utoipa::path(get, path = "/api/v1/ledger/payouts/{id}", tag = "ledger", params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = PayoutDocument), Refusals), security(("bearer" = [])))]
pub async fn read(
    State(ledger): State<Ledger>,
    actor: Actor,
    PathId(id): PathId<Payout>,
) -> Result<Json<PayoutDocument>, Problem> {
    let row = ledger.payout(&actor, id).await?;
    Ok(Json(PayoutDocument::of(&row)?))
}

/// Take a payout back before it is sent.
#[utoipa::path(post, path = "/api/v1/ledger/payouts/{id}/cancel", tag = "ledger",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = PayoutDocument), Refusals), security(("bearer" = [])))]
pub async fn cancel(
    State(ledger): State<Ledger>,
    actor: Actor,
    PathId(id): PathId<Payout>,
) -> Result<Json<PayoutDocument>, Problem> {
    let uow = ledger.store().begin().await?;
    let row = ledger.cancel_payout(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(Json(PayoutDocument::of(&row)?))
}
