//! `luhuan doctor`.

use std::{path::PathBuf, process::ExitCode};

use luhuan_kernel::Clock;
use luhuan_migrations::Migrator;
use luhuan_search::Reason;
use luhuan_store::Blobs;
use sea_orm_migration::MigratorTrait;

use super::CommandError;
use crate::{
    app::{self, StartError},
    config::Config,
};

/// The disk must have this much room, in MiB.
const ROOM_MIB: u64 = 512;

struct Report(bool);

impl Report {
    fn say(&mut self, what: &str, found: Result<String, String>) {
        match found {
            Ok(detail) => println!("ok    {what}: {detail}"),
            Err(detail) => {
                println!("WRONG {what}: {detail}");
                self.0 = false;
            }
        }
    }
}

/// Looks at everything and changes nothing.
pub(super) async fn doctor(config: Config) -> Result<ExitCode, CommandError> {
    let data = PathBuf::from(config.text("data"));
    let mut report = Report(true);
    match app::open_store(&config, std::sync::Arc::new(luhuan_kernel::SystemClock)).await {
        Err(error) => report.say("database", Err(error.to_string())),
        Ok(store) => {
            report.say(
                "database",
                store.ping().await.map(|()| "answers".into()).map_err(|error| error.to_string()),
            );
            report.say("schema", schema(&store).await);
            report.say("clock", clock(&store).await);
        }
    }
    report.say("index", index(&config, &data).await);
    let blobs = Blobs::open(&app::blob_settings(&config, &data));
    let blobs = match blobs {
        Ok(blobs) => blobs.check().await.map(|()| "kept, read and deleted a probe".into()),
        Err(error) => Err(error),
    };
    report.say("blobs", blobs.map_err(|error| error.to_string()));
    report.say("disk", disk(&data));
    Ok(if report.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn schema(store: &luhuan_store::Store) -> Result<String, String> {
    let pending =
        Migrator::get_pending_migrations(store.writer()).await.map_err(|error| error.to_string())?;
    let known = Migrator::migrations().len();
    if pending.is_empty() {
        Ok(format!("all {known} steps are done"))
    } else {
        Err(format!("{} of {known} steps are to be done: run 'luhuan migrate'", pending.len()))
    }
}

/// The database's clock and ours must agree: jobs and sessions are compared across gateways.
async fn clock(store: &luhuan_store::Store) -> Result<String, String> {
    let theirs = store.database_now().await.map_err(|error| error.to_string())?;
    let skew = luhuan_kernel::SystemClock.now().seconds_since(theirs).abs();
    if skew <= 5 {
        Ok(format!("agrees with the database within {} s", skew.max(1)))
    } else {
        Err(format!("differs from the database's by {skew} s"))
    }
}

async fn index(config: &Config, data: &std::path::Path) -> Result<String, String> {
    let index = match app::open_index(config, data) {
        Ok(index) => index,
        // The embedded index has one holder.
        Err(StartError::Search(luhuan_search::SearchError::Held)) => {
            return Ok("in use by a running server".into());
        }
        Err(error) => return Err(error.to_string()),
    };
    let health = index.health().await;
    match health.state {
        luhuan_search::State::Ready => Ok(format!("{}, {} documents", index.name(), health.documents)),
        luhuan_search::State::NeedsRebuild(Reason::Absent) => {
            Ok(format!("{}: there is none yet; it is built when the server starts", index.name()))
        }
        luhuan_search::State::NeedsRebuild(reason) => Err(format!(
            "{}: {reason}; it is rebuilt when the server starts, or by 'luhuan search reindex'",
            index.name()
        )),
        luhuan_search::State::Unavailable(why) => Err(format!("{}: {why}", index.name())),
    }
}

fn disk(data: &std::path::Path) -> Result<String, String> {
    let free = free_mib(data).ok_or("cannot tell how much room is left")?;
    if free >= ROOM_MIB {
        Ok(format!("{free} MiB free"))
    } else {
        Err(format!("only {free} MiB free; at least {ROOM_MIB} MiB are needed"))
    }
}

fn free_mib(path: &std::path::Path) -> Option<u64> {
    let output = std::process::Command::new("df").arg("-Pm").arg(path).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}
