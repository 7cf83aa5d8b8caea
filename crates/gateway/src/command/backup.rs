//! `luhuan backup` and `luhuan restore`.
//!
//! An archive is a tar file: `manifest.json`, the database in its own format (the SQLite file, or each PostgreSQL
//! table as COPY text from one snapshot), every blob, and the generated secret without which sealed fields stay
//! closed. It can be made while the server runs. Restoring needs an empty installation on the same kind of database.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use luhuan_kernel::{Clock, SystemClock};
use luhuan_migrations::Migrator;
use luhuan_store::{Backend, Blobs, Store};
use sea_orm_migration::MigratorTrait;
use serde::{Deserialize, Serialize};
use tar::{Archive, Builder, Header};

use super::CommandError;
use crate::{app, config::Config};

/// The only format there has been.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: u32,
    made_at: String,
    database: String,
    schema: String,
    program: String,
}

fn broken(what: impl std::fmt::Display) -> CommandError {
    CommandError::Other(format!("the archive cannot be used: {what}"))
}

pub(super) async fn backup(config: Config, file: &Path) -> Result<ExitCode, CommandError> {
    let data = PathBuf::from(config.text("data"));
    let store = app::open_store(&config, Arc::new(SystemClock)).await?;
    let blobs = Blobs::open(&app::blob_settings(&config, &data))?;
    // Written beside its place and moved there when whole: a broken backup never looks like one.
    let partial = file.with_extension("partial");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut archive = Builder::new(options.open(&partial)?);
    let manifest = Manifest {
        format: FORMAT,
        made_at: SystemClock.now().to_string(),
        database: name(store.backend()).to_owned(),
        schema: schema(&store).await?,
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    append(&mut archive, "manifest.json", &serde_json::to_vec_pretty(&manifest).map_err(broken)?)?;
    // The database first: a photo added later is then an extra blob, never a missing one.
    match store.backend() {
        Backend::Sqlite => append_sqlite(&mut archive, &store, &data).await?,
        Backend::Postgres => append_postgres(&mut archive, &store).await?,
    }
    let secret = data.join("secret.key");
    if config.optional("secret").is_none() && secret.exists() {
        append(&mut archive, "secret.key", &std::fs::read(secret)?)?;
    }
    let mut count = 0_u64;
    for key in blobs.list("").await? {
        if let Some(bytes) = blobs.get(&key).await? {
            append(&mut archive, &format!("blobs/{key}"), &bytes)?;
            count += 1;
        }
    }
    archive.into_inner()?.sync_all()?;
    std::fs::rename(&partial, file)?;
    eprintln!(
        "{} holds the {} database and {count} blobs; keep it secret",
        file.display(),
        manifest.database
    );
    Ok(ExitCode::SUCCESS)
}

const fn name(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => "sqlite",
        Backend::Postgres => "postgres",
    }
}

async fn schema(store: &Store) -> Result<String, CommandError> {
    let done = Migrator::get_applied_migrations(store.writer()).await?;
    Ok(done.last().map(|step| step.name().to_owned()).unwrap_or_default())
}

fn append(archive: &mut Builder<File>, path: &str, bytes: &[u8]) -> Result<(), CommandError> {
    let mut header = Header::new_gnu();
    header.set_size(bytes.len() as u64);
    header.set_mode(0o600);
    archive.append_data(&mut header, path, bytes)?;
    Ok(())
}

async fn append_sqlite(archive: &mut Builder<File>, store: &Store, data: &Path) -> Result<(), CommandError> {
    let copy = data.join("backup.sqlite3.tmp");
    remove_if_there(&copy)?;
    store.copy_sqlite(&copy).await?;
    archive.append_path_with_name(&copy, "database.sqlite3")?;
    remove_if_there(&copy)?;
    Ok(())
}

fn remove_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

async fn append_postgres(archive: &mut Builder<File>, store: &Store) -> Result<(), CommandError> {
    let folder = tempfile::tempdir()?;
    for table in store.copy_postgres_out(folder.path()).await? {
        archive.append_path_with_name(folder.path().join(&table), format!("tables/{table}"))?;
    }
    Ok(())
}

pub(super) async fn restore(config: Config, file: &Path) -> Result<ExitCode, CommandError> {
    let data = PathBuf::from(config.text("data"));
    std::fs::create_dir_all(&data)?;
    let unpacked = tempfile::tempdir_in(&data)?;
    let manifest = unpack(file, unpacked.path())?;
    let backend = if config.optional("database.url").is_some_and(|url| url.starts_with("postgres")) {
        Backend::Postgres
    } else {
        Backend::Sqlite
    };
    if manifest.database != name(backend) {
        return Err(broken(format!(
            "it holds a {} database, this installation is on {}",
            manifest.database,
            name(backend)
        )));
    }
    match backend {
        Backend::Sqlite => restore_sqlite(&config, unpacked.path())?,
        Backend::Postgres => restore_postgres(&config, &manifest, unpacked.path()).await?,
    }
    let secret = unpacked.path().join("secret.key");
    if secret.exists() {
        std::fs::copy(secret, data.join("secret.key"))?;
    }
    let blobs = Blobs::open(&app::blob_settings(&config, &data))?;
    let count = restore_blobs(&blobs, &unpacked.path().join("blobs")).await?;
    remove_folder_if_there(&data.join("index"))?;
    eprintln!("restored the {} database and {count} blobs of {}", manifest.database, manifest.made_at);
    eprintln!("the search index is rebuilt when the server starts");
    Ok(ExitCode::SUCCESS)
}

fn remove_folder_if_there(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Unpacks the archive; entries that would leave the folder are refused by the library.
fn unpack(file: &Path, into: &Path) -> Result<Manifest, CommandError> {
    Archive::new(File::open(file)?).unpack(into).map_err(broken)?;
    let mut text = String::new();
    File::open(into.join("manifest.json"))
        .map_err(|_| broken("it has no manifest.json"))?
        .read_to_string(&mut text)?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(broken)?;
    if manifest.format != FORMAT {
        return Err(broken(format!("its format is {}, this program reads {FORMAT}", manifest.format)));
    }
    Ok(manifest)
}

fn restore_sqlite(config: &Config, unpacked: &Path) -> Result<(), CommandError> {
    let url = app::database_url(config);
    let target = PathBuf::from(url.trim_start_matches("sqlite://"));
    if target.exists() {
        return Err(CommandError::Other(format!(
            "{} exists: restore into an empty data folder",
            target.display()
        )));
    }
    let mut source =
        File::open(unpacked.join("database.sqlite3")).map_err(|_| broken("it has no database"))?;
    let partial = target.with_extension("partial");
    let mut file = File::create(&partial)?;
    std::io::copy(&mut source, &mut file)?;
    file.flush()?;
    file.sync_all()?;
    std::fs::rename(partial, target)?;
    Ok(())
}

async fn restore_postgres(config: &Config, manifest: &Manifest, unpacked: &Path) -> Result<(), CommandError> {
    let store = app::open_store(config, Arc::new(SystemClock)).await?;
    if !Migrator::get_applied_migrations(store.writer()).await?.is_empty() {
        return Err(CommandError::Other("the database is not empty: restore into a new one".to_owned()));
    }
    let steps = Migrator::migrations();
    let Some(place) = steps.iter().position(|step| step.name() == manifest.schema) else {
        return Err(broken(format!("its schema {} is newer than this program", manifest.schema)));
    };
    Migrator::up(store.writer(), Some(u32::try_from(place + 1).unwrap_or(u32::MAX))).await?;
    store.copy_postgres_in(&unpacked.join("tables")).await?;
    Ok(())
}

async fn restore_blobs(blobs: &Blobs, folder: &Path) -> Result<u64, CommandError> {
    let (mut folders, mut count) = (vec![folder.to_path_buf()], 0);
    while let Some(current) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&current) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(key) = path.strip_prefix(folder) {
                blobs.put(&key.to_string_lossy(), std::fs::read(&path)?.into()).await?;
                count += 1;
            }
        }
    }
    Ok(count)
}
