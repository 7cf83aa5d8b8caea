//! `/api/v1/organisations/{id}/members`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Organisation, OrganisationRole, Page, Person, Problem, Timestamp,
    http::{IdempotencyKey, Json, PathId, Query, Refusals},
};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};

use super::{Pair, commit, json, replay};
use crate::{Accounts, AddMember, MemberView};

/// A member.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "person": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c10", "name": "林小满", "login": "138****8000", "role": "clerk",
    "joined_at": "2026-01-01T00:00:00Z"
}))]
pub(super) struct MemberDocument {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    person: Id<Person>,
    /// Their name.
    name: String,
    /// What they sign in with, masked.
    login: String,
    /// As what.
    role: OrganisationRole,
    /// Since when.
    #[schema(value_type = String, format = "date-time")]
    joined_at: Timestamp,
}

impl From<MemberView> for MemberDocument {
    fn from(view: MemberView) -> Self {
        let MemberView { person, name, login, role, joined_at } = view;
        Self { person, name, login, role, joined_at }
    }
}

/// Which part of the list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListParams {
    /// Items on the page, 1 to 100; 24 unless asked.
    limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    after: Option<Cursor>,
}

/// List the members of an organisation one works for.
#[utoipa::path(get, path = "/api/v1/organisations/{id}/members", tag = "organisations",
    params(("id" = String, Path, format = "uuid"), ListParams),
    responses((status = 200, body = Page<MemberDocument>), Refusals), security(("bearer" = [])))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    actor: Actor,
    PathId(id): PathId<Organisation>,
    Query(params): Query<ListParams>,
) -> Result<Json<Page<MemberDocument>>, Problem> {
    let page = accounts.members(&actor, id, params.after.as_ref(), Limit::of(params.limit)).await?;
    Ok(Json(page.map(Into::into)))
}

/// Somebody to be taken in.
#[derive(Serialize, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "login": "13800138000", "role": "clerk" }))]
pub(super) struct MemberInput {
    /// Their phone number or e-mail address.
    #[schema(min_length = 1, max_length = 300)]
    login: String,
    /// As what.
    role: OrganisationRole,
}

/// Take somebody in: the organisation's owners.
#[utoipa::path(post, path = "/api/v1/organisations/{id}/members", tag = "organisations", request_body = MemberInput,
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = MemberDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn add(
    State(accounts): State<Accounts>,
    actor: Actor,
    PathId(id): PathId<Organisation>,
    key: IdempotencyKey,
    Json(input): Json<MemberInput>,
) -> Result<Response, Problem> {
    // Whether a login exists is told to members alone.
    accounts.organisation(&actor, id).await?;
    let person = accounts.look_up(&actor, &input.login).await?;
    let (path, body) = (format!("POST /api/v1/organisations/{id}/members"), json(&input));
    let request: &[&[u8]] = &[path.as_bytes(), &body];
    let attempt = match idempotency::begin(accounts.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let view = accounts.add_member(&attempt.uow, &actor, id, AddMember { person, role: input.role }).await?;
    commit(attempt, StatusCode::CREATED, 0, &MemberDocument::from(view)).await
}

/// Another role for a member.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "role": "manager" }))]
pub(super) struct MemberPatch {
    /// As what.
    role: OrganisationRole,
}

/// Give a member another role: the organisation's owners. The last owner stays one.
#[utoipa::path(patch, path = "/api/v1/organisations/{id}/members/{person}", tag = "organisations", request_body = MemberPatch,
    params(("id" = String, Path, format = "uuid"), ("person" = String, Path, format = "uuid")),
    responses((status = 204, description = "Changed"), Refusals), security(("bearer" = [])))]
pub(super) async fn edit(
    State(accounts): State<Accounts>,
    actor: Actor,
    Pair(id, person): Pair<Organisation, Id<Person>>,
    Json(patch): Json<MemberPatch>,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.change_member(&uow, &actor, id, person, patch.role).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a member out, or leave. The last owner stays.
#[utoipa::path(delete, path = "/api/v1/organisations/{id}/members/{person}", tag = "organisations",
    params(("id" = String, Path, format = "uuid"), ("person" = String, Path, format = "uuid")),
    responses((status = 204, description = "Gone"), Refusals), security(("bearer" = [])))]
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    actor: Actor,
    Pair(id, person): Pair<Organisation, Id<Person>>,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.remove_member(&uow, &actor, id, person).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
