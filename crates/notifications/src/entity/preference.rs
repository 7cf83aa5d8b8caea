//! Which e-mails a person gets.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

/// A row of `notification_preference`; who has none gets e-mails on every topic.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_preference")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: Id<Person>,
    /// On trade.
    pub mail_trade: bool,
    /// On messages.
    pub mail_messages: bool,
    /// On the account.
    pub mail_account: bool,
    /// Counts changes.
    pub version: i64,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
