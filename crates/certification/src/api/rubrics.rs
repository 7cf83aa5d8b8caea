//! `/api/v1/certification/rubrics`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Problem,
    http::{IdempotencyKey, IfMatch, Json, Query, Refusals},
};
use serde::{Deserialize, Serialize};

use super::once;
use crate::{
    Certification, RubricVersion,
    model::{Rubric, compare::Difference, rubric::RubricFault},
};

/// Versions of the rubric.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RubricsDocument {
    /// Newest first; drafts for the office alone.
    items: Vec<RubricVersion>,
}

/// List the versions of the rubric.
#[utoipa::path(get, path = "/api/v1/certification/rubrics", tag = "certification",
    responses((status = 200, body = RubricsDocument), Refusals))]
pub async fn list(
    State(certification): State<Certification>,
    actor: Actor,
) -> Result<Json<RubricsDocument>, Problem> {
    Ok(Json(RubricsDocument { items: certification.rubrics(&actor).await? }))
}

/// What is wrong with a rubric.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::FaultsDocument)]
pub struct FaultsDocument {
    /// By place; empty when it is right.
    faults: Vec<RubricFault>,
    /// Points in all.
    points: u32,
}

/// Check a rubric without keeping it.
#[utoipa::path(post, path = "/api/v1/certification/rubrics", tag = "certification", request_body = Rubric,
    responses((status = 200, body = FaultsDocument), Refusals))]
pub async fn check(Json(rubric): Json<Rubric>) -> Result<Json<FaultsDocument>, Problem> {
    Ok(Json(FaultsDocument { faults: rubric.faults(), points: rubric.points() }))
}

/// Keep a draft of a version.
#[utoipa::path(put, path = "/api/v1/certification/rubrics/{version}", tag = "certification", request_body = Rubric,
    params(("version" = String, Path), ("If-Match" = Option<String>, Header, description = "Entity tag you read")),
    responses((status = 200, body = RubricVersion), Refusals), security(("bearer" = [])))]
pub async fn save(
    State(certification): State<Certification>,
    actor: Actor,
    Path(version): Path<String>,
    IfMatch(expected): IfMatch,
    Json(rubric): Json<Rubric>,
) -> Result<Response, Problem> {
    once(&certification, &actor, &IdempotencyKey(None), &[], StatusCode::OK, async |uow| {
        let saved = certification.save_rubric(uow, &actor, &version, &rubric, expected).await?;
        Ok((saved.edition, saved))
    })
    .await
}

/// Publish a draft. It does not change any more.
#[utoipa::path(post, path = "/api/v1/certification/rubrics/{version}/publish", tag = "certification",
    params(("version" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = Rubric), Refusals), security(("bearer" = [])))]
pub async fn publish(
    State(certification): State<Certification>,
    actor: Actor,
    Path(version): Path<String>,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"publish-rubric", version.as_bytes()];
    once(&certification, &actor, &key, request, StatusCode::OK, async |uow| {
        let rubric = certification.publish_rubric(uow, &actor, &version).await?;
        Ok((0, rubric))
    })
    .await
}

/// Two versions.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CompareParams {
    /// The earlier version.
    before: String,
    /// The later version.
    after: String,
}

/// How two versions differ.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::DifferencesDocument)]
pub struct DifferencesDocument {
    /// By place.
    items: Vec<Difference>,
}

/// Compare two versions of the rubric.
#[utoipa::path(get, path = "/api/v1/certification/rubrics/compare", tag = "certification", params(CompareParams),
    responses((status = 200, body = DifferencesDocument), Refusals))]
pub async fn compare(
    State(certification): State<Certification>,
    actor: Actor,
    Query(params): Query<CompareParams>,
) -> Result<Json<DifferencesDocument>, Problem> {
    let items = certification.compare_rubrics(&actor, &params.before, &params.after).await?;
    Ok(Json(DifferencesDocument { items }))
}
