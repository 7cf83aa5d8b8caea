//! Offers: made, countered, accepted, declined; they lapse by themselves.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Page, Person, Problem, Timestamp};
use luhuan_listing::{
    Listing,
    entity::listing,
    model::{Move as GoodsMove, State as GoodsState},
};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;

use super::{Role, Trade, expect_version, locked};
use crate::{
    Error, Offer, OfferEvent, Order,
    entity::offer,
    model::{By, Clock, Clocks, OfferMove, OfferState, Side},
    policy,
};

/// The highest amount, in fen: ten million yuan.
const AMOUNT_MAX: i64 = 1_000_000_000;

/// Amounts named in one offer at most.
const ROUNDS_MOST: i32 = 20;

/// Offers for one listing that its seller is shown at once.
const LIVE_MOST: u64 = 50;

/// An amount for a thing.
#[derive(Clone, Copy, Debug)]
pub struct NewOffer {
    /// For what.
    pub listing: Id<Listing>,
    /// How much, in fen.
    pub amount_fen: i64,
}

/// An offer as its two sides see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OfferView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Offer>,
    /// For what.
    #[schema(value_type = String, format = "uuid")]
    pub listing: Id<Listing>,
    /// Title of it.
    pub title: String,
    /// What the listing asks, in fen.
    pub asked_fen: Option<i64>,
    /// Who wants to buy.
    #[schema(value_type = String, format = "uuid")]
    pub buyer: Id<Person>,
    /// Who sells.
    #[schema(value_type = String, format = "uuid")]
    pub seller: Id<Person>,
    /// Where it stands.
    pub state: OfferState,
    /// The amount on the table, in fen.
    pub amount_fen: i64,
    /// The side that named it.
    pub spoke: By,
    /// How often an amount was named.
    pub rounds: i32,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// As which side the reader sees it.
    pub role: By,
    /// What the reader may do now: `counter`, `accept`, `decline`, and `use` to order by it.
    pub actions: Vec<OfferMove>,
    /// The order made by it.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub order: Option<Id<Order>>,
    /// When it lapses.
    pub due_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

impl Trade {
    /// Offers an amount for a thing whose seller haggles. One offer at a time for a thing and a buyer.
    ///
    /// # Errors
    /// [`Error::NotNegotiable`], [`Error::OfferOpen`], [`Error::Gone`], [`Error::Blocked`], [`Error::OwnGoods`].
    pub async fn make_offer(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        new: NewOffer,
    ) -> Result<offer::Model, Error> {
        let buyer = policy::make_offer(actor)?;
        check_amount(new.amount_fen)?;
        let listing = self.on_offer(new.listing).await?;
        let parties = policy::Parties { buyer, seller: listing.person_id, shop: listing.organisation_id };
        if parties.seller == buyer || policy::sells(actor, parties) {
            return Err(Error::OwnGoods);
        }
        if !listing.negotiable {
            return Err(Error::NotNegotiable);
        }
        if self.blocked(buyer, parties.seller).await? {
            return Err(Error::Blocked);
        }
        let clocks = Clocks::at(uow.now());
        let row = offer::Model {
            id: self.new_id(),
            listing_id: new.listing,
            buyer_id: buyer,
            seller_id: parties.seller,
            seller_shop: parties.shop,
            state: OfferState::Open.code().to_owned(),
            amount_fen: new.amount_fen,
            spoke: By::Buyer.code().to_owned(),
            rounds: 1,
            clocks_version: clocks.version,
            order_id: None,
            version: 1,
            created_at: uow.now(),
            updated_at: uow.now(),
            due_at: Some(clocks.end(Clock::Offer, uow.now())),
        };
        let insert = offer::Entity::insert(row.clone().into_active_model().reset_all());
        insert.exec_without_returning(uow.tx()).await.map_err(|error| match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Error::OfferOpen,
            _ => error.into(),
        })?;
        uow.emit(&OfferEvent::of(&row, By::Buyer)?).await?;
        Ok(row)
    }

    /// Names another amount; it is the other's turn then, and the day starts anew.
    ///
    /// # Errors
    /// [`Error::OthersTurn`], [`Error::OfferState`].
    pub async fn counter_offer(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Offer>,
        expected: Option<i64>,
        amount_fen: i64,
    ) -> Result<offer::Model, Error> {
        let (mut row, by) = self.offer_of(uow, actor, id, expected).await?;
        check_amount(amount_fen)?;
        moved(&mut row, OfferMove::Counter, by)?;
        if row.rounds >= ROUNDS_MOST {
            return Err(Error::field("amount_fen", Message::new("trade-too-many").with("max", ROUNDS_MOST)));
        }
        row.amount_fen = amount_fen;
        by.code().clone_into(&mut row.spoke);
        row.rounds += 1;
        row.due_at = Some(Clocks::of_version(row.clocks_version).end(Clock::Offer, uow.now()));
        self.save_offer(uow, row, by).await
    }

    /// Agrees: the item is kept for the buyer at this price for a while.
    ///
    /// # Errors
    /// [`Error::OthersTurn`], [`Error::OfferState`]; [`Error::Gone`] when the item went elsewhere meanwhile.
    pub async fn accept_offer(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Offer>,
        expected: Option<i64>,
    ) -> Result<offer::Model, Error> {
        let (mut row, by) = self.offer_of(uow, actor, id, expected).await?;
        moved(&mut row, OfferMove::Accept, by)?;
        let kept = self.listings().settle(uow, &Self::program(), row.listing_id, GoodsMove::Reserve).await;
        kept.map_err(|error| match error {
            luhuan_listing::Error::IllegalMove(refused) => Error::Gone(refused.from),
            error => error.into(),
        })?;
        row.due_at = Some(Clocks::of_version(row.clocks_version).end(Clock::OfferReserve, uow.now()));
        self.save_offer(uow, row, by).await
    }

    /// Ends an offer: either side while it is open; the buyer also when it is agreed.
    ///
    /// # Errors
    /// [`Error::OfferState`].
    pub async fn decline_offer(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Offer>,
        expected: Option<i64>,
    ) -> Result<offer::Model, Error> {
        let (mut row, by) = self.offer_of(uow, actor, id, expected).await?;
        let kept = row.state()? == OfferState::Accepted;
        moved(&mut row, OfferMove::Decline, by)?;
        row.due_at = None;
        if kept {
            self.let_go(uow, row.listing_id).await?;
        }
        self.save_offer(uow, row, by).await
    }

    /// The time of an offer is over: an open one was not answered, an agreed one not ordered by.
    pub(super) async fn lapse_offer(&self, uow: &UnitOfWork, id: Id<Offer>) -> Result<(), Error> {
        let found = locked(uow, offer::Entity::find_by_id(id)).one(uow.tx()).await?;
        let Some(mut row) = found.filter(|row| row.due_at.is_some_and(|due| due <= uow.now())) else {
            // It moved first.
            return Ok(());
        };
        let kept = row.state()? == OfferState::Accepted;
        moved(&mut row, OfferMove::Lapse, By::Clock)?;
        row.due_at = None;
        if kept {
            self.let_go(uow, row.listing_id).await?;
        }
        self.save_offer(uow, row, By::Clock).await?;
        Ok(())
    }

    /// An order is made by it.
    pub(super) async fn use_offer(
        &self,
        uow: &UnitOfWork,
        mut row: offer::Model,
        order: Id<Order>,
    ) -> Result<(), Error> {
        moved(&mut row, OfferMove::Use, By::Buyer)?;
        row.due_at = None;
        row.order_id = Some(order);
        self.save_offer(uow, row, By::Buyer).await?;
        Ok(())
    }

    async fn let_go(&self, uow: &UnitOfWork, listing: Id<Listing>) -> Result<(), Error> {
        match self.listings().settle(uow, &Self::program(), listing, GoodsMove::Release).await {
            Ok(_) | Err(luhuan_listing::Error::IllegalMove(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn offer_of(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Offer>,
        expected: Option<i64>,
    ) -> Result<(offer::Model, By), Error> {
        let row = locked(uow, offer::Entity::find_by_id(id)).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let by = policy::answer_offer(actor, row.parties())?;
        expect_version(row.version, expected)?;
        Ok((row, by))
    }

    async fn save_offer(
        &self,
        uow: &UnitOfWork,
        mut row: offer::Model,
        by: By,
    ) -> Result<offer::Model, Error> {
        row.version += 1;
        row.updated_at = uow.now();
        offer::Entity::update_many()
            .set(row.clone().into_active_model().reset_all())
            .filter(offer::Column::Id.eq(row.id))
            .exec(uow.tx())
            .await?;
        uow.emit(&OfferEvent::of(&row, by)?).await?;
        Ok(row)
    }

    /// The listing as strangers see it: on offer, waiting for no moderator.
    pub(super) async fn on_offer(&self, id: Id<Listing>) -> Result<listing::Model, Error> {
        let row = self.listings().rows_of(&[id]).await?.pop().ok_or(Error::NotFound)?;
        let state = row.state()?;
        if row.held.is_some() || !state.is_public() {
            return Err(Error::NotFound);
        }
        if state == GoodsState::Published { Ok(row) } else { Err(Error::Gone(state)) }
    }

    /// One offer.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes.
    pub async fn offer(&self, actor: &Actor, id: Id<Offer>) -> Result<OfferView, Error> {
        let row = offer::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        let role = policy::view(actor, row.parties())?;
        let listing = self.listings().rows_of(&[row.listing_id]).await?.pop();
        offer_view(&row, role, listing.as_ref())
    }

    /// One's own offers, last moved first: those made, or those received.
    ///
    /// # Errors
    /// 401 when nobody is signed in; 422 for a cursor that is not of this list.
    pub async fn my_offers(
        &self,
        actor: &Actor,
        role: Role,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<OfferView>, Problem> {
        let person = policy::view_own(actor)?;
        let after: Option<(Timestamp, Id<Offer>)> = super::query::key(after)?;
        let mine = match role {
            Role::Buyer => Condition::all().add(offer::Column::BuyerId.eq(person)),
            Role::Seller => {
                super::query::sold_by(actor, person, offer::Column::SellerId, offer::Column::SellerShop)
            }
        };
        let mut query = offer::Entity::find().filter(mine);
        if let Some((at, id)) = after {
            let place = Expr::tuple([Expr::col(offer::Column::UpdatedAt), Expr::col(offer::Column::Id)]);
            query = query.filter(place.lt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        let rows = query
            .order_by_desc(offer::Column::UpdatedAt)
            .order_by_desc(offer::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.updated_at, row.id));
        let ids: Vec<_> = page.items.iter().map(|row| row.listing_id).collect();
        let listings = self.listings().rows_of(&ids).await.map_err(Error::from)?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items {
            let listing = listings.iter().find(|listing| listing.id == row.listing_id);
            items.push(offer_view(&row, role.by(), listing)?);
        }
        Ok(Page { items, next: page.next })
    }

    /// The offers for a listing that are open or agreed: all of them for its seller, one's own for a buyer. The highest
    /// first.
    ///
    /// # Errors
    /// When nobody is signed in; [`Error::NotFound`] when the listing is not there.
    pub async fn live_offers(&self, actor: &Actor, listing: Id<Listing>) -> Result<Vec<OfferView>, Error> {
        let person = policy::view_own(actor)?;
        let found = self.listings().rows_of(&[listing]).await?.pop().ok_or(Error::NotFound)?;
        let owner = policy::Parties { buyer: person, seller: found.person_id, shop: found.organisation_id };
        let role = if policy::sells(actor, owner) { By::Seller } else { By::Buyer };
        let states = [OfferState::Open.code(), OfferState::Accepted.code()];
        let mut query = offer::Entity::find()
            .filter(offer::Column::ListingId.eq(listing))
            .filter(offer::Column::State.is_in(states));
        if role == By::Buyer {
            query = query.filter(offer::Column::BuyerId.eq(person));
        }
        let rows = query
            .order_by_desc(offer::Column::AmountFen)
            .order_by_desc(offer::Column::Id)
            .limit(LIVE_MOST)
            .all(self.store().reader())
            .await?;
        rows.iter().map(|row| offer_view(row, role, Some(&found))).collect()
    }

    /// The last offer of a buyer for a listing, for the conversation about it.
    pub(super) async fn offer_between(
        &self,
        listing: &listing::Model,
        buyer: Id<Person>,
        role: By,
    ) -> Result<Option<OfferView>, Error> {
        let row = offer::Entity::find()
            .filter(offer::Column::ListingId.eq(listing.id))
            .filter(offer::Column::BuyerId.eq(buyer))
            .order_by_desc(offer::Column::UpdatedAt)
            .limit(1)
            .one(self.store().reader())
            .await?;
        row.map(|row| offer_view(&row, role, Some(listing))).transpose()
    }
}

fn check_amount(fen: i64) -> Result<(), Error> {
    if (1..=AMOUNT_MAX).contains(&fen) {
        return Ok(());
    }
    Err(Error::field("amount_fen", Message::new("listing-price-range").with("max", AMOUNT_MAX / 100)))
}

/// Moves an offer by its table.
fn moved(row: &mut offer::Model, attempted: OfferMove, by: By) -> Result<(), Error> {
    let state = row.state()?;
    let side = match by {
        By::Clock => Side::Clock,
        by if by == row.spoke()? => Side::Spoke(by),
        by => Side::Asked(by),
    };
    let Some(to) = state.after(attempted, side) else {
        let waits = state == OfferState::Open && matches!(side, Side::Spoke(_));
        return Err(if waits { Error::OthersTurn } else { Error::OfferState(state) });
    };
    to.code().clone_into(&mut row.state);
    Ok(())
}

fn offer_view(row: &offer::Model, role: By, listing: Option<&listing::Model>) -> Result<OfferView, Error> {
    let (state, spoke) = (row.state()?, row.spoke()?);
    let side = if role == spoke { Side::Spoke(role) } else { Side::Asked(role) };
    let actions = [OfferMove::Counter, OfferMove::Accept, OfferMove::Decline, OfferMove::Use];
    Ok(OfferView {
        id: row.id,
        listing: row.listing_id,
        title: listing.map(|listing| listing.title.clone()).unwrap_or_default(),
        asked_fen: listing.and_then(|listing| listing.price_fen),
        buyer: row.buyer_id,
        seller: row.seller_id,
        amount_fen: row.amount_fen,
        rounds: row.rounds,
        version: row.version,
        actions: if role.is_party() {
            actions.into_iter().filter(|attempted| state.after(*attempted, side).is_some()).collect()
        } else {
            Vec::new()
        },
        order: row.order_id,
        due_at: row.due_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
        state,
        spoke,
        role,
    })
}
