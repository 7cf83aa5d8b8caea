//! What this context tells the others.

use luhuan_kernel::{EventKind, Id, Organisation, Person};
use serde::{Deserialize, Serialize};

use crate::Webhook;

/// Something happened to a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum NotificationsEvent {
    /// It took nothing for too long and was switched off.
    WebhookFailing {
        /// Which.
        webhook: Id<Webhook>,
        /// Who made it.
        person: Id<Person>,
        /// For which organisation.
        organisation: Option<Id<Organisation>>,
    },
}

impl EventKind for NotificationsEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::WebhookFailing { .. } => "notifications.webhook-failing",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::WebhookFailing { webhook, .. } => webhook.to_string(),
        }
    }
}
