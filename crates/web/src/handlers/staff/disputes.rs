//! Disputes and appeals: what both show, what happened, and how what is held is divided.

use axum::{
    Router,
    extract::State,
    routing::{get, post},
};
use luhuan_kernel::{Id, Limit, Money, Problem, Timestamp, http::PathId};
use luhuan_trade::{
    DisputeCard, DisputeQueue, DisputeView, Error, EvidenceView, Order, OrderView, RulingView,
    model::{By, Ruling, State as OrderState, divide},
};

use super::{
    super::{
        Site,
        account::Refusal,
        cards::{moment, offset, seconds},
        form::{Fields, Form, PageResult},
        mine::{after, param},
        trade::{seller_url, trade_photo},
        visit::Visit,
    },
    around, enter,
};
use crate::{
    format::{self, Price},
    text::Text,
    view::{
        Address, DisputePage, DisputeRow, DisputesPage, DivisionShown, Errors, EvidencePiece, Pager,
        RulingRow, RulingValues, Side, TimelineStep,
    },
};

const DESK: &str = "disputes";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/staff/disputes", get(queue))
        .route("/staff/disputes/{id}", get(show).post(rule))
        .route("/staff/disputes/{id}/take-up", post(take_up))
}

/// `GET /staff/disputes?all=&after=`.
async fn queue(State(site): State<Site>, visit: Visit) -> PageResult {
    enter(&visit, DESK)?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let all = param(&visit, "all").is_some();
    let after = after(&visit);
    let which = if all { DisputeQueue::All } else { DisputeQueue::Waiting };
    let found = site.trade.disputes(&visit.actor, which, after.as_ref(), Limit::of(None)).await?;
    let here = Address::new("/staff/disputes", [("all", if all { "1" } else { "" })]);
    let (frame, tabs) = around(&site, &visit, DESK, &here.to_string());
    let now = site.trade.store().clock().now();
    Ok(visit.render(&DisputesPage {
        frame,
        tabs,
        all,
        disputes: found.items.iter().map(|card| row(visit.text(), card, now)).collect(),
        pager: Pager {
            first: after.map(|_| here.to_string()),
            next: found.next.map(|next| here.set("after", next.as_str()).to_string()),
        },
    }))
}

fn row(text: Text, card: &DisputeCard, now: Timestamp) -> DisputeRow {
    DisputeRow {
        url: format!("/staff/disputes/{}", card.order),
        title: card.title.clone(),
        state: card.state.code().to_owned(),
        held: Price(card.held_fen),
        claim: Price(card.claim_fen),
        opened_by: card.opened_by.code().to_owned(),
        reason: card.reason.code().to_owned(),
        since: moment(text, card.since, now),
        due: card.due_at.map(|at| due(text, at, now)).unwrap_or_default(),
    }
}

/// How long is left, then when exactly.
fn due(text: Text, at: Timestamp, now: Timestamp) -> String {
    let exactly = format::on_day(text, seconds(at), seconds(now), offset());
    match format::left(text, seconds(at), seconds(now)) {
        left if left.is_empty() => exactly,
        left => format!("{left} · {exactly}"),
    }
}

/// `GET /staff/disputes/{order}`.
async fn show(State(site): State<Site>, visit: Visit, PathId(id): PathId<Order>) -> PageResult {
    enter(&visit, DESK)?;
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&page(&site, &visit, id).await?))
}

async fn page(site: &Site, visit: &Visit, id: Id<Order>) -> Result<DisputePage, Problem> {
    let view = site.trade.view(&visit.actor, id).await?;
    let dispute = view.dispute.as_ref().ok_or_else(Problem::not_found)?;
    let (text, now) = (visit.text(), site.trade.store().clock().now());
    let (mut frame, tabs) = around(site, visit, DESK, &format!("/staff/disputes/{id}"));
    frame.title = text.with("staff-dispute-of", "title", &view.row.title).into_owned();
    let own = view.role.is_party();
    let decides = matches!(view.state, OrderState::Deciding | OrderState::Appealed);
    let claim = dispute.claim_fen.min(view.row.held_fen);
    Ok(DisputePage {
        frame,
        tabs,
        order: id.to_string(),
        version: view.row.version.to_string(),
        lines: lines(&view),
        state: view.state.code().to_owned(),
        clock: view.clock.map(|clock| due(text, clock.at, now)).unwrap_or_default(),
        held: Price(view.row.held_fen),
        claim: Price(dispute.claim_fen),
        opened_by: dispute.opened_by.code().to_owned(),
        reason: dispute.reason.code().to_owned(),
        money: view.money.iter().map(|line| (line.what.to_owned(), Price(line.fen))).collect(),
        flaws: view.flaws.clone(),
        sides: vec![side(&view, dispute, By::Buyer, text, now), side(&view, dispute, By::Seller, text, now)],
        steps: steps(&view, text, now),
        rulings: dispute.rulings.iter().map(|ruling| ruling_row(&view, ruling, text, now)).collect(),
        may_take_up: view.state == OrderState::Disputed && !own,
        may_rule: decides && !own,
        is_final: view.state == OrderState::Appealed,
        own,
        division: None,
        values: RulingValues {
            buyer: Price(claim).plain(),
            seller: Price(view.row.held_fen - claim).plain(),
            reasons: String::new(),
        },
        errors: Errors::none(),
    })
}

fn lines(view: &OrderView) -> Vec<(String, String, Price)> {
    let line = |line: &luhuan_trade::LineView| {
        (line.title.clone(), format!("/listings/{}", line.listing), Price(line.price_fen))
    };
    view.lines.iter().map(line).collect()
}

fn side(view: &OrderView, dispute: &DisputeView, by: By, text: Text, now: Timestamp) -> Side {
    let buyer = by == By::Buyer;
    let party = if buyer { &view.buyer } else { &view.seller };
    let own = dispute.evidence.iter().filter(|piece| piece.by == by);
    Side {
        code: by.code(),
        name: party.name.clone(),
        url: seller_url(party.person, party.shop),
        words: if dispute.opened_by == by { dispute.words.clone() } else { String::new() },
        evidence: own.map(|piece| evidence(piece, text, now)).collect(),
        accepted: if buyer { dispute.accepted.0 } else { dispute.accepted.1 },
        appeal: if dispute.appealed_by == Some(by) { dispute.appeal_words.clone() } else { String::new() },
    }
}

fn evidence(piece: &EvidenceView, text: Text, now: Timestamp) -> EvidencePiece {
    EvidencePiece {
        text: piece.text.clone(),
        photos: piece.photos.iter().map(|photo| trade_photo(photo, &text.get("staff-photo"))).collect(),
        at: moment(text, piece.at, now),
    }
}

fn steps(view: &OrderView, text: Text, now: Timestamp) -> Vec<TimelineStep> {
    let step = |step: &luhuan_trade::entity::order::Step| TimelineStep {
        event: step.event.code().to_owned(),
        by: step.by.code().to_owned(),
        to: step.to.code().to_owned(),
        words: step.words.clone(),
        at: moment(text, step.at, now),
    };
    view.steps.iter().map(step).collect()
}

fn ruling_row(view: &OrderView, ruling: &RulingView, text: Text, now: Timestamp) -> RulingRow {
    // Once it is carried out nothing is held: the rest is what went to the seller and the platform.
    let held = if view.row.held_fen > 0 {
        view.row.held_fen
    } else {
        ruling.buyer_fen.max(0) + view.row.seller_fen + view.row.charged_fen
    };
    RulingRow {
        stage: ruling.stage.code().to_owned(),
        by: ruling.by.code().to_owned(),
        buyer: Price(ruling.buyer_fen),
        rest: Price(held - ruling.buyer_fen),
        reasons: ruling.reasons.clone(),
        at: moment(text, ruling.at, now),
    }
}

/// `POST /staff/disputes/{order}/take-up`.
async fn take_up(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(_): Form,
) -> PageResult {
    enter(&visit, DESK)?;
    let address = format!("/staff/disputes/{id}");
    let uow = site.trade.store().begin().await?;
    match site.trade.take_up(&uow, &visit.actor, id).await {
        Ok(_) => {
            uow.commit().await?;
            Ok(visit.go(&address, Some("staff-taken-up")))
        }
        Err(error) => {
            drop(uow);
            let refusal = refusal(&site, &visit, error)?;
            let mut page = page(&site, &visit, id).await?;
            page.errors.clone_from(&refusal.errors);
            Ok(refusal.answer(&visit, &page))
        }
    }
}

/// A refusal as the form shows it. The desk is the reader's, so what is forbidden is this one case.
fn refusal(site: &Site, visit: &Visit, error: Error) -> Result<Refusal, Problem> {
    match error {
        Error::Forbidden => Ok(Refusal::field("", visit.text().get("staff-not-yours"))),
        error => Refusal::of(site, visit, error, &[("amount_fen", "buyer")]),
    }
}

/// `POST /staff/disputes/{order}`: decides; with `check`, only reckons.
async fn rule(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    enter(&visit, DESK)?;
    let mut page = page(&site, &visit, id).await?;
    page.values = RulingValues {
        buyer: fields.get("buyer").to_owned(),
        seller: fields.get("seller").to_owned(),
        reasons: fields.get("reasons").to_owned(),
    };
    let buyer_fen = match split(visit.text(), page.held, &fields) {
        Ok(buyer_fen) => buyer_fen,
        Err(errors) => {
            page.errors = errors;
            return Ok(visit.render_with(http::StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    page.division = Some(division(&site, &visit, id, buyer_fen).await?);
    if fields.ticked("check") {
        return Ok(visit.render(&page));
    }
    let ruling = Ruling { buyer_fen, reasons: fields.get("reasons").to_owned() };
    let Err(error) = rule_now(&site, &visit, id, fields.get("version").parse().ok(), ruling).await else {
        return Ok(visit.go(&format!("/staff/disputes/{id}"), Some("staff-ruled")));
    };
    let refusal = refusal(&site, &visit, error)?;
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

/// The buyer's part, when both parts read and sum to what is held.
fn split(text: Text, held: Price, fields: &Fields) -> Result<i64, Errors> {
    let mut errors = Errors::none();
    let mut part = |field: &str| {
        let read = Money::cny_from_yuan(fields.get(field));
        if read.is_none() {
            errors.add(field, text.get("staff-amount-wrong"));
        }
        read.map_or(0, |money| money.minor)
    };
    let (buyer, seller) = (part("buyer"), part("seller"));
    if errors.is_empty() && buyer.checked_add(seller) != Some(held.0) {
        errors.add("seller", text.with("staff-sum-wrong", "held", held.text()));
    }
    if errors.is_empty() { Ok(buyer) } else { Err(errors) }
}

async fn division(
    site: &Site,
    visit: &Visit,
    id: Id<Order>,
    buyer_fen: i64,
) -> Result<DivisionShown, Problem> {
    let row = site.trade.view(&visit.actor, id).await?.row;
    let parts =
        divide(row.held_fen, buyer_fen, row.goods_fen, row.refunded_fen, row.fee()).map_err(Error::from)?;
    Ok(DivisionShown {
        buyer: Price(parts.buyer_fen),
        seller: Price(parts.seller_fen),
        fee: Price(parts.fee_fen),
    })
}

async fn rule_now(
    site: &Site,
    visit: &Visit,
    id: Id<Order>,
    expected: Option<i64>,
    ruling: Ruling,
) -> Result<(), Error> {
    let uow = site.trade.store().begin().await?;
    site.trade.rule(&uow, &visit.actor, id, expected, ruling).await?;
    uow.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(buyer: &str, seller: &str) -> Fields {
        let mut fields = Fields::default();
        fields.put("buyer", buyer.to_owned());
        fields.put("seller", seller.to_owned());
        fields
    }

    #[test]
    fn a_split_sums_to_what_is_held_or_is_refused_beside_its_field() {
        let split = |buyer, seller| split(Text::default(), Price(76_000), &typed(buyer, seller));
        assert_eq!(split("300", "460"), Ok(30_000));
        assert_eq!(split("0", "760.00"), Ok(0));
        let off_by_a_fen = split("300.01", "460").expect_err("a fen too much");
        assert!(off_by_a_fen.of("seller").is_some_and(|said| said.contains("¥760")));
        let unread = split("half", "-1").expect_err("no amounts");
        assert!(unread.of("buyer").is_some() && unread.of("seller").is_some());
    }
}
