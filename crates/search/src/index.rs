//! What every search engine of ours can do.

use async_trait::async_trait;
use luhuan_kernel::Position;

use crate::{Change, Document, Query, Reason, Results, SearchError, Suggestion};

/// A search engine. It holds derived data only: whatever happens to it, [`SearchIndex::rebuild`] brings it back.
///
/// The one who feeds it reads the outbox from [`SearchIndex::cursor`] on and hands over batches; each batch is one
/// commit. Searching goes on while it is fed and while it is rebuilt.
#[async_trait]
pub trait SearchIndex: Send + Sync + 'static {
    /// The engine's name, for logs and metrics.
    fn name(&self) -> &'static str;

    /// Takes in a batch and remembers that the outbox was read up to `cursor`, both or neither. On return, it is
    /// durable and findable. A batch may be repeated; what is older than what the index holds is passed over.
    ///
    /// # Errors
    /// [`SearchError::NeedsRebuild`] while there is nothing to add to; [`SearchError::Unavailable`] when the engine
    /// is out of reach: hand the same batch over again later.
    async fn apply(&self, changes: Vec<Change>, cursor: Position) -> Result<(), SearchError>;

    /// Starts a fresh index beside the one that serves. One at a time: a second call gives up the first's work.
    ///
    /// # Errors
    /// When the engine is out of reach or the disk refuses.
    async fn rebuild(&self) -> Result<Box<dyn Rebuild>, SearchError>;

    /// Answers a search.
    ///
    /// # Errors
    /// [`SearchError::Refused`] for a question that makes no sense; else see there.
    async fn search(&self, query: &Query) -> Result<Results, SearchError>;

    /// Completes what is being typed: Chinese, Latin letters, full pinyin or its initials. Most common first.
    ///
    /// # Errors
    /// As [`SearchIndex::search`].
    async fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError>;

    /// The last outbox position that a commit carried; `None` before the first rebuild.
    ///
    /// # Errors
    /// When the engine is out of reach.
    async fn cursor(&self) -> Result<Option<Position>, SearchError>;

    /// How it is.
    async fn health(&self) -> Health;
}

/// A fresh index being filled. Dropped unfinished, it leaves nothing behind.
#[async_trait]
pub trait Rebuild: Send {
    /// Takes in more documents; call it as often as there are pages to read.
    ///
    /// # Errors
    /// When the engine is out of reach or the disk refuses.
    async fn add(&mut self, documents: Vec<Document>) -> Result<(), SearchError>;

    /// Puts the fresh index in the place of the old at once. `cursor` is the outbox position read *before* the first
    /// document was: the changes made meanwhile are then applied again, and versions keep the newer.
    ///
    /// # Errors
    /// When the engine is out of reach or the disk refuses; the old index goes on serving.
    async fn finish(self: Box<Self>, cursor: Position) -> Result<(), SearchError>;
}

/// How an index is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Whether it serves.
    pub state: State,
    /// Findable documents.
    pub documents: u64,
    /// The last outbox position that it holds.
    pub cursor: Option<Position>,
    /// Its size on disk, where it is ours to know.
    pub bytes: Option<u64>,
}

/// Whether an index serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It serves.
    Ready,
    /// It must be rebuilt first.
    NeedsRebuild(Reason),
    /// It is out of reach.
    Unavailable(String),
}
