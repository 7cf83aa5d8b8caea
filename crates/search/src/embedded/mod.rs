//! The engine inside the program: Tantivy in a folder.
//!
//! - `schema`: the fields, and how a document fills them.
//! - `folder`: generations of the index on disk, and which of them serves.
//! - `writer`: batches, versions, commits.
//! - `plan`: an understood text becomes a query, strict first.
//! - `lexicon`: what the index knows of words: how common, how read, what resembles them.
//! - `collect`, `columns`, `dense`: one pass over the matches that filters, ranks and counts.
//! - `suggest`: completing what is typed, and 'did you mean'.

mod collect;
mod columns;
mod dense;
mod folder;
mod lexicon;
mod plan;
mod schema;
mod search;
mod suggest;
mod writer;

use luhuan_kernel::Position;
use std::{
    path::Path,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::{
    Change, Document, Health, Query, Reason, Rebuild, Results, SearchError, SearchIndex, State, Suggestion,
};

use folder::{Folder, Generation};
pub(crate) use schema::{attribute as attribute_text, fingerprint};
pub(crate) use search::facet;

/// The embedded engine. Cheap to clone; clones share the index.
#[derive(Clone)]
pub struct TantivyIndex {
    inner: Arc<Inner>,
}

struct Inner {
    folder: Folder,
    slot: RwLock<Slot>,
    /// Counts rebuilds begun, so that only the latest may finish.
    rebuilds: AtomicU64,
    /// As many searches at once as there are cores: more would only make all of them slow.
    gate: Arc<Semaphore>,
}

#[derive(Clone)]
enum Slot {
    Serving(Arc<Generation>),
    NeedsRebuild(Reason),
}

impl TantivyIndex {
    /// Opens the index in a folder, which is made if it is not there. An index that is missing, damaged or of another
    /// version is no error: it opens as [`State::NeedsRebuild`], says so to every search, and serves once rebuilt.
    /// Reads every file of the index once, to check it: call it off the async threads.
    ///
    /// # Errors
    /// When the folder cannot be made or read, or another process holds it.
    pub fn open(folder: &Path) -> Result<Self, SearchError> {
        let folder = Folder::open(folder)?;
        let slot = match folder.current() {
            Ok(generation) => Slot::Serving(Arc::new(generation)),
            Err(SearchError::NeedsRebuild(reason)) => Slot::NeedsRebuild(reason),
            Err(error) => return Err(error),
        };
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Ok(Self {
            inner: Arc::new(Inner {
                folder,
                slot: RwLock::new(slot),
                rebuilds: AtomicU64::new(0),
                gate: Arc::new(Semaphore::new(cores)),
            }),
        })
    }

    fn slot(&self) -> Slot {
        self.inner.slot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn serving(&self) -> Result<Arc<Generation>, SearchError> {
        match self.slot() {
            Slot::Serving(generation) => Ok(generation),
            Slot::NeedsRebuild(reason) => Err(SearchError::NeedsRebuild(reason)),
        }
    }

    /// Reads off the async threads, no more at once than there are cores.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Generation) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, SearchError> {
        let generation = self.serving()?;
        let permit = Arc::clone(&self.inner.gate).acquire_owned().await;
        off_thread(move || {
            let _permit = permit;
            work(&generation)
        })
        .await
    }
}

/// Runs work that computes or waits for the disk.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SearchError> + Send + 'static,
) -> Result<T, SearchError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(SearchError::Internal(error.to_string())),
    }
}

#[async_trait]
impl SearchIndex for TantivyIndex {
    fn name(&self) -> &'static str {
        "tantivy"
    }

    async fn apply(&self, changes: Vec<Change>, cursor: Position) -> Result<(), SearchError> {
        let generation = self.serving()?;
        off_thread(move || generation.apply(&changes, cursor)).await
    }

    async fn rebuild(&self) -> Result<Box<dyn Rebuild>, SearchError> {
        let number = self.inner.rebuilds.fetch_add(1, Ordering::SeqCst) + 1;
        let inner = Arc::clone(&self.inner);
        let generation = off_thread(move || inner.folder.fresh()).await?;
        Ok(Box::new(TantivyRebuild { index: self.clone(), generation: Arc::new(generation), number }))
    }

    async fn search(&self, query: &Query) -> Result<Results, SearchError> {
        query.check()?;
        let query = query.clone();
        self.read(move |generation| search::search(generation, &query)).await
    }

    async fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        let typed = typed.to_owned();
        self.read(move |generation| suggest::suggest(&generation.view(), &typed, limit)).await
    }

    async fn cursor(&self) -> Result<Option<Position>, SearchError> {
        Ok(match self.slot() {
            Slot::Serving(generation) => Some(generation.cursor()),
            Slot::NeedsRebuild(_) => None,
        })
    }

    async fn health(&self) -> Health {
        let generation = match self.slot() {
            Slot::Serving(generation) => generation,
            Slot::NeedsRebuild(reason) => {
                return Health {
                    state: State::NeedsRebuild(reason),
                    documents: 0,
                    cursor: None,
                    bytes: None,
                };
            }
        };
        let cursor = Some(generation.cursor());
        let documents = generation.documents();
        let bytes = off_thread(move || Ok(generation.bytes())).await.ok();
        Health { state: State::Ready, documents, cursor, bytes }
    }
}

struct TantivyRebuild {
    index: TantivyIndex,
    generation: Arc<Generation>,
    number: u64,
}

#[async_trait]
impl Rebuild for TantivyRebuild {
    async fn add(&mut self, documents: Vec<Document>) -> Result<(), SearchError> {
        let generation = Arc::clone(&self.generation);
        off_thread(move || generation.fill(&documents)).await
    }

    async fn finish(self: Box<Self>, cursor: Position) -> Result<(), SearchError> {
        let Self { index, generation, number } = *self;
        off_thread(move || {
            generation.complete(cursor)?;
            let mut slot = index.inner.slot.write().unwrap_or_else(PoisonError::into_inner);
            if index.inner.rebuilds.load(Ordering::SeqCst) != number {
                return Err(SearchError::Internal("a later rebuild has begun".to_owned()));
            }
            index.inner.folder.serve(&generation)?;
            let before = std::mem::replace(&mut *slot, Slot::Serving(generation));
            if let Slot::Serving(old) = before {
                old.retire();
            }
            Ok(())
        })
        .await
    }
}
