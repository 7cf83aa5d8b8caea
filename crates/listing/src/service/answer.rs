//! Answers kept for a second, so that a listing everybody looks at costs no query.
//!
//! An entry lives for [`TTL_SECONDS`], which bounds what another gateway's change may lag behind here; a change made
//! in this process removes it at commit. It is never the truth: commands read the database.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use bytes::Bytes;
use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use quick_cache::sync::Cache;

use super::SellerView;
use crate::Listing;

/// How old an answer may be.
const TTL_SECONDS: i64 = 1;

/// How old a seller's figures may be: counting a large shop's listings is not done for each of them.
const SELLER_TTL_SECONDS: i64 = 20;

/// How old the city's counts may be.
const CITY_TTL_SECONDS: i64 = 60;

type SellerKey = (Id<Person>, Option<Id<Organisation>>);

/// Answers kept at once; about 3 KiB each.
const CAPACITY: usize = 4_000;

/// The public JSON of listings, as answered.
pub(crate) struct Answers {
    cache: Cache<Id<Listing>, (Timestamp, Arc<Answer>)>,
    generation: AtomicU64,
    sellers: Cache<SellerKey, (Timestamp, SellerView)>,
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

    pub(super) fn seller(&self, key: SellerKey, now: Timestamp) -> Option<SellerView> {
        let (at, seller) = self.sellers.get(&key)?;
        (now.seconds_since(at) < SELLER_TTL_SECONDS).then_some(seller)
    }

    pub(super) fn keep_seller(&self, key: SellerKey, now: Timestamp, seller: SellerView) {
        self.sellers.insert(key, (now, seller));
    }

    pub(super) fn city_counts(&self, now: Timestamp) -> Option<(u64, u64)> {
        let (at, counts) = (*self.city.lock().unwrap_or_else(PoisonError::into_inner))?;
        (now.seconds_since(at) < CITY_TTL_SECONDS).then_some(counts)
    }

    pub(super) fn keep_city_counts(&self, now: Timestamp, counts: (u64, u64)) {
        *self.city.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, counts));
    }

    /// Forgets what changed.
    pub(crate) fn forget(&self, id: Id<Listing>) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.cache.remove(&id);
    }
}
