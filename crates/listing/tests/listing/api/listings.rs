//! `/api/v1/listings`: browsing, drafting, reading, changing; one's own.

use luhuan_listing::model::Details;
use serde_json::{Value, json};

use super::client::path;
use crate::support::{anonymous, bike, doubtful, each};

#[tokio::test]
async fn browsing_goes_on_from_the_cursor_to_the_last_page() {
    each(async |world| {
        let seller = world.person();
        for price in [76_000, 70_000, 65_000] {
            world.published(&seller, Details { price_fen: Some(price), ..bike() }).await;
        }
        let stranger = world.client(&anonymous());
        let browse = "/api/v1/listings?category=cycling&limit=2";
        let first = stranger.get(browse).await.expect(200).body;
        assert_eq!(first["items"].as_array().unwrap().len(), 2);
        let next = first["next"].as_str().unwrap();
        let last = stranger.get(&format!("{browse}&after={next}")).await.expect(200).body;
        assert_eq!(last["items"].as_array().unwrap().len(), 1);
        assert_eq!(last.get("next"), None);
    })
    .await;
}

#[tokio::test]
async fn creating_again_under_the_same_key_gives_the_first_answer() {
    each(async |world| {
        let seller = world.client(&world.person()).with("Idempotency-Key", "k1");
        let create = async |title: &str| {
            seller.post("/api/v1/listings", &json!({ "title": title, "category": "bikes-mountain" })).await
        };
        let first = create("山地车").await.expect(201);
        let second = create("山地车").await.expect(201);
        assert_eq!((first.etag(), &first.body), (second.etag(), &second.body));
        create("公路车").await.expect_problem(422, "idempotency-key-reused");
        assert_eq!(world.column("SELECT title AS it FROM listing").await, ["山地车"]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_before_anything_is_done() {
    each(async |world| {
        let seller = world.client(&world.person());
        let there = json!({ "lat": 95, "lon": 1 });
        for (body, slug) in [
            (json!({ "category": "bikes-mountain" }), "json-shape"),
            (json!({ "title": "x", "category": "bikes-mountain", "colour": 1 }), "json-shape"),
            (json!({ "title": "x", "category": "bikes-mountain", "location": there }), "invalid"),
            (json!({ "title": "x", "category": "no-such" }), "invalid"),
        ] {
            seller.post("/api/v1/listings", &body).await.expect_problem(422, slug);
        }
        let body = json!({ "title": "x", "category": "bikes-mountain" });
        let stranger = world.client(&anonymous());
        stranger.post("/api/v1/listings", &body).await.expect_problem(401, "unauthenticated");
        seller.get("/api/v1/listings?after=nonsense").await.expect_problem(422, "invalid");
        seller.get("/api/v1/me/listings?after=e30").await.expect_problem(422, "invalid");
        seller.get("/api/v1/listings/nonsense").await.expect_problem(404, "not-found");
        assert!(world.told().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_has_a_listing_already_is_told_so_without_its_body() {
    each(async |world| {
        let id = world.published(&world.person(), bike()).await.id;
        let stranger = world.client(&anonymous());
        let first = stranger.get(&path(id)).await.expect(200);
        let known = stranger.with("If-None-Match", first.etag()).get(&path(id)).await.expect(304);
        assert_eq!((&known.body, known.etag()), (&Value::Null, first.etag()));
        let _ = stranger.with("If-None-Match", "\"1-0\"").get(&path(id)).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_refused() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        let seller = world.client(&seller);
        let read = seller.get(&path(id)).await.expect(200);
        let edit =
            async |tag: &str, price: i64| seller.patch(&path(id), tag, &json!({ "price_fen": price })).await;
        let edited = edit(read.etag(), 70_000).await.expect(200);
        assert_eq!(edited.body["version"], 3);
        edit(read.etag(), 60_000).await.expect_problem(412, "stale");
        edit("nonsense", 60_000).await.expect_problem(412, "stale");
        let _ = edit(edited.etag(), 60_000).await.expect(200);
        let _ = edit("*", 50_000).await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_change_is_read_at_once_in_the_process_that_made_it() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        let stranger = world.client(&anonymous());
        assert_eq!(stranger.get(&path(id)).await.body["price_fen"], 76_000);
        world.edit(&seller, id, |it| it.price_fen = Some(50_000)).await.unwrap();
        assert_eq!(stranger.get(&path(id)).await.body["price_fen"], 50_000);
        let _ = world.client(&seller).post_empty(&format!("{}/withdraw", path(id))).await.expect(200);
        stranger.get(&path(id)).await.expect_problem(404, "not-found");
    })
    .await;
}

#[tokio::test]
async fn what_a_seller_reads_of_a_hidden_listing_is_not_kept_for_others() {
    each(async |world| {
        let seller = world.person();
        for id in [world.draft(&seller, bike()).await.id, world.published(&seller, doubtful()).await.id] {
            let _ = world.client(&seller).get(&path(id)).await.expect(200);
            world.client(&anonymous()).get(&path(id)).await.expect_problem(404, "not-found");
        }
    })
    .await;
}

#[tokio::test]
async fn a_strangers_look_is_counted_and_a_sellers_own_is_not() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        for who in [&seller, &anonymous(), &world.person(), &seller] {
            let _ = world.client(who).get(&path(id)).await.expect(200);
        }
        world.listings.flush_views().await.unwrap();
        assert_eq!(world.view(id).await.row.views, 2);
    })
    .await;
}

#[tokio::test]
async fn null_clears_and_absence_leaves() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let patch = json!({ "condition": null, "price_fen": null, "reason": "搬家" });
        let edited = world.client(&seller).patch(&path(id), "*", &patch).await.expect(200).body;
        assert_eq!((&edited["condition"], &edited["price_fen"]), (&Value::Null, &Value::Null));
        assert_eq!((&edited["reason"], &edited["origin"]), (&json!("搬家"), &json!("mall-new")));
    })
    .await;
}

#[tokio::test]
async fn ones_own_come_with_the_number_in_each_state() {
    each(async |world| {
        let seller = world.person();
        world.draft(&seller, bike()).await;
        let on_offer = world.published(&seller, bike()).await.id;
        let mine = world.client(&seller).get("/api/v1/me/listings").await.expect(200).body;
        assert_eq!(mine["items"][0]["id"], on_offer.to_string());
        assert_eq!(mine["items"].as_array().unwrap().len(), 1);
        assert_eq!((&mine["counts"]["published"], &mine["counts"]["draft"]), (&json!(1), &json!(1)));
    })
    .await;
}
