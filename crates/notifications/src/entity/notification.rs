//! A row in a person's inbox.

use luhuan_kernel::{Id, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{
    Notification,
    model::{About, Args, Topic},
};

/// A row of `notification`. No sentence is stored, and nothing personal but whose it is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Notification>,
    /// Whose.
    pub person_id: Id<Person>,
    /// The event that was told last.
    pub event_id: Uuid,
    /// The key of its sentence, after `notification-`.
    pub kind: String,
    /// The code of its topic.
    pub topic: String,
    /// What it is about.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: Uuid,
    /// The values of its sentence, as JSON.
    pub args: String,
    /// How many events it gathers.
    pub count: i32,
    /// When the last of them happened.
    pub at: Timestamp,
    /// The place of the last of them.
    pub tx: i64,
    /// The place of the last of them.
    pub sequence: i64,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// What became of its e-mail: [`mail`].
    pub mail: String,
}

/// What becomes of a notification's e-mail.
pub mod mail {
    /// None is to be sent.
    pub const NONE: &str = "none";
    /// A job sends it.
    pub const DUE: &str = "due";
    /// The mail server took it.
    pub const SENT: &str = "sent";
    /// It was read before, or is not wanted any more, or there is no address.
    pub const DROPPED: &str = "dropped";
    /// It was never taken over.
    pub const FAILED: &str = "failed";
}

impl Model {
    /// Its topic; what cannot be read counts as of the account.
    #[must_use]
    pub fn topic(&self) -> Topic {
        Topic::from_code(&self.topic).unwrap_or(Topic::Account)
    }

    /// What it is about.
    #[must_use]
    pub fn about(&self) -> Option<About> {
        About::from_code(&self.subject_kind)
    }

    /// The values of its sentence.
    #[must_use]
    pub fn args(&self) -> Args {
        serde_json::from_str(&self.args).unwrap_or_default()
    }
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
