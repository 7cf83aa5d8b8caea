//! Writing a batch, in the unit that moves the place.

use std::collections::{BTreeMap, HashSet};

use luhuan_kernel::{Id, Person};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};
use serde_json::json;

use super::{
    DELIVER_WEBHOOKS, Notifications, SEND_MAIL,
    gather::{Batch, Post, Tale},
    preferences,
};
use crate::{
    Error, Webhook,
    entity::{
        delivery,
        notification::{self, mail},
        webhook,
    },
    model::{DeliveryState, Gather, Mailing, Topic, WebhookState},
};

/// Rows of one statement, far below either database's bound on parameters.
const ROWS: usize = 500;

impl Notifications {
    pub(super) async fn write_notifications(&self, uow: &UnitOfWork, batch: &Batch) -> Result<(), Error> {
        let refusers = self.refusers(uow, &batch.told).await?;
        let mut fresh = Vec::new();
        for tale in &batch.told {
            if tale.told.rule.gather == Gather::Together && self.add_to_unread(uow, tale, &mut fresh).await? {
                continue;
            }
            fresh.push(self.row(uow, tale, &refusers)?);
        }
        for rows in fresh.chunks(ROWS) {
            let rows = rows.iter().map(|row| row.clone().into_active_model().reset_all());
            notification::Entity::insert_many(rows)
                .on_conflict(once(&[notification::Column::PersonId, notification::Column::EventId]))
                .exec_without_returning(uow.tx())
                .await?;
        }
        for row in fresh.iter().filter(|row| row.mail == mail::DUE) {
            let at = uow.now().plus_seconds(Self::limits().mail.wait_seconds(row.topic()));
            jobs::schedule(uow, SEND_MAIL, &row.id.to_string(), at).await?;
        }
        Ok(())
    }

    /// Adds an event to the unread notification of the same kind about the same thing, here in the batch or in the
    /// inbox; whether there is one.
    async fn add_to_unread(
        &self,
        uow: &UnitOfWork,
        tale: &Tale,
        fresh: &mut [notification::Model],
    ) -> Result<bool, Error> {
        let told = &tale.told;
        let same = |row: &&mut notification::Model| {
            row.person_id == told.person && row.kind == told.rule.kind && row.subject_id == told.subject
        };
        if let Some(row) = fresh.iter_mut().find(same) {
            add(row, tale);
            return Ok(true);
        }
        let mut query = notification::Entity::find()
            .filter(notification::Column::PersonId.eq(told.person))
            .filter(notification::Column::ReadAt.is_null())
            .filter(notification::Column::Kind.eq(told.rule.kind))
            .filter(notification::Column::SubjectId.eq(told.subject))
            .limit(1);
        if uow.locks_rows() {
            // Its owner may be reading it this moment: then the event begins a new one.
            query = query.lock_exclusive();
        }
        let Some(mut row) = query.one(uow.tx()).await? else { return Ok(false) };
        add(&mut row, tale);
        row.into_active_model().reset_all().update(uow.tx()).await?;
        Ok(true)
    }

    fn row(
        &self,
        uow: &UnitOfWork,
        tale: &Tale,
        refusers: &HashSet<(Id<Person>, Topic)>,
    ) -> Result<notification::Model, Error> {
        let (told, rule) = (&tale.told, tale.told.rule);
        let useful_until = tale.at.plus_seconds(Self::limits().mail.give_up_after_hours * 3600);
        let mailed = self.inner.ports.mailer.is_some()
            && rule.mailing == Mailing::Wanted
            && uow.now() < useful_until
            && !refusers.contains(&(told.person, rule.topic));
        Ok(notification::Model {
            id: Id::new(self.store().clock()),
            person_id: told.person,
            event_id: tale.event,
            kind: rule.kind.to_owned(),
            topic: rule.topic.code().to_owned(),
            subject_kind: rule.about.code().to_owned(),
            subject_id: told.subject,
            args: serde_json::to_string(&told.args).map_err(|error| Error::Port(error.to_string()))?,
            count: 1,
            at: tale.at,
            tx: tale.position.transaction,
            sequence: tale.position.sequence,
            read_at: None,
            mail: if mailed { mail::DUE } else { mail::NONE }.to_owned(),
        })
    }

    /// Who of these gets no e-mails on which topic.
    async fn refusers(
        &self,
        uow: &UnitOfWork,
        tales: &[Tale],
    ) -> Result<HashSet<(Id<Person>, Topic)>, Error> {
        let mut people: Vec<_> = tales
            .iter()
            .filter(|tale| tale.told.rule.mailing == Mailing::Wanted)
            .map(|tale| tale.told.person)
            .collect();
        people.sort_unstable();
        people.dedup();
        preferences::refusers(uow.tx(), &people).await
    }

    pub(super) async fn write_deliveries(&self, uow: &UnitOfWork, batch: &Batch) -> Result<(), Error> {
        self.switch_off_of(uow, batch).await?;
        let hooks = self.webhooks_of(uow, &batch.posts).await?;
        for mut hook in hooks {
            let first = hook.last_number + 1;
            let filters = hook.events();
            let posts = batch.posts.iter().filter(|post| {
                let own = match hook.organisation_id {
                    Some(organisation) => post.parties.organisations.contains(&organisation),
                    None => post.parties.persons.contains(&hook.person_id),
                };
                // What happened before it was made is not its business.
                own && post.at >= hook.created_at && filters.iter().any(|filter| filter.takes(&post.name))
            });
            let mut rows = Vec::new();
            for post in posts {
                hook.last_number += 1;
                rows.push(self.delivery_of(uow, &hook, post));
            }
            if rows.is_empty() {
                continue;
            }
            for rows in rows.chunks(ROWS) {
                let rows = rows.iter().map(|row| row.clone().into_active_model().reset_all());
                delivery::Entity::insert_many(rows)
                    .on_conflict(once(&[delivery::Column::WebhookId, delivery::Column::EventId]))
                    .exec_without_returning(uow.tx())
                    .await?;
            }
            let number = webhook::ActiveModel { last_number: Set(hook.last_number), ..Default::default() };
            webhook::Entity::update_many()
                .set(number)
                .filter(webhook::Column::Id.eq(hook.id))
                .exec(uow.tx())
                .await?;
            if hook.state() == WebhookState::Enabled {
                // A key of its own: a job that is running now may have looked already, and is deleted when it ends.
                jobs::schedule(uow, DELIVER_WEBHOOKS, &format!("{}/{first}", hook.id), uow.now()).await?;
            }
        }
        Ok(())
    }

    /// The webhooks of everybody who takes part, locked, each once.
    async fn webhooks_of(&self, uow: &UnitOfWork, posts: &[Post]) -> Result<Vec<webhook::Model>, Error> {
        let persons: HashSet<_> = posts.iter().flat_map(|post| &post.parties.persons).copied().collect();
        let shops: HashSet<_> = posts.iter().flat_map(|post| &post.parties.organisations).copied().collect();
        let (persons, shops): (Vec<_>, Vec<_>) = (persons.into_iter().collect(), shops.into_iter().collect());
        let mut ids = Vec::new();
        for people in persons.chunks(ROWS) {
            let found = webhook::Entity::find()
                .select_only()
                .column(webhook::Column::Id)
                .filter(webhook::Column::OrganisationId.is_null())
                .filter(webhook::Column::PersonId.is_in(people.iter().copied()));
            ids.extend(found.into_tuple::<Id<Webhook>>().all(uow.tx()).await?);
        }
        for shops in shops.chunks(ROWS) {
            let found = webhook::Entity::find()
                .select_only()
                .column(webhook::Column::Id)
                .filter(webhook::Column::OrganisationId.is_in(shops.iter().copied()));
            ids.extend(found.into_tuple::<Id<Webhook>>().all(uow.tx()).await?);
        }
        ids.sort_unstable();
        let mut hooks = BTreeMap::new();
        for ids in ids.chunks(ROWS) {
            let mut query = webhook::Entity::find()
                .filter(webhook::Column::Id.is_in(ids.iter().copied()))
                .order_by_asc(webhook::Column::Id);
            if uow.locks_rows() {
                query = query.lock_exclusive();
            }
            hooks.extend(query.all(uow.tx()).await?.into_iter().map(|hook| (hook.id, hook)));
        }
        Ok(hooks.into_values().collect())
    }

    fn delivery_of(&self, uow: &UnitOfWork, hook: &webhook::Model, post: &Post) -> delivery::Model {
        let body = json!({
            "id": post.event,
            "name": post.name,
            "at": post.at,
            "subject": post.subject,
            "number": hook.last_number,
            "data": post.data,
        });
        let state = match hook.state() {
            WebhookState::Enabled => DeliveryState::Pending,
            WebhookState::Disabled | WebhookState::Failing => DeliveryState::Held,
        };
        delivery::Model {
            id: Id::new(self.store().clock()),
            webhook_id: hook.id,
            number: hook.last_number,
            event_id: post.event,
            event_name: post.name.clone(),
            event_at: post.at,
            body: body.to_string(),
            state: state.code().to_owned(),
            attempts: 0,
            due_at: uow.now(),
            due_since: uow.now(),
            attempted_at: None,
            status: None,
            error: None,
            excerpt: None,
            took_ms: None,
            created_at: uow.now(),
        }
    }

    /// Nobody looks after the webhooks of an organisation that is no more.
    async fn switch_off_of(&self, uow: &UnitOfWork, batch: &Batch) -> Result<(), Error> {
        if batch.closed.is_empty() {
            return Ok(());
        }
        let off = webhook::ActiveModel {
            state: Set(WebhookState::Disabled.code().to_owned()),
            ..Default::default()
        };
        webhook::Entity::update_many()
            .set(off)
            .filter(webhook::Column::OrganisationId.is_in(batch.closed.iter().copied()))
            .exec(uow.tx())
            .await?;
        Ok(())
    }
}

fn add(row: &mut notification::Model, tale: &Tale) {
    row.count = row.count.saturating_add(1);
    row.at = tale.at;
    row.event_id = tale.event;
    row.tx = tale.position.transaction;
    row.sequence = tale.position.sequence;
}

/// An event that is there already stays as it is.
fn once<C: sea_orm::Iden + Copy + 'static>(columns: &[C]) -> OnConflict {
    OnConflict::columns(columns.iter().copied()).do_nothing().to_owned()
}
