//! Reports on conversations.

use axum::{Router, extract::State, routing::get};
use luhuan_kernel::{Id, Limit, Problem, http::PathId};
use luhuan_trade::{Error, MessageView, Report, ReportVerdict, ReportView};

use super::{
    super::{
        Site,
        account::Refusal,
        cards::moment,
        form::{Fields, Form, PageResult},
        mine::after,
        trade::trade_photo,
        visit::Visit,
    },
    around, enter,
};
use crate::view::{Address, Pager, ReportPage, ReportRow, ReportsPage, StaffMessage};

const DESK: &str = "reports";
/// Messages of one page of a conversation.
const MESSAGES: u32 = 50;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/staff/reports", get(queue)).route("/staff/reports/{id}", get(show).post(decide))
}

/// `GET /staff/reports?after=`.
async fn queue(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, DESK)?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let after = after(&visit);
    let found = site.trade.reports(&visit.actor, after.as_ref(), Limit::of(None)).await?;
    let here = Address::new("/staff/reports", Vec::<(String, String)>::new());
    let (frame, tabs) = around(&site, &visit, DESK, "/staff/reports");
    Ok(visit.render(&ReportsPage {
        frame,
        tabs,
        reports: found.items.iter().map(|report| row(&site, &visit, report)).collect(),
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: found.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
    }))
}

fn row(site: &Site, visit: &Visit, report: &ReportView) -> ReportRow {
    ReportRow {
        id: report.id.to_string(),
        url: format!("/staff/reports/{}", report.id),
        about: report.about_name.clone(),
        reason: report.reason.clone(),
        words: report.words.clone(),
        has_message: report.message.is_some(),
        at: moment(visit.text(), report.created_at, site.trade.store().clock().now()),
    }
}

/// `GET /staff/reports/{id}?after=`.
async fn show(State(site): State<Site>, visit: Visit, PathId(id): PathId<Report>) -> PageResult {
    enter(&visit, DESK)?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&page(&site, &visit, id).await?))
}

async fn page(site: &Site, visit: &Visit, id: Id<Report>) -> Result<ReportPage, Problem> {
    let report = site.trade.open_report(&visit.actor, id).await?;
    let before = after(visit);
    let limit = Limit::of(Some(MESSAGES));
    let thread = site.trade.thread(&visit.actor, report.conversation, before.as_ref(), limit).await?;
    let address = format!("/staff/reports/{id}");
    let (frame, tabs) = around(site, visit, DESK, &address);
    let here = Address::new(address, Vec::<(String, String)>::new());
    let reported = report.message.map(|id| id.to_string()).unwrap_or_default();
    let mut messages: Vec<_> =
        thread.messages.items.iter().map(|view| message(site, visit, view, &reported)).collect();
    messages.reverse();
    Ok(ReportPage {
        frame,
        tabs,
        report: row(site, visit, &report),
        listing: thread.card.card.map(|card| (card.title, format!("/listings/{}", card.id))),
        messages,
        earlier: thread.messages.next.map(|next| here.set("after", next.as_str()).to_string()),
        verdict: if reported.is_empty() { "keep".to_owned() } else { "hide".to_owned() },
        ..ReportPage::default()
    })
}

fn message(site: &Site, visit: &Visit, view: &MessageView, reported: &str) -> StaffMessage {
    let text = visit.text();
    StaffMessage {
        id: view.id.to_string(),
        by: view.by.code().to_owned(),
        text: view.text.clone(),
        photos: view.photos.iter().map(|photo| trade_photo(photo, &text.get("staff-photo"))).collect(),
        warned: view.warned.clone().unwrap_or_default(),
        hidden: view.hidden.clone().unwrap_or_default(),
        at: moment(text, view.at, site.trade.store().clock().now()),
        reported: view.id.to_string() == reported,
    }
}

/// `POST /staff/reports/{id}`.
async fn decide(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Report>,
    Form(fields): Form,
) -> PageResult {
    enter(&visit, DESK)?;
    let Err(error) = decide_now(&site, &visit, id, &fields).await else {
        return Ok(visit.go("/staff/reports", Some("staff-decided")));
    };
    let refusal = Refusal::of(&site, &visit, error, &[])?;
    let mut page = page(&site, &visit, id).await?;
    fields.get("verdict").clone_into(&mut page.verdict);
    fields.get("outcome").clone_into(&mut page.outcome);
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

async fn decide_now(site: &Site, visit: &Visit, id: Id<Report>, fields: &Fields) -> Result<(), Error> {
    let verdict = if fields.get("verdict") == "hide" { ReportVerdict::Hide } else { ReportVerdict::Keep };
    let uow = site.trade.store().begin().await?;
    site.trade.decide_report(&uow, &visit.actor, id, fields.get("outcome"), verdict).await?;
    uow.commit().await?;
    Ok(())
}
