//! The search index is derived: gone, damaged or behind, it is built anew while the gateway serves.

use std::fs;
use std::path::Path;
use std::time::Duration;

use luhuan_tests::World;

use crate::search::FINDABLE;

async fn shop_with_an_index() -> World {
    let world = World::start().await;
    let seller = world.resident().await;
    for title in ["胡桃木书架", "樱桃木书架", "松木书架"] {
        let _ = world.listing().by(&seller).title(title).published().await;
    }
    world.search_until("书架", FINDABLE, |found| found["total"] == 3).await;
    world
}

/// Serves at once, and finds everything soon.
async fn recovers(world: &mut World) {
    world.restart().await;
    let _ = world.anonymous().get("/").await.expect(200);
    let found = world.search(&[("q", "书架")]).await;
    assert!(found["degraded"] == true || found["total"] == 3, "the database answers meanwhile: {found}");
    let limit = Duration::from_secs(10);
    let found =
        world.search_until("书架", limit, |found| found["total"] == 3 && found["degraded"] == false).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 3);
}

fn doctor(world: &World) -> (bool, String) {
    let output = world.launch().output(&["doctor"], "");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_index_is_built_anew() {
    let mut world = shop_with_an_index().await;
    assert!(world.stop().success());
    fs::remove_dir_all(world.data().join("index")).unwrap();
    recovers(&mut world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_index_is_found_by_the_doctor_and_built_anew() {
    let mut world = shop_with_an_index().await;
    assert!(world.stop().success());
    let (healthy, said) = doctor(&world);
    assert!(healthy, "{said}");
    let damaged = damage(&world.data().join("index"));
    assert!(damaged > 3, "{damaged} files");
    let (healthy, said) = doctor(&world);
    assert!(!healthy && said.contains("WRONG index"), "{said}");
    recovers(&mut world).await;
    let (healthy, said) = doctor(&world);
    assert!(healthy, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_lost_their_end_are_noticed_too() {
    let mut world = shop_with_an_index().await;
    assert!(world.stop().success());
    for file in files(&world.data().join("index")) {
        let length = fs::metadata(&file).unwrap().len();
        fs::File::options().write(true).open(&file).unwrap().set_len(length / 2).unwrap();
    }
    recovers(&mut world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_missed_what_happened_catches_up() {
    let mut world = shop_with_an_index().await;
    let folder = luhuan_tests::environment::folder("index-");
    assert!(world.stop().success());
    copy(&world.data().join("index"), &folder.path().join("index"));
    world.restart().await;
    let _ = world.listing().title("榆木书架").published().await;
    world.search_until("书架", FINDABLE, |found| found["total"] == 4).await;
    assert!(world.stop().success());
    fs::remove_dir_all(world.data().join("index")).unwrap();
    copy(&folder.path().join("index"), &world.data().join("index"));
    world.restart().await;
    world.search_until("书架", Duration::from_secs(10), |found| found["total"] == 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_may_build_it_anew_by_hand() {
    let mut world = shop_with_an_index().await;
    assert!(world.stop().success());
    let output = world.launch().output(&["search", "reindex"], "");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("3 listings"));
    recovers(&mut world).await;
}

#[tokio::test]
async fn an_engine_that_is_away_is_told_by_the_doctor_and_missed_by_nobody() {
    let port = luhuan_tests::environment::free_port();
    let world =
        World::builder().variable("LUHUAN_SEARCH_URL", &format!("http://127.0.0.1:{port}")).start().await;
    let listing = world.listing().title("胡桃木书架").published().await;
    let found = world.search_until("书架", FINDABLE, |found| found["total"] == 1).await;
    assert_eq!(
        (&found["degraded"], found["items"][0]["id"].as_str()),
        (&true.into(), Some(listing.id.as_str()))
    );
    let page = world.anonymous().query("/search", &[("q", "书架")]).await.expect(200).text();
    assert!(page.contains("胡桃木"), "the page shows it, too");
    let (healthy, said) = doctor(&world);
    assert!(!healthy && said.contains("WRONG index"), "{said}");
}

fn damage(folder: &Path) -> usize {
    let files = files(folder);
    for file in &files {
        fs::write(file, "damaged").unwrap();
    }
    files.len()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, target).unwrap();
    }
}
