//! Up to where a reader of the outbox has come.

use sea_orm::entity::prelude::*;

/// A row of `trade_place`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trade_place")]
pub struct Model {
    /// Which reader.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// Transaction of its place.
    pub tx: i64,
    /// Number of its place.
    pub sequence: i64,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
