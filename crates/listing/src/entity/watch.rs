//! A person's bookmark of a listing.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::Listing;

/// A row of `watch`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "watch")]
pub struct Model {
    /// Who watches.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Id<Person>,
    /// What.
    #[sea_orm(primary_key, auto_increment = false)]
    pub listing_id: Id<Listing>,
    /// Since when.
    pub at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
