//! The JSON API of certification. One file per resource; a handler reads like the sentence that describes it.

mod applications;
mod audit;
mod certificates;
mod decisions;
mod evidence;
mod malls;
mod office;
mod rubrics;
mod types;

pub use types::{AnswersInput, ApplicationDocument, ApplicationInput, ApplicationPatch};

use axum::{extract::DefaultBodyLimit, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Actor, Id, Problem,
    http::{IdempotencyKey, tagged_json},
};
use luhuan_store::{
    UnitOfWork,
    idempotency::{self, Answer, Once},
};
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Application, Certification, Error, service::MOST_BYTES};

/// Room that the form around a file needs above the file itself.
const MULTIPART_ROOM: usize = 64 * 1024;
/// Bytes of a till's export at most.
const MOST_CSV: usize = 64 * 1024 * 1024;

/// Every endpoint of this context.
#[must_use]
pub fn routes() -> OpenApiRouter<Certification> {
    OpenApiRouter::new()
        .routes(routes!(rubrics::list, rubrics::check))
        .routes(routes!(rubrics::save))
        .routes(routes!(rubrics::publish))
        .routes(routes!(rubrics::compare))
        .routes(routes!(applications::list, applications::create))
        .routes(routes!(applications::read, applications::edit))
        .routes(routes!(applications::submit))
        .routes(routes!(applications::withdraw))
        .routes(routes!(applications::appeal))
        .routes(routes!(applications::energy))
        .routes(routes!(applications::trail))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(evidence::add))
                .layer(DefaultBodyLimit::max(MOST_BYTES + MULTIPART_ROOM)),
        )
        .routes(routes!(evidence::read, evidence::verify, evidence::remove))
        .routes(routes!(audit::assign))
        .routes(routes!(audit::declare))
        .routes(routes!(audit::step))
        .routes(routes!(audit::findings))
        .routes(routes!(audit::settle))
        .routes(routes!(audit::scores, audit::own_scores))
        .routes(routes!(audit::consensus, audit::spreads))
        .routes(routes!(decisions::decide))
        .routes(routes!(decisions::vote))
        .routes(routes!(decisions::object))
        .routes(routes!(decisions::answer_objection))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(malls::readings))
                .routes(routes!(malls::goods))
                .routes(routes!(office::labels))
                .layer(DefaultBodyLimit::max(MOST_CSV)),
        )
        .routes(routes!(malls::month))
        .routes(routes!(malls::add_retrofit))
        .routes(routes!(malls::remove_retrofit))
        .routes(routes!(malls::waste, malls::note_waste))
        .routes(routes!(malls::certificates))
        .routes(routes!(office::assessors, office::keep_assessor))
        .routes(routes!(office::note_tie))
        .routes(routes!(office::escalations))
        .routes(routes!(office::notices))
        .routes(routes!(office::re_audits))
        .routes(routes!(certificates::read))
        .routes(routes!(certificates::change))
        .routes(routes!(certificates::surveillance))
        .routes(routes!(certificates::report, certificates::decide))
        .routes(routes!(certificates::register))
        .routes(routes!(certificates::proof))
        .routes(routes!(certificates::entries))
        .routes(routes!(certificates::key))
        .routes(routes!(certificates::statistics))
}

/// An answer as it was first given.
fn replay(answer: Answer) -> Response {
    tagged_json(answer.status, answer.version, Bytes::from(answer.body), &HeaderMap::new())
}

/// JSON of a document of ours, which cannot fail to serialise.
fn json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document serialises")
}

/// Does a command once, and answers with what it gives.
async fn once<T: Serialize>(
    certification: &Certification,
    actor: &Actor,
    key: &IdempotencyKey,
    request: &[&[u8]],
    status: StatusCode,
    command: impl AsyncFnOnce(&UnitOfWork) -> Result<(i64, T), Error>,
) -> Result<Response, Problem> {
    let attempt = match idempotency::begin(certification.store(), actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok(replay(answer)),
    };
    let (version, document) = command(&attempt.uow).await?;
    let answer = Answer { status, version, body: json(&document) };
    attempt.commit(&answer).await?;
    Ok(replay(answer))
}

/// Does a command on an application once, and answers with the application as it is then.
async fn on_application(
    certification: &Certification,
    actor: &Actor,
    key: &IdempotencyKey,
    (command, id, body): (&str, Id<Application>, &[u8]),
    act: impl AsyncFnOnce(&UnitOfWork) -> Result<(), Error>,
) -> Result<Response, Problem> {
    let request: &[&[u8]] = &[command.as_bytes(), id.as_bytes(), body];
    once(certification, actor, key, request, StatusCode::OK, async |uow| {
        act(uow).await?;
        let view = certification.view_at(uow.tx(), actor, id).await?;
        Ok((view.version, ApplicationDocument::of(view)))
    })
    .await
}
