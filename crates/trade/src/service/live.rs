//! Live: what happens in trade, told to the pages of those it concerns.
//!
//! Every gateway follows the outbox with a place in memory and hands what it reads to its own listeners: what another
//! gateway committed arrives the same way. What a listener misses it sees when it reloads; the database is the truth.

use std::time::Duration;

use futures_util::{Stream, stream};
use luhuan_kernel::{Actor, Id, Organisation, Person, Position};
use luhuan_store::outbox;
use serde::Serialize;
use tokio::sync::{broadcast, watch};

use super::Trade;
use crate::{Error, policy};

/// Events that a slow listener may lag behind before it is told to reload.
pub(super) const ROOM: usize = 1024;

/// Events of one batch.
const BATCH: u64 = 200;

/// How often the outbox is looked at when nothing wakes us: the bound on what another gateway's commit may lag.
const IDLE: Duration = Duration::from_millis(250);

/// How often the place is moved on while nobody listens.
const ASLEEP: Duration = Duration::from_secs(1);

/// What a listener that lagged too far is told: reload.
const RELOAD: &str = "trade.reload";

/// Something that happened in trade.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Live {
    /// The event's name, such as `trade.message_sent`.
    pub name: String,
    /// Its payload.
    pub payload: serde_json::Value,
    #[serde(skip)]
    buyer: Option<Id<Person>>,
    #[serde(skip)]
    seller: Option<Id<Person>>,
    #[serde(skip)]
    shop: Option<Id<Organisation>>,
}

impl Live {
    fn of(name: String, payload: serde_json::Value) -> Self {
        let id = |field: &str| payload.get(field).and_then(serde_json::Value::as_str);
        Self {
            buyer: id("buyer").and_then(|id| id.parse().ok()),
            seller: id("seller").and_then(|id| id.parse().ok()),
            shop: id("shop").and_then(|id| id.parse().ok()),
            name,
            payload,
        }
    }

    /// Whether it concerns the actor: one of the two.
    fn concerns(&self, actor: &Actor) -> bool {
        let Some((buyer, seller)) = self.buyer.zip(self.seller) else { return false };
        policy::side(actor, policy::Parties { buyer, seller, shop: self.shop }).is_some()
    }
}

impl Trade {
    /// What happens from now on and concerns the actor.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub fn listen(&self, actor: Actor) -> Result<impl Stream<Item = Live> + Send + use<>, Error> {
        policy::view_own(&actor)?;
        let receiver = self.inner.live.subscribe();
        Ok(stream::unfold((receiver, actor), |(mut receiver, actor)| async move {
            loop {
                match receiver.recv().await {
                    Ok(live) if live.concerns(&actor) => return Some((live, (receiver, actor))),
                    Ok(_) => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        let reload = Live::of(RELOAD.to_owned(), serde_json::Value::Null);
                        return Some((reload, (receiver, actor)));
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                }
            }
        }))
    }

    /// Follows the outbox until told to stop.
    pub async fn run_live(self, mut stop: watch::Receiver<bool>) {
        let committed = self.store().committed();
        let mut place = None;
        while !*stop.borrow() {
            // Registered before the outbox is read, so that a commit in between is not slept through.
            let woken = committed.notified();
            let heard = self.inner.live.receiver_count() > 0;
            match self.live_turn(place, heard).await {
                Ok((now, more)) => {
                    place = Some(now);
                    if more {
                        continue;
                    }
                }
                Err(error) => tracing::warn!(%error, "live updates wait for the database"),
            }
            let wait = if heard { IDLE } else { ASLEEP };
            tokio::select! {
                () = woken, if heard => {}
                () = tokio::time::sleep(wait) => {}
                _ = stop.changed() => break,
            }
        }
    }

    /// One batch; the new place, and whether there may be more.
    async fn live_turn(&self, place: Option<Position>, heard: bool) -> Result<(Position, bool), Error> {
        let Some(place) = place.filter(|_| heard) else {
            return Ok((outbox::newest(self.store()).await?, false));
        };
        let events = outbox::read(self.store(), place, "trade.", BATCH).await?;
        let more = events.len() as u64 == BATCH;
        let mut now = place;
        for event in events {
            now = event.position;
            // An error says that the last listener has just gone.
            let _ = self.inner.live.send(Live::of(event.name, event.payload));
        }
        Ok((now, more))
    }
}
