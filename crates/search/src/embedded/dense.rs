//! A segment's columns as plain arrays, read once when a search first may see the segment.
//!
//! Every match of every search passes its filters and counts; an array that is indexed by the document costs a
//! nanosecond where a packed column costs ten. Some 30 bytes a listing.

use std::{collections::HashMap, sync::Arc};

use tantivy::{Searcher, SegmentReader, columnar::StrColumn, index::SegmentId};

use super::schema::column;

/// What a document has no code of.
pub(super) const NONE: u16 = u16::MAX;

/// The columns of one segment. Segments never change, so neither does this.
pub(super) struct Dense {
    /// Paths, `root/leaf`.
    pub category: Codes,
    pub condition: Codes,
    pub district: Codes,
    pub delivery: Masks,
    /// In fen.
    pub price: Vec<i64>,
    /// Microseconds.
    pub published: Vec<i64>,
}

/// One code for each document.
pub(super) struct Codes {
    /// The codes, by number.
    pub names: Vec<String>,
    /// Each document's number, or [`NONE`].
    pub of: Vec<u16>,
}

/// A few codes for each document.
pub(super) struct Masks {
    /// The codes, by bit; past 32 codes the rest is not told apart, and there are three.
    pub names: Vec<String>,
    /// Each document's bits.
    pub of: Vec<u32>,
}

impl Dense {
    fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let documents = segment.max_doc();
        let numbers = |name: &str| -> tantivy::Result<Vec<i64>> {
            let column = segment.fast_fields().i64(name)?;
            Ok((0..documents).map(|document| column.first(document).unwrap_or(0)).collect())
        };
        Ok(Self {
            category: Codes::read(segment, column::CATEGORY)?,
            condition: Codes::read(segment, column::CONDITION)?,
            district: Codes::read(segment, column::DISTRICT)?,
            delivery: Masks::read(segment)?,
            price: numbers(column::PRICE)?,
            published: numbers(column::PUBLISHED)?,
        })
    }

    /// The columns of each segment that a searcher sees, those already read taken over.
    pub fn of(searcher: &Searcher, known: &HashMap<SegmentId, Arc<Self>>) -> tantivy::Result<Vec<Arc<Self>>> {
        let segments = searcher.segment_readers().iter();
        segments
            .map(|segment| match known.get(&segment.segment_id()) {
                Some(dense) => Ok(Arc::clone(dense)),
                None => Ok(Arc::new(Self::read(segment)?)),
            })
            .collect()
    }
}

impl Codes {
    fn read(segment: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        let documents = segment.max_doc();
        let Some(column) = segment.fast_fields().str(name)? else {
            return Ok(Self { names: Vec::new(), of: vec![NONE; documents as usize] });
        };
        let code = |document| {
            let first = column.ords().first(document);
            first.and_then(|ord| u16::try_from(ord).ok()).unwrap_or(NONE)
        };
        Ok(Self { names: names(&column)?, of: (0..documents).map(code).collect() })
    }
}

impl Masks {
    fn read(segment: &SegmentReader) -> tantivy::Result<Self> {
        let documents = segment.max_doc();
        let Some(column) = segment.fast_fields().str(column::DELIVERY)? else {
            return Ok(Self { names: Vec::new(), of: vec![0; documents as usize] });
        };
        let bits = |document| {
            let ords = column.ords().values_for_doc(document);
            ords.fold(0, |bits, ord| {
                bits | u32::try_from(ord).ok().and_then(|ord| 1_u32.checked_shl(ord)).unwrap_or(0)
            })
        };
        Ok(Self { names: names(&column)?, of: (0..documents).map(bits).collect() })
    }
}

fn names(column: &StrColumn) -> tantivy::Result<Vec<String>> {
    let mut names = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        names.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    Ok(names)
}
