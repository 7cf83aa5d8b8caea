//! A listing.

use luhuan_kernel::{Id, Organisation, Person, Timestamp, geo};
use luhuan_store::Error as StoreError;
use sea_orm::entity::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Item, Listing,
    catalog::Catalog,
    model::{Details, State},
    policy::{Owner, Standing},
};

/// A row of `listing`. Codes and JSON are text; [`Model::details`] gives them their types back.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "listing")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id<Listing>,
    /// The thing on offer.
    pub item_id: Id<Item>,
    /// Who posted it.
    pub person_id: Id<Person>,
    /// The shop it is sold for.
    pub organisation_id: Option<Id<Organisation>>,
    /// The seller's kind when it was posted.
    pub seller_kind: String,
    /// Code of its state.
    pub state: String,
    /// Class of the rule for which it waits for a moderator.
    pub held: Option<String>,
    /// Grows by one with each change of what the seller says.
    pub version: i64,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Category code, of a leaf.
    pub category: String,
    /// Code of the root above the category, so that browsing a root is one walk along an index.
    pub root: String,
    /// Condition code.
    pub condition: Option<String>,
    /// Defects, JSON.
    pub defects: String,
    /// Origin code.
    pub origin: Option<String>,
    /// Price in fen.
    pub price_fen: Option<i64>,
    /// Price when new, in fen.
    pub original_price_fen: Option<i64>,
    /// Whether offers are welcome.
    pub negotiable: bool,
    /// Delivery codes, JSON.
    pub delivery: String,
    /// Who pays carriage.
    pub freight: Option<String>,
    /// District code.
    pub district: Option<String>,
    /// Sub-district code.
    pub subdistrict: Option<String>,
    /// Fuzzed latitude, degrees.
    pub lat: Option<f64>,
    /// Fuzzed longitude, degrees.
    pub lon: Option<f64>,
    /// Returns code.
    pub returns: Option<String>,
    /// Returns in the seller's words.
    pub returns_note: String,
    /// Attribute values, JSON.
    pub attributes: String,
    /// Brand.
    pub brand: String,
    /// Model.
    pub model: String,
    /// Pieces.
    pub quantity: i32,
    /// Age in months.
    pub age_months: Option<i32>,
    /// Why it is sold.
    pub reason: String,
    /// Codes of the statements that the seller makes, JSON.
    pub statements: String,
    /// Badges that a rule asks for, JSON.
    pub badges: String,
    /// The seller's own id of it, from an import.
    pub external_id: Option<String>,
    /// Views, added up now and then.
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

/// None are followed: queries name what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// A draft that says nothing yet.
    pub(crate) fn blank(id: Id<Listing>, item: Id<Item>, person: Id<Person>, now: Timestamp) -> Self {
        Self {
            id,
            item_id: item,
            person_id: person,
            organisation_id: None,
            seller_kind: String::new(),
            state: State::Draft.code().to_owned(),
            held: None,
            version: 1,
            title: String::new(),
            description: String::new(),
            category: String::new(),
            root: String::new(),
            condition: None,
            defects: "[]".to_owned(),
            origin: None,
            price_fen: None,
            original_price_fen: None,
            negotiable: false,
            delivery: "[]".to_owned(),
            freight: None,
            district: None,
            subdistrict: None,
            lat: None,
            lon: None,
            returns: None,
            returns_note: String::new(),
            attributes: "{}".to_owned(),
            brand: String::new(),
            model: String::new(),
            quantity: 1,
            age_months: None,
            reason: String::new(),
            statements: "[]".to_owned(),
            badges: "[]".to_owned(),
            external_id: None,
            views: 0,
            watches: 0,
            created_at: now,
            updated_at: now,
            published_at: None,
            expires_at: None,
            closed_at: None,
        }
    }

    /// Where it stands.
    ///
    /// # Errors
    /// When the stored code is none of ours.
    pub fn state(&self) -> Result<State, StoreError> {
        code(&self.state)
    }

    /// How it stands towards those who would look at it.
    ///
    /// # Errors
    /// When the stored code is none of ours.
    pub fn standing(&self) -> Result<Standing, StoreError> {
        Ok(Standing { state: self.state()?, held: self.held.is_some() })
    }

    /// Whose it is.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        Owner { person: self.person_id, organisation: self.organisation_id }
    }

    /// The fuzzed place.
    #[must_use]
    pub fn point(&self) -> Option<geo::Point> {
        Some(geo::Point { lat: self.lat?, lon: self.lon? })
    }

    /// Badges that a rule asks for.
    ///
    /// # Errors
    /// When the stored text is not what it should be.
    pub fn badges(&self) -> Result<Vec<String>, StoreError> {
        json(&self.badges)
    }

    /// What the listing says, typed.
    ///
    /// # Errors
    /// When a stored code or text is not what it should be.
    pub fn details(&self) -> Result<Details, StoreError> {
        Ok(Details {
            title: self.title.clone(),
            description: self.description.clone(),
            category: self.category.clone(),
            condition: optional(self.condition.as_deref())?,
            defects: json(&self.defects)?,
            origin: self.origin.clone(),
            price_fen: self.price_fen,
            original_price_fen: self.original_price_fen,
            negotiable: self.negotiable,
            delivery: json(&self.delivery)?,
            freight: optional(self.freight.as_deref())?,
            subdistrict: self.subdistrict.clone(),
            returns: optional(self.returns.as_deref())?,
            returns_note: self.returns_note.clone(),
            attributes: json(&self.attributes)?,
            brand: self.brand.clone(),
            model: self.model.clone(),
            quantity: self.quantity,
            age_months: self.age_months,
            reason: self.reason.clone(),
            statements: json(&self.statements)?,
        })
    }

    /// Writes what the listing says into the row.
    pub fn set_details(&mut self, details: Details) {
        self.district =
            details.subdistrict.as_deref().and_then(geo::subdistrict).map(|s| s.district.to_owned());
        let root = Catalog::get().category(&details.category).and_then(|leaf| leaf.path.first());
        self.root = root.cloned().unwrap_or_default();
        self.title = details.title;
        self.description = details.description;
        self.category = details.category;
        self.condition = details.condition.map(|condition| condition.code().to_owned());
        self.defects = text(&details.defects);
        self.origin = details.origin;
        self.price_fen = details.price_fen;
        self.original_price_fen = details.original_price_fen;
        self.negotiable = details.negotiable;
        self.delivery = text(&details.delivery);
        self.freight = details.freight.map(|freight| freight.code().to_owned());
        self.subdistrict = details.subdistrict;
        self.returns = details.returns.map(|returns| returns.code().to_owned());
        self.returns_note = details.returns_note;
        self.attributes = text(&details.attributes);
        self.brand = details.brand;
        self.model = details.model;
        self.quantity = details.quantity;
        self.age_months = details.age_months;
        self.reason = details.reason;
        self.statements = text(&details.statements);
    }
}

fn code<T: std::str::FromStr>(code: &str) -> Result<T, StoreError> {
    code.parse().map_err(|_| StoreError::Corrupt(format!("unknown code '{code}'")))
}

fn optional<T: std::str::FromStr>(stored: Option<&str>) -> Result<Option<T>, StoreError> {
    stored.map(code).transpose()
}

fn json<T: DeserializeOwned>(stored: &str) -> Result<T, StoreError> {
    serde_json::from_str(stored).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// JSON text of plain data, which cannot fail to serialise.
pub(crate) fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data serialises")
}
