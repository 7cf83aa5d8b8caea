//! What listings keep about a person, for export and erasure (PIPL art. 45 to 47).

use async_trait::async_trait;
use luhuan_accounts::PersonalData;
use luhuan_kernel::{Actor, Id, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::Listings;
use crate::{
    Error,
    api::ListingDocument,
    entity::{listing, watch},
    model::{Move, State},
};

#[async_trait]
impl PersonalData for Listings {
    fn name(&self) -> &'static str {
        "listing"
    }

    async fn export(&self, person: Id<Person>) -> Result<Value, String> {
        self.export_of(person).await.map_err(|error| error.to_string())
    }

    /// What is on offer is withdrawn, drafts' words and the watchlist go. What was published stays under the
    /// account's pseudonym for its term: goods information is kept for three years (E-Commerce Law art. 31).
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
        let own = listing::Entity::find()
            .filter(listing::Column::PersonId.eq(person))
            .filter(listing::Column::State.is_in([State::Draft.code(), State::Published.code()]));
        for row in own.all(uow.tx()).await? {
            self.make(uow, row, Move::Withdraw).await?;
        }
        watch::Entity::delete_many().filter(watch::Column::PersonId.eq(person)).exec(uow.tx()).await?;
        Ok(())
    }
}
