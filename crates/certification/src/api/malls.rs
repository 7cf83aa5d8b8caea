//! `/api/v1/certification/malls/{mall}`: what a mall measures, whichever application it is for.

use axum::{
    extract::{Path, State},
    response::Response,
};
use bytes::Bytes;
use http::StatusCode;
use luhuan_kernel::{
    Actor, Grams, Id, Organisation, Problem,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
};
use serde::{Deserialize, Serialize};

use super::{json, once};
use crate::{
    AddRetrofit, CertificateView, Certification, Error, NoteWaste, Retrofit,
    energy::{Carrier, MonthRow},
    goods::GoodsReport,
    model::calendar::Month,
    waste::WasteTotals,
};

/// How many were taken in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::TakenDocument)]
pub struct TakenDocument {
    /// Rows.
    pub(super) taken: usize,
}

/// Take in monthly readings from CSV: `month`, `electricity`, `gas`, `heat`, `water`, `area_m2`, `hours`, `hdd`, `cdd`,
/// `turnover`, `visitors`; a month that is there is replaced.
#[utoipa::path(post, path = "/api/v1/certification/malls/{mall}/readings", tag = "certification",
    request_body(content = String, content_type = "text/csv", example = "month,electricity,hdd,cdd\n2025-01,905000,590,0\n"),
    params(("mall" = String, Path, format = "uuid")),
    responses((status = 200, body = TakenDocument), Refusals), security(("bearer" = [])))]
pub async fn readings(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(mall): PathId<Organisation>,
    body: Bytes,
) -> Result<Json<TakenDocument>, Problem> {
    let uow = certification.store().begin().await?;
    let taken = certification.import_months(&uow, &actor, mall, &body).await?;
    uow.commit().await?;
    Ok(Json(TakenDocument { taken }))
}

/// Take in a till's export: `month` or a day, `barcode`, `amount` in yuan.
#[utoipa::path(post, path = "/api/v1/certification/malls/{mall}/sales", tag = "certification",
    request_body(content = String, content_type = "text/csv", example = "month,barcode,amount\n2025-01,6901234567892,1299.00\n"),
    params(("mall" = String, Path, format = "uuid")),
    responses((status = 200, body = GoodsReport), Refusals), security(("bearer" = [])))]
pub async fn goods(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(mall): PathId<Organisation>,
    body: Bytes,
) -> Result<Json<GoodsReport>, Problem> {
    let uow = certification.store().begin().await?;
    let report = certification.import_goods(&uow, &actor, mall, &body).await?;
    uow.commit().await?;
    Ok(Json(report))
}

/// Keep one month as typed.
#[utoipa::path(put, path = "/api/v1/certification/malls/{mall}/months/{month}", tag = "certification", request_body = MonthRow,
    params(("mall" = String, Path, format = "uuid"), ("month" = String, Path, example = "2025-01")),
    responses((status = 204, description = "It is kept"), Refusals), security(("bearer" = [])))]
pub async fn month(
    State(certification): State<Certification>,
    actor: Actor,
    Path((mall, month)): Path<(String, String)>,
    Json(row): Json<MonthRow>,
) -> Result<StatusCode, Problem> {
    let mall: Id<Organisation> = mall.parse().map_err(|_| Problem::not_found())?;
    let month = Month::parse(&month).ok_or_else(Problem::not_found)?;
    let uow = certification.store().begin().await?;
    certification.save_month(&uow, &actor, mall, month, &row).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A retrofit measure.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "更换磁悬浮冷机", "carrier": "electricity", "completed": "2025-01", "cost_fen": 380_000_000_i64, "note": "两台" }))]
pub struct RetrofitInput {
    /// What was done.
    #[schema(min_length = 1, max_length = 120)]
    name: String,
    /// What it saves.
    carrier: Carrier,
    /// Since when it works.
    completed: Month,
    /// What it cost, in fen.
    #[schema(minimum = 0)]
    cost_fen: i64,
    /// More.
    #[serde(default)]
    #[schema(max_length = 2000)]
    note: String,
}

/// What was noted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RetrofitDocument {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Retrofit>,
}

/// Note a retrofit measure.
#[utoipa::path(post, path = "/api/v1/certification/malls/{mall}/retrofits", tag = "certification", request_body = RetrofitInput,
    params(("mall" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = RetrofitDocument), Refusals), security(("bearer" = [])))]
pub async fn add_retrofit(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(mall): PathId<Organisation>,
    key: IdempotencyKey,
    Json(input): Json<RetrofitInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"retrofit", mall.as_bytes(), &json(&input)];
    once(&certification, &actor, &key, request, StatusCode::CREATED, async |uow| {
        let RetrofitInput { name, carrier, completed, cost_fen, note } = input;
        let retrofit = AddRetrofit { name, carrier, completed, cost_fen, note };
        Ok((0, RetrofitDocument { id: certification.add_retrofit(uow, &actor, mall, retrofit).await? }))
    })
    .await
}

/// Take a retrofit measure back.
#[utoipa::path(delete, path = "/api/v1/certification/malls/{mall}/retrofits/{retrofit}", tag = "certification",
    params(("mall" = String, Path, format = "uuid"), ("retrofit" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is taken back"), Refusals), security(("bearer" = [])))]
pub async fn remove_retrofit(
    State(certification): State<Certification>,
    actor: Actor,
    Path((mall, retrofit)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let ids: Option<(Id<Organisation>, Id<Retrofit>)> = mall.parse().ok().zip(retrofit.parse().ok());
    let (mall, retrofit) = ids.ok_or_else(Problem::not_found)?;
    let uow = certification.store().begin().await?;
    certification.remove_retrofit(&uow, &actor, mall, retrofit).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Waste by a transfer note (联单).
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reference": "联单 2026-0012", "stream": "food", "month": "2026-02", "grams": 18_500_000 }))]
#[schema(as = certification::WasteInput)]
pub struct WasteInput {
    /// The number of the note: the same number, the same waste.
    #[schema(min_length = 1, max_length = 64)]
    reference: String,
    /// Stream code.
    stream: String,
    /// Which month.
    month: Month,
    /// How much, in grams.
    #[schema(minimum = 1)]
    grams: i64,
}

/// Per which area.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WasteParams {
    /// Floor area, m².
    area_m2: Option<f64>,
}

/// Read a mall's waste of the last twelve months, by stream.
#[utoipa::path(get, path = "/api/v1/certification/malls/{mall}/waste", tag = "certification",
    params(("mall" = String, Path, format = "uuid"), WasteParams),
    responses((status = 200, body = WasteTotals), Refusals), security(("bearer" = [])))]
pub async fn waste(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(mall): PathId<Organisation>,
    Query(params): Query<WasteParams>,
) -> Result<Json<WasteTotals>, Problem> {
    Ok(Json(certification.waste(&actor, mall, params.area_m2).await?))
}

/// Note waste by a transfer note. What our own pickups collect arrives by itself.
#[utoipa::path(post, path = "/api/v1/certification/malls/{mall}/waste", tag = "certification", request_body = WasteInput,
    params(("mall" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is noted"), Refusals), security(("bearer" = [])))]
pub async fn note_waste(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(mall): PathId<Organisation>,
    Json(input): Json<WasteInput>,
) -> Result<StatusCode, Problem> {
    let WasteInput { reference, stream, month, grams } = input;
    let uow = certification.store().begin().await?;
    let note = NoteWaste { reference, stream, month, weight: Grams(grams) };
    certification.note_waste(&uow, &actor, mall, note).await?;
    uow.commit().await.map_err(Error::from)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A mall's certificates.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CertificatesDocument {
    /// Newest first.
    items: Vec<CertificateView>,
}

/// List a mall's certificates, for its people.
#[utoipa::path(get, path = "/api/v1/certification/malls/{mall}/certificates", tag = "certification",
    params(("mall" = String, Path, format = "uuid")),
    responses((status = 200, body = CertificatesDocument), Refusals), security(("bearer" = [])))]
pub async fn certificates(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(mall): PathId<Organisation>,
) -> Result<Json<CertificatesDocument>, Problem> {
    Ok(Json(CertificatesDocument { items: certification.certificates_of(&actor, mall).await? }))
}
