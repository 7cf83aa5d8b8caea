//! What an operator sees: health, metrics, headers, limits, a graceful stop.

use std::time::Duration;

use luhuan_tests::World;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_gateway_is_live_and_ready() {
    let world = World::start().await;
    assert_eq!(world.anonymous().get("/health/live").await.expect(200).json(), json!({"status": "ok"}));
    world.search_until("", Duration::from_secs(5), |found| found["degraded"] == false).await;
    let ready = world.anonymous().get("/health/ready").await.expect(200).json();
    insta::assert_json_snapshot!(ready);
}

#[tokio::test]
async fn metrics_count_requests_by_route_and_know_the_lag_of_the_index() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    for _ in 0..3 {
        let _ = world.anonymous().get(&listing.path()).await.expect(200);
    }
    let _ = world.anonymous().get("/no/such/page").await;
    // What upkeep measures comes every five seconds.
    let mut text = String::new();
    for _ in 0..80 {
        let answer = world.anonymous().get("/metrics").await.expect(200);
        assert!(answer.header("content-type").unwrap().starts_with("text/plain; version=0.0.4"));
        text = answer.text();
        if text.contains("luhuan_index_lag_events") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let line = |start: &str| {
        text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start} in\n{text}"))
    };
    let counted =
        line("luhuan_http_requests_total{method=\"GET\",route=\"/api/v1/listings/{id}\",status=\"200\"}");
    assert!(counted.ends_with(" 3"), "{counted}");
    assert!(line("luhuan_index_lag_events").ends_with(" 0"));
    assert!(
        line("luhuan_http_request_seconds_bucket{method=\"GET\",route=\"/api/v1/listings/{id}\"")
            .contains("le=")
    );
    assert!(line("luhuan_database_ping_seconds_count").len() > 1);
    assert!(
        !text.contains(&listing.id) && !text.contains("no/such/page"),
        "a path is no label: ids would make endless series"
    );
}

#[tokio::test]
async fn every_answer_carries_a_trace_id_and_security_headers() {
    let world = World::start().await;
    let mut seen = Vec::new();
    for path in ["/", "/api/v1/categories", "/api/v1/nothing", "/health/live", "/static/app.css", "/api/docs"]
    {
        let answer = world.anonymous().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(answer.header("referrer-policy").is_some(), "{path}");
        let policy =
            answer.header("content-security-policy").unwrap_or_else(|| panic!("no policy on {path}"));
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        seen.push(answer.header("x-trace-id").unwrap_or_else(|| panic!("no trace id on {path}")).to_owned());
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 6, "each request has its own");
}

#[tokio::test]
async fn a_trace_id_leads_to_the_log_and_a_clients_own_does_not() {
    let world = World::builder()
        .variable("LUHUAN_LOG_FORMAT", "json")
        .variable("LUHUAN_LOG_FILTER", "debug")
        .start()
        .await;
    let request = world.anonymous().request(Method::GET, "/api/v1/categories").header("x-trace-id", "forged");
    let answer = world.anonymous().send(request).await.expect(200);
    let trace = answer.header("x-trace-id").unwrap();
    assert_ne!(trace, "forged");
    let log = world.gateway().log();
    let line =
        log.lines().find(|line| line.contains(trace)).unwrap_or_else(|| panic!("no {trace} in the log"));
    let line: serde_json::Value = serde_json::from_str(line).expect("a line of the log is JSON");
    assert_eq!(line["span"]["path"], "/api/v1/categories", "{line}");
}

#[tokio::test]
async fn no_phone_number_and_no_token_are_logged() {
    let world = World::builder().variable("LUHUAN_LOG_FILTER", "debug").start().await;
    let resident = world.resident().await;
    let _ = world.listing().by(&resident).published().await;
    let _ = resident.get("/api/v1/me").await.expect(200);
    let log = world.gateway().log();
    assert!(!log.contains(&resident.login) && !log.contains(resident.token().unwrap()));
    assert!(!log.contains(&resident.password));
}

#[tokio::test]
async fn a_large_answer_is_compressed_for_who_takes_that() {
    let world = World::start().await;
    let request =
        world.anonymous().request(Method::GET, "/api/v1/categories").header("accept-encoding", "gzip");
    let answer = world.anonymous().send(request).await.expect(200);
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let plain = world.anonymous().get("/api/v1/categories").await;
    assert!(answer.body.len() * 4 < plain.body.len(), "{} of {}", answer.body.len(), plain.body.len());
}

#[tokio::test]
async fn static_files_are_kept_for_ever_under_their_version_and_pages_are_not() {
    let world = World::start().await;
    let page = world.anonymous().get("/").await.expect(200);
    assert!(page.header("cache-control").is_some_and(|value| value.contains("no-cache")));
    let text = page.text();
    let style = text.split('"').find(|part| part.starts_with("/static/app.css?v=")).unwrap();
    let style = world.anonymous().get(style).await.expect(200);
    assert!(style.header("cache-control").is_some_and(|value| value.contains("immutable")));
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    let _ = world.anonymous().get("/static/../secret.key").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_ends_what_is_under_way_and_then_itself() {
    let mut world = World::start().await;
    let listing = world.listing().draft().await;
    let path = listing.command_path("photos");
    let file = luhuan_tests::client::UploadFile::jpeg(luhuan_tests::photo::jpeg(3000, 2000, 1));
    let seller = listing.seller.clone();
    let upload = tokio::spawn(async move { seller.upload(&path, "photo", file).await });
    tokio::time::sleep(Duration::from_millis(150)).await;
    let status = tokio::task::block_in_place(|| world.stop());
    assert!(status.success(), "{status}");
    assert_eq!(upload.await.unwrap().status, 201);
}

#[tokio::test]
async fn more_requests_than_may_be_at_once_are_told_to_come_back() {
    let world = World::builder().variable("LUHUAN_LIMITS_REQUESTS_AT_ONCE", "1").start().await;
    let asked = (0..32).map(|_| world.anonymous().get("/api/v1/categories"));
    let answers = futures_util::future::join_all(asked).await;
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(answers.iter().any(|answer| answer.status == 200));
    for answer in &busy {
        answer.expect_problem(503, "busy");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
}
