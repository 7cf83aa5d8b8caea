//! One command, one transaction.

use std::sync::{Mutex, PoisonError};

use luhuan_kernel::{EventKind, Timestamp};
use sea_orm::{DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};

use crate::{Backend, Error, Store, outbox};

/// An open transaction with one instant for all that happens in it.
///
/// What a command calls on a lower floor takes the same unit, so that it is one commit. Dropped without
/// [`UnitOfWork::commit`], nothing of it happened.
pub struct UnitOfWork {
    transaction: DatabaseTransaction,
    backend: Backend,
    now: Timestamp,
    store: Store,
    emitted: Mutex<Vec<(&'static str, String)>>,
}

impl UnitOfWork {
    pub(crate) async fn begin(store: &Store) -> Result<Self, Error> {
        let options = TransactionOptions {
            // Takes the write lock at once: a deferred transaction that reads first fails at the upgrade.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = store.writer().begin_with_options(options).await?;
        Ok(Self {
            transaction,
            backend: store.backend(),
            now: store.clock().now(),
            store: store.clone(),
            emitted: Mutex::default(),
        })
    }

    /// The transaction, for queries.
    #[must_use]
    pub const fn tx(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// The instant of everything in this unit.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether rows that a decision rests on must be locked (PostgreSQL). On SQLite the one writer is the lock.
    #[must_use]
    pub fn locks_rows(&self) -> bool {
        self.backend == Backend::Postgres
    }

    /// Tells the other contexts, in this commit.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn emit<E: EventKind>(&self, event: &E) -> Result<(), Error> {
        self.emit_all(std::slice::from_ref(event)).await
    }

    /// Tells the other contexts of many things, in this commit and in this order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn emit_all<E: EventKind>(&self, events: &[E]) -> Result<(), Error> {
        outbox::append(self, events).await?;
        let mut emitted = self.emitted.lock().unwrap_or_else(PoisonError::into_inner);
        emitted.extend(events.iter().map(|event| (event.name(), event.subject())));
        Ok(())
    }

    /// Makes it so.
    ///
    /// # Errors
    /// When the database refuses; then nothing happened.
    pub async fn commit(self) -> Result<(), Error> {
        self.transaction.commit().await?;
        self.store.announce(&self.emitted.into_inner().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}
