//! A shop, a recycler, a mall, a market, a packaging operator.

use luhuan_kernel::{Id, Organisation, Timestamp};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Organisation>,
    pub kind: String,
    pub name: String,
    pub licence_sealed: Option<String>,
    pub licence_mac: Option<String>,
    pub licence_check: Option<String>,
    pub created_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub version: i64,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
