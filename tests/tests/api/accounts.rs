//! `/api/v1/accounts`, `/api/v1/me`, `/api/v1/people`.

use luhuan_tests::actor::{PASSWORD, fresh_phone};
use luhuan_tests::{World, redacted};
use serde_json::json;

#[tokio::test]
async fn a_resident_signs_up_and_sees_a_masked_profile() {
    let world = World::start().await;
    let form = json!({"login": "19912345678", "password": PASSWORD, "name": "小林", "consent": true});
    let created = world.anonymous().post("/api/v1/accounts", &form).await.expect(201);
    insta::assert_json_snapshot!(redacted(&created.json()));
    assert!(!created.text().contains("19912345678"), "the phone is masked");
}

#[tokio::test]
async fn a_sign_up_says_field_by_field_what_is_wrong() {
    let world = World::start().await;
    let form = json!({"login": "12345", "password": "short", "name": "", "consent": true});
    let refused = world.anonymous().post("/api/v1/accounts", &form).await;
    insta::assert_json_snapshot!(redacted(&refused.expect_problem(422, "invalid")));
}

#[tokio::test]
async fn without_consent_nobody_signs_up() {
    let world = World::start().await;
    let form = json!({"login": fresh_phone(), "password": PASSWORD, "name": "小林", "consent": false});
    let refused = world.anonymous().post("/api/v1/accounts", &form).await.expect_problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "consent");
}

#[tokio::test]
async fn a_login_belongs_to_one_person() {
    let world = World::start().await;
    let resident = world.resident().await;
    let form = json!({"login": resident.login, "password": PASSWORD, "name": "另一位", "consent": true});
    let refused = world.anonymous().post("/api/v1/accounts", &form).await.expect_problem(409, "login-taken");
    assert_eq!(refused["errors"][0]["field"], "login");
}

#[tokio::test]
async fn a_profile_is_edited_once_per_version() {
    let world = World::start().await;
    let resident = world.resident().await;
    let read = resident.get("/api/v1/me").await.expect(200);
    assert_eq!(read.header("cache-control"), Some("private, no-cache"));
    let change = json!({"name": "林小满", "subdistrict": "110105016", "locale": "en"});
    let changed = resident.patch("/api/v1/me", &read.etag(), &change).await.expect(200);
    assert_eq!(
        (&changed.json()["name"], &changed.json()["locale"]),
        (&json!("林小满"), &json!("en")),
        "{}",
        changed.text()
    );
    resident.patch("/api/v1/me", &read.etag(), &json!({"name": "别的"})).await.expect_problem(412, "stale");
    assert_eq!(resident.get("/api/v1/me").await.json()["name"], "林小满");
}

#[tokio::test]
async fn strangers_see_a_name_and_nothing_to_reach_it_by() {
    let world = World::start().await;
    let resident = world.resident().await;
    let me = resident.get("/api/v1/me").await.expect(200).json();
    let path = format!("/api/v1/people/{}", me["id"].as_str().unwrap());
    let seen = world.anonymous().get(&path).await.expect(200);
    insta::assert_json_snapshot!(redacted(&seen.json()));
    assert!(!seen.text().contains(&resident.login[7..]), "{}", seen.text());
}

#[tokio::test]
async fn only_an_administrator_grants_roles() {
    let world = World::start().await;
    let (administrator, resident) = (world.staff("administrator").await, world.resident().await);
    let id = resident.get("/api/v1/me").await.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/people/{id}/roles/moderator");
    let put = |who: &luhuan_tests::Client| who.request(reqwest::Method::PUT, &path);
    resident.send(put(&resident)).await.expect_problem(403, "forbidden");
    let _ = administrator.send(put(&administrator)).await.expect(204);
    assert_eq!(resident.get("/api/v1/me").await.json()["roles"], json!(["moderator"]));
    let _ = administrator.delete(&path).await.expect(204);
    assert_eq!(resident.get("/api/v1/me").await.json()["roles"], json!([]));
}
