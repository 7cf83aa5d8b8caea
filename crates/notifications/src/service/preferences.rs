//! Which e-mails one gets.

use std::collections::HashSet;

use luhuan_kernel::{Actor, Id, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::Notifications;
use crate::{Error, entity::preference, model::Topic, policy};

/// People asked about in one statement.
const ROWS: usize = 500;

/// Which e-mails a person gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailPreferences {
    /// On trade.
    pub trade: bool,
    /// On messages.
    pub messages: bool,
    /// On the account.
    pub account: bool,
    /// Counts changes; 0 while nothing was chosen.
    pub version: i64,
}

impl Default for MailPreferences {
    fn default() -> Self {
        Self { trade: true, messages: true, account: true, version: 0 }
    }
}

impl MailPreferences {
    /// Whether mails on a topic are wanted.
    #[must_use]
    pub const fn wants(&self, topic: Topic) -> bool {
        match topic {
            Topic::Trade => self.trade,
            Topic::Messages => self.messages,
            Topic::Account => self.account,
        }
    }
}

impl From<preference::Model> for MailPreferences {
    fn from(row: preference::Model) -> Self {
        Self {
            trade: row.mail_trade,
            messages: row.mail_messages,
            account: row.mail_account,
            version: row.version,
        }
    }
}

impl Notifications {
    /// Which e-mails the actor gets.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn preferences(&self, actor: &Actor) -> Result<MailPreferences, Error> {
        let person = policy::view_preferences(actor)?;
        preferences_of(self.store().reader(), person).await
    }

    /// Chooses which e-mails the actor gets; the version is that which was read, when the client says.
    ///
    /// # Errors
    /// [`Error::Stale`]; when the actor may not.
    pub async fn change_preferences(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        wanted: MailPreferences,
        expected: Option<i64>,
    ) -> Result<MailPreferences, Error> {
        let person = policy::change_preferences(actor)?;
        let mut query = preference::Entity::find_by_id(person);
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        let before = query.one(uow.tx()).await?;
        let version = before.as_ref().map_or(0, |row| row.version);
        if expected.is_some_and(|expected| expected != version) {
            return Err(Error::Stale);
        }
        let row = preference::Model {
            person_id: person,
            mail_trade: wanted.trade,
            mail_messages: wanted.messages,
            mail_account: wanted.account,
            version: version + 1,
            updated_at: uow.now(),
        };
        let is_new = before.is_none();
        let change = row.into_active_model().reset_all();
        let row = if is_new {
            // Two first choices at once: one is there, and the other client reads it again.
            change.insert(uow.tx()).await.map_err(|error| match error.sql_err() {
                Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Error::Stale,
                _ => error.into(),
            })?
        } else {
            change.update(uow.tx()).await?
        };
        Ok(row.into())
    }
}

pub(super) async fn preferences_of(
    db: &impl ConnectionTrait,
    person: Id<Person>,
) -> Result<MailPreferences, Error> {
    Ok(preference::Entity::find_by_id(person).one(db).await?.map(Into::into).unwrap_or_default())
}

/// Who of some people gets no e-mails on which topic.
pub(super) async fn refusers(
    db: &impl ConnectionTrait,
    people: &[Id<Person>],
) -> Result<HashSet<(Id<Person>, Topic)>, Error> {
    let mut found = HashSet::new();
    for people in people.chunks(ROWS) {
        let chosen =
            preference::Entity::find().filter(preference::Column::PersonId.is_in(people.iter().copied()));
        for row in chosen.all(db).await? {
            let (person, chosen) = (row.person_id, MailPreferences::from(row));
            found.extend(
                Topic::ALL.iter().filter(|topic| !chosen.wants(**topic)).map(|topic| (person, *topic)),
            );
        }
    }
    Ok(found)
}
