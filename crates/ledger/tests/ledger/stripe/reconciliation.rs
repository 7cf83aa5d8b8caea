//! Our books beside Stripe's.

use luhuan_kernel::{Actor, Timestamp};
use luhuan_ledger::{Capture, Error, How, Provider, testing::GOOD_CARD};

use super::{buy, each, event, hear, intent, paid};

#[tokio::test]
async fn a_reconciliation_lists_every_difference_and_nothing_else() {
    each(async |world, fake| {
        let from: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let until: Timestamp = "2099-01-01T00:00:00Z".parse().unwrap();
        let staff = world.administrator();
        let before = world.ledger.reconcile(&staff, Provider::Stripe, from, until).await.unwrap();
        let known: Vec<luhuan_ledger::Difference> = serde_json::from_str(&before.differences).unwrap();

        let agreed = paid(world, fake, 1_000).await;
        let refund = world.refund(agreed.order, 400, "part").await.unwrap();
        world.ledger.advance_refund(refund.id).await.unwrap();
        // Paid there, and nobody here has heard of it yet; and one that is not ours at all.
        let mut unheard = buy(world, 500, Capture::Automatic).await;
        unheard.advance(world).await;
        fake.enter_card(unheard.reference(), GOOD_CARD).await;
        let foreign = fake.foreign_payment(70).await;
        // Believed here, by a webhook, and unknown there.
        let mut believed = buy(world, 600, Capture::Automatic).await;
        believed.advance(world).await;
        let told = event(
            &format!("evt_{}", believed.order),
            "payment_intent.succeeded",
            intent(&believed, "succeeded", 600),
        );
        hear(world, &told).await.unwrap();

        let run = world.ledger.reconcile(&staff, Provider::Stripe, from, until).await.unwrap();
        let found: Vec<luhuan_ledger::Difference> = serde_json::from_str(&run.differences).unwrap();
        let mut new: Vec<_> = found
            .into_iter()
            .filter(|difference| !known.contains(difference))
            .map(|d| (d.reference.unwrap_or_default(), d.how, d.ours_fen, d.theirs_fen))
            .collect();
        new.sort_by_key(|(_, _, ours, theirs)| (*ours, *theirs));
        assert_eq!(
            new,
            [
                (foreign, How::MissingHere, 0, 70),
                (unheard.reference().to_owned(), How::MissingHere, 0, 500),
                (believed.reference().to_owned(), How::MissingThere, 600, 0),
            ]
        );
        let shown = world.ledger.reconciliations(&staff, Provider::Stripe).await.unwrap();
        assert_eq!(shown.len(), 2);
        let refused =
            world.ledger.reconcile(&Actor::person(world.id(), []), Provider::Stripe, from, until).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    })
    .await;
}
