//! Photos in conversations and evidence.

use axum::{
    extract::{Multipart, Path, State as AxumState, multipart::MultipartRejection},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, header};
use luhuan_kernel::{
    Actor, Message as Sentence, Problem,
    http::{IdempotencyKey, PathId, Refusals},
};
use luhuan_store::idempotency::{self, Once};

use super::{commit, replay};
use crate::{Conversation, KeptTradePhoto, MessageView, Order, PhotoView, SendMessage, Trade};

/// One photo, as a form field.
#[derive(Debug, utoipa::ToSchema)]
#[schema(as = trade::PhotoForm)]
#[expect(dead_code, reason = "describes the multipart form for OpenAPI")]
pub struct PhotoForm {
    /// A JPEG, PNG or WebP of at most 12 MiB and 50 megapixels. All its metadata is dropped.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    photo: Vec<u8>,
}

/// Send a photo. A code in it that leads off the platform is warned of.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/photos", tag = "conversations",
    request_body(content = PhotoForm, content_type = "multipart/form-data"),
    params(("id" = String, Path, format = "uuid"), ("Idempotency-Key" = Option<String>, Header, description = "Same key and photo, same answer")),
    responses((status = 201, body = MessageView), Refusals), security(("bearer" = [])))]
pub async fn send(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Conversation>,
    key: IdempotencyKey,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let bytes = photo_field(form).await?;
    trade.may_write(&actor, id).await?;
    let kept = trade.keep_photo(bytes.clone()).await?;
    let request: &[&[u8]] = &[b"photo-message", id.as_bytes(), &bytes];
    let sent = send_kept(&trade, &actor, id, &key, request, &kept).await;
    if !matches!(sent, Ok((true, _))) {
        trade.drop_photo(&kept).await;
    }
    sent.map(|(_, response)| response)
}

/// Sends a kept photo; whether it found its place, and the answer.
async fn send_kept(
    trade: &Trade,
    actor: &Actor,
    id: luhuan_kernel::Id<Conversation>,
    key: &IdempotencyKey,
    request: &[&[u8]],
    kept: &KeptTradePhoto,
) -> Result<(bool, Response), Problem> {
    let attempt = match idempotency::begin(trade.store(), actor, key.0.as_deref(), request).await? {
        Once::First(attempt) => attempt,
        Once::Again(answer) => return Ok((false, replay(answer))),
    };
    let new = SendMessage { photos: vec![kept.clone()], ..SendMessage::default() };
    let message = trade.send_message(&attempt.uow, actor, id, new).await?;
    Ok((true, commit(attempt, StatusCode::CREATED, 0, &message).await?))
}

/// Add a photo that your evidence about an order can then name.
#[utoipa::path(post, path = "/api/v1/orders/{id}/evidence-photos", tag = "orders",
    request_body(content = PhotoForm, content_type = "multipart/form-data"),
    params(("id" = String, Path, format = "uuid")),
    responses((status = 201, body = PhotoView), Refusals), security(("bearer" = [])))]
pub async fn evidence(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    PathId(id): PathId<Order>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    let bytes = photo_field(form).await?;
    trade.view(&actor, id).await?;
    let kept = trade.keep_photo(bytes).await?;
    let attached = async {
        let uow = trade.store().begin().await?;
        trade.attach_evidence_photo(&uow, &actor, id, &kept).await?;
        uow.commit().await?;
        Ok::<_, crate::Error>(())
    };
    if let Err(error) = attached.await {
        trade.drop_photo(&kept).await;
        return Err(error.into());
    }
    Ok((StatusCode::CREATED, axum::Json(kept.view())).into_response())
}

/// A photo of a conversation or of evidence, at one of its widths: for the two, for staff, for jurors.
#[utoipa::path(get, path = "/api/v1/trade-photos/{id}/{width}", tag = "conversations",
    params(("id" = String, Path, format = "uuid"), ("width" = u32, Path)),
    responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), Refusals), security(("bearer" = [])))]
pub async fn bytes(
    AxumState(trade): AxumState<Trade>,
    actor: Actor,
    Path((id, width)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (Ok(id), Ok(width)) = (id.parse(), width.parse()) else { return Err(Problem::not_found()) };
    let jpeg = trade.photo_bytes(&actor, id, width).await?;
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=86400")];
    Ok((headers, jpeg).into_response())
}

/// The bytes of the form's `photo` field.
async fn photo_field(form: Result<Multipart, MultipartRejection>) -> Result<Bytes, Problem> {
    let Ok(mut form) = form else {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-multipart"));
    };
    loop {
        match form.next_field().await {
            Ok(Some(field)) if field.name() == Some("photo") => {
                return field.bytes().await.map_err(|error| multipart_problem(&error));
            }
            Ok(Some(_)) => {}
            Ok(None) => return Err(Problem::invalid_field("photo", Sentence::new("photo-missing"))),
            Err(error) => return Err(multipart_problem(&error)),
        }
    }
}

fn multipart_problem(error: &axum::extract::multipart::MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
    }
    Problem::malformed(error.body_text())
}
