//! `/api/v1/jury`: voting on disputes (小法庭).

use axum::{extract::State as AxumState, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Problem,
    http::{IdempotencyKey, Json, PathId, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{command, json};
use crate::{Dispute, JuryCase, Trade, model::Vote};

/// Offer to vote on disputes.
#[utoipa::path(put, path = "/api/v1/jury/membership", tag = "jury",
    responses((status = 204, description = "You are a juror"), Refusals), security(("bearer" = [])))]
pub async fn enlist(AxumState(trade): AxumState<Trade>, actor: Actor) -> Result<StatusCode, Problem> {
    let uow = trade.store().begin().await?;
    trade.enlist(&uow, &actor).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Vote on no more disputes.
#[utoipa::path(delete, path = "/api/v1/jury/membership", tag = "jury",
    responses((status = 204, description = "You are no juror"), Refusals), security(("bearer" = [])))]
pub async fn resign(AxumState(trade): AxumState<Trade>, actor: Actor) -> Result<StatusCode, Problem> {
    let uow = trade.store().begin().await?;
    trade.resign(&uow, &actor).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The cases in which you have a seat.
#[utoipa::path(get, path = "/api/v1/jury/cases", tag = "jury",
    responses((status = 200, body = Vec<JuryCase>), Refusals), security(("bearer" = [])))]
pub async fn cases(AxumState(trade): AxumState<Trade>, actor: Actor) -> Result<Json<Vec<JuryCase>>, Problem> {
    Ok(Json(trade.jury_cases(&actor).await?))
}

/// A vote.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "vote": "buyer", "reasons": "照片和说明不一致" }))]
pub struct VoteInput {
    /// For whom.
    vote: Vote,
    /// Why.
    #[schema(min_length = 1, max_length = 300)]
    reasons: String,
}

/// Vote, once.
#[utoipa::path(post, path = "/api/v1/jury/cases/{id}/vote", tag = "jury", request_body = VoteInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, description = "Voted"), Refusals), security(("bearer" = [])))]
pub async fn vote(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Dispute>,
    key: IdempotencyKey,
    Json(input): Json<VoteInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"jury-vote", id.as_bytes(), &json(&input)];
    command(&trade, &actor, &key, request, StatusCode::OK, async |uow| {
        trade.vote(uow, &actor, id, input.vote, &input.reasons).await
    })
    .await
}
