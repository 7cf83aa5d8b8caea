//! `/assign`, `/declaration`, `/audit`, `/findings`, `/scores`, `/consensus` of an application: what the panel does.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Id, Problem,
    http::{IdempotencyKey, IfMatch, Json, PathId, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{AnswersInput, ApplicationDocument, json, on_application, once};
use crate::{
    Application, Certification, Error, Finding, FindingView, NoteFinding, PutRight, Severity, SheetView,
    SiteCheck, SpreadView, model::Answer,
};

/// Draw the panel by lot.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/assign", tag = "certification",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn assign(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    on_application(&certification, &actor, &key, ("assign", id, &[]), async |uow| {
        certification.assign(uow, &actor, id, expected).await.map(|_| ())
    })
    .await
}

/// A declaration.
#[derive(Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
#[schema(as = certification::DeclarationInput)]
pub struct DeclarationInput {
    /// The conflict, if there is one: you leave the panel, and another is drawn.
    #[serde(default)]
    #[schema(max_length = 200)]
    conflict: Option<String>,
}

/// Declare to have no conflict with the mall, or one.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/declaration", tag = "certification", request_body = DeclarationInput,
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is noted"), Refusals), security(("bearer" = [])))]
pub async fn declare(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    Json(input): Json<DeclarationInput>,
) -> Result<StatusCode, Problem> {
    let uow = certification.store().begin().await?;
    certification.declare(&uow, &actor, id, input.conflict.as_deref()).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A step of the chair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = certification::ChairStep)]
pub enum ChairStep {
    /// Open the visit.
    Begin,
    /// Close it: to rectification when findings are open, else to scoring.
    Finish,
    /// Confirm that all is put right.
    Verify,
    /// Fix the agreed score.
    Agree,
}

/// What the chair does.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "step": "begin" }))]
#[schema(as = certification::StepInput)]
pub struct StepInput {
    /// Which step.
    step: ChairStep,
}

/// Open or close the visit, confirm the rectification, fix the score: the chair.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/audit", tag = "certification", request_body = StepInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn step(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<StepInput>,
) -> Result<Response, Problem> {
    on_application(&certification, &actor, &key, ("audit", id, &json(&input)), async |uow| match input.step {
        ChairStep::Begin => certification.begin_audit(uow, &actor, id, expected).await,
        ChairStep::Finish => certification.finish_audit(uow, &actor, id, expected).await,
        ChairStep::Verify => certification.verify_rectification(uow, &actor, id, expected).await,
        ChairStep::Agree => certification.agree(uow, &actor, id, expected).await.map(|_| ()),
    })
    .await
}

/// Something to be put right.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::FindingInput)]
pub struct FindingInput {
    /// Its id, made on the phone: sent again, it is not noted twice.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    id: Option<Id<Finding>>,
    /// Of which item.
    item: String,
    /// How grave.
    severity: Severity,
    /// What must be put right.
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

/// What a phone brings back from the visit, all at once.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "checks": [{ "item": "X602", "outcome": "deviates", "note": "地下二层缺厨余桶", "seen_at": "2026-03-20T02:30:00Z" }],
    "findings": [{ "item": "X602", "severity": "minor", "words": "补齐四分类容器" }] }))]
#[schema(as = certification::FindingsInput)]
pub struct FindingsInput {
    /// Items as they were seen.
    #[schema(max_items = 500)]
    checks: Vec<SiteCheck>,
    /// Things to be put right.
    #[schema(max_items = 500)]
    findings: Vec<FindingInput>,
}

/// Note what was seen on site, and what must be put right. Sent again, it changes nothing.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/findings", tag = "certification", request_body = FindingsInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn findings(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    key: IdempotencyKey,
    Json(input): Json<FindingsInput>,
) -> Result<Response, Problem> {
    on_application(&certification, &actor, &key, ("findings", id, &json(&input)), async |uow| {
        if !input.checks.is_empty() {
            certification.check_items(uow, &actor, id, &input.checks).await?;
        }
        for one in &input.findings {
            let FindingInput { id: which, item, severity, words } = one.clone();
            certification
                .note_finding(uow, &actor, id, NoteFinding { id: which, item, severity, words })
                .await?;
        }
        if input.checks.is_empty() && input.findings.is_empty() {
            return Err(Error::field("checks", "certification-required"));
        }
        Ok(())
    })
    .await
}

/// What becomes of a finding.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "answer": "已补齐，见照片" }))]
#[schema(as = certification::SettleInput)]
pub struct SettleInput {
    /// The mall's answer: what was done.
    #[serde(default)]
    #[schema(max_length = 2000)]
    answer: Option<String>,
    /// The panel's word: whether it is put right.
    #[serde(default)]
    put_right: Option<bool>,
    /// The panel's reason.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Answer a finding (the mall), or say whether it is put right (the panel).
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/findings/{finding}", tag = "certification", request_body = SettleInput,
    params(("id" = String, Path, format = "uuid"), ("finding" = String, Path, format = "uuid"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = FindingView), Refusals), security(("bearer" = [])))]
pub async fn settle(
    State(certification): State<Certification>,
    actor: Actor,
    Path((application, finding)): Path<(String, String)>,
    key: IdempotencyKey,
    Json(input): Json<SettleInput>,
) -> Result<Response, Problem> {
    let ids: Option<(Id<Application>, Id<Finding>)> = application.parse().ok().zip(finding.parse().ok());
    let (id, which) = ids.ok_or_else(Problem::not_found)?;
    let request: &[&[u8]] = &[b"settle", id.as_bytes(), which.as_bytes(), &json(&input)];
    once(&certification, &actor, &key, request, StatusCode::OK, async |uow| {
        let view = match (&input.answer, input.put_right) {
            (Some(answer), None) => certification.answer_finding(uow, &actor, id, which, answer).await?,
            (None, Some(is)) => {
                let put_right = if is { PutRight::Yes } else { PutRight::No };
                certification.settle_finding(uow, &actor, id, which, put_right, &input.reason).await?
            }
            _ => return Err(Error::field("answer", "certification-required")),
        };
        Ok((0, view))
    })
    .await
}

/// Keep your own scores, and seal them when they are complete.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/scores", tag = "certification", request_body = AnswersInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = SheetView), Refusals), security(("bearer" = [])))]
pub async fn scores(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    key: IdempotencyKey,
    Json(input): Json<AnswersInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"scores", id.as_bytes(), &json(&input)];
    once(&certification, &actor, &key, request, StatusCode::OK, async |uow| {
        let mut view = certification.score(uow, &actor, id, &input.answers).await?;
        if input.seal {
            view = certification.seal(uow, &actor, id).await?;
        }
        Ok((0, view))
    })
    .await
}

/// Read your own scores.
#[utoipa::path(get, path = "/api/v1/certification/applications/{id}/scores", tag = "certification",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = SheetView), Refusals), security(("bearer" = [])))]
pub async fn own_scores(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
) -> Result<Json<SheetView>, Problem> {
    Ok(Json(certification.own_scores(&actor, id).await?))
}

/// What the panel agrees on for an item.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "item": "X103", "answer": { "points": 400, "note": "多数条款有效" }, "reason": "两份制度为现行版本" }))]
#[schema(as = certification::ConsensusInput)]
pub struct ConsensusInput {
    /// Which item.
    item: String,
    /// What is agreed.
    answer: Answer,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// How the sheets lie.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::SpreadsDocument)]
pub struct SpreadsDocument {
    /// Item by item.
    items: Vec<SpreadView>,
}

/// Note what the panel agrees on for an item: the chair.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/consensus", tag = "certification", request_body = ConsensusInput,
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is noted"), Refusals), security(("bearer" = [])))]
pub async fn consensus(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    Json(input): Json<ConsensusInput>,
) -> Result<StatusCode, Problem> {
    let uow = certification.store().begin().await?;
    certification.note_consensus(&uow, &actor, id, &input.item, &input.answer, &input.reason).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read how the sealed sheets lie.
#[utoipa::path(get, path = "/api/v1/certification/applications/{id}/consensus", tag = "certification",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = SpreadsDocument), Refusals), security(("bearer" = [])))]
pub async fn spreads(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
) -> Result<Json<SpreadsDocument>, Problem> {
    Ok(Json(SpreadsDocument { items: certification.score_spreads(&actor, id).await? }))
}
