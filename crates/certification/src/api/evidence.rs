//! `/api/v1/certification/applications/{id}/evidence`.

use axum::{
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use luhuan_kernel::{
    Actor, Id, Message, Problem,
    http::{IdempotencyKey, Json, PathId, Refusals},
};
use serde::{Deserialize, Serialize};

use super::once;
use crate::{
    AddEvidence, Application, Certification, Evidence, EvidenceView, Finding,
    model::{EvidenceKind, Trust},
};

/// A file with what is said of it, as form fields.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the multipart form for OpenAPI")]
#[schema(as = certification::EvidenceForm)]
pub struct EvidenceForm {
    /// PDF, JPEG, PNG, WebP or CSV of at most 20 MiB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// For which item.
    item: String,
    /// Of what kind.
    kind: EvidenceKind,
    /// Which period it is of.
    period: Option<String>,
    /// Where it comes from.
    source: Option<String>,
    /// The finding that it answers.
    #[schema(value_type = Option<String>, format = "uuid")]
    finding: Option<Id<Finding>>,
}

/// Add a file.
#[utoipa::path(post, path = "/api/v1/certification/applications/{id}/evidence", tag = "certification",
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    params(("id" = String, Path, format = "uuid"),
        ("Idempotency-Key" = Option<String>, Header, description = "Same key and file, same answer")),
    responses((status = 201, body = EvidenceView), Refusals), security(("bearer" = [])))]
pub async fn add(
    State(certification): State<Certification>,
    actor: Actor,
    PathId(id): PathId<Application>,
    key: IdempotencyKey,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    // Before any bytes are kept: who may not see the application may not fill our disk.
    certification.view(&actor, id).await?;
    let (input, bytes) = read_form(form).await?;
    let file = certification.keep_file(&input.file_name, bytes).await?;
    let request: &[&[u8]] = &[b"evidence", id.as_bytes(), input.item.as_bytes(), file.sha256.as_bytes()];
    once(&certification, &actor, &key, request, StatusCode::CREATED, async |uow| {
        Ok((0, certification.add_evidence(uow, &actor, id, input.clone(), file.clone()).await?))
    })
    .await
}

async fn read_form(form: Result<Multipart, MultipartRejection>) -> Result<(AddEvidence, Bytes), Problem> {
    let Ok(mut form) = form else {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-multipart"));
    };
    let mut input = AddEvidence {
        item: String::new(),
        kind: EvidenceKind::Document,
        file_name: String::new(),
        period: String::new(),
        source: String::new(),
        finding: None,
    };
    let (mut bytes, mut kind) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|error| multipart_problem(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            input.file_name = field.file_name().unwrap_or("file").to_owned();
            bytes = Some(field.bytes().await.map_err(|error| multipart_problem(&error))?);
            continue;
        }
        let text = field.text().await.map_err(|error| multipart_problem(&error))?;
        let unknown = || Problem::invalid_field(name.clone(), Message::new("certification-unknown-code"));
        match name.as_str() {
            "item" => input.item = text,
            "kind" => kind = Some(text.parse::<EvidenceKind>().map_err(|()| unknown())?),
            "period" => input.period = text,
            "source" => input.source = text,
            "finding" if !text.is_empty() => input.finding = Some(text.parse().map_err(|_| unknown())?),
            _ => {}
        }
    }
    let required = |field: &str| Problem::invalid_field(field, Message::new("certification-required"));
    input.kind = kind.ok_or_else(|| required("kind"))?;
    Ok((input, bytes.ok_or_else(|| required("file"))?))
}

fn multipart_problem(error: &axum::extract::multipart::MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    }
    Problem::malformed(error.body_text())
}

/// An application and a file of it.
type Ids = (Id<Application>, Id<Evidence>);

fn ids((application, evidence): (String, String)) -> Result<Ids, Problem> {
    let parsed = application.parse().ok().zip(evidence.parse().ok());
    parsed.ok_or_else(Problem::not_found)
}

/// Read a file.
#[utoipa::path(get, path = "/api/v1/certification/applications/{id}/evidence/{evidence}", tag = "certification",
    params(("id" = String, Path, format = "uuid"), ("evidence" = String, Path, format = "uuid")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream"), Refusals), security(("bearer" = [])))]
pub async fn read(
    State(certification): State<Certification>,
    actor: Actor,
    Path(path): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (application, evidence) = ids(path)?;
    let (view, bytes) = certification.read_evidence(&actor, application, evidence).await?;
    let media = HeaderValue::from_str(&view.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    // What somebody else uploaded is handed out as a file, never shown as a page of ours.
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, bytes).into_response())
}

/// How far a file is to be trusted.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "trust": "measured" }))]
#[schema(as = certification::TrustInput)]
pub struct TrustInput {
    /// The level.
    trust: Trust,
}

/// Say how far a file is to be trusted, having seen it.
#[utoipa::path(put, path = "/api/v1/certification/applications/{id}/evidence/{evidence}", tag = "certification", request_body = TrustInput,
    params(("id" = String, Path, format = "uuid"), ("evidence" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is noted"), Refusals), security(("bearer" = [])))]
pub async fn verify(
    State(certification): State<Certification>,
    actor: Actor,
    Path(path): Path<(String, String)>,
    Json(input): Json<TrustInput>,
) -> Result<StatusCode, Problem> {
    let (application, evidence) = ids(path)?;
    let uow = certification.store().begin().await?;
    certification.verify_evidence(&uow, &actor, application, evidence, input.trust).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a file back.
#[utoipa::path(delete, path = "/api/v1/certification/applications/{id}/evidence/{evidence}", tag = "certification",
    params(("id" = String, Path, format = "uuid"), ("evidence" = String, Path, format = "uuid")),
    responses((status = 204, description = "It is taken back"), Refusals), security(("bearer" = [])))]
pub async fn remove(
    State(certification): State<Certification>,
    actor: Actor,
    Path(path): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (application, evidence) = ids(path)?;
    let uow = certification.store().begin().await?;
    certification.remove_evidence(&uow, &actor, application, evidence).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
