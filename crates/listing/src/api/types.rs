//! What goes in and out. Apart from the tables, so that either may change alone.

use std::collections::BTreeMap;

use luhuan_kernel::{Id, Message, Organisation, Timestamp, geo};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{
    Error, Item, Listing, ListingView, PhotoView, SellerView,
    model::{Condition, Delivery, Details, Freight, Returns, State},
    service::CreateListing,
};

/// A point, in degrees (WGS-84).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PointInput {
    /// Latitude.
    #[schema(minimum = -90, maximum = 90)]
    pub lat: f64,
    /// Longitude.
    #[schema(minimum = -180, maximum = 180)]
    pub lon: f64,
}

/// A listing to be drafted. Only title and category are needed at once; the rest before publishing.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "捷安特 ATX 777 山地车 车况好", "category": "bikes-mountain", "condition": "80",
    "description": "骑了两年，去年换过刹车皮。", "defects": ["前叉有两处划痕"], "origin": "mall-new",
    "price_fen": 76000, "original_price_fen": 229800, "negotiable": true, "delivery": ["pickup"],
    "subdistrict": "110105016", "returns": "none", "brand": "捷安特", "model": "ATX 777"
}))]
pub struct ListingInput {
    /// One line, at most 60 characters.
    #[schema(min_length = 1, max_length = 60)]
    pub title: String,
    /// Code of a leaf of the category tree.
    pub category: String,
    /// The whole story, at most 4,000 characters.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub description: String,
    /// Condition grade.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// Flaws, one sentence each.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub defects: Vec<String>,
    /// How the seller came by it.
    #[serde(default)]
    pub origin: Option<String>,
    /// Asking price in fen.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub price_fen: Option<i64>,
    /// Price when new, in fen.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub original_price_fen: Option<i64>,
    /// Whether offers are welcome.
    #[serde(default)]
    pub negotiable: bool,
    /// Ways of handing it over.
    #[serde(default)]
    pub delivery: Vec<Delivery>,
    /// Who pays carriage.
    #[serde(default)]
    pub freight: Option<Freight>,
    /// Sub-district code (nine digits).
    #[serde(default)]
    pub subdistrict: Option<String>,
    /// The true place. It is fuzzed to about 500 m at once and never stored.
    #[serde(default)]
    pub location: Option<PointInput>,
    /// Returns promise.
    #[serde(default)]
    pub returns: Option<Returns>,
    /// Returns in the seller's words, for `custom`.
    #[serde(default)]
    pub returns_note: String,
    /// Values of the category's attributes, by code.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, Value>,
    /// Brand.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub brand: String,
    /// Model.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub model: String,
    /// Pieces on offer together.
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 9999)]
    pub quantity: i32,
    /// Age in months.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1200)]
    pub age_months: Option<i32>,
    /// Why it is sold.
    #[serde(default)]
    #[schema(max_length = 80)]
    pub reason: String,
    /// Statements that a rule asks for: codes such as `registration-transfer`, named in the refusal of `publish`.
    #[serde(default)]
    pub statements: Vec<String>,
    /// Serial number, or IMEI where the category asks for one. Kept as a keyed hash, shown masked.
    #[serde(default)]
    pub serial: Option<String>,
    /// An item of yours that was listed before.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub item: Option<Id<Item>>,
    /// The shop it is sold for.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub organisation: Option<Id<Organisation>>,
}

const fn one() -> i32 {
    1
}

impl ListingInput {
    /// The command.
    ///
    /// # Errors
    /// When the point is none.
    pub fn into_command(self) -> Result<CreateListing, Error> {
        let point = point(self.location)?;
        Ok(CreateListing {
            point,
            organisation: self.organisation,
            item: self.item,
            serial: self.serial,
            external_id: None,
            details: Details {
                title: self.title,
                description: self.description,
                category: self.category,
                condition: self.condition,
                defects: self.defects,
                origin: self.origin,
                price_fen: self.price_fen,
                original_price_fen: self.original_price_fen,
                negotiable: self.negotiable,
                delivery: self.delivery,
                freight: self.freight,
                subdistrict: self.subdistrict,
                returns: self.returns,
                returns_note: self.returns_note,
                attributes: self.attributes,
                brand: self.brand,
                model: self.model,
                quantity: self.quantity,
                age_months: self.age_months,
                reason: self.reason,
                statements: self.statements,
            },
        })
    }
}

pub(crate) fn point(location: Option<PointInput>) -> Result<Option<geo::Point>, Error> {
    let Some(PointInput { lat, lon }) = location else { return Ok(None) };
    let wrong = || Error::invalid("location", Message::new("listing-location"));
    geo::Point::new(lat, lon).map(Some).ok_or_else(wrong)
}

/// What shall change. Absent: stays. Null: is cleared, where it may be empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "price_fen": 69900, "negotiable": false }))]
pub struct ListingPatch {
    /// One line.
    #[schema(min_length = 1, max_length = 60)]
    pub title: Option<String>,
    /// Code of a leaf of the category tree.
    pub category: Option<String>,
    /// The whole story.
    #[schema(max_length = 4000)]
    pub description: Option<String>,
    /// Condition grade.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Condition>)]
    pub condition: Option<Option<Condition>>,
    /// Flaws.
    pub defects: Option<Vec<String>>,
    /// How the seller came by it.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub origin: Option<Option<String>>,
    /// Asking price in fen.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub price_fen: Option<Option<i64>>,
    /// Price when new, in fen.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub original_price_fen: Option<Option<i64>>,
    /// Whether offers are welcome.
    pub negotiable: Option<bool>,
    /// Ways of handing it over.
    pub delivery: Option<Vec<Delivery>>,
    /// Who pays carriage.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Freight>)]
    pub freight: Option<Option<Freight>>,
    /// Sub-district code.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub subdistrict: Option<Option<String>>,
    /// The true place, fuzzed at once.
    pub location: Option<PointInput>,
    /// Returns promise.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Returns>)]
    pub returns: Option<Option<Returns>>,
    /// Returns in the seller's words.
    pub returns_note: Option<String>,
    /// All attribute values.
    #[schema(value_type = Option<Object>)]
    pub attributes: Option<BTreeMap<String, Value>>,
    /// Brand.
    #[schema(max_length = 80)]
    pub brand: Option<String>,
    /// Model.
    #[schema(max_length = 80)]
    pub model: Option<String>,
    /// Pieces.
    #[schema(minimum = 1, maximum = 9999)]
    pub quantity: Option<i32>,
    /// Age in months.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 1200)]
    pub age_months: Option<Option<i32>>,
    /// Why it is sold.
    #[schema(max_length = 80)]
    pub reason: Option<String>,
    /// All statements that the seller makes.
    pub statements: Option<Vec<String>>,
}

/// Tells `null` (`Some(None)`) from absent (`None`).
fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl ListingPatch {
    /// The details after the change.
    #[must_use]
    pub fn apply(self, now: Details) -> Details {
        Details {
            title: self.title.unwrap_or(now.title),
            description: self.description.unwrap_or(now.description),
            category: self.category.unwrap_or(now.category),
            condition: self.condition.unwrap_or(now.condition),
            defects: self.defects.unwrap_or(now.defects),
            origin: self.origin.unwrap_or(now.origin),
            price_fen: self.price_fen.unwrap_or(now.price_fen),
            original_price_fen: self.original_price_fen.unwrap_or(now.original_price_fen),
            negotiable: self.negotiable.unwrap_or(now.negotiable),
            delivery: self.delivery.unwrap_or(now.delivery),
            freight: self.freight.unwrap_or(now.freight),
            subdistrict: self.subdistrict.unwrap_or(now.subdistrict),
            returns: self.returns.unwrap_or(now.returns),
            returns_note: self.returns_note.unwrap_or(now.returns_note),
            attributes: self.attributes.unwrap_or(now.attributes),
            brand: self.brand.unwrap_or(now.brand),
            model: self.model.unwrap_or(now.model),
            quantity: self.quantity.unwrap_or(now.quantity),
            age_months: self.age_months.unwrap_or(now.age_months),
            reason: self.reason.unwrap_or(now.reason),
            statements: self.statements.unwrap_or(now.statements),
        }
    }
}

/// A fuzzed place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PlaceDocument {
    /// Latitude, degrees.
    pub lat: f64,
    /// Longitude, degrees.
    pub lon: f64,
    /// The true place lies within about this many metres.
    pub accuracy_m: u32,
}

/// A listing.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ListingDocument {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Listing>,
    /// The physical thing; other listings of the same thing name the same item.
    #[schema(value_type = String, format = "uuid")]
    pub item: Id<Item>,
    /// Where it stands.
    pub state: State,
    /// Whether it waits for a moderator.
    pub held: bool,
    /// Grows with each change; part of the entity tag.
    pub version: i64,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Category code.
    pub category: String,
    /// Condition grade.
    pub condition: Option<Condition>,
    /// Flaws.
    pub defects: Vec<String>,
    /// How the seller came by it.
    pub origin: Option<String>,
    /// Asking price in fen.
    pub price_fen: Option<i64>,
    /// Price when new, in fen.
    pub original_price_fen: Option<i64>,
    /// Always CNY.
    pub currency: &'static str,
    /// Whether offers are welcome.
    pub negotiable: bool,
    /// Ways of handing it over.
    pub delivery: Vec<Delivery>,
    /// Who pays carriage.
    pub freight: Option<Freight>,
    /// District code.
    pub district: Option<String>,
    /// Sub-district code.
    pub subdistrict: Option<String>,
    /// The place, fuzzed.
    pub location: Option<PlaceDocument>,
    /// Returns promise.
    pub returns: Option<Returns>,
    /// Returns in the seller's words.
    pub returns_note: String,
    /// Attribute values by code.
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, Value>,
    /// Brand.
    pub brand: String,
    /// Model.
    pub model: String,
    /// Pieces on offer together.
    pub quantity: i32,
    /// Age in months.
    pub age_months: Option<i32>,
    /// Why it is sold.
    pub reason: String,
    /// Statements that a rule asks for and the seller makes.
    pub statements: Vec<String>,
    /// Serial number, masked.
    pub serial: Option<String>,
    /// Badges that the law asks for, such as `used_goods`.
    pub badges: Vec<String>,
    /// Gallery, the cover first.
    pub photos: Vec<PhotoView>,
    /// Who sells.
    pub seller: SellerView,
    /// Views, added up every few seconds.
    pub views: i64,
    /// Watchers.
    pub watches: i64,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// When the seller last changed it.
    pub updated_at: Timestamp,
    /// When it was last published.
    pub published_at: Option<Timestamp>,
    /// When it expires.
    pub expires_at: Option<Timestamp>,
    /// When it was sold, withdrawn or expired.
    pub closed_at: Option<Timestamp>,
}

impl ListingDocument {
    /// The document of a listing.
    ///
    /// # Errors
    /// When stored badges cannot be read.
    pub fn of(view: ListingView) -> Result<Self, Error> {
        let ListingView { row, details, state, photos, seller, serial, actions: _ } = view;
        let location =
            row.point().map(|point| PlaceDocument { lat: point.lat, lon: point.lon, accuracy_m: 500 });
        Ok(Self {
            id: row.id,
            item: row.item_id,
            state,
            held: row.held.is_some(),
            version: row.version,
            title: details.title,
            description: details.description,
            category: details.category,
            condition: details.condition,
            defects: details.defects,
            origin: details.origin,
            price_fen: details.price_fen,
            original_price_fen: details.original_price_fen,
            currency: "CNY",
            negotiable: details.negotiable,
            delivery: details.delivery,
            freight: details.freight,
            district: row.district.clone(),
            subdistrict: details.subdistrict,
            location,
            returns: details.returns,
            returns_note: details.returns_note,
            attributes: details.attributes,
            brand: details.brand,
            model: details.model,
            quantity: details.quantity,
            age_months: details.age_months,
            reason: details.reason,
            statements: details.statements,
            serial,
            badges: row.badges()?,
            photos,
            seller,
            views: row.views,
            watches: row.watches,
            created_at: row.created_at,
            updated_at: row.updated_at,
            published_at: row.published_at,
            expires_at: row.expires_at,
            closed_at: row.closed_at,
        })
    }
}
