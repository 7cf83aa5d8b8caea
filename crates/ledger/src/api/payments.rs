//! `/api/v1/payments/{id}` and top-ups.

use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Problem,
    http::{IdempotencyKey, Json, PathId, Refusals, tagged_json},
};
use luhuan_store::idempotency::{self, Once};

use super::{ConfirmInput, PaymentDocument, TopUpInput, commit, json, replay};
use crate::{
    AccountOwner, Capture, Confirmation, Error, Ledger, NewPayment, Payment, Provider, Purpose,
    entity::payment, policy,
};

/// Read a payment of yours, to you or by you.
#[utoipa::path(get, path = "/api/v1/payments/{id}", tag = "payments",
    params(("id" = String, Path, format = "uuid"), ("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = PaymentDocument), (status = 304, description = "You have it"), Refusals),
    security(("bearer" = [])))]
pub async fn read(
    State(ledger): State<Ledger>,
    actor: Actor,
    PathId(id): PathId<Payment>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let row = ledger.payment(&actor, id).await?;
    shown(&ledger, &actor, &row, &headers)
}

/// Ask the provider how a payment stands, now. Of one that needs no provider nothing is asked.
#[utoipa::path(post, path = "/api/v1/payments/{id}/check", tag = "payments",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = PaymentDocument), Refusals), security(("bearer" = [])))]
pub async fn check(
    State(ledger): State<Ledger>,
    actor: Actor,
    PathId(id): PathId<Payment>,
) -> Result<Response, Problem> {
    ledger.payment(&actor, id).await?;
    let row = ledger.advance(id).await?;
    shown(&ledger, &actor, &row, &HeaderMap::new())
}

/// Confirm a face-to-face payment with the other's code. When both have, it is paid.
#[utoipa::path(post, path = "/api/v1/payments/{id}/confirm", tag = "payments", request_body = ConfirmInput,
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = PaymentDocument), Refusals), security(("bearer" = [])))]
pub async fn confirm(
    State(ledger): State<Ledger>,
    actor: Actor,
    PathId(id): PathId<Payment>,
    Json(input): Json<ConfirmInput>,
) -> Result<Response, Problem> {
    let uow = ledger.store().begin().await?;
    let outcome = ledger.confirm_face_to_face(&uow, &actor, id, &input.code).await?;
    // A wrong code is counted, so this commits either way.
    uow.commit().await?;
    match outcome {
        Confirmation::Confirmed(row) => shown(&ledger, &actor, &row, &HeaderMap::new()),
        Confirmation::WrongCode { left } => Err(Error::WrongCode { left }.into()),
    }
}

/// Put money into your wallet, through Stripe. The answer tells how the browser goes on.
#[utoipa::path(post, path = "/api/v1/ledger/top-ups", tag = "ledger", request_body = TopUpInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = PaymentDocument), Refusals), security(("bearer" = [])))]
pub async fn top_up(
    State(ledger): State<Ledger>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<TopUpInput>,
) -> Result<Response, Problem> {
    let payer = policy::top_up(&actor)?;
    let request: &[&[u8]] = &[b"POST /api/v1/ledger/top-ups", &json(&input)];
    let attempt = match idempotency::begin(ledger.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let new = NewPayment {
        purpose: Purpose::TopUp(payer.uuid()),
        payer,
        payee: AccountOwner::Person(payer),
        amount: input.amount()?,
        provider: Provider::Stripe,
        capture: Capture::Automatic,
        return_url: input.return_url,
    };
    let row = ledger.request_payment(&attempt.uow, new).await?;
    let document = PaymentDocument::of(&ledger, &actor, &row)?;
    let committed = commit(attempt, row.version, &document, StatusCode::CREATED).await?;
    // A client that repeats the key gets the answer of the commit and reads the payment for the rest.
    let Ok(row) = ledger.advance(row.id).await else { return Ok(committed) };
    let body = json(&PaymentDocument::of(&ledger, &actor, &row)?);
    Ok(tagged_json(StatusCode::CREATED, row.version, body.into(), &HeaderMap::new()))
}

fn shown(
    ledger: &Ledger,
    actor: &Actor,
    row: &payment::Model,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let body = json(&PaymentDocument::of(ledger, actor, row)?);
    Ok(tagged_json(StatusCode::OK, row.version, body.into(), headers))
}
