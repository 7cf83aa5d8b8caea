//! What contexts ask of their neighbours, answered here, where all of them are known.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use luhuan_accounts::{Accounts, Keys, PersonalData};
use luhuan_kernel::{Id, Person};
use luhuan_ledger::{Ledger, Vault};
use luhuan_listing::{Listings, model::State};
use luhuan_notifications::{Contact, Directory, Facts, ListingFacts, OrderFacts};
use luhuan_store::UnitOfWork;
use luhuan_trade::Trade;
use uuid::Uuid;

/// How people are reached, by the accounts.
pub struct AccountDirectory(pub Accounts);

#[async_trait]
impl Directory for AccountDirectory {
    async fn contact(&self, person: Id<Person>) -> Result<Option<Contact>, String> {
        let found = self.0.contact_of(person).await.map_err(|error| error.to_string())?;
        Ok(found.map(|(email, locale)| Contact { email, locale }))
    }
}

/// What is behind listings and orders, by listing and trade.
pub struct CityFacts {
    /// Used goods.
    pub listings: Listings,
    /// Orders.
    pub trade: Trade,
}

#[async_trait]
impl Facts for CityFacts {
    async fn listings(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, ListingFacts>, String> {
        let ids: Vec<_> = ids.iter().map(|id| Id::from_uuid(*id)).collect();
        let rows = self.listings.rows_of(&ids).await.map_err(|error| error.to_string())?;
        let taken = self.listings.take_downs(&ids).await.map_err(|error| error.to_string())?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let facts = ListingFacts {
                    seller: row.person_id,
                    organisation: row.organisation_id,
                    taken_down: row.state == State::Withdrawn.code() && taken.contains_key(&row.id),
                    title: row.title,
                };
                (row.id.uuid(), facts)
            })
            .collect())
    }

    async fn orders(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, OrderFacts>, String> {
        let ids: Vec<_> = ids.iter().map(|id| Id::from_uuid(*id)).collect();
        let rows = self.trade.rows_of(&ids).await.map_err(|error| error.to_string())?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let facts =
                    OrderFacts { buyer: row.buyer_id, seller: row.seller_id, organisation: row.seller_shop };
                (row.id.uuid(), facts)
            })
            .collect())
    }

    async fn watchers(
        &self,
        listing: Uuid,
        after: Option<Id<Person>>,
        limit: u64,
    ) -> Result<Vec<Id<Person>>, String> {
        let found = self.listings.watchers(Id::from_uuid(listing), after, limit).await;
        found.map_err(|error| error.to_string())
    }
}

/// What the ledger keeps about a person. The ledger stands beside the accounts and does not know them.
pub struct LedgerData(pub Ledger);

#[async_trait]
impl PersonalData for LedgerData {
    fn name(&self) -> &'static str {
        "ledger"
    }

    async fn export(&self, person: Id<Person>) -> Result<serde_json::Value, String> {
        self.0.export_of(person).await.map_err(|error| error.to_string())
    }

    async fn in_the_way(&self, _: &UnitOfWork, person: Id<Person>) -> Result<Option<&'static str>, String> {
        let has_money = self.0.has_money(person).await.map_err(|error| error.to_string())?;
        Ok(has_money.then_some("account-has-money"))
    }

    async fn erase(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), String> {
        self.0.erase_of(uow, person).await.map_err(|error| error.to_string())
    }
}

/// Seals what the ledger may not keep readable, with the keys of the accounts.
pub struct KeyVault(pub Keys);

impl Vault for KeyVault {
    fn seal(&self, place: &str, text: &str) -> Result<String, String> {
        self.0.seal(place, text).map_err(|error| error.to_string())
    }

    fn open(&self, place: &str, sealed: &str) -> Result<String, String> {
        let opened = self.0.open(place, sealed).map_err(|error| error.to_string())?;
        Ok(opened.expose().clone())
    }
}

/// All that keep something about a person, beside the accounts.
#[must_use]
pub fn contributors(
    listings: &Listings,
    ledger: &Ledger,
    trade: &Trade,
    notifications: &luhuan_notifications::Notifications,
    certification: &luhuan_certification::Certification,
) -> [Arc<dyn PersonalData>; 5] {
    [
        Arc::new(listings.clone()),
        Arc::new(LedgerData(ledger.clone())),
        Arc::new(trade.clone()),
        Arc::new(notifications.clone()),
        Arc::new(certification.clone()),
    ]
}
