//! An integrator's webhooks.

use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Message, Organisation, Page, Problem, Secret, Timestamp, random,
};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;

use super::{
    DELIVER_WEBHOOKS, Notifications,
    deliver::{hold_pending, load},
};
use crate::{
    Error, Webhook,
    entity::{delivery, webhook},
    model::{DeliveryState, EventFilter, WebhookState},
    policy,
};

/// The longest address.
pub(crate) const MAX_URL: usize = 1000;

/// The longest description, in characters.
pub(crate) const MAX_DESCRIPTION: usize = 200;

/// Patterns of one webhook at most.
pub(crate) const MAX_EVENTS: usize = 50;

/// The event that tries a webhook.
pub(crate) const PING: &str = "webhook.ping";

/// A webhook to be made.
#[derive(Clone, Debug)]
pub struct CreateWebhook {
    /// Where to post.
    pub url: String,
    /// Which events.
    pub events: Vec<String>,
    /// What it is for.
    pub description: String,
    /// For which organisation; `None`: for oneself.
    pub organisation: Option<Id<Organisation>>,
}

/// What to change; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct ChangeWebhook {
    /// Where to post.
    pub url: Option<String>,
    /// Which events.
    pub events: Option<Vec<String>>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether to post. Switched on again, what was held stays held until it is replayed.
    pub state: Option<WebhookState>,
}

/// A webhook with a new secret.
#[derive(Clone, Debug)]
pub struct MintedWebhook {
    /// The webhook.
    pub row: webhook::Model,
    /// What signs the posts; shown this once.
    pub secret: Secret<String>,
}

impl Notifications {
    /// Makes a webhook. It gets what happens from now on.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the field; [`Error::TooManyWebhooks`].
    pub async fn create_webhook(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        input: CreateWebhook,
    ) -> Result<MintedWebhook, Error> {
        let person = policy::create_webhook(actor, input.organisation)?;
        let url = self.address(&input.url)?;
        let events = patterns(&input.events)?;
        let description = described(&input.description)?;
        let own = match input.organisation {
            Some(organisation) => Condition::all().add(webhook::Column::OrganisationId.eq(organisation)),
            None => Condition::all()
                .add(webhook::Column::OrganisationId.is_null())
                .add(webhook::Column::PersonId.eq(person)),
        };
        let limit = Self::limits().webhook.per_owner;
        if webhook::Entity::find().filter(own).count(uow.tx()).await? >= limit {
            return Err(Error::TooManyWebhooks(limit));
        }
        let id = Id::new(self.store().clock());
        let (secret, sealed) = self.mint(id)?;
        let row = webhook::Model {
            id,
            person_id: person,
            organisation_id: input.organisation,
            url,
            description,
            events,
            secret_sealed: sealed,
            former_sealed: None,
            former_until: None,
            state: WebhookState::Enabled.code().to_owned(),
            failing_since: None,
            failures: 0,
            paused_until: Timestamp::from_micros(0),
            busy_by: None,
            busy_until: Timestamp::from_micros(0),
            last_number: 0,
            version: 1,
            created_at: uow.now(),
            updated_at: uow.now(),
        };
        let row = row.into_active_model().reset_all().insert(uow.tx()).await?;
        Ok(MintedWebhook { row, secret })
    }

    /// The webhooks of the actor and of the organisations that they lead, newest first.
    ///
    /// # Errors
    /// 401 when nobody is signed in; 422 for a cursor that is not of this list.
    pub async fn webhooks(
        &self,
        actor: &Actor,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<webhook::Model>, Problem> {
        use webhook::Column;
        let person = policy::list_webhooks(actor).map_err(Problem::from)?;
        let after: Option<(Timestamp, Id<Webhook>)> = after
            .map(Cursor::key)
            .transpose()
            .map_err(|_| Problem::invalid_field("after", Message::new("field-cursor")))?;
        let mine = Condition::any()
            .add(Condition::all().add(Column::OrganisationId.is_null()).add(Column::PersonId.eq(person)))
            .add(Column::OrganisationId.is_in(policy::led_by(actor)));
        let mut query = webhook::Entity::find().filter(mine);
        if let Some((at, id)) = after {
            query = query
                .filter(Column::CreatedAt.lte(at))
                .filter(Condition::any().add(Column::CreatedAt.lt(at)).add(Column::Id.lt(id)));
        }
        query = query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(limit.probe());
        let rows = query.all(self.store().reader()).await.map_err(Error::from)?;
        Ok(Page::cut(rows, limit, |row| (row.created_at, row.id)))
    }

    /// A webhook.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not the actor's to see.
    pub async fn webhook(&self, actor: &Actor, id: Id<Webhook>) -> Result<webhook::Model, Error> {
        let found = webhook::Entity::find_by_id(id).one(self.store().reader()).await?;
        let Some(row) = found else {
            // Who is not signed in is told so, whether it is there or not.
            policy::list_webhooks(actor)?;
            return Err(Error::NotFound);
        };
        policy::view_webhook(actor, row.owner())?;
        Ok(row)
    }

    /// Changes a webhook.
    ///
    /// # Errors
    /// [`Error::Invalid`] names the field; [`Error::Stale`].
    pub async fn change_webhook(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Webhook>,
        expected: Option<i64>,
        change: ChangeWebhook,
    ) -> Result<webhook::Model, Error> {
        let mut row = self.load_own(uow, actor, id).await?;
        if expected.is_some_and(|expected| expected != row.version) {
            return Err(Error::Stale);
        }
        if let Some(url) = &change.url {
            row.url = self.address(url)?;
        }
        if let Some(events) = &change.events {
            row.events = patterns(events)?;
        }
        if let Some(description) = &change.description {
            row.description = described(description)?;
        }
        if let Some(state) = change.state {
            self.switch(uow, &mut row, state).await?;
        }
        row.version += 1;
        row.updated_at = uow.now();
        Ok(row.into_active_model().reset_all().update(uow.tx()).await?)
    }

    async fn switch(
        &self,
        uow: &UnitOfWork,
        row: &mut webhook::Model,
        to: WebhookState,
    ) -> Result<(), Error> {
        let to = match to {
            WebhookState::Enabled => to,
            // Failing is what the program finds; an owner switches off.
            WebhookState::Disabled | WebhookState::Failing => WebhookState::Disabled,
        };
        if row.state() == to {
            return Ok(());
        }
        to.code().clone_into(&mut row.state);
        if to == WebhookState::Disabled {
            return hold_pending(uow, row.id).await;
        }
        row.failures = 0;
        row.failing_since = None;
        row.paused_until = Timestamp::from_micros(0);
        Ok(())
    }

    /// Gives a webhook a new secret. The one before signs along for a day, so that a receiver can change over.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not the actor's.
    pub async fn renew_secret(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Webhook>,
    ) -> Result<MintedWebhook, Error> {
        let mut row = self.load_own(uow, actor, id).await?;
        let (secret, sealed) = self.mint(id)?;
        row.former_sealed = Some(std::mem::replace(&mut row.secret_sealed, sealed));
        row.former_until = Some(uow.now().plus_seconds(Self::limits().webhook.former_secret_hours * 3600));
        row.version += 1;
        row.updated_at = uow.now();
        let row = row.into_active_model().reset_all().update(uow.tx()).await?;
        Ok(MintedWebhook { row, secret })
    }

    /// Posts an event of no meaning, `webhook.ping`, whatever the webhook asks for: to try it.
    ///
    /// # Errors
    /// [`Error::WebhookOff`].
    pub async fn ping(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Webhook>,
    ) -> Result<delivery::Model, Error> {
        let mut row = self.load_own(uow, actor, id).await?;
        if row.state() != WebhookState::Enabled {
            return Err(Error::WebhookOff);
        }
        row.last_number += 1;
        let event = Id::<Webhook>::new(self.store().clock()).uuid();
        let body = json!({
            "id": event, "name": PING, "at": uow.now(), "subject": id, "number": row.last_number, "data": {},
        });
        let new = delivery::Model {
            id: Id::new(self.store().clock()),
            webhook_id: id,
            number: row.last_number,
            event_id: event,
            event_name: PING.to_owned(),
            event_at: uow.now(),
            body: body.to_string(),
            state: DeliveryState::Pending.code().to_owned(),
            attempts: 0,
            due_at: uow.now(),
            due_since: uow.now(),
            attempted_at: None,
            status: None,
            error: None,
            excerpt: None,
            took_ms: None,
            created_at: uow.now(),
        };
        jobs::schedule(uow, DELIVER_WEBHOOKS, &format!("{id}/{}", row.last_number), uow.now()).await?;
        row.into_active_model().reset_all().update(uow.tx()).await?;
        Ok(new.into_active_model().reset_all().insert(uow.tx()).await?)
    }

    /// Takes a webhook away, with its log.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not the actor's.
    pub async fn delete_webhook(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Webhook>,
    ) -> Result<(), Error> {
        self.load_own(uow, actor, id).await?;
        remove(uow, id).await
    }

    /// The webhook to change, its row locked.
    pub(super) async fn load_own(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Webhook>,
    ) -> Result<webhook::Model, Error> {
        let Some(row) = load(uow, id).await? else {
            policy::mark_read(actor)?;
            return Err(Error::NotFound);
        };
        policy::change_webhook(actor, row.owner())?;
        Ok(row)
    }

    fn address(&self, url: &str) -> Result<String, Error> {
        let refused = |key| Error::field("url", Message::new(key));
        if url.len() > MAX_URL {
            return Err(Error::field(
                "url",
                Message::new("notifications-text-too-long").with("max", MAX_URL),
            ));
        }
        match self.inner.courier.accept(url.trim()) {
            Ok(url) => Ok(url.into()),
            Err(unreached) if unreached.what == crate::Courier::CLOSED => {
                Err(refused("notifications-url-closed"))
            }
            Err(_) => Err(refused("notifications-url")),
        }
    }

    fn mint(&self, id: Id<Webhook>) -> Result<(Secret<String>, String), Error> {
        let secret = format!("whsec_{}", random::token());
        let sealed = self.inner.keys.seal(&webhook::Model::place(id), &secret)?;
        Ok((Secret::new(secret), sealed))
    }
}

/// Removes a webhook and its log.
pub(super) async fn remove(uow: &UnitOfWork, id: Id<Webhook>) -> Result<(), Error> {
    delivery::Entity::delete_many().filter(delivery::Column::WebhookId.eq(id)).exec(uow.tx()).await?;
    webhook::Entity::delete_by_id(id).exec(uow.tx()).await?;
    Ok(())
}

fn patterns(texts: &[String]) -> Result<String, Error> {
    if texts.is_empty() || texts.len() > MAX_EVENTS {
        return Err(Error::field(
            "events",
            Message::new("notifications-events-count").with("max", MAX_EVENTS),
        ));
    }
    let mut patterns = Vec::with_capacity(texts.len());
    for text in texts {
        let pattern = EventFilter::parse(text).map_err(|_| {
            Error::field("events", Message::new("notifications-event-pattern").with("pattern", text))
        })?;
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    Ok(serde_json::to_string(&patterns).unwrap_or_default())
}

fn described(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.chars().count() > MAX_DESCRIPTION {
        let message = Message::new("notifications-text-too-long").with("max", MAX_DESCRIPTION);
        return Err(Error::field("description", message));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::field("description", Message::new("notifications-text-control")));
    }
    Ok(text.to_owned())
}
