//! Money on its way back.

use luhuan_kernel::{Id, Money, Timestamp};
use sea_orm::entity::prelude::*;

use super::corrupt;
use crate::{Error, Payment, Refund, RefundState, model::RefundMove};

/// A row of `refund`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund")]
pub struct Model {
    /// Its id; also its idempotency key at the provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Refund>,
    /// Of which payment.
    pub payment_id: Id<Payment>,
    /// What kind of thing was paid for.
    pub purpose_kind: String,
    /// Which.
    pub purpose_id: Uuid,
    /// By what it is known among the refunds of its payment.
    pub reference: String,
    /// How much, in minor units.
    pub amount: i64,
    /// In which currency.
    pub currency: String,
    /// Why, as told to the payer.
    pub reason: String,
    /// Where it stands.
    pub state: String,
    /// Which try this is, from 1: after a failure staff may have it tried again.
    pub attempt: i64,
    /// The provider's own id of it.
    pub provider_ref: Option<String>,
    /// The provider's code of why it failed.
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
    /// Where it stands.
    ///
    /// # Errors
    /// When the row holds no state of ours.
    pub fn state(&self) -> Result<RefundState, Error> {
        self.state.parse().map_err(|()| corrupt("a refund's state", &self.state))
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
    pub(crate) fn make(&mut self, attempted: RefundMove, now: Timestamp) -> Result<(), Error> {
        let to = self.state()?.after(attempted)?;
        to.code().clone_into(&mut self.state);
        self.updated_at = now;
        self.settled_at = (!to.is_open()).then_some(now);
        self.version += 1;
        Ok(())
    }
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
