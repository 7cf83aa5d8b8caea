//! The JSON API of the ledger. One file per resource; a handler reads like the sentence that describes it.

mod accounts;
mod connected;
mod operator;
mod payments;
mod payouts;
mod types;
mod webhooks;

pub use types::{
    AccountDocument, ConfirmInput, ConnectedDocument, OnboardingDocument, OnboardingInput, PaymentDocument,
    PayoutDocument, PayoutInput, PointsDocument, ReconciliationDocument, RefundDocument, ResolutionInput,
    SettleInput, TopUpInput,
};

use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{Actor, Id, Organisation, Problem, http::tagged_json};
use luhuan_store::idempotency::{Answer, Attempt};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AccountOwner, Error, Ledger};

/// Every endpoint of this context.
#[must_use]
pub fn routes() -> OpenApiRouter<Ledger> {
    OpenApiRouter::new()
        .routes(routes!(accounts::list))
        .routes(routes!(accounts::entries))
        .routes(routes!(accounts::points))
        .routes(routes!(payments::read))
        .routes(routes!(payments::check))
        .routes(routes!(payments::confirm))
        .routes(routes!(payments::top_up))
        .routes(routes!(payouts::list, payouts::create))
        .routes(routes!(payouts::read))
        .routes(routes!(payouts::cancel))
        .routes(routes!(connected::read, connected::open))
        .routes(routes!(operator::payout_files, operator::payout_file))
        .routes(routes!(operator::payout_file_again))
        .routes(routes!(operator::settle_payout))
        .routes(routes!(operator::resolve_refund))
        .routes(routes!(operator::reconciliations))
        .routes(routes!(webhooks::stripe))
}

/// Whose accounts are meant: an organisation's when one is named, else one's own.
fn owner(actor: &Actor, organisation: Option<Id<Organisation>>) -> Result<AccountOwner, Error> {
    match organisation {
        Some(organisation) => Ok(AccountOwner::Organisation(organisation)),
        None => Ok(AccountOwner::Person(actor.person_id().ok_or(Error::Unauthenticated)?)),
    }
}

/// Commits a command together with its answer.
async fn commit<T: Serialize>(
    attempt: Attempt,
    version: i64,
    document: &T,
    status: StatusCode,
) -> Result<Response, Problem> {
    let answer = Answer { status, version, body: json(document) };
    attempt.commit(&answer).await?;
    Ok(replay(answer))
}

/// An answer as it was first given.
fn replay(answer: Answer) -> Response {
    tagged_json(answer.status, answer.version, Bytes::from(answer.body), &HeaderMap::new())
}

/// JSON of a document of ours, which cannot fail to serialise.
fn json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document serialises")
}
