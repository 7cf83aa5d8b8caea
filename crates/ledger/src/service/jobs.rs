//! The ledger's jobs, for whoever runs them.

use luhuan_kernel::{Actor, Id, Timestamp};

use super::{EVENT_JOB, Ledger, PAYMENT_JOB, PAYOUT_JOB, REFUND_JOB};
use crate::{Error, Provider};

/// The standing job that ends points and forgets raw webhooks; hourly.
pub const UPKEEP_JOB: &str = "ledger-upkeep";

/// The standing job that compares our books with the providers'; daily.
pub const RECONCILE_JOB: &str = "ledger-reconcile";

/// Lots of one unit of the upkeep.
const LOTS_AT_ONCE: u64 = 200;

/// A comparison covers the week up to an hour ago: a movement that came late is compared again, one that is under way
/// is not yet.
const COMPARED_DAYS: i64 = 7;
const STILL_UNDER_WAY_SECONDS: i64 = 3600;

impl Ledger {
    /// Whether a job of this kind is the ledger's.
    #[must_use]
    pub fn is_ours(kind: &str) -> bool {
        matches!(kind, PAYMENT_JOB | REFUND_JOB | PAYOUT_JOB | EVENT_JOB | UPKEEP_JOB | RECONCILE_JOB)
    }

    /// Does a job. `Some` says when it is to come again although it went well: the provider still owes an answer.
    ///
    /// # Errors
    /// When it did not go well and should be tried again.
    pub async fn run_job(&self, kind: &str, key: &str) -> Result<Option<Timestamp>, Error> {
        match kind {
            PAYMENT_JOB => self.payment_job(id(key)?).await,
            REFUND_JOB => self.refund_job(id(key.split('/').next().unwrap_or_default())?).await,
            PAYOUT_JOB => self.payout_job(id(key)?).await,
            EVENT_JOB => {
                let (provider, event) = key.split_once(':').ok_or_else(|| unreadable(key))?;
                let provider: Provider = provider.parse().map_err(|()| unreadable(key))?;
                self.process_event(provider, event).await.map(|()| None)
            }
            UPKEEP_JOB => self.upkeep().await.map(|()| None),
            RECONCILE_JOB => self.compare_all().await.map(|()| None),
            other => Err(unreadable(other)),
        }
    }

    async fn upkeep(&self) -> Result<(), Error> {
        loop {
            let uow = self.store().begin().await?;
            let seen = self.expire_points(&uow, LOTS_AT_ONCE).await?;
            self.forget_old_events(&uow).await?;
            uow.commit().await?;
            if seen < LOTS_AT_ONCE {
                return Ok(());
            }
        }
    }

    async fn compare_all(&self) -> Result<(), Error> {
        let until = self.store().clock().now().plus_seconds(-STILL_UNDER_WAY_SECONDS);
        let from = until.plus_days(-COMPARED_DAYS);
        let system = Actor::system("reconcile");
        for provider in self.providers().names() {
            if self.providers().remote(provider).is_ok() {
                self.reconcile(&system, provider, from, until).await?;
            }
        }
        Ok(())
    }
}

fn id<K>(key: &str) -> Result<Id<K>, Error> {
    key.parse().map_err(|_| unreadable(key))
}

fn unreadable(key: &str) -> Error {
    luhuan_store::Error::Corrupt(format!("a job's key: '{key}'")).into()
}
