//! Listings that wait for a moderator, and any other that one must look at.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use luhuan_kernel::{Id, Limit, Problem, http::PathId};
use luhuan_listing::{Card, Error, Listing, ListingView, model::State as ListingState};

use super::{
    super::{
        Site,
        account::Refusal,
        cards::of_listing,
        form::{Fields, Form, PageResult},
        mine::{after, param},
        visit::Visit,
    },
    around, enter,
};
use crate::view::{Address, HeldListing, Pager, StaffListingsPage};

const DESK: &str = "listings";
/// Characters of a description that the queue shows.
const EXCERPT: usize = 160;
/// What stands for a class where a listing waits because it was taken down before.
const TAKEN_DOWN: &str = "taken-down";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/staff/listings", get(queue))
        .route("/staff/listings/{id}/clear", post(clear))
        .route("/staff/listings/{id}/take-down", post(take_down))
}

/// `GET /staff/listings?after=`, `?listing=` for one.
async fn queue(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, DESK)?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let wanted = param(&visit, "listing").unwrap_or_default();
    let mut page = page(&site, &visit).await?;
    match named(&wanted) {
        None if wanted.is_empty() => {}
        None => page.errors.add("listing", visit.text().get("staff-no-listing")),
        Some(id) => match site.listings.view(&visit.actor, id).await {
            Ok(view) => page.found = Some(of_view(&site, &visit, &view).await?),
            Err(Error::NotFound) => page.errors.add("listing", visit.text().get("staff-no-listing")),
            Err(error) => return Err(error.into()),
        },
    }
    page.wanted = wanted;
    Ok(visit.render(&page))
}

/// The listing of an id, or of the address of its page.
fn named(text: &str) -> Option<Id<Listing>> {
    let text = text.split(['?', '#']).next().unwrap_or_default().trim().trim_end_matches('/');
    text.rsplit('/').next().and_then(|id| id.parse().ok())
}

async fn page(site: &Site, visit: &Visit) -> Result<StaffListingsPage, Problem> {
    let after = after(visit);
    let found = site.listings.waiting(&visit.actor, after.as_ref(), Limit::of(None)).await?;
    let here = Address::new("/staff/listings", Vec::<(String, String)>::new());
    let (frame, tabs) = around(site, visit, DESK, "/staff/listings");
    let mut listings = Vec::with_capacity(found.items.len());
    for card in &found.items {
        match site.listings.view(&visit.actor, card.id).await {
            Ok(view) => listings.push(held(site, visit, card, &view)),
            // It was taken away between the list and the look.
            Err(Error::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(StaffListingsPage {
        frame,
        tabs,
        listings,
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: found.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
        ..StaffListingsPage::default()
    })
}

async fn of_view(site: &Site, visit: &Visit, view: &ListingView) -> Result<HeldListing, Problem> {
    let cards = site.listings.cards_of(&visit.actor, &[view.row.id]).await?;
    let card = cards.first().ok_or_else(Problem::not_found)?;
    Ok(held(site, visit, card, view))
}

fn held(site: &Site, visit: &Visit, card: &Card, view: &ListingView) -> HeldListing {
    let (text, locale) = (visit.text(), visit.actor.locale);
    let now = site.listings.store().clock().now();
    let class = view.row.held.clone().unwrap_or_default();
    let rule = site.listings.screening_rules().find(|rule| rule.class == class);
    let words = |zh: &str, en: &str| locale.pick(zh, en).to_owned();
    HeldListing {
        id: card.id.to_string(),
        card: of_listing(text, card, now),
        state: card.state.code().to_owned(),
        seller: view.seller.name.clone(),
        rule: rule.as_ref().map(|rule| words(rule.rule_zh, rule.rule_en)).unwrap_or_default(),
        source: rule.as_ref().map(|rule| rule.source.to_owned()).unwrap_or_default(),
        class: match rule {
            Some(rule) => words(rule.zh, rule.en),
            None if class == TAKEN_DOWN => text.get("staff-held-again").into_owned(),
            None => class,
        },
        excerpt: view.row.description.chars().take(EXCERPT).collect(),
        clearable: card.held,
        removable: matches!(card.state, ListingState::Published | ListingState::Draft),
        reason: String::new(),
    }
}

/// `POST /staff/listings/{id}/clear`.
async fn clear(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    Form(fields): Form,
) -> PageResult {
    enter(&visit, DESK)?;
    let reason = fields.get(&field(id));
    let uow = site.listings.store().begin().await?;
    match site.listings.clear(&uow, &visit.actor, id, reason).await {
        Ok(_) => {
            uow.commit().await?;
            Ok(visit.go("/staff/listings", Some("staff-cleared")))
        }
        Err(error) => {
            drop(uow);
            refuse(&site, &visit, id, error, &fields).await
        }
    }
}

/// `POST /staff/listings/{id}/take-down`.
async fn take_down(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    Form(fields): Form,
) -> PageResult {
    enter(&visit, DESK)?;
    let reason = fields.get(&field(id));
    let uow = site.listings.store().begin().await?;
    match site.listings.take_down(&uow, &visit.actor, id, reason).await {
        Ok(_) => {
            uow.commit().await?;
            Ok(visit.go("/staff/listings", Some("staff-taken-down")))
        }
        Err(error) => {
            drop(uow);
            refuse(&site, &visit, id, error, &fields).await
        }
    }
}

fn field(id: Id<Listing>) -> String {
    format!("reason-{id}")
}

/// The queue with what is wrong beside the listing, and the reason that was typed.
async fn refuse(site: &Site, visit: &Visit, id: Id<Listing>, error: Error, fields: &Fields) -> PageResult {
    let field = field(id);
    let refusal = Refusal::of(site, visit, error, &[("reason", field.as_str())])?;
    let mut page = page(site, visit).await?;
    // Whoever looked one up by its address finds it above the queue again.
    if !page.listings.iter().any(|listing| listing.id == id.to_string()) {
        let view = site.listings.view(&visit.actor, id).await?;
        page.found = Some(of_view(site, visit, &view).await?);
    }
    for listing in page.listings.iter_mut().chain(page.found.as_mut()) {
        if listing.id == id.to_string() {
            fields.get(&field).clone_into(&mut listing.reason);
        }
    }
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(visit, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_named_by_its_id_or_by_the_address_of_its_page() {
        let id = "019b7a2c-1de0-7c3e-9d15-2f6f0c2f9c12";
        for text in
            [id.to_owned(), format!("https://example.org/listings/{id}"), format!("/listings/{id}/?x=1")]
        {
            assert_eq!(named(&text).map(|id| id.to_string()).as_deref(), Some(id), "{text}");
        }
        assert_eq!(named("bicycle"), None);
    }
}
