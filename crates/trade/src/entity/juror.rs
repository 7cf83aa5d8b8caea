//! Somebody who votes on disputes.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `juror`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "juror")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Id<Person>,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub ended_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
