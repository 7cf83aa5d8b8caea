//! What the payer's browser needs of the fake: its script, completed.
//!
//! localstripe's script draws fields for a card and never sends what was entered into them. The addition sends it here,
//! and the payment is confirmed with it, as Stripe's own script has it done.

use axum::{
    Form, Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::Value;

use super::{SECRET_KEY, proxy::Shared};

/// Read behind localstripe's script, whose `LOCALSTRIPE_BASE_API` is the address that both come from.
const ADDITION: &str = r"
const plainStripe = Stripe;
Stripe = (apiKey) => Object.assign(plainStripe(apiKey), {
  confirmCardPayment: async (clientSecret, data) => {
    const { number, exp_month, exp_year, cvc } = data.payment_method.card.value.card;
    const body = new URLSearchParams({ client_secret: clientSecret, number, exp_month, exp_year, cvc });
    const answer = await (await fetch(`${LOCALSTRIPE_BASE_API}/browser/confirm`, { method: 'POST', body })).json();
    return answer.error ? { error: answer.error } : { paymentIntent: answer };
  },
});
";

/// A card, as it was entered.
#[derive(Deserialize)]
struct Entered {
    client_secret: String,
    number: String,
    exp_month: String,
    exp_year: String,
    cvc: String,
}

/// The routes for browsers.
pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/js.stripe.com/v3/", get(script)).route("/browser/confirm", post(confirm))
}

async fn script(State(shared): State<Shared>) -> Response {
    let request = shared.http().get(format!("{}/js.stripe.com/v3/", shared.upstream()));
    let plain = request.send().await.expect("localstripe answers").text().await.expect("its script is text");
    ([(CONTENT_TYPE, "text/javascript")], plain + ADDITION).into_response()
}

async fn confirm(State(shared): State<Shared>, Form(card): Form<Entered>) -> Response {
    let Some((intent, _)) = card.client_secret.split_once("_secret_") else {
        return http::StatusCode::BAD_REQUEST.into_response();
    };
    let method = [
        ("type", "card"),
        ("card[number]", card.number.as_str()),
        ("card[exp_month]", card.exp_month.as_str()),
        ("card[exp_year]", card.exp_year.as_str()),
        ("card[cvc]", card.cvc.as_str()),
    ];
    let method = ask(&shared, "payment_methods", &method).await;
    let Some(id) = method["id"].as_str() else { return told(method) };
    ask(&shared, &format!("payment_intents/{intent}"), &[("payment_method", id)]).await;
    told(ask(&shared, &format!("payment_intents/{intent}/confirm"), &[]).await)
}

async fn ask(shared: &Shared, path: &str, form: &[(&str, &str)]) -> Value {
    let request = shared.http().post(format!("{}/v1/{path}", shared.upstream()));
    let answer = request.bearer_auth(SECRET_KEY).form(form).send().await.expect("localstripe answers");
    answer.json().await.expect("localstripe answers in JSON")
}

/// The page comes from another origin.
fn told(value: Value) -> Response {
    ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*")], Json(value)).into_response()
}
