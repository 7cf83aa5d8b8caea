//! Generations of the index on disk. A rebuild fills a fresh one beside the one that serves; a file names the one that
//! serves, and is replaced at once.

use luhuan_kernel::Position;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tantivy::{
    DocAddress, DocId, Index, IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyError,
    directory::{MmapDirectory, error::OpenDirectoryError},
    index::SegmentId,
    schema::Value as _,
};

use super::{
    collect::Affinity,
    dense::Dense,
    schema::{self, Fields, Stored},
    writer::Writer,
};
use crate::{Reach, Reason, SearchError};

/// The file that names the generation that serves.
const CURRENT: &str = "current";
/// What a generation's folder is called, before its number.
const PREFIX: &str = "generation-";
/// Blocks of stored cards are unpacked whole: small ones make a page of hits cheap.
const STORE_BLOCK: usize = 4_096;

pub(super) struct Folder {
    path: PathBuf,
}

/// What a commit carries beside the documents.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    /// [`schema::fingerprint`] of the program that wrote it.
    pub fingerprint: u64,
    /// How far the outbox was read.
    pub cursor: Position,
}

/// One index on disk, open for reading and writing.
pub(super) struct Generation {
    path: PathBuf,
    pub index: Index,
    pub fields: Fields,
    reader: IndexReader,
    /// What searches see.
    shown: RwLock<Arc<View>>,
    pub writer: Mutex<Writer>,
    cursor: Mutex<Position>,
    /// Set when another took its place or it was never finished: the folder goes when the last reader does.
    leaves: AtomicBool,
}

impl Folder {
    pub fn open(path: &Path) -> Result<Self, SearchError> {
        fs::create_dir_all(path)?;
        Ok(Self { path: path.to_owned() })
    }

    /// Opens the generation that serves, checked, and sweeps away what an interrupted rebuild left.
    pub fn current(&self) -> Result<Generation, SearchError> {
        let current = fs::read_to_string(self.path.join(CURRENT)).ok();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            if name.to_string_lossy().starts_with(PREFIX) && current.as_deref() != name.to_str() {
                swept(&entry.path());
            }
        }
        let name = current.ok_or(SearchError::NeedsRebuild(Reason::Absent))?;
        if !name.starts_with(PREFIX) || name.contains(['/', '\\']) || !self.path.join(&name).is_dir() {
            return Err(damaged("the file that names it names nothing"));
        }
        Generation::checked(self.path.join(name))
    }

    /// A fresh, empty generation. It leaves again unless it comes to serve.
    pub fn fresh(&self) -> Result<Generation, SearchError> {
        let numbers = fs::read_dir(&self.path)?
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix(PREFIX)?.parse::<u64>().ok());
        let path = self.path.join(format!("{PREFIX}{}", numbers.max().unwrap_or(0) + 1));
        fs::create_dir(&path)?;
        let (schema, fields) = schema::schema();
        let settings = IndexSettings { docstore_blocksize: STORE_BLOCK, ..IndexSettings::default() };
        let index = Index::builder().schema(schema).settings(settings).create_in_dir(&path)?;
        let generation = Generation::around(path, index, fields, Position::default())?;
        generation.retire();
        Ok(generation)
    }

    /// From now on, and after a restart, this one serves.
    pub fn serve(&self, generation: &Generation) -> Result<(), SearchError> {
        let name = generation.path.file_name().unwrap_or_default().as_encoded_bytes();
        let draft = self.path.join("current.next");
        let mut file = fs::File::create(&draft)?;
        file.write_all(name)?;
        file.sync_all()?;
        fs::rename(&draft, self.path.join(CURRENT))?;
        fs::File::open(&self.path)?.sync_all()?;
        generation.leaves.store(false, Ordering::SeqCst);
        Ok(())
    }
}

impl Generation {
    fn checked(path: PathBuf) -> Result<Self, SearchError> {
        // Checked through a handle of its own: the files it maps are let go of, and do not count as memory in use.
        let sound = {
            let index =
                Index::open(MmapDirectory::open(&path).map_err(|error| opening(&error))?).map_err(reading)?;
            let (expected, _) = schema::schema();
            if index.schema() != expected {
                return Err(SearchError::NeedsRebuild(Reason::OtherVersion));
            }
            index.validate_checksum().map_err(reading)?
        };
        if let Some(file) = sound.iter().next() {
            return Err(damaged(&format!("{} fails its checksum", file.display())));
        }
        let index = Index::open_in_dir(&path).map_err(reading)?;
        let payload = index.load_metas().map_err(reading)?.payload.unwrap_or_default();
        let payload: Payload =
            serde_json::from_str(&payload).map_err(|_| damaged("it was never finished"))?;
        if payload.fingerprint != schema::fingerprint() {
            return Err(SearchError::NeedsRebuild(Reason::OtherVersion));
        }
        let (_, fields) = schema::schema();
        Self::around(path, index, fields, payload.cursor)
    }

    fn around(path: PathBuf, index: Index, fields: Fields, cursor: Position) -> Result<Self, SearchError> {
        schema::register(&index);
        let reader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(reading)?;
        let writer = Mutex::new(Writer::new(&index)?);
        let cursor = Mutex::new(cursor);
        let shown = RwLock::new(Arc::new(View::of(&reader, &fields, None).map_err(reading)?));
        Ok(Self { path, index, fields, reader, shown, writer, cursor, leaves: AtomicBool::new(false) })
    }

    /// The index as of the last commit.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets searches see the last commit, which carried this cursor.
    pub fn show(&self, cursor: Position) -> Result<(), SearchError> {
        self.reader.reload()?;
        let view = View::of(&self.reader, &self.fields, Some(&self.view()))?;
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        *self.cursor.lock().unwrap_or_else(PoisonError::into_inner) = cursor;
        Ok(())
    }

    pub fn cursor(&self) -> Position {
        *self.cursor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn documents(&self) -> u64 {
        self.view().searcher.num_docs()
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> u64 {
        let sizes =
            fs::read_dir(&self.path).into_iter().flatten().filter_map(|entry| entry.ok()?.metadata().ok());
        sizes.map(|it| it.len()).sum()
    }

    /// The folder goes when the last reader does.
    pub fn retire(&self) {
        self.leaves.store(true, Ordering::SeqCst);
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        if self.leaves.load(Ordering::SeqCst) {
            swept(&self.path);
        }
    }
}

/// The index at one moment: what one search sees.
pub(super) struct View {
    pub searcher: Searcher,
    /// Of each of its segments.
    pub dense: Vec<Arc<Dense>>,
    pub fields: Fields,
    /// What was shown lately: hits that many look at are unpacked once.
    cards: Arc<Cards>,
    /// Where the words of popular searches are at home.
    pub affinities: quick_cache::sync::Cache<(String, Reach), Arc<Affinity>>,
}

type Cards = quick_cache::sync::Cache<(SegmentId, DocId), Arc<Stored>>;

/// Searches whose affinity is kept.
const AFFINITIES: usize = 1_024;
/// Cards that are kept unpacked, a kilobyte each or less.
const CARDS: usize = 2_048;

impl View {
    /// What a reader sees now; the columns of segments that were seen before are taken over.
    fn of(reader: &IndexReader, fields: &Fields, before: Option<&Self>) -> tantivy::Result<Self> {
        let searcher = reader.searcher();
        let known = before.into_iter().flat_map(|view| {
            let ids = view.searcher.segment_readers().iter().map(tantivy::SegmentReader::segment_id);
            ids.zip(view.dense.iter().map(Arc::clone))
        });
        let dense = Dense::of(&searcher, &known.collect())?;
        let cards = before.map_or_else(|| Arc::new(Cards::new(CARDS)), |view| Arc::clone(&view.cards));
        Ok(Self {
            searcher,
            dense,
            fields: fields.clone(),
            cards,
            affinities: quick_cache::sync::Cache::new(AFFINITIES),
        })
    }

    /// What is kept of a document to show it.
    pub fn stored(&self, address: DocAddress) -> Result<Arc<Stored>, SearchError> {
        let key = (self.searcher.segment_reader(address.segment_ord).segment_id(), address.doc_id);
        self.cards.get_or_insert_with(&key, || Ok(Arc::new(self.unpacked(address)?)))
    }

    fn unpacked(&self, address: DocAddress) -> Result<Stored, SearchError> {
        let document: tantivy::TantivyDocument = self.searcher.doc(address)?;
        let text = document.get_first(self.fields.card).and_then(|value| value.as_str());
        let text = text.ok_or_else(|| SearchError::Internal("a document without a card".to_owned()))?;
        serde_json::from_str(text).map_err(|error| SearchError::Internal(error.to_string()))
    }
}

/// Removes what no longer serves. If that fails it only takes room, until the next start tries again.
fn swept(path: &Path) {
    if let Err(error) = fs::remove_dir_all(path) {
        tracing::warn!(%error, "an index that no longer serves could not be removed");
    }
}

fn damaged(what: &str) -> SearchError {
    SearchError::NeedsRebuild(Reason::Damaged(what.to_owned()))
}

fn opening(error: &OpenDirectoryError) -> SearchError {
    damaged(&error.to_string())
}

/// While opening, whatever Tantivy cannot read is damage; only a lock held by another process is not.
fn reading(error: TantivyError) -> SearchError {
    match error {
        TantivyError::LockFailure(..) => error.into(),
        other => damaged(&other.to_string()),
    }
}
