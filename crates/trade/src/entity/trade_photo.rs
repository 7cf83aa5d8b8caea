//! A photo in a conversation or in evidence, seen by the parties and by staff alone.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Conversation, Order, TradePhoto};

/// A row of `trade_photo`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trade_photo")]
pub struct Model {
    /// Its id; its renditions are the blobs `trade/{id}/{width}.jpg`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<TradePhoto>,
    /// The conversation it was sent in.
    pub conversation_id: Option<Id<Conversation>>,
    /// The order it is evidence about.
    pub order_id: Option<Id<Order>>,
    /// Who sent it.
    pub person_id: Id<Person>,
    /// Width in pixels of the largest rendition.
    pub width: i32,
    /// Height in pixels of the largest rendition.
    pub height: i32,
    /// Average colour, `#rrggbb`.
    pub colour: String,
    /// Widths of the renditions, JSON.
    pub widths: String,
    /// When it was sent.
    pub created_at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
