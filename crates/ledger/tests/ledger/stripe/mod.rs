//! Payments through Stripe, against the real localstripe.

mod crashes;
mod payments;
mod reconciliation;
mod refunds;
mod sellers;
mod webhooks;

use std::sync::Arc;

use luhuan_kernel::{Id, Money, Person, Timestamp};
use luhuan_ledger::{
    AccountKind, AccountOwner, Capture, Error, NewPayment, PaymentState, Provider, Providers, Purpose,
    Received, Stripe,
    entity::payment,
    testing::{FakeStripe, GOOD_CARD, signature},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{World, each_with};

const DAY: i64 = 86_400;
const INTENTS: &str = "POST /v1/payment_intents";

/// Runs a test with a Stripe of its own on each database.
async fn each(test: impl AsyncFn(&World<'_>, &FakeStripe)) {
    let fake = FakeStripe::start().await;
    each_with(with_stripe(&fake), async |world| test(world, &fake).await).await;
}

fn with_stripe(fake: &FakeStripe) -> Providers {
    Providers::local().with(Arc::new(Stripe::new(fake.settings()).unwrap()))
}

struct Bought {
    order: Uuid,
    buyer: Id<Person>,
    seller: Id<Person>,
    payment: payment::Model,
}

async fn buy(world: &World<'_>, fen: i64, capture: Capture) -> Bought {
    let (order, buyer, seller) = (world.order(), world.id(), world.id());
    let new = NewPayment {
        purpose: Purpose::Order(order),
        payer: buyer,
        payee: AccountOwner::Person(seller),
        amount: Money::cny(fen),
        provider: Provider::Stripe,
        capture,
        return_url: Some("https://luhuan.example/orders/1".into()),
    };
    let payment = world.pay(new).await.unwrap();
    Bought { order, buyer, seller, payment }
}

impl Bought {
    async fn advance(&mut self, world: &World<'_>) -> PaymentState {
        self.payment = world.ledger.advance(self.payment.id).await.unwrap();
        self.payment.state().unwrap()
    }

    fn reference(&self) -> &str {
        self.payment.provider_ref.as_deref().unwrap()
    }
}

/// An order that is paid by card.
async fn paid(world: &World<'_>, fake: &FakeStripe, fen: i64) -> Bought {
    let mut bought = buy(world, fen, Capture::Automatic).await;
    assert_eq!(bought.advance(world).await, PaymentState::ActionRequired);
    assert_eq!(fake.enter_card(bought.reference(), GOOD_CARD).await, "succeeded");
    assert_eq!(bought.advance(world).await, PaymentState::Succeeded);
    bought
}

async fn clearing(world: &World<'_>) -> i64 {
    world.balance(&AccountOwner::Provider(Provider::Stripe), AccountKind::Clearing).await
}

/// How many payments there carry our id.
async fn there(fake: &FakeStripe, bought: &Bought) -> usize {
    let ours = bought.payment.id.to_string();
    fake.payments().await.iter().filter(|intent| intent["metadata"]["payment"] == ours.as_str()).count()
}

#[expect(clippy::needless_pass_by_value, reason = "`json!` is written at the call")]
fn event(id: &str, kind: &str, object: Value) -> Vec<u8> {
    json!({ "id": id, "object": "event", "type": kind, "created": 1_767_225_600, "data": { "object": object } })
        .to_string()
        .into_bytes()
}

fn intent(bought: &Bought, status: &str, received: i64) -> Value {
    json!({
        "object": "payment_intent", "id": bought.payment.provider_ref, "status": status, "amount_received": received,
        "metadata": { "payment": bought.payment.id.to_string() },
    })
}

async fn hear(world: &World<'_>, body: &[u8]) -> Result<Received, Error> {
    let now: Timestamp = luhuan_kernel::Clock::now(&*world.clock);
    world.ledger.receive_webhook(Provider::Stripe, &signature(body, now), body).await
}
