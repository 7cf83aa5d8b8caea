//! The search service: one index, fed by the outbox, with the database's plain search behind it.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Problem};
use luhuan_listing::{BrowseFilter, Card as ListingCard, ListingView, Listings};
use serde::Serialize;

use crate::{Card, Fragment, Hit, Point, Query, Reach, Results, SearchError, SearchIndex, Suggestion};

/// Search over listings. Cheap to clone.
#[derive(Clone)]
pub struct Search {
    pub(crate) listings: Listings,
    pub(crate) index: Arc<dyn SearchIndex>,
    pub(crate) progress: Arc<Progress>,
    /// Whether the last search went to the database: the log tells of the change, not of each search.
    degraded: Arc<AtomicBool>,
}

/// How the index stands, for health pages and metrics.
#[derive(Clone, Debug, Default, Serialize)]
pub struct IndexStatus {
    /// Which engine.
    pub engine: &'static str,
    /// `ready`, `rebuilding` or `unavailable`.
    pub state: &'static str,
    /// Documents taken in by a rebuild under way.
    pub rebuilt: u64,
    /// Events not yet taken in.
    pub lag: u64,
}

/// What the feeder reports.
#[derive(Default)]
pub(crate) struct Progress {
    pub(crate) rebuilt: AtomicU64,
    pub(crate) lag: AtomicU64,
    pub(crate) state: RwLock<&'static str>,
}

/// An answer, and whether the index gave it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The answer.
    pub results: Results,
    /// The index was away: plain search by words in titles, without facets and ranking.
    pub degraded: bool,
}

impl Search {
    /// Puts the service together; [`Search::run`] feeds it.
    #[must_use]
    pub fn new(listings: Listings, index: Arc<dyn SearchIndex>) -> Self {
        Self { listings, index, progress: Arc::default(), degraded: Arc::default() }
    }

    /// The listings that are searched.
    #[must_use]
    pub const fn listings(&self) -> &Listings {
        &self.listings
    }

    /// Findable documents.
    pub async fn documents(&self) -> u64 {
        self.index.health().await.documents
    }

    /// How the index stands.
    #[must_use]
    pub fn health(&self) -> IndexStatus {
        let state = *self.progress.state.read().unwrap_or_else(PoisonError::into_inner);
        IndexStatus {
            engine: self.index.name(),
            state: if state.is_empty() { "starting" } else { state },
            rebuilt: self.progress.rebuilt.load(Ordering::Relaxed),
            lag: self.progress.lag.load(Ordering::Relaxed),
        }
    }

    /// Searches, by the index or, while it is away, by the database.
    ///
    /// # Errors
    /// 422 for a question that makes no sense.
    pub async fn search(&self, query: &Query) -> Result<Found, Problem> {
        match self.index.search(query).await {
            Ok(results) => {
                if self.degraded.swap(false, Ordering::Relaxed) {
                    tracing::info!("search is answered by the index again");
                }
                Ok(Found { results, degraded: false })
            }
            Err(SearchError::Refused(why)) => Err(refused(query, why)),
            Err(error) => {
                if !self.degraded.swap(true, Ordering::Relaxed) {
                    tracing::warn!(%error, "search falls back to the database");
                }
                Ok(Found { results: self.plain(query).await?, degraded: true })
            }
        }
    }

    /// Completes what is being typed; nothing while the index is away.
    pub async fn suggest(&self, typed: &str, limit: usize) -> Vec<Suggestion> {
        match self.index.suggest(typed, limit).await {
            Ok(suggestions) => suggestions,
            Err(error) => {
                tracing::debug!(%error, "no suggestions");
                Vec::new()
            }
        }
    }

    /// Listings like one: its brand and model, else its title's words, within its category; never itself.
    ///
    /// # Errors
    /// 404 when the listing is not for the actor's eyes.
    pub async fn similar(
        &self,
        actor: &Actor,
        id: Id<luhuan_listing::Listing>,
        limit: u32,
    ) -> Result<Vec<Hit>, Problem> {
        self.similar_to(&self.listings.view(actor, id).await?, limit).await
    }

    /// The same for a listing that is at hand.
    ///
    /// # Errors
    /// When neither index nor database answers.
    pub async fn similar_to(&self, view: &ListingView, limit: u32) -> Result<Vec<Hit>, Problem> {
        let (id, details) = (view.row.id, &view.details);
        let words = [details.brand.as_str(), details.model.as_str()].join(" ");
        let text = if words.trim().is_empty() { details.title.clone() } else { words };
        let mut query = Query::of(text, self.listings.store().clock().now());
        query.category = Some(details.category.clone());
        query.limit = Limit::of(Some(limit + 1));
        let found = self.search(&query).await?;
        let mut hits = found.results.hits;
        if hits.len() <= 1 {
            query.text.clear();
            hits.extend(self.search(&query).await?.results.hits);
        }
        let mut seen = std::collections::HashSet::from([id.uuid()]);
        hits.retain(|hit| seen.insert(hit.card.id.uuid()));
        hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(hits)
    }

    async fn plain(&self, query: &Query) -> Result<Results, Problem> {
        let filter = BrowseFilter {
            category: query.category.clone(),
            district: query.districts.first().cloned(),
            words: query.text.split_whitespace().map(str::to_owned).collect(),
            ..BrowseFilter::default()
        };
        // A cursor of the index means nothing to the database: the list starts anew.
        let after = query.after.as_ref().filter(|cursor| is_browse_cursor(cursor));
        let page = self.listings.browse(&filter, after, query.limit).await?;
        let hits: Vec<Hit> = page.items.into_iter().map(plain_hit).collect();
        Ok(Results {
            total: hits.len() as u64,
            hits,
            facets: Vec::new(),
            did_you_mean: None,
            reach: Reach::Exact,
            next: page.next,
        })
    }
}

fn is_browse_cursor(cursor: &Cursor) -> bool {
    cursor.key::<(Option<luhuan_kernel::Timestamp>, Id<luhuan_listing::Listing>)>().is_ok()
}

fn refused(query: &Query, why: &'static str) -> Problem {
    let field = match why {
        _ if why.contains("cursor") => "after",
        _ if query.sort == crate::Sort::Distance && query.near.is_none() => "near",
        _ => "near",
    };
    let key = if field == "after" { "field-cursor" } else { "search-near" };
    Problem::invalid_field(field, Message::new(key))
}

fn plain_hit(card: ListingCard) -> Hit {
    let title = vec![Fragment { text: card.title.clone(), matched: false }];
    Hit {
        title,
        description: Vec::new(),
        distance_m: None,
        score: 0.0,
        card: Card {
            id: Id::from_uuid(card.id.uuid()),
            price: card.price_fen.unwrap_or_default(),
            original_price: card.original_price_fen,
            negotiable: card.negotiable,
            category: card.category,
            condition: card.condition.map(|grade| grade.code().to_owned()).unwrap_or_default(),
            district: card.district.unwrap_or_default(),
            subdistrict: card.subdistrict.unwrap_or_default(),
            deliveries: card.delivery.iter().map(|way| way.code().to_owned()).collect(),
            published_at: card.published_at.unwrap_or(card.updated_at),
            seller: Id::from_uuid(card.id.uuid()),
            seller_kind: card.seller_kind,
            photo: card.cover.as_ref().map(crate::document::photo_text),
            point: None::<Point>,
            title: card.title,
        },
    }
}
