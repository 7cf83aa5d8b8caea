//! What the endpoints take beside a body, for the API's description. The handlers read them with the kernel's extractors.

use luhuan_kernel::{Cursor, Id};
use serde::Deserialize;

use crate::Listing;

/// The listing that an endpoint is about.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "describes `PathId` for OpenAPI")]
pub(super) struct ListingPath {
    /// The listing's id.
    #[param(value_type = String, format = "uuid")]
    id: Id<Listing>,
}

/// What makes a command safe to repeat.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes `IdempotencyKey` for OpenAPI")]
pub(super) struct Key {
    /// Same key and same request, same answer, for a day.
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
}

/// What makes an edit safe from another's.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes `IfMatch` for OpenAPI")]
pub(super) struct Expected {
    /// The entity tag you read; 412 when it changed since.
    #[param(rename = "If-Match")]
    tag: Option<String>,
}

/// What spares an answer that the client has.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes `If-None-Match` for OpenAPI")]
pub(super) struct Known {
    /// The entity tag of the answer you have; 304 when it is still the same.
    #[param(rename = "If-None-Match")]
    tag: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Items on the page, 1 to 100; 24 unless asked.
    pub(super) limit: Option<u32>,
    /// The cursor of the page before.
    #[param(value_type = Option<String>)]
    pub(super) after: Option<Cursor>,
}
