//! A search as the query string of a page or of the API says it: one reader for both.

use std::str::FromStr;

use luhuan_kernel::{FieldProblem, Limit, Message, Problem, Timestamp};
use luhuan_listing::catalog::Catalog;

use crate::{Accept, AttributeFilter, BoundingBox, FacetName, Near, Point, Query, Sort};

/// Values of one parameter at most.
const MOST: usize = 50;

/// The widest radius, in metres.
const RADIUS_MAX: u32 = 200_000;

/// Reads a query string.
///
/// # Errors
/// 422 that names each parameter which does not read.
pub fn read_query(raw: &str, catalog: &Catalog, now: Timestamp) -> Result<Query, Problem> {
    let mut reader =
        Reader { facets: None, problems: Vec::new(), query: Query::of("", now), radius: None, point: None };
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        let value = value.trim();
        if name == "facets" {
            reader.facets = Some(value.split(',').map(|facet| facet.trim().to_owned()).take(MOST).collect());
        } else if !value.is_empty() {
            reader.take(&name, value);
        }
    }
    reader.finish(catalog)
}

struct Reader {
    facets: Option<Vec<String>>,
    problems: Vec<FieldProblem>,
    query: Query,
    radius: Option<u32>,
    point: Option<Point>,
}

impl Reader {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "q" => value.clone_into(&mut self.query.text),
            "category" => self.query.category = Some(value.to_owned()),
            "min_price" => self.query.min_price = self.number("min_price", value),
            "max_price" => self.query.max_price = self.number("max_price", value),
            "district" => extend(&mut self.query.districts, value),
            "condition" => extend(&mut self.query.conditions, value),
            "delivery" => extend(&mut self.query.deliveries, value),
            "attr" => self.attribute(value),
            "seller" => match value.parse() {
                Ok(seller) => self.query.seller = Some(seller),
                Err(_) => self.wrong("seller", "search-seller"),
            },
            "near" => match numbers::<2>(value).filter(|[lat, lon]| on_earth(*lat, *lon)) {
                Some([lat, lon]) => self.point = Some(Point { lat, lon }),
                None => self.wrong("near", "search-near"),
            },
            "radius" => match value.parse() {
                Ok(metres) if (1..=RADIUS_MAX).contains(&metres) => self.radius = Some(metres),
                _ => self.wrong("radius", "search-radius"),
            },
            "box" => match numbers::<4>(value)
                .filter(|[s, w, n, e]| s <= n && on_earth(*s, *w) && on_earth(*n, *e))
            {
                Some([south, west, north, east]) => {
                    self.query.within = Some(BoundingBox { south, west, north, east });
                }
                None => self.wrong("box", "search-box"),
            },
            "sort" => match sort(value) {
                Some(sort) => self.query.sort = sort,
                None => self.wrong("sort", "search-sort"),
            },
            "limit" => match value.parse() {
                Ok(limit) => self.query.limit = Limit::of(Some(limit)),
                Err(_) => self.wrong("limit", "search-number"),
            },
            "after" => self.query.after = serde_json::from_value(value.into()).ok(),
            _ => {}
        }
    }

    fn number<T: FromStr + PartialOrd + Default>(&mut self, field: &str, value: &str) -> Option<T> {
        match value.parse() {
            Ok(number) if number >= T::default() => Some(number),
            _ => {
                self.wrong(field, "search-number");
                None
            }
        }
    }

    /// `storage:128gb,256gb` or `battery:80..100`.
    fn attribute(&mut self, value: &str) {
        let Some((code, wanted)) = value.split_once(':').filter(|(code, _)| !code.is_empty()) else {
            return self.wrong("attr", "search-attr");
        };
        let accept = match wanted.split_once("..") {
            Some((low, high)) => Accept::Range(low.parse().ok(), high.parse().ok()),
            None => Accept::AnyOf(wanted.split(',').map(str::to_owned).take(MOST).collect()),
        };
        if self.query.attributes.len() >= MOST {
            return;
        }
        let same = self.query.attributes.iter_mut().find(|filter| filter.code == code);
        match (same, accept) {
            (Some(AttributeFilter { accept: Accept::AnyOf(known), .. }), Accept::AnyOf(more)) => {
                known.extend(more);
            }
            (_, accept) => self.query.attributes.push(AttributeFilter { code: code.to_owned(), accept }),
        }
    }

    fn wrong(&mut self, field: &str, key: &'static str) {
        self.problems.push(FieldProblem { field: field.to_owned(), message: Message::new(key) });
    }

    fn finish(mut self, catalog: &Catalog) -> Result<Query, Problem> {
        self.query.near = self.point.map(|point| Near { point, radius_m: self.radius });
        if (self.query.sort == Sort::Distance || self.radius.is_some()) && self.query.near.is_none() {
            self.wrong("near", "search-near");
        }
        if !self.problems.is_empty() {
            return Err(Problem::invalid(self.problems));
        }
        self.query.facets = FacetName::common();
        if let Some(category) = self.query.category.as_deref().and_then(|code| catalog.category(code)) {
            let counted = category.attributes.iter().filter(|attribute| attribute.facet);
            self.query.facets.extend(counted.map(|attribute| FacetName::Attribute(attribute.code.clone())));
        }
        if let Some(wanted) = &self.facets {
            self.query.facets.retain(|facet| wanted.contains(&facet.code()));
        }
        Ok(self.query)
    }
}

fn extend(list: &mut Vec<String>, values: &str) {
    list.extend(values.split(',').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned));
    list.truncate(MOST);
}

fn sort(code: &str) -> Option<Sort> {
    Some(match code {
        "relevance" => Sort::Relevance,
        "newest" => Sort::Newest,
        "price_asc" => Sort::PriceAsc,
        "price_desc" => Sort::PriceDesc,
        "distance" => Sort::Distance,
        _ => return None,
    })
}

fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let parsed: Vec<f64> = text.split(',').map(|part| part.trim().parse()).collect::<Result<_, _>>().ok()?;
    parsed.try_into().ok()
}

fn on_earth(lat: f64, lon: f64) -> bool {
    (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(raw: &str) -> Result<Query, Problem> {
        read_query(raw, Catalog::get(), Timestamp::from_micros(0))
    }

    #[test]
    fn values_are_repeated_or_separated_by_commas() {
        let query = read("q=%E6%89%8B%E6%9C%BA&district=110105,110108&condition=95&condition=90").unwrap();
        assert_eq!(query.text, "手机");
        assert_eq!(query.districts, ["110105", "110108"]);
        assert_eq!(query.conditions, ["95", "90"]);
    }

    #[test]
    fn each_wrong_parameter_is_named() {
        let problem = read("min_price=cheap&near=here&sort=best").unwrap_err();
        let fields: Vec<_> = problem.fields().iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["min_price", "near", "sort"]);
    }

    #[test]
    fn distance_needs_a_place() {
        assert!(read("sort=distance").is_err());
        assert!(read("sort=distance&near=39.9,116.4").is_ok());
    }

    proptest! {
        #[test]
        fn any_query_string_reads_or_is_refused(raw in ".{0,200}") {
            let _: Result<Query, Problem> = read(&raw);
        }
    }
}
