//! What an operator does: the bank's file and its outcome, refunds that failed, reconciliations.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use luhuan_kernel::{
    Actor, Problem,
    http::{Json, PathId, Refusals},
};

use super::{PayoutDocument, ReconciliationDocument, RefundDocument, ResolutionInput, SettleInput};
use crate::{Error, FileSummary, Ledger, Payout, PayoutFile, Provider, Refund, payout_csv};

/// Take the payouts that wait for the bank into a file. From here on they are sent, and their owners cannot take them
/// back. The header `X-Luhuan-Batch` names the file, by which it can be had again. At most 1,000; ask again for more.
#[utoipa::path(post, path = "/api/v1/ledger/payout-files", tag = "ledger",
    responses((status = 200, body = String, content_type = "text/csv"), Refusals), security(("bearer" = [])))]
pub async fn payout_file(State(ledger): State<Ledger>, actor: Actor) -> Result<Response, Problem> {
    let uow = ledger.store().begin().await?;
    let file = ledger.payout_file(&uow, &actor).await?;
    let answer = sent(&file)?;
    uow.commit().await?;
    Ok(answer)
}

/// List the last files, newest first: also one whose answer was lost.
#[utoipa::path(get, path = "/api/v1/ledger/payout-files", tag = "ledger",
    responses((status = 200, body = Vec<FileSummary>), Refusals), security(("bearer" = [])))]
pub async fn payout_files(
    State(ledger): State<Ledger>,
    actor: Actor,
) -> Result<Json<Vec<FileSummary>>, Problem> {
    Ok(Json(ledger.payout_files(&actor).await?))
}

/// Have such a file again.
#[utoipa::path(get, path = "/api/v1/ledger/payout-files/{batch}", tag = "ledger",
    params(("batch" = String, Path, max_length = 64)),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals), security(("bearer" = [])))]
pub async fn payout_file_again(
    State(ledger): State<Ledger>,
    actor: Actor,
    Path(batch): Path<String>,
) -> Result<Response, Problem> {
    Ok(sent(&ledger.payout_file_again(&actor, &batch).await?)?)
}

fn sent(file: &PayoutFile) -> Result<Response, Error> {
    let batch = HeaderValue::from_str(&file.batch).unwrap_or_else(|_| HeaderValue::from_static(""));
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let name = header::HeaderName::from_static("x-luhuan-batch");
    Ok(([(header::CONTENT_TYPE, kind), (name, batch)], payout_csv(file)?).into_response())
}

/// Write down how the bank's part of a payout came out.
#[utoipa::path(post, path = "/api/v1/ledger/payouts/{id}/settle", tag = "ledger", request_body = SettleInput,
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = PayoutDocument), Refusals), security(("bearer" = [])))]
pub async fn settle_payout(
    State(ledger): State<Ledger>,
    actor: Actor,
    PathId(id): PathId<Payout>,
    Json(input): Json<SettleInput>,
) -> Result<Json<PayoutDocument>, Problem> {
    let uow = ledger.store().begin().await?;
    let row = ledger.settle_payout(&uow, &actor, id, input.into_outcome()?).await?;
    uow.commit().await?;
    Ok(Json(PayoutDocument::of(&row)?))
}

/// Decide what becomes of a refund that the provider could not give.
#[utoipa::path(post, path = "/api/v1/ledger/refunds/{id}/resolve", tag = "ledger", request_body = ResolutionInput,
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = RefundDocument), Refusals), security(("bearer" = [])))]
pub async fn resolve_refund(
    State(ledger): State<Ledger>,
    actor: Actor,
    PathId(id): PathId<Refund>,
    Json(input): Json<ResolutionInput>,
) -> Result<Json<RefundDocument>, Problem> {
    let uow = ledger.store().begin().await?;
    let row = ledger.resolve_refund(&uow, &actor, id, input.resolution).await?;
    uow.commit().await?;
    Ok(Json(RefundDocument::of(&row)?))
}

/// List the last comparisons of our books with Stripe's, newest first, with each difference.
#[utoipa::path(get, path = "/api/v1/ledger/reconciliations", tag = "ledger",
    responses((status = 200, body = Vec<ReconciliationDocument>), Refusals), security(("bearer" = [])))]
pub async fn reconciliations(
    State(ledger): State<Ledger>,
    actor: Actor,
) -> Result<Json<Vec<ReconciliationDocument>>, Problem> {
    let rows = ledger.reconciliations(&actor, Provider::Stripe).await?;
    Ok(Json(rows.iter().map(ReconciliationDocument::of).collect::<Result<_, Error>>()?))
}
