//! What the office keeps: the pool, ties, labels, what is late; and what is before the public.

use axum::extract::{Path, State};
use bytes::Bytes;
use http::StatusCode;
use luhuan_kernel::{
    Actor, Id, Organisation, Person, Problem,
    http::{Json, Refusals},
};
use serde::{Deserialize, Serialize};

use super::malls::TakenDocument;
use crate::{AddAssessor, ApplicationCard, AssessorView, Certification, EscalationView};

/// The pool.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AssessorsDocument {
    /// Everybody of it.
    items: Vec<AssessorView>,
}

/// List the pool of assessors.
#[utoipa::path(get, path = "/api/v1/certification/assessors", tag = "certification",
    responses((status = 200, body = AssessorsDocument), Refusals), security(("bearer" = [])))]
pub async fn assessors(
    State(certification): State<Certification>,
    actor: Actor,
) -> Result<Json<AssessorsDocument>, Problem> {
    Ok(Json(AssessorsDocument { items: certification.assessors(&actor).await? }))
}

/// Somebody of the pool.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "person": "0199b2c4-7a00-7000-8000-000000000001", "employer": "北京节能协会", "field": "energy", "active": true }))]
pub struct AssessorInput {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    person: Id<Person>,
    /// For whom they work.
    #[schema(min_length = 1, max_length = 120)]
    employer: String,
    /// What they know.
    #[schema(min_length = 1, max_length = 60)]
    field: String,
    /// Whether they may be drawn.
    active: bool,
}

/// Take somebody into the pool, or change what is known of them.
#[utoipa::path(post, path = "/api/v1/certification/assessors", tag = "certification", request_body = AssessorInput,
    responses((status = 204, description = "It is kept"), Refusals), security(("bearer" = [])))]
pub async fn keep_assessor(
    State(certification): State<Certification>,
    actor: Actor,
    Json(input): Json<AssessorInput>,
) -> Result<StatusCode, Problem> {
    let AssessorInput { person, employer, field, active } = input;
    let uow = certification.store().begin().await?;
    certification.keep_assessor(&uow, &actor, AddAssessor { person, employer, field, active }).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A tie to a mall.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "曾任顾问", "ended_on": "2025-06-30" }))]
#[schema(as = certification::TieInput)]
pub struct TieInput {
    /// Which tie.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
    /// The day on which it ended, if it did.
    #[serde(default)]
    ended_on: Option<String>,
}

/// Note a tie of an assessor to a mall: the office, or the assessor about themselves.
#[utoipa::path(put, path = "/api/v1/certification/assessors/{person}/ties/{mall}", tag = "certification", request_body = TieInput,
    params(("person" = String, Path, format = "uuid"), ("mall" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is noted"), Refusals), security(("bearer" = [])))]
pub async fn note_tie(
    State(certification): State<Certification>,
    actor: Actor,
    Path((person, mall)): Path<(String, String)>,
    Json(input): Json<TieInput>,
) -> Result<StatusCode, Problem> {
    let ids: Option<(Id<Person>, Id<Organisation>)> = person.parse().ok().zip(mall.parse().ok());
    let (person, mall) = ids.ok_or_else(Problem::not_found)?;
    let uow = certification.store().begin().await?;
    certification.note_tie(&uow, &actor, person, mall, &input.reason, input.ended_on.as_deref()).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take in an extract of the label register: `barcode`, `scheme`, `grade`.
#[utoipa::path(post, path = "/api/v1/certification/labels", tag = "certification",
    request_body(content = String, content_type = "text/csv", example = "barcode,scheme,grade\n6901234567892,energy,1\n"),
    responses((status = 200, body = TakenDocument), Refusals), security(("bearer" = [])))]
pub async fn labels(
    State(certification): State<Certification>,
    actor: Actor,
    body: Bytes,
) -> Result<Json<TakenDocument>, Problem> {
    let uow = certification.store().begin().await?;
    let taken = certification.import_labels(&uow, &actor, &body).await?;
    uow.commit().await?;
    Ok(Json(TakenDocument { taken }))
}

/// What is late.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::EscalationsDocument)]
pub struct EscalationsDocument {
    /// The longest first.
    items: Vec<EscalationView>,
}

/// List what is late.
#[utoipa::path(get, path = "/api/v1/certification/escalations", tag = "certification",
    responses((status = 200, body = EscalationsDocument), Refusals), security(("bearer" = [])))]
pub async fn escalations(
    State(certification): State<Certification>,
    actor: Actor,
) -> Result<Json<EscalationsDocument>, Problem> {
    Ok(Json(EscalationsDocument { items: certification.escalations(&actor).await? }))
}

/// Malls before the public.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::NoticesDocument)]
pub struct NoticesDocument {
    /// The newest first; `due_at` is the end of the notice.
    items: Vec<ApplicationCard>,
}

/// List the malls that are before the public now. Anyone may object by name.
#[utoipa::path(get, path = "/api/v1/certification/notices", tag = "certification",
    responses((status = 200, body = NoticesDocument), Refusals))]
pub async fn notices(State(certification): State<Certification>) -> Result<Json<NoticesDocument>, Problem> {
    Ok(Json(NoticesDocument { items: certification.notices().await? }))
}

/// Who was drawn.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::DrawnDocument)]
pub struct DrawnDocument {
    /// Numbers of certificates.
    drawn: Vec<String>,
}

/// Draw this year's share of certificates for a re-audit, by lot.
#[utoipa::path(post, path = "/api/v1/certification/re-audits", tag = "certification",
    responses((status = 200, body = DrawnDocument), Refusals), security(("bearer" = [])))]
pub async fn re_audits(
    State(certification): State<Certification>,
    actor: Actor,
) -> Result<Json<DrawnDocument>, Problem> {
    let uow = certification.store().begin().await?;
    let drawn = certification.draw_re_audits(&uow, &actor).await?;
    uow.commit().await?;
    Ok(Json(DrawnDocument { drawn }))
}
