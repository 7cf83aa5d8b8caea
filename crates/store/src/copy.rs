//! Copies of a whole database, for backups: each system in its own format, from one snapshot.

use std::path::Path;

use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, Statement};
use tokio::io::AsyncWriteExt;

use crate::{Error, Store};

/// Kept by the migrator itself, which has written it already when a backup is read back.
const MIGRATIONS: &str = "seaql_migrations";

impl Store {
    /// Writes a consistent copy of the SQLite database to a new file, while others read and write.
    ///
    /// # Errors
    /// When the file is there or the disk refuses.
    pub async fn copy_sqlite(&self, to: &Path) -> Result<(), Error> {
        let backend = self.writer().get_database_backend();
        let target = to.to_string_lossy().into_owned();
        let statement = Statement::from_sql_and_values(backend, "VACUUM INTO $1", [target.into()]);
        self.writer().execute_raw(statement).await?;
        Ok(())
    }

    /// Writes each PostgreSQL table as COPY text into a folder, all from one snapshot; returns the file names.
    ///
    /// # Errors
    /// When the database or the disk refuses.
    pub async fn copy_postgres_out(&self, folder: &Path) -> Result<Vec<String>, Error> {
        let pool = self.writer().get_postgres_connection_pool();
        let mut snapshot = pool.begin().await.map_err(sqlx_error)?;
        sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            .execute(&mut *snapshot)
            .await
            .map_err(sqlx_error)?;
        let tables: Vec<(String,)> = sqlx::query_as(
            "SELECT table_name::text FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name",
        )
        .fetch_all(&mut *snapshot)
        .await
        .map_err(sqlx_error)?;
        let mut names = Vec::new();
        for (table,) in tables.into_iter().filter(|(table,)| table != MIGRATIONS) {
            let mut file = tokio::fs::File::create(folder.join(&table)).await?;
            let mut rows =
                snapshot.copy_out_raw(&format!("COPY \"{table}\" TO STDOUT")).await.map_err(sqlx_error)?;
            while let Some(bytes) = rows.try_next().await.map_err(sqlx_error)? {
                file.write_all(&bytes).await?;
            }
            drop(rows);
            file.flush().await?;
            names.push(table);
        }
        Ok(names)
    }

    /// Reads such files back into the empty tables, in one transaction.
    ///
    /// # Errors
    /// When the database or the disk refuses; then nothing was read.
    pub async fn copy_postgres_in(&self, folder: &Path) -> Result<(), Error> {
        let pool = self.writer().get_postgres_connection_pool();
        let mut transaction = pool.begin().await.map_err(sqlx_error)?;
        // Tables come in no order of reference; the rows were consistent when they were read.
        sqlx::query("SET LOCAL session_replication_role = replica")
            .execute(&mut *transaction)
            .await
            .map_err(sqlx_error)?;
        let mut entries = tokio::fs::read_dir(folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let table = entry.file_name().to_string_lossy().replace('"', "");
            let statement = format!("COPY \"{table}\" FROM STDIN");
            let mut sink = transaction.copy_in_raw(&statement).await.map_err(sqlx_error)?;
            sink.read_from(tokio::fs::File::open(entry.path()).await?).await.map_err(sqlx_error)?;
            sink.finish().await.map_err(sqlx_error)?;
        }
        // The outbox of a new cluster starts at a low transaction id; what was read back must lie before it.
        sqlx::query("UPDATE outbox SET tx = 0").execute(&mut *transaction).await.map_err(sqlx_error)?;
        sqlx::query(
            "SELECT setval(pg_get_serial_sequence('outbox', 'sequence'), COALESCE((SELECT MAX(sequence) FROM outbox), 0) + 1, false)",
        )
        .execute(&mut *transaction)
        .await
        .map_err(sqlx_error)?;
        transaction.commit().await.map_err(sqlx_error)?;
        Ok(())
    }
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err(sqlx_error)` hands it over")]
fn sqlx_error(error: sqlx::Error) -> Error {
    Error::Database(sea_orm::DbErr::Custom(error.to_string()))
}
