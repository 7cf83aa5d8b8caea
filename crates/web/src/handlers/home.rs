//! The first page, all categories, the standing texts, and the design system.

use axum::extract::{Path, State};
use luhuan_kernel::{Limit, Locale, Problem, geo};
use luhuan_listing::{BrowseFilter, catalog::Catalog, screening::Action};
use luhuan_search::{Near, Point, Query, Sort};

use super::{
    Site,
    cards::{of_hit, of_listing},
    form::PageResult,
    visit::Visit,
};
use crate::{
    format::Price,
    view::{
        CategoriesPage, CategoryLeaf, CategoryRoot, HomePage, PrivacyNoticePage, ProblemPage, RulesPage,
        StylePage, Tab,
        chart::{Histogram, Steps},
    },
};

/// Cards in each row of the first page.
const CARDS: u32 = 12;

/// The category tree in a language.
pub(super) fn category_roots(locale: Locale) -> Vec<CategoryRoot> {
    let catalog = Catalog::get();
    let roots = catalog.roots().map(|root| CategoryRoot {
        code: root.code.clone(),
        name: root.name(locale).to_owned(),
        leaves: catalog
            .children(&root.code)
            .map(|leaf| CategoryLeaf {
                code: leaf.code.clone(),
                name: leaf.name(locale).to_owned(),
                count: None,
            })
            .collect(),
    });
    roots.collect()
}

/// `GET /`.
pub(super) async fn home(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let (text, now) = (visit.text(), site.listings.store().clock().now());
    let fresh = site.listings.browse(&BrowseFilter::default(), None, Limit::of(Some(CARDS))).await?;
    let home = match visit.actor.person_id() {
        Some(person) => {
            site.accounts.sellers(&[person]).await?.remove(&person).and_then(|card| card.subdistrict)
        }
        None => None,
    };
    let mut page = HomePage { categories: category_roots(text.locale()), ..HomePage::default() };
    if let Some(place) = home.as_deref().and_then(geo::subdistrict) {
        let centre = place.centre();
        let point = Point { lat: centre.lat, lon: centre.lon };
        let mut query = Query::of("", now);
        (query.sort, query.limit) = (Sort::Distance, Limit::of(Some(CARDS)));
        query.near = Some(Near { point, radius_m: None });
        let found = site.search.search(&query).await?;
        page.near = found.results.hits.iter().map(|hit| of_hit(text, hit, now)).collect();
        page.near_url = format!("/search?sort=distance&near={:.4},{:.4}", point.lat, point.lon);
        page.place = text.locale().pick(&place.zh, &place.en).to_owned();
    }
    page.fresh = fresh.items.iter().map(|card| of_listing(text, card, now)).collect();
    (page.total, page.sold) = site.listings.city_counts().await?;
    page.frame = visit.frame(&site);
    page.frame.tab = Tab::Home;
    Ok(visit.render(&page))
}

/// `GET /categories`.
pub(super) async fn categories(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let mut frame = visit.frame(&site);
    frame.title = visit.text().get("categories-title").into_owned();
    frame.tab = Tab::Search;
    Ok(visit.render(&CategoriesPage { frame, categories: category_roots(visit.actor.locale) }))
}

/// `GET /privacy`.
pub(super) async fn privacy_notice(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let mut frame = visit.frame(&site);
    frame.title = visit.text().get("privacy-title").into_owned();
    Ok(visit.render(&PrivacyNoticePage {
        frame,
        operator: site.operator.clone(),
        contact: site.contact.clone(),
    }))
}

/// `GET /rules`.
pub(super) async fn rules(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let locale = visit.actor.locale;
    let grades = site.listings.catalog().conditions().iter();
    let conditions = grades
        .map(|grade| (grade.label.text(locale).to_owned(), grade.meaning.text(locale).to_owned()))
        .collect();
    let rules = site.listings.screening_rules().filter(|rule| rule.action != Action::Badge);
    let prohibited = rules
        .map(|rule| {
            let (name, sentence) = (locale.pick(rule.zh, rule.en), locale.pick(rule.rule_zh, rule.rule_en));
            (name.to_owned(), sentence.to_owned(), rule.source.to_owned())
        })
        .collect();
    let mut frame = visit.frame(&site);
    frame.title = visit.text().get("rules-title").into_owned();
    Ok(visit.render(&RulesPage { frame, conditions, prohibited }))
}

/// `GET /problems/{slug}`: what a refusal of the API means, at the address that its `type` names.
pub(super) async fn problem(State(site): State<Site>, visit: Visit, Path(slug): Path<String>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let (locale, key) = (visit.actor.locale, format!("problem-{slug}"));
    if !site.texts.keys(locale).contains(&key) {
        return Err(Problem::not_found());
    }
    let title = site.texts.get(locale, &key);
    let mut frame = visit.frame(&site);
    frame.title.clone_from(&title);
    let detail = site.texts.attribute(locale, &key, "detail", &[]);
    Ok(visit.render(&ProblemPage { frame, slug, title, detail }))
}

/// `GET /_/style`, in a demo.
pub(super) async fn style(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let now = site.listings.store().clock().now();
    let fresh = site.listings.browse(&BrowseFilter::default(), None, Limit::of(Some(4))).await?;
    let cards = fresh.items.iter().map(|card| of_listing(visit.text(), card, now)).collect();
    let ranges = [3, 9, 22, 41, 30, 14, 6, 2];
    let bars = ranges.iter().enumerate().map(|(at, count)| (format!("{at}"), *count, at < 5, String::new()));
    let steps = Steps::of(&[(0, Price(268_000)), (40, Price(248_000)), (70, Price(238_000))], 100);
    let mut frame = visit.frame(&site);
    frame.title = visit.text().get("style-title").into_owned();
    Ok(visit.render(&StylePage { frame, cards, histogram: Histogram::of(bars.collect()), steps }))
}
