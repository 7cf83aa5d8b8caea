//! A listing as the index sees it.

use luhuan_kernel::{Id, Locale, Timestamp, geo};
use luhuan_listing::{
    PhotoView,
    catalog::{AttributeKind, Catalog, Category as CatalogCategory},
    entity::listing,
    model::Details,
};
use serde_json::Value as Json;

use crate::{Attribute, Category, Document, Point, Value};

/// The document of a findable listing.
///
/// # Errors
/// When a stored code or text is not what it should be.
pub(crate) fn document(
    catalog: &Catalog,
    row: &listing::Model,
    cover: Option<&PhotoView>,
) -> Result<Document, luhuan_store::Error> {
    let details = row.details()?;
    let leaf = catalog.category(&details.category);
    let codes = leaf.map(|leaf| leaf.path.as_slice()).unwrap_or_default();
    let path: Vec<&CatalogCategory> = codes.iter().filter_map(|code| catalog.category(code)).collect();
    let place = details.subdistrict.as_deref().and_then(geo::subdistrict);
    let district = row.district.as_deref().and_then(geo::district);
    let names = |zh: &str, en: &str| vec![zh.to_owned(), en.to_owned()];
    Ok(Document {
        id: Id::from_uuid(row.id.uuid()),
        version: row.version,
        category: path
            .iter()
            .map(|step| Category {
                code: step.code.clone(),
                names: names(step.name(Locale::ZhCn), step.name(Locale::En)),
            })
            .collect(),
        keywords: keywords(catalog, leaf, &details),
        condition: row.condition.clone().unwrap_or_default(),
        district: row.district.clone().unwrap_or_default(),
        subdistrict: row.subdistrict.clone().unwrap_or_default(),
        place_names: place
            .map(|place| vec![place.zh.clone(), place.en.clone()])
            .into_iter()
            .chain(district.map(|district| names(&district.zh, &district.en)))
            .flatten()
            .collect(),
        deliveries: details.delivery.iter().map(|way| way.code().to_owned()).collect(),
        price: details.price_fen.unwrap_or_default(),
        original_price: details.original_price_fen,
        negotiable: details.negotiable,
        published_at: row.published_at.unwrap_or(Timestamp::from_micros(0)),
        point: row.point().map(|point| Point { lat: point.lat, lon: point.lon }),
        attributes: leaf.map(|leaf| attributes(leaf, &details)).unwrap_or_default(),
        seller: row
            .organisation_id
            .map_or(Id::from_uuid(row.person_id.uuid()), |shop| Id::from_uuid(shop.uuid())),
        seller_kind: row.seller_kind.clone(),
        photo: cover.map(photo_text),
        title: details.title,
        description: details.description,
        brand: details.brand,
        model: details.model,
    })
}

/// Labels by which people look for attribute values and grades: 128GB, 红色, 95新.
fn keywords(catalog: &Catalog, leaf: Option<&CatalogCategory>, details: &Details) -> Vec<String> {
    let mut words: Vec<String> =
        details.condition.map(|grade| catalog.condition(grade).label.zh.clone()).into_iter().collect();
    for attribute in leaf.map(|leaf| leaf.attributes.as_slice()).unwrap_or_default() {
        let Some(value) = details.attributes.get(&attribute.code) else { continue };
        match (&attribute.kind, value) {
            (AttributeKind::Enum { options }, Json::String(code)) => {
                if let Some(option) = options.iter().find(|option| option.code == *code) {
                    words.extend([option.label.zh.clone(), option.label.en.clone()]);
                }
            }
            (AttributeKind::Text { .. }, Json::String(text)) => words.push(text.clone()),
            _ => {}
        }
    }
    words
}

fn attributes(leaf: &CatalogCategory, details: &Details) -> Vec<Attribute> {
    let facetable = leaf.attributes.iter().filter(|attribute| attribute.facet);
    facetable
        .filter_map(|attribute| {
            let values = match details.attributes.get(&attribute.code)? {
                Json::String(code) => vec![Value::Code(code.clone())],
                Json::Bool(yes) => vec![Value::Code(yes.to_string())],
                Json::Number(number) => vec![Value::Number(number.as_f64()?)],
                _ => return None,
            };
            Some(Attribute { code: attribute.code.clone(), values })
        })
        .collect()
}

/// A cover as the index keeps it: its id, then the widths it can be had in.
pub(crate) fn photo_text(photo: &PhotoView) -> String {
    let widths: Vec<String> = photo.widths.iter().map(ToString::to_string).collect();
    format!("{} {}", photo.id, widths.join(","))
}
