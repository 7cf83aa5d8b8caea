//! Who asks: from the credential to the [`Actor`], once for every request.
//!
//! The API takes `Authorization: Bearer`, pages take the session cookie; neither takes the other's, so that a page a
//! browser visits elsewhere cannot use the API with the visitor's cookie.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use luhuan_accounts::Client;
use luhuan_kernel::{Actor, Problem};

use super::problems;
use crate::app::App;

/// Puts the [`Client`] and the [`Actor`] into the request. A bearer token that is none of ours is refused: going on
/// as nobody would hide the mistake.
pub async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let trusts_proxy = app.config.parsed("limits.trusted_proxy").unwrap_or(false);
    let client = client(&request, trusts_proxy);
    let path = request.uri().path();
    let is_page =
        !(path.starts_with("/api/") || path.starts_with("/static/") || path.starts_with("/photos/"));
    let locale =
        if is_page { luhuan_web::locale(request.headers()) } else { problems::locale(request.headers()) };
    let token =
        if is_page { luhuan_web::session_cookie(request.headers()) } else { bearer(request.headers()) };
    let actor = match token {
        None => Actor::anonymous(locale),
        Some(token) => match app.accounts.authenticate_bearer(&token, locale).await {
            Ok(Some(actor)) => actor,
            Ok(None) if is_page => Actor::anonymous(locale),
            Ok(None) => return Problem::new(http::StatusCode::UNAUTHORIZED, "unknown-token").into_response(),
            Err(error) => return Problem::from(error).into_response(),
        },
    };
    request.extensions_mut().insert(client);
    request.extensions_mut().insert(actor);
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn client(request: &Request, trusts_proxy: bool) -> Client {
    let peer =
        request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_string());
    // The last address is the one that the trusted proxy itself saw; those before it are claims.
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let forwarded = forwarded.filter(|_| trusts_proxy).and_then(|list| list.rsplit(',').next());
    let address = forwarded.map(|address| address.trim().to_owned()).or(peer).unwrap_or_default();
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Client { address, user_agent: user_agent.unwrap_or_default().chars().take(400).collect() }
}
