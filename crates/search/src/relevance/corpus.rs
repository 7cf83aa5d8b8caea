//! The listings of the relevance set as documents.

use luhuan_kernel::{Id, Locale, Timestamp, geo};
use luhuan_listing::catalog::{AttributeKind, Catalog};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::SetError;
use crate::{Attribute, Category, Document, Value, after::fnv};

/// A line of `corpus.jsonl`, as the import takes it; what search has no use for is passed over.
#[derive(Deserialize)]
struct Row {
    external_id: String,
    category: String,
    title: String,
    #[serde(default)]
    description: String,
    condition: String,
    price_fen: i64,
    original_price_fen: Option<i64>,
    #[serde(default)]
    negotiable: bool,
    #[serde(default)]
    delivery: Vec<String>,
    #[serde(default)]
    subdistrict: String,
    #[serde(default)]
    attributes: Map<String, Json>,
    #[serde(default)]
    brand: String,
    #[serde(default)]
    model: String,
    #[serde(default)]
    age_days: i64,
}

/// Reads the corpus: each listing's key in the set, and its document. `now` is the instant that ages count back from.
///
/// # Errors
/// When a line is not a listing.
pub fn corpus(text: &str, now: Timestamp) -> Result<Vec<(String, Document)>, SetError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let row: Row = serde_json::from_str(line).map_err(|error| SetError { line: at + 1, error })?;
            Ok((row.external_id.clone(), document(row, now)))
        })
        .collect()
}

/// The id of a listing of the set: it follows from its key.
#[must_use]
pub fn id<K>(key: &str) -> Id<K> {
    Id::from_uuid(Uuid::from_u64_pair(fnv(key.as_bytes()), fnv(format!("{key}.").as_bytes())))
}

fn document(row: Row, now: Timestamp) -> Document {
    let catalog = Catalog::get();
    let path = catalog.category(&row.category).map(|leaf| leaf.path.clone()).unwrap_or_default();
    let steps = path.iter().filter_map(|code| catalog.category(code));
    let place = geo::subdistrict(&row.subdistrict);
    let district = place.and_then(|place| geo::district(&place.district));
    Document {
        id: id(&row.external_id),
        version: 1,
        category: steps
            .map(|step| {
                let names = Locale::ALL.map(|locale| step.name(locale).to_owned());
                Category { code: step.code.clone(), names: names.into() }
            })
            .collect(),
        keywords: labels(&row),
        condition: row.condition,
        district: district.map(|it| it.code.clone()).unwrap_or_default(),
        subdistrict: row.subdistrict,
        place_names: place
            .map(|it| vec![it.zh.clone(), it.en.clone()])
            .into_iter()
            .chain(district.map(|it| vec![it.zh.clone(), it.en.clone()]))
            .flatten()
            .collect(),
        deliveries: row.delivery,
        price: row.price_fen,
        original_price: row.original_price_fen,
        negotiable: row.negotiable,
        published_at: now.plus_days(-row.age_days),
        point: None,
        attributes: row.attributes.iter().filter_map(|(code, value)| attribute(code, value)).collect(),
        seller: id("seller"),
        seller_kind: "private".to_owned(),
        photo: None,
        title: row.title,
        description: row.description,
        brand: row.brand,
        model: row.model,
    }
}

/// What the attributes' values are called.
fn labels(row: &Row) -> Vec<String> {
    let Some(leaf) = Catalog::get().category(&row.category) else { return Vec::new() };
    let mut labels = Vec::new();
    for (code, value) in &row.attributes {
        let (Some(attribute), Some(code)) = (leaf.attribute(code), value.as_str()) else { continue };
        match &attribute.kind {
            AttributeKind::Enum { options } => {
                let option = options.iter().find(|option| option.code == code);
                labels.extend(option.map(|option| option.label.zh.clone()));
                labels.extend(option.map(|option| option.label.en.clone()));
            }
            AttributeKind::Text { .. } => labels.push(code.to_owned()),
            AttributeKind::Number { .. } | AttributeKind::Bool => {}
        }
    }
    labels
}

fn attribute(code: &str, value: &Json) -> Option<Attribute> {
    let value = match value {
        Json::String(code) => Value::Code(code.clone()),
        Json::Bool(yes) => Value::Code(yes.to_string()),
        Json::Number(number) => Value::Number(number.as_f64()?),
        _ => return None,
    };
    Some(Attribute { code: code.to_owned(), values: vec![value] })
}
