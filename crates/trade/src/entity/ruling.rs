//! A ruling on a dispute.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Dispute, Ruled};

/// A row of `ruling`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ruling")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Ruled>,
    /// The dispute.
    pub dispute_id: Id<Dispute>,
    /// `first` or `final`.
    pub stage: String,
    /// `jury` or `staff`.
    pub by_side: String,
    /// Who of staff.
    pub person_id: Option<Id<Person>>,
    /// Back to the buyer, in fen.
    pub buyer_fen: i64,
    /// The reasons, which both read.
    pub reasons: String,
    /// When.
    pub at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
