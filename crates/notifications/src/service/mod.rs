//! Commands and queries, the reader of the outbox, and the work of jobs.
//!
//! A command takes the caller's unit of work and actor; the caller commits. On PostgreSQL rows are locked in one order:
//! the reader's place, notifications, webhooks by id, deliveries.
//!
//! - `feed`, `gather`, `write`: from events to inbox rows and deliveries, in one commit with the new place;
//! - `inbox`, `live`, `preferences`: what a person sees and chooses; `mail`: the job that writes to them;
//! - `webhooks`, `deliveries`: what an integrator sees and changes; `deliver`: the job that posts;
//! - `personal`, `sweep`: what goes.

mod deliver;
mod deliveries;
mod feed;
mod gather;
mod inbox;
mod live;
mod mail;
mod personal;
#[cfg(test)]
mod plans;
mod preferences;
mod sweep;
mod webhooks;
mod write;

use std::sync::{Arc, Mutex};

use luhuan_accounts::Keys;
use luhuan_kernel::{Position, text::Texts};
use luhuan_store::{Store, jobs::Job};

pub use deliveries::{DeliveryFilter, Replay};
pub use feed::FeedError;
pub use inbox::{MarkRead, NotificationFilter, NotificationView};
pub use live::Live;
pub use preferences::MailPreferences;
pub use webhooks::{ChangeWebhook, CreateWebhook, MintedWebhook};

use crate::{Courier, Error, Ports, model::Limits};
use live::Hub;

/// The kind of the job that sends the e-mail of a notification; its key is the notification's id.
pub const SEND_MAIL: &str = "send-notification-mail";

/// The kind of the job that posts what is due to a webhook; its key begins with the webhook's id.
pub const DELIVER_WEBHOOKS: &str = "deliver-webhooks";

/// What an operator may set.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The address under which people reach the server, for links in e-mails; `None`: e-mails have no links.
    pub public_url: Option<String>,
}

/// The notification service. Cheap to clone.
#[derive(Clone)]
pub struct Notifications {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    texts: Arc<Texts>,
    keys: Keys,
    ports: Ports,
    courier: Courier,
    settings: Settings,
    hub: Arc<Hub>,
    /// How far this process has read and found nothing to write, beyond what the database knows.
    ahead: Mutex<Position>,
    /// Up to where this process has woken its pages.
    announced: Mutex<Option<Position>>,
}

impl Notifications {
    /// Puts the service together. `texts` are those of the whole program, `keys` those of the accounts.
    #[must_use]
    pub fn new(
        store: Store,
        texts: Arc<Texts>,
        keys: Keys,
        ports: Ports,
        courier: Courier,
        settings: Settings,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                texts,
                keys,
                ports,
                courier,
                settings,
                hub: Arc::default(),
                ahead: Mutex::default(),
                announced: Mutex::default(),
            }),
        }
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Whether a job is one of these: [`SEND_MAIL`], [`DELIVER_WEBHOOKS`].
    #[must_use]
    pub fn is_ours(job: &Job) -> bool {
        matches!(job.kind.as_str(), SEND_MAIL | DELIVER_WEBHOOKS)
    }

    /// Does a job of ours. What is to be tried again after a failure of a receiver schedules itself.
    ///
    /// # Errors
    /// When the job is to be tried again as it is: the mail server or the database is away.
    pub async fn run_job(&self, job: &Job) -> Result<(), Error> {
        match job.kind.as_str() {
            SEND_MAIL => self.send_mail(&job.key).await,
            DELIVER_WEBHOOKS => self.deliver(&job.key).await,
            other => Err(Error::Port(format!("no job of notifications: {other}"))),
        }
    }

    fn limits() -> &'static Limits {
        Limits::get()
    }
}
