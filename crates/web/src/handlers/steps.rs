//! Steps of an order: paying, shipping, meeting, confirming, calling off; money back; the reviews at its end.

use axum::extract::State;
use http::StatusCode;
use luhuan_kernel::{Id, Problem, http::PathId};
use luhuan_ledger::Provider;
use luhuan_store::UnitOfWork;
use luhuan_trade::{
    AnswerRefund, Error, Handover, NewInvoice, NewRefundRequest, NewReview, Order, Review, Shipment,
};

use super::{
    Site,
    checkout::begin_there,
    form::{Fields, Form, PageResult},
    orders::{answer, refuse},
    trade::{fault, local_time, yuan},
    visit::Visit,
};
use crate::{
    format::Price,
    view::{Errors, trade::FlawsPage},
};

/// The version of the order that the form was made from.
pub(super) fn version(fields: &Fields) -> Option<i64> {
    fields.get("version").parse().ok()
}

/// One command in a unit of its own.
pub(super) async fn run<T>(
    site: &Site,
    command: impl AsyncFnOnce(&UnitOfWork) -> Result<T, Error>,
) -> Result<T, Problem> {
    let uow = site.trade.store().begin().await?;
    let done = command(&uow).await?;
    uow.commit().await?;
    Ok(done)
}

/// A code of a closed list, beside its field when it is none.
fn chosen<T: std::str::FromStr>(visit: &Visit, fields: &Fields, field: &str) -> Result<T, Errors> {
    fields.get(field).parse().map_err(|_| fault(field, visit.text().get("choose")))
}

/// What was typed does not read.
const UNREADABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// `POST /orders/{id}/pay`.
pub(super) async fn pay(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let provider: Provider = match chosen(&visit, &fields, "pay.provider") {
        Ok(provider) => provider,
        Err(errors) => return refuse(&site, &visit, id, &fields, UNREADABLE, errors).await,
    };
    let back = format!("{}/orders/{id}/payment", visit.origin);
    let paid = run(&site, async |uow| {
        site.trade.pay(uow, &visit.actor, id, version(&fields), provider, Some(back)).await
    })
    .await;
    match paid {
        Ok((_, payment)) if provider == Provider::Stripe => {
            begin_there(&site, payment.id).await;
            Ok(visit.go(&format!("/orders/{id}/payment"), None))
        }
        done => {
            let flash = if provider == Provider::Wallet { "paid" } else { "ordered" };
            answer(&site, &visit, id, "", &fields, (done, flash)).await
        }
    }
}

/// `GET /orders/{id}/flaws`: for an order that a program made without confirming them.
pub(super) async fn flaws(State(site): State<Site>, visit: Visit, PathId(id): PathId<Order>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&flaws_page(&site, &visit, id, &Fields::default(), Errors::none()).await?))
}

async fn flaws_page(
    site: &Site,
    visit: &Visit,
    id: Id<Order>,
    fields: &Fields,
    errors: Errors,
) -> Result<FlawsPage, Problem> {
    let view = site.trade.view(&visit.actor, id).await?;
    let mut frame = visit.frame(site);
    frame.path = format!("/orders/{id}/flaws");
    frame.title = visit.text().get("flaws-title").into_owned();
    frame.noindex = true;
    Ok(FlawsPage {
        frame,
        action: format!("/orders/{id}/confirm-flaws"),
        hidden: Vec::new(),
        ticked: (0..view.flaws.len()).map(|at| fields.all("flaw").any(|it| it == at.to_string())).collect(),
        flaws: view.flaws,
        total: Price(view.row.total_fen),
        may_go_back: false,
        then: "order".to_owned(),
        errors,
    })
}

/// `POST /orders/{id}/confirm-flaws`.
pub(super) async fn confirm_flaws(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let page =
        flaws_page(&site, &visit, id, &fields, fault("flaw", visit.text().get("flaws-missed"))).await?;
    if page.ticked.contains(&false) {
        return Ok(visit.render_with(UNREADABLE, &page));
    }
    let done = run(&site, async |uow| site.trade.confirm_flaws(uow, &visit.actor, id).await).await;
    answer(&site, &visit, id, "", &fields, (done, "flaws-confirmed")).await
}

fn shipment(fields: &Fields, form: &str) -> Shipment {
    Shipment {
        carrier: fields.get(&format!("{form}.carrier")).to_owned(),
        tracking: fields.get(&format!("{form}.tracking")).to_owned(),
    }
}

/// `POST /orders/{id}/ship`.
pub(super) async fn ship(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let parcel = shipment(&fields, "ship");
    let done =
        run(&site, async |uow| site.trade.ship(uow, &visit.actor, id, version(&fields), &parcel).await).await;
    answer(&site, &visit, id, "ship", &fields, (done, "shipped")).await
}

/// `POST /orders/{id}/arrange`.
pub(super) async fn arrange(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let at = match local_time(visit.text(), &fields, "arrange.at") {
        Ok(at) => at,
        Err(errors) => return refuse(&site, &visit, id, &fields, UNREADABLE, errors).await,
    };
    let done = run(&site, async |uow| {
        site.trade.arrange(uow, &visit.actor, id, version(&fields), fields.get("arrange.place"), at).await
    })
    .await;
    answer(&site, &visit, id, "arrange", &fields, (done, "arranged")).await
}

/// `POST /orders/{id}/check-in`.
pub(super) async fn check_in(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done = run(&site, async |uow| site.trade.check_in(uow, &visit.actor, id).await).await;
    answer(&site, &visit, id, "", &fields, (done, "here")).await
}

/// `POST /orders/{id}/hand-over`. A wrong code is counted, so it is committed as well.
pub(super) async fn hand_over(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done =
        run(&site, async |uow| site.trade.hand_over(uow, &visit.actor, id, fields.get("hand.code")).await)
            .await;
    let (done, flash) = match done {
        Ok(Handover::WrongCode { left }) => (Err(Error::CodeWrong { left }.into()), ""),
        Ok(Handover::Waiting(_)) => (Ok(()), "code-taken"),
        Ok(Handover::Done(_)) => (Ok(()), "handed-over"),
        Err(problem) => (Err(problem), ""),
    };
    if let Err(problem) = &done
        && problem.status() == StatusCode::UNPROCESSABLE_ENTITY
    {
        let message = problem.detail(&site.texts, visit.actor.locale);
        return refuse(&site, &visit, id, &fields, UNREADABLE, fault("hand.code", message)).await;
    }
    answer(&site, &visit, id, "hand", &fields, (done, flash)).await
}

/// `POST /orders/{id}/confirm`.
pub(super) async fn confirm(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done =
        run(&site, async |uow| site.trade.confirm(uow, &visit.actor, id, version(&fields)).await).await;
    answer(&site, &visit, id, "", &fields, (done, "received")).await
}

/// `POST /orders/{id}/extend`.
pub(super) async fn extend(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done = run(&site, async |uow| site.trade.extend(uow, &visit.actor, id).await).await;
    answer(&site, &visit, id, "", &fields, (done, "extended")).await
}

/// `POST /orders/{id}/cancel`.
pub(super) async fn cancel(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done = run(&site, async |uow| {
        site.trade.cancel(uow, &visit.actor, id, version(&fields), fields.get("cancel.reason")).await
    })
    .await;
    answer(&site, &visit, id, "cancel", &fields, (done, "cancelled")).await
}

/// `POST /orders/{id}/refund-requests`.
pub(super) async fn request_refund(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let read = || {
        Ok::<_, Errors>(NewRefundRequest {
            kind: chosen(&visit, &fields, "refund.kind")?,
            reason: chosen(&visit, &fields, "refund.reason")?,
            words: fields.get("refund.words").to_owned(),
            amount_fen: yuan(visit.text(), &fields, "refund.amount")?,
        })
    };
    let new = match read() {
        Ok(new) => new,
        Err(errors) => return refuse(&site, &visit, id, &fields, UNREADABLE, errors).await,
    };
    let done =
        run(&site, async |uow| site.trade.request_refund(uow, &visit.actor, id, version(&fields), new).await)
            .await;
    answer(&site, &visit, id, "refund", &fields, (done, "refund-requested")).await
}

/// `POST /orders/{id}/refund-requests/answer`.
pub(super) async fn answer_refund(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let words = fields.get("answer.words").to_owned();
    let (reply, flash) = match fields.get("answer") {
        "agree" => (AnswerRefund::Agree { words }, "refund-agreed"),
        "refuse" => (AnswerRefund::Refuse { words }, "refund-refused"),
        _ => return Err(Problem::malformed("answer")),
    };
    let done = run(&site, async |uow| {
        site.trade.answer_refund(uow, &visit.actor, id, version(&fields), &reply).await
    })
    .await;
    answer(&site, &visit, id, "answer", &fields, (done, flash)).await
}

/// `POST /orders/{id}/refund-requests/withdraw`.
pub(super) async fn withdraw_refund(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done =
        run(&site, async |uow| site.trade.withdraw_refund(uow, &visit.actor, id, version(&fields)).await)
            .await;
    answer(&site, &visit, id, "", &fields, (done, "refund-withdrawn")).await
}

/// `POST /orders/{id}/return-sent`.
pub(super) async fn send_back(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let parcel = shipment(&fields, "return");
    let done =
        run(&site, async |uow| site.trade.send_back(uow, &visit.actor, id, version(&fields), &parcel).await)
            .await;
    answer(&site, &visit, id, "return", &fields, (done, "return-sent")).await
}

/// `POST /orders/{id}/return-received`.
pub(super) async fn accept_return(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let done =
        run(&site, async |uow| site.trade.accept_return(uow, &visit.actor, id, version(&fields)).await).await;
    answer(&site, &visit, id, "", &fields, (done, "return-received")).await
}

/// `POST /orders/{id}/reviews`.
pub(super) async fn review(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let new = NewReview {
        stars: fields.get("review.stars").parse().unwrap_or_default(),
        tags: fields.all("review.tags").map(str::to_owned).collect(),
        text: fields.get("review.text").to_owned(),
    };
    let done = run(&site, async |uow| site.trade.review(uow, &visit.actor, id, new).await).await;
    answer(&site, &visit, id, "review", &fields, (done, "reviewed")).await
}

/// `POST /reviews/{id}/reply`; `order` says where it is written.
pub(super) async fn reply(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Review>,
    Form(fields): Form,
) -> PageResult {
    let order: Id<Order> = fields.get("order").parse().map_err(|_| Problem::malformed("order"))?;
    let done =
        run(&site, async |uow| site.trade.reply(uow, &visit.actor, id, fields.get("reply.reply")).await)
            .await;
    answer(&site, &visit, order, "reply", &fields, (done, "replied")).await
}

/// `POST /orders/{id}/invoice`.
pub(super) async fn invoice(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(fields): Form,
) -> PageResult {
    let new = NewInvoice {
        title: fields.get("invoice.title").to_owned(),
        usc: fields.some("invoice.usc"),
        deliver_to: fields.get("invoice.deliver_to").to_owned(),
    };
    let done = run(&site, async |uow| site.trade.request_invoice(uow, &visit.actor, id, &new).await).await;
    answer(&site, &visit, id, "invoice", &fields, (done, "invoice-asked")).await
}
