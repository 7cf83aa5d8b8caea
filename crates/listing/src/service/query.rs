//! Reading listings.

use std::collections::HashMap;

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Organisation, Page, Person, Problem, Timestamp};
use sea_orm::{
    ColumnTrait, Condition as Where, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;

use super::{Listings, PhotoView, SellerView};
use crate::{
    Error, Listing,
    entity::{item, listing, photo, price_point},
    model::{Comparable, Condition, Delivery, Details, Move, PriceHint, State},
    policy,
};

/// One listing with all that its page shows.
#[derive(Clone, Debug)]
pub struct ListingView {
    /// The row.
    pub row: listing::Model,
    /// What it says, typed.
    pub details: Details,
    /// Where it stands.
    pub state: State,
    /// Its gallery, the cover first.
    pub photos: Vec<PhotoView>,
    /// Who sells.
    pub seller: SellerView,
    /// The item's serial number, masked.
    pub serial: Option<String>,
    /// What the asker may do with it now.
    pub actions: Actions,
}

/// What an actor may do with a listing as it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Actions {
    /// Change its words, price and photos.
    pub edit: bool,
    /// Publish the draft.
    pub publish: bool,
    /// Take it off.
    pub withdraw: bool,
    /// Offer it again.
    pub relist: bool,
    /// Decide on it as a moderator.
    pub moderate: bool,
}

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
    /// Not this one.
    pub except: Option<Id<Listing>>,
}

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

/// A price from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PriceStep {
    /// Since when.
    pub at: Timestamp,
    /// The price in fen.
    pub price_fen: i64,
}

#[derive(FromQueryResult)]
struct StateCount {
    state: String,
    count: i64,
}

#[derive(FromQueryResult)]
struct PriceRow {
    price_fen: i64,
    state: String,
}

impl Listings {
    /// One listing, whole.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes.
    pub async fn view(&self, actor: &Actor, id: Id<Listing>) -> Result<ListingView, Error> {
        let db = self.store().reader();
        let row = listing::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        let state = row.state()?;
        policy::view(actor, row.owner(), state, row.held.is_some())?;
        self.complete(db, actor, row).await
    }

    /// A row with what belongs to it, read where the caller reads: the pool, or a unit of work still open.
    pub(crate) async fn complete(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        row: listing::Model,
    ) -> Result<ListingView, Error> {
        let state = row.state()?;
        let photos = photo::Entity::find()
            .filter(photo::Column::ListingId.eq(row.id))
            .order_by_asc(photo::Column::Position)
            .all(db)
            .await?;
        let serial = item::Entity::find_by_id(row.item_id).one(db).await?.and_then(|item| item.serial_masked);
        let seller = self.seller(row.person_id, row.organisation_id).await?;
        Ok(ListingView {
            details: row.details()?,
            photos: photos.iter().map(PhotoView::of).collect::<Result<_, _>>()?,
            actions: actions(actor, &row, state),
            row,
            state,
            seller,
            serial,
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
        let on_offer = self.on_offer(&BrowseFilter::default()).count(db).await?;
        let sold =
            listing::Entity::find().filter(listing::Column::State.eq(State::Sold.code())).count(db).await?;
        self.answers().keep_city_counts(now, (on_offer, sold));
        Ok((on_offer, sold))
    }

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
        let mut query = self
            .on_offer(filter)
            .order_by_desc(listing::Column::PublishedAt)
            .order_by_desc(listing::Column::Id)
            .limit(limit.probe());
        if let Some((at, id)) = place(after)? {
            query = query.filter(before(listing::Column::PublishedAt, at, id));
        }
        let rows = query.all(self.store().reader()).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.published_at, row.id));
        Ok(Page { items: self.cards(&page.items).await?, next: page.next })
    }

    fn on_offer(&self, filter: &BrowseFilter) -> Select<listing::Entity> {
        let mut query = listing::Entity::find()
            .filter(listing::Column::State.eq(State::Published.code()))
            .filter(listing::Column::Held.is_null());
        if let Some(code) = &filter.category {
            query = query.filter(listing::Column::Category.is_in(self.catalog().leaves_below(code)));
        }
        if let Some(code) = &filter.district {
            query = query.filter(listing::Column::District.eq(code));
        }
        if let Some(person) = filter.person {
            query = query
                .filter(listing::Column::PersonId.eq(person))
                .filter(listing::Column::OrganisationId.is_null());
        }
        if let Some(shop) = filter.organisation {
            query = query.filter(listing::Column::OrganisationId.eq(shop));
        }
        for word in &filter.words {
            query = query.filter(listing::Column::Title.contains(word));
        }
        if let Some(id) = filter.except {
            query = query.filter(listing::Column::Id.ne(id));
        }
        query
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
        let own = listing::Entity::find().filter(listing::Column::PersonId.eq(person));
        let mut query = own
            .clone()
            .filter(listing::Column::State.eq(state.code()))
            .order_by_desc(listing::Column::UpdatedAt)
            .order_by_desc(listing::Column::Id)
            .limit(limit.probe());
        if let Some((at, id)) = place(after)? {
            query = query.filter(before(listing::Column::UpdatedAt, at, id));
        }
        let db = self.store().reader();
        let rows = query.all(db).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.updated_at, row.id));
        let counts = own
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

    /// Cards of some listings, in the order given; what the actor may not see is left out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn cards_of(&self, actor: &Actor, ids: &[Id<Listing>]) -> Result<Vec<Card>, Error> {
        let found = listing::Entity::find().filter(listing::Column::Id.is_in(ids.iter().copied()));
        let mut rows: HashMap<_, _> =
            found.all(self.store().reader()).await?.into_iter().map(|row| (row.id, row)).collect();
        let mut ordered = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) = rows.remove(id)
                && policy::view(actor, row.owner(), row.state()?, row.held.is_some()).is_ok()
            {
                ordered.push(row);
            }
        }
        self.cards(&ordered).await
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

    /// The prices of a listing over time, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn price_history(&self, id: Id<Listing>) -> Result<Vec<PriceStep>, Error> {
        let points = price_point::Entity::find()
            .filter(price_point::Column::ListingId.eq(id))
            .order_by_asc(price_point::Column::At)
            .limit(200)
            .all(self.store().reader())
            .await?;
        Ok(points.into_iter().map(|point| PriceStep { at: point.at, price_fen: point.price_fen }).collect())
    }

    /// What comparable listings of the last 90 days ask: the same model, else the same brand, else the category.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn price_hint(
        &self,
        category: &str,
        brand: &str,
        model: &str,
    ) -> Result<Option<PriceHint>, Error> {
        let narrow = [Some((brand, model)), Some((brand, "")), None];
        for (level, words) in narrow.into_iter().enumerate() {
            let skip = match words {
                Some((brand, model)) => brand.is_empty() || (level == 0 && model.is_empty()),
                None => false,
            };
            if skip {
                continue;
            }
            if let Some(hint) = PriceHint::of(&self.comparables(category, words).await?) {
                return Ok(Some(hint));
            }
        }
        Ok(None)
    }

    async fn comparables(
        &self,
        category: &str,
        words: Option<(&str, &str)>,
    ) -> Result<Vec<Comparable>, Error> {
        let since = self.store().clock().now().plus_days(-90);
        let mut query = listing::Entity::find()
            .select_only()
            .column(listing::Column::PriceFen)
            .column(listing::Column::State)
            .filter(listing::Column::Category.eq(category))
            .filter(listing::Column::State.is_in([State::Published.code(), State::Sold.code()]))
            .filter(listing::Column::PriceFen.is_not_null())
            .filter(listing::Column::PublishedAt.gte(since));
        if let Some((brand, model)) = words {
            query = query.filter(listing::Column::Brand.eq(brand));
            if !model.is_empty() {
                query = query.filter(listing::Column::Model.eq(model));
            }
        }
        let rows = query
            .order_by_desc(listing::Column::PublishedAt)
            .limit(200)
            .into_model::<PriceRow>()
            .all(self.store().reader())
            .await?;
        let sold = State::Sold.code();
        Ok(rows
            .into_iter()
            .map(|row| Comparable { price_fen: row.price_fen, sold: row.state == sold })
            .collect())
    }

    /// Some listings whole, for the search index: only what may be found, in no order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn findable(
        &self,
        ids: &[Id<Listing>],
    ) -> Result<Vec<(listing::Model, Option<PhotoView>)>, Error> {
        let rows = self
            .on_offer(&BrowseFilter::default())
            .filter(listing::Column::Id.is_in(ids.iter().copied()))
            .all(self.store().reader())
            .await?;
        self.with_covers(rows).await
    }

    /// All listings after an id, whole, in the order of their ids: for the command line.
    ///
    /// # Errors
    /// When the actor may not, or the store fails.
    pub async fn export(
        &self,
        actor: &Actor,
        after: Option<Id<Listing>>,
        batch: u64,
    ) -> Result<Vec<ListingView>, Error> {
        policy::bulk(actor)?;
        let db = self.store().reader();
        let mut query = listing::Entity::find().order_by_asc(listing::Column::Id).limit(batch);
        if let Some(after) = after {
            query = query.filter(listing::Column::Id.gt(after));
        }
        let mut views = Vec::new();
        for row in query.all(db).await? {
            views.push(self.complete(db, actor, row).await?);
        }
        Ok(views)
    }

    /// The versions of some listings, whatever their state.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn versions(&self, ids: &[Id<Listing>]) -> Result<Vec<(Id<Listing>, i64)>, Error> {
        let rows = listing::Entity::find()
            .select_only()
            .column(listing::Column::Id)
            .column(listing::Column::Version)
            .filter(listing::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(self.store().reader())
            .await?;
        Ok(rows)
    }

    /// All findable listings after an id, for rebuilding the index: `batch` at a time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn findable_after(
        &self,
        after: Option<Id<Listing>>,
        batch: u64,
    ) -> Result<Vec<(listing::Model, Option<PhotoView>)>, Error> {
        let mut query =
            self.on_offer(&BrowseFilter::default()).order_by_asc(listing::Column::Id).limit(batch);
        if let Some(after) = after {
            query = query.filter(listing::Column::Id.gt(after));
        }
        let rows = query.all(self.store().reader()).await?;
        self.with_covers(rows).await
    }

    async fn with_covers(
        &self,
        rows: Vec<listing::Model>,
    ) -> Result<Vec<(listing::Model, Option<PhotoView>)>, Error> {
        let cards = self.cards(&rows).await?;
        Ok(rows.into_iter().zip(cards.into_iter().map(|card| card.cover)).collect())
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

fn actions(actor: &Actor, row: &listing::Model, state: State) -> Actions {
    let owner = row.owner();
    Actions {
        edit: policy::edit(actor, owner).is_ok() && state.is_editable(),
        publish: policy::publish(actor, owner).is_ok() && state.after(Move::Publish).is_ok(),
        withdraw: policy::withdraw(actor, owner).is_ok() && state.after(Move::Withdraw).is_ok(),
        relist: policy::relist(actor, owner).is_ok() && state.after(Move::Relist).is_ok(),
        moderate: policy::moderate(actor).is_ok() && row.held.is_some(),
    }
}

/// The place that a cursor of a time-ordered list names.
pub(super) fn place(after: Option<&Cursor>) -> Result<Option<(Timestamp, Id<Listing>)>, Problem> {
    let wrong = |_| Problem::invalid_field("after", Message::new("field-cursor"));
    after.map(|cursor| cursor.key().map_err(wrong)).transpose()
}

/// Rows that come after a place when newest first.
fn before(column: listing::Column, at: Timestamp, id: Id<Listing>) -> Where {
    Where::any().add(column.lt(at)).add(column.eq(at).and(listing::Column::Id.lt(id)))
}
