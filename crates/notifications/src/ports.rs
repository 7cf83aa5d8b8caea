//! What this context asks of others, in its own words. The gateway answers with accounts, listing and trade.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use luhuan_kernel::{Id, Locale, Person};
use uuid::Uuid;

use crate::Mailer;
pub use crate::model::{ListingFacts, OrderFacts};

/// How a person is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// An e-mail address that was shown to be theirs, if they have one.
    pub email: Option<String>,
    /// The language to write in.
    pub locale: Locale,
}

// An address is personal: it does not print.
impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Contact").field("email", &self.email.as_ref().map(|_| "***")).finish_non_exhaustive()
    }
}

/// Knows how people are reached. Asked at the moment of writing, and never kept.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// How a person is reached; `None` when the account is gone.
    ///
    /// # Errors
    /// A sentence for the log; the mail is tried again.
    async fn contact(&self, person: Id<Person>) -> Result<Option<Contact>, String>;
}

/// Knows what events do not say: who is behind a listing or an order, and what it is called now.
#[async_trait]
pub trait Facts: Send + Sync + 'static {
    /// What is known of some listings. One that is not there is left out.
    ///
    /// # Errors
    /// A sentence for the log; the reader waits and asks again.
    async fn listings(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, ListingFacts>, String>;

    /// What is known of some orders. One that is not there is left out.
    ///
    /// # Errors
    /// A sentence for the log; the reader waits and asks again.
    async fn orders(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, OrderFacts>, String>;

    /// Who watches a listing: at most `limit` people, by ascending id, past `after`.
    ///
    /// # Errors
    /// A sentence for the log; the reader waits and asks again.
    async fn watchers(
        &self,
        listing: Uuid,
        after: Option<Id<Person>>,
        limit: u64,
    ) -> Result<Vec<Id<Person>>, String>;
}

/// The ports, put together by the gateway.
#[derive(Clone)]
pub struct Ports {
    /// How people are reached.
    pub directory: Arc<dyn Directory>,
    /// What events do not say.
    pub facts: Arc<dyn Facts>,
    /// How mails travel; `None` sends none.
    pub mailer: Option<Arc<dyn Mailer>>,
}
