//! Commands and queries on money.
//!
//! A command takes the caller's unit of work; the caller commits. The order in which rows are locked is the same
//! everywhere: a payment, its refunds, a payout, lots of points, then accounts (the platform's and the providers'
//! last, as everybody's money passes them, and otherwise by id).
//!
//! What is asked of a provider elsewhere is asked between two units: the first has written down what is to be done
//! and scheduled the job that sees to it, the second writes down what came of it. A process that dies between any two
//! steps leaves a row and a job behind, and the job begins again with the same idempotency key.

mod accounts;
mod advance;
mod bank;
mod connect;
mod desk;
mod escrow;
mod face_to_face;
mod jobs;
mod payments;
mod payouts;
mod personal;
mod points;
mod post;
mod reconcile;
mod refunds;
mod statement;
mod transfers;
mod verify;
mod webhooks;

use std::sync::Arc;

use luhuan_kernel::Secret;
use luhuan_store::Store;

pub use bank::{BankOutcome, FileSummary, PayoutFile, payout_csv};
pub use escrow::{NewRefund, REFUND_JOB, Share};
pub use face_to_face::Confirmation;
pub use jobs::{RECONCILE_JOB, UPKEEP_JOB};
pub use payments::{NewPayment, PAYMENT_JOB};
pub use payouts::{NewPayout, PAYOUT_JOB, PayoutWay};
pub use post::Posted;
pub use reconcile::{Difference, How};
pub use refunds::Resolution;
pub(crate) use statement::number;
pub use statement::{Line, MAX_LINES, csv};
pub use verify::{Finding, Report};
pub use webhooks::{EVENT_JOB, Received};

use crate::{Providers, Vault};

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Secret from which the codes of face-to-face payments are made.
    pub secret: Secret<[u8; 32]>,
    /// The budget that pays for discounts by points.
    pub points_budget: String,
}

/// The ledger service. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    providers: Providers,
    settings: Settings,
    vault: Option<Arc<dyn Vault>>,
}

impl Ledger {
    /// Puts the service together.
    #[must_use]
    pub fn new(store: Store, providers: Providers, settings: Settings) -> Self {
        Self { inner: Arc::new(Inner { store, providers, settings, vault: None }) }
    }

    /// The same with a vault for bank accounts. Without one nothing is paid out by bank.
    #[must_use]
    pub fn with_vault(self, vault: Arc<dyn Vault>) -> Self {
        let (store, providers) = (self.store().clone(), self.providers().clone());
        let settings = self.settings().clone();
        Self { inner: Arc::new(Inner { store, providers, settings, vault: Some(vault) }) }
    }

    fn vault(&self) -> Result<&dyn Vault, crate::Error> {
        self.inner.vault.as_deref().ok_or(crate::Error::BankOff)
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The ways to pay here.
    #[must_use]
    pub fn providers(&self) -> &Providers {
        &self.inner.providers
    }

    /// What the operator set.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }
}
