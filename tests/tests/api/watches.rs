//! `/api/v1/listings/{id}/watch` and the watchlist.

use std::time::Duration;

use luhuan_tests::World;
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn watching_twice_is_watching_once() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    let watcher = world.resident().await;
    let path = listing.command_path("watch");
    for _ in 0..2 {
        let _ = watcher.send(watcher.request(Method::PUT, &path)).await.expect(204);
    }
    assert_eq!(listing.read().await["watches"], 1);
    let watched = watcher.get("/api/v1/me/watchlist").await.expect(200).json();
    assert_eq!(watched["items"][0]["id"], json!(listing.id));
    for _ in 0..2 {
        let _ = watcher.delete(&path).await.expect(204);
    }
    assert_eq!(watcher.get("/api/v1/me/watchlist").await.json()["items"], json!([]));
    // The answer of a public listing may be kept for a second.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(listing.read().await["watches"], 0);
}

#[tokio::test]
async fn what_is_not_to_be_seen_cannot_be_watched() {
    let world = World::start().await;
    let draft = world.listing().draft().await;
    let watcher = world.resident().await;
    let put = watcher.request(Method::PUT, &draft.command_path("watch"));
    watcher.send(put).await.expect_problem(404, "not-found");
}

#[tokio::test]
async fn views_of_others_are_counted() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    for _ in 0..3 {
        let _ = world.anonymous().get(&listing.path()).await.expect(200);
    }
    let _ = listing.read().await;
    // Views are written together every five seconds.
    for _ in 0..80 {
        if listing.read().await["views"] == 3 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{}", listing.read().await["views"]);
}
