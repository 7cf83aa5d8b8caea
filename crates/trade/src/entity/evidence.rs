//! What one side shows in a dispute.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Dispute, Evidence};

/// A row of `evidence`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Evidence>,
    /// The dispute.
    pub dispute_id: Id<Dispute>,
    /// Who gave it.
    pub person_id: Id<Person>,
    /// `buyer` or `seller`.
    pub by_side: String,
    /// In words.
    pub text: String,
    /// Photo ids, JSON.
    pub photos: String,
    /// When.
    pub at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
