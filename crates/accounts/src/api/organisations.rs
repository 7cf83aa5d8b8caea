//! `/api/v1/organisations`.

use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Id, Organisation, OrganisationKind, OrganisationRole, Page, Problem, Timestamp,
    http::{IdempotencyKey, IfMatch, Json, PathId, Refusals, tagged_json},
};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};

use super::{commit, json, replay};
use crate::{Accounts, ChangeOrganisation, CreateOrganisation, OrganisationView, model::LicenceCheck};

/// An organisation to be founded.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "kind": "seller-shop", "name": "双井旧书店", "licence": "91110000101623741K" }))]
pub(super) struct OrganisationInput {
    /// What it is.
    kind: OrganisationKind,
    /// Its name, 1 to 40 characters.
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    /// Its 统一社会信用代码 (18 characters), if it has one. One whose check character does not fit is kept and marked.
    licence: Option<String>,
}

/// What to change; what is not named stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "name": "双井旧书店" }))]
pub(super) struct OrganisationPatch {
    /// Its name, 1 to 40 characters.
    #[schema(min_length = 1, max_length = 40)]
    name: Option<String>,
    /// Its 统一社会信用代码.
    licence: Option<String>,
}

/// An organisation; its licence number masked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c13", "kind": "seller-shop", "name": "双井旧书店", "licence": "911****741K",
    "licence_check": "fits", "role": "owner", "members": 1, "created_at": "2026-01-01T00:00:00Z", "version": 1
}))]
pub(super) struct OrganisationDocument {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Organisation>,
    /// What it is.
    kind: OrganisationKind,
    /// Its name.
    name: String,
    /// Its licence number, masked.
    licence: Option<String>,
    /// `fits`, or `odd` when the check character does not fit.
    licence_check: Option<&'static str>,
    /// One's own role in it.
    role: Option<OrganisationRole>,
    /// How many belong to it.
    members: u64,
    /// Since when.
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
    /// Counts changes.
    version: i64,
}

impl From<OrganisationView> for OrganisationDocument {
    fn from(view: OrganisationView) -> Self {
        let (licence, check) = view.licence.unzip();
        Self {
            id: view.id,
            kind: view.kind,
            name: view.name,
            licence,
            licence_check: check.map(LicenceCheck::code),
            role: view.role,
            members: view.members,
            created_at: view.created_at,
            version: view.version,
        }
    }
}

/// List the organisations one works for.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "organisations",
    responses((status = 200, body = Page<OrganisationDocument>), Refusals), security(("bearer" = [])))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    actor: Actor,
) -> Result<Json<Page<OrganisationDocument>>, Problem> {
    let items = accounts.organisations(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(Page { items, next: None }))
}

/// Found an organisation; one is its owner.
#[utoipa::path(post, path = "/api/v1/organisations", tag = "organisations", request_body = OrganisationInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = OrganisationDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn create(
    State(accounts): State<Accounts>,
    actor: Actor,
    key: IdempotencyKey,
    Json(input): Json<OrganisationInput>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[b"POST /api/v1/organisations", &json(&input)];
    let attempt = match idempotency::begin(accounts.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let OrganisationInput { kind, name, licence } = input;
    let view = accounts
        .create_organisation(&attempt.uow, &actor, CreateOrganisation { kind, name, licence })
        .await?;
    commit(attempt, StatusCode::CREATED, view.version, &OrganisationDocument::from(view)).await
}

/// Read an organisation one works for.
#[utoipa::path(get, path = "/api/v1/organisations/{id}", tag = "organisations",
    params(("id" = String, Path, format = "uuid"), ("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = OrganisationDocument), (status = 304, description = "You have it"), Refusals),
    security(("bearer" = [])))]
pub(super) async fn read(
    State(accounts): State<Accounts>,
    actor: Actor,
    PathId(id): PathId<Organisation>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(document(accounts.organisation(&actor, id).await?, &headers))
}

/// Change an organisation: its owners and managers.
#[utoipa::path(patch, path = "/api/v1/organisations/{id}", tag = "organisations", request_body = OrganisationPatch,
    params(("id" = String, Path, format = "uuid"), ("If-Match" = Option<String>, Header, description = "Entity tag you read")),
    responses((status = 200, body = OrganisationDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn edit(
    State(accounts): State<Accounts>,
    actor: Actor,
    PathId(id): PathId<Organisation>,
    IfMatch(expected): IfMatch,
    Json(patch): Json<OrganisationPatch>,
) -> Result<Response, Problem> {
    let OrganisationPatch { name, licence } = patch;
    let uow = accounts.store().begin().await?;
    let view = accounts
        .change_organisation(&uow, &actor, id, ChangeOrganisation { name, licence }, expected)
        .await?;
    uow.commit().await?;
    Ok(document(view, &HeaderMap::new()))
}

fn document(view: OrganisationView, request: &HeaderMap) -> Response {
    let version = view.version;
    tagged_json(StatusCode::OK, version, json(&OrganisationDocument::from(view)).into(), request)
}
