//! `/api/v1/sessions` and one-time codes.

use std::time::Duration;

use luhuan_tests::actor::{Actor, PASSWORD};
use luhuan_tests::{Client, World, redacted};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn signing_in_gives_a_token_that_nothing_on_the_way_keeps() {
    let world = World::start().await;
    let resident = world.resident().await;
    let credentials = json!({"login": resident.login, "password": PASSWORD});
    let answer = world.anonymous().post("/api/v1/sessions", &credentials).await.expect(201);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    insta::assert_json_snapshot!(redacted(&answer.json()));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_look_the_same() {
    let world = World::start().await;
    let resident = world.resident().await;
    let try_with = async |login: &str| {
        let credentials = json!({"login": login, "password": "not the password"});
        let refused = world.anonymous().post("/api/v1/sessions", &credentials).await;
        redacted(&refused.expect_problem(401, "bad-credentials"))
    };
    assert_eq!(try_with(&resident.login).await, try_with("19900000000").await);
}

#[tokio::test]
async fn ten_wrong_passwords_lock_the_login_even_for_the_right_one() {
    let world = World::start().await;
    let resident = world.resident().await;
    let wrong = json!({"login": resident.login, "password": "not the password"});
    for _ in 0..10 {
        let refused = world.anonymous().post("/api/v1/sessions", &wrong).await;
        assert!([401, 429].contains(&refused.status.as_u16()), "{}", refused.text());
    }
    let right = json!({"login": resident.login, "password": PASSWORD});
    let locked = world.anonymous().post("/api/v1/sessions", &right).await;
    locked.expect_problem(429, "sign-in-locked");
    let wait: u64 = locked.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=901).contains(&wait), "{wait}");
    let _ = resident.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_device_signs_the_others_out_and_then_itself() {
    let world = World::start().await;
    let here = world.resident().await;
    let there = Actor::sign_in(world.anonymous(), &here.login, PASSWORD).await;
    let listed = here.get("/api/v1/sessions").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert_eq!(here.delete("/api/v1/sessions/others").await.expect(200).json(), json!({"ended": 1}));
    becomes_unauthorised(&there).await;
    let _ = here.get("/api/v1/me").await.expect(200);
    let _ = here.delete("/api/v1/sessions/current").await.expect(204);
    becomes_unauthorised(&here).await;
}

#[tokio::test]
async fn a_session_survives_a_restart() {
    let mut world = World::start().await;
    let resident = world.resident().await;
    assert!(world.stop().success());
    world.restart().await;
    let _ = resident.get("/api/v1/me").await.expect(200);
}

#[tokio::test]
async fn a_code_from_the_console_signs_in_once() {
    let world = World::start().await;
    let resident = world.resident().await;
    let sent = world.anonymous().post("/api/v1/sign-in-codes", &json!({"login": resident.login})).await;
    assert_eq!(sent.expect(202).json()["digits"], 6);
    let code = code_on_the_console(&world, &resident.login).await;
    let credentials = json!({"login": resident.login, "code": code});
    let _ = world.anonymous().post("/api/v1/sessions/code", &credentials).await.expect(201);
    world.anonymous().post("/api/v1/sessions/code", &credentials).await.expect_problem(401, "bad-code");
}

#[tokio::test]
async fn a_code_for_a_login_that_nobody_has_looks_the_same() {
    let world = World::start().await;
    let resident = world.resident().await;
    let ask = async |login: &str| {
        let sent = world.anonymous().post("/api/v1/sign-in-codes", &json!({"login": login})).await;
        let mut sent = sent.expect(202).json();
        sent["sent_to"] = json!("[masked]");
        sent
    };
    assert_eq!(ask(&resident.login).await, ask("19900000001").await);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_ends_other_devices() {
    let world = World::start().await;
    let here = world.resident().await;
    let there = Actor::sign_in(world.anonymous(), &here.login, PASSWORD).await;
    let change = |old: &str| json!({"confirmation": {"password": old}, "password": "another-good-bicycle-7"});
    let put = async |body: &serde_json::Value| {
        here.send(here.request(Method::PUT, "/api/v1/me/password").json(body)).await
    };
    put(&change("not the password")).await.expect_problem(403, "bad-confirmation");
    let _ = put(&change(PASSWORD)).await.expect(204);
    becomes_unauthorised(&there).await;
    let _ = Actor::sign_in(world.anonymous(), &here.login, "another-good-bicycle-7").await;
}

/// What another device, or another gateway, knows of a credential may be five seconds old.
async fn becomes_unauthorised(client: &Client) {
    for _ in 0..70 {
        if client.get("/api/v1/me").await.status == 401 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the session still opens doors after seven seconds");
}

/// The console sender prints `code for 199****5678: 123456`.
async fn code_on_the_console(world: &World, login: &str) -> String {
    let sign = format!("code for {}****{}: ", &login[..3], &login[7..]);
    for _ in 0..100 {
        if let Some((_, rest)) = world.gateway().log().rsplit_once(&sign) {
            let code: String = rest.chars().take_while(char::is_ascii_digit).collect();
            if code.len() == 6 {
                return code;
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no code for {login} on the console:\n{}", world.gateway().log());
}
