//! Money that leaves by the bank: set aside, in an operator's file, with an honest end.

use luhuan_kernel::{Actor, Id, Limit, Money, Person};
use luhuan_ledger::{
    AccountKind, AccountOwner, BankOutcome, Error, Ledger, NewPayout, PayoutState, PayoutWay, Providers,
    entity::payout, payout_csv,
};

use crate::support::{World, command, each, settings};

fn to_bank(person: Id<Person>, fen: i64, reference: &str) -> NewPayout {
    NewPayout {
        owner: AccountOwner::Person(person),
        amount: Money::cny(fen),
        way: PayoutWay::Bank { destination: " 林小满 工商银行 6222020000000001234 ".into() },
        reference: reference.into(),
    }
}

async fn requested(world: &World<'_>, fen: i64) -> (Id<Person>, Actor, payout::Model) {
    let person = world.person_with(10_000).await;
    let actor = Actor::person(person, []);
    let row = command!(world, request_payout, &actor, to_bank(person, fen, "one")).unwrap();
    (person, actor, row)
}

#[tokio::test]
async fn a_payout_is_set_aside_goes_into_the_file_and_arrives() {
    each(async |world| {
        let (person, actor, row) = requested(world, 4_000).await;
        let again = command!(world, request_payout, &actor, to_bank(person, 4_000, "one")).unwrap();
        assert_eq!(again.id, row.id);
        let owner = AccountOwner::Person(person);
        assert_eq!(
            (world.available(person).await, world.balance(&owner, AccountKind::PayingOut).await),
            (6_000, 4_000)
        );

        assert_eq!(row.shown, "****1234");
        assert!(!row.destination.contains("6222"), "{}", row.destination);

        let staff = world.administrator();
        let early = BankOutcome::Paid { reference: "x".into() };
        assert!(matches!(
            command!(world, settle_payout, &staff, row.id, early),
            Err(Error::IllegalPayoutMove(_))
        ));
        let file = command!(world, payout_file, &staff).unwrap();
        assert_eq!(file.lines.iter().map(|(_, row)| row.id).collect::<Vec<_>>(), [row.id]);
        let text = String::from_utf8(payout_csv(&file).unwrap()).unwrap();
        assert!(
            text.contains(&format!("{},40.00,CNY,林小满 工商银行 6222020000000001234,", row.id)),
            "{text}"
        );
        assert!(command!(world, payout_file, &staff).unwrap().lines.is_empty());
        let once_more = world.ledger.payout_file_again(&staff, &file.batch).await.unwrap();
        assert_eq!(once_more.lines.len(), 1);
        assert!(matches!(world.ledger.payout_file_again(&staff, "x").await, Err(Error::NotFound)));
        let files = world.ledger.payout_files(&staff).await.unwrap();
        assert_eq!(
            files.iter().map(|f| (f.batch.as_str(), f.payouts, f.amount_fen)).collect::<Vec<_>>(),
            [(file.batch.as_str(), 1, 4_000)]
        );

        for _ in 0..2 {
            let outcome = BankOutcome::Paid { reference: "ICBC-1".into() };
            let paid = command!(world, settle_payout, &staff, row.id, outcome).unwrap();
            assert_eq!(paid.state().unwrap(), PayoutState::Paid);
        }
        assert_eq!(world.balance(&owner, AccountKind::PayingOut).await, 0);
        assert_eq!(world.balance(&AccountOwner::Platform, AccountKind::Clearing).await, 4_000);
        let told = world.told().await;
        assert_eq!(told[1..], ["payout.requested", "payout.sent", "payout.paid"]);
    })
    .await;
}

#[tokio::test]
async fn what_the_bank_sends_back_is_available_again() {
    each(async |world| {
        let (person, _, row) = requested(world, 4_000).await;
        let staff = world.administrator();
        command!(world, payout_file, &staff).unwrap();
        for _ in 0..2 {
            let outcome = BankOutcome::Failed { reason: "户名不符".into() };
            let failed = command!(world, settle_payout, &staff, row.id, outcome).unwrap();
            assert_eq!(failed.failure.as_deref(), Some("户名不符"));
        }
        assert_eq!(world.available(person).await, 10_000);
    })
    .await;
}

#[tokio::test]
async fn its_owner_takes_it_back_before_it_is_sent_and_not_after() {
    each(async |world| {
        let (person, actor, first) = requested(world, 4_000).await;
        for _ in 0..2 {
            let row = command!(world, cancel_payout, &actor, first.id).unwrap();
            assert_eq!(row.state().unwrap(), PayoutState::Cancelled);
        }
        assert_eq!(world.available(person).await, 10_000);
        let second = command!(world, request_payout, &actor, to_bank(person, 4_000, "two")).unwrap();
        command!(world, payout_file, &world.administrator()).unwrap();
        let late = command!(world, cancel_payout, &actor, second.id).unwrap_err();
        assert!(matches!(late, Error::IllegalPayoutMove(_)), "{late}");
        let stranger = Actor::person(world.id(), []);
        assert!(matches!(command!(world, cancel_payout, &stranger, second.id), Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn amounts_destinations_and_other_peoples_money_have_their_bounds() {
    each(async |world| {
        let person = world.person_with(10_000_000).await;
        let actor = Actor::person(person, []);
        for fen in [0, 99, 5_000_001] {
            let refused = command!(world, request_payout, &actor, to_bank(person, fen, "x")).unwrap_err();
            assert!(matches!(refused, Error::Invalid(_)), "{fen}: {refused}");
        }
        for destination in ["", "  ", "a\nb", &"行".repeat(201)] {
            let way = PayoutWay::Bank { destination: destination.to_owned() };
            let new = NewPayout { way, ..to_bank(person, 1_000, "x") };
            let refused = command!(world, request_payout, &actor, new).unwrap_err();
            assert!(matches!(refused, Error::Invalid(_)), "{destination:?}: {refused}");
        }
        let others = command!(world, request_payout, &actor, to_bank(world.id(), 1_000, "x")).unwrap_err();
        assert!(matches!(others, Error::NotFound), "{others}");
        let unconnected = NewPayout { way: PayoutWay::Connected, ..to_bank(person, 1_000, "x") };
        assert!(matches!(command!(world, request_payout, &actor, unconnected), Err(Error::NotConnected)));
        let without_vault = Ledger::new(world.store().clone(), Providers::local(), settings());
        let uow = world.unit().await;
        let off = without_vault.request_payout(&uow, &actor, to_bank(person, 1_000, "x")).await.unwrap_err();
        assert!(matches!(off, Error::BankOff), "{off}");
        drop(uow);
        assert_eq!(world.available(person).await, 10_000_000);
    })
    .await;
}

#[tokio::test]
async fn payouts_are_listed_newest_first_page_by_page() {
    each(async |world| {
        let person = world.person_with(10_000).await;
        let actor = Actor::person(person, []);
        let mut made = Vec::new();
        for n in 0..5 {
            made.push(
                command!(world, request_payout, &actor, to_bank(person, 1_000, &n.to_string())).unwrap().id,
            );
        }
        made.sort();
        made.reverse();
        let owner = AccountOwner::Person(person);
        let (mut listed, mut after) = (Vec::new(), None);
        loop {
            let page =
                world.ledger.payouts(&actor, &owner, after.as_ref(), Limit::of(Some(2))).await.unwrap();
            listed.extend(page.items.into_iter().map(|row| row.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(listed, made);
        let stranger = Actor::person(world.id(), []);
        assert!(world.ledger.payouts(&stranger, &owner, None, Limit::of(None)).await.is_err());
    })
    .await;
}
