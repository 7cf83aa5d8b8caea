//! A fresh database for a test: SQLite always, PostgreSQL where `LUHUAN_TEST_POSTGRES` names a server (as
//! `cargo xtask test` does).

use std::sync::Arc;

use luhuan_kernel::{Clock, random};
use luhuan_migrations::Migrator;
use sea_orm::{ConnectionTrait, Database};
use sea_orm_migration::MigratorTrait;

use crate::{Blobs, Settings, Store, blobs};

/// A migrated database of its own, gone when the test ends.
pub struct TestDatabase {
    /// The store.
    pub store: Store,
    /// Blobs in a folder of their own.
    pub blobs: Blobs,
    folder: tempfile::TempDir,
    server: Option<(String, String)>,
}

/// Runs a test on each system there is.
///
/// # Panics
/// When a database cannot be made: the test cannot say anything then.
pub async fn each(clock: Arc<dyn Clock>, test: impl AsyncFn(&TestDatabase)) {
    test(&TestDatabase::sqlite(Arc::clone(&clock)).await).await;
    if let Ok(server) = std::env::var("LUHUAN_TEST_POSTGRES") {
        let database = TestDatabase::postgres(&server, clock).await;
        test(&database).await;
        database.drop_database().await;
    }
}

impl TestDatabase {
    /// On SQLite.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn sqlite(clock: Arc<dyn Clock>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("test.sqlite3").display());
        Self::open(url, clock, folder, None).await
    }

    /// On a PostgreSQL server.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn postgres(server: &str, clock: Arc<dyn Clock>) -> Self {
        let server = server.trim_end_matches('/').to_owned();
        let name = format!("luhuan_{}", random::digits(14));
        let admin = Database::connect(format!("{server}/postgres")).await.expect("the server answers");
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database");
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self::open(format!("{server}/{name}"), clock, folder, Some((server, name))).await
    }

    async fn open(
        url: String,
        clock: Arc<dyn Clock>,
        folder: tempfile::TempDir,
        server: Option<(String, String)>,
    ) -> Self {
        let store = Store::open(&Settings { url, connections: 12 }, clock).await.expect("a database");
        Migrator::up(store.writer(), None).await.expect("the schema");
        let blobs = Blobs::open(&blobs::Settings::Folder(folder.path().join("blobs"))).expect("a folder");
        Self { store, blobs, folder, server }
    }

    /// The folder of this test.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    async fn drop_database(self) {
        let Some((server, name)) = self.server else { return };
        let admin = Database::connect(format!("{server}/postgres")).await.expect("the server answers");
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("it is dropped");
    }
}
