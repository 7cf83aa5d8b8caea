//! `/api/v1/listings/{id}/photos`.

use axum::{
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    response::Response,
};
use bytes::Bytes;
use http::StatusCode;
use luhuan_kernel::{
    Actor, Id, Message, Problem,
    http::{IdempotencyKey, Json, PathId, Refusals},
};
use luhuan_store::idempotency::{self, Answer, Once};
use serde::{Deserialize, Serialize};

use super::{
    ListingDocument, document, json,
    parameters::{Key, ListingPath},
    replay, samples,
};
use crate::{Listing, Listings, Photo, PhotoView};

/// One photo, as a form field.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the multipart form for OpenAPI")]
pub struct PhotoForm {
    /// A JPEG, PNG or WebP of at most 12 MiB and 50 megapixels. All its metadata is dropped.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    photo: Vec<u8>,
}

/// Add a photo at the end of the gallery.
///
/// Refused: `listing-not-editable` (409) when the listing is reserved or sold; `listing-photos-full` (409) when there
/// are nine; `too-large` (413); `not-multipart` (415) for another body; `photo-refused` (413, 415 or 422) says why it is
/// no photo that can be used; `invalid` (422) when there is none in the form, or it shows a code that leads off the
/// platform.
#[utoipa::path(post, path = "/api/v1/listings/{id}/photos", tag = "photos",
    request_body(content = PhotoForm, content_type = "multipart/form-data"), params(ListingPath, Key),
    responses((status = 201, body = PhotoView, example = json!(samples::photo())), Refusals),
    security(("bearer" = [])))]
pub async fn add(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    key: IdempotencyKey,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Problem> {
    listings.may_attach_photo(&actor, id).await?;
    let bytes = photo_field(form).await?;
    let kept = listings.keep_photo(bytes.clone()).await?;
    let request: &[&[u8]] = &[b"photo", id.as_bytes(), &bytes];
    let attempt = match idempotency::begin(listings.store(), &actor, key.0.as_deref(), request).await {
        Ok(Once::First(attempt)) => attempt,
        Ok(Once::Again(answer)) => {
            listings.drop_photo(&kept).await;
            return Ok(replay(answer));
        }
        Err(problem) => {
            listings.drop_photo(&kept).await;
            return Err(problem);
        }
    };
    match listings.attach_photo(&attempt.uow, &actor, id, &kept).await {
        Ok(photo) => {
            let answer = Answer { status: StatusCode::CREATED, version: 0, body: json(&photo) };
            attempt.commit(&answer).await?;
            Ok(replay(answer))
        }
        Err(error) => {
            drop(attempt);
            listings.drop_photo(&kept).await;
            Err(error.into())
        }
    }
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
            Ok(None) => return Err(Problem::invalid_field("photo", Message::new("photo-missing"))),
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

/// The order of a gallery.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "photos": ["019ca72f-0d00-7000-8000-000000000003"] }))]
pub struct PhotoOrder {
    /// Photo ids, the cover first; those not named follow as they were.
    #[schema(value_type = Vec<String>, max_items = 9)]
    photos: Vec<Id<Photo>>,
}

/// Put the photos in order.
///
/// Refused: `listing-not-editable` (409) when the listing is reserved or sold.
#[utoipa::path(put, path = "/api/v1/listings/{id}/photos", tag = "photos", request_body = PhotoOrder,
    params(ListingPath),
    responses((status = 200, body = ListingDocument, example = json!(samples::listing())), Refusals),
    security(("bearer" = [])))]
pub async fn order(
    State(listings): State<Listings>,
    actor: Actor,
    PathId(id): PathId<Listing>,
    Json(order): Json<PhotoOrder>,
) -> Result<Json<ListingDocument>, Problem> {
    let uow = listings.store().begin().await?;
    listings.order_photos(&uow, &actor, id, &order.photos).await?;
    let row = listings.load_visible(&uow, &actor, id).await?;
    let document = document(&listings, uow.tx(), &actor, row).await?;
    uow.commit().await?;
    Ok(Json(document))
}

/// Take a photo out of the gallery.
///
/// Refused: `listing-not-editable` (409) when the listing is reserved or sold.
#[utoipa::path(delete, path = "/api/v1/listings/{id}/photos/{photo}", tag = "photos",
    params(("id" = String, Path, format = "uuid"), ("photo" = String, Path, format = "uuid")),
    responses((status = 204, description = "Gone"), Refusals), security(("bearer" = [])))]
pub async fn remove(
    State(listings): State<Listings>,
    actor: Actor,
    Path((id, photo)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (Ok(id), Ok(photo)) = (id.parse(), photo.parse()) else { return Err(Problem::not_found()) };
    let uow = listings.store().begin().await?;
    listings.remove_photo(&uow, &actor, id, photo).await?;
    uow.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
