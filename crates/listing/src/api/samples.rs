//! What the API's description shows as answers. They are values of the types that are answered with, so that a sample
//! cannot fall behind its type; the bike is the one of the request's example.

use std::collections::BTreeMap;

use luhuan_kernel::{Cursor, Id, Page, Timestamp};
use sea_orm::prelude::Uuid;

use super::{
    ListingDocument,
    listings::MineDocument,
    prices::{HintDocument, PricesDocument},
    types::PlaceDocument,
};
use crate::{
    Card, PhotoView, PriceStep, SellerView, StateCounts,
    model::{Condition, Delivery, PriceHint, Returns, State},
};

/// 2026-03-01, 10:00 in Beijing.
const DRAFTED: Timestamp = Timestamp::from_micros(1_772_330_400_000_000);
/// A quarter of an hour later.
const PUBLISHED: Timestamp = DRAFTED.plus_seconds(900);

/// An id of the instant at which the samples were drafted.
const fn id<K>(last: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(0x019c_a72f_0d00_7000_8000_0000_0000_0000 | last))
}

/// A mountain bike on offer.
pub(super) fn listing() -> ListingDocument {
    ListingDocument {
        id: id(1),
        item: id(2),
        state: State::Published,
        held: false,
        version: 2,
        title: "捷安特 ATX 777 山地车 车况好".to_owned(),
        description: "骑了两年，去年换过刹车皮。".to_owned(),
        category: "bikes-mountain".to_owned(),
        condition: Some(Condition::Good),
        defects: vec!["前叉有两处划痕".to_owned()],
        origin: Some("mall-new".to_owned()),
        price_fen: Some(76_000),
        original_price_fen: Some(229_800),
        currency: "CNY",
        negotiable: true,
        delivery: vec![Delivery::Pickup],
        freight: None,
        district: Some("110105".to_owned()),
        subdistrict: Some("110105016".to_owned()),
        location: Some(PlaceDocument { lat: 39.895_21, lon: 116.463_87, accuracy_m: 500 }),
        returns: Some(Returns::None),
        returns_note: String::new(),
        attributes: BTreeMap::new(),
        brand: "捷安特".to_owned(),
        model: "ATX 777".to_owned(),
        quantity: 1,
        age_months: Some(26),
        reason: "搬家".to_owned(),
        statements: Vec::new(),
        serial: None,
        badges: Vec::new(),
        photos: vec![photo()],
        seller: seller(),
        views: 41,
        watches: 3,
        created_at: DRAFTED,
        updated_at: PUBLISHED,
        published_at: Some(PUBLISHED),
        expires_at: Some(PUBLISHED.plus_days(90)),
        closed_at: None,
    }
}

/// The same bike before it is offered.
pub(super) fn draft() -> ListingDocument {
    ListingDocument {
        state: State::Draft,
        version: 1,
        photos: Vec::new(),
        views: 0,
        watches: 0,
        updated_at: DRAFTED,
        published_at: None,
        expires_at: None,
        ..listing()
    }
}

/// The same bike, taken off ten days later.
pub(super) fn withdrawn() -> ListingDocument {
    let now = PUBLISHED.plus_days(10);
    ListingDocument {
        state: State::Withdrawn,
        version: 3,
        updated_at: now,
        closed_at: Some(now),
        ..listing()
    }
}

/// The same bike as lists show it, and the cursor of the next page.
pub(super) fn page() -> Page<Card> {
    Page { items: vec![card()], next: Some(Cursor::of(&(PUBLISHED, card().id))) }
}

/// Its seller's own list, at its end.
pub(super) fn mine() -> MineDocument {
    let counts = StateCounts { published: 1, sold: 4, ..StateCounts::default() };
    MineDocument { items: vec![card()], next: None, counts }
}

/// Its price, before and after a cut.
pub(super) fn prices() -> PricesDocument {
    let step = |at, price_fen| PriceStep { at, price_fen };
    PricesDocument { items: vec![step(DRAFTED, 82_000), step(PUBLISHED, 76_000)] }
}

/// What other bikes of this model ask.
pub(super) fn hint() -> HintDocument {
    let hint = PriceHint { low_fen: 65_000, median_fen: 70_000, high_fen: 78_000, count: 12, sold: 5 };
    HintDocument { hint: Some(hint) }
}

/// Its cover.
pub(super) fn photo() -> PhotoView {
    PhotoView {
        id: id(3),
        width: 1600,
        height: 1200,
        colour: "#6b7a5e".to_owned(),
        widths: vec![320, 800, 1600],
    }
}

fn card() -> Card {
    let of = listing();
    Card {
        id: of.id,
        state: of.state,
        held: of.held,
        title: of.title,
        category: of.category,
        price_fen: of.price_fen,
        original_price_fen: of.original_price_fen,
        negotiable: of.negotiable,
        condition: of.condition,
        delivery: of.delivery,
        district: of.district,
        subdistrict: of.subdistrict,
        cover: Some(photo()),
        seller_kind: of.seller.kind,
        watches: of.watches,
        views: of.views,
        published_at: of.published_at,
        updated_at: of.updated_at,
    }
}

fn seller() -> SellerView {
    SellerView {
        person: id(4),
        organisation: None,
        name: "小林".to_owned(),
        kind: "private".to_owned(),
        verified: true,
        since: Some(DRAFTED.plus_days(-400)),
        on_offer: 1,
        sold: 4,
    }
}
