//! A buyer's request for money back.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Order, RefundRequest};

/// A row of `refund_request`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund_request")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<RefundRequest>,
    /// The order.
    pub order_id: Id<Order>,
    /// Code of what is asked for.
    pub kind: String,
    /// Code of why.
    pub reason: String,
    /// In their words.
    pub words: String,
    /// How much, in fen.
    pub amount_fen: i64,
    /// Code of its state.
    pub state: String,
    /// The seller's words.
    pub answer: String,
    /// Carrier of the goods sent back.
    pub carrier: Option<String>,
    /// Tracking number of the goods sent back.
    pub tracking: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the seller answered.
    pub answered_at: Option<Timestamp>,
    /// When it came to its end.
    pub ended_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
