//! A natural person's account. The row outlives an erasure, as a pseudonym.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Person>,
    pub name: String,
    pub locale: String,
    pub subdistrict: Option<String>,
    pub seller_kind: String,
    pub seller_organisation: Option<Id<Organisation>>,
    pub password_hash: Option<String>,
    pub real_name_sealed: Option<String>,
    pub identity_sealed: Option<String>,
    pub identity_mac: Option<String>,
    pub created_at: Timestamp,
    pub erased_at: Option<Timestamp>,
    pub version: i64,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
