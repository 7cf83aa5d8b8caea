//! The price of a listing from an instant on.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::Listing;

/// A row of `price_point`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "price_point")]
pub struct Model {
    /// Which listing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub listing_id: Id<Listing>,
    /// From when.
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: Timestamp,
    /// The price in fen.
    pub price_fen: i64,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
