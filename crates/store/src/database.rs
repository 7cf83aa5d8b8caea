//! Connections.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use luhuan_kernel::{Clock, Timestamp};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use tokio::sync::Notify;

use crate::{Error, UnitOfWork};

/// Where the database is and how hard it may be used.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:///path/to/file` or `postgres://user@host/name`.
    pub url: String,
    /// Connections at most: readers on SQLite (the writer is one more), both kinds together on PostgreSQL.
    pub connections: u32,
}

/// Which of the two systems of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Embedded; one writer.
    Sqlite,
    /// A server, shared by several gateways.
    Postgres,
}

/// Told the name and subject of each event that this process commits, right after the commit. For caches only:
/// what must happen reads the outbox.
pub type Observer = Arc<dyn Fn(&str, &str) + Send + Sync>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    backend: Backend,
    clock: Arc<dyn Clock>,
    committed: Arc<Notify>,
    observers: Arc<RwLock<Vec<Observer>>>,
}

impl Store {
    /// Opens the database, making the file on SQLite if there is none. Does not migrate.
    ///
    /// # Errors
    /// When the URL names neither system or the database cannot be reached.
    pub async fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let (reader, writer, backend) = if let Some(file) = settings.url.strip_prefix("sqlite://") {
            let writer = connect_sqlite(file, 1, Access::Write).await?;
            let reader = connect_sqlite(file, settings.connections.max(1), Access::Read).await?;
            (reader, writer, Backend::Sqlite)
        } else {
            // Two pools. A command may ask a reader within its unit of work; were they one, as many commands at once
            // as there are connections would each hold one and wait for another, until all of them give up.
            let writers = (settings.connections / 2).max(1);
            let readers = settings.connections.saturating_sub(writers).max(1);
            let reader = connect_postgres(&settings.url, readers).await?;
            let writer = connect_postgres(&settings.url, writers).await?;
            (reader, writer, Backend::Postgres)
        };
        Ok(Self {
            reader,
            writer,
            backend,
            clock,
            committed: Arc::new(Notify::new()),
            observers: Arc::default(),
        })
    }

    /// For queries outside a command. On SQLite these connections cannot write.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For migrations and upkeep only; commands take a unit of work.
    #[must_use]
    pub const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Which system this is.
    #[must_use]
    pub const fn backend(&self) -> Backend {
        self.backend
    }

    /// The clock of the store's callers.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Told whenever a unit of work commits in this process, to wake what reads the outbox.
    #[must_use]
    pub fn committed(&self) -> Arc<Notify> {
        Arc::clone(&self.committed)
    }

    /// Calls an observer with each event committed from now on by this process.
    pub fn observe(&self, observer: Observer) {
        self.observers.write().unwrap_or_else(PoisonError::into_inner).push(observer);
    }

    pub(crate) fn announce(&self, events: &[(&'static str, String)]) {
        let observers = self.observers.read().unwrap_or_else(PoisonError::into_inner);
        for (name, subject) in events {
            observers.iter().for_each(|observer| observer(name, subject));
        }
        self.committed.notify_waiters();
    }

    /// Opens a unit of work. On SQLite it waits for the writer; drop it without commit to undo.
    ///
    /// # Errors
    /// When the database cannot be reached or stays busy.
    pub async fn begin(&self) -> Result<UnitOfWork, Error> {
        UnitOfWork::begin(self).await
    }

    /// The instant by the database's own clock.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn database_now(&self) -> Result<Timestamp, Error> {
        let sql = match self.backend {
            Backend::Postgres => "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now",
            Backend::Sqlite => "SELECT CAST(unixepoch('now') AS integer) * 1000000 AS now",
        };
        let backend = self.reader.get_database_backend();
        let row = self.reader.query_one_raw(Statement::from_string(backend, sql)).await?;
        let micros: i64 = row.map(|row| row.try_get("", "now")).transpose()?.unwrap_or_default();
        Ok(Timestamp::from_micros(micros))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.reader.execute_unprepared("SELECT 1").await?;
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

async fn connect_postgres(url: &str, connections: u32) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging(false)
        .test_before_acquire(false);
    Ok(Database::connect(options).await?)
}

async fn connect_sqlite(file: &str, connections: u32, access: Access) -> Result<DatabaseConnection, Error> {
    let mut options = ConnectOptions::new(format!("sqlite://{file}?mode=rwc"));
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: an acknowledged write survives the loss of power, not only of the process.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(512)
            // 2 MiB for each connection, and no memory map: its pages would count once for each connection.
            .pragma("cache_size", "-2000")
            .pragma("temp_store", "MEMORY")
            .pragma("query_only", if access == Access::Read { "ON" } else { "OFF" })
    });
    Ok(Database::connect(options).await?)
}
