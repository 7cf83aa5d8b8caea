//! `/decision`, `/votes`, `/objections`: the office, the committee, the public.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Problem,
    http::{IdempotencyKey, IfMatch, Json, PathId, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{ApplicationDocument, json, on_application, once};
use crate::{Application, Certification, FileObjection, Objection, ObjectionState, ObjectionView, Vote};

/// What the office decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = certification::Decision)]
pub enum Decision {
    /// The file is complete.
    Accept,
    /// It is not: given back.
    Return,
    /// Refused before an audit.
    Reject,
    /// The intended listing is announced.
    Announce,
    /// The committee does not carry it.
    Decline,
    /// The certificate is granted.
    Grant,
    /// An upheld objection ends it.
    Refuse,
    /// The appeal is dismissed.
    DismissAppeal,
    /// The appeal is admitted.
    AdmitAppeal,
}

/// A decision of the office.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decision": "accept" }))]
#[schema(as = certification::DecisionInput)]
pub struct DecisionInput {
    /// Which.
    decision: Decision,
    /// Why; not needed to accept, announce and grant.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Decide on an application: the office. Each decision is a step of the process, and holds only when its turn has come.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/decision", tag = "certification", request_body = DecisionInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn decide(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<DecisionInput>,
) -> Result<Response, Problem> {
    let why = input.reason.as_str();
    on_application(&certification, &actor, &key, ("decision", id, &json(&input)), async |uow| {
        match input.decision {
            Decision::Accept => certification.accept(uow, &actor, id, expected).await,
            Decision::Return => certification.give_back(uow, &actor, id, expected, why).await,
            Decision::Reject => certification.reject(uow, &actor, id, expected, why).await,
            Decision::Announce => certification.announce(uow, &actor, id, expected).await,
            Decision::Decline => certification.decline(uow, &actor, id, expected, why).await,
            Decision::Grant => certification.grant(uow, &actor, id, expected).await.map(|_| ()),
            Decision::Refuse => certification.refuse(uow, &actor, id, expected, why).await,
            Decision::DismissAppeal => certification.dismiss_appeal(uow, &actor, id, expected, why).await,
            Decision::AdmitAppeal => certification.admit_appeal(uow, &actor, id, expected, why).await,
        }
    })
    .await
}

/// A vote of the committee.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "vote": "for" }))]
#[schema(as = certification::VoteInput)]
pub struct VoteInput {
    /// Which.
    vote: Vote,
    /// Why; needed against.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Cast a vote, or change your own while the committee sits.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/votes", tag = "certification", request_body = VoteInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn vote(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    key: IdempotencyKey,
    Json(input): Json<VoteInput>,
) -> Result<Response, Problem> {
    on_application(&certification, &actor, &key, ("vote", id, &json(&input)), async |uow| {
        certification.vote(uow, &actor, id, input.vote, &input.reason).await
    })
    .await
}

/// Object by name to an intended listing, or to a certificate.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/objections", tag = "certification", request_body = FileObjection,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = ObjectionView), Refusals), security(("bearer" = [])))]
pub async fn object(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    key: IdempotencyKey,
    Json(input): Json<FileObjection>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"object", id.as_bytes(), &json(&input)];
    once(&certification, &actor, &key, request, StatusCode::CREATED, async |uow| {
        Ok((0, certification.object(uow, &actor, id, input.clone()).await?))
    })
    .await
}

/// The answer to an objection.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "outcome": "dismissed", "reason": "已核对称重记录，数量相符" }))]
#[schema(as = certification::ObjectionAnswer)]
pub struct ObjectionAnswer {
    /// Upheld or dismissed.
    outcome: ObjectionState,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Answer an objection: the office.
#[utoipa::path(post, path = "/api/v1/certification/objections/{id}", tag = "certification", request_body = ObjectionAnswer,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = ObjectionView), Refusals), security(("bearer" = [])))]
pub async fn answer_objection(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Objection>,
    key: IdempotencyKey,
    Json(input): Json<ObjectionAnswer>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"answer-objection", id.as_bytes(), &json(&input)];
    once(&certification, &actor, &key, request, StatusCode::OK, async |uow| {
        Ok((0, certification.answer_objection(uow, &actor, id, input.outcome, &input.reason).await?))
    })
    .await
}
