//! What happened, told in the commit in which it happened.
//!
//! A subscriber reads in commit order and keeps its own place; it may see an event twice after a crash and must
//! not mind. Events are kept for [`KEEP_DAYS`] days.

use luhuan_kernel::{Event, EventKind, Position, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};

use crate::{Backend, Error, Store, UnitOfWork};

/// How long events are kept, in days. A reader further behind rebuilds from the tables instead.
pub const KEEP_DAYS: i64 = 30;

/// Rows of one statement at most, far below either database's bound on parameters.
const ROWS: usize = 1_000;

pub(crate) async fn append<E: EventKind>(uow: &UnitOfWork, events: &[E]) -> Result<(), Error> {
    let backend = uow.tx().get_database_backend();
    let transaction = match backend {
        DbBackend::Postgres => "pg_current_xact_id()::text::bigint",
        _ => "0",
    };
    for events in events.chunks(ROWS) {
        let mut values: Vec<sea_orm::Value> = Vec::with_capacity(events.len() * 4);
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            let payload = serde_json::to_string(event).map_err(|error| Error::Corrupt(error.to_string()))?;
            let n = values.len();
            rows.push(format!("({transaction}, ${}, ${}, ${}, ${})", n + 1, n + 2, n + 3, n + 4));
            values.extend([event.name().into(), event.subject().into(), payload.into(), uow.now().into()]);
        }
        let sql = format!("INSERT INTO outbox (tx, name, subject, payload, at) VALUES {}", rows.join(", "));
        uow.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    tx: i64,
    sequence: i64,
    name: String,
    subject: String,
    payload: String,
    at: Timestamp,
}

/// Events after a place, oldest first, of the contexts whose names start with `prefix`.
///
/// # Errors
/// When the database refuses.
pub async fn read(store: &Store, after: Position, prefix: &str, limit: u64) -> Result<Vec<Event>, Error> {
    let backend = store.reader().get_database_backend();
    // On PostgreSQL only what is older than the oldest running transaction is final: a later commit may still
    // take a place before what is already visible.
    let settled = match store.backend() {
        Backend::Postgres => "AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
        Backend::Sqlite => "",
    };
    let sql = format!(
        "SELECT tx, sequence, name, subject, payload, at FROM outbox
         WHERE (tx, sequence) > ($1, $2) AND name LIKE $3 {settled}
         ORDER BY tx, sequence LIMIT $4"
    );
    let values: [sea_orm::Value; 4] = [
        after.transaction.into(),
        after.sequence.into(),
        format!("{prefix}%").into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let rows = Row::find_by_statement(Statement::from_sql_and_values(backend, sql, values))
        .all(store.reader())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Event {
                position: Position { transaction: row.tx, sequence: row.sequence },
                name: row.name,
                subject: row.subject,
                payload: serde_json::from_str(&row.payload)
                    .map_err(|error| Error::Corrupt(error.to_string()))?,
                at: row.at,
            })
        })
        .collect()
}

#[derive(FromQueryResult)]
struct Ends {
    tx: Option<i64>,
    sequence: Option<i64>,
}

/// The place of the newest settled event: where a reader that has rebuilt from the tables goes on.
///
/// # Errors
/// When the database refuses.
pub async fn newest(store: &Store) -> Result<Position, Error> {
    end(store, "DESC").await
}

/// The place of the oldest event kept; a reader whose place lies before it has missed some.
///
/// # Errors
/// When the database refuses.
pub async fn oldest(store: &Store) -> Result<Position, Error> {
    end(store, "ASC").await
}

async fn end(store: &Store, direction: &str) -> Result<Position, Error> {
    let settled = match store.backend() {
        Backend::Postgres => "WHERE tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
        Backend::Sqlite => "",
    };
    let sql = format!(
        "SELECT tx, sequence FROM outbox {settled} ORDER BY tx {direction}, sequence {direction} LIMIT 1"
    );
    let backend = store.reader().get_database_backend();
    let row = Ends::find_by_statement(Statement::from_string(backend, sql)).one(store.reader()).await?;
    Ok(row.map_or_else(Position::default, |row| Position {
        transaction: row.tx.unwrap_or_default(),
        sequence: row.sequence.unwrap_or_default(),
    }))
}

/// How many settled events lie after a place: a reader's lag.
///
/// # Errors
/// When the database refuses.
pub async fn lag(store: &Store, after: Position, prefix: &str) -> Result<u64, Error> {
    let backend = store.reader().get_database_backend();
    let sql = "SELECT COUNT(*) AS n FROM outbox WHERE (tx, sequence) > ($1, $2) AND name LIKE $3";
    let values: [sea_orm::Value; 3] =
        [after.transaction.into(), after.sequence.into(), format!("{prefix}%").into()];
    let row = store.reader().query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let count: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Forgets events older than [`KEEP_DAYS`].
///
/// # Errors
/// When the database refuses.
pub async fn prune(uow: &UnitOfWork) -> Result<u64, Error> {
    let backend = uow.tx().get_database_backend();
    let before = uow.now().plus_days(-KEEP_DAYS);
    let statement =
        Statement::from_sql_and_values(backend, "DELETE FROM outbox WHERE at < $1", [before.into()]);
    Ok(uow.tx().execute_raw(statement).await?.rows_affected())
}
