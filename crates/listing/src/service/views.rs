//! View counts that cost no write per view.
//!
//! Views are added up in memory and written in one statement every few seconds. What a crash loses is a few
//! seconds of views, which decide nothing.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use luhuan_kernel::Id;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};

use super::Listings;
use crate::{Error, Listing, entity::listing};

/// Views since the last flush.
#[derive(Default)]
pub(super) struct Views(Mutex<HashMap<Id<Listing>, i64>>);

impl Views {
    /// More distinct listings than this between two flushes are not counted, to bound memory.
    const MOST: usize = 100_000;

    fn add(&self, id: Id<Listing>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() < Self::MOST || counts.contains_key(&id) {
            *counts.entry(id).or_default() += 1;
        }
    }

    fn take(&self) -> HashMap<Id<Listing>, i64> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Listings {
    /// Counts a view.
    pub fn count_view(&self, id: Id<Listing>) {
        self.inner.views.add(id);
    }

    /// Writes the views counted since the last flush, one statement for each count that occurs.
    ///
    /// # Errors
    /// When the store fails; the views of this flush are then lost.
    pub async fn flush_views(&self) -> Result<(), Error> {
        let counts = self.inner.views.take();
        if counts.is_empty() {
            return Ok(());
        }
        let mut by_count: HashMap<i64, Vec<Id<Listing>>> = HashMap::new();
        for (id, count) in counts {
            by_count.entry(count).or_default().push(id);
        }
        let uow = self.store().begin().await?;
        for (count, mut ids) in by_count {
            // In the order of ids, so that two gateways flushing at once cannot lock each other out.
            ids.sort_unstable();
            for chunk in ids.chunks(500) {
                listing::Entity::update_many()
                    .col_expr(listing::Column::Views, Expr::col(listing::Column::Views).add(count))
                    .filter(listing::Column::Id.is_in(chunk.iter().copied()))
                    .exec(uow.tx())
                    .await?;
            }
        }
        uow.commit().await?;
        Ok(())
    }
}
