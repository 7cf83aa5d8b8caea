//! The JSON API of listings. A handler reads like the sentence that describes it; above it stand a sample of what it
//! answers and each refusal of its own, as `slug` (status). What any endpoint may refuse (401, 403, 404, what cannot be
//! read) is in [`luhuan_kernel::http::Refusals`].
//!
//! | file | what |
//! |---|---|
//! | `listings` | browse, draft, read, change; one's own |
//! | `moves` | publish, withdraw, relist |
//! | `photos` | add, put in order, take out |
//! | `watches` | watch, stop watching, the watchlist |
//! | `prices` | the price history; the price hint |
//! | `categories` | the category tree |
//! | `moderation` | what waits for a moderator; clear, take down |
//! | `types` | what goes in and out: the listing's documents |
//! | `parameters`, `samples` | for the API's description |

mod categories;
mod listings;
mod moderation;
mod moves;
mod parameters;
mod photos;
mod prices;
mod samples;
mod types;
mod watches;

pub use types::{ListingDocument, ListingInput, ListingPatch};

use axum::{extract::DefaultBodyLimit, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Problem,
    http::{IdempotencyKey, tagged_json},
};
use luhuan_store::{
    UnitOfWork,
    idempotency::{self, Answer, Once},
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Error, Listings, entity::listing, photo::PhotoLimits};

/// Room that the form around a photo needs above the photo itself.
const MULTIPART_ROOM: usize = 64 * 1024;

/// Every endpoint of this context.
#[must_use]
pub fn routes() -> OpenApiRouter<Listings> {
    let uploads = OpenApiRouter::new()
        .routes(routes!(photos::add, photos::order))
        .layer(DefaultBodyLimit::max(PhotoLimits::default().bytes + MULTIPART_ROOM));
    OpenApiRouter::new()
        .routes(routes!(listings::browse, listings::create))
        .routes(routes!(listings::read, listings::edit))
        .routes(routes!(listings::mine))
        .routes(routes!(moves::publish))
        .routes(routes!(moves::withdraw))
        .routes(routes!(moves::relist))
        .merge(uploads)
        .routes(routes!(photos::remove))
        .routes(routes!(watches::watch, watches::unwatch))
        .routes(routes!(watches::watchlist))
        .routes(routes!(prices::prices))
        .routes(routes!(prices::price_hint))
        .routes(routes!(categories::categories))
        .routes(routes!(moderation::waiting))
        .routes(routes!(moderation::clear))
        .routes(routes!(moderation::take_down))
}

/// A command on a listing that a client may repeat. It is answered with the listing as it stands after it, read in the
/// command's own unit of work and committed with it; under the same key the first answer comes again.
///
/// `request` is what must be the same each time: the command's name and all that it was given.
async fn listing_command(
    listings: &Listings,
    actor: &Actor,
    key: &IdempotencyKey,
    request: &[&[u8]],
    status: StatusCode,
    command: impl AsyncFnOnce(&UnitOfWork) -> Result<listing::Model, Error>,
) -> Result<Response, Problem> {
    let attempt = match idempotency::begin(listings.store(), actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = command(&attempt.uow).await?;
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

/// A row as it is answered with.
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
