//! Money on its way back.

use luhuan_kernel::Actor;
use luhuan_ledger::{Error, RefundState, Resolution, testing::Fault};

use super::{DAY, clearing, each, paid};
use crate::support::command;

#[tokio::test]
async fn a_refund_goes_back_through_stripe_in_parts() {
    each(async |world, fake| {
        let bought = paid(world, fake, 1_000).await;
        let part = world.refund(bought.order, 400, "part").await.unwrap();
        assert_eq!(part.state().unwrap(), RefundState::Requested);
        assert_eq!((world.escrow(bought.order).await, clearing(world).await), (600, -1_000));
        for _ in 0..2 {
            let part = world.ledger.advance_refund(part.id).await.unwrap();
            assert_eq!(part.state().unwrap(), RefundState::Succeeded);
        }
        assert_eq!(clearing(world).await, -600);
        let rest = world.refund(bought.order, 600, "rest").await.unwrap();
        assert_eq!(world.ledger.run_job("ledger-refund", &rest.id.to_string()).await.unwrap(), None);
        assert_eq!((world.escrow(bought.order).await, clearing(world).await), (0, 0));
        let of_it: Vec<_> = fake
            .refunds()
            .await
            .into_iter()
            .filter(|refund| refund["payment_intent"] == bought.reference())
            .collect();
        assert_eq!(of_it.iter().map(|refund| refund["amount"].as_i64().unwrap()).sum::<i64>(), 1_000);
        assert_eq!(of_it.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_lost_refund_is_unknown_and_given_once() {
    each(async |world, fake| {
        for (fault, wait) in
            [(Fault::Lose, 0), (Fault::Break, 0), (Fault::Lose, 3 * DAY), (Fault::Break, 3 * DAY)]
        {
            let bought = paid(world, fake, 1_000).await;
            let refund = world.refund(bought.order, 1_000, "all").await.unwrap();
            fake.next("POST /v1/refunds", fault);
            let unknown = world.ledger.advance_refund(refund.id).await.unwrap();
            assert_eq!(unknown.state().unwrap(), RefundState::Unknown, "{fault:?}");
            world.assert_in_balance().await;
            world.clock.advance_seconds(wait);
            let done = world.ledger.advance_refund(refund.id).await.unwrap();
            assert_eq!(done.state().unwrap(), RefundState::Succeeded, "{fault:?}");
            let refunds = fake.refunds().await;
            let times =
                refunds.iter().filter(|refund| refund["payment_intent"] == bought.reference()).count();
            assert_eq!(times, 1, "{fault:?} after {wait} s");
        }
        assert_eq!(clearing(world).await, 0);
    })
    .await;
}

#[tokio::test]
async fn staff_have_a_failed_refund_tried_again_or_paid_to_the_wallet() {
    each(async |world, fake| {
        let bought = paid(world, fake, 1_000).await;
        let refund = world.refund(bought.order, 1_000, "all").await.unwrap();
        fake.next("POST /v1/refunds", Fault::Refuse("charge_disputed"));
        let failed = world.ledger.advance_refund(refund.id).await.unwrap();
        assert_eq!(failed.state().unwrap(), RefundState::Failed);
        assert_eq!(world.told().await.last().unwrap(), "refund.failed");
        let staff = world.administrator();
        let stranger =
            command!(world, resolve_refund, &Actor::person(bought.buyer, []), refund.id, Resolution::Retry);
        assert!(matches!(stranger, Err(Error::Forbidden)));
        command!(world, resolve_refund, &staff, refund.id, Resolution::Retry).unwrap();
        fake.next("POST /v1/refunds", Fault::Refuse("charge_disputed"));
        let key = format!("{}/2", refund.id);
        assert_eq!(world.ledger.run_job("ledger-refund", &key).await.unwrap(), None);
        command!(world, resolve_refund, &staff, refund.id, Resolution::ToWallet).unwrap();
        assert_eq!(world.available(bought.buyer).await, 1_000);
        assert_eq!(clearing(world).await, -1_000);
        let again = command!(world, resolve_refund, &staff, refund.id, Resolution::ToWallet);
        assert!(matches!(again, Err(Error::IllegalRefundMove(_))));
    })
    .await;
}
