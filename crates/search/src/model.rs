//! What is searched, what is asked and what is answered. Pure: no index, no clock.

use luhuan_kernel::{Cursor, Id, Limit, Timestamp};
use serde::{Deserialize, Serialize};

use crate::SearchError;

/// Marks the ids of listings.
pub struct Listing;

/// Marks the ids of sellers, be they a person or an organisation.
pub struct Seller;

/// A place on earth, in degrees (WGS 84). A listing's is already fuzzed before it comes here.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// North positive.
    pub lat: f64,
    /// East positive.
    pub lon: f64,
}

impl Point {
    /// Metres on the great circle (haversine on the mean earth radius, 6,371,008.8 m).
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = ((other_lat - lat) / 2.0).sin();
        let half_lon = ((other.lon - self.lon).to_radians() / 2.0).sin();
        let chord = half_lat * half_lat + lat.cos() * other_lat.cos() * half_lon * half_lon;
        2.0 * 6_371_008.8 * chord.sqrt().min(1.0).asin()
    }
}

/// A step of a category's path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// The stable code.
    pub code: String,
    /// What it is called: Chinese first, then other names and languages. Found by, and suggested.
    pub names: Vec<String>,
}

/// One value of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// An option's code, or `true`/`false`.
    Code(String),
    /// A number in the attribute's own unit.
    Number(f64),
}

/// What a listing says about one attribute that is filtered or counted by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// The attribute's code, unique within the leaf.
    pub code: String,
    /// Its values.
    pub values: Vec<Value>,
}

/// A findable listing, as the index takes it in. What is not findable is removed from the index instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Which listing.
    pub id: Id<Listing>,
    /// Grows with each change of the listing: an older version never replaces a newer.
    pub version: i64,
    /// As the seller wrote it.
    pub title: String,
    /// As the seller wrote it.
    pub description: String,
    /// The maker, or empty.
    pub brand: String,
    /// The maker's model, or empty.
    pub model: String,
    /// From the root to the leaf.
    pub category: Vec<Category>,
    /// More words that find it: labels of attribute values, of the condition.
    pub keywords: Vec<String>,
    /// The grade's code (N, 99, ... P).
    pub condition: String,
    /// The district's code.
    pub district: String,
    /// The sub-district's code, or empty.
    pub subdistrict: String,
    /// Names of the district and sub-district, in each language.
    pub place_names: Vec<String>,
    /// Codes of the ways it is handed over.
    pub deliveries: Vec<String>,
    /// The price in fen.
    pub price: i64,
    /// The price when new, in fen.
    pub original_price: Option<i64>,
    /// Whether the seller takes offers.
    pub negotiable: bool,
    /// When it was published.
    pub published_at: Timestamp,
    /// Where it is, fuzzed; absent when not told.
    pub point: Option<Point>,
    /// Attributes to filter and count by.
    pub attributes: Vec<Attribute>,
    /// Who sells it.
    pub seller: Id<Seller>,
    /// The kind of seller (`private`, `natural_person_trader`, `registered_merchant`).
    pub seller_kind: String,
    /// The photo that a card shows: its id, then the widths it can be had in ([`Card::cover`]).
    pub photo: Option<String>,
}

/// What is kept beside the index to draw a card without asking the database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Which listing.
    pub id: Id<Listing>,
    /// As the seller wrote it.
    pub title: String,
    /// The price in fen.
    pub price: i64,
    /// The price when new, in fen.
    pub original_price: Option<i64>,
    /// Whether the seller takes offers.
    pub negotiable: bool,
    /// The leaf category's code.
    pub category: String,
    /// The grade's code.
    pub condition: String,
    /// The district's code.
    pub district: String,
    /// The sub-district's code, or empty.
    pub subdistrict: String,
    /// Codes of the ways it is handed over.
    pub deliveries: Vec<String>,
    /// When it was published.
    pub published_at: Timestamp,
    /// Who sells it.
    pub seller: Id<Seller>,
    /// The kind of seller.
    pub seller_kind: String,
    /// The photo, as in [`Document::photo`].
    pub photo: Option<String>,
    /// Where it is, fuzzed.
    pub point: Option<Point>,
}

impl Card {
    /// The photo's id and the widths it can be had in, narrowest first.
    #[must_use]
    pub fn cover(&self) -> Option<(&str, Vec<u32>)> {
        let (id, widths) = self.photo.as_deref()?.split_once(' ')?;
        Some((id, widths.split(',').filter_map(|width| width.parse().ok()).collect()))
    }
}

/// A change of the index.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The listing is findable and reads so.
    Put(Box<Document>),
    /// The listing is no longer findable.
    Remove {
        /// Which.
        id: Id<Listing>,
        /// As of which version: a document of a newer one stays.
        version: i64,
    },
}

impl Change {
    /// Which listing it is about.
    #[must_use]
    pub fn id(&self) -> Id<Listing> {
        match self {
            Self::Put(document) => document.id,
            Self::Remove { id, .. } => *id,
        }
    }

    /// The version it brings.
    #[must_use]
    pub fn version(&self) -> i64 {
        match self {
            Self::Put(document) => document.version,
            Self::Remove { version, .. } => *version,
        }
    }
}

/// The order of the hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Best match first; without words, newest first.
    #[default]
    Relevance,
    /// Latest published first.
    Newest,
    /// Cheapest first.
    PriceAsc,
    /// Dearest first.
    PriceDesc,
    /// Nearest to [`Query::near`] first; what has no place comes last.
    Distance,
}

/// Around a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// The centre: distances are measured from it.
    pub point: Point,
    /// Only what lies within so many metres; without, everything is in.
    pub radius_m: Option<u32>,
}

/// A box on the map. `west > east` spans the date line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundingBox {
    /// Southern latitude.
    pub south: f64,
    /// Western longitude.
    pub west: f64,
    /// Northern latitude.
    pub north: f64,
    /// Eastern longitude.
    pub east: f64,
}

impl BoundingBox {
    /// Whether a point lies in it, borders included.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        let lon = if self.west <= self.east {
            (self.west..=self.east).contains(&point.lon)
        } else {
            point.lon >= self.west || point.lon <= self.east
        };
        lon && (self.south..=self.north).contains(&point.lat)
    }
}

/// A condition on one attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeFilter {
    /// The attribute's code.
    pub code: String,
    /// What its value may be.
    pub accept: Accept,
}

/// Values that a filter lets through.
#[derive(Clone, Debug, PartialEq)]
pub enum Accept {
    /// Any of these codes.
    AnyOf(Vec<String>),
    /// A number in this closed range, open where a side is `None`.
    Range(Option<f64>, Option<f64>),
}

/// Something that hits are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FacetName {
    /// Every category on the path, roots and leaves.
    Category,
    /// Condition grades.
    Condition,
    /// Districts.
    District,
    /// Ways of delivery.
    Delivery,
    /// Price ranges, cut at [`PRICE_STEPS`].
    Price,
    /// The values of one attribute.
    Attribute(String),
}

impl FacetName {
    /// The code of the facet in answers: `category`, `price`, ... or `attribute.<code>`.
    #[must_use]
    pub fn code(&self) -> String {
        match self {
            Self::Category => "category".to_owned(),
            Self::Condition => "condition".to_owned(),
            Self::District => "district".to_owned(),
            Self::Delivery => "delivery".to_owned(),
            Self::Price => "price".to_owned(),
            Self::Attribute(code) => format!("attribute.{code}"),
        }
    }

    /// The five that every search can be counted by.
    #[must_use]
    pub fn common() -> Vec<Self> {
        vec![Self::Category, Self::Condition, Self::District, Self::Delivery, Self::Price]
    }
}

/// Where price ranges are cut, in fen: below ¥50, ¥50 to ¥100, ... ¥10,000 and more.
pub const PRICE_STEPS: [i64; 8] = [5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];

/// The bounds of a price range by its position, in fen, as `from-to` (`from` within, `to` not; the last is open).
#[must_use]
pub fn price_range(position: usize) -> String {
    let from = position.checked_sub(1).and_then(|before| PRICE_STEPS.get(before)).copied().unwrap_or(0);
    match PRICE_STEPS.get(position) {
        Some(to) => format!("{from}-{to}"),
        None => format!("{from}-"),
    }
}

/// Which price range holds a price in fen.
#[must_use]
pub fn price_position(price: i64) -> usize {
    PRICE_STEPS.partition_point(|step| *step <= price)
}

/// A search.
#[derive(Clone, Debug)]
pub struct Query {
    /// As typed; empty finds everything that the filters let through.
    pub text: String,
    /// A category's code, root or leaf.
    pub category: Option<String>,
    /// In fen, included.
    pub min_price: Option<i64>,
    /// In fen, included.
    pub max_price: Option<i64>,
    /// Any of these districts; empty is any at all. So too the next two.
    pub districts: Vec<String>,
    /// Any of these grades.
    pub conditions: Vec<String>,
    /// Any of these ways of delivery.
    pub deliveries: Vec<String>,
    /// All of these.
    pub attributes: Vec<AttributeFilter>,
    /// Only this seller's.
    pub seller: Option<Id<Seller>>,
    /// Around a place.
    pub near: Option<Near>,
    /// Within a box.
    pub within: Option<BoundingBox>,
    /// The order.
    pub sort: Sort,
    /// Hits on a page.
    pub limit: Limit,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// What to count by.
    pub facets: Vec<FacetName>,
    /// Now: how fresh a listing is breaks ties. A page that follows keeps the first page's instant.
    pub now: Timestamp,
}

impl Query {
    /// The most characters of a text that are looked at.
    pub const MAX_TEXT: usize = 120;

    /// A search for a text, with nothing else asked.
    #[must_use]
    pub fn of(text: impl Into<String>, now: Timestamp) -> Self {
        Self {
            text: text.into(),
            category: None,
            min_price: None,
            max_price: None,
            districts: Vec::new(),
            conditions: Vec::new(),
            deliveries: Vec::new(),
            attributes: Vec::new(),
            seller: None,
            near: None,
            within: None,
            sort: Sort::default(),
            limit: Limit::of(None),
            after: None,
            facets: Vec::new(),
            now,
        }
    }

    /// The order that is meant: without words, relevance is freshness.
    #[must_use]
    pub fn order(&self) -> Sort {
        if self.sort == Sort::Relevance && self.text.trim().is_empty() { Sort::Newest } else { self.sort }
    }

    /// Refuses what cannot be answered.
    ///
    /// # Errors
    /// [`SearchError::Refused`] when it sorts by distance from nowhere, or a place is no place on earth.
    pub fn check(&self) -> Result<(), SearchError> {
        if self.sort == Sort::Distance && self.near.is_none() {
            return Err(SearchError::Refused("sorting by distance needs a place to measure from"));
        }
        let on_earth = |lat: f64, lon: f64| (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        if self.near.is_some_and(|near| !on_earth(near.point.lat, near.point.lon)) {
            return Err(SearchError::Refused("latitude is -90 to 90 and longitude -180 to 180"));
        }
        if self.within.is_some_and(|it| !on_earth(it.south, it.west) || !on_earth(it.north, it.east)) {
            return Err(SearchError::Refused("latitude is -90 to 90 and longitude -180 to 180"));
        }
        Ok(())
    }
}

/// A piece of text, and whether it is what was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fragment {
    /// The piece.
    pub text: String,
    /// Whether to set it off.
    pub matched: bool,
}

/// A listing found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What a card shows.
    pub card: Card,
    /// The title in pieces; joined they are the title.
    pub title: Vec<Fragment>,
    /// The stretch of the description that says why, in pieces; empty when the description says nothing of it.
    pub description: Vec<Fragment>,
    /// Metres from [`Query::near`].
    pub distance_m: Option<f64>,
    /// How well it matches; comparable within one search only.
    pub score: f32,
}

/// Hits counted by one thing. A facet's counts ignore the filter on that same facet, so that a shopper sees what
/// another choice would bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// Which ([`FacetName::code`]).
    pub code: String,
    /// Values and counts, most first; price ranges in their own order. Values that count nothing are left out.
    pub buckets: Vec<Bucket>,
}

/// One value and how many hits have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The value's code.
    pub value: String,
    /// How many.
    pub count: u64,
}

/// How far the words had to be bent until something was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Every word is there as a word.
    #[default]
    Exact,
    /// Every word is there in part, misspelled, or across the borders of words.
    Loose,
    /// Some of the words are there.
    Partial,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// This page.
    pub hits: Vec<Hit>,
    /// Hits on all pages.
    pub total: u64,
    /// What was asked to be counted, in the order asked.
    pub facets: Vec<Facet>,
    /// A text that would find more, when this one looks mistyped.
    pub did_you_mean: Option<String>,
    /// How strictly the words were taken.
    pub reach: Reach,
    /// Where the next page starts; absent on the last.
    pub next: Option<Cursor>,
}

/// A text to complete what is being typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The text to search for.
    pub text: String,
    /// The category it names, when it names one.
    pub category: Option<String>,
    /// How many listings say so.
    pub listings: u64,
}

impl From<&Document> for Card {
    fn from(document: &Document) -> Self {
        Self {
            id: document.id,
            title: document.title.clone(),
            price: document.price,
            original_price: document.original_price,
            negotiable: document.negotiable,
            category: document.category.last().map(|leaf| leaf.code.clone()).unwrap_or_default(),
            condition: document.condition.clone(),
            district: document.district.clone(),
            subdistrict: document.subdistrict.clone(),
            deliveries: document.deliveries.clone(),
            published_at: document.published_at,
            seller: document.seller,
            seller_kind: document.seller_kind.clone(),
            photo: document.photo.clone(),
            point: document.point,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_of_latitude_is_111_kilometres() {
        let south = Point { lat: 39.0, lon: 116.4 };
        let north = Point { lat: 40.0, lon: 116.4 };
        assert!((south.metres_to(north) - 111_195.0).abs() < 10.0);
    }

    #[test]
    fn each_price_falls_in_one_range_and_the_ranges_touch() {
        assert_eq!(price_range(price_position(0)), "0-5000");
        assert_eq!(price_range(price_position(4_999)), "0-5000");
        assert_eq!(price_range(price_position(5_000)), "5000-10000");
        assert_eq!(price_range(price_position(99_999_999)), "1000000-");
    }

    #[test]
    fn a_box_may_span_the_date_line() {
        let pacific = BoundingBox { south: -10.0, west: 170.0, north: 10.0, east: -170.0 };
        assert!(pacific.contains(Point { lat: 0.0, lon: 179.0 }));
        assert!(pacific.contains(Point { lat: 0.0, lon: -179.0 }));
        assert!(!pacific.contains(Point { lat: 0.0, lon: 0.0 }));
    }

    #[test]
    fn a_sort_by_distance_names_its_place() {
        let mut query = Query::of("手机", Timestamp::from_micros(0));
        query.sort = Sort::Distance;
        assert!(matches!(query.check(), Err(SearchError::Refused(_))));
    }
}
