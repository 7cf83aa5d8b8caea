//! `luhuan` at a terminal: help, users, configuration, doctor.

use luhuan_tests::actor::{Actor, PASSWORD, fresh_phone};
use luhuan_tests::gateway::Launch;
use luhuan_tests::{World, environment};
use serde_json::{Value, json};

/// An installation that has not been started.
fn fresh(folder: &tempfile::TempDir) -> Launch {
    Launch {
        data: folder.path().join("data"),
        database_url: None,
        arguments: Vec::new(),
        variables: Vec::new(),
    }
}

#[test]
fn every_command_has_a_help() {
    let folder = environment::folder("cli-");
    let launch = fresh(&folder);
    let commands: [&[&str]; 17] = [
        &["serve"],
        &["migrate"],
        &["demo"],
        &["demo", "load"],
        &["demo", "accounts"],
        &["import", "listings"],
        &["export"],
        &["user", "create"],
        &["user", "grant"],
        &["user", "reset-password"],
        &["search", "reindex"],
        &["openapi"],
        &["config"],
        &["backup"],
        &["restore"],
        &["doctor"],
        &[],
    ];
    for command in commands {
        let help = launch.print(&[command, &["--help"]].concat(), "");
        assert!(help.contains("Usage:") && help.lines().count() > 5, "{command:?}:\n{help}");
    }
    assert!(!launch.data.exists(), "asking for help makes nothing");
}

#[tokio::test]
async fn the_first_administrator_is_made_at_the_terminal() {
    let world = World::start().await;
    let login = fresh_phone();
    let id = world.launch().print(&["user", "create", &login, "--role", "administrator"], PASSWORD);
    let administrator = Actor::sign_in(world.anonymous(), &login, PASSWORD).await;
    let me = administrator.get("/api/v1/me").await.expect(200).json();
    assert_eq!((me["id"].as_str(), &me["roles"]), (Some(id.trim()), &json!(["administrator"])));
    let again = world.launch().output(&["user", "create", &login], PASSWORD);
    assert!(!again.status.success());
    assert!(!String::from_utf8_lossy(&again.stderr).is_empty());
}

#[tokio::test]
async fn a_weak_password_makes_no_user() {
    let world = World::start().await;
    for password in ["", "short", "password"] {
        let refused = world.launch().output(&["user", "create", &fresh_phone()], password);
        assert!(!refused.status.success(), "'{password}'");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("password"));
    }
}

#[tokio::test]
async fn roles_are_granted_and_revoked_and_a_password_is_reset() {
    let world = World::start().await;
    let resident = world.resident().await;
    world.cli(&["user", "grant", &resident.login, "moderator"]);
    // What is known of a credential may be five seconds old; a new session is not.
    let fresh = Actor::sign_in(world.anonymous(), &resident.login, PASSWORD).await;
    assert_eq!(fresh.get("/api/v1/me").await.json()["roles"], json!(["moderator"]));
    let _ = fresh.get("/api/v1/moderation/listings").await.expect(200);
    world.cli(&["user", "revoke", &resident.login, "moderator"]);
    assert_eq!(resident.get("/api/v1/me").await.json()["roles"], json!([]));
    world.launch().print(&["user", "reset-password", &resident.login], "a-new-bicycle-2027");
    let old = json!({"login": resident.login, "password": PASSWORD});
    world.anonymous().post("/api/v1/sessions", &old).await.expect_problem(401, "bad-credentials");
    let _ = Actor::sign_in(world.anonymous(), &resident.login, "a-new-bicycle-2027").await;
    let unknown = world.launch().output(&["user", "grant", "19900000009", "moderator"], "");
    assert!(!unknown.status.success());
    let role = world.launch().output(&["user", "grant", &resident.login, "emperor"], "");
    assert!(String::from_utf8_lossy(&role.stderr).contains("administrator"), "the roles there are are named");
}

#[test]
fn the_configuration_says_where_each_value_came_from_and_no_secret() {
    let folder = environment::folder("cli-");
    let file = folder.path().join("luhuan.toml");
    std::fs::write(&file, "[listing]\ndays = 30\n[blobs]\nregion = \"cn-north-1\"\n").unwrap();
    let mut launch = fresh(&folder);
    launch.variables = vec![
        ("LUHUAN_SEARCH_KEY".to_owned(), "hunter2-search".to_owned()),
        ("LUHUAN_CODES_WEBHOOK_SECRET".to_owned(), "hunter2-codes".to_owned()),
        ("LUHUAN_DATABASE_URL".to_owned(), "postgres://u:hunter2-db@db.example/luhuan".to_owned()),
        ("LUHUAN_BLOBS_REGION".to_owned(), "cn-south-1".to_owned()),
    ];
    let arguments = ["config", "--json", "--config", file.to_str().unwrap(), "--set", "log.format=json"];
    let printed = launch.print(&arguments, "");
    let keys: Vec<Value> = serde_json::from_str(&printed).unwrap();
    let key = |name: &str| keys.iter().find(|key| key["key"] == name).unwrap_or_else(|| panic!("no {name}"));
    let origin = |name: &str| key(name)["from"].as_str().unwrap().to_owned();
    assert_eq!(
        (key("listing.days")["value"].as_str(), origin("listing.days").starts_with("file ")),
        (Some("30"), true)
    );
    assert_eq!(
        (key("blobs.region")["value"].as_str(), origin("blobs.region")),
        (Some("cn-south-1"), "environment LUHUAN_BLOBS_REGION".to_owned())
    );
    assert_eq!(
        (key("log.format")["value"].as_str(), origin("log.format")),
        (Some("json"), "flag".to_owned())
    );
    assert_eq!(origin("listen"), "default");
    assert!(!printed.contains("hunter2"), "{printed}");
    assert!(keys.iter().all(|key| key["help"].as_str().is_some_and(|help| help.len() > 10)));
    let shown = launch.print(&["config"], "");
    assert!(!shown.contains("hunter2") && shown.contains("listen"), "{shown}");
}

#[test]
fn a_key_that_there_is_not_or_a_value_that_makes_no_sense_is_named() {
    let folder = environment::folder("cli-");
    let launch = fresh(&folder);
    let unknown = launch.output(&["config", "--set", "lisen=1"], "");
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("lisen"));
    let mut launch = fresh(&folder);
    launch.variables = vec![("LUHUAN_LISTING_DAYS".to_owned(), "soon".to_owned())];
    let wrong = launch.output(&["migrate"], "");
    assert!(!wrong.status.success());
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert!(said.contains("listing.days") && said.contains("LUHUAN_LISTING_DAYS"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tells_health_by_its_exit_code() {
    let mut world = World::start().await;
    let _ = world.listing().published().await;
    world.search_until("", crate::search::FINDABLE, |found| found["total"] == 1).await;
    let beside = world.launch().output(&["doctor"], "");
    let said = String::from_utf8_lossy(&beside.stdout);
    assert!(beside.status.success(), "beside a running gateway:\n{said}");
    for what in ["database", "schema", "clock", "index", "blobs", "disk"] {
        assert!(said.contains(&format!("ok    {what}")), "{what} is looked at:\n{said}");
    }
    assert!(world.stop().success());
    let mut launch = world.launch().clone();
    launch.database_url = Some(format!("postgres://nobody@127.0.0.1:{}/nothing", environment::free_port()));
    let away = launch.output(&["doctor"], "");
    assert_eq!(away.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&away.stdout).contains("WRONG database"));
}

#[test]
fn the_doctor_finds_a_schema_that_is_not_there_and_changes_nothing() {
    let folder = environment::folder("cli-");
    let launch = fresh(&folder);
    let output = launch.output(&["doctor"], "");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    let migrated = launch.output(&["migrate"], "");
    assert!(migrated.status.success());
    let said = launch.output(&["doctor"], "");
    assert!(String::from_utf8_lossy(&said.stdout).contains("ok    schema"));
}

#[test]
fn a_database_that_is_away_stops_the_start_with_a_sentence() {
    let folder = environment::folder("cli-");
    let mut launch = fresh(&folder);
    launch.database_url = Some(format!("postgres://nobody@127.0.0.1:{}/nothing", environment::free_port()));
    let refused = launch.output(&["serve", "--listen", "127.0.0.1:0"], "");
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("luhuan:") && !said.contains("panicked"), "{said}");
}
