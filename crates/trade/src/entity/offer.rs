//! An offer for a listing.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use luhuan_listing::Listing;
use sea_orm::entity::prelude::*;

use luhuan_store::Error as StoreError;

use super::code;
use crate::{
    Offer, Order,
    model::{By, OfferState},
    policy::Parties,
};

/// A row of `offer`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offer")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Offer>,
    /// For what.
    pub listing_id: Id<Listing>,
    /// Who wants to buy.
    pub buyer_id: Id<Person>,
    /// Who posted the listing.
    pub seller_id: Id<Person>,
    /// The shop it is sold for.
    pub seller_shop: Option<Id<Organisation>>,
    /// Code of its state.
    pub state: String,
    /// The amount on the table, in fen.
    pub amount_fen: i64,
    /// The side that named it: `buyer` or `seller`.
    pub spoke: String,
    /// How often an amount was named.
    pub rounds: i32,
    /// Version of the clocks it runs by.
    pub clocks_version: i32,
    /// The order made by it.
    pub order_id: Option<Id<Order>>,
    /// Grows by one with each move.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// When it lapses.
    pub due_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Where it stands.
    ///
    /// # Errors
    /// When the stored code is none of ours.
    pub fn state(&self) -> Result<OfferState, StoreError> {
        code(&self.state)
    }

    /// The side that named the amount on the table.
    ///
    /// # Errors
    /// When the stored code is none of ours.
    pub fn spoke(&self) -> Result<By, StoreError> {
        code(&self.spoke)
    }

    /// Whose it is.
    #[must_use]
    pub const fn parties(&self) -> Parties {
        Parties { buyer: self.buyer_id, seller: self.seller_id, shop: self.seller_shop }
    }
}
