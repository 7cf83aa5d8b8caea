//! Feeding the index from the outbox.
//!
//! The feeder reads what happened to listings in commit order, loads how they stand now, and hands the index one
//! batch at a time together with the place up to which it has read. What it loads may be newer than the event: that
//! is fine, versions order themselves. An index that is new, damaged or too far behind is rebuilt from the tables
//! while the old one serves.

use std::{
    collections::{HashMap, HashSet},
    sync::{PoisonError, atomic::Ordering},
    time::Duration,
};

use luhuan_kernel::{Event, Id, Position};
use luhuan_listing::Listing;
use luhuan_store::{Error as StoreError, outbox};
use tokio::sync::watch;

use crate::{Change, Search, SearchError, State, document::document};

/// Events of one batch.
const BATCH: u64 = 500;

/// Documents read at once when rebuilding.
const PAGE: u64 = 1_000;

/// How long the feeder waits when nothing wakes it: the bound on what another gateway's commit may lag.
const IDLE: Duration = Duration::from_millis(250);

/// How long it waits before trying again when the index or the database is away.
const AWAY: Duration = Duration::from_secs(2);

/// Why feeding stopped for now.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The index.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The listings.
    #[error(transparent)]
    Listing(#[from] luhuan_listing::Error),
}

impl Search {
    /// Feeds the index until told to stop.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let committed = self.listings.store().committed();
        while !*stop.borrow() {
            // Registered before the outbox is read, so that a commit in between is not slept through.
            let woken = committed.notified();
            let wait = match self.turn().await {
                Ok(true) => continue,
                Ok(false) => IDLE,
                Err(error) => {
                    tracing::warn!(%error, "the search index waits");
                    self.say("unavailable");
                    AWAY
                }
            };
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep(wait) => {}
                _ = stop.changed() => break,
            }
        }
    }

    /// One batch; whether there was anything to do.
    ///
    /// # Errors
    /// When the index or the database is away.
    pub async fn turn(&self) -> Result<bool, FeedError> {
        match self.index.health().await.state {
            State::Ready => {}
            State::NeedsRebuild(reason) => {
                tracing::info!(%reason, "the search index is rebuilt");
                self.rebuild().await?;
            }
            State::Unavailable(why) => return Err(SearchError::Unavailable(why).into()),
        }
        let store = self.listings.store();
        let cursor = self.index.cursor().await?.unwrap_or_default();
        let oldest = outbox::oldest(store).await?;
        if cursor.sequence + 1 < oldest.sequence {
            tracing::info!(?cursor, ?oldest, "the search index is too far behind and is rebuilt");
            self.rebuild().await?;
            return Ok(true);
        }
        self.say("ready");
        let events = outbox::read(store, cursor, "listing.", BATCH).await?;
        let Some(last) = events.last().map(|event| event.position) else {
            self.progress.lag.store(0, Ordering::Relaxed);
            return Ok(false);
        };
        if events.len() as u64 == BATCH {
            let lag = outbox::lag(store, cursor, "listing.").await?;
            self.progress.lag.store(lag, Ordering::Relaxed);
        }
        let changes = self.changes(&events).await?;
        self.index.apply(changes, last).await?;
        Ok(true)
    }

    /// How the listings of some events stand now.
    async fn changes(&self, events: &[Event]) -> Result<Vec<Change>, FeedError> {
        let ids: HashSet<Id<Listing>> =
            events.iter().filter_map(|event| event.subject.parse().ok()).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let mut findable: HashMap<_, _> = self
            .listings
            .findable(&ids)
            .await?
            .into_iter()
            .map(|(row, cover)| (row.id, (row, cover)))
            .collect();
        let hidden: Vec<_> = ids.iter().copied().filter(|id| !findable.contains_key(id)).collect();
        let mut changes = Vec::with_capacity(ids.len());
        for (row, cover) in findable.drain().map(|(_, found)| found) {
            changes.push(Change::Put(Box::new(document(self.listings.catalog(), &row, cover.as_ref())?)));
        }
        for (id, version) in self.listings.versions(&hidden).await? {
            changes.push(Change::Remove { id: Id::from_uuid(id.uuid()), version });
        }
        Ok(changes)
    }

    /// Builds the index anew from the tables, while the old one serves.
    ///
    /// # Errors
    /// When the index or the database is away; the old index goes on serving.
    pub async fn rebuild(&self) -> Result<u64, FeedError> {
        self.say("rebuilding");
        self.progress.rebuilt.store(0, Ordering::Relaxed);
        let start: Position = outbox::newest(self.listings.store()).await?;
        let mut fresh = self.index.rebuild().await?;
        let mut after = None;
        loop {
            let page = self.listings.findable_after(after, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(last.id);
            let documents: Vec<_> = page
                .iter()
                .map(|(row, cover)| document(self.listings.catalog(), row, cover.as_ref()))
                .collect::<Result<_, _>>()?;
            let count = documents.len() as u64;
            fresh.add(documents).await?;
            let done = self.progress.rebuilt.fetch_add(count, Ordering::Relaxed) + count;
            tracing::info!(documents = done, "rebuilding the search index");
        }
        fresh.finish(start).await?;
        self.say("ready");
        Ok(self.progress.rebuilt.load(Ordering::Relaxed))
    }

    fn say(&self, state: &'static str) {
        *self.progress.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }
}
