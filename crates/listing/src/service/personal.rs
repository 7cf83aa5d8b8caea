//! What listings keep about a person, for export and erasure (PIPL art. 45 to 47).

use async_trait::async_trait;
use luhuan_accounts::PersonalData;
use luhuan_kernel::{Actor, Id, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Value, json};

use super::Listings;
use crate::{
    Error,
    api::ListingDocument,
    entity::{item, listing, photo, price_point, watch},
    model::Move,
};

#[async_trait]
impl PersonalData for Listings {
    fn name(&self) -> &'static str {
        "listing"
    }

    async fn export(&self, person: Id<Person>) -> Result<Value, String> {
        self.export_of(person).await.map_err(|error| error.to_string())
    }

    /// What is on offer is withdrawn; the words and photos of drafts that nobody else saw go, and so does the
    /// watchlist. What was published stays under the account's pseudonym for its term: goods information is kept for
    /// three years (E-Commerce Law art. 31).
    async fn erase(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), String> {
        self.erase_of(uow, person).await.map_err(|error| error.to_string())
    }
}

impl Listings {
    async fn export_of(&self, person: Id<Person>) -> Result<Value, Error> {
        let db = self.store().reader();
        let own = listing::Entity::find().filter(listing::Column::PersonId.eq(person)).all(db).await?;
        let mut listings = Vec::with_capacity(own.len());
        for row in own {
            listings.push(ListingDocument::of(self.complete(db, &Actor::system("export"), row).await?)?);
        }
        let watches = watch::Entity::find().filter(watch::Column::PersonId.eq(person)).all(db).await?;
        let watches: Vec<_> =
            watches.iter().map(|watch| json!({ "listing": watch.listing_id, "since": watch.at })).collect();
        Ok(json!({ "listings": listings, "watches": watches }))
    }

    async fn erase_of(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
        // What is sold for a shop is the shop's.
        let mut own = listing::Entity::find()
            .filter(listing::Column::PersonId.eq(person))
            .filter(listing::Column::OrganisationId.is_null());
        if uow.locks_rows() {
            own = own.lock_exclusive();
        }
        for row in own.all(uow.tx()).await? {
            let (state, was_published) = (row.state()?, row.published_at.is_some());
            let row = match state.after(Move::Withdraw) {
                Ok(_) => self.make_move(uow, row, Move::Withdraw).await?,
                Err(_) => row,
            };
            if !was_published {
                self.wipe(uow, row).await?;
            }
        }
        self.unwatch_all(uow, person).await
    }

    async fn unwatch_all(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
        let own = watch::Entity::find().filter(watch::Column::PersonId.eq(person));
        for watch in own.order_by_asc(watch::Column::ListingId).all(uow.tx()).await? {
            self.stop_watching(uow, person, watch.listing_id).await?;
        }
        Ok(())
    }

    /// Empties a draft that nobody else ever saw. Its photos' blobs go at the next sweep.
    async fn wipe(&self, uow: &UnitOfWork, row: listing::Model) -> Result<(), Error> {
        let id = row.id;
        let empty = listing::Model {
            seller_kind: row.seller_kind,
            state: row.state,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            closed_at: row.closed_at,
            ..listing::Model::blank(id, row.item_id, row.person_id, uow.now())
        };
        empty.into_active_model().reset_all().update(uow.tx()).await?;
        photo::Entity::delete_many().filter(photo::Column::ListingId.eq(id)).exec(uow.tx()).await?;
        price_point::Entity::delete_many()
            .filter(price_point::Column::ListingId.eq(id))
            .exec(uow.tx())
            .await?;
        let offered = listing::Entity::find()
            .filter(listing::Column::ItemId.eq(row.item_id))
            .filter(listing::Column::PublishedAt.is_not_null());
        if offered.one(uow.tx()).await?.is_none() {
            let serial =
                item::ActiveModel { serial_hash: Set(None), serial_masked: Set(None), ..Default::default() };
            item::Entity::update_many()
                .set(serial)
                .filter(item::Column::Id.eq(row.item_id))
                .exec(uow.tx())
                .await?;
        }
        Ok(())
    }
}
