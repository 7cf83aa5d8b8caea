//! Clocks: what happens when nobody moved.
//!
//! An order keeps its one running clock in its row; a standing job looks for those that ran out. Each is taken in a unit of
//! its own, its row locked and looked at again: whoever moved first has set another clock, and the step lapses. Two
//! gateways, or a job that runs again after a crash, find nothing left to do.

use luhuan_kernel::{Actor, Id, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Trade;
use crate::{
    Error, Offer, Order,
    entity::{offer, order},
    policy,
};

/// The standing job that takes the steps of clocks; every few seconds.
pub const CLOCKS_JOB: &str = "trade-clocks";

/// Rows of one batch.
const BATCH: u64 = 100;

impl Trade {
    /// Takes the steps of all clocks that have run out; how many. One that cannot be taken is logged and tried again at
    /// the next turn, after the others.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but the program; when the store fails.
    pub async fn run_clocks(&self, actor: &Actor) -> Result<u64, Error> {
        policy::run(actor)?;
        Ok(self.lapse_offers().await? + self.move_orders().await?)
    }

    async fn move_orders(&self) -> Result<u64, Error> {
        let (mut taken, mut after) = (0, None);
        loop {
            let due = self.due_orders(after).await?;
            for (at, id) in &due {
                after = Some((*at, *id));
                match self.run_clock(*id).await {
                    Ok(true) => taken += 1,
                    Ok(false) => {}
                    Err(error) => {
                        tracing::error!(%error, order = %id, "the clock of an order could not be run")
                    }
                }
            }
            if (due.len() as u64) < BATCH {
                return Ok(taken);
            }
        }
    }

    /// Takes the step of one order's clock, if it has run out; whether it did.
    async fn run_clock(&self, id: Id<Order>) -> Result<bool, Error> {
        let uow = self.store().begin().await?;
        let mut moving = self.open(&uow, id).await?;
        if moving.row.due_at.is_none_or(|due| due > uow.now()) {
            return Ok(false);
        }
        let step = self.clock_step(&uow, &moving.row).await?;
        self.take(&uow, &mut moving, step).await?;
        self.close(&uow, moving).await?;
        uow.commit().await?;
        Ok(true)
    }

    async fn due_orders(
        &self,
        after: Option<(Timestamp, Id<Order>)>,
    ) -> Result<Vec<(Timestamp, Id<Order>)>, Error> {
        let now = self.store().clock().now();
        let mut query = order::Entity::find().filter(order::Column::DueAt.lte(now));
        if let Some((at, id)) = after {
            query = query.filter(sea_orm::Condition::any().add(order::Column::DueAt.gt(at)).add(
                sea_orm::Condition::all().add(order::Column::DueAt.eq(at)).add(order::Column::Id.gt(id)),
            ));
        }
        Ok(query
            .select_only()
            .column(order::Column::DueAt)
            .column(order::Column::Id)
            .order_by_asc(order::Column::DueAt)
            .order_by_asc(order::Column::Id)
            .limit(BATCH)
            .into_tuple()
            .all(self.store().reader())
            .await?)
    }

    async fn lapse_offers(&self) -> Result<u64, Error> {
        let now = self.store().clock().now();
        let due: Vec<Id<Offer>> = offer::Entity::find()
            .filter(offer::Column::DueAt.lte(now))
            .select_only()
            .column(offer::Column::Id)
            .order_by_asc(offer::Column::DueAt)
            .limit(10 * BATCH)
            .into_tuple()
            .all(self.store().reader())
            .await?;
        let mut lapsed = 0;
        for id in due {
            let uow = self.store().begin().await?;
            match self.lapse_offer(&uow, id).await {
                Ok(()) => {
                    uow.commit().await?;
                    lapsed += 1;
                }
                Err(error) => tracing::error!(%error, offer = %id, "an offer could not lapse"),
            }
        }
        Ok(lapsed)
    }
}
