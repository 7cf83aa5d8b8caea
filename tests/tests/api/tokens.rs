//! `/api/v1/tokens`: API tokens and what their scopes let them do.

use luhuan_tests::{Actor, Client, World, redacted};
use serde_json::{Value, json};

async fn mint(owner: &Actor, scopes: &[&str]) -> Value {
    let wanted = json!({"name": "货架同步", "scopes": scopes, "expires_in_days": 90});
    owner.post("/api/v1/tokens", &wanted).await.expect(201).json()
}

async fn client_with(world: &World, owner: &Actor, scopes: &[&str]) -> Client {
    world.anonymous().with_token(mint(owner, scopes).await["token"].as_str().unwrap())
}

#[tokio::test]
async fn a_token_is_shown_once_and_then_by_its_first_characters() {
    let world = World::start().await;
    let owner = world.resident().await;
    let minted = mint(&owner, &["read", "listings"]).await;
    let secret = minted["token"].as_str().unwrap();
    assert!(secret.starts_with(minted["prefix"].as_str().unwrap()));
    let mut shown = redacted(&minted);
    shown["prefix"] = json!("[prefix]");
    insta::assert_json_snapshot!(shown);
    let listed = owner.get("/api/v1/tokens").await.expect(200);
    assert!(!listed.text().contains(secret));
    assert_eq!(listed.json()["items"][0]["id"], minted["id"]);
}

#[tokio::test]
async fn a_reading_token_reads_and_changes_nothing() {
    let world = World::start().await;
    let owner = world.resident().await;
    let reader = client_with(&world, &owner, &["read"]).await;
    let _ = reader.get("/api/v1/me").await.expect(200);
    let listing = world.listing().body();
    reader.post("/api/v1/listings", &listing).await.expect_problem(403, "forbidden");
    reader.patch("/api/v1/me", "*", &json!({"name": "别人"})).await.expect_problem(403, "forbidden");
    reader.get("/api/v1/tokens").await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_listing_token_posts_goods_but_leaves_the_account_alone() {
    let world = World::start().await;
    let owner = world.resident().await;
    let seller = client_with(&world, &owner, &["read", "listings"]).await;
    let _ = seller.post("/api/v1/listings", &world.listing().body()).await.expect(201);
    seller.patch("/api/v1/me", "*", &json!({"name": "别人"})).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn no_token_makes_another_one() {
    let world = World::start().await;
    let owner = world.resident().await;
    let account = client_with(&world, &owner, &["read", "account"]).await;
    let wanted = json!({"name": "再来一个", "scopes": ["read"], "expires_in_days": 1});
    account.post("/api/v1/tokens", &wanted).await.expect_problem(403, "forbidden");
}

#[tokio::test]
async fn a_staff_role_needs_the_staff_scope() {
    let world = World::start().await;
    let moderator = world.staff("moderator").await;
    let without = client_with(&world, &moderator, &["read", "listings", "account"]).await;
    without.get("/api/v1/moderation/listings").await.expect_problem(403, "forbidden");
    let with = client_with(&world, &moderator, &["read", "staff"]).await;
    let _ = with.get("/api/v1/moderation/listings").await.expect(200);
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() {
    let world = World::start().await;
    let owner = world.resident().await;
    let minted = mint(&owner, &["read"]).await;
    let client = world.anonymous().with_token(minted["token"].as_str().unwrap());
    let _ = owner.delete(&format!("/api/v1/tokens/{}", minted["id"].as_str().unwrap())).await.expect(204);
    client.get("/api/v1/me").await.expect_problem(401, "unknown-token");
}

#[tokio::test]
async fn a_token_names_its_scopes_and_an_end_within_a_year() {
    let world = World::start().await;
    let owner = world.resident().await;
    for wanted in [
        json!({"name": "无", "scopes": [], "expires_in_days": 9}),
        json!({"name": "久", "scopes": ["read"], "expires_in_days": 367}),
        json!({"name": "", "scopes": ["read"], "expires_in_days": 9}),
    ] {
        owner.post("/api/v1/tokens", &wanted).await.expect_problem(422, "invalid");
    }
    let unknown = json!({"name": "谁", "scopes": ["everything"], "expires_in_days": 9});
    owner.post("/api/v1/tokens", &unknown).await.expect_problem(422, "json-shape");
}
