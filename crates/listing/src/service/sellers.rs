//! Who sells.

use luhuan_accounts::{SellerCard, model::SellerKind};
use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::Serialize;

use super::Listings;
use crate::{Error, entity::listing, model::State};

/// A seller as strangers see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SellerView {
    /// The person who posts.
    #[schema(value_type = String, format = "uuid")]
    pub person: Id<Person>,
    /// The shop, when it is one.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub organisation: Option<Id<Organisation>>,
    /// The shop's name, or the person's display name.
    pub name: String,
    /// `private`, `natural_person_trader` or `registered_merchant`.
    pub kind: String,
    /// Whether an identity or licence number has been checked.
    pub verified: bool,
    /// Since when the seller is here.
    pub since: Option<Timestamp>,
    /// Listings on offer.
    pub on_offer: u64,
    /// Listings sold.
    pub sold: u64,
}

impl Listings {
    /// The seller behind a listing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn seller(
        &self,
        person: Id<Person>,
        shop: Option<Id<Organisation>>,
    ) -> Result<SellerView, Error> {
        let now = self.store().clock().now();
        if let Some(known) = self.inner.answers.seller((person, shop), now) {
            return Ok(known);
        }
        let seller = self.read_seller(person, shop).await?;
        self.inner.answers.keep_seller((person, shop), now, seller.clone());
        Ok(seller)
    }

    async fn read_seller(
        &self,
        person: Id<Person>,
        shop: Option<Id<Organisation>>,
    ) -> Result<SellerView, Error> {
        let db = self.store().reader();
        let card = self.accounts().sellers(&[person]).await?.remove(&person);
        let shop_card = match shop {
            Some(shop) => self.accounts().shops(&[shop]).await?.remove(&shop),
            None => None,
        };
        let count = |state: State| {
            let own = listing::Entity::find().filter(listing::Column::State.eq(state.code()));
            let own = match shop {
                Some(shop) => own.filter(listing::Column::OrganisationId.eq(shop)),
                None => own
                    .filter(listing::Column::PersonId.eq(person))
                    .filter(listing::Column::OrganisationId.is_null()),
            };
            own.count(db)
        };
        Ok(SellerView {
            person,
            organisation: shop,
            name: shop_card
                .as_ref()
                .map(|shop| shop.name.clone())
                .or(card.as_ref().map(|card| card.name.clone()))
                .unwrap_or_default(),
            kind: self.kind_of(card.as_ref(), shop).code().to_owned(),
            verified: match &shop_card {
                Some(shop) => shop.licence.is_some(),
                None => card.as_ref().is_some_and(|card| card.identified),
            },
            since: card.map(|card| card.since),
            on_offer: count(State::Published).await?,
            sold: count(State::Sold).await?,
        })
    }

    /// As what a person sells: for a shop as a registered merchant, whatever they are themselves.
    pub(super) fn kind_of(&self, card: Option<&SellerCard>, shop: Option<Id<Organisation>>) -> SellerKind {
        match (shop, card) {
            (Some(_), _) => SellerKind::RegisteredMerchant,
            (None, Some(card)) => card.seller_kind,
            (None, None) => SellerKind::Private,
        }
    }
}
