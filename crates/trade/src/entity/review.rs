//! What one side of an order says of the other.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Order, Review};

/// A row of `review`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "review")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Review>,
    /// The order.
    pub order_id: Id<Order>,
    /// `buyer` or `seller`.
    pub by_side: String,
    /// Who wrote it.
    pub person_id: Id<Person>,
    /// About whom.
    pub about_id: Id<Person>,
    /// About which shop.
    pub about_shop: Option<Id<Organisation>>,
    /// 1 to 5.
    pub stars: i32,
    /// Codes of tags, JSON.
    pub tags: String,
    /// In words.
    pub text: String,
    /// The other's one reply.
    pub reply: Option<String>,
    /// Why a moderator hid it.
    pub hidden: Option<String>,
    /// Who hid it.
    pub hidden_by: Option<Id<Person>>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Since when it can be read.
    pub shown_at: Option<Timestamp>,
    /// When the reply was written.
    pub replied_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
