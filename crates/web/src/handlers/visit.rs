//! A visit: who it is, in which language and colours, and what every page needs of it.

use askama::Template;
use axum::{
    extract::FromRequestParts,
    response::{Html, IntoResponse, Response},
};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use luhuan_kernel::{Actor, Locale, Problem, Role, http::TraceId, random};
use sha2::Sha256;

use super::Site;
use crate::{
    text::Text,
    view::{Frame, Notice, OpenGraph, SignedIn, Theme, Tone},
};

/// The cookie of a signed-in device.
pub(super) const SESSION: &str = "lh_session";
/// The cookie of a device that is not signed in, which its CSRF tokens are bound to.
const VISITOR: &str = "lh_visitor";
/// The cookie of the language.
const LANGUAGE: &str = "lh_lang";
/// The cookie of the colours.
const COLOURS: &str = "lh_theme";
/// The cookie that carries what the last action did to the next page.
const FLASH: &str = "lh_flash";

/// Scripts, styles, pictures and forms of our own only; nothing inline, no frames.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A visit of a page.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Who.
    pub actor: Actor,
    /// Path and query, without the switches.
    pub path: String,
    /// The query alone.
    pub query: String,
    /// The colours asked for.
    pub theme: Theme,
    /// Whether the device reaches us by HTTPS.
    pub secure: bool,
    /// Scheme and host as the device sees them.
    pub origin: String,
    /// Messages that are unread.
    pub unread: u64,
    /// Notifications that are unread.
    pub notices: u64,
    flash: Option<String>,
    trace: String,
    visitor: Option<String>,
    fresh_visitor: bool,
}

impl FromRequestParts<Site> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Problem> {
        if let Some(visit) = parts.extensions.get::<Self>() {
            return Ok(visit.clone());
        }
        let actor = Actor::from_request_parts(parts, site).await?;
        let trace = parts.extensions.get::<TraceId>().cloned().unwrap_or_default().0;
        let known = cookie(&parts.headers, VISITOR).filter(|value| value.len() <= 64);
        let fresh_visitor = known.is_none() && actor.session.is_none();
        let secure = is_secure(&parts.headers, site);
        // Looked up where a page is shown; a form's answer leads to one.
        let unread = match actor.person_id() {
            Some(_) if parts.method == http::Method::GET => {
                site.trade.unread(&actor).await.unwrap_or_default()
            }
            _ => luhuan_trade::Unread::default(),
        };
        let notices = match actor.person_id() {
            Some(_) if parts.method == http::Method::GET => {
                site.notifications.unread(&actor).await.unwrap_or_default()
            }
            _ => 0,
        };
        let visit = Self {
            unread: u64::try_from(unread.messages).unwrap_or_default(),
            notices,
            actor,
            path: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            theme: cookie(&parts.headers, COLOURS)
                .and_then(|code| Theme::from_code(&code))
                .unwrap_or_default(),
            origin: origin(&parts.headers, site, secure),
            secure,
            flash: cookie(&parts.headers, FLASH),
            trace,
            visitor: Some(known.unwrap_or_else(random::token)),
            fresh_visitor,
        };
        parts.extensions.insert(visit.clone());
        Ok(visit)
    }
}

impl Visit {
    /// The reader's texts.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::of(self.actor.locale)
    }

    /// The frame of a page.
    #[must_use]
    pub fn frame(&self, site: &Site) -> Frame {
        let text = self.text();
        let person = self.actor.person_id().map(|id| SignedIn {
            id: id.to_string(),
            name: self.actor.name.clone(),
            is_staff: [Role::Moderator, Role::Support, Role::Administrator]
                .iter()
                .any(|role| self.actor.has(*role)),
        });
        let told = self.flash.as_deref().filter(|code| text.has(&format!("flash-{code}")));
        let flash = told.map(|code| Notice {
            tone: Tone::Good,
            message: text.get(&format!("flash-{code}")).into_owned(),
            link: None,
        });
        Frame {
            t: text,
            path: self.path.clone(),
            person,
            csrf: self.csrf(site),
            flash,
            theme: self.theme,
            trace_id: self.trace.clone(),
            og: OpenGraph {
                origin: self.origin.clone(),
                url: format!("{}{}", self.origin, self.path),
                ..OpenGraph::default()
            },
            demo: site.demo,
            unread: self.unread,
            notices: self.notices,
            ..Frame::default()
        }
    }

    /// The CSRF token of this device: a keyed hash of its session, or of its visitor cookie while signed out.
    #[must_use]
    pub fn csrf(&self, site: &Site) -> String {
        hex::encode(self.csrf_mac(site).finalize().into_bytes())
    }

    /// Whether a form's token is this device's, compared in constant time.
    #[must_use]
    pub fn csrf_fits(&self, site: &Site, token: &str) -> bool {
        !self.fresh_visitor
            && hex::decode(token).is_ok_and(|token| self.csrf_mac(site).verify_slice(&token).is_ok())
    }

    fn csrf_mac(&self, site: &Site) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(site.secret.expose()).expect("HMAC takes a key of any length");
        match (self.actor.session, &self.visitor) {
            (Some(session), _) => mac.update(session.as_bytes()),
            (None, visitor) => mac.update(visitor.as_deref().unwrap_or_default().as_bytes()),
        }
        mac
    }

    /// A page as an answer.
    #[must_use]
    pub fn render(&self, page: &impl Template) -> Response {
        self.render_with(StatusCode::OK, page)
    }

    /// A page as an answer with a status.
    #[must_use]
    pub fn render_with(&self, status: StatusCode, page: &impl Template) -> Response {
        let html = match page.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a template failed");
                return Problem::internal().into_response();
            }
        };
        let mut response = (status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        // A page holds the visitor's name or token: kept by nobody else, and asked for again each time.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.actor.locale.tag()));
        headers.append(header::VARY, HeaderValue::from_static("Cookie, Accept-Language"));
        if self.fresh_visitor
            && let Some(visitor) = &self.visitor
        {
            self.set_cookie(headers, VISITOR, visitor, 365 * 86_400);
        }
        if self.flash.is_some() {
            self.set_cookie(headers, FLASH, "", 0);
        }
        response
    }

    /// A page as an answer, on which the payment provider's own script runs as well: that page alone may load it, show
    /// its frames and let it speak to its server.
    #[must_use]
    pub fn render_with_script(&self, page: &impl Template, script: &str) -> Response {
        let mut response = self.render(page);
        let origins = script_origins(script);
        let policy = POLICY
            .replace("script-src 'self'", &format!("script-src 'self' {origins}"))
            .replace("connect-src 'self'", &format!("connect-src 'self' {origins}"))
            .replace("form-action 'self'", &format!("frame-src {origins}; form-action 'self'"));
        match HeaderValue::from_str(&policy) {
            Ok(policy) => {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            Err(error) => tracing::error!(%error, "the address of the payment script is no origin"),
        }
        response
    }

    /// Goes on to another page (303), which tells what was done: the text `flash-<code>`.
    #[must_use]
    pub fn go(&self, to: &str, flash: Option<&str>) -> Response {
        let mut response = axum::response::Redirect::to(to).into_response();
        if let Some(code) = flash {
            self.set_cookie(response.headers_mut(), FLASH, code, 60);
        }
        response
    }

    /// Adds a cookie that scripts cannot read and other sites do not cause to be sent with forms.
    pub fn set_cookie(&self, headers: &mut HeaderMap, name: &str, value: &str, seconds: u32) {
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }

    /// `?lang=` and `?theme=`: remembered, then the address without them.
    #[must_use]
    pub fn switch(&self) -> Option<Response> {
        let (mut language, mut theme, mut rest) = (None, None, Vec::new());
        for (name, value) in form_urlencoded::parse(self.query.as_bytes()) {
            match &*name {
                "lang" => language = value.parse::<Locale>().ok(),
                "theme" => theme = Theme::from_code(&value),
                _ => rest.push((name.into_owned(), value.into_owned())),
            }
        }
        if language.is_none() && theme.is_none() {
            return None;
        }
        let path = self.path.split('?').next().unwrap_or("/").to_owned();
        let mut response = self.go(&crate::view::Address::new(path, rest).to_string(), None);
        let year = 365 * 86_400;
        if let Some(language) = language {
            self.set_cookie(response.headers_mut(), LANGUAGE, language.tag(), year);
        }
        if let Some(theme) = theme {
            self.set_cookie(response.headers_mut(), COLOURS, theme.code(), year);
        }
        Some(response)
    }
}

/// Where a payment provider's script comes from and speaks to: its own origin; of Stripe's also the other hosts that its
/// documentation names (docs.stripe.com/security/guide#content-security-policy).
fn script_origins(script: &str) -> String {
    let origin = script.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let clean = |c: char| c.is_ascii_alphanumeric() || ":/.-[]".contains(c);
    if !origin.chars().all(clean) {
        return String::new();
    }
    match origin.as_str() {
        "https://js.stripe.com" => {
            "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com https://api.stripe.com"
                .to_owned()
        }
        _ => origin,
    }
}

/// A cookie's value.
#[must_use]
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// The token of the session cookie.
#[must_use]
pub fn session_cookie(headers: &HeaderMap) -> Option<String> {
    cookie(headers, SESSION)
}

/// The language of a page: the one chosen, else the browser's.
#[must_use]
pub fn locale(headers: &HeaderMap) -> Locale {
    let chosen = cookie(headers, LANGUAGE).and_then(|tag| tag.parse().ok());
    let browser = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen.unwrap_or_else(|| Locale::from_accept_language(browser.unwrap_or_default()))
}

fn is_secure(headers: &HeaderMap, site: &Site) -> bool {
    if let Some(url) = &site.public_url {
        return url.starts_with("https://");
    }
    let scheme = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    site.trusts_proxy && scheme == Some("https")
}

fn origin(headers: &HeaderMap, site: &Site, secure: bool) -> String {
    if let Some(url) = &site.public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if secure { "https" } else { "http" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_script_widens_the_policy_to_its_origin_and_no_further() {
        assert_eq!(script_origins("http://127.0.0.1:8420/js.stripe.com/v3/"), "http://127.0.0.1:8420");
        assert!(script_origins("https://js.stripe.com/v3/").starts_with("https://js.stripe.com "));
        assert_eq!(script_origins("https://a.example;script-src *//x"), "");
    }
}
