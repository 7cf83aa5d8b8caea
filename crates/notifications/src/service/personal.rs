//! What this context keeps about a person, for export and erasure (PIPL art. 45 to 47).

use async_trait::async_trait;
use luhuan_accounts::PersonalData;
use luhuan_kernel::{Id, Locale, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{Notifications, preferences::preferences_of, webhooks};
use crate::{
    Error,
    entity::{notification, preference, webhook},
};

#[async_trait]
impl PersonalData for Notifications {
    fn name(&self) -> &'static str {
        "notifications"
    }

    async fn export(&self, person: Id<Person>) -> Result<Value, String> {
        self.export_of(person).await.map_err(|error| error.to_string())
    }

    /// All of it goes: nothing here is a record that the law asks to keep. An organisation's webhooks are its own.
    async fn erase(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), String> {
        self.erase_of(uow, person).await.map_err(|error| error.to_string())
    }
}

impl Notifications {
    async fn export_of(&self, person: Id<Person>) -> Result<Value, Error> {
        let db = self.store().reader();
        let rows = notification::Entity::find()
            .filter(notification::Column::PersonId.eq(person))
            .order_by_asc(notification::Column::At)
            .all(db)
            .await?;
        let titles = self.titles(&rows).await;
        let notifications: Vec<Value> = rows
            .into_iter()
            .map(|row| {
                let mail = row.mail.clone();
                let view = self.view(Locale::ZhCn, row, &titles);
                json!({
                    "id": view.id, "kind": view.kind, "topic": view.topic, "text": view.text, "count": view.count,
                    "link": view.link(), "at": view.at, "read_at": view.read_at, "email": mail,
                })
            })
            .collect();
        let chosen = preferences_of(db, person).await?;
        let hooks = own_webhooks(person).all(db).await?;
        Ok(json!({
            "notifications": notifications,
            "emails": { "trade": chosen.trade, "messages": chosen.messages, "account": chosen.account },
            "webhooks": hooks.iter().map(|hook| json!({
                "id": hook.id, "url": hook.url, "description": hook.description, "events": hook.events(),
                "state": hook.state, "created_at": hook.created_at,
            })).collect::<Vec<_>>(),
        }))
    }

    async fn erase_of(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
        notification::Entity::delete_many()
            .filter(notification::Column::PersonId.eq(person))
            .exec(uow.tx())
            .await?;
        preference::Entity::delete_by_id(person).exec(uow.tx()).await?;
        for hook in own_webhooks(person).all(uow.tx()).await? {
            webhooks::remove(uow, hook.id).await?;
        }
        Ok(())
    }
}

fn own_webhooks(person: Id<Person>) -> sea_orm::Select<webhook::Entity> {
    webhook::Entity::find()
        .filter(webhook::Column::OrganisationId.is_null())
        .filter(webhook::Column::PersonId.eq(person))
        .order_by_asc(webhook::Column::Id)
}
