//! A dispute about an order.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Dispute, Order};

/// A row of `dispute`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dispute")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Dispute>,
    /// The order.
    pub order_id: Id<Order>,
    /// `buyer` or `seller`.
    pub opened_by: String,
    /// Who opened it.
    pub person_id: Id<Person>,
    /// Code of what it is about.
    pub reason: String,
    /// In their words.
    pub words: String,
    /// How much should go back to the buyer, by whoever opened it, in fen.
    pub claim_fen: i64,
    /// Whether the buyer accepts the jury.
    pub jury_buyer: bool,
    /// Whether the seller accepts the jury.
    pub jury_seller: bool,
    /// The seed that the jury was drawn by, hex.
    pub seed: Option<String>,
    /// Whether the buyer accepts the ruling.
    pub accepted_buyer: bool,
    /// Whether the seller accepts the ruling.
    pub accepted_seller: bool,
    /// The side that appealed.
    pub appealed_by: Option<String>,
    /// Its words.
    pub appeal_words: String,
    /// `open`, `dropped` or `done`.
    pub state: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it came to its end.
    pub ended_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
