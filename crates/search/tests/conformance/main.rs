//! What every search engine of ours must do, each case run on each engine.
//!
//! Tantivy always runs. Meilisearch runs when `MEILI_URL` (and `MEILI_KEY`, if the server has one) says where it is.

#![expect(clippy::unwrap_used, reason = "a test stops where it goes wrong")]

mod support;

mod anything;
mod chinese;
mod facets;
mod feeding;
mod filters;
mod latin;
mod paging;
mod pinyin;
mod ranking;
mod suggesting;
