//! Refusals as RFC 9457 problems, in the reader's language, with the trace id.

use luhuan_tests::{Answer, Client, World, redacted};
use reqwest::Method;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE};
use serde_json::{Value, json};

/// The problem, after asserting that it carries the answer's own trace id and says what the status line says.
fn traced(answer: &Answer, status: u16, slug: &str) -> Value {
    let problem = answer.expect_problem(status, slug);
    assert_eq!(problem["trace_id"].as_str(), answer.header("x-trace-id"));
    assert_eq!(problem["status"], status);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    problem
}

#[tokio::test]
async fn a_problem_speaks_the_language_asked_for() {
    let world = World::start().await;
    let ask = async |languages: &str| {
        let request =
            world.anonymous().request(Method::GET, "/api/v1/nothing").header(ACCEPT_LANGUAGE, languages);
        let answer = world.anonymous().send(request).await;
        (answer.header("content-language").unwrap().to_owned(), redacted(&traced(&answer, 404, "not-found")))
    };
    let chinese = ask("zh-CN,zh;q=0.9,en;q=0.5").await;
    let english = ask("en-GB,en;q=0.9,zh;q=0.5").await;
    assert_eq!((chinese.0.as_str(), english.0.as_str()), ("zh-CN", "en"));
    assert_eq!(ask("fr").await, chinese, "Chinese where we do not speak the language");
    insta::assert_json_snapshot!("a_404_in_chinese", chinese.1);
    insta::assert_json_snapshot!("a_404_in_english", english.1);
}

#[tokio::test]
async fn another_method_is_a_405_with_those_there_are() {
    let world = World::start().await;
    let answer = world.anonymous().delete("/api/v1/categories").await;
    traced(&answer, 405, "method-not-allowed");
    assert!(answer.header("allow").is_some_and(|methods| methods.contains("GET")));
}

#[tokio::test]
async fn a_body_that_is_no_json_is_a_415_or_a_400() {
    let world = World::start().await;
    let send = async |kind: &str, body: &'static str| {
        let request = world.anonymous().request(Method::POST, "/api/v1/sessions").header(CONTENT_TYPE, kind);
        world.anonymous().send(request.body(body)).await
    };
    traced(&send("text/plain", "{}").await, 415, "not-json");
    let broken = traced(&send("application/json", "{\"login\": ").await, 400, "malformed");
    assert!(broken["detail"].as_str().unwrap().chars().count() > 10);
    traced(&send("application/json", "[]").await, 422, "json-shape");
    traced(&send("application/json", "{\"login\": 1, \"password\": \"x\"}").await, 422, "json-shape");
}

#[tokio::test]
async fn a_body_over_the_limit_is_a_413() {
    let world = World::start().await;
    let resident = world.resident().await;
    let body =
        json!({"title": "书架", "category": "furniture-bookshelf", "description": "长".repeat(700_000)});
    traced(&resident.post("/api/v1/listings", &body).await, 413, "too-large");
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_a_400() {
    let world = World::start().await;
    let answer = world.anonymous().query("/api/v1/listings", &[("limit", "many")]).await;
    traced(&answer, 400, "malformed");
}

#[tokio::test]
async fn no_inner_detail_leaves() {
    let world = World::start().await;
    let odd = [
        ("/api/v1/listings/%00", Method::GET),
        ("/api/v1/listings/%ff%fe", Method::GET),
        ("/api/v1/people/%E4%B9%A6", Method::GET),
        ("/photos/%00/1.jpg", Method::GET),
        ("/api/v1/search/listings?q=%00%ff", Method::GET),
        ("/api/v1/search/listings?q=%22%29%28%3A*%3A~", Method::GET),
        ("/api/v1/search/suggest?q=%00", Method::GET),
        ("/api/v1/listings?category=%00&after=%00", Method::GET),
        ("/api/v1/price-hints?category=%00", Method::GET),
    ];
    for (path, method) in odd {
        let answer = world.anonymous().send(world.anonymous().request(method, path)).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.text());
        let text = answer.text().to_lowercase();
        for word in ["sqlx", "sqlite", "panicked", "src/", "tantivy", "utf8error"] {
            assert!(!text.contains(word), "{path} says {word}: {text}");
        }
    }
}

#[tokio::test]
async fn who_knocks_too_often_is_told_when_to_come_back() {
    let world = World::start().await;
    let ask =
        async |client: &Client| client.post("/api/v1/sign-in-codes", &json!({"login": "19900000002"})).await;
    let _ = ask(world.anonymous()).await.expect(202);
    let again = ask(world.anonymous()).await;
    traced(&again, 429, "too-many-attempts");
    assert!(again.header("retry-after").unwrap().parse::<u64>().unwrap() <= 61);
}

#[tokio::test]
async fn a_browser_gets_a_page_instead() {
    let world = World::start().await;
    for path in ["/no-such-page", "/listings/01a20e62-a0cf-7862-9345-1bbc8d59a4ce", "/sellers/nobody"] {
        let request = world.anonymous().request(Method::GET, path).header("accept", "text/html,*/*;q=0.8");
        let answer = world.anonymous().send(request).await.expect(404);
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert!(answer.text().contains(answer.header("x-trace-id").unwrap()), "{path} shows its trace id");
    }
}
