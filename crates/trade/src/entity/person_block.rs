//! Whom somebody does not want to hear from.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `person_block`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_block")]
pub struct Model {
    /// Who blocks.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Id<Person>,
    /// Whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub blocked_id: Id<Person>,
    /// Since when.
    pub at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
