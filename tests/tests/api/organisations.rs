//! `/api/v1/organisations` and their members.

use luhuan_tests::{Actor, World, redacted};
use serde_json::{Value, json};

async fn shop(owner: &Actor) -> Value {
    let wanted = json!({"kind": "seller-shop", "name": "双井旧书店", "licence": "91110000101623741K"});
    owner.post("/api/v1/organisations", &wanted).await.expect(201).json()
}

#[tokio::test]
async fn a_shop_shows_its_licence_masked() {
    let world = World::start().await;
    let owner = world.resident().await;
    insta::assert_json_snapshot!(redacted(&shop(&owner).await));
}

#[tokio::test]
async fn a_licence_that_is_no_code_is_refused() {
    let world = World::start().await;
    let owner = world.resident().await;
    let wanted = json!({"kind": "seller-shop", "name": "双井旧书店", "licence": "123"});
    let refused = owner.post("/api/v1/organisations", &wanted).await.expect_problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "licence");
}

#[tokio::test]
async fn members_come_and_go_but_the_last_owner_stays() {
    let world = World::start().await;
    let (owner, clerk, stranger) = (world.resident().await, world.resident().await, world.resident().await);
    let path = format!("/api/v1/organisations/{}", shop(&owner).await["id"].as_str().unwrap());
    let members = format!("{path}/members");
    let wanted = json!({"login": clerk.login, "role": "clerk"});
    stranger.post(&members, &wanted).await.expect_problem(404, "not-found");
    let added = owner.post(&members, &wanted).await.expect(201).json();
    owner.post(&members, &wanted).await.expect_problem(409, "already-member");
    let _ = clerk.get(&path).await.expect(200);
    stranger.get(&path).await.expect_problem(404, "not-found");
    clerk.patch(&path, "*", &json!({"name": "别的店"})).await.expect_problem(403, "forbidden");
    let me = owner.get("/api/v1/me").await.json()["id"].as_str().unwrap().to_owned();
    owner.delete(&format!("{members}/{me}")).await.expect_problem(409, "last-owner");
    let _ = owner.delete(&format!("{members}/{}", added["person"].as_str().unwrap())).await.expect(204);
    clerk.get(&path).await.expect_problem(404, "not-found");
}

#[tokio::test]
async fn a_clerk_posts_for_the_shop_and_a_stranger_does_not() {
    let world = World::start().await;
    let (owner, clerk, stranger) = (world.resident().await, world.resident().await, world.resident().await);
    let shop = shop(&owner).await;
    let path = format!("/api/v1/organisations/{}/members", shop["id"].as_str().unwrap());
    let _ = owner.post(&path, &json!({"login": clerk.login, "role": "clerk"})).await.expect(201);
    let listing = world.listing().by(&clerk).field("organisation", shop["id"].clone()).published().await;
    assert_eq!(listing.read().await["seller"]["organisation"], shop["id"]);
    let body = world.listing().field("organisation", shop["id"].clone()).body();
    stranger.post("/api/v1/listings", &body).await.expect_problem(403, "forbidden");
}
