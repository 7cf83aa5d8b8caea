//! Two at once: the database decides, on both systems.

use luhuan_kernel::{Actor, Money};
use luhuan_ledger::{AccountKind, AccountOwner, Error, NewRefund, Share};

use crate::support::{at_once, by_wallet, each};

const TRIES: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_payments_at_once_as_many_succeed_as_there_is_money_for() {
    each(async |world| {
        let (buyer, seller) = (world.person_with(500).await, world.id());
        let outcomes = at_once((0..TRIES).map(|_| {
            let (ledger, order) = (world.ledger.clone(), world.order());
            async move {
                let uow = ledger.store().begin().await.unwrap();
                ledger.request_payment(&uow, by_wallet(order, buyer, seller, 100)).await?;
                uow.commit().await?;
                Ok::<_, Error>(())
            }
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 5);
        for refused in outcomes.into_iter().filter_map(Result::err) {
            assert!(matches!(refused, Error::InsufficientFunds { .. }), "{refused}");
        }
        assert_eq!(world.available(buyer).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_grant_many_times_at_once_is_made_once() {
    each(async |world| {
        let owner = AccountOwner::Person(world.id());
        at_once((0..TRIES).map(|_| {
            let (ledger, owner) = (world.ledger.clone(), owner.clone());
            async move {
                let uow = ledger.store().begin().await.unwrap();
                let system = Actor::system("test");
                ledger.grant(&uow, &system, &owner, Money::cny(7), "opening").await.unwrap();
                uow.commit().await.unwrap();
            }
        }))
        .await;
        assert_eq!(world.balance(&owner, AccountKind::Available).await, 7);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refund_and_a_release_at_once_do_not_both_have_the_escrow() {
    each(async |world| {
        for _ in 0..6 {
            let (buyer, seller, order) = (world.person_with(100).await, world.id(), world.order());
            world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
            let refund = {
                let ledger = world.ledger.clone();
                async move {
                    let uow = ledger.store().begin().await.unwrap();
                    let new = NewRefund {
                        order,
                        amount: Money::cny(100),
                        reason: "x".into(),
                        reference: "x".into(),
                    };
                    ledger.refund(&uow, new).await?;
                    Ok::<_, Error>(uow.commit().await?)
                }
            };
            let release = {
                let ledger = world.ledger.clone();
                async move {
                    let uow = ledger.store().begin().await.unwrap();
                    let shares = [Share::to_seller(AccountOwner::Person(seller), Money::cny(100), "")];
                    ledger.release(&uow, order, "settled", &shares).await?;
                    Ok::<_, Error>(uow.commit().await?)
                }
            };
            let (refunded, released) = tokio::join!(tokio::spawn(refund), tokio::spawn(release));
            let (refunded, released) = (refunded.unwrap(), released.unwrap());
            assert!(refunded.is_ok() != released.is_ok(), "{refunded:?} {released:?}");
            assert_eq!(world.available(buyer).await + world.available(seller).await, 100);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_settlements_at_once_all_reach_the_one_account_of_fees() {
    each(async |world| {
        let mut orders = Vec::new();
        for _ in 0..TRIES {
            let (buyer, seller, order) = (world.person_with(100).await, world.id(), world.order());
            world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
            orders.push((order, seller));
        }
        at_once(orders.into_iter().map(|(order, seller)| {
            let ledger = world.ledger.clone();
            async move {
                let uow = ledger.store().begin().await.unwrap();
                let seller = AccountOwner::Person(seller);
                let shares =
                    [Share::fee(Money::cny(1), "fee"), Share::to_seller(seller, Money::cny(99), "sale")];
                ledger.release(&uow, order, "settled", &shares).await.unwrap();
                uow.commit().await.unwrap();
            }
        }))
        .await;
        let fees = world.balance(&AccountOwner::Platform, AccountKind::Fees).await;
        assert_eq!(fees, i64::try_from(TRIES).unwrap());
    })
    .await;
}
