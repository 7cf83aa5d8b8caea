//! A webhook of an integrator.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{
    Webhook,
    model::{EventFilter, WebhookState},
    policy::Owner,
};

/// A row of `webhook`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Webhook>,
    /// Who made it.
    pub person_id: Id<Person>,
    /// The organisation whose it is; `None`: the person's own.
    pub organisation_id: Option<Id<Organisation>>,
    /// Where to post.
    pub url: String,
    /// What it is for, in its owner's words.
    pub description: String,
    /// Which events, as JSON.
    pub events: String,
    /// The secret that signs, sealed.
    pub secret_sealed: String,
    /// The secret before, sealed.
    pub former_sealed: Option<String>,
    /// Until when the secret before signs along.
    pub former_until: Option<Timestamp>,
    /// Whether it is posted to.
    pub state: String,
    /// Since when nothing was taken.
    pub failing_since: Option<Timestamp>,
    /// Failures since the last success.
    pub failures: i32,
    /// Not posted to before.
    pub paused_until: Timestamp,
    /// Which turn of posting holds it.
    pub busy_by: Option<String>,
    /// Until when that turn holds it.
    pub busy_until: Timestamp,
    /// The number of the newest delivery.
    pub last_number: i64,
    /// Counts the owner's changes.
    pub version: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// When its owner changed it last.
    pub updated_at: Timestamp,
}

impl Model {
    /// Whose it is.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        Owner { person: self.person_id, organisation: self.organisation_id }
    }

    /// Whether it is posted to.
    #[must_use]
    pub fn state(&self) -> WebhookState {
        WebhookState::from_code(&self.state)
    }

    /// Which events it asks for.
    #[must_use]
    pub fn events(&self) -> Vec<EventFilter> {
        serde_json::from_str(&self.events).unwrap_or_default()
    }

    /// The place that its secrets are sealed for.
    #[must_use]
    pub fn place(id: Id<Webhook>) -> String {
        format!("webhook.secret:{id}")
    }
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
