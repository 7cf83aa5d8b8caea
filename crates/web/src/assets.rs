//! The static files, inside the binary: the stylesheet, the script, icons, pictures of categories.
//!
//! Each is served under `/static/<name>` and linked with its content's hash (`?v=`), so that it may be cached
//! for a year and still changes the moment it changes.

use std::borrow::Cow;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// A static file.
#[derive(Debug)]
pub struct Asset {
    /// Its name under `/static/`, as `categories/phones.webp`.
    pub name: &'static str,
    /// What to send as `Content-Type`.
    pub content_type: &'static str,
    /// The bytes themselves.
    pub bytes: &'static [u8],
    /// The first 16 hexadecimal digits of the SHA-256 of the bytes: the `v` of its address, and its `ETag`.
    pub version: String,
    /// Its address, with the version.
    pub url: String,
}

macro_rules! files {
    ($($name:literal => $content_type:expr),+ $(,)?) => {
        static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| vec![$(
            asset($name, $content_type, include_bytes!(concat!("../static/", $name))),
        )+]);
    };
}

const WEBP: &str = "image/webp";
const PNG: &str = "image/png";
const SVG: &str = "image/svg+xml";

files! {
    "app.css" => "text/css; charset=utf-8",
    "app.js" => "text/javascript; charset=utf-8",
    "icons.svg" => SVG,
    "logo.svg" => SVG,
    "icon-192.png" => PNG,
    "icon-512.png" => PNG,
    "icon-maskable-512.png" => PNG,
    "apple-touch-icon.png" => PNG,
    "og.png" => PNG,
    "categories/all.webp" => WEBP,
    "categories/appliances.webp" => WEBP,
    "categories/baby.webp" => WEBP,
    "categories/beauty.webp" => WEBP,
    "categories/books.webp" => WEBP,
    "categories/business.webp" => WEBP,
    "categories/cameras.webp" => WEBP,
    "categories/collect.webp" => WEBP,
    "categories/computers.webp" => WEBP,
    "categories/cycling.webp" => WEBP,
    "categories/fashion.webp" => WEBP,
    "categories/furniture.webp" => WEBP,
    "categories/games.webp" => WEBP,
    "categories/jewelry.webp" => WEBP,
    "categories/kitchen.webp" => WEBP,
    "categories/music.webp" => WEBP,
    "categories/pets.webp" => WEBP,
    "categories/phones.webp" => WEBP,
    "categories/sports.webp" => WEBP,
    "categories/tools.webp" => WEBP,
}

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let mut version = hex::encode(Sha256::digest(bytes));
    version.truncate(16);
    let url = format!("/static/{name}?v={version}");
    Asset { name, content_type, bytes, version, url }
}

/// Every static file.
pub fn all() -> &'static [Asset] {
    &ASSETS
}

/// The file called `name` (without `/static/`).
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// The address of the file called `name`, with its version. A name we do not have keeps no version and will
/// answer 404; a test looks every name of the templates up.
#[must_use]
pub fn url(name: &str) -> Cow<'static, str> {
    match find(name) {
        Some(asset) => Cow::Borrowed(&asset.url),
        None => Cow::Owned(format!("/static/{name}")),
    }
}

/// The picture of a root category, or the one for all categories when this root has none of its own.
#[must_use]
pub fn category_picture(code: &str) -> Cow<'static, str> {
    let own = format!("categories/{code}.webp");
    if find(&own).is_some() { url(&own) } else { url("categories/all.webp") }
}

/// The web app manifest (W3C), in the texts of the default language.
#[must_use]
pub fn manifest(text: crate::text::Text) -> String {
    let quoted = |key: &str| text.get(key).replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        r##"{{"id":"/","name":"{name}","short_name":"{short}","description":"{description}","lang":"{lang}","start_url":"/","scope":"/","display":"standalone","background_color":"#f6f7f4","theme_color":"#0a6c4c","icons":[{{"src":"{small}","sizes":"192x192","type":"image/png"}},{{"src":"{large}","sizes":"512x512","type":"image/png"}},{{"src":"{mask}","sizes":"512x512","type":"image/png","purpose":"maskable"}}],"shortcuts":[{{"name":"{post}","url":"/listings/new"}},{{"name":"{watch}","url":"/me/watchlist"}}]}}"##,
        name = quoted("product-name"),
        short = quoted("product-short"),
        description = quoted("product-description"),
        lang = text.locale().tag(),
        small = url("icon-192.png"),
        large = url("icon-512.png"),
        mask = url("icon-maskable-512.png"),
        post = quoted("nav-post"),
        watch = quoted("nav-watchlist"),
    )
}
