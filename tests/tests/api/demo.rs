//! The demo city.

use std::collections::BTreeMap;

use luhuan_tests::actor::{Actor, DemoAccount};
use luhuan_tests::gateway::Launch;
use luhuan_tests::{World, environment};
use serde_json::json;

/// Who has a post in the city, beside its residents.
const POSTS: [&str; 17] = [
    "administrator",
    "moderator",
    "support",
    "assessor",
    "authority",
    "statistician",
    "shop-owner",
    "recycler-owner",
    "dispatcher",
    "collector",
    "station",
    "mall-manager",
    "mall-clerk",
    "market-operator",
    "market-clerk",
    "packaging-operator",
    "resident",
];

#[tokio::test(flavor = "multi_thread")]
async fn loading_the_city_again_changes_nothing() {
    let mut world = World::builder().demo().start().await;
    assert!(world.stop().success());
    let before = world.cli(&["export"]);
    assert!(before.lines().count() > 300, "{} listings", before.lines().count());
    let books = crate::market::verify(&world);
    world.cli(&["demo", "load"]);
    world.cli(&["demo", "load"]);
    assert_eq!(world.cli(&["export"]), before);
    assert_eq!(crate::market::verify(&world), books, "nothing is granted, ordered or paid twice");
}

#[tokio::test]
async fn every_role_signs_in_with_what_is_printed() {
    let world = World::demo().await;
    let accounts = world.demo_accounts().await;
    let mut by_role: BTreeMap<&str, Vec<&DemoAccount>> = BTreeMap::new();
    for account in accounts {
        by_role.entry(account.role.as_str()).or_default().push(account);
    }
    assert!(by_role["resident"].len() >= 200, "{}", by_role["resident"].len());
    for post in POSTS {
        assert!(by_role.contains_key(post), "no {post} among {:?}", by_role.keys());
    }
    for accounts in by_role.values() {
        let person = Actor::sign_in(world.anonymous(), &accounts[0].login, &accounts[0].password).await;
        let _ = person.get("/api/v1/me").await.expect(200);
    }
    let moderator = world.actor("moderator").await;
    let _ = moderator.get("/api/v1/moderation/listings").await.expect(200);
    let log = world.gateway().log();
    assert!(
        log.contains(&world.url("/")) && log.contains(&accounts[0].login),
        "address and sign-ins are printed:\n{log}"
    );
}

#[tokio::test]
async fn the_city_is_worth_a_visit() {
    let world = World::demo().await;
    let limit = std::time::Duration::from_secs(20);
    let found = world
        .search_until("", limit, |found| found["degraded"] == false && found["total"].as_u64() > Some(300))
        .await;
    let districts =
        found["facets"].as_array().unwrap().iter().find(|facet| facet["code"] == "district").unwrap();
    assert!(districts["buckets"].as_array().unwrap().len() >= 6, "{districts}");
    for words in ["手机", "shouji", "书架", "自行车"] {
        assert!(world.search(&[("q", words)]).await["total"].as_u64() > Some(0), "{words}");
    }
    let home = world.anonymous().get("/").await.expect(200).text();
    assert!(home.matches("class=\"card\"").count() >= 8);
}

#[tokio::test]
async fn the_first_residents_find_trades_under_way() {
    let world = World::demo().await;
    let residents = world.demo_accounts().await.iter().filter(|account| account.role == "resident");
    for account in residents.take(2) {
        let person = Actor::sign_in(world.anonymous(), &account.login, &account.password).await;
        let items = async |path: &str| {
            let page = person.get(path).await.expect(200).json();
            page["items"].as_array().unwrap().clone()
        };
        let mut states: Vec<String> = Vec::new();
        for role in ["buyer", "seller"] {
            let orders = items(&format!("/api/v1/orders?role={role}")).await;
            assert!(!orders.is_empty(), "{} has no order as {role}", account.login);
            states.extend(orders.iter().map(|order| order["state"].as_str().unwrap().to_owned()));
        }
        states.sort_unstable();
        states.dedup();
        assert!(states.len() >= 3, "{}: {states:?}", account.login);
        assert!(items("/api/v1/conversations").await.len() >= 4);
        assert!(crate::market::wallet(&person).await > 0);
    }
    let moderator = world.actor("moderator").await;
    let waiting = moderator.get("/api/v1/moderation/disputes").await.expect(200).json();
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
    let reports = moderator.get("/api/v1/moderation/reports").await.expect(200).json();
    assert_eq!(reports["items"].as_array().unwrap().len(), 1);
    crate::market::verify(&world);
}

#[tokio::test]
async fn without_a_demo_its_accounts_open_nothing() {
    let world = World::start().await;
    let account = &world.demo_accounts().await[0];
    let credentials = json!({"login": account.login, "password": account.password});
    world.anonymous().post("/api/v1/sessions", &credentials).await.expect_problem(401, "bad-credentials");
    let _ = world.anonymous().get("/_/style").await.expect(404);
}

#[test]
fn a_demo_listens_on_loopback_only_unless_told_otherwise() {
    let folder = environment::folder("cli-");
    let data = folder.path().join("data");
    let launch = Launch { data, database_url: None, arguments: Vec::new(), variables: Vec::new() };
    let port = environment::free_port();
    for address in [format!("0.0.0.0:{port}"), format!("[::]:{port}")] {
        let refused = launch.output(&["serve", "--demo", "--listen", &address], "");
        assert!(!refused.status.success());
        assert!(String::from_utf8_lossy(&refused.stderr).contains("loopback"), "{address}");
    }
    assert!(!launch.data.exists(), "it refuses before it makes anything");
}
