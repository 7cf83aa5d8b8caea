//! Pages that hear at once that a badge has changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use luhuan_kernel::{Actor, Id, Person};
use tokio::sync::watch;

use super::Notifications;
use crate::{Error, policy};

/// Pages of one person that may follow at once.
const PAGES: usize = 10;

/// Who follows, in this process.
#[derive(Default)]
pub(super) struct Hub(Mutex<Followers>);

#[derive(Default)]
struct Followers {
    people: HashMap<Id<Person>, watch::Sender<u64>>,
    closed: bool,
}

/// One page's ear. Dropped, it follows no more.
pub struct Live {
    person: Id<Person>,
    changes: Option<watch::Receiver<u64>>,
    hub: Arc<Hub>,
}

impl Notifications {
    /// Follows the actor's badge, in this process: also what another gateway wrote is heard of, by the reader.
    ///
    /// # Errors
    /// [`Error::TooManyStreams`]; 401 when nobody is signed in.
    pub fn subscribe(&self, actor: &Actor) -> Result<Live, Error> {
        let person = policy::view_inbox(actor)?;
        let hub = Arc::clone(&self.inner.hub);
        let mut followers = hub.lock();
        let changes = if followers.closed {
            None
        } else {
            let sender = followers.people.entry(person).or_insert_with(|| watch::channel(0).0);
            if sender.receiver_count() >= PAGES {
                return Err(Error::TooManyStreams);
            }
            Some(sender.subscribe())
        };
        drop(followers);
        Ok(Live { person, changes, hub })
    }

    /// Wakes the pages of people whose badge has changed. For commands, after their commit.
    pub fn announce(&self, people: &[Id<Person>]) {
        self.inner.hub.announce(people);
    }

    /// How many people follow in this process.
    #[must_use]
    pub fn followers(&self) -> usize {
        self.inner.hub.lock().people.len()
    }
}

impl Live {
    /// Whose badge it is.
    #[must_use]
    pub const fn person(&self) -> Id<Person> {
        self.person
    }

    /// Waits for a change; `false` when the server is stopping.
    pub async fn changed(&mut self) -> bool {
        match &mut self.changes {
            Some(changes) => changes.changed().await.is_ok(),
            None => false,
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.changes = None;
        let mut followers = self.hub.lock();
        if followers.people.get(&self.person).is_some_and(|sender| sender.receiver_count() == 0) {
            followers.people.remove(&self.person);
        }
    }
}

impl Hub {
    fn lock(&self) -> MutexGuard<'_, Followers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn announce(&self, people: &[Id<Person>]) {
        let followers = self.lock();
        for sender in people.iter().filter_map(|person| followers.people.get(person)) {
            sender.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().people.is_empty()
    }

    /// Ends all pages' ears, so that the server can stop.
    pub(super) fn close(&self) {
        let mut followers = self.lock();
        followers.closed = true;
        followers.people.clear();
    }
}
