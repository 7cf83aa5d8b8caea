//! `/api/v1/listings`: drafting, editing, publishing, taking off, offering again.

use luhuan_tests::{World, redacted};
use serde_json::json;

#[tokio::test]
async fn a_draft_is_its_sellers_alone() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    insta::assert_json_snapshot!(redacted(&listing.read().await));
    world.anonymous().get(&listing.path()).await.expect_problem(404, "not-found");
    world.resident().await.get(&listing.path()).await.expect_problem(404, "not-found");
}

#[tokio::test]
async fn a_published_listing_is_everybodys() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    let seen = world.anonymous().get(&listing.path()).await.expect(200);
    insta::assert_json_snapshot!(redacted(&seen.json()));
    let browsed = world.anonymous().get("/api/v1/listings").await.expect(200).json();
    insta::assert_json_snapshot!("a_card", redacted(&browsed["items"][0]));
}

#[tokio::test]
async fn a_title_and_a_category_are_enough_for_a_draft_but_not_to_publish() {
    let world = World::start().await;
    let seller = world.resident().await;
    let body = json!({"title": "一台单反", "category": "cameras-dslr"});
    let draft = seller.post("/api/v1/listings", &body).await.expect(201).json();
    let refused =
        seller.post_empty(&format!("/api/v1/listings/{}/publish", draft["id"].as_str().unwrap())).await;
    insta::assert_json_snapshot!(redacted(&refused.expect_problem(422, "invalid")));
}

#[tokio::test]
async fn a_wrong_field_is_named_with_what_to_do() {
    let world = World::start().await;
    let seller = world.resident().await;
    let body = world
        .listing()
        .title("")
        .category("furniture")
        .price_fen(0)
        .subdistrict("999999999")
        .field("origin", "a-friend")
        .field("quantity", 0)
        .body();
    let refused = seller.post("/api/v1/listings", &body).await;
    insta::assert_json_snapshot!(redacted(&refused.expect_problem(422, "invalid")));
}

#[tokio::test]
async fn a_field_that_there_is_not_is_refused() {
    let world = World::start().await;
    let seller = world.resident().await;
    let body = world.listing().field("titel", "错字").body();
    let refused = seller.post("/api/v1/listings", &body).await.expect_problem(422, "json-shape");
    assert!(refused["detail"].as_str().unwrap().contains("titel"));
}

#[tokio::test]
async fn the_way_from_draft_to_withdrawn_and_back() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let state = async || listing.read().await["state"].as_str().unwrap().to_owned();
    listing.command("relist").await.expect_problem(409, "listing-state");
    let _ = listing.command("publish").await.expect(200);
    let _ = listing.command("publish").await.expect(200);
    assert_eq!(state().await, "published");
    let refused = listing.command("relist").await.expect_problem(409, "listing-state");
    assert_eq!(refused["state"], "published");
    let _ = listing.command("withdraw").await.expect(200);
    assert_eq!(state().await, "withdrawn");
    listing.command("publish").await.expect_problem(409, "listing-state");
    let _ = listing.command("relist").await.expect(200);
    assert_eq!(state().await, "published");
}

#[tokio::test]
async fn only_the_seller_changes_a_listing() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    let stranger = world.resident().await;
    stranger.patch(&listing.path(), "*", &json!({"price_fen": 1})).await.expect_problem(403, "forbidden");
    stranger.post_empty(&listing.command_path("withdraw")).await.expect_problem(403, "forbidden");
    assert_eq!(listing.read().await["price_fen"], 12_000);
}

#[tokio::test]
async fn a_new_price_is_kept_in_the_history() {
    let world = World::start().await;
    let listing = world.listing().price_fen(12_000).published().await;
    let read = listing.seller.get(&listing.path()).await.expect(200);
    let change = json!({"price_fen": 9_900});
    let changed = listing.seller.patch(&listing.path(), &read.etag(), &change).await.expect(200);
    assert_eq!(changed.json()["price_fen"], 9_900);
    assert_ne!(changed.etag(), read.etag());
    let prices = world.anonymous().get(&format!("{}/prices", listing.path())).await.expect(200).json();
    let steps: Vec<_> =
        prices["items"].as_array().unwrap().iter().map(|step| step["price_fen"].as_i64()).collect();
    assert_eq!(steps, [Some(12_000), Some(9_900)], "{prices}");
}

#[tokio::test]
async fn null_clears_a_field_and_what_is_absent_stays() {
    let world = World::start().await;
    let listing = world.listing().field("original_price_fen", 39_900).draft().await;
    let seller = &listing.seller;
    let changed =
        seller.patch(&listing.path(), "*", &json!({"original_price_fen": null})).await.expect(200).json();
    assert_eq!((&changed["original_price_fen"], &changed["price_fen"]), (&json!(null), &json!(12_000)));
}

#[tokio::test]
async fn prohibited_goods_are_refused_with_the_rule() {
    let world = World::start().await;
    let listing = world.listing().title("仿真枪一把").draft().await;
    let refused = listing.command("publish").await;
    insta::assert_json_snapshot!(redacted(&refused.expect_problem(422, "listing-prohibited")));
    assert_eq!(listing.read().await["state"], "draft");
}

#[tokio::test]
async fn contact_details_in_the_text_are_masked() {
    let world = World::start().await;
    let listing = world
        .listing()
        .description("书架五层，电话13812345678，加微信 bookshelf2026 细聊。")
        .published()
        .await;
    let text = world.anonymous().get(&listing.path()).await.expect(200).text();
    assert!(!text.contains("13812345678") && !text.contains("bookshelf2026"), "{text}");
}

#[tokio::test]
async fn contact_details_are_refused_where_the_operator_says_so() {
    let world = World::builder().variable("LUHUAN_LISTING_CONTACTS", "refuse").start().await;
    let seller = world.resident().await;
    let body = world.listing().description("电话13812345678").body();
    let refused = seller.post("/api/v1/listings", &body).await.expect_problem(422, "invalid");
    assert_eq!(refused["errors"][0]["field"], "description");
}

#[tokio::test]
async fn the_place_shown_is_near_the_true_one_but_not_it() {
    let world = World::start().await;
    let (lat, lon) = (39.9163, 116.3972);
    let listing = world.listing().field("location", json!({"lat": lat, "lon": lon})).published().await;
    let place = world.anonymous().get(&listing.path()).await.expect(200).json()["location"].clone();
    let metres = |degrees: f64| degrees * 111_000.0;
    let north = metres(place["lat"].as_f64().unwrap() - lat);
    let east = metres(place["lon"].as_f64().unwrap() - lon) * lat.to_radians().cos();
    let away = north.hypot(east);
    assert!((1.0..=1_000.0).contains(&away), "{away} m away");
    assert_eq!(place["accuracy_m"], 500);
}

#[tokio::test]
async fn one_item_is_on_offer_once() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    let item = listing.read().await["item"].clone();
    let again = world.listing().by(&listing.seller).field("item", item.clone()).body();
    let second = listing.seller.post("/api/v1/listings", &again).await;
    if second.status == 201 {
        let path = format!("/api/v1/listings/{}/publish", second.json()["id"].as_str().unwrap());
        listing.seller.post_empty(&path).await.expect_problem(409, "listing-item-listed");
    } else {
        second.expect_problem(409, "listing-item-listed");
    }
    let _ = listing.command("withdraw").await.expect(200);
    let later = world.listing().by(&listing.seller).field("item", item.clone()).published().await;
    assert_eq!(later.read().await["item"], item);
}

#[tokio::test]
async fn browsing_pages_through_everything_once() {
    let world = World::start().await;
    let seller = world.resident().await;
    let mut posted = Vec::new();
    for number in 0..7 {
        posted.push(world.listing().by(&seller).title(&format!("书架 {number} 号")).published().await.id);
    }
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let mut parameters = vec![("limit", "3")];
        if !after.is_empty() {
            parameters.push(("after", after.as_str()));
        }
        let page = world.anonymous().query("/api/v1/listings", &parameters).await.expect(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 3);
        seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        next.clone_into(&mut after);
    }
    posted.reverse();
    assert_eq!(seen, posted, "newest first, each once");
    let wrong = world.anonymous().query("/api/v1/listings", &[("after", "not-a-cursor")]).await;
    assert!(wrong.status.is_client_error(), "{}", wrong.status);
}

#[tokio::test]
async fn a_price_hint_needs_three_to_compare() {
    let world = World::start().await;
    let seller = world.resident().await;
    let hint = async || {
        let asked = [("category", "furniture-bookshelf"), ("brand", "宜家"), ("model", "比利")];
        world.anonymous().query("/api/v1/price-hints", &asked).await.expect(200).json()["hint"].clone()
    };
    for fen in [10_000, 12_000, 14_000] {
        assert!(hint().await.is_null());
        let listing =
            world.listing().by(&seller).price_fen(fen).field("brand", "宜家").field("model", "比利");
        let _ = listing.published().await;
    }
    let hint = hint().await;
    assert_eq!(hint["count"], 3, "{hint}");
    world
        .anonymous()
        .query("/api/v1/price-hints", &[("category", "nothing")])
        .await
        .expect_problem(422, "invalid");
}

#[tokio::test]
async fn ones_own_listings_are_counted_by_state() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    let _ = world.listing().by(&listing.seller).draft().await;
    let mine = listing.seller.get("/api/v1/me/listings").await.expect(200).json();
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    assert_eq!((&mine["counts"]["published"], &mine["counts"]["draft"]), (&json!(1), &json!(1)), "{mine}");
}
