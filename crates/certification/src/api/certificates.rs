//! Certificates and the public register.

use axum::{
    extract::{Path, State as AxumState},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use luhuan_kernel::{
    Actor, Cursor, Limit, Message, Page, Problem,
    http::{IdempotencyKey, Json, PathId, Query, Refusals, tagged_json},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{json, once};
use crate::{
    CertificateView, Certification, ConsistencyProof, EntryView, Error, Head, InclusionProof, RegisterFilter,
    Statistics, Surveillance, SurveillanceState, SurveillanceView, Which, model::CertificateState,
};

/// A certificate with what proves it: keep this as a file, and `luhuan certificate verify FILE` checks it without a network.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CertificateDocument {
    /// What it says, and where it stands.
    certificate: CertificateView,
    /// The signed credential (W3C Verifiable Credentials 2.0, `eddsa-jcs-2022`).
    #[schema(value_type = Object)]
    credential: Value,
    /// Its entries of the register, with the proofs that they are in the signed tree.
    register: InclusionProof,
}

/// Read a certificate.
#[utoipa::path(get, path = "/api/v1/certification/certificates/{number}", tag = "certification",
    params(("number" = String, Path, example = "BJ-2026-0001"), ("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = CertificateDocument), (status = 304, description = "You have it"), Refusals))]
pub async fn read(
    AxumState(certification): AxumState<Certification>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (certificate, credential, register) = certification.certificate_file(&number).await?;
    let version = certificate.version;
    let document = CertificateDocument { certificate, credential, register };
    Ok(tagged_json(StatusCode::OK, version, json(&document).into(), &headers))
}

/// What happens to a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = certification::Change)]
pub enum Change {
    /// Mark it for review.
    FlagReview,
    /// The review is passed.
    ClearReview,
    /// Another floor area.
    #[serde(rename = "change_scope")]
    AnotherArea,
    /// Suspend it.
    Suspend,
    /// In force again.
    Reinstate,
    /// Revoke it.
    Revoke,
    /// The mall appeals against the revocation.
    AppealRevocation,
    /// The revocation stands.
    UpholdRevocation,
    /// The revocation is taken back.
    OverturnRevocation,
}

/// A change of a certificate.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "change": "suspend", "reason": "年度报告逾期" }))]
#[schema(as = certification::ChangeInput)]
pub struct ChangeInput {
    /// Which.
    change: Change,
    /// Why; it is published.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
    /// The new floor area, m².
    #[serde(default)]
    area_m2: Option<f64>,
}

/// Change a certificate: the office; its mall may appeal. Each change is an entry of the register.
#[utoipa::path(post, path = "/api/v1/certification/certificates/{number}/changes", tag = "certification", request_body = ChangeInput,
    params(("number" = String, Path, example = "BJ-2026-0001"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 200, body = CertificateView), Refusals), security(("bearer" = [])))]
pub async fn change(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    Path(number): Path<String>,
    key: IdempotencyKey,
    Json(input): Json<ChangeInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"change-certificate", number.as_bytes(), &json(&input)];
    let (service, who, why) = (&certification, &actor, input.reason.as_str());
    once(service, who, &key, request, StatusCode::OK, async |uow| {
        match input.change {
            Change::FlagReview => service.flag_review(uow, who, &number, why).await?,
            Change::ClearReview => service.clear_review(uow, who, &number, why).await?,
            Change::Suspend => service.suspend(uow, who, &number, why).await?,
            Change::Reinstate => service.reinstate(uow, who, &number, why).await?,
            Change::Revoke => service.revoke(uow, who, &number, why).await?,
            Change::AppealRevocation => service.appeal_revocation(uow, who, &number, why).await?,
            Change::UpholdRevocation => service.uphold_revocation(uow, who, &number, why).await?,
            Change::OverturnRevocation => service.overturn_revocation(uow, who, &number, why).await?,
            Change::AnotherArea => {
                let area_m2 =
                    input.area_m2.ok_or_else(|| Error::field("area_m2", "certification-required"))?;
                service.change_scope(uow, who, &number, area_m2, why).await?;
            }
        }
        let view = service.certificate_at(uow.tx(), &number).await?;
        Ok((view.version, view))
    })
    .await
}

/// Cases of surveillance.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SurveillanceDocument {
    /// Newest first.
    items: Vec<SurveillanceView>,
}

/// List a certificate's yearly reports and re-audits: its mall and the office.
#[utoipa::path(get, path = "/api/v1/certification/certificates/{number}/surveillance", tag = "certification",
    params(("number" = String, Path, example = "BJ-2026-0001")),
    responses((status = 200, body = SurveillanceDocument), Refusals), security(("bearer" = [])))]
pub async fn surveillance(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    Path(number): Path<String>,
) -> Result<Json<SurveillanceDocument>, Problem> {
    Ok(Json(SurveillanceDocument { items: certification.surveillance(&actor, &number).await? }))
}

/// A mall's report.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "report": "全年节电 9%，回收 62 吨，无行政处罚。" }))]
#[schema(as = certification::ReportInput)]
pub struct ReportInput {
    /// What it says.
    #[schema(min_length = 1, max_length = 2000)]
    report: String,
}

/// Report to a case of surveillance: the mall.
#[utoipa::path(post, path = "/api/v1/certification/surveillance/{id}", tag = "certification", request_body = ReportInput,
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is kept"), Refusals), security(("bearer" = [])))]
pub async fn report(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Surveillance>,
    Json(input): Json<ReportInput>,
) -> Result<StatusCode, Problem> {
    let uow = certification.store().begin().await?;
    certification.report_surveillance(&uow, &actor, id, &input.report).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The outcome of a case.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "outcome": "passed", "reason": "数据与现场一致" }))]
#[schema(as = certification::OutcomeInput)]
pub struct OutcomeInput {
    /// Passed or failed.
    outcome: SurveillanceState,
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Decide a case of surveillance: the office.
#[utoipa::path(put, path = "/api/v1/certification/surveillance/{id}", tag = "certification", request_body = OutcomeInput,
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is decided"), Refusals), security(("bearer" = [])))]
pub async fn decide(
    AxumState(certification): AxumState<Certification>,
    actor: Actor,
    PathId(id): PathId<Surveillance>,
    Json(input): Json<OutcomeInput>,
) -> Result<StatusCode, Problem> {
    let uow = certification.store().begin().await?;
    certification.decide_surveillance(&uow, &actor, id, input.outcome, &input.reason).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// In which form a list is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = certification::Format)]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// CSV, with a byte-order mark so that a spreadsheet reads it.
    Csv,
}

/// Which certificates.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RegisterParams {
    /// District code.
    district: Option<String>,
    /// Where they stand.
    state: Option<CertificateState>,
    /// A part of the mall's name, or the number.
    #[param(max_length = 80)]
    q: Option<String>,
    /// JSON or CSV.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// Read the public register: certificates, newest first, whatever became of them. Open data.
#[utoipa::path(get, path = "/api/v1/certification/register", tag = "certification", params(RegisterParams),
    responses((status = 200, content((Page<CertificateView> = "application/json"), (String = "text/csv"))), Refusals))]
pub async fn register(
    AxumState(certification): AxumState<Certification>,
    Query(params): Query<RegisterParams>,
) -> Result<Response, Problem> {
    let filter = RegisterFilter { district: params.district, state: params.state, words: params.q };
    let page = certification.register(&filter, params.after.as_ref(), Limit::of(params.limit)).await?;
    match params.format {
        Format::Json => Ok(Json(page).into_response()),
        Format::Csv => csv(&page),
    }
}

fn csv(page: &Page<CertificateView>) -> Result<Response, Problem> {
    let mut writer = ::csv::Writer::from_writer(Vec::from("\u{feff}"));
    let head = [
        "number",
        "status",
        "name",
        "district",
        "area_m2",
        "rubric",
        "granted_at",
        "valid_until",
        "since",
        "reason",
    ];
    let fail = |_| Problem::internal();
    writer.write_record(head).map_err(fail)?;
    for one in &page.items {
        let row = [
            one.number.clone(),
            one.state.code().to_owned(),
            harmless(&one.name),
            one.district.clone(),
            one.area_m2.to_string(),
            one.rubric.clone(),
            one.granted_at.to_string(),
            one.valid_until.to_string(),
            one.state_at.to_string(),
            harmless(&one.reason),
        ];
        writer.write_record(row).map_err(fail)?;
    }
    let bytes = writer.into_inner().map_err(|_| Problem::internal())?;
    let mut response = ([(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"))], bytes)
        .into_response();
    if let Some(next) = &page.next
        && let Ok(value) =
            HeaderValue::from_str(&format!("<?format=csv&after={}>; rel=\"next\"", next.as_str()))
    {
        response.headers_mut().insert(header::LINK, value);
    }
    Ok(response)
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// Which proof.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProofParams {
    /// All entries of this certificate.
    number: Option<String>,
    /// The entry at this place, from 0.
    index: Option<u64>,
    /// That the tree of this size is the beginning of the later one.
    from: Option<u64>,
    /// The size of the tree that is proven to; the newest unless asked.
    size: Option<u64>,
}

/// A proof.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = certification::ProofDocument)]
pub enum ProofDocument {
    /// That entries are in the tree.
    Inclusion(InclusionProof),
    /// That a later tree only added to an earlier one.
    Consistency(ConsistencyProof),
    /// The signed head alone.
    Latest {
        /// The head.
        latest: Head,
    },
}

/// Ask for a proof of the register (RFC 9162): inclusion by `number` or `index`, consistency by `from`, or the signed head.
#[utoipa::path(get, path = "/api/v1/certification/register/proof", tag = "certification", params(ProofParams),
    responses((status = 200, body = ProofDocument), Refusals))]
pub async fn proof(
    AxumState(certification): AxumState<Certification>,
    Query(params): Query<ProofParams>,
) -> Result<Json<ProofDocument>, Problem> {
    let document = match (&params.number, params.index, params.from) {
        (Some(number), None, None) => ProofDocument::Inclusion(
            certification.prove_inclusion(Which::Certificate(number), params.size).await?,
        ),
        (None, Some(index), None) => {
            ProofDocument::Inclusion(certification.prove_inclusion(Which::Index(index), params.size).await?)
        }
        (None, None, Some(from)) => {
            ProofDocument::Consistency(certification.prove_consistency(from, params.size).await?)
        }
        (None, None, None) => ProofDocument::Latest { latest: certification.head(params.size).await? },
        _ => return Err(Problem::invalid_field("index", Message::new("certification-one-proof"))),
    };
    Ok(Json(document))
}

/// Where the log goes on.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EntriesParams {
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// Read the log itself, oldest first: for whoever keeps a copy and watches it.
#[utoipa::path(get, path = "/api/v1/certification/register/entries", tag = "certification", params(EntriesParams),
    responses((status = 200, body = Page<EntryView>), Refusals))]
pub async fn entries(
    AxumState(certification): AxumState<Certification>,
    Query(params): Query<EntriesParams>,
) -> Result<Json<Page<EntryView>>, Problem> {
    Ok(Json(certification.entries(params.after.as_ref(), Limit::of(params.limit)).await?))
}

/// The office's public key.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = certification::KeyDocument)]
pub struct KeyDocument {
    /// Who signs.
    issuer: String,
    /// Ed25519, as a Multikey.
    key: String,
}

/// Read the public key that certificates and tree heads are checked with.
#[utoipa::path(get, path = "/api/v1/certification/key", tag = "certification",
    responses((status = 200, body = KeyDocument), Refusals))]
pub async fn key(AxumState(certification): AxumState<Certification>) -> Json<KeyDocument> {
    let key = certification.public_key().multikey();
    Json(KeyDocument { issuer: certification.issuer_id().to_owned(), key })
}

/// Read the figures by district and pillar. Open data.
#[utoipa::path(get, path = "/api/v1/certification/statistics", tag = "certification",
    responses((status = 200, body = Statistics), Refusals))]
pub async fn statistics(
    AxumState(certification): AxumState<Certification>,
) -> Result<Json<Statistics>, Problem> {
    Ok(Json(certification.statistics().await?))
}
