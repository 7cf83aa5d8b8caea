//! Importing listings in bulk.

use std::collections::{HashMap, HashSet};

use luhuan_accounts::SellerCard;
use luhuan_kernel::{Actor, Id, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{Change, CreateListing, Listings};
use crate::{
    Error, Listing, ListingEvent,
    entity::{item, listing, price_point},
    model::{Move, State},
    policy,
};

/// What to do with a row whose external id is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// Bring the listing up to date.
    CreateOrUpdate,
    /// Leave the listing alone.
    CreateOnly,
}

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    /// A new listing.
    Created(Id<Listing>),
    /// A listing with this external id was there and says something else now.
    Updated(Id<Listing>),
    /// It was there and says the same.
    Unchanged(Id<Listing>),
}

/// A new listing that has passed every check and waits to be written.
struct Ready {
    item: item::Model,
    listing: listing::Model,
}

impl Listings {
    /// Rows of one batch at most: what one statement can carry on either database.
    pub const IMPORT_BATCH: usize = 500;

    /// Creates and publishes listings for a seller, or brings those with the same external id up to date; an outcome
    /// for each row, in order. Every check is made before anything is written, so that a bad row leaves no trace and
    /// the good ones are kept. Repeating an import changes nothing.
    ///
    /// # Errors
    /// When the actor may not, or the store fails: then nothing of the batch happened.
    pub async fn import(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        seller: Id<Person>,
        rows: Vec<CreateListing>,
        mode: ImportMode,
    ) -> Result<Vec<Result<ImportOutcome, Error>>, Error> {
        policy::bulk(actor)?;
        let card = self.accounts().sellers(&[seller]).await?.remove(&seller);
        let mut known = self.imported(uow, seller, &rows).await?;
        let mut outcomes: Vec<_> = rows.iter().map(|_| Err(Error::NotFound)).collect();
        let (mut seen, mut ready, mut again) = (HashSet::new(), Vec::new(), Vec::new());
        for (place, row) in rows.into_iter().enumerate() {
            let first = row.external_id.as_ref().is_none_or(|id| seen.insert(id.clone()));
            match row.external_id.as_ref().and_then(|id| known.remove(id)) {
                Some(present) => outcomes[place] = self.reimport(uow, actor, present, row, mode).await,
                // Twice in one batch: an update of the first, once that is written.
                None if !first => again.push((place, row)),
                None => {
                    outcomes[place] = self.ready(uow, seller, card.as_ref(), row).map(|one| {
                        let id = one.listing.id;
                        ready.push(one);
                        ImportOutcome::Created(id)
                    });
                }
            }
        }
        self.write(uow, ready).await?;
        for (place, row) in again {
            let present = self.imported(uow, seller, std::slice::from_ref(&row)).await?.into_values().next();
            outcomes[place] = match present {
                Some(present) => self.reimport(uow, actor, present, row, mode).await,
                // The first of them was refused: this one is on its own.
                None => self.import_one(uow, seller, card.as_ref(), row).await,
            };
        }
        Ok(outcomes)
    }

    async fn import_one(
        &self,
        uow: &UnitOfWork,
        seller: Id<Person>,
        card: Option<&SellerCard>,
        row: CreateListing,
    ) -> Result<ImportOutcome, Error> {
        let ready = self.ready(uow, seller, card, row)?;
        let id = ready.listing.id;
        self.write(uow, vec![ready]).await?;
        Ok(ImportOutcome::Created(id))
    }

    async fn imported(
        &self,
        uow: &UnitOfWork,
        seller: Id<Person>,
        rows: &[CreateListing],
    ) -> Result<HashMap<String, listing::Model>, Error> {
        let ids: Vec<&String> = rows.iter().filter_map(|row| row.external_id.as_ref()).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let found = listing::Entity::find()
            .filter(listing::Column::PersonId.eq(seller))
            .filter(listing::Column::ExternalId.is_in(ids));
        let found = found.all(uow.tx()).await?;
        Ok(found.into_iter().filter_map(|row| Some((row.external_id.clone()?, row))).collect())
    }

    /// Every check that creating and publishing make, in memory.
    fn ready(
        &self,
        uow: &UnitOfWork,
        seller: Id<Person>,
        card: Option<&SellerCard>,
        input: CreateListing,
    ) -> Result<Ready, Error> {
        let details = self.clean(input.details)?;
        let item = self.item(seller, &details.category, input.serial.as_deref(), uow.now())?;
        let mut row = listing::Model::blank(Id::new(self.store().clock()), item.id, seller, uow.now());
        row.organisation_id = input.organisation;
        self.kind_of(card, input.organisation).code().clone_into(&mut row.seller_kind);
        row.external_id = input.external_id;
        let passed = self.screen(&details)?;
        row.set_details(details);
        passed.mark(&mut row);
        self.place(&mut row, input.point);
        State::Draft.after(Move::Publish)?.code().clone_into(&mut row.state);
        row.published_at = Some(uow.now());
        row.expires_at = Some(uow.now().plus_days(self.settings().days_on_offer));
        Ok(Ready { item, listing: row })
    }

    async fn write(&self, uow: &UnitOfWork, ready: Vec<Ready>) -> Result<(), Error> {
        if ready.is_empty() {
            return Ok(());
        }
        let (mut items, mut listings, mut prices, mut events) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for Ready { item, listing } in ready {
            if let Some(price_fen) = listing.price_fen {
                prices.push(price_point::Model { listing_id: listing.id, at: uow.now(), price_fen });
            }
            let (from, to) = (State::Draft, State::Published);
            events.push(ListingEvent::Moved { listing: listing.id, from, to });
            if listing.held.is_some() {
                events.push(ListingEvent::Held { listing: listing.id, held: true });
            }
            items.push(item.into_active_model().reset_all());
            listings.push(listing.into_active_model().reset_all());
        }
        let prices = prices.into_iter().map(|price| price.into_active_model().reset_all());
        item::Entity::insert_many(items).exec_without_returning(uow.tx()).await?;
        listing::Entity::insert_many(listings).exec_without_returning(uow.tx()).await?;
        price_point::Entity::insert_many(prices).exec_without_returning(uow.tx()).await?;
        uow.emit_all(&events).await?;
        Ok(())
    }

    /// Brings a listing up to date. One that is reserved or sold stays as it is, and so does one that says the same.
    async fn reimport(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        present: listing::Model,
        input: CreateListing,
        mode: ImportMode,
    ) -> Result<ImportOutcome, Error> {
        let (id, version, state) = (present.id, present.version, present.state()?);
        let details = self.clean(input.details)?;
        let settled = !state.is_editable() && details == present.details()?;
        if settled || mode == ImportMode::CreateOnly {
            return Ok(ImportOutcome::Unchanged(id));
        }
        if state == State::Draft {
            // Before anything is written: a draft is published below, and a bad row leaves no trace.
            self.screen(&details)?;
        }
        let point = input.point;
        let edited = self.edit(uow, actor, id, None, |_| Change { details, point }).await?;
        let now = match state {
            State::Draft => self.publish(uow, actor, id, None).await?.version,
            _ => edited.version,
        };
        Ok(if now == version { ImportOutcome::Unchanged(id) } else { ImportOutcome::Updated(id) })
    }
}
