//! The one live code of a login and purpose. `message` is the sealed text until it is sent.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::model::Code;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_code")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub login: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: String,
    pub id: Id<Code>,
    pub code_mac: String,
    pub tries_left: i32,
    pub message: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
