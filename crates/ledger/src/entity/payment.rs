//! One try to pay for something by one provider.

use luhuan_kernel::{Id, Money, Person, Timestamp};
use sea_orm::entity::prelude::*;

use super::corrupt;
use crate::{
    AccountOwner, Capture, Error, Payment, PaymentState, Provider, Purpose,
    model::{PaymentMove, Wanted},
};

/// A row of `payment`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    /// Its id; also its idempotency key at the provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Payment>,
    /// What kind of thing is paid for.
    pub purpose_kind: String,
    /// Which.
    pub purpose_id: Uuid,
    /// Who pays.
    pub payer_id: Id<Person>,
    /// Who will have it in the end.
    pub payee: String,
    /// How much, in minor units.
    pub amount: i64,
    /// In which currency.
    pub currency: String,
    /// By which provider.
    pub provider: String,
    /// When the money is taken.
    pub capture: String,
    /// Where it stands.
    pub state: String,
    /// What is wanted of the provider.
    pub wanted: String,
    /// Where the payer's browser comes back to.
    pub return_url: Option<String>,
    /// The provider's own id of it.
    pub provider_ref: Option<String>,
    /// With which the payer's browser completes it at the provider. For the payer only.
    pub client_secret: Option<String>,
    /// The provider's code of why the last try failed.
    pub failure: Option<String>,
    /// How much of it is refunded or asked to be, in minor units.
    pub refunded: i64,
    /// Face to face: when the payer confirmed.
    pub payer_confirmed_at: Option<Timestamp>,
    /// Face to face: when the payee confirmed.
    pub payee_confirmed_at: Option<Timestamp>,
    /// Face to face: wrong codes that are still forgiven.
    pub tries_left: i64,
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
    pub fn state(&self) -> Result<PaymentState, Error> {
        self.state.parse().map_err(|()| corrupt("a payment's state", &self.state))
    }

    /// By which provider.
    ///
    /// # Errors
    /// When the row holds no provider of ours.
    pub fn provider(&self) -> Result<Provider, Error> {
        self.provider.parse().map_err(|()| corrupt("a payment's provider", &self.provider))
    }

    /// When the money is taken.
    ///
    /// # Errors
    /// When the row holds no such word.
    pub fn capture(&self) -> Result<Capture, Error> {
        self.capture.parse().map_err(|()| corrupt("a payment's capture", &self.capture))
    }

    /// What is wanted of the provider.
    ///
    /// # Errors
    /// When the row holds no such word.
    pub fn wanted(&self) -> Result<Wanted, Error> {
        self.wanted.parse().map_err(|()| corrupt("what is wanted of a payment", &self.wanted))
    }

    /// What is paid for.
    ///
    /// # Errors
    /// When the row holds no purpose of ours.
    pub fn purpose(&self) -> Result<Purpose, Error> {
        Purpose::of(&self.purpose_kind, self.purpose_id)
            .ok_or_else(|| corrupt("a payment's purpose", &self.purpose_kind))
    }

    /// Who will have it in the end.
    ///
    /// # Errors
    /// When the row holds no owner of ours.
    pub fn payee(&self) -> Result<AccountOwner, Error> {
        self.payee.parse().map_err(|_| corrupt("a payment's payee", &self.payee))
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
    pub(crate) fn make(&mut self, attempted: PaymentMove, now: Timestamp) -> Result<(), Error> {
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
