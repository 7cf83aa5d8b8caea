//! A message of a conversation.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Conversation, Message};

/// A row of `message`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Message>,
    /// The conversation.
    pub conversation_id: Id<Conversation>,
    /// Its place in the conversation, from 1.
    pub number: i32,
    /// Who wrote it.
    pub person_id: Id<Person>,
    /// `buyer` or `seller`.
    pub by_side: String,
    /// The words; empty when it is a photo alone, or erased.
    pub text: String,
    /// Photo ids, JSON.
    pub photos: String,
    /// Kind of a contact detail or payment code in it, of which both are warned.
    pub warned: Option<String>,
    /// Why a moderator hid it.
    pub hidden: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
