//! Commands that a client may repeat.
//!
//! The key, the command and its answer are one commit: whoever repeats it after a lost answer, a time-out or a
//! crash gets the first answer back or a clean first try, never a second effect. Two at once: the second waits for
//! the first (PostgreSQL: on the key's row; SQLite: on the writer). Keys are kept for [`KEEP_HOURS`] hours.

use http::StatusCode;
use luhuan_kernel::{Actor, Problem, Who};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use sha2::{Digest, Sha256};

use crate::{Error, Store, UnitOfWork};

/// How long an answer is remembered, in hours.
pub const KEEP_HOURS: i64 = 24;

/// An answer as it was first given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The version of the thing answered with, for its entity tag; 0 when it has none.
    pub version: i64,
    /// The JSON body.
    pub body: Vec<u8>,
}

/// What came of asking to do a command once.
#[expect(
    clippy::large_enum_variant,
    reason = "taken apart at once by the handler that asked; never kept in bulk"
)]
pub enum Once {
    /// Not done yet: do it in this unit and end with [`Attempt::commit`].
    First(Attempt),
    /// Done before: this was the answer.
    Again(Answer),
}

/// A command under way that will be remembered.
pub struct Attempt {
    /// The unit to do it in.
    pub uow: UnitOfWork,
    scope: Option<(String, String)>,
}

impl Attempt {
    /// Commits the command together with its answer.
    ///
    /// # Errors
    /// When the database refuses; then nothing happened.
    pub async fn commit(self, answer: &Answer) -> Result<(), Error> {
        if let Some((actor, key)) = &self.scope {
            let sql = "UPDATE idempotency_key SET status = $3, version = $4, body = $5 WHERE actor = $1 AND key = $2";
            let values: [sea_orm::Value; 5] = [
                actor.clone().into(),
                key.clone().into(),
                i32::from(answer.status.as_u16()).into(),
                answer.version.into(),
                answer.body.clone().into(),
            ];
            let tx = self.uow.tx();
            tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        }
        self.uow.commit().await
    }
}

#[derive(FromQueryResult)]
struct Stored {
    fingerprint: String,
    status: Option<i32>,
    version: Option<i64>,
    body: Option<Vec<u8>>,
}

/// Opens a unit of work for a command that its actor may repeat under `key`; without a key, an ordinary unit.
///
/// `request` is what must be the same each time: the method, the path and the body.
///
/// # Errors
/// 422 when the key was used with another request; 503 when the database is busy.
pub async fn begin(
    store: &Store,
    actor: &Actor,
    key: Option<&str>,
    request: &[&[u8]],
) -> Result<Once, Problem> {
    let uow = store.begin().await?;
    let Some(key) = key else { return Ok(Once::First(Attempt { uow, scope: None })) };
    let fingerprint = fingerprint(request);
    // Strangers share no keys: for them the request is part of the key.
    let actor = if actor.who == Who::Anonymous { format!("anonymous {fingerprint}") } else { actor.label() };
    if claim(&uow, &actor, key, &fingerprint).await? {
        return Ok(Once::First(Attempt { uow, scope: Some((actor, key.to_owned())) }));
    }
    let stored = find(&uow, &actor, key).await?;
    if stored.fingerprint != fingerprint {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"));
    }
    let (Some(status), Some(body)) = (stored.status, stored.body) else {
        return Err(Error::Corrupt("an idempotency key without its answer".into()).into());
    };
    let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
    Ok(Once::Again(Answer {
        status: status.unwrap_or(StatusCode::OK),
        version: stored.version.unwrap_or_default(),
        body,
    }))
}

fn fingerprint(request: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for part in request {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

async fn claim(uow: &UnitOfWork, actor: &str, key: &str, fingerprint: &str) -> Result<bool, Error> {
    let sql = "INSERT INTO idempotency_key (actor, key, fingerprint, at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (actor, key) DO NOTHING";
    let values: [sea_orm::Value; 4] = [actor.into(), key.into(), fingerprint.into(), uow.now().into()];
    let statement = Statement::from_sql_and_values(uow.tx().get_database_backend(), sql, values);
    Ok(uow.tx().execute_raw(statement).await?.rows_affected() == 1)
}

async fn find(uow: &UnitOfWork, actor: &str, key: &str) -> Result<Stored, Error> {
    let sql = "SELECT fingerprint, status, version, body FROM idempotency_key WHERE actor = $1 AND key = $2";
    let statement =
        Statement::from_sql_and_values(uow.tx().get_database_backend(), sql, [actor.into(), key.into()]);
    let stored = Stored::find_by_statement(statement).one(uow.tx()).await?;
    stored.ok_or_else(|| Error::Corrupt("an idempotency key vanished".into()))
}

/// Forgets answers older than [`KEEP_HOURS`].
///
/// # Errors
/// When the database refuses.
pub async fn prune(uow: &UnitOfWork) -> Result<u64, Error> {
    let before = uow.now().plus_seconds(-KEEP_HOURS * 3600);
    let backend = uow.tx().get_database_backend();
    let statement =
        Statement::from_sql_and_values(backend, "DELETE FROM idempotency_key WHERE at < $1", [before.into()]);
    Ok(uow.tx().execute_raw(statement).await?.rows_affected())
}
