//! The log of deliveries, and making them again.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Page, Problem, Timestamp};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::{DELIVER_WEBHOOKS, Notifications, deliver::load};
use crate::{
    Delivery, Error, Webhook,
    entity::{delivery, webhook},
    model::{DeliveryState, WebhookState},
    policy,
};

/// Which deliveries.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryFilter {
    /// Only those that stand here.
    pub state: Option<DeliveryState>,
}

/// Which deliveries are made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Of events that happened from this instant,
    pub from: Timestamp,
    /// and before this one.
    pub until: Timestamp,
    /// Also those that the receiver has taken over.
    pub delivered_too: bool,
}

impl Notifications {
    /// The deliveries of a webhook, newest first.
    ///
    /// # Errors
    /// 404 when the webhook is not the actor's to see; 422 for a cursor that is not of this list.
    pub async fn deliveries(
        &self,
        actor: &Actor,
        id: Id<Webhook>,
        filter: DeliveryFilter,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<delivery::Model>, Problem> {
        self.webhook(actor, id).await?;
        let after: Option<i64> = after
            .map(Cursor::key)
            .transpose()
            .map_err(|_| Problem::invalid_field("after", Message::new("field-cursor")))?;
        let query = log(id, filter, after, limit.probe());
        let rows = query.all(self.store().reader()).await.map_err(Error::from)?;
        Ok(Page::cut(rows, limit, |row| row.number))
    }

    /// A delivery.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not the actor's to see.
    pub async fn delivery(
        &self,
        actor: &Actor,
        id: Id<Webhook>,
        delivery: Id<Delivery>,
    ) -> Result<delivery::Model, Error> {
        self.webhook(actor, id).await?;
        let found = delivery::Entity::find_by_id(delivery).one(self.store().reader()).await?;
        found.filter(|row| row.webhook_id == id).ok_or(Error::NotFound)
    }

    /// Has one delivery made again, now.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::WebhookOff`].
    pub async fn replay_one(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Webhook>,
        delivery: Id<Delivery>,
    ) -> Result<delivery::Model, Error> {
        self.load_enabled(uow, actor, id).await?;
        let found = delivery::Entity::find_by_id(delivery).one(uow.tx()).await?;
        let mut row = found.filter(|row| row.webhook_id == id).ok_or(Error::NotFound)?;
        DeliveryState::Pending.code().clone_into(&mut row.state);
        (row.due_at, row.due_since, row.attempts) = (uow.now(), uow.now(), 0);
        let row = row.into_active_model().reset_all().update(uow.tx()).await?;
        self.schedule_replay(uow, id).await?;
        Ok(row)
    }

    /// Has the deliveries of a range of time made again, in their order; how many.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::WebhookOff`]; [`Error::Invalid`] when the range is none.
    pub async fn replay_range(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Webhook>,
        range: Replay,
    ) -> Result<u64, Error> {
        use delivery::Column;
        self.load_enabled(uow, actor, id).await?;
        if range.from >= range.until {
            return Err(Error::field("until", Message::new("notifications-range")));
        }
        let mut states = vec![DeliveryState::Failed.code(), DeliveryState::Held.code()];
        if range.delivered_too {
            states.push(DeliveryState::Delivered.code());
        }
        let again = delivery::ActiveModel {
            state: Set(DeliveryState::Pending.code().to_owned()),
            due_at: Set(uow.now()),
            due_since: Set(uow.now()),
            attempts: Set(0),
            ..Default::default()
        };
        let done = delivery::Entity::update_many()
            .set(again)
            .filter(Column::WebhookId.eq(id))
            .filter(Column::EventAt.gte(range.from))
            .filter(Column::EventAt.lt(range.until))
            .filter(Column::State.is_in(states))
            .exec(uow.tx())
            .await?;
        if done.rows_affected > 0 {
            self.schedule_replay(uow, id).await?;
        }
        Ok(done.rows_affected)
    }

    async fn load_enabled(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Webhook>,
    ) -> Result<webhook::Model, Error> {
        let Some(row) = load(uow, id).await? else {
            policy::mark_read(actor)?;
            return Err(Error::NotFound);
        };
        policy::replay(actor, row.owner())?;
        if row.state() == WebhookState::Enabled { Ok(row) } else { Err(Error::WebhookOff) }
    }

    async fn schedule_replay(&self, uow: &UnitOfWork, id: Id<Webhook>) -> Result<(), Error> {
        let key = format!("{id}/replay/{}", uow.now().micros());
        Ok(jobs::schedule(uow, DELIVER_WEBHOOKS, &key, uow.now()).await?)
    }
}

/// The deliveries of a webhook, newest first, past a number.
pub(super) fn log(
    id: Id<Webhook>,
    filter: DeliveryFilter,
    after: Option<i64>,
    rows: u64,
) -> Select<delivery::Entity> {
    use delivery::Column;
    let mut query = delivery::Entity::find().filter(Column::WebhookId.eq(id));
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state.code()));
    }
    if let Some(number) = after {
        query = query.filter(Column::Number.lt(number));
    }
    query.order_by_desc(Column::Number).limit(rows)
}
