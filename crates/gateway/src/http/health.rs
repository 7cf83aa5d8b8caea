//! `GET /health/live` and `/health/ready`.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::app::App;

/// The process runs. Nothing else is asked: a restart does not mend a database.
pub async fn live() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// Requests can be served: the database answers. The index may lag or rebuild; reads then fall back.
pub async fn ready(State(app): State<App>) -> Response {
    let database = app.store.ping().await;
    let index = app.search.health();
    let body = json!({
        "status": if database.is_ok() { "ok" } else { "unavailable" },
        "database": if database.is_ok() { "ok" } else { "unreachable" },
        "index": index,
    });
    let status = if database.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}
