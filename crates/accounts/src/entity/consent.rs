//! A consent, given and perhaps withdrawn; never deleted while the account lives (PIPL art. 14, 15).

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::model::Consent;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Consent>,
    pub person_id: Id<Person>,
    pub purpose: String,
    pub version: String,
    pub basis: String,
    pub given_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
