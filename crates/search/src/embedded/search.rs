//! A search, from the text to the page.

use std::sync::Arc;

use luhuan_kernel::{Cursor, Timestamp};
use tantivy::{
    Term,
    query::{AllQuery, BooleanQuery, ConstScoreQuery, Occur, Query as Tantivy, TermQuery},
    schema::IndexRecordOption,
};
use uuid::Uuid;

use super::{
    collect::{Affinity, ByCategory, Collected, Found, Pass, Place},
    folder::{Generation, View},
    plan::Planner,
    suggest,
};
use crate::{
    Bucket, Facet, FacetName, Hit, Query, Reach, Results, SearchError, Sort, after::After,
    highlight::Needles, text::synonyms, understand::Understood,
};

/// Hits from which on the words need no bending.
const ENOUGH: u64 = 3;
/// Hits from which on none that has only some of the words needs to follow.
const MANY: u64 = 10;

pub(super) fn search(generation: &Generation, query: &Query) -> Result<Results, SearchError> {
    let view = generation.view();
    let after = After::of(query)?;
    let understood = Understood::of(&query.text, synonyms::builtin());
    let now = after.map_or(query.now, After::now);
    let search = Search { view: &view, query, after, now };
    let outcome = search.reach(&understood)?;
    let doubtful = outcome.strict < ENOUGH || outcome.guessed;
    let did_you_mean = if after.is_none() && doubtful {
        suggest::did_you_mean(&view, &understood, outcome.strict)?
    } else {
        None
    };
    search.page(outcome, did_you_mean)
}

struct Search<'a> {
    view: &'a View,
    query: &'a Query,
    after: Option<After>,
    now: Timestamp,
}

/// What was found, and how far the words were bent for it.
struct Outcome {
    collected: Collected,
    needles: Needles,
    reach: Reach,
    /// What the words taken strictly are in, filters set aside: a narrow filter is no reason to bend the words.
    strict: u64,
    /// Whether a word is in no listing, and another was taken for it.
    guessed: bool,
}

impl Search<'_> {
    /// Bends the words only as far as it takes to find something. A later page bends as the first did.
    fn reach(&self, understood: &Understood) -> Result<Outcome, SearchError> {
        if understood.is_empty() {
            let collected = self.collect(Box::new(AllQuery), &Affinity::default())?;
            let strict = collected.seen;
            return Ok(Outcome {
                collected,
                needles: Needles::default(),
                reach: Reach::Exact,
                strict,
                guessed: false,
            });
        }
        let planner = Planner::new(self.view, understood)?;
        let guessed = planner.guesses()?;
        let run = |reach: Reach, strict: Option<u64>| -> Result<Outcome, SearchError> {
            let plan = planner.plan(reach)?;
            let affinity = self.affinity(&*plan.query, reach)?;
            let collected = self.collect(plan.query, &affinity)?;
            let strict = strict.unwrap_or(collected.seen);
            Ok(Outcome { collected, needles: plan.needles, reach, strict, guessed })
        };
        if let Some(after) = self.after {
            return run(after.reach, None);
        }
        let mut best = run(Reach::Exact, None)?;
        let strict = Some(best.strict);
        if best.strict < ENOUGH {
            let loose = run(Reach::Loose, strict)?;
            if loose.collected.seen > best.collected.seen {
                best = loose;
            }
        }
        // In the order of relevance, what has only some of the words may follow what has all; in others it would mix.
        let many = if self.query.order() == Sort::Relevance { MANY } else { 1 };
        if best.collected.seen >= many || !planner.can_leave_out() {
            return Ok(best);
        }
        let partial = run(Reach::Partial, strict)?;
        Ok(if partial.collected.seen > best.collected.seen { partial } else { best })
    }

    /// Where the words are at home; of no use but to rank.
    fn affinity(&self, text: &dyn Tantivy, reach: Reach) -> Result<Arc<Affinity>, SearchError> {
        if self.query.order() != Sort::Relevance {
            return Ok(Arc::default());
        }
        let count = || Ok(Arc::new(Affinity::of(self.view.searcher.search(text, &ByCategory(self.view))?)));
        let looked_at = self.query.text.chars().take(Query::MAX_TEXT).collect();
        self.view.affinities.get_or_insert_with(&(looked_at, reach), count)
    }

    fn collect(&self, text: Box<dyn Tantivy>, affinity: &Affinity) -> Result<Collected, SearchError> {
        let query = match self.query.seller {
            Some(seller) => {
                let term = Term::from_field_bytes(self.view.fields.seller, seller.uuid().as_bytes());
                let sold_by = Box::new(TermQuery::new(term, IndexRecordOption::Basic));
                let filter = Box::new(ConstScoreQuery::new(sold_by, 0.0));
                Box::new(BooleanQuery::new(vec![(Occur::Must, text), (Occur::Must, filter)]))
                    as Box<dyn Tantivy>
            }
            None => text,
        };
        let after = self.after.map(|after| Place { rank: after.rank, id: after.id.as_u64_pair() });
        Ok(self
            .view
            .searcher
            .search(&*query, &Pass { view: self.view, query: self.query, now: self.now, after, affinity })?)
    }

    fn page(&self, outcome: Outcome, did_you_mean: Option<String>) -> Result<Results, SearchError> {
        let Outcome { collected, needles, reach, .. } = outcome;
        let rows = self.query.limit.rows();
        let more = collected.hits.len() > rows;
        let shown = &collected.hits[..rows.min(collected.hits.len())];
        let hits =
            shown.iter().map(|found| self.hit(found, &needles)).collect::<Result<Vec<Hit>, SearchError>>()?;
        let next = shown.last().filter(|_| more).map(|last| self.cursor(last, reach));
        let facets = self.query.facets.iter().zip(collected.facets).map(|(name, counts)| facet(name, counts));
        Ok(Results { hits, total: collected.total, facets: facets.collect(), did_you_mean, reach, next })
    }

    fn hit(&self, found: &Found, needles: &Needles) -> Result<Hit, SearchError> {
        let stored = self.view.stored(found.address)?;
        let near = self.query.near.zip(stored.card.point);
        Ok(Hit {
            title: needles.mark(&stored.card.title),
            description: needles.excerpt(&stored.description),
            distance_m: near.map(|(near, point)| near.point.metres_to(point)),
            score: found.score,
            card: stored.card.clone(),
        })
    }

    fn cursor(&self, last: &Found, reach: Reach) -> Cursor {
        let id = Uuid::from_u64_pair(last.place.id.0, last.place.id.1);
        After::cursor(self.query, self.now, reach, last.place.rank, id)
    }
}

/// Buckets in order: price ranges by price, all else most first.
pub(crate) fn facet(name: &FacetName, counts: std::collections::HashMap<String, u64>) -> Facet {
    let mut buckets: Vec<Bucket> = counts.into_iter().map(|(value, count)| Bucket { value, count }).collect();
    if *name == FacetName::Price {
        let start =
            |bucket: &Bucket| bucket.value.split('-').next().and_then(|from| from.parse::<i64>().ok());
        buckets.sort_by_key(start);
    } else {
        buckets.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    }
    Facet { code: name.code(), buckets }
}
