//! From events to what is to be written: whom they tell what, and whose webhooks may have them.
//!
//! Ports are asked here, before any row is locked, once for a whole batch.

use std::collections::HashMap;

use luhuan_kernel::{Event, Id, Organisation, Person, Position, Timestamp};
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use super::Notifications;
use crate::{
    Error,
    entity::webhook,
    model::{
        Known, ListingFacts, OrderFacts, Parties, Payload, Told, Whom, event_id, is_published, may_tell,
        rules_for, told,
    },
};

/// Watchers of one listing that are asked for at once.
const WATCHERS: u64 = 1_000;

/// What came of some events.
#[derive(Default)]
pub(super) struct Batch {
    /// Inbox rows.
    pub told: Vec<Tale>,
    /// What webhooks may have.
    pub posts: Vec<Post>,
    /// Organisations that are no more: nobody looks after their webhooks.
    pub closed: Vec<Id<Organisation>>,
}

/// One person told of one event.
pub(super) struct Tale {
    /// Whom and what.
    pub told: Told,
    /// The event's id.
    pub event: Uuid,
    /// When it happened.
    pub at: Timestamp,
    /// Its place.
    pub position: Position,
}

/// An event as webhooks get it.
pub(super) struct Post {
    /// The event's id.
    pub event: Uuid,
    /// Its name.
    pub name: String,
    /// The id of the thing it happened to.
    pub subject: String,
    /// When it happened.
    pub at: Timestamp,
    /// What it says.
    pub data: Value,
    /// Whose webhooks may have it.
    pub parties: Parties,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty() && self.posts.is_empty() && self.closed.is_empty()
    }
}

/// What the ports answered for a batch.
struct Answers {
    listings: HashMap<Uuid, ListingFacts>,
    orders: HashMap<Uuid, OrderFacts>,
}

impl Notifications {
    pub(super) async fn gather(&self, events: &[Event]) -> Result<Batch, Error> {
        let posting = self.any_webhook().await?;
        let relevant: Vec<&Event> =
            events.iter().filter(|event| may_tell(event) || (posting && is_published(&event.name))).collect();
        let answers = self.ask(&relevant).await?;
        let mut batch = Batch::default();
        for event in relevant {
            let payload = Payload::of(&event.payload);
            let watchers = self.watchers_of(event, &payload).await?;
            let known = Known {
                listing: payload.listing().and_then(|id| answers.listings.get(&id)),
                order: payload.order().and_then(|id| answers.orders.get(&id)),
                watchers: &watchers,
            };
            let id = event_id(event);
            batch.told.extend(told(event, known).into_iter().map(|told| Tale {
                told,
                event: id,
                at: event.at,
                position: event.position,
            }));
            if posting && is_published(&event.name) {
                batch.posts.extend(post(event, id, &payload, known));
            }
            if event.name == "accounts.organisation-closed" {
                batch.closed.extend(payload.id("organisation").map(Id::from_uuid));
            }
        }
        Ok(batch)
    }

    /// Whether there is any webhook: while there is none, events need not be asked about.
    async fn any_webhook(&self) -> Result<bool, Error> {
        let id = webhook::Entity::find().select_only().column(webhook::Column::Id).limit(1);
        Ok(id.into_tuple::<Uuid>().one(self.store().reader()).await?.is_some())
    }

    async fn ask(&self, events: &[&Event]) -> Result<Answers, Error> {
        let payloads = || events.iter().map(|event| Payload::of(&event.payload));
        let facts = &self.inner.ports.facts;
        let listings = unique(payloads().filter_map(|payload| payload.listing()));
        let orders = unique(payloads().filter_map(|payload| payload.order()));
        Ok(Answers {
            listings: match listings.as_slice() {
                [] => HashMap::new(),
                ids => facts.listings(ids).await.map_err(Error::Port)?,
            },
            orders: match orders.as_slice() {
                [] => HashMap::new(),
                ids => facts.orders(ids).await.map_err(Error::Port)?,
            },
        })
    }

    /// Who watches the listing, when that is whom the event tells.
    async fn watchers_of(&self, event: &Event, payload: &Payload<'_>) -> Result<Vec<Id<Person>>, Error> {
        let tells_watchers =
            rules_for(event).any(|rule| rule.whom == Whom::Watchers && rule.when.may_hold(payload));
        let Some(listing) = payload.listing().filter(|_| tells_watchers) else { return Ok(Vec::new()) };
        let mut all: Vec<Id<Person>> = Vec::new();
        loop {
            let facts = &self.inner.ports.facts;
            let page = facts.watchers(listing, all.last().copied(), WATCHERS).await.map_err(Error::Port)?;
            let last = (page.len() as u64) < WATCHERS;
            all.extend(page);
            if last {
                return Ok(all);
            }
        }
    }
}

/// The event for webhooks, unless it is nobody's.
fn post(event: &Event, id: Uuid, payload: &Payload<'_>, known: Known<'_>) -> Option<Post> {
    let mut parties = Parties::named(payload);
    if let Some(listing) = known.listing {
        parties.persons.insert(listing.seller);
        parties.organisations.extend(listing.organisation);
    }
    if let Some(order) = known.order {
        parties.persons.extend([order.buyer, order.seller]);
        parties.organisations.extend(order.organisation);
    }
    let anybody = !parties.persons.is_empty() || !parties.organisations.is_empty();
    anybody.then(|| Post {
        event: id,
        name: event.name.clone(),
        subject: event.subject.clone(),
        at: event.at,
        data: event.payload.clone(),
        parties,
    })
}

fn unique(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
