//! One's own listings and their moves, and the watchlist.

use std::collections::HashMap;

use axum::extract::State;
use luhuan_kernel::{Actor, Cursor, Id, Limit, Problem, http::PathId};
use luhuan_listing::{Card as ListingCard, Listing, StateCounts, model::State as ListingState};

use super::{
    Site,
    cards::of_listing,
    form::{Form, PageResult},
    visit::Visit,
};
use crate::view::{Address, MinePage, MyListing, Owner, Pager, StateTab, Tab, WatchlistPage};

/// A parameter of the query.
pub(super) fn param(visit: &Visit, name: &str) -> Option<String> {
    let mut params = form_urlencoded::parse(visit.query.as_bytes());
    params.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
}

/// Where the list goes on, as the address says.
pub(super) fn after(visit: &Visit) -> Option<Cursor> {
    param(visit, "after").and_then(|text| serde_json::from_value(text.into()).ok())
}

/// `GET /me/listings?state=`.
pub(super) async fn listings(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let asked = param(&visit, "state").and_then(|code| code.parse().ok());
    let after = after(&visit);
    let state = asked.unwrap_or(ListingState::Published);
    let mut mine = site.listings.mine(&visit.actor, state, after.as_ref(), Limit::of(None)).await?;
    let mut state = state;
    // Whoever has only drafts is shown them instead of an empty tab.
    if asked.is_none() && mine.counts.published == 0 && mine.counts.draft > 0 {
        state = ListingState::Draft;
        mine = site.listings.mine(&visit.actor, state, None, Limit::of(None)).await?;
    }
    let address = Address::new("/me/listings", [("state", state.code())]);
    let mut listings = Vec::with_capacity(mine.page.items.len());
    let ids: Vec<_> = mine.page.items.iter().map(|card| card.id).collect();
    let reasons = match state {
        ListingState::Withdrawn => site.listings.take_downs(&ids).await?,
        _ => HashMap::new(),
    };
    for card in &mine.page.items {
        listings.push(my_listing(&site, &visit, card, reasons.get(&card.id)));
    }
    let mut frame = visit.frame(&site);
    frame.title = visit.text().get("mine-title").into_owned();
    frame.tab = Tab::Me;
    frame.noindex = true;
    Ok(visit.render(&MinePage {
        frame,
        tabs: tabs(mine.counts, state),
        listings,
        pager: Pager {
            first: after.map(|_| address.to_string()),
            next: mine.page.next.map(|next| address.set("after", next.as_str()).to_string()),
        },
    }))
}

fn tabs(counts: StateCounts, shown: ListingState) -> Vec<StateTab> {
    let count = |state| match state {
        ListingState::Draft => counts.draft,
        ListingState::Published => counts.published,
        ListingState::Reserved => counts.reserved,
        ListingState::Sold => counts.sold,
        ListingState::Withdrawn => counts.withdrawn,
        ListingState::Expired => counts.expired,
    };
    let order = [
        ListingState::Published,
        ListingState::Draft,
        ListingState::Reserved,
        ListingState::Sold,
        ListingState::Withdrawn,
        ListingState::Expired,
    ];
    order
        .into_iter()
        .map(|state| StateTab {
            state: state.code().to_owned(),
            count: u64::try_from(count(state)).unwrap_or_default(),
            chosen: state == shown,
        })
        .collect()
}

fn my_listing(site: &Site, visit: &Visit, card: &ListingCard, taken_down: Option<&String>) -> MyListing {
    let now = site.listings.store().clock().now();
    let text = visit.text();
    let note = match taken_down {
        _ if card.held => text.get("listing-notice-held").into_owned(),
        Some(reason) => text.with("mine-taken-down", "reason", reason).into_owned(),
        None => String::new(),
    };
    let editable = card.state.is_editable();
    MyListing {
        id: card.id.to_string(),
        state: card.state.code().to_owned(),
        views: u64::try_from(card.views).unwrap_or_default(),
        watches: u64::try_from(card.watches).unwrap_or_default(),
        may: Owner {
            edit: editable,
            publish: card.state == ListingState::Draft,
            withdraw: card.state == ListingState::Published,
            relist: matches!(card.state, ListingState::Withdrawn | ListingState::Expired),
            delete: card.state == ListingState::Draft,
        },
        note,
        card: of_listing(text, card, now),
    }
}

/// `GET /me/watchlist`.
pub(super) async fn watchlist(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let after = after(&visit);
    let page = site.listings.watchlist(&visit.actor, after.as_ref(), Limit::of(None)).await?;
    let (text, now) = (visit.text(), site.listings.store().clock().now());
    let address = Address::new("/me/watchlist", Vec::<(String, String)>::new());
    let mut frame = visit.frame(&site);
    frame.title = text.get("watchlist-title").into_owned();
    frame.tab = Tab::Watchlist;
    frame.noindex = true;
    Ok(visit.render(&WatchlistPage {
        frame,
        listings: page.items.iter().map(|card| (card.id.to_string(), of_listing(text, card, now))).collect(),
        pager: Pager {
            first: after.map(|_| address.to_string()),
            next: page.next.map(|next| address.set("after", next.as_str()).to_string()),
        },
    }))
}

/// `POST /listings/{id}/publish`. What is missing leads to the form that asks for it.
pub(super) async fn publish(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    Form(_): Form,
) -> PageResult {
    match publish_now(&site, &visit.actor, id).await {
        Ok(()) => Ok(visit.go(&format!("/listings/{id}"), Some("published"))),
        Err(problem) if problem.status() == http::StatusCode::UNPROCESSABLE_ENTITY => {
            Ok(visit.go(&format!("/listings/{id}/edit?check=publish"), None))
        }
        Err(problem) => Err(problem),
    }
}

async fn publish_now(site: &Site, actor: &Actor, id: Id<Listing>) -> Result<(), Problem> {
    let uow = site.listings.store().begin().await?;
    site.listings.publish(&uow, actor, id, None).await?;
    uow.commit().await?;
    Ok(())
}

/// `POST /listings/{id}/withdraw`; for a draft, throwing it away.
pub(super) async fn withdraw(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    Form(_): Form,
) -> PageResult {
    let uow = site.listings.store().begin().await?;
    site.listings.withdraw(&uow, &visit.actor, id, None).await?;
    uow.commit().await?;
    Ok(visit.go("/me/listings?state=withdrawn", Some("withdrawn")))
}

/// `POST /listings/{id}/relist`.
pub(super) async fn relist(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    Form(_): Form,
) -> PageResult {
    let uow = site.listings.store().begin().await?;
    site.listings.relist(&uow, &visit.actor, id, None).await?;
    uow.commit().await?;
    Ok(visit.go(&format!("/listings/{id}"), Some("relisted")))
}
