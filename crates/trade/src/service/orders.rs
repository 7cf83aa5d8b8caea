//! Ordering: one or more things from one seller, at the price the buyer was shown.

use luhuan_kernel::{Actor, FieldProblem, Id, Message, Person, Timestamp, validate};
use luhuan_ledger::Provider;
use luhuan_listing::{
    Listing,
    entity::listing,
    model::{Delivery, Freight, Move as GoodsMove, Returns, State as GoodsState},
};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};

use super::{Trade, locked, pay::Paying, some_words, steps::Moving};
use crate::{
    Error, Offer, Order,
    entity::{line, offer, order, text},
    model::{By, Clocks, Fee, FeeRules, FreightRules, OfferMove, OfferState, SellerClass, Side, State},
    policy,
};

/// Where an order is sent. Sealed in the database; shown to its buyer and, once it is paid, to its seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "王小明", "phone": "13812345678", "place": "朝阳区望京街道阜通东大街 6 号院 3 号楼" }))]
pub struct Address {
    /// Who receives it.
    #[schema(max_length = 40)]
    pub name: String,
    /// By which number the carrier reaches them.
    #[schema(max_length = 20)]
    pub phone: String,
    /// District, street, house, door.
    #[schema(max_length = 200)]
    pub place: String,
}

/// What to order.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// The things, all of one seller.
    pub listings: Vec<Id<Listing>>,
    /// The agreed offer it is made by; then there is one thing.
    pub offer: Option<Id<Offer>>,
    /// How it gets there.
    pub delivery: Delivery,
    /// Where to, unless it is handed over in person.
    pub address: Option<Address>,
    /// Whether the buyer has read each flaw and takes it (七日无理由退货暂行办法): a step of its own on the page.
    pub flaws_confirmed: bool,
    /// The total that the buyer was shown, in fen; another one is refused.
    pub expected_total_fen: Option<i64>,
    /// A note to the seller.
    pub note: String,
    /// Pay for it in the same commit.
    pub pay: Option<Provider>,
}

/// What an order would cost, before it is made: shown to the buyer, and its fee to the seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Quote {
    /// The goods, in fen.
    pub goods_fen: i64,
    /// Carriage paid with the order, in fen.
    pub freight_fen: i64,
    /// What the buyer pays, in fen.
    pub total_fen: i64,
    /// The platform's fee, which the seller bears.
    pub fee: Fee,
    /// What the seller gets if the sale stands, in fen.
    pub seller_fen: i64,
    /// Flaws to confirm in a step of its own.
    pub flaws: Vec<String>,
    /// Whether it may be returned within seven days.
    pub returnable: bool,
}

/// What the listings of an order come to.
struct Basket {
    quote: Quote,
    freight: Option<Freight>,
    returns: Option<Returns>,
    prices: Vec<i64>,
}

impl Trade {
    /// What an order of these things would cost. Reads only; nothing is kept for anybody.
    ///
    /// # Errors
    /// As for [`Self::order`].
    pub async fn quote(
        &self,
        listings: &[Id<Listing>],
        offer: Option<Id<Offer>>,
        delivery: Delivery,
    ) -> Result<Quote, Error> {
        let agreed = match offer {
            Some(id) => {
                let row = offer::Entity::find_by_id(id).one(self.store().reader()).await?;
                Some(
                    row.filter(|row| row.state == OfferState::Accepted.code())
                        .ok_or(Error::NotFound)?
                        .amount_fen,
                )
            }
            None => None,
        };
        let listings = distinct(listings)?;
        let mut rows = self.listings().rows_of(&listings).await?;
        rows.sort_by_key(|row| listings.iter().position(|id| *id == row.id));
        if rows.len() != listings.len() || rows.iter().any(|row| row.held.is_some()) {
            return Err(Error::NotFound);
        }
        Ok(basket(&rows, agreed, delivery, self.store().clock().now())?.quote)
    }

    /// Orders things: they are reserved, the order waits to be paid; or it is paid in the same commit.
    ///
    /// # Errors
    /// [`Error::Gone`] when another was faster; [`Error::PriceChanged`]; [`Error::Invalid`].
    pub async fn order(&self, uow: &UnitOfWork, actor: &Actor, new: NewOrder) -> Result<order::Model, Error> {
        let buyer = policy::order(actor)?;
        let listings = distinct(&new.listings)?;
        let agreed = match new.offer {
            Some(id) => Some(self.take_offer(uow, buyer, id, &listings).await?),
            None => None,
        };
        let rows = self.reserve(uow, &listings, agreed.is_some()).await?;
        let first = &rows[0];
        let owner = policy::Parties { buyer, seller: first.person_id, shop: first.organisation_id };
        if owner.seller == buyer || policy::sells(actor, owner) {
            return Err(Error::OwnGoods);
        }
        if self.blocked(buyer, owner.seller).await? {
            return Err(Error::Blocked);
        }
        let basket = basket(&rows, agreed.as_ref().map(|offer| offer.amount_fen), new.delivery, uow.now())?;
        if new.expected_total_fen.is_some_and(|expected| expected != basket.quote.total_fen) {
            return Err(Error::PriceChanged { now_fen: basket.quote.total_fen });
        }
        let id = self.new_id();
        let row = self.written(uow, id, owner, &rows, &basket, &new)?;
        let mut moving = Moving::submitted(row, first.id);
        super::steps::set_clock(&mut moving.row, State::Created, None)?;
        if let Some(provider) = new.pay {
            self.pay_for(uow, &mut moving, Paying { provider, return_url: None }).await?;
        }
        if let Some(offer) = agreed {
            self.use_offer(uow, offer, id).await?;
        }
        let row = self.close(uow, moving).await?;
        let lines =
            lines(&row, &rows, &basket.prices).into_iter().map(|line| line.into_active_model().reset_all());
        line::Entity::insert_many(lines).exec_without_returning(uow.tx()).await?;
        Ok(row)
    }

    /// Reserves the things in the order of ids, so that two bundles cannot wait for each other; gives them in the order
    /// asked for.
    async fn reserve(
        &self,
        uow: &UnitOfWork,
        listings: &[Id<Listing>],
        kept: bool,
    ) -> Result<Vec<listing::Model>, Error> {
        let program = Self::program();
        let mut rows = if kept {
            self.listings().hold(uow, &program, listings).await?
        } else {
            let mut ids = listings.to_vec();
            ids.sort_unstable();
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                let row = self.listings().settle(uow, &program, id, GoodsMove::Reserve).await;
                rows.push(row.map_err(gone)?);
            }
            rows
        };
        if kept && rows.iter().any(|row| row.state != GoodsState::Reserved.code()) {
            return Err(Error::OfferState(OfferState::Lapsed));
        }
        // What waits for a moderator is not there for strangers.
        if rows.iter().any(|row| row.held.is_some()) {
            return Err(Error::NotFound);
        }
        rows.sort_by_key(|row| listings.iter().position(|id| *id == row.id));
        Ok(rows)
    }

    async fn take_offer(
        &self,
        uow: &UnitOfWork,
        buyer: Id<Person>,
        id: Id<Offer>,
        listings: &[Id<Listing>],
    ) -> Result<offer::Model, Error> {
        let row = locked(uow, offer::Entity::find_by_id(id)).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        if row.buyer_id != buyer {
            return Err(Error::NotFound);
        }
        if listings != [row.listing_id] {
            return Err(Error::field("listings", Message::new("trade-offer-listing")));
        }
        let state = row.state()?;
        state.after(OfferMove::Use, Side::Asked(By::Buyer)).ok_or(Error::OfferState(state))?;
        Ok(row)
    }

    fn written(
        &self,
        uow: &UnitOfWork,
        id: Id<Order>,
        parties: policy::Parties,
        rows: &[listing::Model],
        basket: &Basket,
        new: &NewOrder,
    ) -> Result<order::Model, Error> {
        let quote = &basket.quote;
        let address_sealed = match needs_address(new)? {
            Some(address) => Some(self.keys().seal(&address_place(id), &text(&address))?),
            None => None,
        };
        Ok(order::Model {
            id,
            buyer_id: parties.buyer,
            seller_id: parties.seller,
            seller_shop: parties.shop,
            seller_kind: rows[0].seller_kind.clone(),
            listing_id: rows[0].id,
            things: i32::try_from(rows.len()).unwrap_or(i32::MAX),
            title: rows[0].title.clone(),
            state: State::Created.code().to_owned(),
            version: 1,
            entered_at: uow.now(),
            due_at: None,
            due_event: None,
            back_state: None,
            back_elapsed: None,
            clocks_version: Clocks::at(uow.now()).version,
            goods_fen: quote.goods_fen,
            freight_fen: quote.freight_fen,
            total_fen: quote.total_fen,
            fee_version: quote.fee.version,
            fee_ppm: i32::try_from(quote.fee.rate_ppm).unwrap_or(i32::MAX),
            fee_cap_fen: quote.fee.cap_fen,
            fee_fen: quote.fee.fee_fen,
            held_fen: 0,
            refunded_fen: 0,
            seller_fen: 0,
            charged_fen: 0,
            offer_id: new.offer,
            payment_id: None,
            provider: None,
            delivery: new.delivery.code().to_owned(),
            freight: basket.freight.map(|freight| freight.code().to_owned()),
            returnable: quote.returnable,
            returns: basket.returns.map(|returns| returns.code().to_owned()),
            flaws: text(&quote.flaws),
            flaws_confirmed_at: (new.flaws_confirmed || quote.flaws.is_empty()).then(|| uow.now()),
            address_sealed,
            carrier: None,
            tracking: None,
            extended: false,
            meet_place: None,
            meet_at: None,
            code_sealed: None,
            code_tries: 0,
            buyer_here_at: None,
            seller_here_at: None,
            note: some_words("note", &new.note, 200)?,
            steps: "[]".to_owned(),
            created_at: uow.now(),
            paid_at: None,
            received_at: None,
            settled_at: None,
            ended_at: None,
            updated_at: uow.now(),
        })
    }
}

/// Where an address is sealed.
pub(super) fn address_place(id: Id<Order>) -> String {
    format!("trade_order.address:{id}")
}

fn gone(error: luhuan_listing::Error) -> Error {
    match error {
        luhuan_listing::Error::IllegalMove(refused) if refused.from.is_public() => Error::Gone(refused.from),
        // A draft, or what was taken off, is not there for strangers.
        luhuan_listing::Error::IllegalMove(_) | luhuan_listing::Error::NotFound => Error::NotFound,
        error => error.into(),
    }
}

fn distinct(listings: &[Id<Listing>]) -> Result<Vec<Id<Listing>>, Error> {
    let mut seen: Vec<Id<Listing>> = Vec::with_capacity(listings.len().min(Trade::MAX_LINES));
    for id in listings {
        if !seen.contains(id) {
            seen.push(*id);
        }
        if seen.len() > Trade::MAX_LINES {
            return Err(Error::field(
                "listings",
                Message::new("trade-too-many").with("max", Trade::MAX_LINES),
            ));
        }
    }
    if seen.is_empty() {
        return Err(Error::field("listings", Message::new("trade-nothing")));
    }
    Ok(seen)
}

/// Reckons what listings come to, and refuses what does not go into one order.
fn basket(
    rows: &[listing::Model],
    agreed_fen: Option<i64>,
    delivery: Delivery,
    now: Timestamp,
) -> Result<Basket, Error> {
    let first = &rows[0];
    let together = |row: &listing::Model| {
        row.organisation_id == first.organisation_id
            && (row.organisation_id.is_some() || row.person_id == first.person_id)
    };
    if !rows.iter().all(together) {
        return Err(Error::field("listings", Message::new("trade-bundle-sellers")));
    }
    let details = rows.iter().map(listing::Model::details).collect::<Result<Vec<_>, _>>()?;
    if details.iter().any(|details| !details.delivery.contains(&delivery)) {
        return Err(Error::field("delivery", Message::new("trade-delivery")));
    }
    let mut prices = Vec::with_capacity(rows.len());
    for details in &details {
        prices.push(agreed_fen.or(details.price_fen).ok_or(Error::NotFound)?);
    }
    let goods_fen = prices.iter().sum();
    // One parcel: whoever pays carriage for one of them pays it once.
    let freight = details.iter().filter_map(|details| details.freight).max_by_key(|freight| match freight {
        Freight::Seller => 0,
        Freight::BuyerCollect => 1,
        Freight::BuyerPrepaid => 2,
    });
    let freight_fen = FreightRules::at(now).fen(delivery, freight);
    let shop = first.organisation_id.is_some() || first.seller_kind == "registered_merchant";
    let class = if shop { SellerClass::Shop } else { SellerClass::Private };
    let fee = FeeRules::at(now).fee(class, goods_fen)?;
    let flaws: Vec<String> = details.iter().flat_map(|details| details.defects.clone()).collect();
    let promised = details.iter().all(|details| details.returns == Some(Returns::SevenDay));
    let operator = shop || first.seller_kind == "natural_person_trader";
    Ok(Basket {
        quote: Quote {
            goods_fen,
            freight_fen,
            total_fen: goods_fen + freight_fen,
            seller_fen: goods_fen + freight_fen - fee.fee_fen,
            fee,
            // An opted-in promise binds whoever made it (法释〔2022〕8号 art. 2); an operator owes the right by law unless
            // the goods are sold as flawed and the buyer confirms it (七日无理由退货暂行办法 art. 7).
            returnable: promised || (operator && flaws.is_empty()),
            flaws,
        },
        freight: (delivery != Delivery::Pickup).then_some(freight).flatten(),
        returns: details[0].returns,
        prices,
    })
}

/// The address, checked; `None` when the goods are handed over in person.
fn needs_address(new: &NewOrder) -> Result<Option<Address>, Error> {
    if new.delivery == Delivery::Pickup {
        return Ok(None);
    }
    let Some(address) = &new.address else {
        return Err(Error::field("address", Message::new("trade-address-required")));
    };
    let mut problems = Vec::new();
    let mut check = |field: &str, value: &str, most: usize| {
        super::words(field, value, most).unwrap_or_else(|error| {
            if let Error::Invalid(more) = error {
                problems.extend(more);
            }
            String::new()
        })
    };
    let name = check("address.name", &address.name, 40);
    let place = check("address.place", &address.place, 200);
    let phone = validate::mobile(&address.phone).or_else(|_| validate::landline(&address.phone));
    let phone = phone.unwrap_or_else(|_| {
        problems
            .push(FieldProblem { field: "address.phone".to_owned(), message: Message::new("trade-phone") });
        String::new()
    });
    if problems.is_empty() { Ok(Some(Address { name, phone, place })) } else { Err(Error::Invalid(problems)) }
}

fn lines(order: &order::Model, rows: &[listing::Model], prices: &[i64]) -> Vec<line::Model> {
    rows.iter()
        .zip(prices)
        .zip(0..)
        .map(|((row, price_fen), position)| line::Model {
            order_id: order.id,
            listing_id: row.id,
            item_id: row.item_id,
            position,
            title: row.title.clone(),
            condition: row.condition.clone(),
            category: row.category.clone(),
            price_fen: *price_fen,
            listing_version: row.version,
        })
        .collect()
}
