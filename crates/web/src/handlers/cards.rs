//! Listings as cards, from the database and from the index.

use luhuan_kernel::{Locale, Timestamp, Zone, geo};
use luhuan_listing::{
    Card as ListingCard, PhotoView,
    catalog::Catalog,
    model::{Condition, State},
};
use luhuan_search::Hit;

use crate::{
    format::{self, Price},
    text::Text,
    view::{Card, Moment, Photo, Run},
};

/// Seconds east of UTC of the pages' days.
pub(super) fn offset() -> i32 {
    Timestamp::from_micros(0).at(Zone::SHANGHAI).offset().whole_seconds()
}

/// Unix seconds of an instant.
pub(super) const fn seconds(at: Timestamp) -> i64 {
    at.micros().div_euclid(1_000_000)
}

/// An instant in words and for machines.
pub(super) fn moment(text: Text, at: Timestamp, now: Timestamp) -> Moment {
    Moment { iso: format::iso(seconds(at)), words: format::ago(text, seconds(at), seconds(now), offset()) }
}

/// A photo with all its widths.
pub(super) fn photo(view: &PhotoView, alt: &str) -> Photo {
    let id = view.id.to_string();
    let widths: Vec<_> =
        view.widths.iter().map(|width| (format!("/photos/{id}/{width}.jpg"), *width)).collect();
    let side = |pixels: i32| u32::try_from(pixels).unwrap_or_default();
    Photo::from_widths(&id, alt, side(view.width), side(view.height), &widths)
}

/// A place as coarse as it may be shown: 双井, or 朝阳·双井 with its district.
pub(super) fn place(locale: Locale, subdistrict: Option<&str>, with_district: bool) -> String {
    let Some(place) = subdistrict.and_then(geo::subdistrict) else { return String::new() };
    let district = geo::district(&place.district);
    match locale {
        Locale::ZhCn => {
            let district = district.map(|district| district.zh.trim_end_matches('区')).unwrap_or_default();
            if with_district {
                format!("{district}·{}", place.short_zh())
            } else {
                place.short_zh().to_owned()
            }
        }
        Locale::En => {
            let district =
                district.map(|district| district.en.trim_end_matches(" District")).unwrap_or_default();
            let name = place.en.rsplit_once(' ').map_or(place.en.as_str(), |(name, _)| name);
            if with_district { format!("{district} · {name}") } else { name.to_owned() }
        }
    }
}

/// A card of the database.
pub(super) fn of_listing(text: Text, card: &ListingCard, now: Timestamp) -> Card {
    let since = card.published_at.unwrap_or(card.updated_at);
    Card {
        url: format!("/listings/{}", card.id),
        title: Run::plain(&card.title),
        photo: card.cover.as_ref().map(|cover| photo(cover, "")),
        price: Price(card.price_fen.unwrap_or_default()),
        original_price: card.original_price_fen.map(Price),
        condition: grade(text, card.condition),
        place: place(text.locale(), card.subdistrict.as_deref(), false),
        distance: None,
        when: format::ago(text, seconds(since), seconds(now), offset()),
        state: if card.state == State::Published { String::new() } else { card.state.code().to_owned() },
    }
}

/// A card of the index, with what was searched for marked.
pub(super) fn of_hit(text: Text, hit: &Hit, now: Timestamp) -> Card {
    let card = &hit.card;
    let title: Vec<Run> =
        hit.title.iter().map(|it| Run { text: it.text.clone(), marked: it.matched }).collect();
    Card {
        url: format!("/listings/{}", card.id),
        title: if title.is_empty() { Run::plain(&card.title) } else { title },
        photo: card.cover().map(|(id, widths)| cover(id, &widths)),
        price: Price(card.price),
        original_price: card.original_price.map(Price),
        condition: grade(text, card.condition.parse().ok()),
        place: place(text.locale(), Some(&card.subdistrict), true),
        distance: hit.distance_m.map(metres),
        when: format::ago(text, seconds(card.published_at), seconds(now), offset()),
        state: String::new(),
    }
}

/// A grade's name: 95新.
fn grade(text: Text, condition: Option<Condition>) -> String {
    let label =
        condition.map(|condition| Catalog::get().condition(condition).label.text(text.locale()).to_owned());
    label.unwrap_or_default()
}

/// Whole metres.
pub(super) fn metres(distance: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
    let whole = distance.round().clamp(0.0, f64::from(u32::MAX)) as u32;
    whole
}

/// A cover known by its id and widths; cards are square, so its own shape does not matter.
fn cover(id: &str, widths: &[u32]) -> Photo {
    let widths: Vec<_> = widths.iter().map(|width| (format!("/photos/{id}/{width}.jpg"), *width)).collect();
    let side = widths.last().map_or(320, |(_, width)| *width);
    Photo::from_widths(id, "", side, side, &widths)
}
