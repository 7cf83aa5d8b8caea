//! The JSON API of listings. One file per resource; a handler reads like the sentence that describes it.

mod categories;
mod listings;
mod moderation;
mod moves;
mod photos;
mod types;
mod watches;

pub use types::{ListingDocument, ListingInput, ListingPatch};

use axum::{extract::DefaultBodyLimit, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{Actor, Problem, http::tagged_json};
use luhuan_store::idempotency::{Answer, Attempt};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Error, Listings, entity::listing, photo::PhotoLimits};

/// Room that the form around a photo needs above the photo itself.
const MULTIPART_ROOM: usize = 64 * 1024;

/// Every endpoint of this context.
#[must_use]
pub fn routes() -> OpenApiRouter<Listings> {
    OpenApiRouter::new()
        .routes(routes!(listings::browse, listings::create))
        .routes(routes!(listings::read, listings::edit))
        .routes(routes!(moves::publish))
        .routes(routes!(moves::withdraw))
        .routes(routes!(moves::relist))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(photos::add, photos::order))
                .layer(DefaultBodyLimit::max(PhotoLimits::default().bytes + MULTIPART_ROOM)),
        )
        .routes(routes!(photos::remove))
        .routes(routes!(watches::watch, watches::unwatch))
        .routes(routes!(watches::watchlist))
        .routes(routes!(listings::mine))
        .routes(routes!(listings::prices))
        .routes(routes!(listings::price_hint))
        .routes(routes!(categories::categories))
        .routes(routes!(moderation::waiting))
        .routes(routes!(moderation::clear))
        .routes(routes!(moderation::take_down))
}

/// The answer of a command on a listing, read in the command's own unit of work and committed with it.
async fn commit_listing(
    listings: &Listings,
    actor: &Actor,
    attempt: Attempt,
    row: listing::Model,
    status: StatusCode,
) -> Result<Response, Problem> {
    let version = row.version;
    let document = document(listings, attempt.uow.tx(), actor, row).await?;
    let answer = Answer { status, version, body: json(&document) };
    attempt.commit(&answer).await?;
    Ok(replay(answer))
}

/// An answer as it was first given.
fn replay(answer: Answer) -> Response {
    tagged_json(answer.status, answer.version, Bytes::from(answer.body), &HeaderMap::new())
}

async fn document(
    listings: &Listings,
    db: &impl ConnectionTrait,
    actor: &Actor,
    row: listing::Model,
) -> Result<ListingDocument, Error> {
    ListingDocument::of(listings.complete(db, actor, row).await?)
}

/// JSON of a document of ours, which cannot fail to serialise.
fn json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document serialises")
}
