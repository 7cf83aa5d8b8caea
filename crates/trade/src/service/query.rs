//! Lists of orders, and what lists share.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Organisation, Page, Person, Problem, Timestamp};
use luhuan_listing::{Card, Listing};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{Address, Trade, orders::address_place};
use crate::{
    Error, Order,
    entity::{json, line, order},
    model::{By, State},
    policy,
};

/// As which side one looks at one's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = trade::Role)]
pub enum Role {
    /// What one buys.
    #[default]
    Buyer,
    /// What one sells.
    Seller,
}

impl Role {
    /// The same as a party.
    #[must_use]
    pub const fn by(self) -> By {
        match self {
            Self::Buyer => By::Buyer,
            Self::Seller => By::Seller,
        }
    }
}

/// Which orders to list.
#[derive(Clone, Debug, Default)]
pub struct OrderFilter {
    /// As which side.
    pub role: Role,
    /// In these states only; all when empty.
    pub states: Vec<State>,
}

/// An order as lists show it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OrderCard {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Order>,
    /// As which side the reader sees it.
    pub role: By,
    /// Where it stands.
    pub state: State,
    /// Title of the first thing in it.
    pub title: String,
    /// How many things are in it.
    pub things: i32,
    /// The first of them, as its lists show it; nothing when it is not for the reader's eyes any more.
    pub card: Option<Card>,
    /// What the buyer pays, in fen.
    pub total_fen: i64,
    /// The other: a person, or of a shop who posted the listing.
    #[schema(value_type = String, format = "uuid")]
    pub other: Id<Person>,
    /// The other's name, or the shop's.
    pub other_name: String,
    /// When the clock takes it further.
    pub due_at: Option<Timestamp>,
    /// When it was submitted.
    pub created_at: Timestamp,
}

impl Trade {
    /// The rows of some orders: for what the program tells people of them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rows_of(&self, ids: &[Id<Order>]) -> Result<Vec<order::Model>, Error> {
        let found = order::Entity::find().filter(order::Column::Id.is_in(ids.iter().copied()));
        Ok(found.all(self.store().reader()).await?)
    }

    /// One's own orders, the newest first.
    ///
    /// # Errors
    /// 401 when nobody is signed in; 422 for a cursor that is not of this list.
    pub async fn orders(
        &self,
        actor: &Actor,
        filter: &OrderFilter,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<OrderCard>, Problem> {
        let person = policy::view_own(actor)?;
        let mine = match filter.role {
            Role::Buyer => Condition::all().add(order::Column::BuyerId.eq(person)),
            Role::Seller => sold_by(actor, person, order::Column::SellerId, order::Column::SellerShop),
        };
        let mut query = order::Entity::find().filter(mine);
        if !filter.states.is_empty() {
            let states = filter.states.iter().map(|state| state.code());
            query = query.filter(order::Column::State.is_in(states));
        }
        if let Some(id) = key::<Id<Order>>(after)? {
            query = query.filter(order::Column::Id.lt(id));
        }
        let rows = query
            .order_by_desc(order::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| row.id);
        let items = self.order_cards(actor, filter.role.by(), &page.items).await?;
        Ok(Page { items, next: page.next })
    }

    /// Where the actor last had an order sent to, so that nobody is asked twice; forgotten with that order's address.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn remembered_address(&self, actor: &Actor) -> Result<Option<Address>, Error> {
        let person = policy::view_own(actor)?;
        let row = order::Entity::find()
            .filter(order::Column::BuyerId.eq(person))
            .filter(order::Column::AddressSealed.is_not_null())
            .order_by_desc(order::Column::Id)
            .limit(1)
            .one(self.store().reader())
            .await?;
        let Some((id, sealed)) = row.and_then(|row| Some((row.id, row.address_sealed?))) else {
            return Ok(None);
        };
        let open = self.keys().open(&address_place(id), &sealed)?;
        Ok(Some(json(open.expose())?))
    }

    pub(super) async fn order_cards(
        &self,
        actor: &Actor,
        role: By,
        rows: &[order::Model],
    ) -> Result<Vec<OrderCard>, Error> {
        let listings: Vec<_> = rows.iter().map(|row| row.listing_id).collect();
        let cards = self.listings().cards_of(actor, &listings).await?;
        let people: Vec<_> = rows.iter().map(|row| super::other_person(row.parties(), role)).collect();
        let shops: Vec<_> = rows.iter().filter_map(|row| row.seller_shop).collect();
        let names = self.names(&people, &shops).await?;
        rows.iter()
            .map(|row| {
                let other = super::other_person(row.parties(), role);
                let shop = if role == By::Seller { None } else { row.seller_shop };
                Ok(OrderCard {
                    id: row.id,
                    role,
                    state: row.state()?,
                    title: row.title.clone(),
                    things: row.things,
                    card: cards.iter().find(|card| card.id == row.listing_id).cloned(),
                    total_fen: row.total_fen,
                    other,
                    other_name: names.of(other, shop),
                    due_at: row.due_at,
                    created_at: row.created_at,
                })
            })
            .collect()
    }

    /// The last order of a buyer with a listing in it.
    pub(super) async fn order_between(
        &self,
        listing: Id<Listing>,
        buyer: Id<Person>,
        role: By,
    ) -> Result<Option<OrderCard>, Error> {
        let db = self.store().reader();
        let lines = line::Entity::find()
            .filter(line::Column::ListingId.eq(listing))
            .order_by_desc(line::Column::OrderId)
            .limit(50)
            .all(db)
            .await?;
        let row = order::Entity::find()
            .filter(order::Column::Id.is_in(lines.iter().map(|line| line.order_id)))
            .filter(order::Column::BuyerId.eq(buyer))
            .order_by_desc(order::Column::Id)
            .limit(1)
            .one(db)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(self.order_cards(&Self::program(), role, &[row]).await?.pop())
    }
}

/// The sort key of a cursor; 422 for one that is not of this list.
pub(super) fn key<K: DeserializeOwned>(cursor: Option<&Cursor>) -> Result<Option<K>, Problem> {
    cursor
        .map(Cursor::key)
        .transpose()
        .map_err(|_| Problem::invalid_field("after", Message::new("field-cursor")))
}

/// What a person sells, or somebody of a shop they work for does.
pub(super) fn sold_by<C: ColumnTrait>(actor: &Actor, person: Id<Person>, seller: C, shop: C) -> Condition {
    let shops: Vec<Id<Organisation>> = actor
        .memberships
        .iter()
        .map(|membership| membership.organisation)
        .filter(|organisation| {
            policy::sells(actor, policy::Parties { buyer: person, seller: person, shop: Some(*organisation) })
        })
        .collect();
    let own = Condition::all().add(seller.eq(person)).add(shop.is_null());
    if shops.is_empty() { own } else { Condition::any().add(own).add(shop.is_in(shops)) }
}
