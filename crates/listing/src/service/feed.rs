//! Listings whole and in bulk: for the search index and for the command line.

use luhuan_kernel::{Actor, Id};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::{BrowseFilter, ListingView, Listings, PhotoView, query::on_offer};
use crate::{Error, Listing, entity::listing, policy};

impl Listings {
    /// Some listings whole, for the search index: only what may be found, in no order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn findable(
        &self,
        ids: &[Id<Listing>],
    ) -> Result<Vec<(listing::Model, Option<PhotoView>)>, Error> {
        let rows = on_offer(&BrowseFilter::default())
            .filter(listing::Column::Id.is_in(ids.iter().copied()))
            .all(self.store().reader())
            .await?;
        self.with_covers(rows).await
    }

    /// All listings after an id, whole, in the order of their ids: for the command line.
    ///
    /// # Errors
    /// When the actor may not, or the store fails.
    pub async fn export(
        &self,
        actor: &Actor,
        after: Option<Id<Listing>>,
        batch: u64,
    ) -> Result<Vec<ListingView>, Error> {
        policy::bulk(actor)?;
        let db = self.store().reader();
        let mut query = listing::Entity::find().order_by_asc(listing::Column::Id).limit(batch);
        if let Some(after) = after {
            query = query.filter(listing::Column::Id.gt(after));
        }
        let mut views = Vec::new();
        for row in query.all(db).await? {
            views.push(self.complete(db, actor, row).await?);
        }
        Ok(views)
    }

    /// The versions of some listings, whatever their state.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn versions(&self, ids: &[Id<Listing>]) -> Result<Vec<(Id<Listing>, i64)>, Error> {
        let rows = listing::Entity::find()
            .select_only()
            .column(listing::Column::Id)
            .column(listing::Column::Version)
            .filter(listing::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(self.store().reader())
            .await?;
        Ok(rows)
    }

    /// All findable listings after an id, for rebuilding the index: `batch` at a time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn findable_after(
        &self,
        after: Option<Id<Listing>>,
        batch: u64,
    ) -> Result<Vec<(listing::Model, Option<PhotoView>)>, Error> {
        let rows = findable_after(after, batch).all(self.store().reader()).await?;
        self.with_covers(rows).await
    }

    async fn with_covers(
        &self,
        rows: Vec<listing::Model>,
    ) -> Result<Vec<(listing::Model, Option<PhotoView>)>, Error> {
        let cards = self.cards(&rows).await?;
        Ok(rows.into_iter().zip(cards.into_iter().map(|card| card.cover)).collect())
    }
}

pub(super) fn findable_after(after: Option<Id<Listing>>, batch: u64) -> Select<listing::Entity> {
    let query = on_offer(&BrowseFilter::default()).order_by_asc(listing::Column::Id).limit(batch);
    match after {
        Some(after) => query.filter(listing::Column::Id.gt(after)),
        None => query,
    }
}
