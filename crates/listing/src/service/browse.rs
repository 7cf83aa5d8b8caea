//! Lists of listings: what is on offer, what a seller has, one's own.

use std::{collections::HashMap, sync::Arc};

use luhuan_kernel::{Actor, Cursor, Id, Limit, Organisation, Page, Person, Problem, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;

use super::{
    Listings, PhotoView, SellerView,
    query::{browse, mine, on_offer, place, sold},
};
use crate::{
    Error, Listing,
    entity::{listing, photo},
    model::{Condition, Delivery, State},
    policy,
};

/// One listing as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Card {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Listing>,
    /// Where it stands.
    pub state: State,
    /// Whether it waits for a moderator.
    pub held: bool,
    /// Title.
    pub title: String,
    /// Category code.
    pub category: String,
    /// Price in fen.
    pub price_fen: Option<i64>,
    /// Price when new, in fen.
    pub original_price_fen: Option<i64>,
    /// Whether offers are welcome.
    pub negotiable: bool,
    /// Condition grade.
    pub condition: Option<Condition>,
    /// Ways of handing it over.
    pub delivery: Vec<Delivery>,
    /// District code.
    pub district: Option<String>,
    /// Sub-district code.
    pub subdistrict: Option<String>,
    /// The cover.
    pub cover: Option<PhotoView>,
    /// The seller's kind.
    pub seller_kind: String,
    /// Watchers.
    pub watches: i64,
    /// Views.
    pub views: i64,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When the seller last changed it.
    pub updated_at: Timestamp,
}

/// Which published listings to browse.
#[derive(Clone, Debug, Default)]
pub struct BrowseFilter {
    /// A category code, root or leaf.
    pub category: Option<String>,
    /// A district code.
    pub district: Option<String>,
    /// A private seller.
    pub person: Option<Id<Person>>,
    /// A shop.
    pub organisation: Option<Id<Organisation>>,
    /// Words that the title must contain: the plain search, for when the index is away.
    pub words: Vec<String>,
}

impl BrowseFilter {
    /// What a seller offers: the shop's, or the person's.
    #[must_use]
    pub fn of_seller(seller: &SellerView) -> Self {
        match seller.organisation {
            Some(shop) => Self { organisation: Some(shop), ..Self::default() },
            None => Self { person: Some(seller.person), ..Self::default() },
        }
    }
}

/// Cards that are kept of what a seller offers.
const MORE: u32 = 12;

/// One's own listings in one state.
#[derive(Clone, Debug)]
pub struct MyListings {
    /// The page.
    pub page: Page<Card>,
    /// How many there are in each state.
    pub counts: StateCounts,
}

/// How many listings stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StateCounts {
    /// Drafts.
    pub draft: i64,
    /// On offer.
    pub published: i64,
    /// Reserved.
    pub reserved: i64,
    /// Sold.
    pub sold: i64,
    /// Withdrawn.
    pub withdrawn: i64,
    /// Expired.
    pub expired: i64,
}

#[derive(FromQueryResult)]
struct StateCount {
    state: String,
    count: i64,
}

impl Listings {
    /// Published listings, newest first.
    ///
    /// # Errors
    /// 422 for a cursor that is not of this list.
    pub async fn browse(
        &self,
        filter: &BrowseFilter,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<Card>, Problem> {
        let query = browse(filter, place(after)?, limit.probe());
        let rows = query.all(self.store().reader()).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.published_at, row.id));
        Ok(Page { items: self.cards(&page.items).await?, next: page.next })
    }

    /// What else a seller has on offer, newest first; seconds old at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn more_from(
        &self,
        seller: &SellerView,
        except: Id<Listing>,
        most: usize,
    ) -> Result<Vec<Card>, Problem> {
        let (key, now) = ((seller.person, seller.organisation), self.store().clock().now());
        let cards = match self.answers().offer(key, now) {
            Some(cards) => cards,
            None => {
                let generation = self.answers().generation();
                let filter = BrowseFilter::of_seller(seller);
                let page = self.browse(&filter, None, Limit::of(Some(MORE + 1))).await?;
                let cards = Arc::new(page.items);
                self.answers().keep_offer(key, now, generation, Arc::clone(&cards));
                cards
            }
        };
        Ok(cards.iter().filter(|card| card.id != except).take(most).cloned().collect())
    }

    /// The actor's own listings in a state, last changed first, with the number in each state.
    ///
    /// # Errors
    /// 401 when nobody is signed in; 422 for a cursor that is not of this list.
    pub async fn mine(
        &self,
        actor: &Actor,
        state: State,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<MyListings, Problem> {
        let person = policy::view_own(actor).map_err(Problem::from)?;
        let query = mine(person, state, place(after)?, limit.probe());
        let db = self.store().reader();
        let rows = query.all(db).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.updated_at, row.id));
        let counts = listing::Entity::find()
            .filter(listing::Column::PersonId.eq(person))
            .select_only()
            .column(listing::Column::State)
            .column_as(Expr::col(listing::Column::Id).count(), "count")
            .group_by(listing::Column::State)
            .into_model::<StateCount>()
            .all(db)
            .await
            .map_err(Error::from)?;
        Ok(MyListings {
            page: Page { items: self.cards(&page.items).await?, next: page.next },
            counts: StateCounts::of(&counts),
        })
    }

    /// How many listings are on offer and how many were sold, for the first page; a minute old at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn city_counts(&self) -> Result<(u64, u64), Error> {
        let now = self.store().clock().now();
        if let Some(counts) = self.answers().city_counts(now) {
            return Ok(counts);
        }
        let db = self.store().reader();
        let on_offer = on_offer(&BrowseFilter::default()).count(db).await?;
        let sold = sold().count(db).await?;
        self.answers().keep_city_counts(now, (on_offer, sold));
        Ok((on_offer, sold))
    }

    /// Cards of some listings, in the order given; what the actor may not see is left out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn cards_of(&self, actor: &Actor, ids: &[Id<Listing>]) -> Result<Vec<Card>, Error> {
        let mut rows: HashMap<_, _> = self.rows_of(ids).await?.into_iter().map(|row| (row.id, row)).collect();
        let mut ordered = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) = rows.remove(id)
                && policy::view(actor, row.owner(), row.standing()?).is_ok()
            {
                ordered.push(row);
            }
        }
        self.cards(&ordered).await
    }

    /// The rows of some listings, whatever their state and in no order: for what the program itself decides or tells.
    /// They are not locked, and nobody is asked whether they may be seen.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rows_of(&self, ids: &[Id<Listing>]) -> Result<Vec<listing::Model>, Error> {
        let found = listing::Entity::find().filter(listing::Column::Id.is_in(ids.iter().copied()));
        Ok(found.all(self.store().reader()).await?)
    }

    /// Cards of rows: one more query, for the covers.
    pub(crate) async fn cards(&self, rows: &[listing::Model]) -> Result<Vec<Card>, Error> {
        let covers = photo::Entity::find()
            .filter(photo::Column::ListingId.is_in(rows.iter().map(|row| row.id)))
            .filter(photo::Column::Position.eq(0))
            .all(self.store().reader())
            .await?;
        let covers: HashMap<_, _> = covers.iter().map(|photo| (photo.listing_id, photo)).collect();
        rows.iter().map(|row| card(row, covers.get(&row.id).copied())).collect()
    }
}

impl StateCounts {
    fn of(rows: &[StateCount]) -> Self {
        let count =
            |state: State| rows.iter().find(|row| row.state == state.code()).map_or(0, |row| row.count);
        Self {
            draft: count(State::Draft),
            published: count(State::Published),
            reserved: count(State::Reserved),
            sold: count(State::Sold),
            withdrawn: count(State::Withdrawn),
            expired: count(State::Expired),
        }
    }
}

fn card(row: &listing::Model, cover: Option<&photo::Model>) -> Result<Card, Error> {
    let details = row.details()?;
    Ok(Card {
        id: row.id,
        state: row.state()?,
        held: row.held.is_some(),
        title: details.title,
        category: details.category,
        price_fen: details.price_fen,
        original_price_fen: details.original_price_fen,
        negotiable: details.negotiable,
        condition: details.condition,
        delivery: details.delivery,
        district: row.district.clone(),
        subdistrict: details.subdistrict,
        cover: cover.map(PhotoView::of).transpose()?,
        seller_kind: row.seller_kind.clone(),
        watches: row.watches,
        views: row.views,
        published_at: row.published_at,
        updated_at: row.updated_at,
    })
}
