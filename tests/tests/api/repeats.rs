//! What makes a write safe to repeat: `Idempotency-Key`, `ETag`, `If-Match`, `If-None-Match`.

use futures_util::future::join_all;
use luhuan_tests::client::{IDEMPOTENCY_KEY, UploadFile, fresh_key};
use luhuan_tests::{Store, World, photo};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn the_same_key_and_body_get_the_same_answer() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let seller = world.resident().await;
        let (key, body) = (fresh_key(), world.listing().body());
        let first = seller.post_with_key("/api/v1/listings", &key, &body).await.expect(201);
        let again = seller.post_with_key("/api/v1/listings", &key, &body).await.expect(201);
        assert_eq!((again.text(), again.etag()), (first.text(), first.etag()));
        assert_eq!(
            seller.get("/api/v1/me/listings?state=draft").await.json()["counts"]["draft"],
            1,
            "{store:?}"
        );
    }
}

#[tokio::test]
async fn the_same_key_with_another_body_is_refused() {
    let world = World::start().await;
    let seller = world.resident().await;
    let key = fresh_key();
    let _ = seller.post_with_key("/api/v1/listings", &key, &world.listing().body()).await.expect(201);
    let other = world.listing().title("另一个书架").body();
    let refused = seller.post_with_key("/api/v1/listings", &key, &other).await;
    refused.expect_problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn a_key_is_its_senders_own() {
    let world = World::start().await;
    let (one, other) = (world.resident().await, world.resident().await);
    let (key, body) = (fresh_key(), world.listing().body());
    let first = one.post_with_key("/api/v1/listings", &key, &body).await.expect(201).json();
    let second = other.post_with_key("/api/v1/listings", &key, &body).await.expect(201).json();
    assert_ne!(first["id"], second["id"]);
}

#[tokio::test]
async fn eight_at_once_with_one_key_are_one() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let seller = world.resident().await;
        let (key, body) = (fresh_key(), world.listing().body());
        let sent = (0..8).map(|_| seller.post_with_key("/api/v1/listings", &key, &body));
        let answers = join_all(sent).await;
        let texts: Vec<String> = answers.into_iter().map(|answer| answer.expect(201).text()).collect();
        assert!(texts.iter().all(|text| *text == texts[0]), "{store:?}: {texts:?}");
        assert_eq!(
            seller.get("/api/v1/me/listings?state=draft").await.json()["counts"]["draft"],
            1,
            "{store:?}"
        );
    }
}

#[tokio::test]
async fn a_repeated_upload_is_one_photo() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let (key, content) = (fresh_key(), photo::jpeg(400, 300, 1));
    let send = async |content: Vec<u8>| {
        let part =
            reqwest::multipart::Part::bytes(content).file_name("a.jpg").mime_str("image/jpeg").unwrap();
        let form = reqwest::multipart::Form::new().part("photo", part);
        let request = listing.seller.request(Method::POST, &listing.command_path("photos"));
        listing.seller.send(request.header(IDEMPOTENCY_KEY, &key).multipart(form)).await
    };
    let first = send(content.clone()).await.expect(201);
    assert_eq!(send(content).await.expect(201).text(), first.text());
    assert_eq!(listing.read().await["photos"].as_array().unwrap().len(), 1);
    send(photo::jpeg(400, 300, 2)).await.expect_problem(422, "idempotency-key-reused");
    let _ = listing.add_photo(UploadFile::jpeg(photo::jpeg(400, 300, 2))).await.expect(201);
    assert_eq!(listing.read().await["photos"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_refused_command_may_be_tried_again_with_its_key() {
    let world = World::start().await;
    let seller = world.resident().await;
    let draft = json!({"title": "书架", "category": "furniture-bookshelf"});
    let id =
        seller.post("/api/v1/listings", &draft).await.expect(201).json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/listings/{id}");
    let key = fresh_key();
    let publish = async || {
        let request = seller.request(Method::POST, &format!("{path}/publish")).header(IDEMPOTENCY_KEY, &key);
        seller.send(request).await
    };
    publish().await.expect_problem(422, "invalid");
    let _ = seller.patch(&path, "*", &world.listing().body()).await.expect(200);
    let _ = publish().await.expect(200);
}

#[tokio::test]
async fn a_key_is_short_and_visible() {
    let world = World::start().await;
    let seller = world.resident().await;
    let body = world.listing().body();
    let refused = seller.post_with_key("/api/v1/listings", &"k".repeat(129), &body).await;
    refused.expect_problem(422, "invalid");
}

#[tokio::test]
async fn who_has_the_listing_is_not_sent_it_again() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    let read = world.anonymous().get(&listing.path()).await.expect(200);
    let ask = async |tag: &str| {
        let request = world.anonymous().request(Method::GET, &listing.path()).header("if-none-match", tag);
        world.anonymous().send(request).await
    };
    let again = ask(&format!("\"other\", {}", read.etag())).await.expect(304);
    assert_eq!((again.body.len(), again.etag()), (0, read.etag()));
    let _ = ask("\"other\"").await.expect(200);
}

#[tokio::test]
async fn two_editors_of_one_version_are_one_edit_and_one_412() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let listing = world.listing().published().await;
        let tag = listing.seller.get(&listing.path()).await.expect(200).etag();
        let (one, other) = (json!({"price_fen": 100}), json!({"price_fen": 200}));
        let path = listing.path();
        let answers = join_all([&one, &other].map(|change| listing.seller.patch(&path, &tag, change))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412], "{store:?}");
        let stale = answers.iter().find(|answer| answer.status == 412).unwrap();
        stale.expect_problem(412, "stale");
    }
}

#[tokio::test]
async fn a_view_or_a_watch_makes_no_editor_stale() {
    let world = World::start().await;
    let listing = world.listing().published().await;
    let tag = listing.seller.get(&listing.path()).await.expect(200).etag();
    let watcher = world.resident().await;
    let _ = watcher.send(watcher.request(Method::PUT, &listing.command_path("watch"))).await.expect(204);
    let _ = listing.seller.patch(&listing.path(), &tag, &json!({"price_fen": 100})).await.expect(200);
}

#[tokio::test]
async fn publishing_what_has_changed_since_is_a_412() {
    let world = World::start().await;
    let listing = world.listing().draft().await;
    let tag = listing.seller.get(&listing.path()).await.expect(200).etag();
    let _ = listing.seller.patch(&listing.path(), &tag, &json!({"price_fen": 100})).await.expect(200);
    let publish =
        listing.seller.request(Method::POST, &listing.command_path("publish")).header("if-match", tag);
    listing.seller.send(publish).await.expect_problem(412, "stale");
}
