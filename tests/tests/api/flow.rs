//! From a sign-up to a find, on both databases.

use luhuan_tests::client::UploadFile;
use luhuan_tests::{Actor, Store, World, photo, redacted};
use reqwest::Method;
use serde_json::json;

use crate::search::FINDABLE;

#[tokio::test]
async fn a_bookcase_is_posted_found_watched_edited_and_taken_off() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let seller = Actor::sign_up(world.anonymous(), "小林").await;
        let listing = world.listing().by(&seller).title("胡桃木书架").draft().await;
        for content in [photo::jpeg(1200, 900, 1), photo::webp(900, 1200, 2)] {
            let _ = listing.add_photo(UploadFile::jpeg(content)).await.expect(201);
        }
        let _ = listing.command("publish").await.expect(200);

        for words in ["书架", "胡桃木", "shujia", "htm"] {
            let found = world.search_until(words, FINDABLE, |found| found["total"] == 1).await;
            assert_eq!(found["items"][0]["id"], json!(listing.id), "{store:?} {words}");
            let cover = found["items"][0]["photo"]["id"].as_str().unwrap();
            let _ = world.anonymous().get(&format!("/photos/{cover}/320.jpg")).await.expect(200);
        }

        let watcher = world.resident().await;
        let watch = watcher.request(Method::PUT, &listing.command_path("watch"));
        let _ = watcher.send(watch).await.expect(204);
        let read = seller.get(&listing.path()).await.expect(200);
        let _ = seller.patch(&listing.path(), &read.etag(), &json!({"price_fen": 9_900})).await.expect(200);
        let cheaper = |found: &serde_json::Value| found["items"][0]["price_fen"] == 9_900;
        world.search_until("胡桃木", FINDABLE, cheaper).await;
        let mut seen = redacted(&listing.read().await);
        // Its average colour is the decoder's business, and the seller's figures are a few seconds old.
        seen["photos"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(|photo| photo["colour"] = json!("[colour]"));
        seen["seller"]["on_offer"] = json!("[count]");
        insta::assert_json_snapshot!("a_watched_bookcase", seen);

        let _ = listing.command("withdraw").await.expect(200);
        world.search_until("胡桃木", FINDABLE, |found| found["total"] == 0).await;
        let watched = watcher.get("/api/v1/me/watchlist").await.expect(200);
        assert!(
            !watched.text().contains("9900") || watched.text().contains("withdrawn"),
            "{}",
            watched.text()
        );
    }
}

#[tokio::test]
async fn on_postgres_two_gateways_serve_one_market() {
    let world = World::start_on(Store::Postgres).await;
    let folder = luhuan_tests::environment::folder("second-");
    let mut launch = world.launch().clone();
    launch.data = folder.path().join("data");
    // The second gateway has a data folder of its own; what seals fields must be the same.
    let secret = std::fs::read_to_string(world.data().join("secret.key")).unwrap();
    launch.variables.push(("LUHUAN_SECRET".to_owned(), secret.trim().to_owned()));
    let second = luhuan_tests::gateway::Gateway::start(&launch).await;
    let other = luhuan_tests::Client::new(second.origin());

    let seller = world.resident().await;
    let listing = world.listing().by(&seller).title("樱桃木书柜").published().await;
    let start = std::time::Instant::now();
    loop {
        let found = other.query("/api/v1/search/listings", &[("q", "樱桃木")]).await.expect(200).json();
        if found["total"] == 1 {
            break;
        }
        assert!(start.elapsed() < FINDABLE, "{found}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let there = other.with_token(seller.token().unwrap());
    let _ = there.post_empty(&listing.command_path("withdraw")).await.expect(200);
    assert_eq!(listing.read().await["state"], "withdrawn");
}
