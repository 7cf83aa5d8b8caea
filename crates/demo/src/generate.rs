//! An endless stream of listings that look like what residents post.
//!
//! A listing is consistent in itself: title, text and attributes say the same; the price follows from the model,
//! its age and its condition; a worn thing states its defects; what is bulky is not sent by parcel. It holds no
//! telephone number and no account of anybody. The same seed gives the same stream.

mod attributes;
mod describe;
mod title;
mod value;

use std::collections::BTreeMap;

use luhuan_kernel::geo;
use rand::{Rng, RngExt, seq::IndexedRandom};
use serde::Serialize;
use serde_json::Value;

use crate::{
    catalogue::{Catalogue, Leaf, Model, Size},
    photos::Recipe,
};

/// A listing as a resident or a shop would post it; codes as in the data of the listing crate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GeneratedListing {
    /// Stable name of the row, such as `demo-000001`: an import of the same row twice makes one listing.
    pub external_id: String,
    /// Code of a leaf of the category tree.
    pub category: String,
    /// One line, at most 60 characters.
    pub title: String,
    /// The whole story.
    pub description: String,
    /// Condition grade.
    pub condition: String,
    /// Flaws, one sentence each; never empty in the two lowest grades.
    pub defects: Vec<String>,
    /// How the seller came by it.
    pub origin: String,
    /// Asking price in fen.
    pub price_fen: i64,
    /// What it cost new, in fen, if the seller says so.
    pub original_price_fen: Option<i64>,
    /// Whether offers are welcome.
    pub negotiable: bool,
    /// Ways of handing it over.
    pub delivery: Vec<String>,
    /// Who pays the carriage, where it is sent.
    pub freight: Option<String>,
    /// Sub-district code.
    pub subdistrict: String,
    /// Returns promise: shops promise seven days, private sellers mostly nothing.
    pub returns: String,
    /// What the rules of the trade ask its seller to state: of an e-bike, that its registration can be transferred.
    pub statements: Vec<String>,
    /// Values of the category's attributes.
    pub attributes: BTreeMap<String, Value>,
    /// Brand.
    pub brand: String,
    /// Model.
    pub model: String,
    /// For how many days it has been on offer.
    pub age_days: u32,
    /// How old the thing is, in months.
    pub age_months: i32,
    /// Who sells it: an index into the sellers given to [`Generator::new`].
    pub seller: usize,
    /// How its first photo is made; the others are further views of it.
    pub photo: Recipe,
    /// How many photos it has.
    pub photos: u8,
}

/// Who sells, as far as listings depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    /// Where they live or have their shop: a sub-district code.
    pub subdistrict: String,
    /// A shop sells things of one root of the category tree; residents sell anything.
    pub shop: Option<String>,
}

/// The stream.
#[derive(Debug)]
pub struct Generator<R> {
    rng: R,
    sellers: Vec<Seller>,
    year: i32,
    made: u64,
}

impl<R: Rng> Generator<R> {
    /// A stream of listings of these sellers (of nobody in particular if there are none), as seen in a year.
    #[must_use]
    pub fn new(rng: R, sellers: Vec<Seller>, year: i32) -> Self {
        Self { rng, sellers, year, made: 0 }
    }

    fn make(&mut self) -> GeneratedListing {
        self.made += 1;
        let seller = self.seller();
        let who = self.sellers.get(seller);
        let shop = who.is_some_and(|seller| seller.shop.is_some());
        let leaf = self.leaf(seller);
        let subdistrict = self.subdistrict(seller);
        let model = leaf.models.choose(&mut self.rng).expect("a leaf has models");
        let thing = Thing::draw(leaf, model, self.year, shop, &mut self.rng);
        let rng = &mut self.rng;
        let negotiable = rng.random_bool(0.55);
        let delivery = delivery(leaf.size, rng);
        let price = value::asking(&thing, rng);
        let near = geo::subdistrict(&subdistrict).map_or("家", geo::Subdistrict::short_zh);
        let scene = describe::Scene { near, negotiable, shop, delivery: &delivery, price };
        let description = describe::describe(&thing, &scene, rng);
        GeneratedListing {
            external_id: format!("demo-{:06}", self.made),
            category: leaf.category.code.clone(),
            title: title::title(&thing, rng),
            description,
            condition: thing.condition.to_owned(),
            origin: thing.origin.to_owned(),
            price_fen: price * 100,
            original_price_fen: value::original(&thing, price, rng),
            negotiable,
            freight: freight(&delivery, shop, rng),
            delivery,
            subdistrict,
            returns: if shop || rng.random_bool(0.05) { "7_day" } else { "none" }.to_owned(),
            brand: model.brand.name.clone(),
            model: model.name.clone(),
            age_days: (90.0 * rng.random::<f64>().powi(3)) as u32,
            age_months: (self.year - thing.bought) * 12 + rng.random_range(0..12),
            seller,
            photo: Recipe::draw(leaf.pictures.choose(rng).expect("a leaf has pictures"), rng),
            photos: rng.random_range(1..=4),
            statements: statements(leaf),
            defects: thing.defects,
            attributes: thing.attributes,
        }
    }

    /// Shops sell much, residents little, and of the residents the first ones more than the last ones.
    fn seller(&mut self) -> usize {
        let Some(last) = self.sellers.len().checked_sub(1) else { return 0 };
        let index = (self.sellers.len() as f64 * self.rng.random::<f64>().powf(1.4)) as usize;
        index.min(last)
    }

    fn leaf(&mut self, seller: usize) -> &'static Leaf {
        let catalogue = Catalogue::get();
        let root = self.sellers.get(seller).and_then(|seller| seller.shop.clone());
        loop {
            let leaf = catalogue.at(self.rng.random_range(0..catalogue.total_weight()));
            // A shop keeps to its line; a line that the tree does not know would never be drawn.
            if root.as_ref().is_none_or(|root| leaf.category.is_within(root)) {
                return leaf;
            }
        }
    }

    fn subdistrict(&mut self, seller: usize) -> String {
        match self.sellers.get(seller) {
            Some(seller) => seller.subdistrict.clone(),
            None => {
                geo::subdistricts().choose(&mut self.rng).map(|each| each.code.clone()).unwrap_or_default()
            }
        }
    }
}

impl<R: Rng> Iterator for Generator<R> {
    type Item = GeneratedListing;

    fn next(&mut self) -> Option<GeneratedListing> {
        Some(self.make())
    }
}

/// The thing itself, before anybody writes about it.
struct Thing {
    leaf: &'static Leaf,
    model: &'static Model,
    condition: &'static str,
    origin: &'static str,
    /// The year in which it was bought.
    bought: i32,
    /// The year in which the stream is seen.
    now: i32,
    attributes: BTreeMap<String, Value>,
    defects: Vec<String>,
}

/// Condition grades and how often each is drawn.
const CONDITIONS: [(&str, u32); 7] =
    [("N", 8), ("99", 16), ("95", 28), ("90", 26), ("80", 14), ("70", 5), ("P", 3)];

/// Origins and how often each is drawn.
const ORIGINS: [(&str, u32); 8] = [
    ("official-new", 24),
    ("mall-new", 18),
    ("online-new", 36),
    ("second-hand", 8),
    ("gift", 6),
    ("prize", 2),
    ("work", 3),
    ("abroad", 3),
];

impl Thing {
    fn draw(leaf: &'static Leaf, model: &'static Model, now: i32, shop: bool, rng: &mut impl Rng) -> Self {
        let condition = if leaf.only_new { "N" } else { weighted(&CONDITIONS, rng) };
        let bought = bought(model, condition, now, rng);
        let origin = match (shop, now - bought) {
            (true, _) => "dealer",
            (false, 21..) => "inherited",
            _ => weighted(&ORIGINS, rng),
        };
        let attributes = attributes::draw(leaf, model, condition, rng);
        let defects = defects(leaf, condition, rng);
        Self { leaf, model, condition, origin, bought, now, attributes, defects }
    }
}

/// The year of purchase: not before the model, not after today; what is unused was bought lately.
fn bought(model: &Model, condition: &str, now: i32, rng: &mut impl Rng) -> i32 {
    let earliest = model.year.unwrap_or(now - 6).min(now);
    if now - earliest > 20 {
        return earliest;
    }
    let latest = now.min(earliest + 4);
    if condition == "N" { latest } else { rng.random_range(earliest..=latest) }
}

fn defects(leaf: &Leaf, condition: &str, rng: &mut impl Rng) -> Vec<String> {
    let defects = &leaf.defects;
    let (from, count): (&[String], usize) = match condition {
        "95" => (&defects.light, usize::from(rng.random_bool(0.3))),
        "90" => (&defects.light, usize::from(rng.random_bool(0.7))),
        "80" => (if rng.random_bool(0.5) { &defects.light } else { &defects.heavy }, 1),
        "70" => (&defects.heavy, rng.random_range(1..=2)),
        "P" => (&defects.dead, 1),
        _ => (&[], 0),
    };
    from.sample(rng, count.min(from.len())).cloned().collect()
}

fn delivery(size: Size, rng: &mut impl Rng) -> Vec<String> {
    let ways: &[&str] = match (size, rng.random_range(0..4_u8)) {
        (Size::Small, 0) => &["express"],
        (Size::Small, _) => &["pickup", "express"],
        (Size::Medium, 0) => &["pickup"],
        (Size::Medium, 1) => &["pickup", "express"],
        (Size::Bulky, 0 | 1) => &["pickup"],
        _ => &["pickup", "local"],
    };
    ways.iter().map(|way| (*way).to_owned()).collect()
}

fn freight(delivery: &[String], shop: bool, rng: &mut impl Rng) -> Option<String> {
    if delivery.iter().all(|way| way == "pickup") {
        return None;
    }
    // Paying the courier at the door is offered with express alone.
    let collect = delivery.iter().all(|way| way != "local") && rng.random_bool(0.4);
    let payer = match (collect, shop || rng.random_bool(0.4)) {
        (_, true) => "seller",
        (true, false) => "buyer_collect",
        (false, false) => "buyer_prepaid",
    };
    Some(payer.to_owned())
}

/// What the rules ask the seller to state, by category; a test holds it against the rules.
const STATEMENTS: [(&str, &str); 1] = [("bikes-electric", "registration-transfer")];

fn statements(leaf: &Leaf) -> Vec<String> {
    let asked = STATEMENTS.iter().filter(|(category, _)| *category == leaf.category.code);
    asked.map(|(_, statement)| (*statement).to_owned()).collect()
}

/// One of some values, each as often as its weight says.
fn weighted(choices: &[(&'static str, u32)], rng: &mut impl Rng) -> &'static str {
    let mut place = rng.random_range(0..choices.iter().map(|(_, weight)| weight).sum());
    for (value, weight) in choices {
        if place < *weight {
            return value;
        }
        place -= weight;
    }
    choices[0].0
}

#[cfg(test)]
mod tests;
