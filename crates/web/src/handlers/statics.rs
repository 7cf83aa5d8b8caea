//! Static files: cached for a year under an address that changes with the content.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use luhuan_kernel::{Locale, Problem};

use crate::{assets, text::Text};

/// `GET /static/{name}`.
pub(super) async fn file(Path(name): Path<String>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(asset) = assets::find(&name) else { return Problem::not_found().into_response() };
    let tag = format!("\"{}\"", asset.version);
    // Without the version in its address the file may change under it: it is asked for again.
    let versioned = uri.query() == Some(&format!("v={}", asset.version));
    let caching = if versioned { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let body = if known { &[] } else { asset.bytes };
    let mut response = (status, body).into_response();
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        set.insert(header::ETAG, tag);
    }
    response
}

/// `GET /manifest.webmanifest`.
pub(super) async fn manifest() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/manifest+json"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    (headers, assets::manifest(Text::of(Locale::ZhCn))).into_response()
}

/// `GET /favicon.ico`: browsers ask for it whatever the page says.
pub(super) async fn favicon() -> Response {
    axum::response::Redirect::permanent(&assets::url("icon-192.png")).into_response()
}

/// `GET /robots.txt`.
pub(super) async fn robots() -> Response {
    const TEXT: &str =
        "User-agent: *\nDisallow: /api/\nDisallow: /me\nDisallow: /sign-in\nDisallow: /sign-up\n";
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], TEXT).into_response()
}
