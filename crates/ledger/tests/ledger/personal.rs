//! What a person is told is kept about them, and what an erasure leaves.

use luhuan_kernel::{Actor, Money};
use luhuan_ledger::{AccountOwner, BankOutcome, NewPayout, PayoutWay};

use crate::support::{by_wallet, command, each};

#[tokio::test]
async fn everything_about_a_person_is_exported() {
    each(async |world| {
        let (buyer, order) = (world.person_with(1_000).await, world.order());
        world.pay(by_wallet(order, buyer, world.id(), 300)).await.unwrap();
        command!(world, earn_points, &AccountOwner::Person(buyer), 40, "w").unwrap();
        let told = world.ledger.export_of(buyer).await.unwrap();
        assert_eq!(told["accounts"].as_array().unwrap().len(), 2);
        assert_eq!(told["accounts"][0]["balance"], 700);
        assert_eq!(told["accounts"][0]["lines"].as_array().unwrap().len(), 2);
        assert_eq!(told["payments"][0]["amount_fen"], 300);
        assert_eq!(told["points"][0]["left"], 40);
        assert!(world.ledger.has_money(buyer).await.unwrap());
        let stranger = world.ledger.export_of(world.id()).await.unwrap();
        assert!(stranger["accounts"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_erasure_takes_bank_accounts_and_leaves_the_books() {
    each(async |world| {
        let person = world.person_with(10_000).await;
        let (actor, staff) = (Actor::person(person, []), world.administrator());
        let ask = |reference: &str| NewPayout {
            owner: AccountOwner::Person(person),
            amount: Money::cny(1_000),
            way: PayoutWay::Bank { destination: "林小满 6222020000000001234".into() },
            reference: reference.into(),
        };
        let over = command!(world, request_payout, &actor, ask("over")).unwrap();
        command!(world, payout_file, &staff).unwrap();
        command!(world, settle_payout, &staff, over.id, BankOutcome::Paid { reference: "1".into() }).unwrap();
        world.clock.advance_seconds(1);
        let open = command!(world, request_payout, &actor, ask("open")).unwrap();
        command!(world, erase_of, person).unwrap();
        let system = Actor::system("test");
        let gone = world.ledger.payout(&system, over.id).await.unwrap();
        assert_eq!((gone.destination.as_str(), gone.shown.as_str()), ("", ""));
        assert_eq!(world.ledger.payout(&system, open.id).await.unwrap().shown, "****1234");
        let told = world.ledger.export_of(person).await.unwrap();
        assert_eq!(told["payouts"][0]["destination"], "");
        assert!(told["payouts"][1]["destination"].as_str().unwrap().contains("6222"));
        assert_eq!(world.available(person).await, 8_000);
    })
    .await;
}
