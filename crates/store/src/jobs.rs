//! Work for later, as rows.
//!
//! A job has a kind and a key; the same kind and key exist once. A worker claims a due job by taking a lease in a
//! short transaction (`SKIP LOCKED` on PostgreSQL, the one writer on SQLite), does it, and then deletes or
//! reschedules it. A worker that dies loses its lease and another takes the job: a job must be safe to repeat.

use luhuan_kernel::Timestamp;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

use crate::{Error, Store, UnitOfWork};

/// How long a worker may take before another may claim the same job, in seconds.
pub const LEASE_SECONDS: i64 = 300;

/// A claimed job.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Job {
    /// What to do.
    pub kind: String,
    /// To what.
    pub key: String,
    /// How often it has been tried, this time included.
    pub attempts: i32,
}

/// Asks for a job at an instant; one that is there already keeps the earlier of the two times.
///
/// # Errors
/// When the database refuses.
pub async fn schedule(uow: &UnitOfWork, kind: &str, key: &str, run_at: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO job (kind, key, run_at, leased_until, attempts) VALUES ($1, $2, $3, 0, 0)
               ON CONFLICT (kind, key) DO UPDATE SET run_at =
                 CASE WHEN job.run_at < excluded.run_at THEN job.run_at ELSE excluded.run_at END";
    run(uow, sql, [kind.into(), key.into(), run_at.into()]).await
}

/// Takes the oldest due job, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn claim(store: &Store) -> Result<Option<Job>, Error> {
    let uow = store.begin().await?;
    let backend = uow.tx().get_database_backend();
    let skip = if uow.locks_rows() { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE job SET leased_until = $2, attempts = attempts + 1
         WHERE (kind, key) IN (SELECT kind, key FROM job WHERE run_at <= $1 AND leased_until <= $1
                               ORDER BY run_at LIMIT 1 {skip})
         RETURNING kind, key, attempts"
    );
    let values: [sea_orm::Value; 2] = [uow.now().into(), uow.now().plus_seconds(LEASE_SECONDS).into()];
    let job =
        Job::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).one(uow.tx()).await?;
    uow.commit().await?;
    Ok(job)
}

/// Whether a job is due, asked without the writer.
///
/// # Errors
/// When the database refuses.
pub async fn any_due(store: &Store) -> Result<bool, Error> {
    let backend = store.reader().get_database_backend();
    let sql = "SELECT 1 AS due FROM job WHERE run_at <= $1 AND leased_until <= $1 LIMIT 1";
    let statement = Statement::from_sql_and_values(backend, sql, [store.clock().now().into()]);
    Ok(store.reader().query_one_raw(statement).await?.is_some())
}

/// The job is done.
///
/// # Errors
/// When the database refuses.
pub async fn finish(uow: &UnitOfWork, job: &Job) -> Result<(), Error> {
    run(
        uow,
        "DELETE FROM job WHERE kind = $1 AND key = $2",
        [job.kind.as_str().into(), job.key.as_str().into()],
    )
    .await
}

/// The job comes again at an instant: a standing job's next turn, or a failed one's next try.
///
/// # Errors
/// When the database refuses.
pub async fn again(uow: &UnitOfWork, job: &Job, run_at: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE job SET run_at = $3, leased_until = 0 WHERE kind = $1 AND key = $2";
    run(uow, sql, [job.kind.as_str().into(), job.key.as_str().into(), run_at.into()]).await
}

/// Seconds to wait before the next try: 2, 4, 8 ... at most an hour.
#[must_use]
pub fn backoff_seconds(attempts: i32) -> i64 {
    2_i64.saturating_pow(u32::try_from(attempts).unwrap_or(1).min(12)).min(3600)
}

async fn run<const N: usize>(uow: &UnitOfWork, sql: &str, values: [sea_orm::Value; N]) -> Result<(), Error> {
    let backend = uow.tx().get_database_backend();
    uow.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}
