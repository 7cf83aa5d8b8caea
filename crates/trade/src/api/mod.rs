//! The JSON API of trade. One file per resource; a handler reads like the sentence that describes it.

mod conversations;
mod disputes;
mod jury;
mod offers;
mod orders;
mod photos;
mod refunds;
mod reviews;
mod rules;
mod steps;
mod types;

pub use types::{OrderDocument, OrderSummary};

use axum::{extract::DefaultBodyLimit, response::Response, routing::get};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Problem,
    http::{IdempotencyKey, tagged_json},
};
use luhuan_listing::photo::PhotoLimits;
use luhuan_store::{
    UnitOfWork,
    idempotency::{self, Answer, Attempt, Once},
};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Error, Trade, entity::order};

/// Room that the form around a photo needs above the photo itself.
const MULTIPART_ROOM: usize = 64 * 1024;

/// Every endpoint of this context.
#[must_use]
pub fn routes() -> OpenApiRouter<Trade> {
    OpenApiRouter::new()
        .routes(routes!(conversations::list, conversations::begin))
        .routes(routes!(conversations::unread))
        .routes(routes!(conversations::read))
        .routes(routes!(conversations::send))
        .routes(routes!(conversations::mark_read))
        .routes(routes!(conversations::block, conversations::unblock))
        .routes(routes!(conversations::report))
        // Without an end, and so without an entry in the description that a checker would wait for.
        .route("/api/v1/conversations/stream", get(conversations::stream))
        .routes(routes!(offers::list, offers::make))
        .routes(routes!(offers::read))
        .routes(routes!(offers::counter))
        .routes(routes!(offers::accept))
        .routes(routes!(offers::decline))
        .routes(routes!(orders::list, orders::create))
        .routes(routes!(orders::quote))
        .routes(routes!(orders::read))
        .routes(routes!(orders::confirm_flaws))
        .routes(routes!(orders::pay))
        .routes(routes!(steps::ship))
        .routes(routes!(steps::arrange))
        .routes(routes!(steps::check_in))
        .routes(routes!(steps::hand_over))
        .routes(routes!(steps::confirm))
        .routes(routes!(steps::extend))
        .routes(routes!(steps::cancel))
        .merge(quarrels())
        .merge(photos())
        .routes(routes!(reviews::write))
        .routes(routes!(reviews::list))
        .routes(routes!(reviews::reply))
        .routes(routes!(reviews::hide))
        .routes(routes!(rules::fees))
        .routes(routes!(rules::preview))
        .routes(routes!(rules::process))
        .routes(routes!(rules::invoice))
        .routes(routes!(rules::record_invoice))
}

fn quarrels() -> OpenApiRouter<Trade> {
    OpenApiRouter::new()
        .routes(routes!(refunds::request))
        .routes(routes!(refunds::answer))
        .routes(routes!(refunds::withdraw))
        .routes(routes!(refunds::send_back))
        .routes(routes!(refunds::accept_return))
        .routes(routes!(refunds::give_back))
        .routes(routes!(disputes::open))
        .routes(routes!(disputes::evidence))
        .routes(routes!(disputes::accept_jury))
        .routes(routes!(disputes::drop_it))
        .routes(routes!(disputes::accept_ruling))
        .routes(routes!(disputes::appeal))
        .routes(routes!(disputes::take_up))
        .routes(routes!(disputes::rule))
        .routes(routes!(disputes::queue))
        .routes(routes!(disputes::reports))
        .routes(routes!(disputes::decide_report))
        .routes(routes!(jury::enlist, jury::resign))
        .routes(routes!(jury::cases))
        .routes(routes!(jury::vote))
}

fn photos() -> OpenApiRouter<Trade> {
    OpenApiRouter::new()
        .routes(routes!(photos::send))
        .routes(routes!(photos::evidence))
        .layer(DefaultBodyLimit::max(PhotoLimits::default().bytes + MULTIPART_ROOM))
        .routes(routes!(photos::bytes))
}

/// A command that a client may repeat, on an order; its answer is the order as it stands after it.
async fn order_command(
    trade: &Trade,
    actor: &Actor,
    key: &IdempotencyKey,
    request: &[&[u8]],
    command: impl AsyncFnOnce(&UnitOfWork) -> Result<order::Model, Error>,
) -> Result<Response, Problem> {
    let attempt = match idempotency::begin(trade.store(), actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let row = command(&attempt.uow).await?;
    commit(attempt, StatusCode::OK, row.version, &OrderSummary::of(actor, &row)?).await
}

/// A command that a client may repeat, with an answer of its own.
async fn command<T: Serialize>(
    trade: &Trade,
    actor: &Actor,
    key: &IdempotencyKey,
    request: &[&[u8]],
    status: StatusCode,
    command: impl AsyncFnOnce(&UnitOfWork) -> Result<T, Error>,
) -> Result<Response, Problem> {
    let attempt = match idempotency::begin(trade.store(), actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let document = command(&attempt.uow).await?;
    commit(attempt, status, 0, &document).await
}

async fn commit(
    attempt: Attempt,
    status: StatusCode,
    version: i64,
    document: &impl Serialize,
) -> Result<Response, Problem> {
    let answer = Answer { status, version, body: json(document) };
    attempt.commit(&answer).await?;
    Ok(replay(answer))
}

/// An answer as it was first given.
fn replay(answer: Answer) -> Response {
    tagged_json(answer.status, answer.version, Bytes::from(answer.body), &HeaderMap::new())
}

/// JSON of a document of ours, which cannot fail to serialise.
fn json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document serialises")
}
