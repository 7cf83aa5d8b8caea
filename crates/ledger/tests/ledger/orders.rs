//! The money of an order by wallet: into escrow, to whom it is due, and back.

use luhuan_kernel::Money;
use luhuan_ledger::{AccountKind, AccountOwner, Error, PaymentState, RefundState, Share};

use crate::support::{by_wallet, command, each};

#[tokio::test]
async fn a_wallet_pays_into_escrow_and_the_escrow_goes_to_seller_platform_and_carrier() {
    each(async |world| {
        let (buyer, seller, carrier) = (world.person_with(10_000).await, world.id(), world.id());
        let order = world.order();
        let paid = world.pay(by_wallet(order, buyer, seller, 8_000)).await.unwrap();
        assert_eq!(paid.state().unwrap(), PaymentState::Succeeded);
        assert_eq!((world.available(buyer).await, world.escrow(order).await), (2_000, 8_000));
        let shares = [
            Share::to_seller(AccountOwner::Person(seller), Money::cny(7_000), "sale"),
            Share::fee(Money::cny(200), "fee"),
            Share::to_seller(AccountOwner::Person(carrier), Money::cny(800), "freight"),
            Share::fee(Money::cny(0), "nothing"),
        ];
        for _ in 0..2 {
            command!(world, release, order, "settled", &shares).unwrap();
        }
        assert_eq!((world.available(seller).await, world.available(carrier).await), (7_000, 800));
        assert_eq!(world.balance(&AccountOwner::Platform, AccountKind::Fees).await, 200);
        assert_eq!(world.escrow(order).await, 0);
        assert_eq!(world.told().await, ["ledger.granted", "payment.succeeded"]);
    })
    .await;
}

#[tokio::test]
async fn an_empty_wallet_pays_nothing() {
    each(async |world| {
        let (buyer, seller, order) = (world.person_with(99).await, world.id(), world.order());
        let refused = world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap_err();
        assert!(matches!(refused, Error::InsufficientFunds { .. }), "{refused}");
        assert_eq!((world.available(buyer).await, world.escrow(order).await), (99, 0));
        let uow = world.unit().await;
        assert!(world.ledger.payments_of(&uow, order).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn no_more_is_released_than_is_held() {
    each(async |world| {
        let (buyer, seller, order) = (world.person_with(100).await, world.id(), world.order());
        world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
        let share = |fen| [Share::to_seller(AccountOwner::Person(seller), Money::cny(fen), "")];
        let refused = command!(world, release, order, "settled", &share(101)).unwrap_err();
        assert!(matches!(refused, Error::InsufficientFunds { .. }), "{refused}");
        let negative = command!(world, release, order, "settled", &share(-1)).unwrap_err();
        assert!(matches!(negative, Error::Invalid(_)), "{negative}");
        assert_eq!(command!(world, release, order, "settled", &share(0)).unwrap(), None);
        command!(world, release, order, "settled", &share(60)).unwrap();
        let other = command!(world, release, order, "settled", &share(40)).unwrap_err();
        assert!(matches!(other, Error::ReferenceReused { .. }), "{other}");
        assert_eq!(world.escrow(order).await, 40);
    })
    .await;
}

#[tokio::test]
async fn a_refund_goes_back_to_the_wallet_in_parts_and_no_further_than_was_paid() {
    each(async |world| {
        let (buyer, seller, order) = (world.person_with(100).await, world.id(), world.order());
        world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
        let first = world.refund(order, 30, "partial").await.unwrap();
        assert_eq!(first.state().unwrap(), RefundState::Succeeded);
        let again = world.refund(order, 30, "partial").await.unwrap();
        assert_eq!(again.id, first.id);
        assert_eq!((world.available(buyer).await, world.escrow(order).await), (30, 70));
        let refused = world.refund(order, 71, "rest").await.unwrap_err();
        assert!(matches!(refused, Error::RefundTooLarge { left } if left == Money::cny(70)), "{refused}");
        world.refund(order, 70, "rest").await.unwrap();
        assert_eq!((world.available(buyer).await, world.escrow(order).await), (100, 0));
        assert_eq!(world.told().await[2..], ["refund.settled", "refund.settled"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_released_cannot_be_refunded() {
    each(async |world| {
        let (buyer, seller, order) = (world.person_with(100).await, world.id(), world.order());
        world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
        let all = [Share::to_seller(AccountOwner::Person(seller), Money::cny(100), "")];
        command!(world, release, order, "settled", &all).unwrap();
        let refused = world.refund(order, 1, "late").await.unwrap_err();
        assert!(matches!(refused, Error::InsufficientFunds { .. }), "{refused}");
        assert_eq!((world.available(buyer).await, world.available(seller).await), (0, 100));
    })
    .await;
}

#[tokio::test]
async fn a_second_payment_of_an_order_is_given_back_in_full_by_itself() {
    each(async |world| {
        let (buyer, seller, order) = (world.person_with(200).await, world.id(), world.order());
        world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
        let late = world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
        for _ in 0..2 {
            let refund = command!(world, refund_payment, late.id, "重复付款", "late").unwrap();
            assert_eq!((refund.amount, refund.state().unwrap()), (100, RefundState::Succeeded));
        }
        assert_eq!((world.available(buyer).await, world.escrow(order).await), (100, 100));
    })
    .await;
}

#[tokio::test]
async fn a_paid_payment_is_not_cancelled_and_a_top_up_is_not_made_from_the_wallet() {
    each(async |world| {
        let (buyer, seller, order) = (world.person_with(100).await, world.id(), world.order());
        let paid = world.pay(by_wallet(order, buyer, seller, 100)).await.unwrap();
        let refused = command!(world, cancel_payment, paid.id).unwrap_err();
        assert!(matches!(refused, Error::IllegalPaymentMove(_)), "{refused}");
        let mut top_up = by_wallet(order, buyer, seller, 1);
        top_up.purpose = luhuan_ledger::Purpose::TopUp(buyer.uuid());
        assert!(matches!(world.pay(top_up).await.unwrap_err(), Error::Invalid(_)));
        let mut by_card = by_wallet(order, buyer, seller, 1);
        by_card.provider = luhuan_ledger::Provider::Stripe;
        assert!(matches!(world.pay(by_card).await.unwrap_err(), Error::ProviderOff(_)));
    })
    .await;
}
