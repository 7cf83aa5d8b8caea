//! One leg of a movement, as a line of an account's statement.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Account, Entry};

/// A row of `posting`: never changed, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posting")]
pub struct Model {
    /// Which account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Id<Account>,
    /// The running number in the account, from 1, without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// Which movement.
    pub transaction_id: Id<Entry>,
    /// What the account gains, in minor units; below zero what it gives.
    pub amount: i64,
    /// The balance with this line.
    pub balance_after: i64,
    /// What the statement says beside it.
    pub memo: String,
    /// When.
    pub at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
