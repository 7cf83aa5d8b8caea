//! The demo city, loaded once a run: an unoptimised program takes a while over it, and each test may run in a process
//! of its own. Every demo world is a copy of the one data folder made here.
//!
//! The photos of most listings are drawn by jobs after the city has opened. The copies are made without those jobs,
//! so that drawing does not compete with the tests for the machine; the first listings have theirs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::environment;
use crate::gateway::Launch;

/// Copies a data folder with the demo city to `data`, which must not exist.
///
/// # Panics
/// When the city cannot be loaded or copied.
pub async fn copy_to(data: &Path) {
    copy(&template().await, data);
}

/// The run's demo city, loaded by whoever comes first; the others wait.
async fn template() -> PathBuf {
    let program = PathBuf::from(environment::required(environment::PROGRAM));
    let built =
        fs::metadata(&program).and_then(|metadata| metadata.modified()).expect("the program is there");
    let built = built.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    // Under `cargo xtask test` the temporary folder is the run's own, and the city goes with it.
    let city = std::env::temp_dir().join(format!("luhuan-demo-city-{built:x}"));
    let lock = File::create(city.with_extension("lock")).expect("a lock file can be made");
    lock.lock().expect("a lock file can be locked");
    if !city.exists() {
        // Made beside its place and moved there when whole.
        let partial = city.with_extension("partial");
        if partial.exists() {
            fs::remove_dir_all(&partial).expect("what an interrupted run left can be removed");
        }
        let launch = Launch {
            data: partial.clone(),
            database_url: None,
            arguments: Vec::new(),
            variables: Vec::new(),
        };
        load(&launch).await;
        fs::rename(&partial, &city).expect("the demo city can be put in its place");
    }
    city
}

/// Loads the demo city into a database, without the jobs that draw photos.
///
/// # Panics
/// When it cannot be loaded.
pub async fn load(launch: &Launch) {
    const NO_PHOTOS: &str = "DELETE FROM job WHERE kind = 'demo-photos'";
    launch.print(&["demo", "load"], "");
    match &launch.database_url {
        Some(url) => {
            let mut database = PgConnection::connect(url).await.expect("the demo's database opens");
            sqlx::query(NO_PHOTOS).execute(&mut database).await.expect("jobs can be taken out");
            database.close().await.expect("the demo's database closes");
        }
        None => {
            let url = format!("sqlite://{}", launch.data.join("luhuan.sqlite3").display());
            let mut database = SqliteConnection::connect(&url).await.expect("the demo's database opens");
            sqlx::query(NO_PHOTOS).execute(&mut database).await.expect("jobs can be taken out");
            database.close().await.expect("the demo's database closes");
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("a folder can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a file can be copied");
        }
    }
}
