//! What others may know of people and organisations, for the contexts above.

use std::collections::HashMap;

use luhuan_kernel::{Id, Locale, Organisation, OrganisationKind, Person, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::Accounts;
use crate::{
    Error,
    entity::{login, organisation, person},
    model::{LicenceCheck, Login, SellerKind},
};

/// An organisation as everybody may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationSummary {
    /// Which.
    pub id: Id<Organisation>,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// Its licence number, masked, and what its check character says.
    pub licence: Option<(String, LicenceCheck)>,
    /// Since when.
    pub since: Timestamp,
}

/// A person as everybody may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerCard {
    /// Who.
    pub id: Id<Person>,
    /// The name others see; a pseudonym after an erasure.
    pub name: String,
    /// As what they sell: it decides which rights buyers have.
    pub seller_kind: SellerKind,
    /// The shop, when they are a registered merchant: its licence is shown (E-Commerce Law art. 15).
    pub organisation: Option<OrganisationSummary>,
    /// Where they live, if they said.
    pub subdistrict: Option<String>,
    /// Since when they are here.
    pub since: Timestamp,
    /// Whether an identity number was given and is sound.
    pub identified: bool,
    /// Whether the account was erased.
    pub erased: bool,
}

/// Who stands behind an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicProfile {
    /// The shop's name, or the person's.
    pub name: String,
    /// The code of a [`SellerKind`].
    pub kind: String,
    /// Whether an identity number, or a licence whose check fits, is on file.
    pub verified: bool,
}

impl Accounts {
    /// What everybody may know of people. Who does not exist is left out.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sellers(&self, ids: &[Id<Person>]) -> Result<HashMap<Id<Person>, SellerCard>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let query = person::Entity::find().filter(person::Column::Id.is_in(ids.iter().copied()));
        let people = query.all(self.store.reader()).await?;
        let shops: Vec<Id<Organisation>> =
            people.iter().filter_map(|person| person.seller_organisation).collect();
        let shops = self.shops(&shops).await?;
        let card = |row: person::Model| {
            let organisation = row.seller_organisation.and_then(|shop| shops.get(&shop).cloned());
            let card = SellerCard {
                id: row.id,
                name: row.name,
                seller_kind: SellerKind::from_code(&row.seller_kind),
                organisation,
                subdistrict: row.subdistrict,
                since: row.created_at,
                identified: row.identity_mac.is_some(),
                erased: row.erased_at.is_some(),
            };
            (card.id, card)
        };
        Ok(people.into_iter().map(card).collect())
    }

    /// Who stands behind an offer: the shop, when it is one, or the person.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such person or shop.
    pub async fn public_profile(
        &self,
        person: Id<Person>,
        shop: Option<Id<Organisation>>,
    ) -> Result<PublicProfile, Error> {
        let db = self.store.reader();
        let row = person::Entity::find_by_id(person).one(db).await?.ok_or(Error::NotFound)?;
        let Some(shop) = shop else {
            let verified = row.identity_sealed.is_some();
            return Ok(PublicProfile { name: row.name, kind: row.seller_kind, verified });
        };
        let shop = self.shops(&[shop]).await?.remove(&shop).ok_or(Error::NotFound)?;
        let verified = shop.licence.is_some_and(|(_, check)| check == LicenceCheck::Fits);
        // Whoever sells for an organisation is an operator (E-Commerce Law art. 9).
        let kind = SellerKind::RegisteredMerchant.code().to_owned();
        Ok(PublicProfile { name: shop.name, kind, verified })
    }

    /// What everybody may know of organisations. What does not exist is left out.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn shops(
        &self,
        ids: &[Id<Organisation>],
    ) -> Result<HashMap<Id<Organisation>, OrganisationSummary>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let query = organisation::Entity::find().filter(organisation::Column::Id.is_in(ids.iter().copied()));
        let mut shops = HashMap::new();
        for row in query.all(self.store.reader()).await? {
            let Some(kind) = OrganisationKind::from_code(&row.kind) else { continue };
            let licence = self.licence_of(&row)?;
            let shop =
                OrganisationSummary { id: row.id, kind, licence, name: row.name, since: row.created_at };
            shops.insert(shop.id, shop);
        }
        Ok(shops)
    }

    /// How a person is written to: a verified e-mail address, if there is one, and the language. `None` when the account
    /// is gone. For what the program sends, never for a page.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn contact_of(&self, person: Id<Person>) -> Result<Option<(Option<String>, Locale)>, Error> {
        let db = self.store.reader();
        let found = person::Entity::find_by_id(person).one(db).await?;
        let Some(row) = found.filter(|row| row.erased_at.is_none()) else { return Ok(None) };
        let logins = login::Entity::find().filter(login::Column::PersonId.eq(person)).all(db).await?;
        let email = logins.into_iter().find(|row| row.kind == "email" && row.verified_at.is_some());
        Ok(Some((email.map(|row| row.value), row.locale.parse().unwrap_or_default())))
    }

    /// Who has a login: for the command line and for what is loaded in bulk, never for a page.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it cannot be a login.
    pub async fn person_by_login(&self, login: &str) -> Result<Option<Id<Person>>, Error> {
        let login = Login::parse(login).map_err(|message| Error::field("login", message))?;
        let row = login::Entity::find_by_id(login.expose()).one(self.store.reader()).await?;
        Ok(row.map(|row| row.person_id))
    }
}
