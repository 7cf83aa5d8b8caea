//! The engine beside the program, for more than one machine holds: a Meilisearch server.
//!
//! It is given words that are cut already (`prepare`), so that it finds what the embedded engine finds. Each index has a small
//! companion that holds the cursor; both change places at once when a rebuild is done.
//!
//! What Meilisearch cannot be made to do:
//! - *Carry the cursor in the same commit.* It is written right behind the batch: after a crash in between, the batch comes
//!   again, which changes nothing.
//! - *Refuse an older version by itself.* Versions are read before a batch is written, so one gateway at a time may feed it.
//! - *Page from a key in the orders of relevance and distance.* Those go on by page number: what is added meanwhile may
//!   show a hit twice or not at all. Newest and price go on from a key, as the embedded engine does in every order.
//! - *Weigh one way of taking a word against another.* It has no 'or' and no weights: words are first searched as
//!   words, then as pinyin, in pieces, across words, and last in part, and the first that finds enough is the answer. Where a
//!   Latin word is also pinyin (PS, 破损), pinyin counts only if the word itself finds next to nothing.
//! - *Say how many of several words must be there.* In part means that it drops the commonest words first.
//! - *Prefer the category in which most of the matches lie*, as the embedded engine ranks.
//! - *Count past 20,000 hits*, or show them.
//!
//! It is slower by a network's way there and back, or several when words must be bent.

mod answer;
mod http;
mod prepare;
mod question;
mod spelling;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use http::{Client, Http, Index};
use luhuan_kernel::Position;
use meilisearch_sdk::{
    client::SwapIndexes,
    errors::{Error, ErrorCode, ErrorType},
    task_info::TaskInfo,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    Change, Document, Health, Query, Reason, Rebuild, Results, SearchError, SearchIndex, State, Suggestion,
    change::{self, Removed},
    embedded::fingerprint,
    text::synonyms,
};

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a batch may take, and how often its task is looked at.
const BATCH_PATIENCE: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// How long a rebuild may take to settle.
const REBUILD_PATIENCE: Duration = Duration::from_secs(3_600);
/// Versions read at once.
const VERSIONS: usize = 500;
/// Grows when the prepared fields or the settings change, so that an older index is rebuilt.
const VERSION: u64 = 1;

/// A Meilisearch server. Cheap to clone; clones share what they know.
#[derive(Clone)]
pub struct MeiliIndex {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    name: String,
    removed: Mutex<Removed>,
    rebuilds: AtomicU64,
    /// Batches go one after the other.
    feeding: tokio::sync::Mutex<()>,
}

/// What the companion index holds, in one document.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    id: String,
    fingerprint: String,
    cursor: Position,
}

const KEPT: &str = "kept";

#[derive(Deserialize)]
struct Known {
    id: uuid::Uuid,
    version: i64,
}

impl MeiliIndex {
    /// The index of this name on a server, with a key that may create, swap and delete indexes. Nothing is asked of the
    /// server yet: it may be away.
    ///
    /// # Errors
    /// When the key is none that can be sent.
    pub fn new(url: &str, key: Option<&str>, name: &str) -> Result<Self, SearchError> {
        // The SDK would panic over it.
        if key.is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(SearchError::Internal(
                "the key of the search server has characters that cannot be sent".to_owned(),
            ));
        }
        let http = Http::new(key).map_err(failed)?;
        let client = Client::new_with_client(url.trim_end_matches('/'), key, http);
        let inner = Inner {
            client,
            name: name.to_owned(),
            removed: Mutex::default(),
            rebuilds: AtomicU64::new(0),
            feeding: tokio::sync::Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Removes the index and all that belongs to it from the server. For tests, and for moving away.
    ///
    /// # Errors
    /// When the server is out of reach.
    pub async fn drop_all(&self) -> Result<(), SearchError> {
        for name in [
            self.inner.name.clone(),
            self.state_name(),
            self.next_name(),
            format!("{}_state", self.next_name()),
        ] {
            self.drop_index(&name).await?;
        }
        Ok(())
    }

    fn index(&self) -> Index {
        self.inner.client.index(&self.inner.name)
    }

    fn state_name(&self) -> String {
        format!("{}_state", self.inner.name)
    }

    fn next_name(&self) -> String {
        format!("{}_next", self.inner.name)
    }

    async fn drop_index(&self, name: &str) -> Result<(), SearchError> {
        let task = soon(self.inner.client.delete_index(name)).await?;
        match self.settled(task, BATCH_PATIENCE).await {
            Err(SearchError::NeedsRebuild(_)) => Ok(()),
            other => other,
        }
    }

    /// Waits until the server has done a task.
    async fn settled(&self, task: TaskInfo, patience: Duration) -> Result<(), SearchError> {
        let waiting = task.wait_for_completion(&self.inner.client, Some(LOOK_EVERY), Some(patience));
        let task = waiting.await.map_err(failed)?;
        if task.is_failure() { Err(failed(task.unwrap_failure().into())) } else { Ok(()) }
    }

    /// What the companion holds.
    async fn kept(&self) -> Result<Kept, SearchError> {
        let state = self.inner.client.index(self.state_name());
        let kept: Kept = soon(state.get_document(KEPT)).await?;
        if kept.fingerprint != own_fingerprint() {
            return Err(SearchError::NeedsRebuild(Reason::OtherVersion));
        }
        Ok(kept)
    }

    async fn keep(&self, state: &str, cursor: Position) -> Result<TaskInfo, SearchError> {
        let kept = Kept { id: KEPT.to_owned(), fingerprint: own_fingerprint(), cursor };
        soon(self.inner.client.index(state).add_or_replace(&[kept], Some("id"))).await
    }

    /// The versions of the listings of a batch that the index holds.
    async fn versions(&self, ids: &[String]) -> Result<Vec<Known>, SearchError> {
        let index = self.index();
        let mut known = Vec::new();
        for ids in ids.chunks(VERSIONS) {
            let mut asked = meilisearch_sdk::documents::DocumentsQuery::new(&index);
            asked
                .with_ids(ids.iter().map(String::as_str))
                .with_fields(["id", "version"])
                .with_limit(VERSIONS);
            known.extend(soon(asked.execute::<Known>()).await?.results);
        }
        Ok(known)
    }
}

/// Waits for an answer, but not for ever.
async fn soon<T>(answer: impl Future<Output = Result<T, Error>>) -> Result<T, SearchError> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => answer.map_err(failed),
        Err(_) => Err(SearchError::Unavailable("it does not answer".to_owned())),
    }
}

fn own_fingerprint() -> String {
    format!("{:016x}", fingerprint().wrapping_add(VERSION << 32))
}

/// What an error of the SDK means here.
#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn failed(error: Error) -> SearchError {
    match &error {
        Error::Meilisearch(told) => match (&told.error_code, &told.error_type) {
            (ErrorCode::IndexNotFound | ErrorCode::DocumentNotFound, _) => {
                SearchError::NeedsRebuild(Reason::Absent)
            }
            (_, ErrorType::InvalidRequest) => SearchError::Internal(error.to_string()),
            _ => SearchError::Unavailable(error.to_string()),
        },
        // What our HTTP client reports comes as `Other`.
        Error::MeilisearchCommunication(_) | Error::Timeout | Error::Other(_) => {
            SearchError::Unavailable(error.to_string())
        }
        _ => SearchError::Internal(error.to_string()),
    }
}

#[async_trait]
impl SearchIndex for MeiliIndex {
    fn name(&self) -> &'static str {
        "meilisearch"
    }

    async fn apply(&self, changes: Vec<Change>, cursor: Position) -> Result<(), SearchError> {
        let _one = self.inner.feeding.lock().await;
        self.kept().await?;
        let ids: Vec<String> = changes.iter().map(|change| change.id().to_string()).collect();
        let known = self.versions(&ids).await?;
        let (mut put, mut gone): (Vec<Json>, Vec<String>) = (Vec::new(), Vec::new());
        {
            let mut removed = self.inner.removed.lock().unwrap_or_else(PoisonError::into_inner);
            for change in change::newest(&changes) {
                let id = change.id().uuid();
                let held = known.iter().find(|known| known.id == id).map(|known| known.version);
                if held.max(removed.version(id)).is_some_and(|version| version > change.version()) {
                    continue;
                }
                match change {
                    Change::Put(document) => {
                        put.push(prepare::document(document));
                        removed.forget(id);
                    }
                    Change::Remove { version, .. } => {
                        gone.push(id.to_string());
                        removed.remember(id, *version);
                    }
                }
            }
        }
        let index = self.index();
        if !put.is_empty() {
            let task = soon(index.add_or_replace(&put, Some("id"))).await?;
            self.settled(task, BATCH_PATIENCE).await?;
        }
        if !gone.is_empty() {
            let task = soon(index.delete_documents(&gone)).await?;
            self.settled(task, BATCH_PATIENCE).await?;
        }
        let task = self.keep(&self.state_name(), cursor).await?;
        self.settled(task, BATCH_PATIENCE).await
    }

    async fn rebuild(&self) -> Result<Box<dyn Rebuild>, SearchError> {
        let number = self.inner.rebuilds.fetch_add(1, Ordering::SeqCst) + 1;
        let next = self.next_name();
        let state = format!("{next}_state");
        // Both pairs must be there to change places.
        for name in [&self.inner.name, &self.state_name()] {
            let task = soon(self.inner.client.create_index(name, Some("id"))).await?;
            // That it is there already is as good.
            let _ = self.settled(task, BATCH_PATIENCE).await;
        }
        for name in [&next, &state] {
            self.drop_index(name).await?;
            let task = soon(self.inner.client.create_index(name, Some("id"))).await?;
            self.settled(task, BATCH_PATIENCE).await?;
        }
        let settings = prepare::settings(synonyms::builtin());
        let task = soon(self.inner.client.index(&next).set_settings(&settings)).await?;
        self.settled(task, BATCH_PATIENCE).await?;
        Ok(Box::new(MeiliRebuild { index: self.clone(), next, state, number, last: None }))
    }

    async fn search(&self, query: &Query) -> Result<Results, SearchError> {
        query.check()?;
        answer::search(self, query).await
    }

    async fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>, SearchError> {
        spelling::suggest(self, typed, limit).await
    }

    async fn cursor(&self) -> Result<Option<Position>, SearchError> {
        match self.kept().await {
            Ok(kept) => Ok(Some(kept.cursor)),
            Err(SearchError::NeedsRebuild(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn health(&self) -> Health {
        let state = match self.kept().await {
            Ok(kept) => Ok(kept),
            Err(SearchError::NeedsRebuild(reason)) => Err(State::NeedsRebuild(reason)),
            Err(error) => Err(State::Unavailable(error.to_string())),
        };
        match state {
            Ok(kept) => {
                let documents =
                    soon(self.index().get_stats()).await.map_or(0, |stats| stats.number_of_documents as u64);
                Health { state: State::Ready, documents, cursor: Some(kept.cursor), bytes: None }
            }
            Err(state) => Health { state, documents: 0, cursor: None, bytes: None },
        }
    }
}

struct MeiliRebuild {
    index: MeiliIndex,
    next: String,
    state: String,
    number: u64,
    last: Option<TaskInfo>,
}

#[async_trait]
impl Rebuild for MeiliRebuild {
    async fn add(&mut self, documents: Vec<Document>) -> Result<(), SearchError> {
        let documents: Vec<Json> = documents.iter().map(prepare::document).collect();
        if documents.is_empty() {
            return Ok(());
        }
        // The server queues: the next batch is prepared while it takes this one in.
        let before = self.last.take();
        let index = self.index.inner.client.index(&self.next);
        self.last = Some(soon(index.add_or_replace(&documents, Some("id"))).await?);
        match before {
            Some(task) => self.index.settled(task, REBUILD_PATIENCE).await,
            None => Ok(()),
        }
    }

    async fn finish(mut self: Box<Self>, cursor: Position) -> Result<(), SearchError> {
        if let Some(task) = self.last.take() {
            self.index.settled(task, REBUILD_PATIENCE).await?;
        }
        let inner = &self.index.inner;
        let _one = inner.feeding.lock().await;
        if inner.rebuilds.load(Ordering::SeqCst) != self.number {
            return Err(SearchError::Internal("a later rebuild has begun".to_owned()));
        }
        let task = self.index.keep(&self.state, cursor).await?;
        self.index.settled(task, BATCH_PATIENCE).await?;
        let pairs = [(inner.name.clone(), self.next.clone()), (self.index.state_name(), self.state.clone())];
        let swaps = pairs.map(|indexes| SwapIndexes { indexes, rename: None });
        let task = soon(inner.client.swap_indexes(&swaps)).await?;
        self.index.settled(task, BATCH_PATIENCE).await?;
        self.index.drop_index(&self.next).await?;
        self.index.drop_index(&self.state).await
    }
}
