//! A movement, written after its postings: with it the database holds that they balance.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::Entry;

/// A row of `ledger_transaction`: never changed, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_transaction")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Entry>,
    /// Why.
    pub kind: String,
    /// By what it is known among its kind.
    pub reference: String,
    /// What it is about.
    pub memo: String,
    /// Who had it done, when a person did.
    pub made_by: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
