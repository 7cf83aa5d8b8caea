//! One physical thing.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::Item;

/// A row of `item`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Item>,
    /// Who owns it, as far as this market knows.
    pub person_id: Id<Person>,
    /// Category code when first listed.
    pub category: String,
    /// Keyed hash of its serial number or IMEI, to recognise it again.
    pub serial_hash: Option<String>,
    /// The number as it may be shown.
    pub serial_masked: Option<String>,
    /// When it was first listed.
    pub created_at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
