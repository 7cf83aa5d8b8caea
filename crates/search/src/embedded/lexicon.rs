//! What the index knows of words.

use std::{collections::HashMap, ops::ControlFlow};

use tantivy::{Term, query::FuzzyTermQuery, schema::Field};

use super::folder::View;
use crate::{
    SearchError,
    text::entry::{self, Extent, Key},
};

/// Entries of a range that are looked at in each segment: a lone first letter begins a large part of a dictionary.
const SCANNED: usize = 20_000;

/// Words that were entered under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The words, as entered.
    pub words: String,
    /// The category that they name, or empty.
    pub category: String,
    /// Listings that have them.
    pub listings: u64,
    /// Whether the key was all that was typed, not only its beginning.
    pub whole: bool,
}

/// Listings of one word over all segments.
#[derive(Default)]
struct Tally {
    listings: u64,
    segment: usize,
    in_segment: u64,
    whole: bool,
}

impl Tally {
    /// Several keys of one word (two readings) count the same listings of a segment: the most is the truth.
    fn count(&mut self, segment: usize, listings: u64) {
        if segment != self.segment {
            self.segment = segment;
            self.in_segment = 0;
        }
        self.listings += listings.saturating_sub(self.in_segment);
        self.in_segment = self.in_segment.max(listings);
    }
}

impl View {
    /// Listings that have a token anywhere.
    pub fn frequency(&self, token: &str) -> Result<u64, SearchError> {
        Ok(self.searcher.doc_freq(&Term::from_field_text(self.fields.all, token))?)
    }

    /// The words entered under a key, commonest first.
    pub fn entries(
        &self,
        key: &str,
        kind: Key,
        extent: Extent,
        most: usize,
    ) -> Result<Vec<Entry>, SearchError> {
        let prefix = entry::Entry::prefix(key, kind, extent);
        let mut found: HashMap<(String, String), Tally> = HashMap::new();
        self.each_with_prefix(self.fields.reading, &prefix, |segment, term, listings| {
            if let Some(entry) = entry::Entry::parse(term) {
                let whole = entry.is_whole(key);
                let tally = found.entry((entry.words, entry.category)).or_default();
                tally.count(segment, listings);
                tally.whole |= whole;
            }
        })?;
        let mut entries: Vec<Entry> = found
            .into_iter()
            .map(|((words, category), tally)| Entry {
                words,
                category,
                listings: tally.listings,
                whole: tally.whole,
            })
            .collect();
        entries.sort_by(|a, b| b.listings.cmp(&a.listings).then_with(|| a.words.cmp(&b.words)));
        entries.truncate(most);
        Ok(entries)
    }

    /// Latin words that begin so, commonest first.
    pub fn longer(&self, beginning: &str, most: usize) -> Result<Vec<(String, u64)>, SearchError> {
        let mut found: HashMap<String, u64> = HashMap::new();
        self.each_with_prefix(self.fields.title, beginning, |_, term, listings| {
            *found.entry(term.to_owned()).or_default() += listings;
        })?;
        Ok(commonest(found, most))
    }

    /// Words of a title that differ by one letter inserted, left out, changed or swapped with its neighbour, commonest
    /// first.
    pub fn similar(&self, word: &str, most: usize) -> Result<Vec<(String, u64)>, SearchError> {
        let query = FuzzyTermQuery::new(Term::from_field_text(self.fields.title, word), 1, true);
        let automaton = query.automaton()?;
        let mut found: HashMap<String, u64> = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.title)?;
            let mut stream = index.terms().search(&automaton).into_stream()?;
            while stream.advance() {
                if let Ok(term) = std::str::from_utf8(stream.key())
                    && term != word
                {
                    *found.entry(term.to_owned()).or_default() += u64::from(stream.value().doc_freq);
                }
            }
        }
        Ok(commonest(found, most))
    }

    fn each_with_prefix(
        &self,
        field: Field,
        prefix: &str,
        mut each: impl FnMut(usize, &str, u64),
    ) -> Result<(), SearchError> {
        for (at, segment) in self.searcher.segment_readers().iter().enumerate() {
            let index = segment.inverted_index(field)?;
            let mut stream = index.terms().range().ge(prefix.as_bytes()).into_stream()?;
            let mut scanned = 0;
            let mut step = |term: &[u8], listings: u32| {
                if !term.starts_with(prefix.as_bytes()) || scanned == SCANNED {
                    return ControlFlow::Break(());
                }
                scanned += 1;
                if let Ok(term) = std::str::from_utf8(term) {
                    each(at, term, u64::from(listings));
                }
                ControlFlow::Continue(())
            };
            while stream.advance() {
                if step(stream.key(), stream.value().doc_freq).is_break() {
                    break;
                }
            }
        }
        Ok(())
    }
}

fn commonest(found: HashMap<String, u64>, most: usize) -> Vec<(String, u64)> {
    let mut found: Vec<(String, u64)> = found.into_iter().collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(most);
    found
}
