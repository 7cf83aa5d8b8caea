//! The JSON API as a client sees it, through the routes.

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};
use luhuan_kernel::{Actor, Problem};
use luhuan_trade::api;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{PRICE, World, bike, each, scratched};

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
    problem: Option<Problem>,
}

impl Answer {
    fn etag(&self) -> &str {
        self.headers[header::ETAG].to_str().unwrap()
    }

    fn refusal(&self) -> (u16, &'static str) {
        (self.status.as_u16(), self.problem.as_ref().unwrap().slug())
    }

    fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }
}

async fn call(
    world: &World<'_>,
    who: &Actor,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path).extension(who.clone());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = match body {
        Some(body) => {
            request = request.header("content-type", "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    let (router, _) = api::routes().split_for_parts();
    let router = router.with_state(world.trade.clone());
    let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let body =
        if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(Value::Null) };
    Answer { status: parts.status, headers: parts.headers, body, problem: parts.extensions.get().cloned() }
}

async fn post(world: &World<'_>, who: &Actor, path: &str, body: &Value) -> Answer {
    call(world, who, Method::POST, path, &[], Some(body)).await
}

async fn get(world: &World<'_>, who: &Actor, path: &str) -> Answer {
    call(world, who, Method::GET, path, &[], None).await
}

#[tokio::test]
async fn a_purchase_over_http_from_the_question_to_the_review() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(100_000).await);
        let listing = world.on_offer(&seller, scratched()).await;

        let asked = json!({ "listing": listing, "text": "还在吗？" });
        let asked = post(world, &buyer, "/api/v1/conversations", &asked).await;
        assert_eq!(asked.status, StatusCode::CREATED);
        let thread = format!("/api/v1/conversations/{}", asked.body["conversation"].as_str().unwrap());
        post(world, &seller, &format!("{thread}/messages"), &json!({ "text": "在" })).await;
        let seen = get(world, &buyer, &thread).await;
        assert_eq!(seen.body["messages"]["items"][0]["text"], "在");
        assert_eq!(get(world, &buyer, "/api/v1/conversations/unread").await.body["messages"], 1);

        let offer = json!({ "listing": listing, "amount_fen": 20_000 });
        let offer = post(world, &buyer, "/api/v1/offers", &offer).await;
        assert_eq!(offer.status, StatusCode::CREATED);
        let path = format!("/api/v1/offers/{}", offer.id());
        let counter =
            post(world, &seller, &format!("{path}/counter"), &json!({ "amount_fen": 25_000 })).await;
        assert_eq!(counter.body["spoke"], "seller");
        let accepted = call(world, &buyer, Method::POST, &format!("{path}/accept"), &[], None).await;
        assert_eq!(accepted.body["state"], "accepted");

        let order = json!({
            "listings": [listing], "offer": offer.body["id"], "delivery": "express",
            "address": { "name": "王小明", "phone": "13812345678", "place": "望京街道 6 号院" },
        });
        let order = post(world, &buyer, "/api/v1/orders", &order).await;
        assert_eq!((order.status, order.body["total_fen"].as_i64()), (StatusCode::CREATED, Some(25_000)));
        let path = format!("/api/v1/orders/{}", order.id());
        let pay = json!({ "provider": "wallet" });
        let unconfirmed = post(world, &buyer, &format!("{path}/pay"), &pay).await;
        assert_eq!(unconfirmed.refusal(), (409, "trade-flaws"));
        call(world, &buyer, Method::POST, &format!("{path}/confirm-flaws"), &[], None).await;
        let paid = post(world, &buyer, &format!("{path}/pay"), &pay).await;
        assert_eq!(
            (&paid.body["order"]["state"], &paid.body["payment"]["state"]),
            (&json!("paid"), &json!("succeeded"))
        );

        let parcel = json!({ "carrier": "sf", "tracking": "SF1234567890" });
        assert_eq!(post(world, &seller, &format!("{path}/ship"), &parcel).await.body["state"], "shipped");
        let confirmed = call(world, &buyer, Method::POST, &format!("{path}/confirm"), &[], None).await;
        assert_eq!(confirmed.body["state"], "settled");
        let review = json!({ "stars": 5, "tags": ["as-described"], "text": "好" });
        assert_eq!(
            post(world, &buyer, &format!("{path}/reviews"), &review).await.status,
            StatusCode::CREATED
        );
        let whole = get(world, &seller, &path).await;
        assert_eq!(whole.body["steps"].as_array().unwrap().len(), 4);
        assert_eq!(whole.body["fee"]["fee_fen"], 150);
        let mine = get(world, &seller, "/api/v1/orders?role=seller&state=settled").await;
        assert_eq!(mine.body["items"][0]["id"], order.body["id"]);
    })
    .await;
}

#[tokio::test]
async fn a_command_repeated_under_its_key_has_one_effect() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(100_000).await);
        let listing = world.on_offer(&seller, bike()).await;
        let body = json!({ "listings": [listing], "delivery": "pickup", "pay": "wallet" });
        let key = [("idempotency-key", "buy-1")];
        let first = call(world, &buyer, Method::POST, "/api/v1/orders", &key, Some(&body)).await;
        let again = call(world, &buyer, Method::POST, "/api/v1/orders", &key, Some(&body)).await;
        assert_eq!((first.status, &first.body), (again.status, &again.body));
        assert_eq!(world.wallet(&buyer).await, 100_000 - PRICE);
        let other = json!({ "listings": [listing], "delivery": "pickup" });
        let other = call(world, &buyer, Method::POST, "/api/v1/orders", &key, Some(&other)).await;
        assert_eq!(other.refusal(), (422, "idempotency-key-reused"));
        let without = post(world, &world.rich(PRICE).await, "/api/v1/orders", &body).await;
        assert_eq!(without.refusal(), (409, "trade-gone"));
    })
    .await;
}

#[tokio::test]
async fn reads_carry_an_etag_and_stale_commands_are_refused() {
    each(async |world| {
        let deal = world.shipped().await;
        let path = format!("/api/v1/orders/{}", deal.order);
        let read = get(world, &deal.buyer, &path).await;
        let tag = read.etag().to_owned();
        let known = call(world, &deal.buyer, Method::GET, &path, &[("if-none-match", &tag)], None).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        let extend = format!("{path}/extend");
        call(world, &deal.buyer, Method::POST, &extend, &[], None).await;
        let confirm = format!("{path}/confirm");
        let stale = call(world, &deal.buyer, Method::POST, &confirm, &[("if-match", &tag)], None).await;
        assert_eq!(stale.refusal(), (412, "stale"));
        let fresh = get(world, &deal.buyer, &path).await;
        let done =
            call(world, &deal.buyer, Method::POST, &confirm, &[("if-match", fresh.etag())], None).await;
        assert_eq!(done.body["state"], "settled");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_code_counts_even_under_a_key_and_the_right_one_may_follow() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(100_000).await);
        let listing = world.on_offer(&seller, bike()).await;
        let body = json!({ "listings": [listing], "delivery": "pickup", "pay": "wallet" });
        let order = post(world, &buyer, "/api/v1/orders", &body).await;
        let path = format!("/api/v1/orders/{}", order.id());
        post(world, &buyer, &format!("{path}/arrange"), &json!({ "place": "国贸" })).await;
        let code = get(world, &buyer, &path).await.body["code"].as_str().unwrap().to_owned();
        assert_eq!(get(world, &seller, &path).await.body["code"], Value::Null);
        let wrong = json!({ "code": if code == "000000" { "000001" } else { "000000" } });
        let hand_over = format!("{path}/hand-over");
        let key = [("idempotency-key", "hand-1")];
        for left in [4, 3] {
            let refused = call(world, &seller, Method::POST, &hand_over, &key, Some(&wrong)).await;
            assert_eq!(refused.refusal(), (422, "trade-code-wrong"));
            assert_eq!(refused.problem.unwrap().extension("left"), Some(&json!(left)));
        }
        let right =
            call(world, &seller, Method::POST, &hand_over, &key, Some(&json!({ "code": code }))).await;
        assert_eq!(right.body["state"], "settled");
    })
    .await;
}

#[tokio::test]
async fn strangers_find_nothing_and_the_rules_are_public() {
    each(async |world| {
        let deal = world.paid().await;
        let nobody = Actor::anonymous(luhuan_kernel::Locale::ZhCn);
        let path = format!("/api/v1/orders/{}", deal.order);
        assert_eq!(get(world, &world.person(), &path).await.refusal(), (404, "not-found"));
        assert_eq!(get(world, &nobody, &path).await.refusal(), (401, "unauthenticated"));
        assert_eq!(get(world, &nobody, "/api/v1/orders").await.refusal(), (401, "unauthenticated"));
        assert_eq!(get(world, &world.person(), "/api/v1/moderation/disputes").await.refusal().0, 403);
        assert_eq!(get(world, &deal.buyer, "/api/v1/orders?after=x").await.refusal(), (422, "invalid"));
        let fee = get(world, &nobody, "/api/v1/fees/preview?price_fen=76000&seller=shop").await;
        assert_eq!(fee.body["fee_fen"], 1_216);
        assert_eq!(get(world, &nobody, "/api/v1/fees").await.body[0]["version"], 1);
        let process = get(world, &nobody, "/api/v1/trade-process").await;
        assert!(process.body.as_array().unwrap().iter().any(|step| step["event"] == "ship"));
        let quote = json!({ "listings": [deal.listing], "delivery": "express" });
        assert_eq!(post(world, &nobody, "/api/v1/orders/quote", &quote).await.body["total_fen"], PRICE);
    })
    .await;
}

#[tokio::test]
async fn live_updates_are_server_sent_events() {
    each(async |world| {
        let (router, _) = api::routes().split_for_parts();
        let request = Request::get("/api/v1/conversations/stream").extension(world.person());
        let router = router.with_state(world.trade.clone());
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let nobody = Request::get("/api/v1/conversations/stream")
            .extension(Actor::anonymous(luhuan_kernel::Locale::ZhCn));
        let refused = router.oneshot(nobody.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    })
    .await;
}
