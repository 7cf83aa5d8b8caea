//! The thing behind a listing: known again by its id, its number kept as a keyed hash.

use luhuan_kernel::{Id, Masked, Message, Person, Timestamp, validate};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::Listings;
use crate::{Error, Item, catalog::SerialRule, entity::item};

impl Listings {
    /// An item that the person listed before.
    pub(super) async fn known_item(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        id: Id<Item>,
    ) -> Result<Id<Item>, Error> {
        let known =
            item::Entity::find_by_id(id).filter(item::Column::PersonId.eq(person)).one(uow.tx()).await?;
        let unknown = || Error::invalid("item", Message::new("listing-unknown-item"));
        known.map(|item| item.id).ok_or_else(unknown)
    }

    /// A thing that was never listed, written at once.
    pub(super) async fn new_item(
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
            serial_masked: serial.map(|serial| Masked::Number(serial).to_string()),
            created_at: now,
        })
    }

    /// The number as it is kept: an IMEI where the category asks for one, else any text that is not too long.
    fn check_serial(&self, category: &str, serial: &str) -> Result<String, Error> {
        let rule = self.catalog().category(category).map_or(SerialRule::None, |category| category.serial);
        let wrong = |key| Error::invalid("serial", Message::new(key));
        match rule {
            SerialRule::Imei => {
                validate::imei(serial).map(|imei| imei.to_string()).map_err(|_| wrong("listing-imei"))
            }
            SerialRule::Serial | SerialRule::None if serial.chars().count() > 64 => {
                Err(wrong("listing-serial"))
            }
            SerialRule::Serial | SerialRule::None => Ok(serial.to_ascii_uppercase()),
        }
    }

    /// Equal for equal numbers and to be told by nobody without the key, so that one thing is known again.
    fn hash_serial(&self, serial: &str) -> String {
        use hmac::{Hmac, KeyInit, Mac};
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(self.settings().secret.expose())
            .expect("HMAC takes a key of any length");
        mac.update(b"serial\0");
        mac.update(serial.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// The index `listing_live_item` says that the item is on offer in another listing.
pub(super) fn item_listed(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Error::ItemListed,
        _ => error.into(),
    }
}
