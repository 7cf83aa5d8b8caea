//! A query in the words of Meilisearch.

use std::fmt::Write;

use crate::{
    Accept, FacetName, Query, Sort,
    after::After,
    text::{
        fold::is_han,
        segment::{self, Script},
    },
    understand::Understood,
};

use super::prepare::{LOOSE, SPELLED, STRICT, asked, token};

/// How the words are taken, strict first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Words as words.
    Words,
    /// Letters as pinyin too.
    Spelled,
    /// In pieces and across words.
    Pieces,
    /// Characters across words.
    Across,
    /// Some of the words.
    Some,
}

impl Way {
    /// Where it searches.
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Words => &STRICT,
            Self::Spelled => &SPELLED,
            _ => &LOOSE,
        }
    }
}

/// The words to search for. Words that say nothing are left out: Meilisearch cannot be told that they are optional.
pub(super) fn words(understood: &Understood, way: Way) -> String {
    let words = understood.asks.iter().filter(|ask| !ask.optional).flat_map(|ask| &ask.words);
    let mut out: Vec<String> = Vec::new();
    for word in words {
        match (way, word.script) {
            (Way::Pieces | Way::Some, Script::Han) => {
                out.extend(segment::pieces(&word.text).iter().map(|it| token(it)));
            }
            (Way::Across, Script::Han) if word.len() > 1 => {
                out.extend(segment::pairs(&word.text).iter().map(|it| token(it)));
            }
            _ => out.push(asked(word)),
        }
    }
    out.join(" ")
}

/// The conditions, each with the dimension that it belongs to; those of no dimension always hold.
pub(super) fn conditions(query: &Query) -> Vec<(Option<FacetName>, String)> {
    let mut out = Vec::new();
    let any = |field: &str, values: &[String]| {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        format!("{field} IN [{}]", values.join(", "))
    };
    if let Some(code) = &query.category {
        out.push((Some(FacetName::Category), format!("category = {}", quoted(code))));
    }
    for (name, field, values) in [
        (FacetName::Condition, "condition", &query.conditions),
        (FacetName::District, "district", &query.districts),
        (FacetName::Delivery, "delivery", &query.deliveries),
    ] {
        if !values.is_empty() {
            out.push((Some(name), any(field, values)));
        }
    }
    out.extend(query.min_price.map(|price| (Some(FacetName::Price), format!("price >= {price}"))));
    out.extend(query.max_price.map(|price| (Some(FacetName::Price), format!("price <= {price}"))));
    for filter in &query.attributes {
        let name = Some(FacetName::Attribute(filter.code.clone()));
        match &filter.accept {
            Accept::AnyOf(codes) => {
                let entries: Vec<String> =
                    codes.iter().map(|code| format!("{}={code}", filter.code)).collect();
                out.push((name, any("attribute", &entries)));
            }
            Accept::Range(from, to) => {
                let field = quoted(&format!("number.{}", filter.code));
                out.extend(from.map(|from| (name.clone(), format!("{field} >= {from}"))));
                out.extend(to.map(|to| (name.clone(), format!("{field} <= {to}"))));
            }
        }
    }
    out.extend(query.seller.map(|seller| (None, format!("seller = {}", quoted(&seller.to_string())))));
    if let Some((near, radius)) = query.near.and_then(|near| Some((near, near.radius_m?))) {
        out.push((None, format!("_geoRadius({}, {}, {radius})", near.point.lat, near.point.lon)));
    }
    if let Some(area) = query.within {
        out.push((
            None,
            format!("_geoBoundingBox([{}, {}], [{}, {}])", area.north, area.east, area.south, area.west),
        ));
    }
    out
}

/// The conditions in one filter, those of one dimension set aside.
pub(super) fn filter(conditions: &[(Option<FacetName>, String)], aside: Option<&FacetName>) -> String {
    let kept = conditions.iter().filter(|(name, _)| aside.is_none() || name.as_ref() != aside);
    kept.map(|(_, condition)| format!("({condition})")).collect::<Vec<_>>().join(" AND ")
}

/// The order. What ends in `tie` goes on from a key; the others from a page.
pub(super) fn sort(query: &Query) -> Vec<String> {
    match query.order() {
        Sort::Relevance => Vec::new(),
        Sort::Newest => vec!["published:desc".to_owned(), "tie:desc".to_owned()],
        Sort::PriceAsc => vec!["price:asc".to_owned(), "tie:desc".to_owned()],
        Sort::PriceDesc => vec!["price:desc".to_owned(), "tie:desc".to_owned()],
        Sort::Distance => {
            let point = query.near.map(|near| near.point);
            point.into_iter().map(|it| format!("_geoPoint({}, {}):asc", it.lat, it.lon)).collect()
        }
    }
}

/// Whether the order goes on from a key, so that pages stay right while listings come and go.
pub(super) fn goes_on_from_a_key(query: &Query) -> bool {
    matches!(query.order(), Sort::Newest | Sort::PriceAsc | Sort::PriceDesc)
}

/// What lies behind the last hit of the page before.
pub(super) fn behind(query: &Query, after: &After, tie: i64) -> String {
    let (field, beyond, value) = match query.order() {
        Sort::PriceAsc => ("price", ">", -after.rank),
        Sort::PriceDesc => ("price", "<", after.rank),
        _ => ("published", "<", after.rank),
    };
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write!(out, "{field} {beyond} {value} OR ({field} = {value} AND tie < {tie})");
    out
}

/// The field of a facet.
pub(super) fn facet_field(name: &FacetName) -> &'static str {
    match name {
        FacetName::Category => "category",
        FacetName::Condition => "condition",
        FacetName::District => "district",
        FacetName::Delivery => "delivery",
        FacetName::Price => "price_range",
        FacetName::Attribute(_) => "attribute",
    }
}

/// Whether any word was typed in letters alone, where it may be pinyin.
pub(super) fn has_letters(understood: &Understood) -> bool {
    understood.asks.iter().any(|ask| ask.letters().is_some())
}

/// Whether any word was typed in Chinese.
pub(super) fn has_han(understood: &Understood) -> bool {
    understood.words().any(|word| word.text.chars().any(is_han))
}

/// A value in quotes that it cannot leave.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use luhuan_kernel::Timestamp;

    use super::*;

    #[test]
    fn a_value_cannot_leave_its_quotes() {
        let mut query = Query::of("", Timestamp::from_micros(0));
        query.category = Some("a\" OR price > \"0".to_owned());
        assert_eq!(filter(&conditions(&query), None), r#"(category = "a\" OR price > \"0")"#);
    }

    #[test]
    fn a_facet_sets_its_own_condition_aside() {
        let mut query = Query::of("", Timestamp::from_micros(0));
        query.conditions = vec!["99".to_owned()];
        query.max_price = Some(5);
        let conditions = conditions(&query);
        assert_eq!(filter(&conditions, Some(&FacetName::Condition)), "(price <= 5)");
        assert_eq!(filter(&conditions, None), r#"(condition IN ["99"]) AND (price <= 5)"#);
    }
}
