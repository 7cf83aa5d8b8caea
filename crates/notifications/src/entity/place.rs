//! How far the outbox has been read.

use luhuan_kernel::Position;
use sea_orm::entity::prelude::*;

/// A row of `notification_place`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_place")]
pub struct Model {
    /// Whose place.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The database transaction.
    pub tx: i64,
    /// The running number.
    pub sequence: i64,
}

impl Model {
    /// The place.
    #[must_use]
    pub const fn position(&self) -> Position {
        Position { transaction: self.tx, sequence: self.sequence }
    }
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
