//! What a person signs in with: a phone number or an e-mail address, in normal form.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub value: String,
    pub kind: String,
    pub person_id: Id<Person>,
    pub created_at: Timestamp,
    pub verified_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
