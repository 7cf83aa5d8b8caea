//! Money on its way out.

use luhuan_kernel::{Id, Money, Timestamp};
use sea_orm::entity::prelude::*;

use super::corrupt;
use crate::{
    AccountOwner, Error, Payout, PayoutState,
    model::{PayoutMethod, PayoutMove},
};

/// A row of `payout`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payout")]
pub struct Model {
    /// Its id; also its idempotency key at the provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Payout>,
    /// Whose money.
    pub owner: String,
    /// How it leaves.
    pub method: String,
    /// By what it is known among its owner's.
    pub reference: String,
    /// How much, in minor units.
    pub amount: i64,
    /// In which currency.
    pub currency: String,
    /// Where to: for the bank what the owner wrote, sealed; for a transfer the provider's id of the account.
    pub destination: String,
    /// The same as it is shown: its last four characters at most.
    pub shown: String,
    /// Where it stands.
    pub state: String,
    /// The operator's file that it went out in.
    pub batch: Option<String>,
    /// The provider's or the bank's own id of it.
    pub provider_ref: Option<String>,
    /// Why it failed.
    pub failure: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Of the last change.
    pub updated_at: Timestamp,
    /// When it ended.
    pub settled_at: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
}

impl Model {
    /// Whose money.
    ///
    /// # Errors
    /// When the row holds no owner of ours.
    pub fn owner(&self) -> Result<AccountOwner, Error> {
        self.owner.parse().map_err(|_| corrupt("a payout's owner", &self.owner))
    }

    /// How it leaves.
    ///
    /// # Errors
    /// When the row holds no method of ours.
    pub fn method(&self) -> Result<PayoutMethod, Error> {
        self.method.parse().map_err(|()| corrupt("a payout's method", &self.method))
    }

    /// Where it stands.
    ///
    /// # Errors
    /// When the row holds no state of ours.
    pub fn state(&self) -> Result<PayoutState, Error> {
        self.state.parse().map_err(|()| corrupt("a payout's state", &self.state))
    }

    /// How much.
    ///
    /// # Errors
    /// When the row holds no currency of ours.
    pub fn money(&self) -> Result<Money, Error> {
        Ok(Money { minor: self.amount, currency: super::currency(&self.currency)? })
    }

    /// Makes a legal move; the caller saves.
    ///
    /// # Errors
    /// When the state does not allow it.
    pub(crate) fn make(&mut self, attempted: PayoutMove, now: Timestamp) -> Result<(), Error> {
        let to = self.state()?.after(attempted)?;
        to.code().clone_into(&mut self.state);
        self.updated_at = now;
        if to.is_final() {
            self.settled_at = Some(now);
        }
        self.version += 1;
        Ok(())
    }
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
