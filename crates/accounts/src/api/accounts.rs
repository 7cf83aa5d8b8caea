//! `/api/v1/accounts` and `/api/v1/sign-in-codes`.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{
    Actor, Locale, Problem, Secret,
    http::{IdempotencyKey, Json, Refusals},
};
use luhuan_store::idempotency::{self, Once};
use serde::{Deserialize, Serialize};

use super::{commit, me::ProfileDocument, replay};
use crate::{Accounts, Client, CodeSent, SignUpForm, model::CodePurpose};

/// Signing up.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "login": "13800138000", "password": "山高月小水落石出", "name": "林小满", "consent": true }))]
pub(super) struct SignUpInput {
    /// Phone number of mainland China, or e-mail address.
    #[schema(min_length = 1, max_length = 300)]
    login: String,
    /// 8 to 128 characters.
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    password: Secret<String>,
    /// The name others see, 1 to 40 characters; one is made up when none is given.
    #[schema(max_length = 40)]
    name: Option<String>,
    /// Agreement to the terms and the privacy notice. Must be true: ask, and tick nothing beforehand.
    #[serde(default)]
    #[schema(required = true)]
    consent: bool,
    /// The version of the privacy notice that was shown; the one in force when not said.
    privacy_version: Option<String>,
    /// The language to write in; that of the request when not said.
    #[schema(value_type = Option<String>, pattern = "^(zh-CN|en)$")]
    locale: Option<Locale>,
    /// Code of the sub-district lived in.
    subdistrict: Option<String>,
}

/// Sign up.
#[utoipa::path(post, path = "/api/v1/accounts", tag = "accounts", request_body = SignUpInput,
    params(("Idempotency-Key" = Option<String>, Header, description = "Same key and body, same answer")),
    responses((status = 201, body = ProfileDocument), Refusals))]
pub(super) async fn sign_up(
    State(accounts): State<Accounts>,
    actor: Actor,
    client: Client,
    key: IdempotencyKey,
    Json(input): Json<SignUpInput>,
) -> Result<Response, Problem> {
    let body = accounts.fingerprint(&input.to_fingerprint());
    let form = input.into_form(actor.locale);
    let ready = accounts.prepare_sign_up(form, &client).await?;
    let request: &[&[u8]] = &[b"POST /api/v1/accounts", body.as_bytes()];
    let attempt = match idempotency::begin(accounts.store(), &actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let person = accounts.sign_up(&attempt.uow, &actor, ready).await?;
    let profile = accounts.profile_in(attempt.uow.tx(), person).await?;
    commit(attempt, StatusCode::CREATED, profile.version, &ProfileDocument::from(profile)).await
}

impl SignUpInput {
    fn to_fingerprint(&self) -> String {
        let Self { login, password, name, consent, privacy_version, locale, subdistrict } = self;
        format!("{:?}", (login, password.expose(), name, consent, privacy_version, locale, subdistrict))
    }

    fn into_form(self, locale: Locale) -> SignUpForm {
        SignUpForm {
            login: self.login,
            password: self.password,
            name: self.name,
            consent: self.consent,
            privacy_version: self.privacy_version,
            locale: self.locale.unwrap_or(locale),
            subdistrict: self.subdistrict,
        }
    }
}

/// Where to send a code.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "login": "13800138000" }))]
pub(super) struct CodeInput {
    /// Phone number or e-mail address.
    #[schema(min_length = 1, max_length = 300)]
    pub(super) login: String,
}

/// A code is on its way.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({ "sent_to": "138****8000", "minutes": 10, "digits": 6, "again_after_seconds": 60 }))]
pub(super) struct CodeSentDocument {
    /// To whom, masked.
    sent_to: String,
    /// For how many minutes it holds.
    minutes: i64,
    /// How many figures it has.
    digits: usize,
    /// After how many seconds another may be asked for.
    again_after_seconds: i64,
}

impl From<CodeSent> for CodeSentDocument {
    fn from(sent: CodeSent) -> Self {
        Self {
            sent_to: sent.sent_to,
            minutes: sent.minutes,
            digits: sent.digits,
            again_after_seconds: sent.again_after_seconds,
        }
    }
}

/// Have a code sent to sign in with.
///
/// The answer is the same for a login that nobody has; then nothing is sent.
#[utoipa::path(post, path = "/api/v1/sign-in-codes", tag = "accounts", request_body = CodeInput,
    responses((status = 202, body = CodeSentDocument), Refusals))]
pub(super) async fn send_code(
    State(accounts): State<Accounts>,
    actor: Actor,
    client: Client,
    Json(input): Json<CodeInput>,
) -> Result<(StatusCode, Json<CodeSentDocument>), Problem> {
    let uow = accounts.store().begin().await?;
    let sent = accounts.request_code(&uow, &actor, &input.login, CodePurpose::SignIn, &client).await?;
    uow.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(sent.into())))
}
