//! Points earned at once, ending together.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::PointsLot;

/// A row of `points_lot`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "points_lot")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<PointsLot>,
    /// Whose.
    pub owner: String,
    /// What earned them; once for each owner.
    pub reference: String,
    /// How many.
    pub earned: i64,
    /// How many are left.
    pub remaining: i64,
    /// When they were earned.
    pub earned_at: Timestamp,
    /// When they end.
    pub expires_at: Timestamp,
    /// When the owner was told that they end soon.
    pub noticed_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
