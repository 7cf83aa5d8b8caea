//! Disputes as one of the two: opening, evidence, the jury, rulings, the appeal. And a seat on the jury.

use axum::{extract::State, response::Response};
use http::StatusCode;
use luhuan_kernel::{Id, Problem, http::PathId};
use luhuan_trade::{Dispute, JuryCase, NewDispute, Order, Trade, TradePhoto, model::Vote};

use super::{
    Site,
    form::{Fields, FileForm, Form, PageResult},
    orders::{Reader, answer, refuse},
    steps::{run, version},
    trade::{PHOTOS, due, errors_of, fault, is_told_on_the_form, yuan},
    visit::Visit,
};
use crate::{
    format::Price,
    view::{
        Errors, Tab,
        trade::{JuryPage, JuryRow, Typed},
    },
};

/// `POST /orders/{id}/disputes`.
pub(super) async fn open(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let text = visit.text();
    let Ok(reason) = fields.get("dispute.reason").parse() else {
        let errors = fault("dispute.reason", text.get("choose"));
        return refuse(&site, &visit, id, &fields, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
    };
    let claim_fen = match yuan(text, &fields, "dispute.claim") {
        Ok(claim) => claim,
        Err(errors) => {
            return refuse(&site, &visit, id, &fields, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
        }
    };
    let new = NewDispute {
        reason,
        words: fields.get("dispute.words").to_owned(),
        claim_fen,
        jury: fields.ticked("dispute.jury"),
    };
    let done =
        run(&site, async |uow| site.trade.open_dispute(uow, &visit.actor, id, version(&fields), new).await)
            .await;
    // The sum at fault is the claim.
    if let Err(problem) = &done
        && problem.fields().iter().any(|fault| fault.field == "amount_fen")
    {
        let told = errors_of(&site, &visit, problem, "dispute");
        let mut errors = Errors::none();
        for error in told.list {
            errors.add("dispute.claim", error.message);
        }
        return refuse(&site, &visit, id, &fields, problem.status(), errors).await;
    }
    answer(&site, &visit, id, "dispute", &fields, (done, "dispute-opened")).await
}

/// `POST /orders/{id}/disputes/evidence`: words, photos, or both.
pub(super) async fn evidence(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    form: FileForm,
) -> PageResult {
    let FileForm { fields, photos } = form;
    let given = async {
        let mut kept = Vec::new();
        for bytes in photos.into_iter().take(PHOTOS as usize) {
            kept.push(site.trade.keep_photo(bytes).await?);
        }
        run(&site, async |uow| {
            let mut ids: Vec<Id<TradePhoto>> = Vec::with_capacity(kept.len());
            for photo in &kept {
                ids.push(site.trade.attach_evidence_photo(uow, &visit.actor, id, photo).await?);
            }
            site.trade.give_evidence(uow, &visit.actor, id, fields.get("evidence.text"), &ids).await
        })
        .await
    };
    answer(&site, &visit, id, "evidence", &fields, (given.await, "evidence-given")).await
}

/// `POST /orders/{id}/disputes/jury`.
pub(super) async fn accept_jury(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done = run(&site, async |uow| site.trade.accept_jury(uow, &visit.actor, id).await).await;
    answer(&site, &visit, id, "", &fields, (done, "jury-accepted")).await
}

/// `POST /orders/{id}/disputes/drop`.
pub(super) async fn drop_it(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done =
        run(&site, async |uow| site.trade.drop_dispute(uow, &visit.actor, id, version(&fields)).await).await;
    answer(&site, &visit, id, "", &fields, (done, "dispute-dropped")).await
}

/// `POST /orders/{id}/disputes/accept`.
pub(super) async fn accept_ruling(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done = run(&site, async |uow| site.trade.accept_ruling(uow, &visit.actor, id).await).await;
    answer(&site, &visit, id, "", &fields, (done, "ruling-accepted")).await
}

/// `POST /orders/{id}/disputes/appeal`.
pub(super) async fn appeal(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done = run(&site, async |uow| {
        site.trade.appeal(uow, &visit.actor, id, version(&fields), fields.get("appeal.words")).await
    })
    .await;
    answer(&site, &visit, id, "appeal", &fields, (done, "appealed")).await
}

/// `GET /me/jury`.
pub(super) async fn seat(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&jury_page(&site, &visit, "", &Fields::default(), Errors::none()).await?))
}

async fn jury_page(
    site: &Site,
    visit: &Visit,
    at: &str,
    fields: &Fields,
    errors: Errors,
) -> Result<JuryPage, Problem> {
    let reader =
        Reader { text: visit.text(), locale: visit.actor.locale, now: site.trade.store().clock().now() };
    let cases = site.trade.jury_cases(&visit.actor).await?;
    let mut frame = visit.frame(site);
    frame.path = "/me/jury".to_owned();
    frame.title = reader.text.get("jury-title").into_owned();
    frame.tab = Tab::Me;
    frame.noindex = true;
    Ok(JuryPage {
        frame,
        is_juror: site.trade.is_juror(&visit.actor).await?,
        rule: Trade::jury_rule().render(&site.texts, reader.locale),
        cases: cases.iter().map(|case| jury_row(reader, case)).collect(),
        at: at.to_owned(),
        typed: Typed::from(fields),
        errors,
    })
}

fn jury_row(reader: Reader, case: &JuryCase) -> JuryRow {
    let dispute = &case.dispute;
    JuryRow {
        id: dispute.id.to_string(),
        title: case.title.clone(),
        flaws: case.flaws.clone(),
        reason: dispute.reason.code().to_owned(),
        opened_by: dispute.opened_by.code().to_owned(),
        words: dispute.words.clone(),
        claim: Price(dispute.claim_fen),
        held: Price(case.held_fen),
        evidence: dispute.evidence.iter().map(|piece| reader.evidence(piece)).collect(),
        vote: case.vote.map(|vote| vote.code().to_owned()).unwrap_or_default(),
        until: case.until.map(|until| due(reader.text, until, reader.now)),
        rulings: dispute.rulings.iter().map(|ruling| reader.ruling(ruling)).collect(),
    }
}

async fn told(
    site: &Site,
    visit: &Visit,
    at: &str,
    fields: &Fields,
    done: Result<(), Problem>,
    flash: &str,
) -> Result<Response, Problem> {
    match done {
        Ok(()) => Ok(visit.go("/me/jury", Some(flash))),
        Err(problem) if is_told_on_the_form(&problem) => {
            let errors = errors_of(site, visit, &problem, if at.is_empty() { "" } else { "vote" });
            let page = jury_page(site, visit, at, fields, errors).await?;
            Ok(visit.render_with(problem.status(), &page))
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /me/jury/enlist`.
pub(super) async fn enlist(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let done = run(&site, async |uow| site.trade.enlist(uow, &visit.actor).await).await;
    told(&site, &visit, "", &fields, done, "enlisted").await
}

/// `POST /me/jury/resign`.
pub(super) async fn resign(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let done = run(&site, async |uow| site.trade.resign(uow, &visit.actor).await).await;
    told(&site, &visit, "", &fields, done, "resigned").await
}

/// `POST /me/jury/{dispute}/vote`.
pub(super) async fn vote(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Dispute>,
    Form(fields): Form,
) -> PageResult {
    let at = id.to_string();
    let Ok(vote) = fields.get("vote.vote").parse::<Vote>() else {
        let errors = fault("vote.vote", visit.text().get("choose"));
        let page = jury_page(&site, &visit, &at, &fields, errors).await?;
        return Ok(visit.render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
    };
    let done = run(&site, async |uow| {
        site.trade.vote(uow, &visit.actor, id, vote, fields.get("vote.reasons")).await
    })
    .await;
    told(&site, &visit, &at, &fields, done, "voted").await
}
