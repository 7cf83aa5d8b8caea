//! A comparison of our books with a provider's.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::Reconciliation;

/// A row of `reconciliation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reconciliation")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Reconciliation>,
    /// With which provider.
    pub provider: String,
    /// What happened from here on,
    pub from_at: Timestamp,
    /// and before here.
    pub until_at: Timestamp,
    /// When it was made.
    pub at: Timestamp,
    /// How many movements were compared.
    pub compared: i64,
    /// The differences, as JSON.
    pub differences: String,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
