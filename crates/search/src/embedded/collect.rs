//! One pass over the matches that filters, ranks and counts.
//!
//! A document that fails no filter is a hit. One that fails the filter of one dimension only is no hit, but is counted
//! by that dimension's facet. So one pass gives the page, the total and every facet.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
    sync::Arc,
};

use luhuan_kernel::Timestamp;
use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
};

use super::{
    columns::{BLOCK, Dimension, EXCLUDED, Failed, Places, dimensions},
    dense::Dense,
    folder::View,
    schema::column,
};
use crate::{Query, Sort};

/// What freshness adds to a score at most, and the age that halves it: it orders what matches equally well.
const FRESHNESS: f32 = 0.1;
const HALF_FRESH_MICROS: f32 = 30.0 * 86_400.0 * 1e6;

/// What a category in which all matches lie adds to a score, as a share of it.
const AT_HOME: f32 = 2.0;

/// A hit's place in the order: higher comes first, and no two are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub rank: i64,
    pub id: (u64, u64),
}

/// A hit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub place: Place,
    pub address: DocAddress,
    pub score: Score,
}

/// What one pass gives.
#[derive(Default)]
pub(super) struct Collected {
    /// Hits in order: a page, and one more if another page follows.
    pub hits: Vec<Found>,
    pub total: u64,
    /// What the words are in, filters set aside.
    pub seen: u64,
    /// For each facet asked for, counts by value.
    pub facets: Vec<HashMap<String, u64>>,
}

/// Collects for one search.
pub(super) struct Pass<'a> {
    pub view: &'a View,
    pub query: &'a Query,
    pub now: Timestamp,
    pub after: Option<Place>,
    /// What a score is multiplied by in each category.
    pub affinity: &'a Affinity,
}

/// How much the words of a search are at home in each category, by its path.
///
/// Most of what says 冰箱 is filed under refrigerators, some under magnets for their doors: what the words are said of
/// mostly is what was meant. The number is 1 and more.
#[derive(Clone, Debug, Default)]
pub(super) struct Affinity(HashMap<String, f32>);

impl Affinity {
    /// From how many matches each category has.
    pub fn of(counts: HashMap<String, u32>) -> Self {
        let all = counts.values().map(|count| f64::from(*count)).sum::<f64>().max(1.0);
        #[expect(clippy::cast_possible_truncation, reason = "a share")]
        let factor = |count: u32| 1.0 + AT_HOME * (f64::from(count) / all) as f32;
        Self(counts.into_iter().map(|(path, count)| (path, factor(count))).collect())
    }

    fn factors(&self, dense: &Dense) -> Vec<f32> {
        dense.category.names.iter().map(|path| self.0.get(path).copied().unwrap_or(1.0)).collect()
    }
}

/// Counts matches by category.
pub(super) struct ByCategory<'a>(pub &'a View);

pub(super) struct SegmentByCategory {
    dense: Arc<Dense>,
    counts: Vec<u32>,
}

impl Collector for ByCategory<'_> {
    type Fruit = HashMap<String, u32>;
    type Child = SegmentByCategory;

    fn for_segment(&self, ordinal: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<SegmentByCategory> {
        let dense = Arc::clone(&self.0.dense[ordinal as usize]);
        let counts = vec![0; dense.category.names.len()];
        Ok(SegmentByCategory { dense, counts })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<HashMap<String, u32>>) -> tantivy::Result<HashMap<String, u32>> {
        let mut all = HashMap::new();
        for (path, count) in fruits.into_iter().flatten() {
            *all.entry(path).or_default() += count;
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentByCategory {
    type Fruit = HashMap<String, u32>;

    fn collect(&mut self, doc: DocId, _: Score) {
        if let Some(count) = self.counts.get_mut(usize::from(self.dense.category.of[doc as usize])) {
            *count += 1;
        }
    }

    fn harvest(self) -> HashMap<String, u32> {
        let counted = self.dense.category.names.iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        counted.map(|(path, count)| (path.clone(), *count)).collect()
    }
}

impl Collector for Pass<'_> {
    type Fruit = Collected;
    type Child = SegmentPass;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentPass> {
        let fields = segment.fast_fields();
        let order = self.query.order();
        let dense = &self.view.dense[ordinal as usize];
        let dimensions = dimensions(self.query, segment, dense)?;
        // Without the columns a filter needs, no document passes it (an attribute that none has).
        let present =
            |code: &str| dimensions.iter().any(|it| it.name == crate::FacetName::Attribute(code.to_owned()));
        let impossible = self.query.attributes.iter().any(|filter| !present(&filter.code));
        let counts = dimensions.iter().map(|it| vec![0; if it.counted { it.buckets() } else { 0 }]).collect();
        Ok(SegmentPass {
            ordinal,
            order,
            keep: self.query.limit.rows() + 1,
            now: self.now.micros(),
            after: self.after,
            wanted: self.query.facets.clone(),
            places: Places::open(self.query, segment)?,
            dense: Arc::clone(dense),
            factors: self.affinity.factors(dense),
            id_high: fields.u64(column::ID_HIGH)?,
            id_low: fields.u64(column::ID_LOW)?,
            dimensions,
            counts,
            impossible,
            docs: [0; BLOCK],
            scores: [0.0; BLOCK],
            waiting: 0,
            best: BinaryHeap::with_capacity(self.query.limit.rows() + 2),
            total: 0,
            seen: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.query.order() == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Collected>>) -> tantivy::Result<Collected> {
        let mut all =
            Collected { facets: vec![HashMap::new(); self.query.facets.len()], ..Collected::default() };
        for fruit in fruits {
            let fruit = fruit?;
            all.total += fruit.total;
            all.seen += fruit.seen;
            all.hits.extend(fruit.hits);
            for (sum, facet) in all.facets.iter_mut().zip(fruit.facets) {
                facet.into_iter().for_each(|(value, count)| *sum.entry(value).or_default() += count);
            }
        }
        all.hits.sort_by_key(|hit| Reverse(hit.place));
        all.hits.truncate(self.query.limit.rows() + 1);
        Ok(all)
    }
}

/// Orders the heap so that the worst kept hit is on top.
struct Kept(Reverse<Place>, DocId, Score);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Kept {}
impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Kept {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

/// Collects on one segment, a block of documents at a time.
pub(super) struct SegmentPass {
    ordinal: SegmentOrdinal,
    order: Sort,
    keep: usize,
    now: i64,
    after: Option<Place>,
    wanted: Vec<crate::FacetName>,
    places: Option<Places>,
    dense: Arc<Dense>,
    factors: Vec<f32>,
    id_high: Column<u64>,
    id_low: Column<u64>,
    dimensions: Vec<Dimension>,
    counts: Vec<Vec<u32>>,
    impossible: bool,
    docs: [DocId; BLOCK],
    scores: [Score; BLOCK],
    waiting: usize,
    best: BinaryHeap<Kept>,
    total: u64,
    seen: u64,
}

impl SegmentPass {
    fn take_block(&mut self) {
        let docs = self.docs;
        let docs = &docs[..std::mem::take(&mut self.waiting)];
        self.seen += docs.len() as u64;
        if docs.is_empty() || self.impossible {
            return;
        }
        let mut failed: Failed = [0; BLOCK];
        for (at, dimension) in self.dimensions.iter().enumerate() {
            dimension.fail(docs, bit(at), &mut failed);
        }
        let mut distances = [None; BLOCK];
        if let Some(places) = &self.places {
            places.measure(docs, &mut failed, &mut distances);
        }
        for (at, dimension) in self.dimensions.iter().enumerate().filter(|(_, dimension)| dimension.counted) {
            let own = if dimension.filters() { bit(at) } else { 0 };
            dimension.count(docs, own, &failed, &mut self.counts[at]);
        }
        let ranks = self.ranks(docs, &distances);
        for at in 0..docs.len() {
            if failed[at] == 0 {
                self.total += 1;
                self.keep(docs[at], ranks[at], self.scores[at]);
            }
        }
    }

    /// Where each document of a block stands in the order asked for; higher comes first.
    fn ranks(&mut self, docs: &[DocId], distances: &[Option<f64>; BLOCK]) -> [i64; BLOCK] {
        let mut ranks = [i64::MIN; BLOCK];
        let dense = Arc::clone(&self.dense);
        let values = match self.order {
            Sort::Relevance | Sort::Newest => &dense.published,
            Sort::PriceAsc | Sort::PriceDesc => &dense.price,
            Sort::Distance => {
                for (rank, metres) in ranks.iter_mut().zip(distances) {
                    #[expect(clippy::cast_possible_truncation, reason = "millimetres on earth fit")]
                    let rank_of = |metres: &f64| -((*metres * 1_000.0) as i64);
                    *rank = metres.as_ref().map_or(i64::MIN, rank_of);
                }
                return ranks;
            }
        };
        for (at, doc) in docs.iter().enumerate() {
            let value = values[*doc as usize];
            ranks[at] = match self.order {
                Sort::PriceAsc => -value,
                Sort::Relevance => {
                    let at_home = self
                        .factors
                        .get(usize::from(dense.category.of[*doc as usize]))
                        .copied()
                        .unwrap_or(1.0);
                    self.scores[at] = freshened(self.scores[at] * at_home, self.now - value);
                    // A positive float's bits sort as the float does.
                    i64::from(self.scores[at].to_bits())
                }
                _ => value,
            };
        }
        ranks
    }

    fn keep(&mut self, doc: DocId, rank: i64, score: Score) {
        let full = self.best.len() >= self.keep;
        let beaten = |worst: &Kept| rank < worst.0.0.rank;
        if full && self.best.peek().is_some_and(beaten) || self.after.is_some_and(|after| rank > after.rank) {
            return;
        }
        let id = (self.id_high.first(doc).unwrap_or(0), self.id_low.first(doc).unwrap_or(0));
        let place = Place { rank, id };
        if self.after.is_some_and(|after| place >= after) {
            return;
        }
        self.best.push(Kept(Reverse(place), doc, score));
        if self.best.len() > self.keep {
            self.best.pop();
        }
    }

    fn facets(&self) -> tantivy::Result<Vec<HashMap<String, u64>>> {
        let mut facets = vec![HashMap::new(); self.wanted.len()];
        for (dimension, counts) in self.dimensions.iter().zip(&self.counts) {
            let Some(at) = self.wanted.iter().position(|name| *name == dimension.name) else { continue };
            dimension.named(counts, |value, count| match facets[at].get_mut(value) {
                Some(sum) => *sum += count,
                None => {
                    facets[at].insert(value.to_owned(), count);
                }
            })?;
        }
        Ok(facets)
    }
}

/// A score with what freshness adds.
fn freshened(score: Score, age_micros: i64) -> Score {
    #[expect(clippy::cast_precision_loss, reason = "an age in days needs no exact microseconds")]
    let age = age_micros.max(0) as f32;
    score.max(f32::MIN_POSITIVE) * (1.0 + FRESHNESS / (1.0 + age / HALF_FRESH_MICROS))
}

fn bit(dimension: usize) -> u32 {
    // Past 31 filters the facets of the rest would count as if their own filter were not theirs.
    1_u32.checked_shl(u32::try_from(dimension).unwrap_or(u32::MAX)).unwrap_or(EXCLUDED)
}

impl SegmentCollector for SegmentPass {
    type Fruit = tantivy::Result<Collected>;

    fn collect_block(&mut self, docs: &[DocId]) {
        for docs in docs.chunks(BLOCK) {
            self.take_block();
            self.docs[..docs.len()].copy_from_slice(docs);
            self.waiting = docs.len();
        }
    }

    fn collect(&mut self, doc: DocId, score: Score) {
        self.docs[self.waiting] = doc;
        self.scores[self.waiting] = score;
        self.waiting += 1;
        if self.waiting == BLOCK {
            self.take_block();
        }
    }

    fn harvest(mut self) -> tantivy::Result<Collected> {
        self.take_block();
        let facets = self.facets()?;
        let ordinal = self.ordinal;
        let hits = self.best.into_iter().map(|Kept(Reverse(place), doc, score)| Found {
            place,
            address: DocAddress::new(ordinal, doc),
            score,
        });
        Ok(Collected { hits: hits.collect(), total: self.total, seen: self.seen, facets })
    }
}
