//! `/api/v1/sessions`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Id, Page, Person, Problem, Secret, Session, Timestamp,
    http::{Json, PathId, Refusals},
};
use serde::{Deserialize, Serialize};

use super::secret_json;
use crate::{Accounts, Client, SessionView, SignIn, SignedIn};

/// Signing in with a password.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "login": "13800138000", "password": "山高月小水落石出" }))]
pub(super) struct SignInInput {
    /// Phone number or e-mail address.
    #[schema(min_length = 1, max_length = 300)]
    login: String,
    /// The password.
    #[schema(value_type = String, format = "password")]
    password: Secret<String>,
}

/// Signing in with a code.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "login": "13800138000", "code": "123456" }))]
pub(super) struct CodeSignInInput {
    /// The login that the code was sent to.
    #[schema(min_length = 1, max_length = 300)]
    login: String,
    /// The six figures.
    code: String,
}

/// Signed in. Send the token as `Authorization: Bearer …`; it is shown this once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "token": "lhs_yPVX1l0r5mFqkqQyG2Nn6q7u0pS3b4xwJcE9aTzD8Kk", "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c11",
    "expires_at": "2026-01-31T00:00:00Z", "person": { "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c10", "name": "林小满" },
    "password_dropped": false
}))]
pub(super) struct SignedInDocument {
    /// The secret that the device carries from now on.
    token: String,
    /// The session.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Session>,
    /// When it ends, unless it is used.
    #[schema(value_type = String, format = "date-time")]
    expires_at: Timestamp,
    /// Who signed in.
    person: PersonDocument,
    /// Whether a password set before the login was verified has been taken away: set a new one.
    password_dropped: bool,
}

/// A person by id and name.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PersonDocument {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Person>,
    /// The name others see.
    name: String,
}

impl From<SignedIn> for SignedInDocument {
    fn from(signed_in: SignedIn) -> Self {
        Self {
            token: signed_in.token.expose().clone(),
            id: signed_in.session,
            expires_at: signed_in.expires_at,
            person: PersonDocument { id: signed_in.person, name: signed_in.name },
            password_dropped: signed_in.password_dropped,
        }
    }
}

/// Sign in with a password.
///
/// After ten wrong passwords within 15 minutes the login is locked for 15 minutes, for the right one too.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "accounts", request_body = SignInInput,
    responses((status = 201, body = SignedInDocument), Refusals))]
pub(super) async fn sign_in(
    State(accounts): State<Accounts>,
    client: Client,
    Json(input): Json<SignInInput>,
) -> Result<Response, Problem> {
    let signed_in =
        accounts.sign_in(SignIn { login: input.login, password: input.password }, &client).await?;
    Ok(secret_json(StatusCode::CREATED, &SignedInDocument::from(signed_in)))
}

/// Sign in with a code.
///
/// A code holds for 10 minutes and 5 tries. It also shows that the login is one's own: what was set before by
/// somebody who had not shown that (password, sessions, tokens) is taken away, unless they ask themselves.
#[utoipa::path(post, path = "/api/v1/sessions/code", tag = "accounts", request_body = CodeSignInInput,
    responses((status = 201, body = SignedInDocument), Refusals))]
pub(super) async fn sign_in_with_code(
    State(accounts): State<Accounts>,
    actor: Actor,
    client: Client,
    Json(input): Json<CodeSignInInput>,
) -> Result<Response, Problem> {
    let signed_in = accounts.sign_in_with_code(&actor, &input.login, &input.code, &client).await?;
    Ok(secret_json(StatusCode::CREATED, &SignedInDocument::from(signed_in)))
}

/// A device that is signed in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c11", "device": "Chrome · Android", "address": "114.247.*.*",
    "created_at": "2026-01-01T00:00:00Z", "last_seen_at": "2026-01-01T00:00:00Z",
    "expires_at": "2026-01-31T00:00:00Z", "current": true
}))]
pub(super) struct SessionDocument {
    /// The session.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Session>,
    /// The device in words.
    device: String,
    /// Where it signed in from, coarse.
    address: String,
    /// Since when.
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
    /// When it was last used, to 5 minutes.
    #[schema(value_type = String, format = "date-time")]
    last_seen_at: Timestamp,
    /// When it ends, unless it is used.
    #[schema(value_type = String, format = "date-time")]
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

impl From<SessionView> for SessionDocument {
    fn from(view: SessionView) -> Self {
        let SessionView { id, device, address, created_at, last_seen_at, expires_at, current } = view;
        Self { id, device, address, created_at, last_seen_at, expires_at, current }
    }
}

/// List the devices that are signed in.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "accounts",
    responses((status = 200, body = Page<SessionDocument>), Refusals), security(("bearer" = [])))]
pub(super) async fn list(
    State(accounts): State<Accounts>,
    actor: Actor,
) -> Result<Json<Page<SessionDocument>>, Problem> {
    let items = accounts.sessions(&actor).await?.into_iter().map(Into::into).collect();
    Ok(Json(Page { items, next: None }))
}

/// Sign this device out.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "accounts",
    responses((status = 204, description = "Signed out"), Refusals), security(("bearer" = [])))]
pub(super) async fn sign_out(State(accounts): State<Accounts>, actor: Actor) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.sign_out(&uow, &actor).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many devices were signed out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({ "ended": 2 }))]
pub(super) struct EndedDocument {
    /// How many.
    ended: u64,
}

/// Sign every other device out.
#[utoipa::path(delete, path = "/api/v1/sessions/others", tag = "accounts",
    responses((status = 200, body = EndedDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn end_others(
    State(accounts): State<Accounts>,
    actor: Actor,
) -> Result<Json<EndedDocument>, Problem> {
    let uow = accounts.store().begin().await?;
    let ended = accounts.end_other_sessions(&uow, &actor).await?;
    uow.commit().await?;
    Ok(Json(EndedDocument { ended }))
}

/// Sign a device out.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "accounts",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "Signed out"), Refusals), security(("bearer" = [])))]
pub(super) async fn end(
    State(accounts): State<Accounts>,
    actor: Actor,
    PathId(id): PathId<Session>,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.end_session(&uow, &actor, id).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
