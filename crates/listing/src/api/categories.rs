//! `/api/v1/categories`.

use std::sync::LazyLock;

use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{
    Locale,
    http::{Refusals, tagged_json},
};
use serde::Serialize;

use super::{json, parameters::Known};
use crate::catalog::{Attribute, Catalog, Category};

/// The category tree.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CategoriesDocument {
    /// Version of the data file.
    version: u32,
    /// The roots.
    items: Vec<CategoryDocument>,
}

/// A text in both languages.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NameDocument {
    /// Chinese.
    #[serde(rename = "zh-CN")]
    zh: String,
    /// English.
    en: String,
}

/// A category.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CategoryDocument {
    /// Stable code.
    code: String,
    /// Its name.
    name: NameDocument,
    /// Whether listings are posted under it.
    leaf: bool,
    /// What a listing under it says of itself.
    attributes: Vec<Attribute>,
    /// The categories below.
    #[schema(no_recursion)]
    children: Vec<CategoryDocument>,
}

static BODY: LazyLock<Bytes> = LazyLock::new(|| {
    let catalog = Catalog::get();
    let items = catalog.roots().map(|root| document(catalog, root)).collect();
    json(&CategoriesDocument { version: catalog.version(), items }).into()
});

fn document(catalog: &'static Catalog, category: &Category) -> CategoryDocument {
    CategoryDocument {
        code: category.code.clone(),
        name: NameDocument {
            zh: category.name(Locale::ZhCn).to_owned(),
            en: category.name(Locale::En).to_owned(),
        },
        leaf: category.is_leaf(),
        attributes: category.attributes.clone(),
        children: catalog.children(&category.code).map(|child| document(catalog, child)).collect(),
    }
}

/// Read the category tree with the attributes of each leaf.
#[utoipa::path(get, path = "/api/v1/categories", tag = "listings", params(Known),
    responses((status = 200, body = CategoriesDocument), (status = 304, description = "You have it"), Refusals))]
pub async fn categories(headers: HeaderMap) -> Response {
    tagged_json(StatusCode::OK, 1, BODY.clone(), &headers)
}
