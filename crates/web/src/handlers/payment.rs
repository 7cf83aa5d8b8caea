//! Paying at a provider elsewhere: its own fields on our page, and how it came out told as it is.

use axum::extract::State;
use luhuan_kernel::{Id, Problem, http::PathId};
use luhuan_ledger::Provider;
use luhuan_trade::{Order, model::State as OrderState};

use super::{
    Site,
    checkout::begin_there,
    form::{Form, PageResult},
    visit::Visit,
};
use crate::{format::Price, view::trade::PaymentPage};

/// `GET /orders/{id}/payment`.
pub(super) async fn show(State(site): State<Site>, visit: Visit, PathId(id): PathId<Order>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let view = site.trade.view(&visit.actor, id).await?;
    let payment = view.payments.iter().rev().find(|payment| payment.provider == Provider::Stripe);
    let Some(payment) = payment.filter(|_| visit.actor.is(view.row.buyer_id)) else {
        return Err(Problem::not_found());
    };
    // Paid and booked: the order says the rest.
    if view.state != OrderState::Created {
        return Ok(visit.go(&format!("/orders/{id}"), None));
    }
    let mut frame = visit.frame(&site);
    // The provider's parameters on the way back are nobody's business here.
    frame.path = format!("/orders/{id}/payment");
    frame.title = visit.text().get("payment-title").into_owned();
    frame.noindex = true;
    let key = site.ledger.providers().browser_key(Provider::Stripe).unwrap_or_default();
    let page = PaymentPage {
        frame,
        order: id.to_string(),
        title: view.row.title.clone(),
        amount: Price(payment.amount_fen),
        state: payment.state.code().to_owned(),
        failure: payment.failure.clone().unwrap_or_default(),
        client_secret: payment.client_secret.clone().unwrap_or_default(),
        key: key.to_owned(),
        script: site.payment_script.clone(),
        return_url: format!("{}/orders/{id}/payment", visit.origin),
    };
    if page.asks() {
        Ok(visit.render_with_script(&page, &site.payment_script))
    } else {
        Ok(visit.render(&page))
    }
}

/// `POST /orders/{id}/payment/check`: asks the provider how it stands, now.
pub(super) async fn check(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Order>,
    Form(_): Form,
) -> PageResult {
    let payment = stripe_payment(&site, &visit, id).await?;
    begin_there(&site, payment).await;
    Ok(visit.go(&format!("/orders/{id}/payment"), None))
}

async fn stripe_payment(
    site: &Site,
    visit: &Visit,
    id: Id<Order>,
) -> Result<Id<luhuan_ledger::Payment>, Problem> {
    let view = site.trade.view(&visit.actor, id).await?;
    let payment = view.payments.iter().rev().find(|payment| payment.provider == Provider::Stripe);
    let payment = payment.filter(|_| visit.actor.is(view.row.buyer_id));
    payment.map(|payment| payment.id).ok_or_else(Problem::not_found)
}
