//! Prices: of a listing over time, and of what compares with it.

use luhuan_kernel::{Id, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{ExprTrait, OnConflict},
};
use serde::Serialize;

use super::{Listings, query::stands};
use crate::{
    Error, Listing,
    entity::{listing, price_point},
    model::{Comparable, PriceHint, State},
};

/// How far back prices compare, in days.
const COMPARABLE_DAYS: i64 = 90;

/// Comparables that a hint rests on, at most.
const COMPARABLES: u64 = 200;

/// A price from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PriceStep {
    /// Since when.
    pub at: Timestamp,
    /// The price in fen.
    pub price_fen: i64,
}

#[derive(FromQueryResult)]
struct PriceRow {
    price_fen: i64,
    state: String,
}

impl Listings {
    /// Notes the price that a listing asks from now on.
    pub(super) async fn note_price(&self, uow: &UnitOfWork, row: &listing::Model) -> Result<(), Error> {
        let Some(price_fen) = row.price_fen else { return Ok(()) };
        let point = price_point::Model { listing_id: row.id, at: uow.now(), price_fen };
        price_point::Entity::insert(point.into_active_model().reset_all())
            .on_conflict(
                OnConflict::columns([price_point::Column::ListingId, price_point::Column::At])
                    .update_column(price_point::Column::PriceFen)
                    .to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
        Ok(())
    }

    /// The prices of a listing over time, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn price_history(&self, id: Id<Listing>) -> Result<Vec<PriceStep>, Error> {
        let points = price_point::Entity::find()
            .filter(price_point::Column::ListingId.eq(id))
            .order_by_asc(price_point::Column::At)
            .limit(200)
            .all(self.store().reader())
            .await?;
        Ok(points.into_iter().map(|point| PriceStep { at: point.at, price_fen: point.price_fen }).collect())
    }

    /// What comparable listings of the last 90 days ask: the same model, else the same brand, else the category. It
    /// may be a minute old.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn price_hint(
        &self,
        category: &str,
        brand: &str,
        model: &str,
    ) -> Result<Option<PriceHint>, Error> {
        let (key, now) =
            ((category.to_owned(), brand.to_owned(), model.to_owned()), self.store().clock().now());
        if let Some(hint) = self.inner.answers.hint(&key, now) {
            return Ok(Some(hint));
        }
        let hint = self.count_prices(category, brand, model).await?;
        // That there is too little to say is cheap to find out, and may change with the next listing.
        if let Some(hint) = hint {
            self.inner.answers.keep_hint(key, now, hint);
        }
        Ok(hint)
    }

    async fn count_prices(
        &self,
        category: &str,
        brand: &str,
        model: &str,
    ) -> Result<Option<PriceHint>, Error> {
        let since = self.store().clock().now().plus_days(-COMPARABLE_DAYS);
        let narrow_to_wide = [
            (!brand.is_empty() && !model.is_empty()).then_some(Likeness::Model(brand, model)),
            (!brand.is_empty()).then_some(Likeness::Brand(brand)),
            Some(Likeness::Category),
        ];
        for likeness in narrow_to_wide.into_iter().flatten() {
            let query = comparables(category, likeness, since).into_model::<PriceRow>();
            let rows = query.all(self.store().reader()).await?;
            let comparables: Vec<_> = rows.iter().map(PriceRow::comparable).collect();
            if let Some(hint) = PriceHint::of(&comparables) {
                return Ok(Some(hint));
            }
        }
        Ok(None)
    }
}

impl PriceRow {
    fn comparable(&self) -> Comparable {
        Comparable { price_fen: self.price_fen, sold: self.state == State::Sold.code() }
    }
}

/// How like a comparable thing is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Likeness<'a> {
    /// Of the same brand and model.
    Model(&'a str, &'a str),
    /// Of the same brand.
    Brand(&'a str),
    /// Of the same category.
    Category,
}

/// Prices of what compares, the newest [`COMPARABLES`].
pub(super) fn comparables(
    category: &str,
    likeness: Likeness<'_>,
    since: Timestamp,
) -> Select<listing::Entity> {
    let query = listing::Entity::find()
        .select_only()
        .column(listing::Column::PriceFen)
        .column(listing::Column::State)
        .filter(stands(State::Published).or(stands(State::Sold)))
        .filter(listing::Column::Category.eq(category))
        .filter(listing::Column::PriceFen.is_not_null())
        .filter(listing::Column::PublishedAt.gte(since))
        .order_by_desc(listing::Column::PublishedAt)
        .limit(COMPARABLES);
    match likeness {
        Likeness::Category => query,
        Likeness::Brand(brand) => query.filter(listing::Column::Brand.eq(brand)),
        Likeness::Model(brand, model) => {
            query.filter(listing::Column::Brand.eq(brand)).filter(listing::Column::Model.eq(model))
        }
    }
}
