//! Drafting a listing.

use luhuan_kernel::{Actor, Id, Organisation, Person, geo};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::{Listings, items::item_listed};
use crate::{Error, Item, ListingEvent, entity::listing, model::Details, policy};

/// A listing to be.
#[derive(Clone, Debug, Default)]
pub struct CreateListing {
    /// What it says.
    pub details: Details,
    /// The true place, if the seller tells it; it is fuzzed at once and never stored.
    pub point: Option<geo::Point>,
    /// The shop it is sold for.
    pub organisation: Option<Id<Organisation>>,
    /// An item that was listed before.
    pub item: Option<Id<Item>>,
    /// The item's serial number or IMEI.
    pub serial: Option<String>,
    /// The seller's own id of it: the same id, the same listing.
    pub external_id: Option<String>,
}

impl Listings {
    /// Drafts a listing for the actor, or for a shop that the actor sells for.
    ///
    /// # Errors
    /// [`Error::Invalid`] field by field; [`Error::ItemListed`] when the item is on offer already.
    pub async fn create(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        input: CreateListing,
    ) -> Result<listing::Model, Error> {
        let person = policy::create(actor, input.organisation)?;
        self.create_for(uow, person, input).await
    }

    /// Drafts a listing for a person, policy already settled.
    pub(super) async fn create_for(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        input: CreateListing,
    ) -> Result<listing::Model, Error> {
        let details = self.clean(input.details)?;
        let card = self.accounts().sellers(&[person]).await?.remove(&person);
        let item = match input.item {
            Some(item) => self.known_item(uow, person, item).await?,
            None => self.new_item(uow, person, &details.category, input.serial.as_deref()).await?,
        };
        let mut row = listing::Model::blank(Id::new(self.store().clock()), item, person, uow.now());
        row.organisation_id = input.organisation;
        row.seller_kind = self.kind_of(card.as_ref(), input.organisation).code().to_owned();
        row.external_id = input.external_id;
        row.set_details(details);
        self.place(&mut row, input.point);
        // The index `listing_live_item` decides between two that list one item at once.
        let row = row.into_active_model().reset_all().insert(uow.tx()).await.map_err(item_listed)?;
        self.note_price(uow, &row).await?;
        uow.emit(&ListingEvent::Drafted { listing: row.id }).await?;
        Ok(row)
    }

    /// Fuzzes the place: the seller's point, or the middle of the sub-district. By item, so that listing a thing
    /// twice does not let anyone average the true place out.
    pub(super) fn place(&self, row: &mut listing::Model, point: Option<geo::Point>) {
        let centre = row.subdistrict.as_deref().and_then(geo::subdistrict).map(geo::Subdistrict::centre);
        let fuzzed = point
            .or(centre)
            .map(|point| geo::fuzz(point, self.settings().secret.expose(), row.item_id.as_bytes()));
        row.lat = fuzzed.map(|point| point.lat);
        row.lon = fuzzed.map(|point| point.lon);
    }
}
