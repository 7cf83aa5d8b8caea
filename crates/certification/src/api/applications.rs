//! `/api/v1/certification/applications`, as the mall uses them.

use axum::{extract::State as AxumState, response::Response};
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Organisation, Page, Problem,
    http::{IdempotencyKey, IfMatch, Json, PathId, Query, Refusals, tagged_json},
};
use serde::{Deserialize, Serialize};

use super::{
    ApplicationDocument, ApplicationInput, ApplicationPatch, json, on_application, once, types::ReasonInput,
};
use crate::{
    Application, ApplicationCard, ApplicationFilter, Certification, Progress, RetrofitView, Saved,
    TrailEntry,
    energy::{EnergyPlan, Quality, Savings, Series},
    model::State,
};

/// Which applications.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListParams {
    /// Of a mall.
    #[param(value_type = Option<String>, format = "uuid")]
    mall: Option<Id<Organisation>>,
    /// In a state.
    state: Option<State>,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// List applications: the office all, a mall its own, an assessor those they sit on.
#[utoipa::path(get, path = "/api/v1/certification/applications", tag = "certification", params(ListParams),
    responses((status = 200, body = Page<ApplicationCard>), Refusals), security(("bearer" = [])))]
pub async fn list(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    Query(params): Query<ListParams>,
) -> Result<Json<Page<ApplicationCard>>, Problem> {
    let filter = ApplicationFilter { mall: params.mall, state: params.state };
    let limit = Limit::of(params.limit);
    Ok(Json(certification.applications(&actor, &filter, params.after.as_ref(), limit).await?))
}

/// Begin an application.
#[utoipa::path(post, path = "/api/v1/certification/applications", tag = "certification", request_body = ApplicationInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn create(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<ApplicationInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"POST /api/v1/certification/applications", &json(&input)];
    once(&certification, &actor, &key, request, StatusCode::CREATED, async |uow| {
        let id =
            certification.create(uow, &actor, input.mall, &input.rubric, input.renews.as_deref()).await?;
        let view = certification.view_at(uow.tx(), &actor, id).await?;
        Ok((view.version, ApplicationDocument::of(view)))
    })
    .await
}

/// Read an application, as far as you may see.
#[utoipa::path(get, path = "/api/v1/certification/applications/{id}", tag = "certification",
    params(("id" = String, Path, format = "uuid"), ("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = ApplicationDocument), (status = 304, description = "You have it"), Refusals), security(("bearer" = [])))]
pub async fn read(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = certification.view(&actor, id).await?;
    let version = view.version;
    Ok(tagged_json(StatusCode::OK, version, json(&ApplicationDocument::of(view)).into(), &headers))
}

/// What came of an edit.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SavedDocument {
    /// The application's version.
    version: i64,
    /// The items' new versions.
    #[schema(value_type = Object)]
    items: std::collections::BTreeMap<String, i64>,
    /// How far the file is now.
    progress: Progress,
}

/// Change what a mall says: facts under `If-Match`, each item under its own version.
#[utoipa::path(patch, path = "/api/v1/certification/applications/{id}", tag = "certification", request_body = ApplicationPatch,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read")),
    responses((status = 200, body = SavedDocument), Refusals), security(("bearer" = [])))]
pub async fn edit(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    IfMatch(expected): IfMatch,
    Json(patch): Json<ApplicationPatch>,
) -> Result<Response, Problem> {
    let uow = certification.store().begin().await?;
    let Saved { version, items } = certification.edit(&uow, &actor, id, patch.into_edit(expected)).await?;
    uow.commit().await?;
    let progress = certification.progress(&actor, id).await?;
    let document = SavedDocument { version, items, progress };
    Ok(tagged_json(StatusCode::OK, version, json(&document).into(), &HeaderMap::new()))
}

/// Hand an application in. What it says is frozen and hashed.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/submit", tag = "certification",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn submit(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    on_application(&certification, &actor, &key, ("submit", id, &[]), async |uow| {
        certification.submit(uow, &actor, id, expected).await.map(|_| ())
    })
    .await
}

/// Take an application back before it is decided.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/withdraw", tag = "certification",
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key, same answer")),
    responses((status = 200, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn withdraw(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
) -> Result<Response, Problem> {
    on_application(&certification, &actor, &key, ("withdraw", id, &[]), async |uow| {
        certification.withdraw(uow, &actor, id, expected).await
    })
    .await
}

/// Appeal against a refusal.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/appeal", tag = "certification", request_body = ReasonInput,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = ApplicationDocument), Refusals), security(("bearer" = [])))]
pub async fn appeal(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    IfMatch(expected): IfMatch,
    key: IdempotencyKey,
    Json(input): Json<ReasonInput>,
) -> Result<Response, Problem> {
    on_application(&certification, &actor, &key, ("appeal", id, &json(&input)), async |uow| {
        certification.appeal(uow, &actor, id, expected, &input.reason).await
    })
    .await
}

/// Energy of an application's mall.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EnergyDocument {
    /// Month by month.
    #[schema(value_type = Object)]
    months: Series,
    /// What is doubtful, by carrier.
    #[schema(value_type = Object)]
    quality: std::collections::BTreeMap<crate::energy::Carrier, Quality>,
    /// Retrofit measures.
    retrofits: Vec<RetrofitView>,
    /// kWh per m² and year.
    kwh_per_m2: Option<f64>,
    /// How savings are reckoned.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<EnergyPlan>,
    /// The savings.
    #[serde(skip_serializing_if = "Option::is_none")]
    savings: Option<Savings>,
    /// Why they cannot be reckoned.
    #[serde(skip_serializing_if = "Option::is_none")]
    cannot: Option<String>,
}

/// Read the energy and savings of an application's mall.
#[utoipa::path(get, path = "/api/v1/certification/applications/{id}/energy", tag = "certification",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = EnergyDocument), Refusals), security(("bearer" = [])))]
pub async fn energy(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
) -> Result<Json<EnergyDocument>, Problem> {
    let report = certification.energy(&actor, id).await?;
    let (plan, outcome) = report.savings.map_or((None, None), |(plan, outcome)| (Some(plan), Some(outcome)));
    let (savings, cannot) = match outcome {
        Some(Ok(savings)) => (Some(savings), None),
        Some(Err(error)) => (None, Some(error.to_string())),
        None => (None, None),
    };
    Ok(Json(EnergyDocument {
        months: report.months,
        quality: report.quality,
        retrofits: report.retrofits,
        kwh_per_m2: report.kwh_per_m2,
        plan,
        savings,
        cannot,
    }))
}

/// The audit trail.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::TrailDocument)]
pub struct TrailDocument {
    /// Oldest first; the chain of hashes holds, or this would not be answered.
    items: Vec<TrailEntry>,
}

/// Read the audit trail of an application and its certificate.
#[utoipa::path(get, path = "/api/v1/certification/applications/{id}/trail", tag = "certification",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = TrailDocument), Refusals), security(("bearer" = [])))]
pub async fn trail(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
) -> Result<Json<TrailDocument>, Problem> {
    Ok(Json(TrailDocument { items: certification.trail(&actor, id).await? }))
}
