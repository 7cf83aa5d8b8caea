//! One listing, watching it, and its seller.

use axum::extract::{Path, State};
use luhuan_kernel::{Actor, Id, Limit, Locale, Person, Problem, http::PathId};
use luhuan_listing::{
    BrowseFilter, Listing, ListingView, SellerView,
    catalog::{AttributeKind, Catalog},
    model::{Freight, Returns, State as ListingState},
};
use serde_json::Value;

use super::{
    Site,
    cards::{metres, moment, of_hit, of_listing, offset, photo, place, seconds},
    form::{Form, PageResult},
    visit::Visit,
};
use crate::{
    format::{self, Price},
    text::Text,
    view::{
        Comparables, ListingPage, Notice, Owner, Pager, PricePoint, SellerCard, SellerPage, Spec, Tone,
        chart::Steps,
    },
};

/// Days back that comparable prices are looked for.
const COMPARABLE_DAYS: u32 = 90;

/// `GET /listings/{id}`.
pub(super) async fn show(State(site): State<Site>, visit: Visit, PathId(id): PathId<Listing>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let view = site.listings.view(&visit.actor, id).await?;
    if !visit.actor.is(view.row.person_id) {
        site.listings.count_view(id);
    }
    let mut page = describe(&site, &visit, &view).await?;
    fill_around(&site, &visit, &view, &mut page).await?;
    super::conversations::fill_listing(&site, &visit, &view, &mut page).await?;
    page.frame = visit.frame(&site);
    page.frame.title.clone_from(&page.title);
    page.frame.description = view.details.description.chars().take(120).collect();
    page.frame.og.kind = "product".to_owned();
    if let Some(cover) = page.photos.first() {
        page.frame.og.image = format!("{}{}", visit.origin, cover.src);
    }
    page.frame.og.url = format!("{}/listings/{id}", visit.origin);
    page.frame.noindex = view.state != ListingState::Published;
    Ok(visit.render(&page))
}

/// What the listing itself says.
async fn describe(site: &Site, visit: &Visit, view: &ListingView) -> Result<ListingPage, Problem> {
    let (text, locale, catalog) = (visit.text(), visit.actor.locale, Catalog::get());
    let (details, row) = (&view.details, &view.row);
    let now = site.listings.store().clock().now();
    let grade = details.condition.map(|condition| catalog.condition(condition));
    let steps = site.listings.price_history(row.id).await?;
    let points: Vec<_> = steps.iter().map(|step| (seconds(step.at), Price(step.price_fen))).collect();
    let alt = |at: usize| format!("{} {}", details.title, at + 1);
    Ok(ListingPage {
        id: row.id.to_string(),
        title: details.title.clone(),
        state: view.state.code().to_owned(),
        description: details.description.clone(),
        photos: view.photos.iter().enumerate().map(|(at, it)| photo(it, &alt(at))).collect(),
        price: Price(details.price_fen.unwrap_or_default()),
        original_price: details.original_price_fen.map(Price),
        negotiable: details.negotiable,
        views: u64::try_from(row.views).unwrap_or_default(),
        watches: u64::try_from(row.watches).unwrap_or_default(),
        condition: grade.map(|grade| grade.label.text(locale).to_owned()).unwrap_or_default(),
        condition_meaning: grade.map(|grade| grade.meaning.text(locale).to_owned()).unwrap_or_default(),
        defects: details.defects.clone(),
        origin: details
            .origin
            .as_deref()
            .and_then(|code| catalog.origin(code))
            .map(|origin| origin.label.text(locale).to_owned())
            .unwrap_or_default(),
        delivery: deliveries(view, locale),
        returns: returns(text, view),
        place: place(locale, details.subdistrict.as_deref(), true),
        published: moment(text, row.published_at.unwrap_or(row.created_at), now),
        marks: row
            .badges()
            .map_err(Problem::from)?
            .iter()
            .map(|badge| text.code("badge", badge).into_owned())
            .collect(),
        specs: specs(text, view),
        categories: categories(&details.category, locale),
        price_history: steps
            .iter()
            .map(|step| PricePoint { since: moment(text, step.at, now), price: Price(step.price_fen) })
            .collect(),
        price_steps: Steps::of(&points, seconds(now)),
        seller: seller_card(text, &view.seller, seconds(now)),
        owner: owner(view),
        notices: notices(text, view),
        ..ListingPage::default()
    })
}

/// What stands around it: comparable prices, more from the seller, similar ones.
async fn fill_around(
    site: &Site,
    visit: &Visit,
    view: &ListingView,
    page: &mut ListingPage,
) -> Result<(), Problem> {
    let (text, details) = (visit.text(), &view.details);
    let now = site.listings.store().clock().now();
    let hint = site.listings.price_hint(&details.category, &details.brand, &details.model).await?;
    page.comparables = hint.map(|hint| Comparables {
        low: Price(hint.low_fen),
        high: Price(hint.high_fen),
        count: u64::from(hint.count),
        days: COMPARABLE_DAYS,
    });
    page.watched = site.listings.is_watching(&visit.actor, view.row.id).await?;
    let more = site.listings.more_from(&view.seller, view.row.id, 6).await?;
    page.more = more.iter().map(|card| of_listing(text, card, now)).collect();
    if view.state != ListingState::Draft {
        let similar = site.search.similar_to(view, 6).await?;
        page.similar = similar.iter().map(|hit| of_hit(text, hit, now)).collect();
    }
    if let (Some(home), Some(there)) = (home_of(site, &visit.actor).await?, view.row.point()) {
        page.distance = Some(metres(luhuan_kernel::geo::haversine_m(home, there)));
    }
    Ok(())
}

async fn home_of(site: &Site, actor: &Actor) -> Result<Option<luhuan_kernel::geo::Point>, Problem> {
    let Some(person) = actor.person_id() else { return Ok(None) };
    let card = site.accounts.sellers(&[person]).await?.remove(&person);
    let place = card.and_then(|card| card.subdistrict);
    Ok(place
        .as_deref()
        .and_then(luhuan_kernel::geo::subdistrict)
        .map(luhuan_kernel::geo::Subdistrict::centre))
}

fn deliveries(view: &ListingView, locale: Locale) -> Vec<String> {
    let catalog = Catalog::get();
    let payer = |freight: Freight| {
        let payer = catalog.payers().iter().find(|payer| payer.code == freight.code());
        payer.map(|payer| payer.label.text(locale).to_owned())
    };
    let methods = catalog
        .delivery()
        .iter()
        .filter(|method| view.details.delivery.iter().any(|delivery| delivery.code() == method.code));
    methods
        .map(|method| {
            let name = method.label.text(locale);
            let paid = view
                .details
                .freight
                .filter(|freight| method.freight.iter().any(|code| code == freight.code()));
            match paid.and_then(payer) {
                Some(payer) => format!("{name}{}{payer}{}", locale.pick("（", " ("), locale.pick("）", ")")),
                None => name.to_owned(),
            }
        })
        .collect()
}

fn returns(text: Text, view: &ListingView) -> String {
    match view.details.returns {
        Some(Returns::Custom) => view.details.returns_note.clone(),
        Some(returns) => text.code("returns", returns.code()).into_owned(),
        None => String::new(),
    }
}

fn specs(text: Text, view: &ListingView) -> Vec<Spec> {
    let (details, locale) = (&view.details, text.locale());
    let mut specs = Vec::new();
    let mut push = |label: String, value: String| {
        if !value.is_empty() {
            specs.push(Spec { label, value });
        }
    };
    push(text.get("spec-brand").into_owned(), details.brand.clone());
    push(text.get("spec-model").into_owned(), details.model.clone());
    if let Some(category) = Catalog::get().category(&details.category) {
        for attribute in &category.attributes {
            let Some(value) = details.attributes.get(&attribute.code) else { continue };
            push(attribute.label.text(locale).to_owned(), attribute_value(text, &attribute.kind, value));
        }
    }
    push(text.get("spec-serial").into_owned(), view.serial.clone().unwrap_or_default());
    if details.quantity > 1 {
        push(text.get("spec-quantity").into_owned(), details.quantity.to_string());
    }
    push(text.get("spec-reason").into_owned(), details.reason.clone());
    specs
}

fn attribute_value(text: Text, kind: &AttributeKind, value: &Value) -> String {
    let locale = text.locale();
    match (kind, value) {
        (AttributeKind::Enum { options }, Value::String(code)) => options
            .iter()
            .find(|option| option.code == *code)
            .map_or_else(|| code.clone(), |option| option.label.text(locale).to_owned()),
        (AttributeKind::Number { unit, .. }, Value::Number(number)) => {
            format!("{number} {}", unit.text(locale)).trim().to_owned()
        }
        (_, Value::Bool(yes)) => text.code("flag", if *yes { "true" } else { "false" }).into_owned(),
        (_, Value::String(words)) => words.clone(),
        (_, other) => other.to_string(),
    }
}

fn categories(code: &str, locale: Locale) -> Vec<(String, String)> {
    let catalog = Catalog::get();
    let path = catalog.category(code).map(|category| category.path.as_slice()).unwrap_or_default();
    let steps = path.iter().filter_map(|code| catalog.category(code));
    steps.map(|step| (step.name(locale).to_owned(), format!("/search?category={}", step.code))).collect()
}

/// A seller as everyone sees them.
fn seller_card(text: Text, seller: &SellerView, now: i64) -> SellerCard {
    let id = seller.organisation.map_or_else(|| seller.person.to_string(), |shop| shop.to_string());
    SellerCard {
        url: format!("/sellers/{id}"),
        name: seller.name.clone(),
        kind: seller.kind.clone(),
        verified: seller.verified,
        since: seller.since.map(|since| format::ago(text, seconds(since), now, offset())).unwrap_or_default(),
        on_offer: seller.on_offer,
        sold: seller.sold,
    }
}

/// What may be done with it, for those to whom it belongs.
pub(super) fn owner(view: &ListingView) -> Option<Owner> {
    let actions = view.actions;
    let owner = Owner {
        edit: actions.edit,
        publish: actions.publish,
        withdraw: actions.withdraw && view.state != ListingState::Draft,
        relist: actions.relist,
        delete: actions.withdraw && view.state == ListingState::Draft,
    };
    (owner != Owner::default()).then_some(owner)
}

fn notices(text: Text, view: &ListingView) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut add = |tone, key: &str| {
        notices.push(Notice { tone, message: text.get(key).into_owned(), link: None });
    };
    if view.state == ListingState::Draft {
        add(Tone::Info, "listing-notice-draft");
    }
    if view.row.held.is_some() {
        add(Tone::Warning, "listing-notice-held");
    }
    notices
}

/// `POST /listings/{id}/watch`.
pub(super) async fn watch(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    Form(fields): Form,
) -> PageResult {
    let uow = site.listings.store().begin().await?;
    site.listings.watch(&uow, &visit.actor, id).await?;
    uow.commit().await?;
    Ok(visit.go(&back(&fields.next(), id), Some("watched")))
}

/// `POST /listings/{id}/unwatch`.
pub(super) async fn unwatch(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    Form(fields): Form,
) -> PageResult {
    let uow = site.listings.store().begin().await?;
    site.listings.unwatch(&uow, &visit.actor, id).await?;
    uow.commit().await?;
    Ok(visit.go(&back(&fields.next(), id), Some("unwatched")))
}

fn back(next: &str, id: Id<Listing>) -> String {
    if next == "/" { format!("/listings/{id}") } else { next.to_owned() }
}

/// `GET /sellers/{id}`: a person's or a shop's.
pub(super) async fn seller(State(site): State<Site>, visit: Visit, Path(id): Path<String>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let person: Id<Person> = id.parse().map_err(|_| Problem::not_found())?;
    let shop = Id::from_uuid(person.uuid());
    let (now, text) = (site.listings.store().clock().now(), visit.text());
    let shops = site.accounts.shops(&[shop]).await?;
    let seller = match shops.get(&shop) {
        Some(_) => site.listings.seller(person, Some(shop)).await?,
        None if site.accounts.sellers(&[person]).await?.contains_key(&person) => {
            site.listings.seller(person, None).await?
        }
        None => return Err(Problem::not_found()),
    };
    let params: Vec<_> = form_urlencoded::parse(visit.query.as_bytes()).into_owned().collect();
    let after = params.iter().find(|(name, _)| name == "after");
    let after = after.and_then(|(_, cursor)| serde_json::from_value(cursor.as_str().into()).ok());
    let listings =
        site.listings.browse(&BrowseFilter::of_seller(&seller), after.as_ref(), Limit::of(None)).await?;
    let address = crate::view::Address::new(format!("/sellers/{id}"), Vec::<(String, String)>::new());
    let mut frame = visit.frame(&site);
    frame.title.clone_from(&seller.name);
    let licence = site.accounts.licence_shown(shop).await?;
    let reviews = super::reviews::about(&site, &visit, &seller).await?;
    Ok(visit.render(&SellerPage {
        frame,
        seller: seller_card(text, &seller, seconds(now)),
        licence_number: licence.unwrap_or_default(),
        figures: reviews.figures,
        more_reviews: reviews.more.map(|next| address.set("reviews", &next).to_string()).unwrap_or_default(),
        reviews: reviews.rows,
        listings: listings.items.iter().map(|card| of_listing(text, card, now)).collect(),
        pager: Pager {
            first: after.map(|_| address.to_string()),
            next: listings.next.map(|next| address.set("after", next.as_str()).to_string()),
        },
    }))
}
