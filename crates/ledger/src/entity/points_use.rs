//! Points of a lot that were spent, so that they can come back to it.

use luhuan_kernel::Id;
use sea_orm::entity::prelude::*;

use crate::PointsLot;

/// A row of `points_use`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "points_use")]
pub struct Model {
    /// For what they were spent.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference: String,
    /// Of which lot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_id: Id<PointsLot>,
    /// How many.
    pub amount: i64,
    /// How many of them came back.
    pub returned: i64,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
