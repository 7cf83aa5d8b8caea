//! Reading the outbox.
//!
//! Every gateway reads, one writes: who writes a batch locks the place first and finds it where the batch began, or
//! drops what it has. Inbox rows, deliveries, their jobs and the new place are one commit, so a crash loses nothing and
//! repeats nothing.
//!
//! Most events tell nobody anything. The place of such a batch is kept in memory until there is something to write, or
//! the batch was a full one: else each commit of a shop would cost a second one here.

use std::{sync::PoisonError, time::Duration};

use luhuan_kernel::{Id, Person, Position};
use luhuan_store::{Error as StoreError, outbox};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict,
};
use tokio::sync::watch;

use super::{Notifications, gather::Batch};
use crate::{
    Error,
    entity::{notification, place},
};

/// Events of one batch.
const BATCH: u64 = 500;

/// How long the reader waits when nothing wakes it: the bound on what another gateway's commit may lag.
const IDLE: Duration = Duration::from_millis(500);

/// How long it lets events gather once woken: a badge may be this late, and a busy hour costs five commits a second.
const LINGER: Duration = Duration::from_millis(200);

/// How long it waits before trying again when the database or a port is away.
const AWAY: Duration = Duration::from_secs(2);

/// The name of the place.
const NAME: &str = "outbox";

/// Why reading stopped for now.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A port, or what was to be written.
    #[error(transparent)]
    Notifications(#[from] Error),
}

impl From<sea_orm::DbErr> for FeedError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Notifications {
    /// Reads until told to stop; then the pages that follow are let go.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let committed = self.store().committed();
        while !*stop.borrow() {
            // Registered before the outbox is read, so that a commit in between is not slept through.
            let woken = committed.notified();
            let wait = match self.turn().await {
                Ok(true) => continue,
                Ok(false) => IDLE,
                Err(error) => {
                    tracing::warn!(%error, "notifications wait");
                    AWAY
                }
            };
            tokio::select! {
                () = woken => tokio::time::sleep(LINGER).await,
                () = tokio::time::sleep(wait) => {}
                _ = stop.changed() => break,
            }
        }
        self.inner.hub.close();
    }

    /// One batch; whether there may be more to do at once.
    ///
    /// # Errors
    /// When the database or a port is away; then nothing of the batch happened.
    pub async fn turn(&self) -> Result<bool, FeedError> {
        let stored = self.place().await?;
        let from = stored.max(self.ahead());
        let events = outbox::read(self.store(), from, "", BATCH).await?;
        let Some(last) = events.last().map(|event| event.position) else {
            self.wake_pages(stored).await?;
            return Ok(false);
        };
        let full = events.len() as u64 == BATCH;
        let batch = self.gather(&events).await?;
        if batch.is_empty() && !full {
            self.set_ahead(last);
            self.wake_pages(stored).await?;
            return Ok(false);
        }
        if self.write(&batch, from, last).await? {
            self.wake_pages(last).await?;
        }
        // Whether it was written or another gateway was faster: what is after it may be there already.
        Ok(full)
    }

    /// Writes a batch and the new place, unless another gateway was faster; whether it did.
    async fn write(&self, batch: &Batch, from: Position, to: Position) -> Result<bool, FeedError> {
        let uow = self.store().begin().await?;
        let first = place::ActiveModel { name: Set(NAME.to_owned()), tx: Set(0), sequence: Set(0) };
        place::Entity::insert(first)
            .on_conflict(OnConflict::column(place::Column::Name).do_nothing().to_owned())
            .exec_without_returning(uow.tx())
            .await?;
        let mut query = place::Entity::find_by_id(NAME.to_owned());
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        let row = query.one(uow.tx()).await?;
        let row = row.ok_or_else(|| StoreError::Corrupt("the place in the outbox vanished".into()))?;
        // A place before `from` is fine: what lies between was read here and told nobody anything.
        if row.position() > from {
            return Ok(false);
        }
        self.write_notifications(&uow, batch).await?;
        self.write_deliveries(&uow, batch).await?;
        place::Entity::update_many()
            .set(place::ActiveModel {
                tx: Set(to.transaction),
                sequence: Set(to.sequence),
                ..Default::default()
            })
            .filter(place::Column::Name.eq(NAME))
            .exec(uow.tx())
            .await?;
        uow.commit().await?;
        Ok(true)
    }

    /// How far the outbox has been read, by all gateways.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn place(&self) -> Result<Position, Error> {
        let row = place::Entity::find_by_id(NAME.to_owned()).one(self.store().reader()).await?;
        Ok(row.map_or_else(Position::default, |row| row.position()))
    }

    /// How many events are still to be read: for a gauge.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn lag(&self) -> Result<u64, Error> {
        let from = self.place().await?.max(self.ahead());
        Ok(outbox::lag(self.store(), from, "").await?)
    }

    /// Wakes this process's pages for what was written up to a place, by whichever gateway.
    async fn wake_pages(&self, to: Position) -> Result<(), FeedError> {
        let from = self.inner.announced.lock().unwrap_or_else(PoisonError::into_inner).replace(to);
        let Some(from) = from.filter(|from| *from < to && !self.inner.hub.is_empty()) else { return Ok(()) };
        self.announce(&self.told_between(from, to).await?);
        Ok(())
    }

    async fn told_between(&self, from: Position, to: Position) -> Result<Vec<Id<Person>>, FeedError> {
        use notification::Column;
        // Of the transaction read last, what came after; then all of the later ones.
        let after =
            Condition::any().add(Column::Tx.gt(from.transaction)).add(Column::Sequence.gt(from.sequence));
        let people = notification::Entity::find()
            .select_only()
            .column(Column::PersonId)
            .distinct()
            .filter(Column::Tx.gte(from.transaction))
            .filter(after)
            .filter(Column::Tx.lte(to.transaction))
            .into_tuple::<Id<Person>>()
            .all(self.store().reader())
            .await?;
        Ok(people)
    }

    fn ahead(&self) -> Position {
        *self.inner.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_ahead(&self, place: Position) {
        *self.inner.ahead.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }
}
