//! Money and points: who has how much, and every movement that made it so.
//!
//! Each amount that moves is a *transaction* of two or more *postings* that sum to zero in each currency; none is ever
//! changed or taken back, a mistake is put right by another transaction. A buyer pays into the escrow of an order;
//! when the order is settled the escrow goes to the seller, the fee to the platform, the freight to whom it is due;
//! when it falls through it goes back the way it came. What a bank or card does for us is a *provider*: its outcome is
//! `unknown` until it says itself, by a webhook or when asked, and nothing is guessed meanwhile.
//!
//! ```no_run
//! use luhuan_kernel::{Id, Money, Person};
//! use luhuan_ledger::{Capture, Ledger, NewPayment, Provider, Purpose, Share, model::AccountOwner};
//! # async fn example(ledger: &Ledger, buyer: Id<Person>, seller: Id<Person>, order: uuid::Uuid)
//! # -> Result<(), luhuan_ledger::Error> {
//! let uow = ledger.store().begin().await?;
//! ledger
//!     .request_payment(&uow, NewPayment {
//!         purpose: Purpose::Order(order),
//!         payer: buyer,
//!         payee: AccountOwner::Person(seller),
//!         amount: Money::cny(100_00),
//!         provider: Provider::Wallet,
//!         capture: Capture::Automatic,
//!         return_url: None,
//!     })
//!     .await?;
//! ledger
//!     .release(&uow, order, "settled", &[
//!         Share::to_seller(AccountOwner::Person(seller), Money::cny(99_40), "sale"),
//!         Share::fee(Money::cny(60), "fee"),
//!     ])
//!     .await?;
//! uow.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Glossary:
//! - **account**: an owner's money of one kind and currency; **balance**: the sum of its postings, kept beside it.
//!   What we owe is positive; what is owed to us (at a provider, from an opening) is negative; all sum to zero.
//! - **available**: what its owner may spend or withdraw; **escrow**: held for an order; **deposit**: held as security.
//! - **clearing**: what lies at a provider for us.
//! - **transaction**, **posting**: a balanced movement and its legs, known by kind and reference, posted once.
//! - **payment**: one try to pay for something by one provider; **capture**: taking money that was only reserved.
//! - **refund**: back the way it came; **payout**: from available to a bank or a connected account.
//! - **wallet**: available money. In production a view of accounts at a licensed institution; by itself for tests,
//!   cash at hand-over and points only (domain rule §1.4), and the pages say which it is.
//! - **face to face** (当面付): buyer and seller settle in cash and confirm by each other's code; nothing is posted.
//! - **green points** (绿色积分): a currency of its own that buys discounts, never cash, and ends after 24 months;
//!   **lot**: points earned at once and ending together.
//! - **reconciliation**: our books beside the provider's, each difference named.

pub mod api;
pub mod entity;
mod error;
mod event;
pub mod model;
pub mod policy;
mod provider;
mod service;
#[cfg(feature = "testing")]
pub mod testing;
mod vault;

pub use error::Error;
pub use event::{LedgerEvent, PaymentEvent, PayoutEvent, RefundEvent};
pub use model::{
    AccountKind, AccountOwner, Capture, Leg, PaymentState, PayoutState, Provider, Purpose, RefundState,
    Transaction, TransactionKind, split,
};
pub use provider::{
    AccountNews, AccountOrder, Course, Movement, MovementKind, PaymentNews, PaymentOrder, PaymentProvider,
    PaymentStanding, ProviderError, ProviderEvent, Providers, RefundNews, RefundOrder, RefundStanding,
    RemoteProvider, STRIPE_API, Stripe, StripeSettings, Subject, TransferNews, TransferOrder, WebhookError,
};
pub use service::{
    BankOutcome, Confirmation, Difference, EVENT_JOB, FileSummary, Finding, How, Ledger, Line, MAX_LINES,
    NewPayment, NewPayout, NewRefund, PAYMENT_JOB, PAYOUT_JOB, PayoutFile, PayoutWay, Posted, RECONCILE_JOB,
    REFUND_JOB, Received, Report, Resolution, Settings, Share, UPKEEP_JOB, csv, payout_csv,
};
pub use vault::Vault;

use luhuan_kernel::{Locale, text::Source};

/// Marker of an account's id.
pub struct Account;
/// Marker of a transaction's id.
pub struct Entry;
/// Marker of a payment's id.
pub struct Payment;
/// Marker of a refund's id.
pub struct Refund;
/// Marker of a payout's id.
pub struct Payout;
/// Marker of a lot of points.
pub struct PointsLot;
/// Marker of a connected account's id.
pub struct ProviderAccount;
/// Marker of a reconciliation's id.
pub struct Reconciliation;

/// This context's sentences.
pub const TEXTS: [Source; 2] = [
    Source { locale: Locale::ZhCn, ftl: include_str!("../i18n/zh-CN.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../i18n/en.ftl") },
];
