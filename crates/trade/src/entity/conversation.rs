//! A conversation about a listing.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use luhuan_listing::Listing;
use sea_orm::entity::prelude::*;

use crate::Conversation;

/// A row of `conversation`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Conversation>,
    /// What it is about.
    pub listing_id: Id<Listing>,
    /// Who asked.
    pub buyer_id: Id<Person>,
    /// Who posted the listing.
    pub seller_id: Id<Person>,
    /// The shop it is sold for.
    pub seller_shop: Option<Id<Organisation>>,
    /// Messages in all.
    pub messages: i32,
    /// Messages that the buyer has not read.
    pub buyer_unread: i32,
    /// Messages that the seller's side has not read.
    pub seller_unread: i32,
    /// Kind of the last contact detail that was found in it.
    pub warned: Option<String>,
    /// The start of the last message, for lists.
    pub last_text: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When the last message came.
    pub last_at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
