//! The API's description, and a reference to browse that loads nothing from outside.

use axum::{Router, http::header, response::IntoResponse, routing::get};
use bytes::Bytes;
use utoipa::openapi::{
    OpenApi as Description,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// What the description says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "绿环 Lühuan",
        version = "1",
        description = "The engine of a city's circular economy. Amounts are whole fen (分), instants RFC 3339 in UTC. \
                       Lists page by the opaque cursor `next`, passed as `after`. Writes that may be repeated take an \
                       `Idempotency-Key`; edits take `If-Match`. Refusals are RFC 9457 problem documents.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(luhuan_kernel::ProblemDocument, luhuan_kernel::FieldProblemDocument))
)]
pub struct Document;

/// Adds what all contexts share.
#[must_use]
pub fn finish(mut document: Description) -> Description {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The token of a session (`POST /api/v1/sessions`) or an API token."))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    name_operations(&mut document);
    document
}

/// Gives every operation a name of its own, from its method and path: handlers of several resources share theirs
/// (`list`, `read`), and a client generator would make one function of them.
fn name_operations(document: &mut Description) {
    for (path, item) in &mut document.paths.paths {
        let words = path.trim_start_matches("/api/v1/").replace(['{', '}'], "").replace(['/', '-'], "_");
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{words}"));
            }
        }
    }
}

/// `/api/openapi.json` and `/api/docs`.
pub fn routes(document: Description) -> Router {
    let document = finish(document);
    let json = Bytes::from(document.to_json().unwrap_or_default());
    let served = json.clone();
    let reference = luhuan_web::api_reference(&json);
    Router::new()
        .route(
            "/api/openapi.json",
            get(
                move || async move { ([(header::CONTENT_TYPE, "application/json")], served).into_response() },
            ),
        )
        .route("/api/docs", get(move || async move { reference.into_response() }))
}
