//! Signing up, in and out; and how a refused form is shown again, for the pages of an account.

use std::collections::BTreeSet;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use luhuan_accounts::{
    Client, Error, SignIn, SignUpForm, SignedIn,
    model::{CODE_DIGITS, CODE_MINUTES, CodePurpose, Login, PASSWORD_MIN},
};
use luhuan_kernel::{Problem, Secret};

use super::{
    Site,
    form::{Fields, Form, PageResult, safe_path},
    mine::param,
    post::districts,
    visit::{SESSION, Visit, cookie},
};
use crate::{
    text::Text,
    view::{Address, CodePage, Errors, SignInPage, SignUpPage, SignUpValues},
};

/// How long a device keeps its token, in seconds. The session itself ends when it lies unused for its term, and slides
/// with each visit; the cookie only must not end first.
const SESSION_SECONDS: u32 = 400 * 86_400;
/// The cookie that carries, in hex, the login that a code was sent to: an address would be logged on the way.
const AWAITED: &str = "lh_code";
/// Demo sign-ins shown at most: more than there are roles.
const DEMO_ACCOUNTS: usize = 24;

/// The addresses of this file.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/sign-in", get(sign_in_page).post(sign_in))
        .route("/sign-in/code", get(code_page).post(send_code))
        .route("/sign-in/code/verify", post(verify_code))
        .route("/sign-up", get(sign_up_page).post(sign_up))
        .route("/sign-out", post(sign_out))
}

/// A form that was refused: what is wrong with it, and how the same page answers.
pub(super) struct Refusal {
    /// What is wrong, by the form's fields.
    pub(super) errors: Errors,
    status: StatusCode,
    retry_after: Option<HeaderValue>,
}

impl Refusal {
    /// What the person can mend in the form. `names` turns fields of the API, and slugs of problems that name no
    /// field, into fields of the form; a slug without a name is about the whole form.
    ///
    /// # Errors
    /// The problem itself when the form cannot mend it: nobody signed in, not theirs, not there, our fault.
    pub(super) fn of(
        site: &Site,
        visit: &Visit,
        problem: impl Into<Problem>,
        names: &[(&str, &str)],
    ) -> Result<Self, Problem> {
        let problem = problem.into();
        let elsewhere = matches!(problem.slug(), "unauthenticated" | "forbidden" | "not-found");
        if elsewhere || problem.status().is_server_error() {
            return Err(problem);
        }
        let (texts, locale) = (&site.texts, visit.actor.locale);
        let named = |name: &str| names.iter().find(|(from, _)| *from == name).map(|(_, to)| *to);
        let mut errors = Errors::none();
        for fault in problem.fields() {
            errors.add(named(&fault.field).unwrap_or(&fault.field), fault.message.render(texts, locale));
        }
        if errors.is_empty() {
            let (title, detail) = (problem.title(texts, locale), problem.detail(texts, locale));
            let stop = locale.pick("。", ". ");
            errors.add(named(problem.slug()).unwrap_or_default(), format!("{title}{stop}{detail}"));
        }
        let waits = problem.status() == StatusCode::TOO_MANY_REQUESTS;
        let status = if waits { problem.status() } else { StatusCode::UNPROCESSABLE_ENTITY };
        let retry_after = problem.into_response().headers().get(header::RETRY_AFTER).cloned();
        Ok(Self { errors, status, retry_after })
    }

    /// One fault that the form itself shows.
    pub(super) fn field(field: &str, message: impl Into<String>) -> Self {
        let mut errors = Errors::none();
        errors.add(field, message);
        Self { errors, status: StatusCode::UNPROCESSABLE_ENTITY, retry_after: None }
    }

    /// The page with the faults in it, as an answer that nobody keeps: it holds what was typed.
    pub(super) fn answer(self, visit: &Visit, page: &impl askama::Template) -> Response {
        let mut response = no_store(visit.render_with(self.status, page));
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// An answer that nobody keeps: it holds a secret, or numbers whole.
pub(super) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What was typed as a password, to the letter.
pub(super) fn secret(fields: &Fields, name: &str) -> Secret<String> {
    Secret::new(fields.raw(name).to_owned())
}

/// Where to go afterwards, as the address says.
fn next(visit: &Visit) -> String {
    safe_path(&param(visit, "next").unwrap_or_default())
}

/// Signed in: the device carries the session from now on.
fn enter(visit: &Visit, signed_in: &SignedIn, to: &str, flash: Option<&str>) -> Response {
    let mut response = no_store(visit.go(to, flash));
    visit.set_cookie(response.headers_mut(), SESSION, signed_in.token.expose(), SESSION_SECONDS);
    response
}

/// `GET /sign-in?next=`.
async fn sign_in_page(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let next = next(&visit);
    if visit.actor.person_id().is_some() {
        return Ok(visit.go(&next, None));
    }
    Ok(visit.render(&sign_in_form(&site, &visit, next)))
}

fn sign_in_form(site: &Site, visit: &Visit, next: String) -> SignInPage {
    let text = visit.text();
    let mut frame = visit.frame(site);
    frame.title = text.get("sign-in-title").into_owned();
    frame.path = Address::new("/sign-in", [("next", next.as_str())]).to_string();
    frame.noindex = true;
    SignInPage { frame, next, demo_accounts: demo_accounts(site, text), ..SignInPage::default() }
}

/// The demo's sign-ins, one of each role.
fn demo_accounts(site: &Site, text: Text) -> Vec<(String, String, String)> {
    let mut seen = BTreeSet::new();
    let firsts = site.demo_accounts.iter().filter(|account| seen.insert(account.role.as_str()));
    firsts
        .take(DEMO_ACCOUNTS)
        .map(|account| {
            let role = text.code("demo-role", &account.role).into_owned();
            (role, account.login.clone(), account.password.clone())
        })
        .collect()
}

/// `POST /sign-in`.
async fn sign_in(State(site): State<Site>, visit: Visit, client: Client, Form(fields): Form) -> PageResult {
    let login = fields.get("login").to_owned();
    let form = SignIn { login: login.clone(), password: secret(&fields, "password") };
    match site.accounts.sign_in(form, &client).await {
        Ok(signed_in) => Ok(enter(&visit, &signed_in, &fields.next(), None)),
        Err(error) => {
            let refusal = Refusal::of(&site, &visit, error, &[])?;
            let errors = refusal.errors.clone();
            let page = SignInPage { login, errors, ..sign_in_form(&site, &visit, fields.next()) };
            Ok(refusal.answer(&visit, &page))
        }
    }
}

/// The login whose code this device waits for.
fn awaited(headers: &HeaderMap) -> Option<Login> {
    let login = hex::decode(cookie(headers, AWAITED)?).ok()?;
    Login::parse(std::str::from_utf8(&login).ok()?).ok()
}

/// `GET /sign-in/code?next=`, where a code was sent.
async fn code_page(State(site): State<Site>, visit: Visit, headers: HeaderMap) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let next = next(&visit);
    if visit.actor.person_id().is_some() {
        return Ok(visit.go(&next, None));
    }
    match awaited(&headers) {
        Some(login) => Ok(visit.render(&code_form(&site, &visit, &login, next))),
        None => Ok(visit.go(&Address::new("/sign-in", [("next", next)]).to_string(), None)),
    }
}

fn code_form(site: &Site, visit: &Visit, login: &Login, next: String) -> CodePage {
    let mut frame = visit.frame(site);
    frame.title = visit.text().get("code-title").into_owned();
    frame.path = Address::new("/sign-in/code", [("next", next.as_str())]).to_string();
    frame.noindex = true;
    CodePage {
        frame,
        // Hidden in the form, so that the code is checked against the login it was sent to.
        login: login.expose().to_owned(),
        sent_to: login.to_string(),
        minutes: u32::try_from(CODE_MINUTES).unwrap_or_default(),
        digits: u32::try_from(CODE_DIGITS).unwrap_or_default(),
        next,
        errors: Errors::none(),
        in_console: site.demo,
    }
}

/// `POST /sign-in/code`. A second one too soon is refused where the first is waited for.
async fn send_code(
    State(site): State<Site>,
    visit: Visit,
    client: Client,
    headers: HeaderMap,
    Form(fields): Form,
) -> PageResult {
    let login = fields.get("login");
    let again = awaited(&headers).filter(|waiting| Login::parse(login).as_ref() == Ok(waiting));
    match request_code(&site, &visit, login, &client).await {
        Ok(login) => {
            let to = Address::new("/sign-in/code", [("next", fields.next())]).to_string();
            let mut response = visit.go(&to, again.map(|_| "code-sent"));
            let seconds = u32::try_from(CODE_MINUTES * 60).unwrap_or_default();
            visit.set_cookie(response.headers_mut(), AWAITED, &hex::encode(login.expose()), seconds);
            Ok(response)
        }
        Err(error) => {
            let names = [("login", "code-login")];
            let refusal = Refusal::of(&site, &visit, error, &names)?;
            let errors = refusal.errors.clone();
            if let Some(waiting) = again {
                let page = CodePage { errors, ..code_form(&site, &visit, &waiting, fields.next()) };
                return Ok(refusal.answer(&visit, &page));
            }
            let form = sign_in_form(&site, &visit, fields.next());
            let page = SignInPage { login: login.to_owned(), errors, by_code: true, ..form };
            Ok(refusal.answer(&visit, &page))
        }
    }
}

async fn request_code(site: &Site, visit: &Visit, login: &str, client: &Client) -> Result<Login, Error> {
    let uow = site.accounts.store().begin().await?;
    site.accounts.request_code(&uow, &visit.actor, login, CodePurpose::SignIn, client).await?;
    uow.commit().await?;
    Login::parse(login).map_err(|_| Error::NotFound)
}

/// `POST /sign-in/code/verify`.
async fn verify_code(
    State(site): State<Site>,
    visit: Visit,
    client: Client,
    Form(fields): Form,
) -> PageResult {
    let (login, code) = (fields.get("login"), fields.get("code"));
    match site.accounts.sign_in_with_code(&visit.actor, login, code, &client).await {
        Ok(signed_in) => {
            let mut response = if signed_in.password_dropped {
                enter(&visit, &signed_in, "/me/security", Some("password-dropped"))
            } else {
                enter(&visit, &signed_in, &fields.next(), None)
            };
            visit.set_cookie(response.headers_mut(), AWAITED, "", 0);
            Ok(response)
        }
        Err(error) => {
            let refusal = Refusal::of(&site, &visit, error, &[("bad-code", "code")])?;
            let errors = refusal.errors.clone();
            let Ok(login) = Login::parse(login) else {
                let page = SignInPage { errors, by_code: true, ..sign_in_form(&site, &visit, fields.next()) };
                return Ok(refusal.answer(&visit, &page));
            };
            let page = CodePage { errors, ..code_form(&site, &visit, &login, fields.next()) };
            Ok(refusal.answer(&visit, &page))
        }
    }
}

/// `GET /sign-up?next=`.
async fn sign_up_page(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let next = next(&visit);
    if visit.actor.person_id().is_some() {
        return Ok(visit.go(&next, None));
    }
    Ok(visit.render(&sign_up_form(&site, &visit, next, "")))
}

fn sign_up_form(site: &Site, visit: &Visit, next: String, subdistrict: &str) -> SignUpPage {
    let mut frame = visit.frame(site);
    frame.title = visit.text().get("sign-up-title").into_owned();
    frame.path = Address::new("/sign-up", [("next", next.as_str())]).to_string();
    frame.noindex = true;
    let groups = districts(visit.actor.locale, subdistrict);
    SignUpPage {
        frame,
        districts: groups.into_iter().map(|group| (group.name, group.subdistricts)).collect(),
        password_min: u32::try_from(PASSWORD_MIN).unwrap_or_default(),
        next,
        ..SignUpPage::default()
    }
}

/// `POST /sign-up`.
async fn sign_up(State(site): State<Site>, visit: Visit, client: Client, Form(fields): Form) -> PageResult {
    match register(&site, &visit, &client, &fields).await {
        Ok(signed_in) => Ok(enter(&visit, &signed_in, &fields.next(), Some("signed-up"))),
        Err(error) => {
            // The service asks for one consent to both texts; the form shows which box it waits for.
            let unticked = if fields.ticked("consent_terms") { "consent_privacy" } else { "consent_terms" };
            let refusal = Refusal::of(&site, &visit, error, &[("consent", unticked)])?;
            let values = SignUpValues {
                login: fields.get("login").to_owned(),
                name: fields.get("name").to_owned(),
                terms: fields.ticked("consent_terms"),
                privacy: fields.ticked("consent_privacy"),
            };
            let form = sign_up_form(&site, &visit, fields.next(), fields.get("subdistrict"));
            let page = SignUpPage { values, errors: refusal.errors.clone(), ..form };
            Ok(refusal.answer(&visit, &page))
        }
    }
}

/// Signs up and in, in one unit.
async fn register(site: &Site, visit: &Visit, client: &Client, fields: &Fields) -> Result<SignedIn, Error> {
    let form = SignUpForm {
        login: fields.get("login").to_owned(),
        password: secret(fields, "password"),
        name: fields.some("name"),
        consent: fields.ticked("consent_terms") && fields.ticked("consent_privacy"),
        privacy_version: None,
        locale: visit.actor.locale,
        subdistrict: fields.some("subdistrict"),
    };
    let ready = site.accounts.prepare_sign_up(form, client).await?;
    let uow = site.accounts.store().begin().await?;
    let person = site.accounts.sign_up(&uow, &visit.actor, ready).await?;
    let name = fields.get("name").to_owned();
    let signed_in = site.accounts.open_session(&uow, person, name, client).await?;
    uow.commit().await?;
    Ok(signed_in)
}

/// `POST /sign-out`.
async fn sign_out(State(site): State<Site>, visit: Visit, Form(_): Form) -> PageResult {
    let uow = site.accounts.store().begin().await?;
    site.accounts.sign_out(&uow, &visit.actor).await?;
    uow.commit().await?;
    Ok(leave(&visit, "signed-out"))
}

/// Back to the first page, the device's session forgotten.
pub(super) fn leave(visit: &Visit, flash: &str) -> Response {
    let mut response = no_store(visit.go("/", Some(flash)));
    visit.set_cookie(response.headers_mut(), SESSION, "", 0);
    response
}
