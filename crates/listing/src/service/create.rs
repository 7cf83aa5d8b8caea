//! Drafting a listing.

use luhuan_kernel::{Actor, FieldProblem, Id, Message, Organisation, Person, Timestamp, geo, validate};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::Listings;
use crate::{
    Error, Item, Listing, ListingEvent,
    catalog::SerialRule,
    entity::{item, listing},
    model::{Details, State},
    policy,
};

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
        let mut row = blank(Id::new(self.store().clock()), item, person, uow.now());
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

    /// Checks the input and treats contact details as the operator set it.
    pub(super) fn clean(&self, mut details: Details) -> Result<Details, Error> {
        let mut problems = self.without_contacts(&mut details);
        for code in &details.statements {
            if !self.screening_rules().any(|rule| rule.requires == Some(code)) {
                let message = Message::new("listing-unknown-code").with("code", code);
                problems.push(FieldProblem { field: "statements".to_owned(), message });
            }
        }
        match details.checked(self.catalog()) {
            Ok(details) if problems.is_empty() => Ok(details),
            Ok(_) => Err(Error::Invalid(problems)),
            Err(more) => Err(Error::Invalid(problems.into_iter().chain(more).collect())),
        }
    }

    /// Masks contact details in all prose, or names the fields that are refused for them.
    fn without_contacts(&self, details: &mut Details) -> Vec<FieldProblem> {
        let Details { title, description, defects, reason, returns_note, .. } = details;
        let texts = [
            ("title", title),
            ("description", description),
            ("reason", reason),
            ("returns_note", returns_note),
        ];
        let texts = texts.into_iter().chain(defects.iter_mut().map(|defect| ("defects", defect)));
        let mut problems = Vec::new();
        for (field, text) in texts {
            match self.inner.contacts.apply(self.settings().contacts, text) {
                Ok(clean) => *text = clean,
                Err(found) => problems.push(FieldProblem {
                    field: field.to_owned(),
                    message: Message::new("listing-contact-in-text").with("found", found),
                }),
            }
        }
        problems
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

    async fn known_item(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        id: Id<Item>,
    ) -> Result<Id<Item>, Error> {
        let known =
            item::Entity::find_by_id(id).filter(item::Column::PersonId.eq(person)).one(uow.tx()).await?;
        known.map(|item| item.id).ok_or_else(|| {
            Error::Invalid(vec![FieldProblem {
                field: "item".to_owned(),
                message: Message::new("listing-unknown-item"),
            }])
        })
    }

    async fn new_item(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        category: &str,
        serial: Option<&str>,
    ) -> Result<Id<Item>, Error> {
        let row = self.item(person, category, serial, uow.now())?;
        Ok(row.into_active_model().reset_all().insert(uow.tx()).await?.id)
    }

    /// A new item, its number checked by the category's rule.
    pub(super) fn item(
        &self,
        person: Id<Person>,
        category: &str,
        serial: Option<&str>,
        now: Timestamp,
    ) -> Result<item::Model, Error> {
        let serial = serial.map(str::trim).filter(|serial| !serial.is_empty());
        let serial = serial.map(|serial| self.check_serial(category, serial)).transpose()?;
        Ok(item::Model {
            id: Id::new(self.store().clock()),
            person_id: person,
            category: category.to_owned(),
            serial_hash: serial.as_deref().map(|serial| self.hash_serial(serial)),
            serial_masked: serial.map(|serial| luhuan_kernel::Masked::Number(serial).to_string()),
            created_at: now,
        })
    }

    fn check_serial(&self, category: &str, serial: &str) -> Result<String, Error> {
        let rule = self.catalog().category(category).map_or(SerialRule::None, |category| category.serial);
        let wrong = |key| {
            Err(Error::Invalid(vec![FieldProblem { field: "serial".to_owned(), message: Message::new(key) }]))
        };
        match rule {
            SerialRule::Imei => match validate::imei(serial) {
                Ok(imei) => Ok(imei.to_string()),
                Err(_) => wrong("listing-imei"),
            },
            SerialRule::Serial | SerialRule::None if serial.chars().count() > 64 => wrong("listing-serial"),
            SerialRule::Serial | SerialRule::None => Ok(serial.to_ascii_uppercase()),
        }
    }

    fn hash_serial(&self, serial: &str) -> String {
        use hmac::{Hmac, KeyInit, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(self.settings().secret.expose())
            .expect("HMAC takes a key of any length");
        mac.update(b"serial\0");
        mac.update(serial.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// An empty draft.
pub(super) fn blank(id: Id<Listing>, item: Id<Item>, person: Id<Person>, now: Timestamp) -> listing::Model {
    listing::Model {
        id,
        item_id: item,
        person_id: person,
        organisation_id: None,
        seller_kind: String::new(),
        state: State::Draft.code().to_owned(),
        held: None,
        version: 1,
        title: String::new(),
        description: String::new(),
        category: String::new(),
        root: String::new(),
        condition: None,
        defects: "[]".to_owned(),
        origin: None,
        price_fen: None,
        original_price_fen: None,
        negotiable: false,
        delivery: "[]".to_owned(),
        freight: None,
        district: None,
        subdistrict: None,
        lat: None,
        lon: None,
        returns: None,
        returns_note: String::new(),
        attributes: "{}".to_owned(),
        brand: String::new(),
        model: String::new(),
        quantity: 1,
        age_months: None,
        reason: String::new(),
        statements: "[]".to_owned(),
        badges: "[]".to_owned(),
        external_id: None,
        views: 0,
        watches: 0,
        created_at: now,
        updated_at: now,
        published_at: None,
        expires_at: None,
        closed_at: None,
    }
}

pub(super) fn item_listed(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Error::ItemListed,
        _ => error.into(),
    }
}
