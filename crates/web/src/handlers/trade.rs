//! What the pages of trade share: orders, offers and times as views, and how a refused step comes back.

use luhuan_kernel::{Actor, Id, Money, Organisation, OrganisationKind, Person, Problem, Timestamp};
use luhuan_listing::Card as ListingCard;
use luhuan_trade::{
    OfferView, OrderCard, PhotoView,
    model::{By, OfferMove},
};
use time::macros::format_description;

use super::{
    Site,
    cards::{offset, photo, seconds},
    form::Fields,
    visit::Visit,
};
use crate::{
    format::{self, Price},
    text::Text,
    view::{
        Address, Errors, Photo,
        trade::{Due, OfferCard, OrderRow, Typed},
    },
};

/// Photos of one message, or of one piece of evidence, at most.
pub(super) const PHOTOS: u32 = 9;

/// Where the pages hear of what happens.
pub(super) const STREAM: &str = "/conversations/stream";

impl From<&Fields> for Typed {
    fn from(fields: &Fields) -> Self {
        let typed = fields.below("").filter(|(name, _)| *name != "_csrf");
        Self(typed.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

/// A moment to come.
pub(super) fn due(text: Text, at: Timestamp, now: Timestamp) -> Due {
    let (at, now) = (seconds(at), seconds(now));
    Due {
        iso: format::iso(at),
        left: format::left(text, at, now),
        at: format::on_day(text, at, now, offset()),
    }
}

/// A photo of a conversation or of evidence.
pub(super) fn trade_photo(view: &PhotoView, alt: &str) -> Photo {
    let id = view.id.to_string();
    let widths: Vec<_> =
        view.widths.iter().map(|width| (format!("/trade-photos/{id}/{width}"), *width)).collect();
    let side = |pixels: i32| u32::try_from(pixels).unwrap_or_default();
    Photo::from_widths(&id, alt, side(view.width), side(view.height), &widths)
}

/// A listing's cover.
pub(super) fn cover(card: Option<&ListingCard>) -> Option<Photo> {
    card.and_then(|card| card.cover.as_ref()).map(|cover| photo(cover, ""))
}

/// An order as lists show it.
pub(super) fn order_row(text: Text, card: &OrderCard, now: Timestamp) -> OrderRow {
    let role = card.role.code();
    OrderRow {
        url: format!("/orders/{}", card.id),
        title: card.title.clone(),
        things: u32::try_from(card.things).unwrap_or_default(),
        photo: cover(card.card.as_ref()),
        price: Price(card.total_fen),
        state: card.state.code().to_owned(),
        other: card.other_name.clone(),
        due: card.due_at.filter(|_| !card.state.is_final()).map(|at| due(text, at, now)),
        next: text.code("order-short", &format!("{}-{role}", card.state)).into_owned(),
        when: format::on_day(text, seconds(card.created_at), seconds(now), offset()),
    }
}

/// An offer as one of its two sides sees it.
pub(super) fn offer_card(text: Text, offer: &OfferView, now: Timestamp) -> OfferCard {
    let may = |attempted| offer.actions.contains(&attempted);
    let (id, listing) = (offer.id.to_string(), offer.listing.to_string());
    let checkout = Address::new("/checkout", [("listing", listing), ("offer", id.clone())]);
    OfferCard {
        title: offer.title.clone(),
        listing_url: format!("/listings/{}", offer.listing),
        state: offer.state.code().to_owned(),
        amount: Price(offer.amount_fen),
        asked: offer.asked_fen.map(Price),
        own: offer.spoke == offer.role,
        role: offer.role.code().to_owned(),
        counter: may(OfferMove::Counter),
        accept: may(OfferMove::Accept),
        decline: may(OfferMove::Decline),
        order_url: if may(OfferMove::Use) { checkout.to_string() } else { String::new() },
        due: offer.due_at.map(|at| due(text, at, now)),
        version: offer.version.to_string(),
        id,
    }
}

/// `/sellers/{id}` of a person or of their shop.
pub(super) fn seller_url(person: Id<Person>, shop: Option<Id<Organisation>>) -> String {
    shop.map_or_else(|| format!("/sellers/{person}"), |shop| format!("/sellers/{shop}"))
}

/// Whether the actor sells what is sold by a person or for a shop, as far as a page need know: the services decide.
pub(super) fn sells(actor: &Actor, person: Id<Person>, shop: Option<Id<Organisation>>) -> bool {
    match shop {
        Some(shop) => actor.memberships.iter().any(|membership| {
            membership.organisation == shop && membership.kind == OrganisationKind::SellerShop
        }),
        None => actor.is(person),
    }
}

/// An amount in yuan as typed; `Err` with the sentence beside the field when it does not read.
pub(super) fn yuan(text: Text, fields: &Fields, field: &str) -> Result<Option<i64>, Errors> {
    let Some(typed) = fields.some(field) else { return Ok(None) };
    match Money::cny_from_yuan(&typed) {
        Some(money) => Ok(Some(money.minor)),
        None => Err(fault(field, text.get("post-price-wrong"))),
    }
}

/// A civil time in Beijing as a browser's field sends it: `2026-03-18T18:30`.
pub(super) fn local_time(text: Text, fields: &Fields, field: &str) -> Result<Option<Timestamp>, Errors> {
    let Some(typed) = fields.some(field) else { return Ok(None) };
    let layout = format_description!("[year]-[month]-[day]T[hour]:[minute]");
    let typed = typed.get(..16).unwrap_or(&typed).replace(' ', "T");
    let wrong = || fault(field, text.get("trade-time-wrong"));
    let civil = time::PrimitiveDateTime::parse(&typed, &layout).map_err(|_| wrong())?;
    let instant = civil.assume_utc().unix_timestamp() - i64::from(offset());
    Ok(Some(Timestamp::from_micros(instant.saturating_mul(1_000_000))))
}

/// One thing that is wrong.
pub(super) fn fault(field: &str, message: impl Into<String>) -> Errors {
    let mut errors = Errors::none();
    errors.add(field, message);
    errors
}

/// A refusal as the form `form` shows it: beside its fields, or above it.
pub(super) fn errors_of(site: &Site, visit: &Visit, problem: &Problem, form: &str) -> Errors {
    let (texts, locale) = (&site.texts, visit.actor.locale);
    let mut errors = Errors::none();
    for fault in problem.fields() {
        let field = fault.field.strip_suffix("_fen").unwrap_or(&fault.field);
        let field = if form.is_empty() { field.to_owned() } else { format!("{form}.{field}") };
        errors.add(&field, fault.message.render(texts, locale));
    }
    if errors.is_empty() {
        errors.add("", problem.detail(texts, locale));
    }
    errors
}

/// Whether a refusal is told on the form itself: the input is wrong, or the state of things is another.
pub(super) fn is_told_on_the_form(problem: &Problem) -> bool {
    use http::StatusCode;
    matches!(
        problem.status(),
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT | StatusCode::PRECONDITION_FAILED
    )
}

/// The other of the two, for a reader who is one of them.
pub(super) const fn is_seller(role: By) -> bool {
    matches!(role, By::Seller)
}
