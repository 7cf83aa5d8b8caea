//! Prometheus metrics: requests and latencies by route, and what upkeep measures.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::header;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Installs the recorder; the handle renders what was recorded.
///
/// # Panics
/// When it is installed twice in one process.
#[must_use]
pub fn install() -> PrometheusHandle {
    const SECONDS: &[f64] =
        &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
    let builder = PrometheusBuilder::new().set_buckets(SECONDS).expect("bucket bounds are finite");
    let handle = builder.install_recorder().expect("one recorder a process");
    metrics::describe_counter!("luhuan_http_requests_total", "Requests by method, route and status");
    metrics::describe_histogram!("luhuan_http_request_seconds", "Time to answer by method and route");
    metrics::describe_gauge!("luhuan_http_requests_under_way", "Requests under way");
    metrics::describe_gauge!("luhuan_index_lag_events", "Events that the search index has not seen yet");
    metrics::describe_gauge!("luhuan_index_documents", "Documents in the search index");
    metrics::describe_histogram!("luhuan_database_ping_seconds", "Time of a trivial query");
    metrics::describe_counter!("luhuan_jobs_total", "Jobs by kind and outcome");
    handle
}

/// Counts and times a request under its route, never under its path: ids would make endless series.
pub async fn measure(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let method = request.method().to_string();
    let under_way = metrics::gauge!("luhuan_http_requests_under_way");
    under_way.increment(1.0);
    let started = Instant::now();
    let response = next.run(request).await;
    let seconds = started.elapsed().as_secs_f64();
    under_way.decrement(1.0);
    let status = response.status().as_u16().to_string();
    metrics::counter!("luhuan_http_requests_total", "method" => method.clone(), "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("luhuan_http_request_seconds", "method" => method, "route" => route).record(seconds);
    response
}

/// `GET /metrics`.
pub async fn show(State(handle): State<PrometheusHandle>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}
