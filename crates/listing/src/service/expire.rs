//! Listings whose time is over.

use luhuan_kernel::{Actor, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{LockBehavior, LockType},
};

use super::{Listings, query::stands};
use crate::{
    Error,
    entity::listing,
    model::{Move, State},
    policy,
};

impl Listings {
    /// Expires what is due, at most `batch` in one unit; returns how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn expire_due(&self, uow: &UnitOfWork, actor: &Actor, batch: u64) -> Result<usize, Error> {
        policy::settle(actor)?;
        let mut query = due(uow.now(), batch);
        if uow.locks_rows() {
            // One that is being edited or bought this moment is left for the next turn.
            query = query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        }
        let due = query.all(uow.tx()).await?;
        let count = due.len();
        for row in due {
            self.make_move(uow, row, Move::Expire).await?;
        }
        Ok(count)
    }
}

pub(super) fn due(now: Timestamp, batch: u64) -> Select<listing::Entity> {
    listing::Entity::find()
        .filter(stands(State::Published))
        .filter(listing::Column::ExpiresAt.lte(now))
        .order_by_asc(listing::Column::ExpiresAt)
        .limit(batch)
}
