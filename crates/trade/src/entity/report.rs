//! A report on a conversation, for a moderator. Who reported is never shown to the other.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Conversation, Message, Report};

/// A row of `trade_report`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trade_report")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Report>,
    /// The conversation.
    pub conversation_id: Id<Conversation>,
    /// The message, when it is about one.
    pub message_id: Option<Id<Message>>,
    /// Who reports.
    pub person_id: Id<Person>,
    /// About whom.
    pub about_id: Id<Person>,
    /// Code of the reason.
    pub reason: String,
    /// In their words.
    pub words: String,
    /// `open` or `decided`.
    pub state: String,
    /// What was decided, in words.
    pub outcome: String,
    /// By whom.
    pub decided_by: Option<Id<Person>>,
    /// When it came.
    pub created_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
