//! What a moderator decided about a listing, and why.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::Listing;

/// Marker of a decision's id.
pub struct Decision;

/// A row of `decision`: never changed, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decision")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Decision>,
    /// About which listing.
    pub listing_id: Id<Listing>,
    /// By whom.
    pub moderator_id: Id<Person>,
    /// `cleared` or `withdrawn`.
    pub verdict: String,
    /// Told to the seller.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
