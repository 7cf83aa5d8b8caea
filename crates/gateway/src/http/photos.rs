//! `GET /photos/{id}/{width}.jpg`: a rendition, for ever the same.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::header;
use luhuan_kernel::Problem;

use crate::app::App;

/// A photo's rendition. Its id is chosen anew for each upload, so the answer may be kept for a year.
pub async fn photo(
    State(app): State<App>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let width = file.strip_suffix(".jpg").and_then(|width| width.parse().ok());
    let (Ok(id), Some(width)) = (id.parse(), width) else { return Err(Problem::not_found()) };
    let Some(bytes) = app.listings.photo_bytes(id, width).await? else { return Err(Problem::not_found()) };
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((headers, bytes).into_response())
}
