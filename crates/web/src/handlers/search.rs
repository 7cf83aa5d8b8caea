//! `GET /search`.

use axum::extract::State;
use luhuan_kernel::{Locale, Money, Problem, geo};
use luhuan_listing::{
    catalog::{AttributeKind, Catalog, Category},
    model::Condition,
};
use luhuan_search::{Bucket, Facet as Counts, Found, PRICE_STEPS, Query, Sort, params::read_query};

use super::{Site, cards::of_hit, form::PageResult, visit::Visit};
use crate::{
    format::Price,
    text::Text,
    view::{
        Address, Choice, Facet, FacetGroup, FacetKind, NearForm, Pager, SearchNotice, SearchPage,
        SelectedChip, SortOption, Tab, chart::Histogram,
    },
};

/// What the page's own parameters are called, and what the API's reader calls them: prices are yuan here.
fn api_query(address: &Address) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in address.params() {
        match name.as_str() {
            "min_price" | "max_price" => {
                let fen = Money::cny_from_yuan(value)
                    .map_or_else(|| value.clone(), |money| money.minor.to_string());
                query.append_pair(name, &fen)
            }
            _ => match name.strip_prefix("attr.") {
                Some(code) => query.append_pair("attr", &format!("{code}:{value}")),
                None => query.append_pair(name, value),
            },
        };
    }
    query.finish()
}

struct Results<'a> {
    text: Text,
    address: &'a Address,
    query: &'a Query,
    found: &'a Found,
    leaf: Option<&'static Category>,
}

/// Results with facets. A parameter that does not read is named, and the rest is searched without it.
pub(super) async fn results(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let params: Vec<(String, String)> = form_urlencoded::parse(visit.query.as_bytes()).into_owned().collect();
    let address = Address::new("/search", params);
    let now = site.listings.store().clock().now();
    let (query, error) = match read_query(&api_query(&address), site.listings.catalog(), now) {
        Ok(query) => (query, None),
        Err(problem) => (fallback(&address, &problem, site.listings.catalog(), now)?, Some(problem)),
    };
    let started = tokio::time::Instant::now();
    let found = site.search.search(&query).await?;
    let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let leaf = query.category.as_deref().and_then(|code| Catalog::get().category(code));
    let results = Results { text: visit.text(), address: &address, query: &query, found: &found, leaf };
    let mut page = results.page();
    page.took_ms = Some(took.max(1));
    page.cards = found.results.hits.iter().map(|hit| of_hit(visit.text(), hit, now)).collect();
    if let Some(problem) = error {
        let sentences = problem.fields().iter().map(|it| it.message.render(&site.texts, visit.actor.locale));
        page.filter_error = sentences.collect::<Vec<_>>().join(" ");
    }
    page.frame = visit.frame(&site);
    page.frame.title.clone_from(&page.heading);
    page.frame.query.clone_from(&query.text);
    page.frame.tab = Tab::Search;
    Ok(visit.render(&page))
}

/// The same search without the parameters that did not read.
fn fallback(
    address: &Address,
    problem: &Problem,
    catalog: &Catalog,
    now: luhuan_kernel::Timestamp,
) -> Result<Query, Problem> {
    let mut sound = address.clone();
    for field in problem.fields() {
        sound = sound.without(&field.field);
        if field.field == "near" {
            sound = sound.without("radius").without("sort");
        }
    }
    read_query(&api_query(&sound), catalog, now)
}

impl Results<'_> {
    fn page(&self) -> SearchPage {
        let results = &self.found.results;
        let first = self.address.without("after");
        SearchPage {
            heading: self.heading(),
            total: results.total,
            facets: results.facets.iter().filter_map(|facet| self.group(facet)).collect(),
            chips: self.chips(),
            clear_url: self.cleared().to_string(),
            histogram: self.histogram(),
            min_price: self.param("min_price"),
            max_price: self.param("max_price"),
            near: self.near(),
            sorts: self.sorts(),
            notices: if self.found.degraded { vec![SearchNotice::Degraded] } else { Vec::new() },
            did_you_mean: results
                .did_you_mean
                .as_ref()
                .map(|text| (text.clone(), first.set("q", text).to_string())),
            suggestions: if results.hits.is_empty() { self.suggestions() } else { Vec::new() },
            pager: Pager {
                first: self.query.after.as_ref().map(|_| first.to_string()),
                next: results.next.as_ref().map(|next| self.address.set("after", next.as_str()).to_string()),
            },
            ..SearchPage::default()
        }
    }

    fn locale(&self) -> Locale {
        self.text.locale()
    }

    fn param(&self, name: &str) -> String {
        let found = self.address.params().iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    fn heading(&self) -> String {
        let words = self.query.text.trim();
        if !words.is_empty() {
            return words.to_owned();
        }
        match self.leaf {
            Some(category) => category.name(self.locale()).to_owned(),
            None => self.text.get("search-all").into_owned(),
        }
    }

    /// Without the filters: the words and the order stay.
    fn cleared(&self) -> Address {
        let kept = self.address.params().iter().filter(|(name, _)| matches!(name.as_str(), "q" | "sort"));
        Address::new("/search", kept.cloned())
    }

    fn group(&self, counts: &Counts) -> Option<FacetGroup> {
        let (name, label, kind) = match counts.code.as_str() {
            "category" => {
                ("category".to_owned(), self.text.get("facet-category").into_owned(), FacetKind::One)
            }
            "condition" | "district" | "delivery" => {
                let label = self.text.get(&format!("facet-{}", counts.code)).into_owned();
                (counts.code.clone(), label, FacetKind::Many)
            }
            code => {
                let attribute = self.leaf?.attribute(code.strip_prefix("attribute.")?)?;
                let label = attribute.label.text(self.locale()).to_owned();
                (format!("attr.{}", attribute.code), label, FacetKind::Many)
            }
        };
        let buckets = counts.buckets.iter().filter(|bucket| self.is_shown(&name, bucket));
        let mut values: Vec<Facet> = buckets
            .map(|bucket| Facet {
                label: self.value_label(&name, &bucket.value),
                chosen: self.is_chosen(&name, &bucket.value),
                value: bucket.value.clone(),
                count: bucket.count,
            })
            .collect();
        if name == "condition" {
            values.sort_by_key(|value| Condition::ALL.iter().position(|grade| grade.code() == value.value));
        } else {
            values.sort_by_key(|value| !value.chosen);
        }
        (!values.is_empty()).then_some(FacetGroup { name, label, kind, values })
    }

    /// Of the category facet: the roots, or the leaves beside and below the chosen one.
    fn is_shown(&self, name: &str, bucket: &Bucket) -> bool {
        if name != "category" {
            return true;
        }
        let Some(category) = Catalog::get().category(&bucket.value) else { return false };
        match self.leaf {
            None => category.parent.is_none() || !self.query.text.trim().is_empty() && category.is_leaf(),
            Some(chosen) => {
                let root = chosen.path.first().map(String::as_str);
                category.parent.as_deref() == root || category.code == chosen.code
            }
        }
    }

    fn is_chosen(&self, name: &str, value: &str) -> bool {
        self.address
            .params()
            .iter()
            .any(|(key, held)| key == name && held.split(',').any(|held| held == value))
    }

    fn value_label(&self, name: &str, value: &str) -> String {
        let locale = self.locale();
        let catalog = Catalog::get();
        let label = match name {
            "category" => catalog.category(value).map(|category| category.name(locale).to_owned()),
            "condition" => {
                value.parse().ok().map(|grade| catalog.condition(grade).label.text(locale).to_owned())
            }
            "district" => {
                geo::district(value).map(|district| locale.pick(&district.zh, &district.en).to_owned())
            }
            "delivery" => catalog
                .delivery()
                .iter()
                .find(|method| method.code == value)
                .map(|method| method.label.text(locale).to_owned()),
            _ => self.attribute_label(name.strip_prefix("attr.").unwrap_or_default(), value),
        };
        label.unwrap_or_else(|| value.to_owned())
    }

    fn attribute_label(&self, code: &str, value: &str) -> Option<String> {
        let attribute = self.leaf?.attribute(code)?;
        match &attribute.kind {
            AttributeKind::Enum { options } => {
                let option = options.iter().find(|option| option.code == value)?;
                Some(option.label.text(self.locale()).to_owned())
            }
            AttributeKind::Bool => Some(self.text.code("flag", value).into_owned()),
            _ => Some(value.to_owned()),
        }
    }

    fn chips(&self) -> Vec<SelectedChip> {
        let mut chips = Vec::new();
        for (name, value) in self.address.params() {
            let filters = matches!(name.as_str(), "category" | "condition" | "district" | "delivery");
            if filters || name.starts_with("attr.") {
                for one in value.split(',') {
                    let rest: Vec<_> = value.split(',').filter(|other| *other != one).collect();
                    let mut without = self.address.toggle(name, value).without("after");
                    if !rest.is_empty() {
                        without = without.toggle(name, &rest.join(","));
                    }
                    chips.push(SelectedChip {
                        label: self.value_label(name, one),
                        without: without.to_string(),
                    });
                }
            }
        }
        if let Some(label) = self.price_label() {
            let without = self.address.without("min_price").without("max_price").without("after").to_string();
            chips.push(SelectedChip { label, without });
        }
        if let Some(near) = &self.query.near {
            let label = match near.radius_m {
                Some(radius) => self.text.with("chip-within", "distance", crate::format::distance(&radius)),
                None => self.text.get("chip-near"),
            };
            let without = self.address.without("near").without("radius").without("sort").without("after");
            chips.push(SelectedChip { label: label.into_owned(), without: without.to_string() });
        }
        chips
    }

    fn price_label(&self) -> Option<String> {
        match (self.query.min_price, self.query.max_price) {
            (None, None) => None,
            (Some(low), Some(high)) => Some(Price::range(Price(low), Price(high))),
            (Some(low), None) => Some(format!("≥ {}", Price(low).text())),
            (None, Some(high)) => Some(format!("≤ {}", Price(high).text())),
        }
    }

    fn histogram(&self) -> Histogram {
        let Some(prices) = self.found.results.facets.iter().find(|facet| facet.code == "price") else {
            return Histogram::default();
        };
        let count = |range: &str| {
            prices.buckets.iter().find(|bucket| bucket.value == range).map_or(0, |bucket| bucket.count)
        };
        let bars = (0..=PRICE_STEPS.len()).map(|position| {
            let range = luhuan_search::price_range(position);
            let (low, high) = range.split_once('-').unwrap_or_default();
            let (low, high): (i64, Option<i64>) = (low.parse().unwrap_or_default(), high.parse().ok());
            let label = match high {
                Some(high) => Price::range(Price(low), Price(high)),
                None => format!("≥ {}", Price(low).text()),
            };
            let chosen = self.query.min_price.is_none_or(|min| high.is_none_or(|high| high > min))
                && self.query.max_price.is_none_or(|max| low <= max);
            let address = self.address.without("after").set("min_price", &Price(low).plain());
            let address = address.set("max_price", &high.map(|high| Price(high).plain()).unwrap_or_default());
            (label, count(&range), chosen, address.to_string())
        });
        Histogram::of(bars.collect())
    }

    fn near(&self) -> NearForm {
        let chosen = self.param("near");
        let places = geo::districts().iter().map(|district| {
            let inside = geo::subdistricts_of(&district.code).map(|place| {
                let centre = place.centre();
                let value = format!("{:.4},{:.4}", centre.lat, centre.lon);
                let label = self.locale().pick(&place.zh, &place.en);
                Choice::new(value.clone(), label, value == chosen)
            });
            (self.locale().pick(&district.zh, &district.en).to_owned(), inside.collect::<Vec<_>>())
        });
        let radius = self.param("radius");
        let radii = ["1000", "3000", "5000", "10000", "20000"].map(|metres| {
            let label = crate::format::distance(&metres.parse().unwrap_or_default());
            Choice::new(metres, label, radius == metres)
        });
        NearForm { places: places.filter(|(_, inside)| !inside.is_empty()).collect(), radii: radii.to_vec() }
    }

    fn sorts(&self) -> Vec<SortOption> {
        let orders = [
            (Sort::Relevance, "relevance"),
            (Sort::Newest, "newest"),
            (Sort::PriceAsc, "price_asc"),
            (Sort::PriceDesc, "price_desc"),
            (Sort::Distance, "distance"),
        ];
        let has_place = self.query.near.is_some();
        let orders = orders.into_iter().filter(|(order, _)| *order != Sort::Distance || has_place);
        orders
            .map(|(order, value)| SortOption {
                value: value.to_owned(),
                label: self.text.code("sort", value).into_owned(),
                chosen: order == self.query.sort,
                url: self.address.without("after").set("sort", value).to_string(),
            })
            .collect()
    }

    /// When nothing was found: each word alone, and the roots of the category tree.
    fn suggestions(&self) -> Vec<(String, String)> {
        let words: Vec<&str> = self.query.text.split_whitespace().collect();
        let shorter = words
            .iter()
            .filter(|_| words.len() > 1)
            .map(|word| ((*word).to_owned(), Address::new("/search", [("q", *word)]).to_string()));
        let roots = Catalog::get().roots().take(6).map(|root| {
            let address = Address::new("/search", [("category", root.code.as_str())]);
            (root.name(self.locale()).to_owned(), address.to_string())
        });
        shorter.chain(roots).collect()
    }
}
