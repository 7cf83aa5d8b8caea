//! Commands and queries of trade.
//!
//! A command takes the caller's unit of work and actor: it loads (locking the row it decides on), asks the policy,
//! decides with the model, saves, and emits its event. The caller commits. Rows are locked in one order everywhere: an
//! offer, an order, its listings by id, then what the ledger locks (a payment, then accounts by id). An order that is
//! being made locks its listings before it exists, which nobody can wait for.

mod clocks;
mod conversations;
mod desk;
mod dispute_views;
mod disputes;
mod invoices;
mod jury;
mod listen;
mod live;
mod moves;
mod offers;
mod orders;
mod pay;
mod personal;
mod photos;
mod query;
mod refunds;
mod reports;
mod reviews;
mod steps;
mod sweep;
mod views;

use std::sync::Arc;

use luhuan_accounts::{Accounts, Keys};
use luhuan_kernel::{Actor, FieldProblem, Id, Message as Sentence, Organisation, Person};
use luhuan_ledger::{AccountOwner, Ledger};
use luhuan_listing::{Listings, contact::Detector};
use luhuan_store::{Blobs, Store, UnitOfWork};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use tokio::sync::broadcast;

pub use clocks::CLOCKS_JOB;
pub use conversations::{ConversationCard, MessageView, SendMessage, ThreadView, Unread};
pub use desk::HeldMoney;
pub use dispute_views::{DisputeCard, DisputeQueue, DisputeView, EvidenceView, RulingView};
pub use disputes::NewDispute;
pub use invoices::{INVOICE_JOB, InvoiceView, NewInvoice};
pub use jury::JuryCase;
pub use listen::Heard;
pub use live::Live;
pub use moves::{Carrier, Handover, Shipment};
pub use offers::{NewOffer, OfferView};
pub use orders::{Address, NewOrder, Quote};
pub use photos::{KeptTradePhoto, PhotoView};
pub use query::{OrderCard, OrderFilter, Role};
pub use refunds::{AnswerRefund, NewRefundRequest, RefundRequestView};
pub use reports::{ReportVerdict, ReportView};
pub use reviews::{Figures, NewReview, ReviewView};
pub use sweep::SWEEP_JOB;
pub use views::{ActionView, ClockView, LineView, MoneyLine, OrderView, PartyView, PaymentView};

use crate::{Error, FileIssuer, InvoiceIssuer, Order, RecyclingOffer, entity::person_block, policy::Parties};

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Keys that seal addresses, handover codes and invoice titles.
    pub keys: Keys,
    /// Whether small disputes may go to the jury, where the rules have one.
    pub jury: bool,
    /// Days after its end for which an order keeps the address it was sent to.
    pub address_days: i64,
    /// Days for which a conversation without an order is kept (domain §5.7: 180).
    pub chat_days: i64,
}

impl Settings {
    /// The usual settings, with these keys.
    #[must_use]
    pub const fn new(keys: Keys) -> Self {
        Self { keys, jury: true, address_days: 30, chat_days: 180 }
    }
}

/// The trade service. Cheap to clone.
#[derive(Clone)]
pub struct Trade {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    blobs: Blobs,
    accounts: Accounts,
    listings: Listings,
    ledger: Ledger,
    settings: Settings,
    contacts: Detector,
    issuer: Arc<dyn InvoiceIssuer>,
    recycling: Option<Arc<dyn RecyclingOffer>>,
    live: broadcast::Sender<Live>,
}

impl Trade {
    /// Things in one order at most.
    pub const MAX_LINES: usize = 10;

    /// The person as whom the program acts.
    fn program() -> Actor {
        Actor::system("trade")
    }

    /// Puts the service together.
    #[must_use]
    pub fn new(
        blobs: Blobs,
        accounts: Accounts,
        listings: Listings,
        ledger: Ledger,
        settings: Settings,
    ) -> Self {
        let issuer = Arc::new(FileIssuer::new(blobs.clone()));
        Self::with_ports(blobs, accounts, listings, ledger, settings, issuer, None)
    }

    /// The same with another issuer of invoices, and with whoever collects what does not sell.
    #[must_use]
    pub fn with_ports(
        blobs: Blobs,
        accounts: Accounts,
        listings: Listings,
        ledger: Ledger,
        settings: Settings,
        issuer: Arc<dyn InvoiceIssuer>,
        recycling: Option<Arc<dyn RecyclingOffer>>,
    ) -> Self {
        let inner = Inner {
            store: ledger.store().clone(),
            blobs,
            accounts,
            listings,
            ledger,
            settings,
            contacts: Detector::load(),
            issuer,
            recycling,
            live: broadcast::channel(live::ROOM).0,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The listings beneath.
    #[must_use]
    pub fn listings(&self) -> &Listings {
        &self.inner.listings
    }

    /// The ledger beneath.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.inner.ledger
    }

    fn accounts(&self) -> &Accounts {
        &self.inner.accounts
    }

    fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    fn keys(&self) -> &Keys {
        &self.inner.settings.keys
    }

    fn new_id<K>(&self) -> Id<K> {
        Id::new(self.store().clock())
    }

    /// Whether one of two does not want to hear from the other.
    async fn blocked(&self, one: Id<Person>, other: Id<Person>) -> Result<bool, Error> {
        let query = person_block::Entity::find().filter(
            sea_orm::Condition::any()
                .add(
                    sea_orm::Condition::all()
                        .add(person_block::Column::PersonId.eq(one))
                        .add(person_block::Column::BlockedId.eq(other)),
                )
                .add(
                    sea_orm::Condition::all()
                        .add(person_block::Column::PersonId.eq(other))
                        .add(person_block::Column::BlockedId.eq(one)),
                ),
        );
        Ok(query.limit(1).one(self.store().reader()).await?.is_some())
    }
}

/// Whose money a seller's is.
fn payee(seller: Id<Person>, shop: Option<Id<Organisation>>) -> AccountOwner {
    match shop {
        Some(shop) => AccountOwner::Organisation(shop),
        None => AccountOwner::Person(seller),
    }
}

/// The ledger's name of an order.
const fn ledger_id(order: Id<Order>) -> uuid::Uuid {
    order.uuid()
}

/// A client that names the version it read must have read the newest.
fn expect_version(found: i64, expected: Option<i64>) -> Result<(), Error> {
    match expected {
        Some(version) if version != found => Err(Error::Stale),
        _ => Ok(()),
    }
}

/// A text of a bounded length, trimmed; control characters other than line breaks are refused.
fn clean(field: &str, text: &str, most: usize) -> Result<String, FieldProblem> {
    let text = text.trim();
    let problem = |message| FieldProblem { field: field.to_owned(), message };
    if text.chars().count() > most {
        return Err(problem(Sentence::new("listing-text-too-long").with("max", most)));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
        return Err(problem(Sentence::new("listing-text-control")));
    }
    Ok(text.to_owned())
}

/// The same, and not empty.
fn words(field: &str, text: &str, most: usize) -> Result<String, Error> {
    let text = clean(field, text, most).map_err(|problem| Error::Invalid(vec![problem]))?;
    if text.is_empty() {
        return Err(Error::field(field, Sentence::new("trade-words-required")));
    }
    Ok(text)
}

/// The same, and perhaps empty.
fn some_words(field: &str, text: &str, most: usize) -> Result<String, Error> {
    clean(field, text, most).map_err(|problem| Error::Invalid(vec![problem]))
}

/// The other of two, as a person: of a shop, who posted the listing.
const fn other_person(parties: Parties, by: crate::model::By) -> Id<Person> {
    match by {
        crate::model::By::Buyer => parties.seller,
        _ => parties.buyer,
    }
}

/// Locks the rows of a query until the unit ends, where the database has more than one writer.
fn locked<E: EntityTrait>(uow: &UnitOfWork, query: sea_orm::Select<E>) -> sea_orm::Select<E> {
    if uow.locks_rows() { query.lock_exclusive() } else { query }
}
