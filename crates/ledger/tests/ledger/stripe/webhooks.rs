//! What Stripe tells, late, twice and forged.

use luhuan_kernel::Actor;
use luhuan_ledger::{
    Capture, Error, PaymentState, Provider, Received, RefundState, Resolution,
    testing::{Fault, GOOD_CARD},
};
use serde_json::json;

use super::{DAY, INTENTS, buy, clearing, each, event, hear, intent, paid};
use crate::support::command;

#[tokio::test]
async fn webhooks_out_of_order_and_repeated_pay_once() {
    each(async |world, _| {
        let mut bought = buy(world, 900, Capture::Automatic).await;
        bought.advance(world).await;
        let name = bought.payment.id;
        let paid =
            event(&format!("evt_paid_{name}"), "payment_intent.succeeded", intent(&bought, "succeeded", 900));
        let asking = event(
            &format!("evt_ask_{name}"),
            "payment_intent.requires_action",
            intent(&bought, "requires_action", 0),
        );
        let twin =
            event(&format!("evt_twin_{name}"), "payment_intent.succeeded", intent(&bought, "succeeded", 900));
        assert_eq!(hear(world, &paid).await.unwrap(), Received::First);
        assert_eq!(hear(world, &paid).await.unwrap(), Received::Again);
        assert_eq!(hear(world, &asking).await.unwrap(), Received::First);
        assert_eq!(hear(world, &twin).await.unwrap(), Received::First);
        let row = world.ledger.payment(&Actor::system("test"), bought.payment.id).await.unwrap();
        assert_eq!(row.state().unwrap(), PaymentState::Succeeded);
        assert_eq!(world.escrow(bought.order).await, 900);
        assert_eq!(world.told().await.iter().filter(|name| *name == "payment.succeeded").count(), 1);
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM provider_event").await, 3);
    })
    .await;
}

#[tokio::test]
async fn an_unsigned_webhook_is_not_believed_and_not_kept() {
    each(async |world, _| {
        let mut bought = buy(world, 900, Capture::Automatic).await;
        bought.advance(world).await;
        let body = event("evt_forged", "payment_intent.succeeded", intent(&bought, "succeeded", 900));
        for header in ["", "t=1767225600,v1=00", "v1=00"] {
            let refused = world.ledger.receive_webhook(Provider::Stripe, header, &body).await.unwrap_err();
            assert!(matches!(refused, Error::Webhook(_)), "{refused}");
        }
        assert_eq!(world.escrow(bought.order).await, 0);
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM provider_event").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_webhook_settles_what_is_unknown_even_before_the_answer_that_names_it() {
    each(async |world, fake| {
        let mut bought = buy(world, 900, Capture::Automatic).await;
        fake.next(INTENTS, Fault::Lose);
        assert_eq!(bought.advance(world).await, PaymentState::Unknown);
        let ours = bought.payment.id.to_string();
        let there =
            fake.payments().await.into_iter().find(|i| i["metadata"]["payment"] == ours.as_str()).unwrap();
        let reference = there["id"].as_str().unwrap();
        fake.enter_card(reference, GOOD_CARD).await;
        let mut told = intent(&bought, "succeeded", 900);
        told["id"] = json!(reference);
        hear(world, &event(&format!("evt_{ours}"), "payment_intent.succeeded", told)).await.unwrap();
        assert_eq!(bought.advance(world).await, PaymentState::Succeeded);
        assert_eq!(world.escrow(bought.order).await, 900);
    })
    .await;
}

#[tokio::test]
async fn another_amount_than_asked_for_is_not_booked() {
    each(async |world, _| {
        let mut bought = buy(world, 900, Capture::Automatic).await;
        bought.advance(world).await;
        let name = bought.payment.id;
        let told = intent(&bought, "succeeded", 899);
        hear(world, &event(&format!("evt_{name}"), "payment_intent.succeeded", told)).await.unwrap();
        let row = world.ledger.payment(&Actor::system("test"), name).await.unwrap();
        assert_eq!(
            (row.state().unwrap(), row.failure.as_deref()),
            (PaymentState::Unknown, Some("amount-differs"))
        );
        assert_eq!(world.escrow(bought.order).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_the_bank_sends_back_is_booked_back() {
    each(async |world, fake| {
        let bought = paid(world, fake, 1_000).await;
        let refund = world.refund(bought.order, 1_000, "all").await.unwrap();
        let refund = world.ledger.advance_refund(refund.id).await.unwrap();
        assert_eq!(clearing(world).await, 0);
        let told = json!({
            "object": "refund", "id": refund.provider_ref, "status": "failed", "failure_reason": "expired_or_canceled_card",
            "metadata": { "refund": refund.id.to_string() },
        });
        let failed = event(&format!("evt_{}", refund.id), "refund.failed", told);
        assert_eq!(hear(world, &failed).await.unwrap(), Received::First);
        let row = world.ledger.refund_view(&world.administrator(), refund.id).await.unwrap();
        assert_eq!(row.state().unwrap(), RefundState::Failed);
        assert_eq!(clearing(world).await, -1_000);
        command!(world, resolve_refund, &world.administrator(), refund.id, Resolution::ToWallet).unwrap();
        assert_eq!(world.available(bought.buyer).await, 1_000);
    })
    .await;
}

#[tokio::test]
async fn old_webhooks_are_emptied_and_still_known() {
    each(async |world, _| {
        let body = event("evt_old", "customer.created", json!({ "object": "customer", "id": "cus_1" }));
        assert_eq!(hear(world, &body).await.unwrap(), Received::First);
        world.clock.advance_seconds(91 * DAY);
        assert_eq!(world.ledger.run_job("ledger-upkeep", "").await.unwrap(), None);
        assert_eq!(world.texts("SELECT body AS text FROM provider_event").await, [""]);
        assert_eq!(hear(world, &body).await.unwrap(), Received::Again);
    })
    .await;
}
