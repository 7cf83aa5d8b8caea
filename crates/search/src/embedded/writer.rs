//! Batches become commits.

use luhuan_kernel::Position;
use std::{collections::HashSet, sync::PoisonError};

use tantivy::{
    DocSet, Index, IndexWriter, TERMINATED, TantivyDocument, Term,
    index::SegmentId,
    indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy},
    schema::IndexRecordOption,
};
use uuid::Uuid;

use super::{
    folder::{Generation, Payload, View},
    schema::{self, column},
};
use crate::{
    Change, Document, SearchError,
    change::{self, Removed},
};

/// Bytes of postings that are gathered in memory before they go to disk.
const MEMORY: usize = 32_000_000;

/// The one writer of a generation.
pub(super) struct Writer {
    /// Absent after a failure: a failed Tantivy writer stays failed, so the next batch opens another.
    open: Option<IndexWriter>,
    removed: Removed,
    /// What a rebuild has added so far, by half of its id: if two are mistaken for one, no harm is done.
    filled: HashSet<u64>,
}

impl Writer {
    pub fn new(index: &Index) -> Result<Self, SearchError> {
        Ok(Self { open: Some(open(index)?), removed: Removed::default(), filled: HashSet::new() })
    }

    fn get(&mut self, index: &Index) -> Result<&mut IndexWriter, SearchError> {
        match &mut self.open {
            Some(writer) => Ok(writer),
            none => Ok(none.insert(open(index)?)),
        }
    }
}

fn open(index: &Index) -> Result<IndexWriter, SearchError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(MEMORY)
        .build();
    let writer = index.writer_with_options(options)?;
    merge_by_fours(&writer);
    Ok(writer)
}

/// A batch is a segment: they are merged by fours, so that a search looks into a handful at most.
fn merge_by_fours(writer: &IndexWriter) {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(4);
    policy.set_min_layer_size(1_000);
    policy.set_del_docs_ratio_before_merge(0.2);
    writer.set_merge_policy(Box::new(policy));
}

impl Generation {
    /// One batch, one commit. See [`crate::SearchIndex::apply`].
    pub fn apply(&self, changes: &[Change], cursor: Position) -> Result<(), SearchError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let result = self.write(&mut writer, changes, cursor);
        if result.is_err() {
            writer.open = None;
        }
        result
    }

    fn write(&self, writer: &mut Writer, changes: &[Change], cursor: Position) -> Result<(), SearchError> {
        let view = self.view();
        for change in change::newest(changes) {
            let id = change.id().uuid();
            let held = view.version(id)?;
            let known = held.max(writer.removed.version(id));
            if known.is_some_and(|known| known > change.version()) {
                continue;
            }
            let out = writer.get(&self.index)?;
            // Tantivy keeps more than a kilobyte for each removal until the commit: only for what is there.
            if held.is_some() {
                out.delete_term(self.term(id));
            }
            match change {
                Change::Put(document) => {
                    out.add_document(self.prepared(document)?)?;
                    writer.removed.forget(id);
                }
                Change::Remove { version, .. } => writer.removed.remember(id, *version),
            }
        }
        self.commit(writer.get(&self.index)?, cursor)
    }

    /// Adds documents to a generation that does not serve yet.
    pub fn fill(&self, documents: &[Document]) -> Result<(), SearchError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // All are merged at once in the end.
        writer.get(&self.index)?.set_merge_policy(Box::new(NoMergePolicy));
        for document in documents {
            let (_, half) = document.id.uuid().as_u64_pair();
            let again = !writer.filled.insert(half);
            let out = writer.get(&self.index)?;
            if again {
                // A listing that moved while pages were read comes twice; the later reading stays.
                out.delete_term(self.term(document.id.uuid()));
            }
            out.add_document(self.prepared(document)?)?;
        }
        Ok(())
    }

    /// Commits what was filled and merges it into one segment, the fastest to search.
    pub fn complete(&self, cursor: Position) -> Result<(), SearchError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.filled = HashSet::new();
        self.commit(writer.get(&self.index)?, cursor)?;
        let segments: Vec<SegmentId> = self.index.searchable_segment_ids()?;
        let out = writer.get(&self.index)?;
        if segments.len() > 1 {
            out.merge(&segments).wait()?;
        }
        merge_by_fours(out);
        self.show(cursor)
    }

    fn commit(&self, out: &mut IndexWriter, cursor: Position) -> Result<(), SearchError> {
        let payload = Payload { fingerprint: schema::fingerprint(), cursor };
        let payload =
            serde_json::to_string(&payload).map_err(|error| SearchError::Internal(error.to_string()))?;
        let mut commit = out.prepare_commit()?;
        commit.set_payload(&payload);
        commit.commit()?;
        self.show(cursor)
    }

    fn prepared(&self, document: &Document) -> Result<TantivyDocument, SearchError> {
        self.fields.document(document).map_err(|error| SearchError::Internal(error.to_string()))
    }

    fn term(&self, id: Uuid) -> Term {
        Term::from_field_bytes(self.fields.id, id.as_bytes())
    }
}

impl View {
    /// The version of a listing that the index holds.
    fn version(&self, id: Uuid) -> Result<Option<i64>, SearchError> {
        let term = Term::from_field_bytes(self.fields.id, id.as_bytes());
        for segment in self.searcher.segment_readers() {
            let Some(mut postings) =
                segment.inverted_index(self.fields.id)?.read_postings(&term, IndexRecordOption::Basic)?
            else {
                continue;
            };
            let versions = segment.fast_fields().i64(column::VERSION)?;
            while postings.doc() != TERMINATED {
                if !segment.is_deleted(postings.doc()) {
                    return Ok(versions.first(postings.doc()));
                }
                postings.advance();
            }
        }
        Ok(None)
    }
}
