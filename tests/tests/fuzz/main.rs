//! The OpenAPI document against the server: schemathesis tries every operation many times over, with input that fits
//! the document and input that does not, and compares each answer with what the document promises.

use std::process::Command;
use std::time::Instant;

use luhuan_tests::{Actor, World, environment};

/// Tries for each operation. More finds more and takes longer; the seed is fixed, so that a failure is found again.
const EXAMPLES: &str = "15";
const SEED: &str = "20260101";

/// No 5xx; only statuses, media types and bodies that the document names.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// Operations that would take the fuzzer's own credential away, and are tested by themselves (`api`: sessions,
/// personal_data): signing this device out, directly or by its id, another password, erasing the account.
const ENDS_THE_SESSION: [&str; 4] =
    ["/api/v1/sessions/current", "/api/v1/sessions/{id}", "/api/v1/me/password", "/api/v1/me/erase"];

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_meets_nothing_undocumented() {
    let world = World::demo().await;
    let resident = world.actor("resident").await;
    fuzz(&world, &resident);
    let _ = resident.get("/api/v1/me").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_who_moderates_meets_nothing_undocumented() {
    let world = World::start().await;
    let staff = world.staff("administrator").await;
    world.cli(&["user", "grant", &staff.login, "moderator"]);
    let staff = Actor::sign_in(world.anonymous(), &staff.login, &staff.password).await;
    let _ = world.listing().by(&staff).published().await;
    fuzz(&world, &staff);
    let _ = staff.get("/api/v1/me").await.expect(200);
}

fn fuzz(world: &World, actor: &Actor) {
    let folder = environment::folder("fuzz-");
    let mut command = Command::new(environment::required(environment::SCHEMATHESIS));
    command.current_dir(folder.path()).env("NO_COLOR", "1").env("PYTHONUTF8", "1");
    command.args(["run", &world.url("/api/openapi.json")]);
    command.args([
        "--header",
        &format!("Authorization: Bearer {}", actor.token().expect("an actor is signed in")),
    ]);
    command.args(["--checks", CHECKS, "--max-examples", EXAMPLES, "--seed", SEED]);
    command.args(["--workers", "2", "--request-timeout", "20", "--generation-database", "none"]);
    // A stream never ends, and so never answers.
    command.args(["--exclude-path", "/api/v1/notifications/stream"]);
    for path in ENDS_THE_SESSION {
        command.args(["--exclude-path", path]);
    }
    let start = Instant::now();
    let output = command.output().unwrap_or_else(|error| panic!("cannot run schemathesis: {error}"));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "schemathesis found something ({}) in {:?}:\n{said}\n{}",
        output.status,
        start.elapsed(),
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{said}");
}
