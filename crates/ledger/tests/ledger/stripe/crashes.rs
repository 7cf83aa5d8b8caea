//! A process that dies is one that does not come to its next line. The rows and jobs that it leaves are all that the next
//! one has.

use std::sync::Arc;

use luhuan_kernel::{Actor, Money};
use luhuan_ledger::{
    Capture, Course, Ledger, PaymentOrder, PaymentProvider, PaymentState, Provider, Purpose, Received,
    RefundOrder, RemoteProvider, Stripe,
    testing::{FakeStripe, GOOD_CARD, signature},
};

use super::{buy, clearing, each, event, hear, intent, paid, there, with_stripe};
use crate::support::{World, at_once, command, settings};

/// Stripe, spoken to without the ledger: what a process did that died before it could write down the answer.
fn remote(fake: &FakeStripe) -> Arc<dyn RemoteProvider> {
    let Course::Remote(remote) = Stripe::new(fake.settings()).unwrap().course() else {
        panic!("Stripe is elsewhere")
    };
    remote
}

/// Another process, with nothing but the database.
fn restarted(world: &World<'_>, fake: &FakeStripe) -> Ledger {
    Ledger::new(world.store().clone(), with_stripe(fake), settings())
}

#[tokio::test]
async fn killed_between_any_two_steps_of_paying_it_is_paid_once() {
    each(async |world, fake| {
        // Where the process dies: before Stripe is asked; after Stripe did it, before it was written down; after that,
        // before the payer paid; after the payer paid, before anybody here heard.
        for dies in 0..4 {
            let mut bought = buy(world, 1_100, Capture::Automatic).await;
            let key = bought.payment.id.to_string();
            match dies {
                0 => {}
                1 => {
                    let order = PaymentOrder {
                        id: bought.payment.id,
                        amount: Money::cny(1_100),
                        capture: Capture::Automatic,
                        purpose: Purpose::Order(bought.order).to_string(),
                    };
                    remote(fake).begin(&order).await.unwrap();
                }
                _ => {
                    bought.advance(world).await;
                }
            }
            if dies == 3 {
                fake.enter_card(bought.reference(), GOOD_CARD).await;
            }
            let ledger = restarted(world, fake);
            ledger.run_job("ledger-payment", &key).await.unwrap();
            bought.payment = ledger.payment(&Actor::system("test"), bought.payment.id).await.unwrap();
            if dies < 3 {
                assert_eq!(bought.payment.state().unwrap(), PaymentState::ActionRequired, "{dies}");
                fake.enter_card(bought.reference(), GOOD_CARD).await;
                ledger.run_job("ledger-payment", &key).await.unwrap();
            }
            // And the webhook comes, twice.
            let told =
                event(&format!("evt_{key}"), "payment_intent.succeeded", intent(&bought, "succeeded", 1_100));
            for _ in 0..2 {
                hear(world, &told).await.unwrap();
            }
            assert_eq!(world.escrow(bought.order).await, 1_100, "{dies}");
            assert_eq!(there(fake, &bought).await, 1, "{dies}");
        }
        assert_eq!(clearing(world).await, -4_400);
    })
    .await;
}

#[tokio::test]
async fn killed_after_a_refund_a_capture_or_a_cancellation_was_done_it_is_not_done_twice() {
    each(async |world, fake| {
        let remote = remote(fake);
        let bought = paid(world, fake, 1_000).await;
        let refund = world.refund(bought.order, 1_000, "all").await.unwrap();
        let payment = bought.reference().to_owned();
        remote
            .refund(&RefundOrder { id: refund.id, attempt: 1, payment, amount: Money::cny(1_000) })
            .await
            .unwrap();
        assert_eq!(
            restarted(world, fake).run_job("ledger-refund", &refund.id.to_string()).await.unwrap(),
            None
        );
        let refunds = fake.refunds().await;
        assert_eq!(refunds.iter().filter(|refund| refund["payment_intent"] == bought.reference()).count(), 1);
        assert_eq!(clearing(world).await, 0);

        for wanted in ["capture", "cancel"] {
            let mut bought = buy(world, 700, Capture::Manual).await;
            bought.advance(world).await;
            fake.enter_card(bought.reference(), GOOD_CARD).await;
            bought.advance(world).await;
            let (id, key) = (bought.payment.id, bought.payment.id.to_string());
            let expected = if wanted == "capture" {
                command!(world, capture_payment, id).unwrap();
                remote.capture(id, bought.reference()).await.unwrap();
                (PaymentState::Succeeded, 700)
            } else {
                command!(world, cancel_payment, id).unwrap();
                remote.cancel(id, bought.reference()).await.unwrap();
                (PaymentState::Cancelled, 0)
            };
            assert_eq!(restarted(world, fake).run_job("ledger-payment", &key).await.unwrap(), None);
            let row = world.ledger.payment(&Actor::system("test"), id).await.unwrap();
            assert_eq!((row.state().unwrap(), world.escrow(bought.order).await), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn killed_after_an_event_was_kept_its_job_takes_it_into_account() {
    each(async |world, fake| {
        let mut bought = buy(world, 900, Capture::Automatic).await;
        bought.advance(world).await;
        let name = format!("evt_{}", bought.payment.id);
        let body = event(&name, "payment_intent.succeeded", intent(&bought, "succeeded", 900));
        let now = luhuan_kernel::Clock::now(&*world.clock);
        let kept = world.ledger.keep_webhook(Provider::Stripe, &signature(&body, now), &body).await.unwrap();
        assert_eq!(kept, (Received::First, name.clone()));
        assert_eq!(world.escrow(bought.order).await, 0);
        let waiting =
            async || world.texts("SELECT key AS text FROM job WHERE kind = 'ledger-provider-event'").await;
        assert_eq!(waiting().await, [format!("stripe:{name}")]);
        for _ in 0..2 {
            let key = format!("stripe:{name}");
            assert_eq!(restarted(world, fake).run_job("ledger-provider-event", &key).await.unwrap(), None);
        }
        assert_eq!(world.escrow(bought.order).await, 900);
        assert!(waiting().await.is_empty());
        assert_eq!(hear(world, &body).await.unwrap(), Received::Again);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_job_the_page_and_webhooks_at_once_pay_once() {
    each(async |world, fake| {
        let mut bought = buy(world, 1_300, Capture::Automatic).await;
        let id = bought.payment.id;
        let begin = (0..6).map(|_| {
            let ledger = world.ledger.clone();
            async move { ledger.advance(id).await.unwrap() }
        });
        at_once(begin).await;
        bought.advance(world).await;
        assert_eq!(there(fake, &bought).await, 1);
        fake.enter_card(bought.reference(), GOOD_CARD).await;
        let now = luhuan_kernel::Clock::now(&*world.clock);
        let paid = intent(&bought, "succeeded", 1_300);
        let settle = (0..8).map(|n| {
            let ledger = world.ledger.clone();
            // Four deliveries of two events among the askers.
            let body = event(&format!("evt_{}_{id}", n % 2), "payment_intent.succeeded", paid.clone());
            async move {
                if n < 4 {
                    ledger.receive_webhook(Provider::Stripe, &signature(&body, now), &body).await.unwrap();
                } else {
                    ledger.advance(id).await.unwrap();
                }
            }
        });
        at_once(settle).await;
        assert_eq!(world.escrow(bought.order).await, 1_300);
        assert_eq!(world.told().await.iter().filter(|name| *name == "payment.succeeded").count(), 1);
    })
    .await;
}
