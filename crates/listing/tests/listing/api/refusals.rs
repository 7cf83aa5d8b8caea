//! What stands at an endpoint about its refusals is what it refuses: each that is named is given, and each that is
//! given is named.

use std::collections::BTreeSet;

use http::Method;
use luhuan_kernel::Id;
use luhuan_listing::{
    CreateListing, Listing,
    model::{Details, Move},
};
use serde_json::{Value, json};

use super::{
    client::{Answer, path},
    description::description,
    photos::upload,
};
use crate::support::{World, bike, command, each, offer, png, titled};

/// An operation, and a status and a slug with which it refuses.
type Refusal = (String, u16, String);

/// What the descriptions of all operations name, as `` `slug` (status) ``.
fn named() -> BTreeSet<Refusal> {
    let mut named = BTreeSet::new();
    for (path, operations) in description()["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let words = operation["description"].as_str().unwrap_or_default().replace('\n', " ");
            let Some((_, refused)) = words.split_once("Refused: ") else { continue };
            let pieces: Vec<_> = refused.split('`').collect();
            for named_then_said in pieces[1..].chunks(2) {
                let [slug, said] = named_then_said else { panic!("{method} {path}: {words}") };
                let statuses = said.strip_prefix(" (").and_then(|said| said.split(')').next()).unwrap();
                for status in statuses.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()) {
                    let operation = format!("{} {path}", method.to_uppercase());
                    named.insert((operation, status.parse().unwrap(), (*slug).to_owned()));
                }
            }
        }
    }
    named
}

/// What was given.
#[derive(Default)]
struct Given(BTreeSet<Refusal>);

impl Given {
    #[track_caller]
    fn by(&mut self, operation: &str, answer: &Answer) {
        let (status, slug) = answer.refusal();
        self.0.insert((operation.to_owned(), status, slug.to_owned()));
    }
}

async fn by_lists(world: &World<'_>, given: &mut Given) {
    let (resident, moderator) = (world.client(&world.person()), world.client(&world.moderator()));
    for list in ["/api/v1/listings", "/api/v1/me/listings", "/api/v1/me/watchlist"] {
        given.by(&format!("GET {list}"), &resident.get(&format!("{list}?after=W10")).await);
    }
    let waiting = "/api/v1/moderation/listings";
    given.by(&format!("GET {waiting}"), &moderator.get(&format!("{waiting}?after=W10")).await);
    let hint = resident.get("/api/v1/price-hints?category=nonsense").await;
    given.by("GET /api/v1/price-hints", &hint);
}

async fn by_writing(world: &World<'_>, given: &mut Given) {
    let seller = world.person();
    let client = world.client(&seller);
    let listing = world.published(&seller, bike()).await;
    let create = async |body: Value| client.post("/api/v1/listings", &body).await;
    given.by("POST /api/v1/listings", &create(json!({ "title": "x", "category": "no-such" })).await);
    let again = json!({ "title": "x", "category": "bikes-mountain", "item": listing.item_id });
    given.by("POST /api/v1/listings", &create(again).await);
    let edit = async |tag: &str, body: Value| client.patch(&path(listing.id), tag, &body).await;
    let operation = "PATCH /api/v1/listings/{id}";
    given.by(operation, &edit("\"1-0\"", json!({ "price_fen": 1 })).await);
    given.by(operation, &edit("*", json!({ "price_fen": 0 })).await);
    given.by(operation, &edit("*", json!({ "title": "出真枪" })).await);
    world.settle(listing.id, Move::Reserve).await.unwrap();
    given.by(operation, &edit("*", json!({ "price_fen": 1 })).await);
}

async fn by_moves(world: &World<'_>, given: &mut Given) {
    let seller = world.person();
    let client = world.client(&seller);
    let attempt = async |given: &mut Given, name: &str, id: Id<Listing>, tag: &str| {
        let answer = client.with("If-Match", tag).post_empty(&format!("{}/{name}", path(id))).await;
        given.by(&format!("POST /api/v1/listings/{{id}}/{name}"), &answer);
    };
    let draft = async |details: Details| world.draft(&seller, details).await.id;
    let withdrawn = async |details: Details| {
        let id = draft(details).await;
        command!(world, withdraw, &seller, id, None).unwrap();
        id
    };
    let priceless = || Details { price_fen: None, ..bike() };
    for (name, unpublished) in [("publish", false), ("relist", true)] {
        let listing = async |details: Details| {
            if unpublished { withdrawn(details).await } else { draft(details).await }
        };
        attempt(given, name, listing(bike()).await, "\"7-0\"").await;
        attempt(given, name, listing(priceless()).await, "*").await;
        attempt(given, name, listing(titled("出真枪")).await, "*").await;
    }
    let first = world.published(&seller, bike()).await;
    attempt(given, "relist", first.id, "*").await;
    attempt(given, "withdraw", first.id, "\"7-0\"").await;
    command!(world, withdraw, &seller, first.id, None).unwrap();
    attempt(given, "publish", first.id, "*").await;
    let again = CreateListing { item: Some(first.item_id), ..offer(bike()) };
    let second = command!(world, create, &seller, again).unwrap();
    attempt(given, "relist", first.id, "*").await;
    world.publish(&seller, second.id).await.unwrap();
    world.settle(second.id, Move::Reserve).await.unwrap();
    attempt(given, "withdraw", second.id, "*").await;
}

async fn by_photos(world: &World<'_>, given: &mut Given) {
    let seller = world.person();
    let client = world.client(&seller);
    let id = world.published(&seller, bike()).await.id;
    let gallery = format!("{}/photos", path(id));
    let add = "POST /api/v1/listings/{id}/photos";
    given.by(add, &client.post(&gallery, &json!({})).await);
    given.by(add, &upload(&client, id, "picture", b"x").await);
    for (bytes, start) in [(8, b"%PDF-1.7"), (32, b"GIF89a\x01\0"), ((12 << 20) + 1, b"\0\0\0\0\0\0\0\0")] {
        let mut file = start.to_vec();
        file.resize(bytes, 0);
        given.by(add, &upload(&client, id, "photo", &file).await);
    }
    given.by(add, &upload(&client, id, "photo", &vec![0; 13 << 20]).await);
    for shade in 0..9 {
        let _ = upload(&client, id, "photo", &png([shade, 0, 0])).await.expect(201);
    }
    given.by(add, &upload(&client, id, "photo", &png([9, 0, 0])).await);
    let photo = world.view(id).await.photos[0].id;
    world.settle(id, Move::Reserve).await.unwrap();
    given.by(add, &upload(&client, id, "photo", &png([9, 0, 0])).await);
    given.by("PUT /api/v1/listings/{id}/photos", &client.put(&gallery, &json!({ "photos": [] })).await);
    let gone = client.send(Method::DELETE, &format!("{gallery}/{photo}"), "".into()).await;
    given.by("DELETE /api/v1/listings/{id}/photos/{photo}", &gone);
}

async fn by_moderation(world: &World<'_>, given: &mut Given) {
    let moderator = world.client(&world.moderator());
    let id = world.published(&world.person(), bike()).await.id;
    world.settle(id, Move::Reserve).await.unwrap();
    for reason in ["", "重复"] {
        let path = format!("/api/v1/moderation/listings/{id}/take-down");
        let answer = moderator.post(&path, &json!({ "reason": reason })).await;
        given.by("POST /api/v1/moderation/listings/{id}/take-down", &answer);
    }
}

#[tokio::test]
async fn every_refusal_that_an_endpoint_names_is_given_and_every_one_given_is_named() {
    each(async |world| {
        let mut given = Given::default();
        by_lists(world, &mut given).await;
        by_writing(world, &mut given).await;
        by_moves(world, &mut given).await;
        by_photos(world, &mut given).await;
        by_moderation(world, &mut given).await;
        assert_eq!(given.0, named());
    })
    .await;
}
