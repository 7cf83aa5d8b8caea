//! One's own account: profile and identity, devices and tokens, consents, export and erasure.

use std::collections::BTreeSet;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderValue, StatusCode, header};
use luhuan_accounts::{
    ChangeProfile, Client, Confirmation, ConsentView, CreateToken, Error, GiveIdentity, MintedToken, Profile,
    SessionView, TokenView,
    model::{ApiToken, CodePurpose, LoginKind, PASSWORD_MIN, SellerKind},
};
use luhuan_kernel::{Limit, Message, Problem, Scope, Session, Timestamp, http::PathId};
use luhuan_listing::model::State as ListingState;

use super::{
    Site,
    account::{Refusal, leave, no_store, secret},
    cards::{moment, offset, seconds},
    form::{Fields, Form, PageResult},
    post::districts,
    visit::Visit,
};
use crate::{
    format,
    view::{
        Choice, Consent, Frame, Identity, OrganisationLink, PrivacyPage, ProfilePage, ProfileValues,
        SecurityPage, SessionRow, Tab, TokenRow,
    },
};

/// For how many days a token may be made to hold; the first is offered.
const TOKEN_DAYS: [u32; 4] = [90, 30, 180, 366];
/// The consent that is asked for with the identity number alone (PIPL art. 29), and only taken back here.
const IDENTITY: &str = "identity";

/// The addresses of this file.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/me", get(profile).post(save))
        .route("/me/identity", post(identify))
        .route("/me/security", get(security))
        .route("/me/password", post(change_password))
        .route("/me/codes", post(send_code))
        .route("/me/sessions/{id}/revoke", post(end_session))
        .route("/me/sessions/revoke-others", post(end_others))
        .route("/me/tokens", post(create_token))
        .route("/me/tokens/{id}/revoke", post(revoke_token))
        .route("/me/privacy", get(privacy))
        .route("/me/consents", post(save_consents))
        .route("/me/export", post(export))
        .route("/me/erase", post(erase))
}

/// The frame of one of one's own pages. `path` is where the page is read again, also when a form was refused.
pub(super) fn own_frame(site: &Site, visit: &Visit, title: &str, path: &str) -> Frame {
    let mut frame = visit.frame(site);
    frame.title = visit.text().get(title).into_owned();
    frame.path = path.to_owned();
    frame.tab = Tab::Me;
    frame.noindex = true;
    frame
}

/// `GET /me`.
async fn profile(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&profile_page(&site, &visit).await?))
}

async fn profile_page(site: &Site, visit: &Visit) -> Result<ProfilePage, Problem> {
    let (text, actor) = (visit.text(), &visit.actor);
    let profile = site.accounts.profile(actor).await?;
    let organisations = site.accounts.organisations(actor).await?;
    let mine = site.listings.mine(actor, ListingState::Published, None, Limit::of(Some(1))).await?;
    let licensed = organisations.iter().filter(|it| it.licence.is_some());
    let shops = licensed.map(|it| {
        Choice::new(it.id.to_string(), it.name.as_str(), profile.seller_organisation == Some(it.id))
    });
    let kinds = SellerKind::ALL.map(|kind| Choice {
        hint: text.code("seller-means", kind.code()).into_owned(),
        ..Choice::new(kind.code(), text.code("seller", kind.code()), kind == profile.seller_kind)
    });
    Ok(ProfilePage {
        frame: own_frame(site, visit, "me-title", "/me"),
        on_offer: u64::try_from(mine.counts.published).unwrap_or_default(),
        drafts: u64::try_from(mine.counts.draft).unwrap_or_default(),
        watching: site.listings.watch_count(actor).await?,
        shops: shops.collect(),
        seller_kinds: kinds.to_vec(),
        districts: districts(text.locale(), profile.subdistrict.as_deref().unwrap_or_default()),
        organisations: organisations
            .iter()
            .map(|it| OrganisationLink {
                url: format!("/organisations/{}", it.id),
                name: it.name.clone(),
                kind: it.kind.code().to_owned(),
                role: it.role.map(|role| role.code().to_owned()).unwrap_or_default(),
            })
            .collect(),
        values: ProfileValues { name: profile.name.clone(), ..ProfileValues::default() },
        identity: identity(site, visit, profile),
        ..ProfilePage::default()
    })
}

fn identity(site: &Site, visit: &Visit, profile: Profile) -> Identity {
    let login = |kind: LoginKind| {
        let login = profile.logins.iter().find(|login| login.kind == kind);
        login.map(|login| login.masked.clone()).unwrap_or_default()
    };
    let now = seconds(site.accounts.store().clock().now());
    Identity {
        phone: login(LoginKind::Phone),
        email: login(LoginKind::Email),
        seller_kind: profile.seller_kind.code().to_owned(),
        verified: profile.identity_number.is_some(),
        since: format::ago(visit.text(), seconds(profile.created_at), now, offset()),
        name: profile.name,
        real_name: profile.real_name.unwrap_or_default(),
        id_number: profile.identity_number.unwrap_or_default(),
    }
}

/// `POST /me`.
async fn save(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let Err(error) = change_profile(&site, &visit, &fields).await else {
        return Ok(visit.go("/me", Some("profile-saved")));
    };
    let names = [("identity-needed", "seller_kind"), ("licence-needed", "seller_kind")];
    let refusal = Refusal::of(&site, &visit, error, &names)?;
    let mut page = profile_page(&site, &visit).await?;
    page.values.name = fields.get("name").to_owned();
    page.districts = districts(visit.actor.locale, fields.get("subdistrict"));
    choose(&mut page.seller_kinds, fields.get("seller_kind"));
    choose(&mut page.shops, fields.get("seller_organisation"));
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

/// Marks what was chosen in the form that is shown again.
pub(super) fn choose(choices: &mut [Choice], value: &str) {
    for choice in choices {
        choice.chosen = choice.value == value;
    }
}

async fn change_profile(site: &Site, visit: &Visit, fields: &Fields) -> Result<(), Error> {
    let kind = SellerKind::ALL.into_iter().find(|kind| kind.code() == fields.get("seller_kind"));
    let change = ChangeProfile {
        name: Some(fields.get("name").to_owned()),
        locale: None,
        subdistrict: Some(fields.some("subdistrict")),
        seller_kind: kind,
        seller_organisation: fields.get("seller_organisation").parse().ok(),
    };
    let uow = site.accounts.store().begin().await?;
    site.accounts.change_profile(&uow, &visit.actor, change, None).await?;
    uow.commit().await?;
    Ok(())
}

/// `POST /me/identity`.
async fn identify(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let Err(error) = give_identity(&site, &visit, &fields).await else {
        return Ok(visit.go("/me", Some("identity-saved")));
    };
    let names = [("number", "id_number"), ("consent-missing", "consent_identity")];
    let refusal = Refusal::of(&site, &visit, error, &names)?;
    let mut page = profile_page(&site, &visit).await?;
    page.values.real_name = fields.get("real_name").to_owned();
    page.values.id_number = fields.get("id_number").to_owned();
    page.values.consent_identity = fields.ticked("consent_identity");
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

async fn give_identity(site: &Site, visit: &Visit, fields: &Fields) -> Result<(), Error> {
    let given = GiveIdentity {
        real_name: secret(fields, "real_name"),
        number: secret(fields, "id_number"),
        consent: fields.ticked("consent_identity"),
    };
    let uow = site.accounts.store().begin().await?;
    site.accounts.give_identity(&uow, &visit.actor, given).await?;
    uow.commit().await?;
    Ok(())
}

/// `GET /me/security`.
async fn security(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&security_page(&site, &visit).await?))
}

async fn security_page(site: &Site, visit: &Visit) -> Result<SecurityPage, Problem> {
    let (text, actor, accounts) = (visit.text(), &visit.actor, &site.accounts);
    let now = accounts.store().clock().now();
    let code_to = code_to(site, visit).await?;
    let scopes = Scope::ALL.iter().filter(|scope| **scope != Scope::Staff || !actor.roles.is_empty());
    Ok(SecurityPage {
        frame: own_frame(site, visit, "security-title", "/me/security"),
        has_password: code_to.is_empty(),
        code_to,
        password_min: u32::try_from(PASSWORD_MIN).unwrap_or_default(),
        sessions: accounts.sessions(actor).await?.into_iter().map(|it| session_row(visit, it, now)).collect(),
        tokens: accounts.tokens(actor).await?.into_iter().map(|it| token_row(visit, it, now)).collect(),
        scopes: scopes.map(|scope| Choice::new(scope.code(), "", *scope == Scope::Read)).collect(),
        lifetimes: TOKEN_DAYS
            .map(|days| Choice::new(days.to_string(), text.n("token-days", days), days == TOKEN_DAYS[0]))
            .to_vec(),
        ..SecurityPage::default()
    })
}

/// Where the code is sent that stands for a password, masked; empty for those who have a password.
async fn code_to(site: &Site, visit: &Visit) -> Result<String, Problem> {
    if site.accounts.profile(&visit.actor).await?.has_password {
        return Ok(String::new());
    }
    Ok(site.accounts.confirmation_login(&visit.actor).await?.to_string())
}

fn session_row(visit: &Visit, view: SessionView, now: Timestamp) -> SessionRow {
    SessionRow {
        id: view.id.to_string(),
        device: view.device,
        address: view.address,
        last_used: moment(visit.text(), view.last_seen_at, now),
        current: view.current,
    }
}

fn token_row(visit: &Visit, view: TokenView, now: Timestamp) -> TokenRow {
    let text = visit.text();
    let ago = |at| format::ago(text, seconds(at), seconds(now), offset());
    TokenRow {
        id: view.id.to_string(),
        name: view.name,
        prefix: format!("{}…", view.prefix),
        scopes: view.scopes.iter().map(|scope| scope.code().to_owned()).collect(),
        expires: format::date(text, seconds(view.expires_at), seconds(now), offset()),
        last_used: view.last_used_at.map(ago).unwrap_or_default(),
        expired: view.expires_at <= now,
    }
}

/// The security page with what is wrong in one of its forms.
async fn refuse_on_security(site: &Site, visit: &Visit, fields: &Fields, refusal: Refusal) -> PageResult {
    let mut page = security_page(site, visit).await?;
    page.token_name = fields.get("token_name").to_owned();
    if !page.token_name.is_empty() {
        for scope in &mut page.scopes {
            scope.chosen = fields.all("scope").any(|code| code == scope.value);
        }
        choose(&mut page.lifetimes, fields.get("expires_in_days"));
    }
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(visit, &page))
}

/// `POST /me/password`.
async fn change_password(
    State(site): State<Site>,
    visit: Visit,
    client: Client,
    Form(fields): Form,
) -> PageResult {
    match set_password(&site, &visit, &client, &fields).await {
        Ok(()) => Ok(visit.go("/me/security", Some("password-changed"))),
        Err(problem) => {
            let names = [("bad-confirmation", proof_field(&fields, "current_password"))];
            let refusal = Refusal::of(&site, &visit, problem, &names)?;
            refuse_on_security(&site, &visit, &fields, refusal).await
        }
    }
}

async fn set_password(site: &Site, visit: &Visit, client: &Client, fields: &Fields) -> Result<(), Problem> {
    // The new one is read first: a code that proved presence would be used up by a password that is too short.
    let password = site.accounts.hash_password("password", &secret(fields, "password"), None).await?;
    let confirmation = confirmation(site, visit, fields, "current_password").await?;
    let proof = site.accounts.prove(&visit.actor, confirmation, client).await?;
    let uow = site.accounts.store().begin().await?;
    site.accounts.change_password(&uow, &visit.actor, proof, password).await?;
    uow.commit().await?;
    Ok(())
}

/// The field that proves presence: a code when the form asked for one, else the password.
fn proof_field<'a>(fields: &Fields, password: &'a str) -> &'a str {
    if fields.all("code").next().is_some() { "code" } else { password }
}

async fn confirmation(
    site: &Site,
    visit: &Visit,
    fields: &Fields,
    password: &str,
) -> Result<Confirmation, Problem> {
    let field = proof_field(fields, password);
    // What was forgotten is no guess: it is not counted as one.
    if fields.raw(field).is_empty() {
        return Err(Problem::invalid_field(field, Message::new("accounts-empty")));
    }
    if field == password {
        return Ok(Confirmation::Password(secret(fields, password)));
    }
    let login = site.accounts.confirmation_login(&visit.actor).await?;
    Ok(Confirmation::Code { login: login.expose().to_owned(), code: fields.get(field).to_owned() })
}

/// `POST /me/codes`: a code to confirm with, for those without a password.
async fn send_code(State(site): State<Site>, visit: Visit, client: Client, Form(fields): Form) -> PageResult {
    let login = site.accounts.confirmation_login(&visit.actor).await?;
    let uow = site.accounts.store().begin().await?;
    site.accounts.request_code(&uow, &visit.actor, login.expose(), CodePurpose::Confirm, &client).await?;
    uow.commit().await?;
    Ok(visit.go(&fields.next(), Some("code-sent")))
}

/// `POST /me/sessions/{id}/revoke`.
async fn end_session(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Session>,
    Form(_): Form,
) -> PageResult {
    let uow = site.accounts.store().begin().await?;
    site.accounts.end_session(&uow, &visit.actor, id).await?;
    uow.commit().await?;
    Ok(visit.go("/me/security", Some("session-ended")))
}

/// `POST /me/sessions/revoke-others`.
async fn end_others(State(site): State<Site>, visit: Visit, Form(_): Form) -> PageResult {
    let uow = site.accounts.store().begin().await?;
    site.accounts.end_other_sessions(&uow, &visit.actor).await?;
    uow.commit().await?;
    Ok(visit.go("/me/security", Some("sessions-ended")))
}

/// `POST /me/tokens`: the answer is the page itself, the only one that ever shows the token.
async fn create_token(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    match mint_token(&site, &visit, &fields).await {
        Ok(minted) => {
            let mut page = security_page(&site, &visit).await?;
            page.new_token = Some(minted.token.expose().clone());
            Ok(no_store(visit.render_with(StatusCode::CREATED, &page)))
        }
        Err(error) => {
            let names = [("name", "token_name"), ("scopes", "scope"), ("too-many-tokens", "token_name")];
            let refusal = Refusal::of(&site, &visit, error, &names)?;
            refuse_on_security(&site, &visit, &fields, refusal).await
        }
    }
}

async fn mint_token(site: &Site, visit: &Visit, fields: &Fields) -> Result<MintedToken, Error> {
    let input = CreateToken {
        name: fields.get("token_name").to_owned(),
        scopes: fields.all("scope").filter_map(Scope::from_code).collect(),
        // What is no number is out of bounds like any other, and refused as such.
        expires_in_days: fields.get("expires_in_days").parse().unwrap_or_default(),
    };
    let uow = site.accounts.store().begin().await?;
    let minted = site.accounts.create_token(&uow, &visit.actor, input).await?;
    uow.commit().await?;
    Ok(minted)
}

/// `POST /me/tokens/{id}/revoke`.
async fn revoke_token(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<ApiToken>,
    Form(_): Form,
) -> PageResult {
    let uow = site.accounts.store().begin().await?;
    site.accounts.revoke_token(&uow, &visit.actor, id).await?;
    uow.commit().await?;
    Ok(visit.go("/me/security", Some("token-revoked")))
}

/// `GET /me/privacy`.
async fn privacy(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&privacy_page(&site, &visit).await?))
}

async fn privacy_page(site: &Site, visit: &Visit) -> Result<PrivacyPage, Problem> {
    let (text, actor) = (visit.text(), &visit.actor);
    let consents = site.accounts.consents(actor).await?;
    let shown = consents.into_iter().filter(|view| view.purpose != IDENTITY || view.given.is_some());
    let blocking = site.accounts.erasure_blocked_by(actor).await?;
    let names: Vec<&str> = blocking.iter().map(|organisation| organisation.name.as_str()).collect();
    let code_to = code_to(site, visit).await?;
    Ok(PrivacyPage {
        frame: own_frame(site, visit, "privacy-title", "/me/privacy"),
        consents: shown.map(|view| consent(site, visit, view)).collect(),
        has_password: code_to.is_empty(),
        code_to,
        erase_blocked: if names.is_empty() {
            String::new()
        } else {
            text.with("erase-blocked", "names", names.join(text.locale().pick("、", ", "))).into_owned()
        },
        kept: vec![text.get("erase-kept-trade").into_owned(), text.get("erase-kept-consent").into_owned()],
        ..PrivacyPage::default()
    })
}

fn consent(site: &Site, visit: &Visit, view: ConsentView) -> Consent {
    let (texts, locale) = (&site.texts, visit.actor.locale);
    let key = format!("accounts-consent-{}", view.purpose);
    let now = seconds(site.accounts.store().clock().now());
    let since = view.given.as_ref().map(|(_, at)| format::date(visit.text(), seconds(*at), now, offset()));
    Consent {
        title: texts.get(locale, &key),
        detail: texts.attribute(locale, &key, "detail", &[]),
        given: view.given.is_some(),
        required: view.required,
        since: since.unwrap_or_default(),
        code: view.purpose,
    }
}

/// `POST /me/consents`: what is ticked is given, what is not is withdrawn.
async fn save_consents(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let ticked: BTreeSet<&str> = fields.all("consent").collect();
    let consents = site.accounts.consents(&visit.actor).await?;
    let uow = site.accounts.store().begin().await?;
    for view in consents.iter().filter(|view| !view.required) {
        let purpose = view.purpose.as_str();
        if !ticked.contains(purpose) {
            site.accounts.withdraw_consent(&uow, &visit.actor, purpose).await?;
        } else if purpose != IDENTITY {
            site.accounts.give_consent(&uow, &visit.actor, purpose).await?;
        }
    }
    uow.commit().await?;
    Ok(visit.go("/me/privacy", Some("consents-saved")))
}

/// `POST /me/export`: the file itself.
async fn export(State(site): State<Site>, visit: Visit, Form(_): Form) -> PageResult {
    let archive = site.accounts.export(&visit.actor).await?;
    let body = serde_json::to_vec_pretty(&archive).map_err(|error| {
        tracing::error!(%error, "an export was not written");
        Problem::internal()
    })?;
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let name = HeaderValue::from_static("attachment; filename=\"luhuan-personal-data.json\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(no_store(response))
}

/// `POST /me/erase`.
async fn erase(State(site): State<Site>, visit: Visit, client: Client, Form(fields): Form) -> PageResult {
    let refusal = if fields.ticked("confirm") {
        let Err(problem) = erase_account(&site, &visit, &client, &fields).await else {
            return Ok(leave(&visit, "erased"));
        };
        Refusal::of(&site, &visit, problem, &[("bad-confirmation", proof_field(&fields, "password"))])?
    } else {
        Refusal::field("confirm", visit.text().get("erase-confirm-missing"))
    };
    refuse_on_privacy(&site, &visit, refusal).await
}

async fn refuse_on_privacy(site: &Site, visit: &Visit, refusal: Refusal) -> Result<Response, Problem> {
    let mut page = privacy_page(site, visit).await?;
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(visit, &page))
}

async fn erase_account(site: &Site, visit: &Visit, client: &Client, fields: &Fields) -> Result<(), Problem> {
    let confirmation = confirmation(site, visit, fields, "password").await?;
    let proof = site.accounts.prove(&visit.actor, confirmation, client).await?;
    let uow = site.accounts.store().begin().await?;
    site.accounts.erase(&uow, &visit.actor, proof).await?;
    uow.commit().await?;
    Ok(())
}
