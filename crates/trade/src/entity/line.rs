//! One thing of an order, as it was when it was bought.

use luhuan_kernel::Id;
use luhuan_listing::{Item, Listing};
use sea_orm::entity::prelude::*;

use crate::Order;

/// A row of `trade_line`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trade_line")]
pub struct Model {
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: Id<Order>,
    /// The listing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub listing_id: Id<Listing>,
    /// The item.
    pub item_id: Id<Item>,
    /// Its place in the order.
    pub position: i32,
    /// Title.
    pub title: String,
    /// Condition code.
    pub condition: Option<String>,
    /// Category code.
    pub category: String,
    /// Price paid for it, in fen.
    pub price_fen: i64,
    /// Version of the listing that was bought.
    pub listing_version: i64,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
