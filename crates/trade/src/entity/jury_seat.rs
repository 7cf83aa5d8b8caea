//! A juror's seat in a dispute.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::Dispute;

/// A row of `jury_seat`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jury_seat")]
pub struct Model {
    /// The dispute.
    #[sea_orm(primary_key, auto_increment = false)]
    pub dispute_id: Id<Dispute>,
    /// The juror.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Id<Person>,
    /// Their vote, blind until all is decided.
    pub vote: Option<String>,
    /// Their reasons.
    pub reasons: String,
    /// When they were drawn.
    pub drawn_at: Timestamp,
    /// When they voted.
    pub voted_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
