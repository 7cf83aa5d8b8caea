//! `luhuan backup` and `luhuan restore`, on both databases.

use luhuan_tests::gateway::{Gateway, Launch};
use luhuan_tests::{Client, Store, World, database, environment};
use serde_json::{Value, json};

use crate::search::FINDABLE;

/// An installation with nothing in it, of the same kind as `world`.
async fn empty_like(world: &World, folder: &tempfile::TempDir, store: Store) -> Launch {
    let database_url = match store {
        Store::Sqlite => None,
        Store::Postgres => Some(database::fresh_postgres().await),
    };
    Launch { data: folder.path().join("data"), database_url, ..world.launch().clone() }
}

#[tokio::test]
async fn what_is_restored_serves_and_finds_the_same() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let seller = world.resident().await;
        let listing = world.listing().by(&seller).title("红木书架").photo().published().await;
        let _ = world.listing().by(&seller).title("还没写完的").draft().await;
        let folder = environment::folder("backup-");
        let archive = folder.path().join("lühuan backup.tar");
        let archive = archive.to_str().unwrap();
        world.cli(&["backup", archive]);
        let before = world.anonymous().get(&listing.path()).await.expect(200).json();

        let launch = empty_like(&world, &folder, store).await;
        launch.print(&["restore", archive], "");
        drop(world);
        let gateway = Gateway::start(&launch).await;
        let client = Client::new(gateway.origin());
        let after = client.get(&listing.path()).await.expect(200).json();
        assert_eq!(steady(&after), steady(&before), "{store:?}");
        for width in before["photos"][0]["widths"].as_array().unwrap() {
            let path = format!("/photos/{}/{width}.jpg", before["photos"][0]["id"].as_str().unwrap());
            image::load_from_memory(&client.get(&path).await.expect(200).body).unwrap();
        }
        let found = find(&client, "红木书架").await;
        assert_eq!(found["items"][0]["id"], before["id"], "{store:?}");
        let there = client.with_token(seller.token().unwrap());
        let mine = there.get("/api/v1/me/listings?state=draft").await.expect(200).json();
        assert_eq!(mine["items"][0]["title"], "还没写完的", "sessions and drafts are there too");
        // Sealed fields open only with the secret, which the archive holds.
        let identity = json!({"real_name": "林小满", "number": "11010519491231002X", "consent": true});
        let put = there.request(reqwest::Method::PUT, "/api/v1/me/identity").json(&identity);
        let _ = there.send(put).await.expect(204);
        let _ = there.get("/api/v1/me").await.expect(200);
    }
}

#[tokio::test]
async fn a_restore_never_writes_over_what_is_there() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let listing = world.listing().published().await;
        let folder = environment::folder("backup-");
        let archive = folder.path().join("backup.tar");
        let archive = archive.to_str().unwrap();
        world.cli(&["backup", archive]);
        let refused = world.launch().output(&["restore", archive], "");
        assert!(!refused.status.success(), "{store:?}");
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(said.contains("empty"), "{store:?} says what to do: {said}");
        let _ = world.anonymous().get(&listing.path()).await.expect(200);
    }
}

#[tokio::test]
async fn what_is_no_archive_is_refused_and_leaves_nothing() {
    let world = World::start().await;
    let folder = environment::folder("backup-");
    let launch = empty_like(&world, &folder, Store::Sqlite).await;
    let archive = folder.path().join("backup.tar");
    std::fs::write(
        &archive,
        "this is no archive, but long enough to be taken for the beginning of one".repeat(20),
    )
    .unwrap();
    let refused = launch.output(&["restore", archive.to_str().unwrap()], "");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the archive cannot be used"));
    assert!(!launch.data.join("luhuan.sqlite3").exists());
}

#[tokio::test]
async fn a_backup_of_one_kind_is_not_restored_into_the_other() {
    let world = World::start().await;
    let folder = environment::folder("backup-");
    let archive = folder.path().join("backup.tar");
    world.cli(&["backup", archive.to_str().unwrap()]);
    let launch = empty_like(&world, &folder, Store::Postgres).await;
    let refused = launch.output(&["restore", archive.to_str().unwrap()], "");
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("sqlite"));
}

/// The listing without what is counted by and by: views, and the seller's figures.
fn steady(listing: &Value) -> Value {
    let mut steady = listing.clone();
    steady["views"] = Value::Null;
    steady["seller"]["on_offer"] = Value::Null;
    steady
}

async fn find(client: &Client, words: &str) -> Value {
    let start = std::time::Instant::now();
    loop {
        let found = client.query("/api/v1/search/listings", &[("q", words)]).await.expect(200).json();
        if found["total"] == 1 && found["degraded"] == false {
            return found;
        }
        assert!(start.elapsed() < FINDABLE, "{found}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
