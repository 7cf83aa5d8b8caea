//! Connected accounts and transfers.

use luhuan_kernel::{Actor, Money};
use luhuan_ledger::{AccountKind, AccountOwner, PayoutState, Share, testing::Fault};
use serde_json::json;

use super::{clearing, each, event, hear, paid};
use crate::support::command;

#[tokio::test]
async fn a_seller_with_a_connected_account_gets_a_transfer_for_what_came_through_stripe() {
    each(async |world, fake| {
        let bought = paid(world, fake, 1_000).await;
        let owner = AccountOwner::Person(bought.seller);
        let seller = Actor::person(bought.seller, []);
        let (account, url) = world.ledger.connect(&seller, &owner, "https://luhuan.example/").await.unwrap();
        assert!(url.contains("/onboarding/acct_"), "{url}");
        let again = world.ledger.connect(&seller, &owner, "https://luhuan.example/").await.unwrap().0;
        assert_eq!(again.provider_ref, account.provider_ref);
        let reference = account.provider_ref.unwrap();
        // Stripe checks the seller and tells.
        fake.approve(&reference);
        let told = json!({ "object": "account", "id": reference, "capabilities": { "transfers": "active" } });
        hear(world, &event(&format!("evt_{}", bought.order), "account.updated", told)).await.unwrap();
        assert_eq!(world.ledger.connected(&seller, &owner).await.unwrap().unwrap().may_receive, 1);

        let shares =
            [Share::to_seller(owner.clone(), Money::cny(990), "sale"), Share::fee(Money::cny(10), "fee")];
        for _ in 0..2 {
            command!(world, release, bought.order, "settled", &shares).unwrap();
        }
        assert_eq!(world.balance(&owner, AccountKind::PayingOut).await, 990);
        let page = world.ledger.payouts(&seller, &owner, None, luhuan_kernel::Limit::of(None)).await.unwrap();
        let [payout] = page.items.as_slice() else { panic!("one transfer") };
        let before = fake.transfers().len();
        fake.next("POST /v1/transfers", Fault::Lose);
        let unknown = world.ledger.advance_payout(payout.id).await.unwrap();
        assert_eq!(unknown.state().unwrap(), PayoutState::Unknown);
        for _ in 0..2 {
            assert_eq!(world.ledger.run_job("ledger-payout", &payout.id.to_string()).await.unwrap(), None);
        }
        assert_eq!(fake.transfers().len(), before + 1);
        assert_eq!((world.available(bought.seller).await, clearing(world).await), (0, -10));
        assert_eq!(world.balance(&owner, AccountKind::PayingOut).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_transfer_that_stripe_refuses_is_available_again() {
    each(async |world, fake| {
        let bought = paid(world, fake, 1_000).await;
        let owner = AccountOwner::Person(bought.seller);
        let seller = Actor::person(bought.seller, []);
        let account = world.ledger.connect(&seller, &owner, "https://luhuan.example/").await.unwrap().0;
        // Told that it may receive, though there it may not.
        let told = json!({
            "object": "account", "id": account.provider_ref, "capabilities": { "transfers": "active" },
        });
        hear(world, &event(&format!("evt_{}", bought.order), "account.updated", told)).await.unwrap();
        command!(
            world,
            release,
            bought.order,
            "settled",
            &[Share::to_seller(owner.clone(), Money::cny(1_000), "")]
        )
        .unwrap();
        let page = world.ledger.payouts(&seller, &owner, None, luhuan_kernel::Limit::of(None)).await.unwrap();
        fake.next("POST /v1/transfers", Fault::Refuse("balance_insufficient"));
        let failed = world.ledger.advance_payout(page.items[0].id).await.unwrap();
        assert_eq!(failed.state().unwrap(), PayoutState::Failed);
        assert_eq!(world.available(bought.seller).await, 1_000);
    })
    .await;
}
