//! An account and its cached balance, which only the database itself moves, as postings come in.

use luhuan_kernel::{Currency, Id, Money, Timestamp};
use sea_orm::entity::prelude::*;

use super::corrupt;
use crate::{Account, AccountKind, AccountOwner, Error};

/// A row of `ledger_account`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_account")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Account>,
    /// Owner, kind and currency in one; unique.
    pub code: String,
    /// Whose.
    pub owner: String,
    /// What for.
    pub kind: String,
    /// In which currency.
    pub currency: String,
    /// The sum of its postings, in minor units.
    pub balance: i64,
    /// How many postings it has; the last one's number.
    pub entries: i64,
    /// Since when.
    pub created_at: Timestamp,
}

impl Model {
    /// Whose.
    ///
    /// # Errors
    /// When the row holds no owner of ours.
    pub fn owner(&self) -> Result<AccountOwner, Error> {
        self.owner.parse().map_err(|_| corrupt("an account's owner", &self.owner))
    }

    /// What for.
    ///
    /// # Errors
    /// When the row holds no kind of ours.
    pub fn kind(&self) -> Result<AccountKind, Error> {
        self.kind.parse().map_err(|()| corrupt("an account's kind", &self.kind))
    }

    /// In which currency.
    ///
    /// # Errors
    /// When the row holds no currency of ours.
    pub fn currency(&self) -> Result<Currency, Error> {
        super::currency(&self.currency)
    }

    /// What is in it.
    ///
    /// # Errors
    /// When the row holds no currency of ours.
    pub fn money(&self) -> Result<Money, Error> {
        Ok(Money { minor: self.balance, currency: self.currency()? })
    }
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
