//! `/api/v1/me`.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use luhuan_kernel::{
    Actor, Id, Locale, Message, Organisation, Person, Problem, Role, Secret, Timestamp,
    http::{IfMatch, Json, Refusals, tagged_json},
};
use serde::{Deserialize, Serialize};

use super::{
    accounts::{CodeInput, CodeSentDocument},
    json, present, secret_json,
};
use crate::{
    Accounts, ChangeProfile, Client, Confirmation, Error, GiveIdentity, LoginView, Profile,
    model::{CodePurpose, SellerKind},
};

/// One's own account; numbers masked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c10", "name": "林小满", "locale": "zh-CN", "subdistrict": "110105016",
    "seller_kind": "private", "seller_organisation": null,
    "logins": [{ "kind": "phone", "masked": "138****8000", "verified_at": "2026-01-01T00:00:00Z" }],
    "roles": [], "has_password": true, "real_name": null, "identity_number": null,
    "created_at": "2026-01-01T00:00:00Z", "version": 1
}))]
pub(super) struct ProfileDocument {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    id: Id<Person>,
    /// The name others see.
    name: String,
    /// The language to write in.
    #[schema(value_type = String)]
    locale: Locale,
    /// Code of the sub-district lived in.
    subdistrict: Option<String>,
    /// As what they sell.
    seller_kind: SellerKind,
    /// For which shop, when a registered merchant.
    #[schema(value_type = Option<String>, format = "uuid")]
    seller_organisation: Option<Id<Organisation>>,
    /// What they sign in with.
    logins: Vec<LoginDocument>,
    /// City-wide roles.
    roles: Vec<Role>,
    /// Whether there is a password.
    has_password: bool,
    /// The real name, masked, when on file.
    real_name: Option<String>,
    /// The identity number, masked, when on file.
    identity_number: Option<String>,
    /// Since when.
    #[schema(value_type = String, format = "date-time")]
    created_at: Timestamp,
    /// Counts changes.
    version: i64,
}

/// A login, masked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LoginDocument {
    /// `phone` or `email`.
    kind: &'static str,
    /// The login, masked.
    masked: String,
    /// Since when it is known to be one's own.
    #[schema(value_type = Option<String>, format = "date-time")]
    verified_at: Option<Timestamp>,
}

impl From<Profile> for ProfileDocument {
    fn from(profile: Profile) -> Self {
        let login = |LoginView { kind, masked, verified_at }| LoginDocument {
            kind: kind.code(),
            masked,
            verified_at,
        };
        Self {
            id: profile.id,
            name: profile.name,
            locale: profile.locale,
            subdistrict: profile.subdistrict,
            seller_kind: profile.seller_kind,
            seller_organisation: profile.seller_organisation,
            logins: profile.logins.into_iter().map(login).collect(),
            roles: profile.roles.into_iter().collect(),
            has_password: profile.has_password,
            real_name: profile.real_name,
            identity_number: profile.identity_number,
            created_at: profile.created_at,
            version: profile.version,
        }
    }
}

/// Read one's account.
#[utoipa::path(get, path = "/api/v1/me", tag = "me",
    params(("If-None-Match" = Option<String>, Header, description = "Entity tag you have")),
    responses((status = 200, body = ProfileDocument), (status = 304, description = "You have it"), Refusals),
    security(("bearer" = [])))]
pub(super) async fn read(
    State(accounts): State<Accounts>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Ok(document(accounts.profile(&actor).await?, &headers))
}

/// What to change; what is not named stays.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "name": "林小满", "subdistrict": "110105016" }))]
pub(super) struct ProfilePatch {
    /// The name others see, 1 to 40 characters.
    #[schema(min_length = 1, max_length = 40)]
    name: Option<String>,
    /// The language to write in.
    #[schema(value_type = Option<String>, pattern = "^(zh-CN|en)$")]
    locale: Option<Locale>,
    /// Code of the sub-district lived in; null takes it back.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    subdistrict: Option<Option<String>>,
    /// As what one sells. A natural-person trader needs an identity number on file, a registered merchant an
    /// organisation with a licence.
    seller_kind: Option<SellerKind>,
    /// For which shop, with `registered_merchant`.
    #[schema(value_type = Option<String>, format = "uuid")]
    seller_organisation: Option<Id<Organisation>>,
}

/// Change one's account.
#[utoipa::path(patch, path = "/api/v1/me", tag = "me", request_body = ProfilePatch,
    params(("If-Match" = Option<String>, Header, description = "Entity tag you read")),
    responses((status = 200, body = ProfileDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn edit(
    State(accounts): State<Accounts>,
    actor: Actor,
    IfMatch(expected): IfMatch,
    Json(patch): Json<ProfilePatch>,
) -> Result<Response, Problem> {
    let ProfilePatch { name, locale, subdistrict, seller_kind, seller_organisation } = patch;
    let change = ChangeProfile { name, locale, subdistrict, seller_kind, seller_organisation };
    let uow = accounts.store().begin().await?;
    let profile = accounts.change_profile(&uow, &actor, change, expected).await?;
    uow.commit().await?;
    Ok(document(profile, &HeaderMap::new()))
}

fn document(profile: Profile, request: &HeaderMap) -> Response {
    let version = profile.version;
    let mut response =
        tagged_json(StatusCode::OK, version, json(&ProfileDocument::from(profile)).into(), request);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}

/// Have a code sent to one of one's logins, to confirm something grave with.
#[utoipa::path(post, path = "/api/v1/me/codes", tag = "me", request_body = CodeInput,
    responses((status = 202, body = CodeSentDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn send_code(
    State(accounts): State<Accounts>,
    actor: Actor,
    client: Client,
    Json(input): Json<CodeInput>,
) -> Result<(StatusCode, Json<CodeSentDocument>), Problem> {
    let uow = accounts.store().begin().await?;
    let sent = accounts.request_code(&uow, &actor, &input.login, CodePurpose::Confirm, &client).await?;
    uow.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(sent.into())))
}

/// What proves that one is there: the password, or a login and the code sent to it.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "password": "山高月小水落石出" }))]
pub(super) struct ConfirmationInput {
    /// The password.
    #[schema(value_type = Option<String>, format = "password")]
    password: Option<Secret<String>>,
    /// The login that the code was sent to.
    #[schema(max_length = 300)]
    login: Option<String>,
    /// The code.
    code: Option<String>,
}

impl ConfirmationInput {
    fn read(self) -> Result<Confirmation, Error> {
        match (self.password, self.login, self.code) {
            (Some(password), ..) => Ok(Confirmation::Password(password)),
            (None, Some(login), Some(code)) => Ok(Confirmation::Code { login, code }),
            _ => Err(Error::field("password", Message::new("accounts-confirmation"))),
        }
    }
}

/// A login and the code that was sent to it.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "login": "13800138000", "code": "123456" }))]
pub(super) struct VerificationInput {
    /// The login.
    #[schema(max_length = 300)]
    login: String,
    /// The code.
    code: String,
}

/// Show that a login is one's own, with the code sent to it.
#[utoipa::path(post, path = "/api/v1/me/logins/verify", tag = "me", request_body = VerificationInput,
    responses((status = 204, description = "Verified"), Refusals), security(("bearer" = [])))]
pub(super) async fn verify_login(
    State(accounts): State<Accounts>,
    actor: Actor,
    client: Client,
    Json(VerificationInput { login, code }): Json<VerificationInput>,
) -> Result<StatusCode, Problem> {
    let confirmation = Confirmation::Code { login, code };
    accounts.prove(&actor, confirmation, &client).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another password.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "confirmation": { "password": "山高月小水落石出" }, "password": "水落石出山高月小" }))]
pub(super) struct PasswordInput {
    /// That one is there.
    confirmation: ConfirmationInput,
    /// The new password, 8 to 128 characters.
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    password: Secret<String>,
}

/// Set another password, and sign the other devices out.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "me", request_body = PasswordInput,
    responses((status = 204, description = "Changed"), Refusals), security(("bearer" = [])))]
pub(super) async fn change_password(
    State(accounts): State<Accounts>,
    actor: Actor,
    client: Client,
    Json(input): Json<PasswordInput>,
) -> Result<StatusCode, Problem> {
    let proof = accounts.prove(&actor, input.confirmation.read()?, &client).await?;
    let password = accounts.hash_password("password", &input.password, None).await?;
    let uow = accounts.store().begin().await?;
    accounts.change_password(&uow, &actor, proof, password).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An identity.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "real_name": "林小满", "number": "11010519491231002X", "consent": true }))]
pub(super) struct IdentityInput {
    /// The name on the identity card.
    #[schema(value_type = String, min_length = 1, max_length = 60)]
    real_name: Secret<String>,
    /// The number on it, 18 characters.
    #[schema(value_type = String)]
    number: Secret<String>,
    /// Consent to the use of this number alone. Must be true: ask for it on its own.
    consent: bool,
}

/// Put one's identity on file; it is kept encrypted and shown masked.
#[utoipa::path(put, path = "/api/v1/me/identity", tag = "me", request_body = IdentityInput,
    responses((status = 204, description = "On file"), Refusals), security(("bearer" = [])))]
pub(super) async fn give_identity(
    State(accounts): State<Accounts>,
    actor: Actor,
    Json(input): Json<IdentityInput>,
) -> Result<StatusCode, Problem> {
    let IdentityInput { real_name, number, consent } = input;
    let uow = accounts.store().begin().await?;
    accounts.give_identity(&uow, &actor, GiveIdentity { real_name, number, consent }).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take one's identity off file, and withdraw the consent to its use.
#[utoipa::path(delete, path = "/api/v1/me/identity", tag = "me",
    responses((status = 204, description = "Gone"), Refusals), security(("bearer" = [])))]
pub(super) async fn forget_identity(
    State(accounts): State<Accounts>,
    actor: Actor,
) -> Result<StatusCode, Problem> {
    let uow = accounts.store().begin().await?;
    accounts.forget_identity(&uow, &actor).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Everything that is kept about oneself.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(value_type = Object, example = json!({
    "format": "luhuan-personal-data/1", "contents": ["accounts"], "data": { "accounts": { "profile": { "name": "林小满" } } }
}))]
pub(super) struct ExportDocument(serde_json::Value);

/// Take out everything that is kept about oneself, as one JSON file.
#[utoipa::path(get, path = "/api/v1/me/export", tag = "me",
    responses((status = 200, body = ExportDocument), Refusals), security(("bearer" = [])))]
pub(super) async fn export(State(accounts): State<Accounts>, actor: Actor) -> Result<Response, Problem> {
    let export = accounts.export(&actor).await?;
    let mut response = secret_json(StatusCode::OK, &ExportDocument(export)).into_response();
    let name = HeaderValue::from_static("attachment; filename=\"luhuan-personal-data.json\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Erase one's account. It cannot be undone.
///
/// Names, logins, identity, sessions and tokens are gone at once; what the law makes us keep stays under a pseudonym.
#[utoipa::path(post, path = "/api/v1/me/erase", tag = "me", request_body = ConfirmationInput,
    responses((status = 204, description = "Erased"), Refusals), security(("bearer" = [])))]
pub(super) async fn erase(
    State(accounts): State<Accounts>,
    actor: Actor,
    client: Client,
    Json(input): Json<ConfirmationInput>,
) -> Result<StatusCode, Problem> {
    let proof = accounts.prove(&actor, input.read()?, &client).await?;
    let uow = accounts.store().begin().await?;
    accounts.erase(&uow, &actor, proof).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
