//! What goes after its time.

use luhuan_store::UnitOfWork;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Notifications;
use crate::{
    Error,
    entity::{delivery, notification},
    model::DeliveryState,
};

impl Notifications {
    /// Forgets notifications and deliveries whose time is over; how many. A standing job calls it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep(&self, uow: &UnitOfWork) -> Result<u64, Error> {
        let limits = Self::limits();
        let old = notification::Entity::delete_many()
            .filter(notification::Column::At.lt(uow.now().plus_days(-limits.inbox.keep_days)))
            .exec(uow.tx())
            .await?;
        // What is still to be posted stays until it is delivered or given up.
        let logged = delivery::Entity::delete_many()
            .filter(delivery::Column::CreatedAt.lt(uow.now().plus_days(-limits.webhook.keep_days)))
            .filter(delivery::Column::State.ne(DeliveryState::Pending.code()))
            .exec(uow.tx())
            .await?;
        Ok(old.rows_affected + logged.rows_affected)
    }
}
