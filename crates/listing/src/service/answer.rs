//! What is asked for again and again, kept in memory for seconds, so that a listing everybody looks at costs no query.
//! It is never the truth: commands read the database.
//!
//! | what | for at most | ends sooner |
//! |---|---|---|
//! | a public listing's JSON | [`TTL_SECONDS`] | when this process commits a change of it |
//! | what a seller has on offer | [`OFFER_TTL_SECONDS`] | when this process commits a change of any listing |
//! | a seller's figures | [`SELLER_TTL_SECONDS`] | |
//! | a price hint; the city's counts | [`HINT_TTL_SECONDS`], [`CITY_TTL_SECONDS`] | |
//!
//! The times bound what another gateway's change may lag behind here. Who reads the database for an answer takes the
//! generation before, and the answer is kept only if nothing changed meanwhile.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use quick_cache::sync::Cache;

use super::{Card, SellerView};
use crate::{Listing, model::PriceHint};

/// How old a listing's JSON may be.
const TTL_SECONDS: i64 = 1;

/// How old a seller's figures may be: counting a large shop's listings is not done for each of them.
const SELLER_TTL_SECONDS: i64 = 20;

/// How old what a seller has on offer may be; a change in this process ends it at once.
const OFFER_TTL_SECONDS: i64 = 5;

/// How old a price hint may be: it rests on prices of ninety days.
const HINT_TTL_SECONDS: i64 = 60;

/// How old the city's counts may be.
const CITY_TTL_SECONDS: i64 = 60;

/// Category, brand and model.
type HintKey = (String, String, String);

type SellerKey = (Id<Person>, Option<Id<Organisation>>);

/// Answers kept at once; about 3 KiB each.
const CAPACITY: usize = 4_000;

/// All that is kept.
pub(crate) struct Answers {
    cache: Cache<Id<Listing>, (Timestamp, Arc<Answer>)>,
    generation: AtomicU64,
    sellers: Cache<SellerKey, (Timestamp, SellerView)>,
    offers: Cache<SellerKey, (Timestamp, u64, Arc<Vec<Card>>)>,
    hints: Cache<HintKey, (Timestamp, PriceHint)>,
    city: Mutex<Option<(Timestamp, (u64, u64))>>,
}

/// One public answer.
pub(crate) struct Answer {
    /// The version of the listing.
    pub version: i64,
    /// Who posted it: a seller's own looks are not counted.
    pub person: Id<Person>,
    /// The JSON.
    pub body: Bytes,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            cache: Cache::new(CAPACITY),
            generation: AtomicU64::new(0),
            sellers: Cache::new(1_000),
            offers: Cache::new(1_000),
            hints: Cache::new(4_000),
            city: Mutex::default(),
        }
    }
}

impl Answers {
    /// The answer, if it is young enough.
    pub(crate) fn get(&self, id: Id<Listing>, now: Timestamp) -> Option<Arc<Answer>> {
        let (at, answer) = self.cache.get(&id)?;
        (now.seconds_since(at) < TTL_SECONDS).then_some(answer)
    }

    /// What to show to [`Self::keep`]: taken before the database is read.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Keeps an answer, unless something changed since its rows were read.
    pub(crate) fn keep(&self, id: Id<Listing>, now: Timestamp, generation: u64, answer: Arc<Answer>) {
        if self.generation() == generation {
            self.cache.insert(id, (now, answer));
        }
    }

    /// A seller's figures, if they are young enough.
    pub(super) fn seller(&self, key: SellerKey, now: Timestamp) -> Option<SellerView> {
        let (at, seller) = self.sellers.get(&key)?;
        (now.seconds_since(at) < SELLER_TTL_SECONDS).then_some(seller)
    }

    /// Keeps a seller's figures.
    pub(super) fn keep_seller(&self, key: SellerKey, now: Timestamp, seller: SellerView) {
        self.sellers.insert(key, (now, seller));
    }

    /// What a seller has on offer, if it is young enough and nothing changed.
    pub(super) fn offer(&self, key: SellerKey, now: Timestamp) -> Option<Arc<Vec<Card>>> {
        let (at, generation, cards) = self.offers.get(&key)?;
        let fresh = now.seconds_since(at) < OFFER_TTL_SECONDS && generation == self.generation();
        fresh.then_some(cards)
    }

    /// Keeps what a seller has on offer, as of a generation.
    pub(super) fn keep_offer(&self, key: SellerKey, now: Timestamp, generation: u64, cards: Arc<Vec<Card>>) {
        self.offers.insert(key, (now, generation, cards));
    }

    /// A price hint, if it is young enough; the inner `None` says that too little compares.
    pub(super) fn hint(&self, key: &HintKey, now: Timestamp) -> Option<PriceHint> {
        let (at, hint) = self.hints.get(key)?;
        (now.seconds_since(at) < HINT_TTL_SECONDS).then_some(hint)
    }

    /// Keeps a price hint.
    pub(super) fn keep_hint(&self, key: HintKey, now: Timestamp, hint: PriceHint) {
        self.hints.insert(key, (now, hint));
    }

    /// How many listings are on offer and sold, if it is young enough.
    pub(super) fn city_counts(&self, now: Timestamp) -> Option<(u64, u64)> {
        let (at, counts) = (*self.city.lock().unwrap_or_else(PoisonError::into_inner))?;
        (now.seconds_since(at) < CITY_TTL_SECONDS).then_some(counts)
    }

    /// Keeps the city's counts.
    pub(super) fn keep_city_counts(&self, now: Timestamp, counts: (u64, u64)) {
        *self.city.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, counts));
    }

    /// Forgets what changed.
    pub(crate) fn forget(&self, id: Id<Listing>) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.cache.remove(&id);
    }
}
