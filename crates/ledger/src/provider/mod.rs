//! Who makes payments: one port, and what stands behind it.
//!
//! The wallet pays in the caller's commit; face to face waits for two codes; a [`RemoteProvider`] is asked after the
//! commit, may not answer, and tells how it came out by webhooks or when it is asked again.

mod news;
mod stripe;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use luhuan_kernel::{Id, Timestamp};

pub use news::{
    AccountNews, AccountOrder, Movement, MovementKind, PaymentNews, PaymentOrder, PaymentStanding,
    ProviderError, ProviderEvent, RefundNews, RefundOrder, RefundStanding, Subject, TransferNews,
    TransferOrder, WebhookError,
};

pub use stripe::{STRIPE_API, Stripe, StripeSettings};

use crate::{Error, Payment, Payout, Provider};

/// A way to pay.
pub trait PaymentProvider: Send + Sync + 'static {
    /// Its name in the books.
    fn provider(&self) -> Provider;

    /// How a payment by it goes.
    fn course(&self) -> Course;

    /// The key with which the payer's browser speaks to it, when it does.
    fn browser_key(&self) -> Option<&str> {
        None
    }
}

/// How a payment goes.
#[derive(Clone)]
pub enum Course {
    /// From the payer's available money, in the caller's commit.
    AtOnce,
    /// From hand to hand: each tells the other's code.
    ByCodes,
    /// At a server elsewhere, after the commit.
    Remote(Arc<dyn RemoteProvider>),
}

/// A provider elsewhere. Every command carries our id as its idempotency key: repeated, it is done once.
#[async_trait]
pub trait RemoteProvider: Send + Sync + 'static {
    /// Lets a payment begin there.
    async fn begin(&self, order: &PaymentOrder) -> Result<PaymentNews, ProviderError>;

    /// How a payment stands there.
    async fn payment(&self, reference: &str) -> Result<PaymentNews, ProviderError>;

    /// The payment that carries our id, if it came to be there: for one whose beginning was never answered.
    async fn find_payment(
        &self,
        id: Id<Payment>,
        since: Timestamp,
    ) -> Result<Option<PaymentNews>, ProviderError>;

    /// Takes what is reserved.
    async fn capture(&self, id: Id<Payment>, reference: &str) -> Result<PaymentNews, ProviderError>;

    /// Gives a payment up, unless it is paid.
    async fn cancel(&self, id: Id<Payment>, reference: &str) -> Result<PaymentNews, ProviderError>;

    /// Gives money back.
    async fn refund(&self, order: &RefundOrder) -> Result<RefundNews, ProviderError>;

    /// The refunds of a payment there.
    async fn refunds_of(&self, payment: &str) -> Result<Vec<RefundNews>, ProviderError>;

    /// Opens an account for somebody who is to receive transfers.
    async fn open_account(&self, order: &AccountOrder) -> Result<AccountNews, ProviderError>;

    /// How an account stands there.
    async fn account(&self, reference: &str) -> Result<AccountNews, ProviderError>;

    /// An address where its owner shows the provider who they are.
    async fn onboarding(&self, reference: &str, return_url: &str) -> Result<String, ProviderError>;

    /// Moves money to an account.
    async fn transfer(&self, order: &TransferOrder) -> Result<TransferNews, ProviderError>;

    /// The transfer that carries our id, if it came to be there.
    async fn find_transfer(
        &self,
        id: Id<Payout>,
        account: &str,
        since: Timestamp,
    ) -> Result<Option<TransferNews>, ProviderError>;

    /// Reads a webhook, if it is signed as it should be.
    ///
    /// # Errors
    /// When it is not, is too old, or is no event.
    fn read_webhook(
        &self,
        signature: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<ProviderEvent, WebhookError>;

    /// Reads a webhook that was found to be signed when it came.
    ///
    /// # Errors
    /// When it is no event.
    fn reread_webhook(&self, body: &[u8]) -> Result<ProviderEvent, WebhookError>;

    /// What happened there from an instant (inclusive) to another (exclusive).
    async fn movements(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Movement>, ProviderError>;
}

/// The wallet.
struct Wallet;

impl PaymentProvider for Wallet {
    fn provider(&self) -> Provider {
        Provider::Wallet
    }

    fn course(&self) -> Course {
        Course::AtOnce
    }
}

/// From hand to hand.
struct FaceToFace;

impl PaymentProvider for FaceToFace {
    fn provider(&self) -> Provider {
        Provider::FaceToFace
    }

    fn course(&self) -> Course {
        Course::ByCodes
    }
}

/// The ways to pay at this installation.
#[derive(Clone)]
pub struct Providers(BTreeMap<Provider, Arc<dyn PaymentProvider>>);

impl Providers {
    /// The wallet and face to face, which need nobody else.
    #[must_use]
    pub fn local() -> Self {
        Self(BTreeMap::new()).with(Arc::new(Wallet)).with(Arc::new(FaceToFace))
    }

    /// And another.
    #[must_use]
    pub fn with(mut self, provider: Arc<dyn PaymentProvider>) -> Self {
        self.0.insert(provider.provider(), provider);
        self
    }

    /// Without one of them.
    #[must_use]
    pub fn without(mut self, provider: Provider) -> Self {
        self.0.remove(&provider);
        self
    }

    /// The names of those there are.
    pub fn names(&self) -> impl Iterator<Item = Provider> {
        self.0.keys().copied()
    }

    /// The names of those that keep books of their own elsewhere.
    pub fn remotes(&self) -> impl Iterator<Item = Provider> {
        self.names().filter(|name| self.remote(*name).is_ok())
    }

    /// The key with which the payer's browser speaks to one of them, when it does.
    #[must_use]
    pub fn browser_key(&self, provider: Provider) -> Option<&str> {
        self.0.get(&provider)?.browser_key()
    }

    /// How a payment by one of them goes.
    ///
    /// # Errors
    /// When it is not set up here.
    pub(crate) fn course(&self, provider: Provider) -> Result<Course, Error> {
        self.0.get(&provider).map(|found| found.course()).ok_or(Error::ProviderOff(provider))
    }

    /// The server behind one of them.
    ///
    /// # Errors
    /// When it is not set up here, or there is no server behind it.
    pub(crate) fn remote(&self, provider: Provider) -> Result<Arc<dyn RemoteProvider>, Error> {
        match self.course(provider)? {
            Course::Remote(remote) => Ok(remote),
            Course::AtOnce | Course::ByCodes => Err(Error::ProviderOff(provider)),
        }
    }
}
