//! A search, and what Meilisearch says to it.

use std::collections::HashMap;

use luhuan_kernel::Timestamp;
use meilisearch_sdk::search::{
    MatchingStrategies, MultiSearchResponse, SearchQuery, SearchResults, Selectors,
};
use serde::Deserialize;

use super::{
    MeiliIndex, prepare, question,
    question::Way,
    soon,
    spelling::{self, needles},
};
use crate::{
    Card, FacetName, Hit, Query, Reach, Results, SearchError, after::After, embedded::facet,
    highlight::Needles, price_range, text::synonyms, understand::Understood,
};

/// Hits from which on the words need no bending.
const ENOUGH: usize = 3;
/// Hits from which on none that has only some of the words needs to follow.
const MANY: usize = 10;

#[derive(Deserialize)]
struct Found {
    card: Card,
    description: String,
}

/// One of the searches that make an answer.
struct Part {
    words: String,
    filter: String,
    sort: Vec<String>,
    facets: Vec<String>,
    way: Way,
    page: usize,
    per_page: usize,
}

pub(super) async fn search(index: &MeiliIndex, query: &Query) -> Result<Results, SearchError> {
    let after = After::of(query)?;
    let mut understood = Understood::of(&query.text, synonyms::builtin());
    let mut taken = take(index, query, &understood, after.as_ref()).await?;
    if taken.found == 0
        && let Some(parted) = spelling::parted(index, &understood).await?
    {
        taken = take(index, query, &parted, after.as_ref()).await?;
        understood = parted;
    }
    let mut did_you_mean = None;
    if after.is_none() && !understood.is_empty() {
        if taken.strict < ENOUGH {
            did_you_mean = spelling::did_you_mean(index, &understood, taken.strict as u64).await?;
        } else if let [ask] = understood.asks.as_slice()
            && let Some(letters) = ask.letters()
        {
            // Meilisearch forgives a letter by itself; the one who typed it may still want to know.
            did_you_mean = spelling::similar(index, letters).await?;
        }
    }
    page(index, query, &understood, taken.way, after.as_ref(), did_you_mean).await
}

/// The way that the words are taken.
struct Taken {
    way: Way,
    /// Listings that it finds, filters set aside.
    found: usize,
    /// Listings that the strictest way finds.
    strict: usize,
}

/// The first way that finds enough, or the one that finds the most. A later page takes them as the first did.
async fn take(
    index: &MeiliIndex,
    query: &Query,
    understood: &Understood,
    after: Option<&After>,
) -> Result<Taken, SearchError> {
    let mut best: Option<Taken> = None;
    // In the order of relevance, what has only some of the words may follow what has all; in others it would mix.
    let many = if query.order() == crate::Sort::Relevance { MANY } else { 1 };
    for way in ways(understood, after.map(|after| after.reach)) {
        let enough = if way == Way::Some { many } else { ENOUGH };
        if best.as_ref().is_some_and(|best| best.found >= enough) {
            continue;
        }
        let found = seen(index, understood, way).await?;
        match &mut best {
            None => best = Some(Taken { way, found, strict: found }),
            Some(best) => {
                if way == Way::Spelled {
                    best.strict = found;
                }
                if found > best.found {
                    (best.way, best.found) = (way, found);
                }
            }
        }
    }
    Ok(best.unwrap_or(Taken { way: Way::Words, found: 0, strict: 0 }))
}

/// Ways to take the words, strict first; those of one reach when a later page asks.
fn ways(understood: &Understood, reach: Option<Reach>) -> Vec<Way> {
    if understood.is_empty() {
        return vec![Way::Words];
    }
    let mut ways = vec![Way::Words];
    if question::has_letters(understood) {
        ways.push(Way::Spelled);
    }
    if question::has_han(understood) {
        ways.extend([Way::Pieces, Way::Across]);
    }
    if understood.asks.iter().filter(|ask| !ask.optional).count() > 1 {
        ways.push(Way::Some);
    }
    ways.retain(|way| reach.is_none_or(|reach| reach_of(*way) == reach));
    ways
}

fn reach_of(way: Way) -> Reach {
    match way {
        Way::Words | Way::Spelled => Reach::Exact,
        Way::Pieces | Way::Across => Reach::Loose,
        Way::Some => Reach::Partial,
    }
}

/// How many listings the words are in, filters set aside.
async fn seen(index: &MeiliIndex, understood: &Understood, way: Way) -> Result<usize, SearchError> {
    let words = question::words(understood, way);
    let part = Part {
        words,
        filter: String::new(),
        sort: Vec::new(),
        facets: Vec::new(),
        way,
        page: 1,
        per_page: 1,
    };
    let answers = ask(index, &[part]).await?;
    Ok(answers.first().and_then(|answer| answer.total_hits).unwrap_or(0))
}

async fn page(
    index: &MeiliIndex,
    query: &Query,
    understood: &Understood,
    way: Way,
    after: Option<&After>,
    did_you_mean: Option<String>,
) -> Result<Results, SearchError> {
    let conditions = question::conditions(query);
    let all = question::filter(&conditions, None);
    let words = question::words(understood, way);
    let rows = query.limit.rows();
    let keyed = question::goes_on_from_a_key(query);
    let mut hits_filter = all.clone();
    if let Some(after) = after.filter(|_| keyed) {
        let behind = question::behind(query, after, prepare::tie(after.id));
        hits_filter = [hits_filter, format!("({behind})")]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(" AND ");
    }
    let number = after.filter(|_| !keyed).map_or(1, |after| usize::try_from(after.rank).unwrap_or(1).max(1));
    let part = |filter: String, facets: Vec<String>| Part {
        words: words.clone(),
        filter,
        sort: Vec::new(),
        facets,
        way,
        page: 1,
        per_page: 1,
    };
    let mut parts = vec![
        Part {
            filter: hits_filter,
            sort: question::sort(query),
            page: number,
            per_page: rows,
            ..part(String::new(), Vec::new())
        },
        part(all, fields(query.facets.iter())),
    ];
    // A facet whose own filter is set must be counted without it.
    let filtered: Vec<&FacetName> = query
        .facets
        .iter()
        .filter(|name| conditions.iter().any(|(other, _)| other.as_ref() == Some(name)))
        .collect();
    for name in &filtered {
        parts.push(part(question::filter(&conditions, Some(name)), fields([*name].into_iter())));
    }
    let answers = ask(index, &parts).await?;
    let (Some(hits), Some(counts)) = (answers.first(), answers.get(1)) else {
        return Err(SearchError::Internal("the search server left answers out".to_owned()));
    };
    let facets = query.facets.iter().map(|name| {
        let own = filtered.iter().position(|other| *other == name).and_then(|at| answers.get(at + 2));
        facet(name, distribution(own.unwrap_or(counts), name))
    });
    let facets = facets.collect();
    let total = counts.total_hits.unwrap_or(0) as u64;
    let more = hits.total_pages.unwrap_or(0) > number;
    let needles = needles(understood, way);
    let shown: Vec<Hit> = hits
        .hits
        .iter()
        .map(|found| hit(query, &found.result, found.ranking_score, &needles, understood))
        .collect();
    let next = shown.last().filter(|_| more).map(|last| {
        let now: Timestamp = after.map_or(query.now, |after| after.now());
        let rank =
            if keyed { rank(query, &last.card) } else { i64::try_from(number + 1).unwrap_or(i64::MAX) };
        After::cursor(query, now, reach_of(way), rank, last.card.id.uuid())
    });
    Ok(Results { hits: shown, total, facets, did_you_mean, reach: reach_of(way), next })
}

fn rank(query: &Query, card: &Card) -> i64 {
    match query.order() {
        crate::Sort::PriceAsc => -card.price,
        crate::Sort::PriceDesc => card.price,
        _ => card.published_at.micros(),
    }
}

fn fields<'a>(names: impl Iterator<Item = &'a FacetName>) -> Vec<String> {
    let mut fields: Vec<String> = names.map(|name| question::facet_field(name).to_owned()).collect();
    fields.sort();
    fields.dedup();
    fields
}

fn distribution(answer: &SearchResults<Found>, name: &FacetName) -> HashMap<String, u64> {
    let all = answer.facet_distribution.as_ref().and_then(|all| all.get(question::facet_field(name)));
    let counted = all.into_iter().flatten().filter(|(_, count)| **count > 0);
    counted
        .filter_map(|(value, count)| {
            let value = match name {
                FacetName::Price => price_range(value.parse().ok()?),
                FacetName::Attribute(code) => {
                    value.strip_prefix(code.as_str())?.strip_prefix('=')?.to_owned()
                }
                _ => value.clone(),
            };
            Some((value, *count as u64))
        })
        .collect()
}

fn hit(query: &Query, found: &Found, score: Option<f64>, needles: &Needles, understood: &Understood) -> Hit {
    let mut needles = needles.clone();
    spelling::add_read(understood, &found.card.title, &mut needles);
    let near = query.near.zip(found.card.point);
    #[expect(clippy::cast_possible_truncation, reason = "a score between 0 and 1")]
    let score = score.unwrap_or(0.0) as f32;
    Hit {
        title: needles.mark(&found.card.title),
        description: needles.excerpt(&found.description),
        distance_m: near.map(|(near, point)| near.point.metres_to(point)),
        score,
        card: found.card.clone(),
    }
}

/// Asks several searches in one request.
async fn ask(index: &MeiliIndex, parts: &[Part]) -> Result<Vec<SearchResults<Found>>, SearchError> {
    let target = index.index();
    let borrowed: Vec<(Vec<&str>, Vec<&str>)> = parts
        .iter()
        .map(|part| {
            (part.sort.iter().map(String::as_str).collect(), part.facets.iter().map(String::as_str).collect())
        })
        .collect();
    let mut all = index.inner.client.multi_search();
    for (part, (sort, facets)) in parts.iter().zip(&borrowed) {
        let mut query = SearchQuery::new(&target);
        query
            .with_query(&part.words)
            .with_page(part.page)
            .with_hits_per_page(part.per_page)
            .with_attributes_to_search_on(part.way.fields())
            .with_attributes_to_retrieve(Selectors::Some(&["card", "description"]))
            .with_matching_strategy(match part.way {
                Way::Some => MatchingStrategies::FREQUENCY,
                _ => MatchingStrategies::ALL,
            })
            .with_show_ranking_score(true);
        if !part.filter.is_empty() {
            query.with_filter(&part.filter);
        }
        if !sort.is_empty() {
            query.with_sort(sort);
        }
        if !facets.is_empty() {
            query.with_facets(Selectors::Some(facets));
        }
        all.with_search_query(query.build());
    }
    let answers: MultiSearchResponse<Found> = soon(all.execute()).await?;
    Ok(answers.results)
}

/// How many listings some words are in, each taken as pinyin too.
pub(super) async fn counts(index: &MeiliIndex, texts: &[String]) -> Result<Vec<usize>, SearchError> {
    let part = |words: &String| Part {
        words: words.clone(),
        filter: String::new(),
        sort: Vec::new(),
        facets: Vec::new(),
        way: Way::Spelled,
        page: 1,
        per_page: 1,
    };
    let parts: Vec<Part> = texts.iter().map(part).collect();
    let answers = ask(index, &parts).await?;
    Ok(answers.iter().map(|answer| answer.total_hits.unwrap_or(0)).collect())
}
