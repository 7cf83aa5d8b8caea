//! Paying through Stripe, which localstripe stands for: cards, webhooks, lost answers, and a gateway that dies between
//! any two steps.

use std::time::Duration;

use futures_util::future::join_all;
use luhuan_kernel::{Clock, SystemClock};
use luhuan_ledger::testing::{DECLINED_CARD, FakeStripe, Fault, GOOD_CARD, WEBHOOK_SECRET, signature};
use luhuan_tests::client::fresh_key;
use luhuan_tests::{Actor, Answer, Client, Store, World};
use reqwest::Method;
use serde_json::{Value, json};

use crate::market::{Deal, PRICE, fund, id, on_sale, sent, until, verify, wallet};

const INTENTS: &str = "POST /v1/payment_intents";
const WEBHOOK: &str = "/api/v1/payments/stripe/webhook";

/// localstripe waits a second before it sends; the machine may be busy.
const SOON: Duration = Duration::from_secs(30);

async fn world_on(store: Store, fake: &FakeStripe) -> World {
    World::builder()
        .on(store)
        .variable("LUHUAN_STRIPE_SECRET_KEY", "sk_test_12345")
        .variable("LUHUAN_STRIPE_PUBLISHABLE_KEY", "pk_test_12345")
        .variable("LUHUAN_STRIPE_WEBHOOK_SECRETS", WEBHOOK_SECRET)
        .variable("LUHUAN_STRIPE_API", &fake.url)
        .variable("LUHUAN_STRIPE_SECONDS", "3")
        .start()
        .await
}

/// A thing ordered and not paid.
async fn ordered(world: &World, seller: &Actor, buyer: &Actor) -> Deal {
    let listing = on_sale(world).by(seller).published().await;
    let made = buyer.post("/api/v1/orders", &sent(&listing)).await.expect(201).json();
    assert_eq!(made["state"], "created");
    Deal { buyer: buyer.clone(), seller: seller.clone(), listing, order: id(&made) }
}

/// Two who have not met.
async fn two(world: &World) -> (Actor, Actor) {
    (world.resident().await, world.resident().await)
}

fn by_card() -> Value {
    json!({"provider": "stripe", "return_url": "/orders"})
}

impl Deal {
    /// The order's payment as its buyer sees it.
    async fn payment(&self) -> Value {
        self.seen_by(&self.buyer).await["payments"][0].clone()
    }

    /// What is paid by Stripe for this order there: one payment, or none yet.
    async fn there(&self, fake: &FakeStripe) -> Option<Value> {
        let payment = self.payment().await;
        let ours = payment["id"].as_str()?.to_owned();
        let mut found: Vec<_> = fake
            .payments()
            .await
            .into_iter()
            .filter(|intent| intent["metadata"]["payment"] == *ours)
            .collect();
        assert!(found.len() < 2, "two payments for one: {found:?}");
        found.pop()
    }

    /// Has the gateway ask Stripe how the payment stands, as the payer's page does.
    async fn checked(&self) -> Value {
        let payment = self.payment().await;
        let path = format!("/api/v1/payments/{}/check", payment["id"].as_str().unwrap());
        self.buyer.post_empty(&path).await.expect(200).json()
    }

    /// The first payment is given up, here and there, so that nobody can pay it any more.
    async fn until_given_up(&self, fake: &FakeStripe) {
        // Whoever died over it has its job for some minutes; asking does not wait for that.
        for _ in 0..100 {
            if self.checked().await["state"] == "cancelled" {
                assert_eq!(self.there(fake).await.unwrap()["status"], "canceled");
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the payment is not given up: {}", self.payment().await);
    }

    async fn until_paid(&self) -> Value {
        let path = format!("/api/v1/orders/{}", self.order);
        until(&self.buyer, &path, SOON, |order| order["state"] == "paid").await
    }
}

/// The part of a client's secret that names the payment there.
fn reference(payment: &Value) -> String {
    let secret =
        payment["client_secret"].as_str().unwrap_or_else(|| panic!("nothing to go on with: {payment}"));
    secret.split("_secret").next().unwrap().to_owned()
}

/// Stripe's event that a payment came through.
fn event(intent: &Value) -> Vec<u8> {
    let object = json!({
        "object": "payment_intent", "id": intent["id"], "status": "succeeded", "amount_received": intent["amount"],
        "metadata": intent["metadata"],
    });
    let name = format!("evt_{}", intent["id"].as_str().unwrap());
    let event = json!({
        "id": name, "object": "event", "type": "payment_intent.succeeded", "created": 1_767_225_600,
        "data": {"object": object},
    });
    event.to_string().into_bytes()
}

/// Posts an event as Stripe does.
async fn deliver(to: &Client, body: &[u8]) -> Result<Answer, reqwest::Error> {
    let signed = signature(body, SystemClock.now());
    let request = to.request(Method::POST, WEBHOOK).header("stripe-signature", signed);
    to.try_send(request.header("content-type", "application/json").body(body.to_vec())).await
}

/// Asserts that the books are right and say what Stripe's say.
fn assert_agreed(world: &World) {
    verify(world);
    let compared = world.launch().output(&["ledger", "reconcile"], "");
    let said = String::from_utf8_lossy(&compared.stdout);
    assert!(compared.status.success() && said.contains(" 0 differ"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_pays_and_stripes_webhook_moves_the_order() {
    let fake = FakeStripe::start().await;
    let world = world_on(Store::Sqlite, &fake).await;
    fake.send_webhooks_to(&world.url(WEBHOOK)).await;
    let (seller, buyer) = two(&world).await;
    let deal = ordered(&world, &seller, &buyer).await;
    let paying = deal.by(&buyer, "pay", &by_card()).await.expect(200).json();
    let payment = &paying["payment"];
    assert_eq!((&payment["state"], &payment["amount_fen"]), (&json!("action-required"), &json!(PRICE)));
    assert!(deal.seen_by(&seller).await["payments"][0]["client_secret"].is_null(), "for the payer alone");
    assert_eq!(fake.enter_card(&reference(payment), GOOD_CARD).await, "succeeded");
    let paid = deal.until_paid().await;
    assert_eq!((&paid["held_fen"], &paid["provider"]), (&json!(PRICE), &json!("stripe")));

    let _ = deal.by(&seller, "ship", &crate::market::parcel()).await.expect(200);
    let part = json!({"kind": "money_only", "reason": "price_agreed", "amount_fen": 1_000});
    let _ = deal.by(&buyer, "refund-requests", &part).await.expect(200);
    let _ = deal.by(&seller, "refund-requests/answer", &json!({"verdict": "agree"})).await.expect(200);
    let given_back =
        async || fake.refunds().await.iter().map(|one| one["amount"].as_i64().unwrap()).sum::<i64>();
    for _ in 0..100 {
        if given_back().await == 1_000 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(given_back().await, 1_000, "back the way it came");
    let done = deal.step(&buyer, "confirm").await.expect(200).json();
    assert_eq!(done["state"], "settled");
    assert_eq!((wallet(&buyer).await, wallet(&seller).await), (0, 11_000 - 66));
    assert_agreed(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_pays_nothing_and_the_wallet_may_pay_instead() {
    let fake = FakeStripe::start().await;
    let world = world_on(Store::Sqlite, &fake).await;
    let (seller, buyer) = two(&world).await;
    fund(&world, &buyer, 200);
    let deal = ordered(&world, &seller, &buyer).await;
    let paying = deal.by(&buyer, "pay", &by_card()).await.expect(200).json();
    assert_eq!(
        fake.enter_card(&reference(&paying["payment"]), DECLINED_CARD).await,
        "requires_payment_method"
    );
    let declined = deal.checked().await;
    assert_eq!(
        (&declined["state"], &declined["failure"]),
        (&json!("action-required"), &json!("card_declined"))
    );
    assert_eq!(deal.seen_by(&buyer).await["state"], "created");
    let paid = deal.by(&buyer, "pay", &json!({"provider": "wallet"})).await.expect(200).json();
    assert_eq!(paid["order"]["state"], "paid");
    deal.until_given_up(&fake).await;
    assert_agreed(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_shown_as_unknown_and_charged_once() {
    let fake = FakeStripe::start().await;
    let world = world_on(Store::Sqlite, &fake).await;
    let (seller, buyer) = two(&world).await;
    for fault in [Fault::Lose, Fault::Hang, Fault::Break] {
        let deal = ordered(&world, &seller, &buyer).await;
        // Whoever comes first, the request or the job: both lose their answers.
        fake.next(INTENTS, fault);
        fake.next(INTENTS, fault);
        let paying = deal.by(&buyer, "pay", &by_card()).await.expect(200).json();
        assert!(["unknown", "requested"].contains(&paying["payment"]["state"].as_str().unwrap()), "{paying}");
        // Not by another way, while nobody knows.
        let other = deal.by(&buyer, "pay", &json!({"provider": "wallet"})).await;
        other.expect_problem(409, "trade-payment-pending");
        let mut payment = deal.checked().await;
        for _ in 0..4 {
            if payment["state"] != "action-required" {
                payment = deal.checked().await;
            }
        }
        assert_eq!(payment["state"], "action-required", "{fault:?}");
        assert!(deal.there(&fake).await.is_some());
        fake.enter_card(&reference(&payment), GOOD_CARD).await;
        assert_eq!(deal.checked().await["state"], "succeeded");
        deal.until_paid().await;
    }
    assert_agreed(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_believed_only_when_signed_and_counts_once() {
    let fake = FakeStripe::start().await;
    let world = world_on(Store::Sqlite, &fake).await;
    let (seller, buyer) = two(&world).await;
    let deal = ordered(&world, &seller, &buyer).await;
    let paying = deal.by(&buyer, "pay", &by_card()).await.expect(200).json();
    fake.enter_card(&reference(&paying["payment"]), GOOD_CARD).await;
    let body = event(&deal.there(&fake).await.unwrap());
    for signed in ["", "t=1,v1=00", "nonsense"] {
        let request = world.anonymous().request(Method::POST, WEBHOOK).header("stripe-signature", signed);
        let refused = world.anonymous().send(request.body(body.clone())).await;
        refused.expect_problem(400, "payment-webhook-refused");
    }
    assert_eq!(deal.seen_by(&buyer).await["state"], "created");
    for answer in join_all((0..5).map(|_| deliver(world.anonymous(), &body))).await {
        assert_eq!(answer.unwrap().status, 204);
    }
    let paid = deal.until_paid().await;
    let pays = paid["steps"].as_array().unwrap().iter().filter(|step| step["event"] == "pay");
    assert_eq!(pays.count(), 1);
    assert_agreed(&world);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_puts_money_into_the_wallet() {
    let fake = FakeStripe::start().await;
    let world = world_on(Store::Sqlite, &fake).await;
    let buyer = world.resident().await;
    let asked = buyer.post("/api/v1/ledger/top-ups", &json!({"amount_fen": 5_000})).await.expect(201).json();
    fake.enter_card(&reference(&asked), GOOD_CARD).await;
    let check = format!("/api/v1/payments/{}/check", id(&asked));
    assert_eq!(buyer.post_empty(&check).await.expect(200).json()["state"], "succeeded");
    assert_eq!(wallet(&buyer).await, 5_000);
    assert_agreed(&world);
}

/// Where a gateway dies.
#[derive(Clone, Copy, Debug)]
enum Dies {
    /// Stripe has made the payment, and its answer never comes.
    WhileStripeIsAsked,
    /// The payer knows how to go on.
    BeforeTheCard,
    /// The payer has paid; Stripe's webhook finds nobody.
    AfterTheCard,
    /// So many milliseconds into a webhook.
    InTheWebhook(u64),
    /// The webhook is taken in; the order may not have heard of it.
    AfterTheWebhook,
}

/// The steps of paying, and moments within them.
const DEATHS: [Dies; 9] = [
    Dies::WhileStripeIsAsked,
    Dies::BeforeTheCard,
    Dies::AfterTheCard,
    Dies::InTheWebhook(0),
    Dies::InTheWebhook(3),
    Dies::InTheWebhook(8),
    Dies::InTheWebhook(15),
    Dies::InTheWebhook(30),
    Dies::AfterTheWebhook,
];

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_any_two_steps_of_paying_sqlite_charges_once() {
    dies_at_every_step(Store::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_any_two_steps_of_paying_postgres_charges_once() {
    dies_at_every_step(Store::Postgres).await;
}

async fn dies_at_every_step(store: Store) {
    let fake = FakeStripe::start().await;
    let mut world = world_on(store, &fake).await;
    let (seller, buyer) = two(&world).await;
    for death in DEATHS {
        let deal = ordered(&world, &seller, &buyer).await;
        let key = fresh_key();
        until_dead(&mut world, &fake, &deal, &key, death).await;
        world.restart().await;

        // The client repeats what it may have had no answer to, and goes on.
        let path = deal.path("pay");
        let _ = buyer.post_with_key(&path, &key, &by_card()).await.expect(200);
        let payment = deal.checked().await;
        let intent = deal.there(&fake).await.unwrap_or_else(|| panic!("{death:?}: nothing was begun"));
        if intent["status"] == "requires_payment_method" {
            assert_eq!(payment["state"], "action-required", "{death:?}");
            fake.enter_card(intent["id"].as_str().unwrap(), GOOD_CARD).await;
        }
        let body = event(&intent);
        for _ in 0..3 {
            assert_eq!(deliver(world.anonymous(), &body).await.unwrap().status, 204, "{death:?}");
        }
        let paid = deal.until_paid().await;
        assert_eq!(paid["held_fen"], PRICE, "{death:?}");
        let pays = paid["steps"].as_array().unwrap().iter().filter(|step| step["event"] == "pay");
        assert_eq!(pays.count(), 1, "{death:?}");
        let intent = deal.there(&fake).await.unwrap();
        assert_eq!((&intent["status"], &intent["amount"]), (&json!("succeeded"), &json!(PRICE)), "{death:?}");
        assert_agreed(&world);
    }

    // Never paid: nothing is held, and given up it cannot be paid there any more.
    let deal = ordered(&world, &seller, &buyer).await;
    let _ = deal.by(&buyer, "pay", &by_card()).await.expect(200);
    world.kill9();
    world.restart().await;
    assert_eq!(deal.seen_by(&buyer).await["held_fen"], 0);
    let _ = deal.by(&buyer, "cancel", &json!({"reason": "不要了"})).await.expect(200);
    deal.until_given_up(&fake).await;
    assert_agreed(&world);
}

/// Pays up to the moment at which the gateway is killed.
async fn until_dead(world: &mut World, fake: &FakeStripe, deal: &Deal, key: &str, death: Dies) {
    let path = deal.path("pay");
    let pay = {
        let (buyer, key) = (deal.buyer.clone(), key.to_owned());
        async move {
            buyer
                .try_send(buyer.request(Method::POST, &path).header("idempotency-key", key).json(&by_card()))
                .await
        }
    };
    if let Dies::WhileStripeIsAsked = death {
        let asked = fake.asked(INTENTS);
        // Whoever comes first, the request or the job.
        fake.next(INTENTS, Fault::Hang);
        let paying = tokio::spawn(pay);
        while fake.asked(INTENTS) == asked {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        world.kill9();
        let _ = paying.await.unwrap();
        return;
    }
    let paying = pay.await.unwrap().expect(200).json();
    let reference = reference(&paying["payment"]);
    if let Dies::BeforeTheCard = death {
        return world.kill9();
    }
    fake.enter_card(&reference, GOOD_CARD).await;
    let body = event(&deal.there(fake).await.unwrap());
    let to = world.anonymous().clone();
    match death {
        Dies::InTheWebhook(milliseconds) => {
            let delivering = tokio::spawn(async move { deliver(&to, &body).await });
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            world.kill9();
            let _ = delivering.await.unwrap();
        }
        Dies::AfterTheWebhook => {
            assert_eq!(deliver(&to, &body).await.unwrap().status, 204);
            world.kill9();
        }
        _ => world.kill9(),
    }
}
