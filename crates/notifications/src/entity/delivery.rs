//! An event on its way to a webhook.

use luhuan_kernel::{Id, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Delivery, Webhook, model::DeliveryState};

/// A row of `webhook_delivery`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Delivery>,
    /// To which webhook.
    pub webhook_id: Id<Webhook>,
    /// Its running number there, in the order in which things happened.
    pub number: i64,
    /// The event's id, the same for each delivery of the event.
    pub event_id: Uuid,
    /// The event's name.
    pub event_name: String,
    /// When it happened.
    pub event_at: Timestamp,
    /// What is posted, to the byte.
    pub body: String,
    /// Where it stands.
    pub state: String,
    /// How often it was posted since it fell due first.
    pub attempts: i32,
    /// When it is posted next.
    pub due_at: Timestamp,
    /// When it fell due first: at its event, or at its replay.
    pub due_since: Timestamp,
    /// When it was posted last.
    pub attempted_at: Option<Timestamp>,
    /// What was answered last.
    pub status: Option<i32>,
    /// Why no answer came, in words for the owner.
    pub error: Option<String>,
    /// The beginning of the last answer.
    pub excerpt: Option<String>,
    /// How long the last answer took, in milliseconds.
    pub took_ms: Option<i32>,
    /// When it was written down.
    pub created_at: Timestamp,
}

impl Model {
    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> DeliveryState {
        DeliveryState::from_code(&self.state)
    }
}

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
