//! Commands and queries on listings.
//!
//! A command takes the caller's unit of work and actor: it loads (locking the row it decides on), asks the policy,
//! decides with the model, saves, and emits its event. The caller commits. A query reads. If a command locks several
//! listings, it locks them in the order of their ids.
//!
//! | file | commands |
//! |---|---|
//! | `create`, `edit` | draft; change what it says |
//! | `moves` | publish, relist, withdraw; settle and hold for an order: every move of the state table |
//! | `photos` | keep, attach, order, remove, sweep |
//! | `watch` | watch, unwatch; the watchlist |
//! | `moderate` | clear, take down; what waits |
//! | `expire`, `import`, `views` | the clock's, the command line's, what is counted |
//! | `personal` | export and erasure |
//!
//! | file | queries |
//! |---|---|
//! | `view` | one listing, whole |
//! | `browse` | lists and cards |
//! | `prices`, `sellers` | price history and hint; who sells |
//! | `feed` | in bulk, for the index and the command line |
//!
//! | file | what both stand on |
//! |---|---|
//! | `screen` | what words must pass, and what a listing on offer must pass |
//! | `items` | the thing behind a listing |
//! | `query` | the statements behind the lists; `plans` (a test) walks each along its index |
//! | `answer` | what is kept in memory for seconds |

mod answer;
mod browse;
mod create;
mod edit;
mod expire;
mod feed;
mod import;
mod items;
mod moderate;
mod moves;
mod personal;
mod photos;
#[cfg(test)]
mod plans;
mod prices;
mod query;
mod screen;
mod sellers;
mod view;
mod views;
mod watch;

use std::sync::Arc;

use luhuan_accounts::Accounts;
use luhuan_kernel::{Id, Secret};
use luhuan_store::{Blobs, Store, UnitOfWork};
use sea_orm::{EntityTrait, QuerySelect};
use tokio::sync::Semaphore;

pub(crate) use answer::{Answer, Answers};
pub use browse::{BrowseFilter, Card, MyListings, StateCounts};
pub use create::CreateListing;
pub use edit::Change;
pub use import::{ImportMode, ImportOutcome};
pub use photos::{KeptPhoto, PhotoView};
pub use prices::PriceStep;
pub use sellers::SellerView;
pub use view::{Actions, ListingView};

use crate::{
    Error, Listing,
    catalog::Catalog,
    contact::{ContactPolicy, Detector},
    entity::listing,
    photo::PhotoLimits,
    screening::{Rule, Screening},
};

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Days that a published listing stays on offer.
    pub days_on_offer: i64,
    /// Whether contact details in texts are masked or refused.
    pub contacts: ContactPolicy,
    /// What a photo may be.
    pub photos: PhotoLimits,
    /// Memory that decoding photos may take in all, in MiB; more photos wait.
    pub photo_memory_mib: u32,
    /// Secret from which places are fuzzed and serial numbers hashed.
    pub secret: Secret<[u8; 32]>,
}

/// The listing service. Cheap to clone.
#[derive(Clone)]
pub struct Listings {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    blobs: Blobs,
    accounts: Accounts,
    settings: Settings,
    screening: Screening,
    contacts: Detector,
    /// A permit for each MiB that decoding may take.
    photo_memory: Arc<Semaphore>,
    views: views::Views,
    answers: Arc<Answers>,
}

impl Listings {
    /// Photos of one listing at most.
    pub const MAX_PHOTOS: usize = 9;

    /// Puts the service together.
    #[must_use]
    pub fn new(store: Store, blobs: Blobs, accounts: Accounts, settings: Settings) -> Self {
        let photo_memory = Arc::new(Semaphore::new(settings.photo_memory_mib.max(1) as usize));
        let answers = Arc::new(Answers::default());
        let stale = Arc::clone(&answers);
        store.observe(Arc::new(move |name, subject| {
            if name.starts_with("listing.")
                && let Ok(id) = subject.parse()
            {
                stale.forget(id);
            }
        }));
        Self {
            inner: Arc::new(Inner {
                store,
                blobs,
                accounts,
                settings,
                screening: Screening::load(),
                contacts: Detector::load(),
                photo_memory,
                views: views::Views::default(),
                answers,
            }),
        }
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The accounts beneath.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.inner.accounts
    }

    /// The category tree and the other data files.
    #[must_use]
    pub fn catalog(&self) -> &'static Catalog {
        Catalog::get()
    }

    /// Prohibited and restricted goods, for the page of rules.
    pub fn screening_rules(&self) -> impl Iterator<Item = Rule<'_>> {
        self.inner.screening.rules()
    }

    /// What is kept in memory for seconds.
    pub(crate) fn answers(&self) -> &Answers {
        &self.inner.answers
    }

    /// What the operator set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The listing to decide on, its row locked until the unit ends.
    async fn load(&self, uow: &UnitOfWork, id: Id<Listing>) -> Result<listing::Model, Error> {
        let mut query = listing::Entity::find_by_id(id);
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        query.one(uow.tx()).await?.ok_or(Error::NotFound)
    }
}

/// A client that names the version it read must have read the newest.
fn expect_version(row: &listing::Model, expected: Option<i64>) -> Result<(), Error> {
    match expected {
        Some(version) if version != row.version => Err(Error::Stale),
        _ => Ok(()),
    }
}
