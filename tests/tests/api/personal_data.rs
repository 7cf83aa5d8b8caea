//! Consent, identity, export and erasure (PIPL).

use luhuan_tests::World;
use luhuan_tests::actor::PASSWORD;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn nothing_optional_is_agreed_to_beforehand_and_what_is_given_can_be_taken_back() {
    let world = World::start().await;
    let resident = world.resident().await;
    let given = async || -> Vec<String> {
        let consents = resident.get("/api/v1/me/consents").await.expect(200).json();
        let items = consents["items"].as_array().unwrap().iter();
        items
            .filter(|item| item["given"] == true)
            .map(|item| item["purpose"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(given().await, ["terms", "privacy"]);
    let put = |path: &str| resident.request(Method::PUT, path);
    let _ = resident.send(put("/api/v1/me/consents/location")).await.expect(204);
    assert_eq!(given().await, ["terms", "privacy", "location"]);
    let _ = resident.delete("/api/v1/me/consents/location").await.expect(204);
    assert_eq!(given().await, ["terms", "privacy"]);
    resident.delete("/api/v1/me/consents/terms").await.expect_problem(409, "consent-required");
    resident.send(put("/api/v1/me/consents/everything")).await.expect_problem(422, "invalid");
}

#[tokio::test]
async fn an_identity_number_is_checked_and_shown_masked() {
    let world = World::start().await;
    let resident = world.resident().await;
    let put = async |number: &str, consent: bool| {
        let identity = json!({"real_name": "林小满", "number": number, "consent": consent});
        resident.send(resident.request(Method::PUT, "/api/v1/me/identity").json(&identity)).await
    };
    put("110105194912310021", true).await.expect_problem(422, "invalid");
    put("11010519491231002X", false).await.expect_problem(422, "consent-missing");
    let _ = put("11010519491231002X", true).await.expect(204);
    let me = resident.get("/api/v1/me").await.expect(200);
    assert!(!me.text().contains("11010519491231002X") && !me.text().contains("林小满"), "{}", me.text());
    assert!(me.json()["identity_number"].as_str().unwrap().contains('*'));
    let database = std::fs::read(world.data().join("luhuan.sqlite3-wal")).unwrap();
    assert!(!contains(&database, b"11010519491231002X"), "the number is sealed in the database");
}

#[tokio::test]
async fn an_export_holds_account_and_listings() {
    let world = World::start().await;
    let seller = world.resident().await;
    let _ = world.listing().by(&seller).title("要带走的书架").published().await;
    let export = seller.get("/api/v1/me/export").await.expect(200);
    assert_eq!(
        export.header("content-disposition"),
        Some("attachment; filename=\"luhuan-personal-data.json\"")
    );
    assert!(
        export.text().contains("要带走的书架") && export.text().contains(&seller.login),
        "{}",
        export.text()
    );
}

#[tokio::test]
async fn an_erased_account_is_gone_with_its_name_its_login_and_its_offers() {
    let world = World::start().await;
    let seller = world.resident().await;
    let listing = world.listing().by(&seller).published().await;
    let id = seller.get("/api/v1/me").await.json()["id"].as_str().unwrap().to_owned();
    seller
        .post("/api/v1/me/erase", &json!({"password": "not it"}))
        .await
        .expect_problem(403, "bad-confirmation");
    let _ = seller.post("/api/v1/me/erase", &json!({"password": PASSWORD})).await.expect(204);
    let credentials = json!({"login": seller.login, "password": PASSWORD});
    world.anonymous().post("/api/v1/sessions", &credentials).await.expect_problem(401, "bad-credentials");
    let person = world.anonymous().get(&format!("/api/v1/people/{id}")).await.expect(200).json();
    assert_eq!((&person["erased"], person["name"] == "小林"), (&json!(true), false));
    // The answer of a listing may be kept for a second.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    world.anonymous().get(&listing.path()).await.expect_problem(404, "not-found");
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
