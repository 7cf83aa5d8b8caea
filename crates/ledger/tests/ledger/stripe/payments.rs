//! Cards, reservations, lost answers.

use luhuan_kernel::{Actor, Id, Money, Person};
use luhuan_ledger::{
    AccountOwner, Capture, Error, Ledger, NewPayment, PaymentState, Provider, Purpose, RefundState,
    testing::{CARD_WITH_QUESTION, DECLINED_CARD, Fault, GOOD_CARD},
};

use super::{DAY, INTENTS, buy, clearing, each, there};
use crate::support::command;

#[tokio::test]
async fn a_card_pays_into_the_escrow_and_the_books_name_what_lies_at_stripe() {
    each(async |world, fake| {
        let mut bought = buy(world, 8_000, Capture::Automatic).await;
        assert_eq!(bought.payment.state().unwrap(), PaymentState::Requested);
        assert_eq!(bought.advance(world).await, PaymentState::ActionRequired);
        assert!(bought.payment.client_secret.as_deref().unwrap().starts_with(bought.reference()));
        fake.enter_card(bought.reference(), GOOD_CARD).await;
        for _ in 0..2 {
            assert_eq!(bought.advance(world).await, PaymentState::Succeeded);
        }
        assert_eq!((world.escrow(bought.order).await, clearing(world).await), (8_000, -8_000));
        let told = world.told().await;
        assert_eq!(told, ["payment.requested", "payment.action-required", "payment.succeeded"]);
        assert_eq!(there(fake, &bought).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_declined_card_is_told_and_another_pays() {
    each(async |world, fake| {
        let mut bought = buy(world, 500, Capture::Automatic).await;
        bought.advance(world).await;
        assert_eq!(fake.enter_card(bought.reference(), DECLINED_CARD).await, "requires_payment_method");
        assert_eq!(bought.advance(world).await, PaymentState::ActionRequired);
        assert_eq!(bought.payment.failure.as_deref(), Some("card_declined"));
        assert_eq!(world.told().await.last().unwrap(), "payment.declined");
        assert_eq!(world.escrow(bought.order).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_bank_that_asks_its_holder_is_waited_for() {
    each(async |world, fake| {
        let mut bought = buy(world, 500, Capture::Automatic).await;
        bought.advance(world).await;
        assert_eq!(fake.enter_card(bought.reference(), CARD_WITH_QUESTION).await, "requires_action");
        assert_eq!(bought.advance(world).await, PaymentState::ActionRequired);
        let secret = bought.payment.client_secret.clone().unwrap();
        assert_eq!(fake.answer_bank(bought.reference(), &secret).await, "succeeded");
        assert_eq!(bought.advance(world).await, PaymentState::Succeeded);
    })
    .await;
}

#[tokio::test]
async fn what_is_only_reserved_is_taken_when_the_program_says_so() {
    each(async |world, fake| {
        let mut bought = buy(world, 700, Capture::Manual).await;
        let early = command!(world, capture_payment, bought.payment.id).unwrap_err();
        assert!(matches!(early, Error::IllegalPaymentMove(_)), "{early}");
        bought.advance(world).await;
        assert_eq!(fake.enter_card(bought.reference(), GOOD_CARD).await, "requires_capture");
        assert_eq!(bought.advance(world).await, PaymentState::Authorised);
        assert_eq!(world.escrow(bought.order).await, 0);
        for _ in 0..2 {
            command!(world, capture_payment, bought.payment.id).unwrap();
        }
        assert_eq!(bought.advance(world).await, PaymentState::Succeeded);
        assert_eq!(world.escrow(bought.order).await, 700);
        command!(world, capture_payment, bought.payment.id).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_reservation_is_given_up_and_nothing_is_taken() {
    each(async |world, fake| {
        let mut bought = buy(world, 700, Capture::Manual).await;
        bought.advance(world).await;
        fake.enter_card(bought.reference(), GOOD_CARD).await;
        bought.advance(world).await;
        for _ in 0..2 {
            command!(world, cancel_payment, bought.payment.id).unwrap();
        }
        assert_eq!(bought.advance(world).await, PaymentState::Cancelled);
        assert_eq!(fake.status(bought.reference()).await, "canceled");
        assert_eq!(world.escrow(bought.order).await, 0);
    })
    .await;
}

#[tokio::test]
async fn given_up_before_stripe_knew_of_it_nothing_is_left_there_to_be_paid() {
    each(async |world, fake| {
        let mut bought = buy(world, 700, Capture::Automatic).await;
        command!(world, cancel_payment, bought.payment.id).unwrap();
        assert_eq!(bought.advance(world).await, PaymentState::Cancelled);
        assert_eq!(fake.status(bought.reference()).await, "canceled");
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_succeeds_while_it_is_given_up_counts_as_paid() {
    each(async |world, fake| {
        let mut bought = buy(world, 700, Capture::Automatic).await;
        bought.advance(world).await;
        fake.enter_card(bought.reference(), GOOD_CARD).await;
        command!(world, cancel_payment, bought.payment.id).unwrap();
        assert_eq!(bought.advance(world).await, PaymentState::Succeeded);
        let refund = command!(world, refund_payment, bought.payment.id, "订单已取消", "late").unwrap();
        let refund = world.ledger.advance_refund(refund.id).await.unwrap();
        assert_eq!(refund.state().unwrap(), RefundState::Succeeded);
        assert_eq!((world.escrow(bought.order).await, clearing(world).await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_leaves_it_unknown_and_the_same_key_finds_the_same_payment() {
    each(async |world, fake| {
        for fault in [Fault::Lose, Fault::Hang, Fault::Break] {
            let mut bought = buy(world, 300, Capture::Automatic).await;
            fake.next(INTENTS, fault);
            assert_eq!(bought.advance(world).await, PaymentState::Unknown, "{fault:?}");
            assert_eq!(bought.payment.provider_ref, None);
            assert_eq!(world.escrow(bought.order).await, 0);
            assert_eq!(world.told().await.last().unwrap(), "payment.unknown");
            assert_eq!(bought.advance(world).await, PaymentState::ActionRequired, "{fault:?}");
            assert_eq!(there(fake, &bought).await, 1, "{fault:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn after_a_day_the_key_holds_no_more_and_the_payment_is_looked_for() {
    each(async |world, fake| {
        let (mut lost, mut never) =
            (buy(world, 300, Capture::Automatic).await, buy(world, 300, Capture::Automatic).await);
        fake.next(INTENTS, Fault::Lose);
        lost.advance(world).await;
        fake.next(INTENTS, Fault::Break);
        never.advance(world).await;
        world.clock.advance_seconds(DAY);
        let begun = fake.asked(INTENTS);
        assert_eq!(lost.advance(world).await, PaymentState::ActionRequired);
        assert_eq!(never.advance(world).await, PaymentState::Failed);
        assert_eq!(never.payment.failure.as_deref(), Some("never-begun"));
        assert_eq!(fake.asked(INTENTS), begun, "no second payment was begun");
    })
    .await;
}

#[tokio::test]
async fn a_lost_capture_is_settled_by_asking_and_taken_once() {
    each(async |world, fake| {
        for fault in [Fault::Lose, Fault::Break] {
            let mut bought = buy(world, 700, Capture::Manual).await;
            bought.advance(world).await;
            fake.enter_card(bought.reference(), GOOD_CARD).await;
            bought.advance(world).await;
            command!(world, capture_payment, bought.payment.id).unwrap();
            fake.next(&format!("POST /v1/payment_intents/{}/capture", bought.reference()), fault);
            assert_eq!(bought.advance(world).await, PaymentState::Unknown, "{fault:?}");
            assert_eq!(world.escrow(bought.order).await, 0);
            assert_eq!(bought.advance(world).await, PaymentState::Succeeded, "{fault:?}");
            assert_eq!(world.escrow(bought.order).await, 700);
        }
    })
    .await;
}

#[tokio::test]
async fn a_refusal_is_final_and_a_failed_look_tells_nothing() {
    each(async |world, fake| {
        let mut refused = buy(world, 300, Capture::Automatic).await;
        fake.next(INTENTS, Fault::Refuse("amount_too_small"));
        assert_eq!(refused.advance(world).await, PaymentState::Failed);
        assert_eq!(refused.payment.failure.as_deref(), Some("amount_too_small"));
        let mut bought = buy(world, 300, Capture::Automatic).await;
        bought.advance(world).await;
        fake.next("GET /v1/payment_intents", Fault::Break);
        assert_eq!(bought.advance(world).await, PaymentState::ActionRequired);
    })
    .await;
}

#[tokio::test]
async fn the_job_goes_on_asking_until_it_is_settled_and_comes_less_often() {
    each(async |world, fake| {
        let mut bought = buy(world, 300, Capture::Automatic).await;
        let key = bought.payment.id.to_string();
        let run = async || world.ledger.run_job("ledger-payment", &key).await.unwrap();
        let at = |seconds: i64| luhuan_kernel::Clock::now(&*world.clock).plus_seconds(seconds);
        assert_eq!(run().await, Some(at(30)));
        world.clock.advance_seconds(4_000);
        assert_eq!(run().await, Some(at(1_000)));
        bought.advance(world).await;
        fake.enter_card(bought.reference(), GOOD_CARD).await;
        assert_eq!(run().await, None);
        assert_eq!(world.escrow(bought.order).await, 300);
        assert!(Ledger::is_ours("ledger-payment") && !Ledger::is_ours("expire-listings"));
    })
    .await;
}

#[tokio::test]
async fn a_top_up_reaches_the_wallet_and_one_that_is_left_alone_is_given_up() {
    each(async |world, fake| {
        let person: Id<Person> = world.id();
        let top_up = || NewPayment {
            purpose: Purpose::TopUp(person.uuid()),
            payer: person,
            payee: AccountOwner::Person(person),
            amount: Money::cny(5_000),
            provider: Provider::Stripe,
            capture: Capture::Automatic,
            return_url: None,
        };
        let (first, second) = (world.pay(top_up()).await.unwrap(), world.pay(top_up()).await.unwrap());
        let row = world.ledger.advance(first.id).await.unwrap();
        fake.enter_card(row.provider_ref.as_deref().unwrap(), GOOD_CARD).await;
        world.ledger.advance(first.id).await.unwrap();
        assert_eq!(world.available(person).await, 5_000);
        world.ledger.advance(second.id).await.unwrap();
        world.clock.advance_seconds(DAY + 60);
        assert_eq!(world.ledger.payment_job(second.id).await.unwrap(), None);
        let given_up = world.ledger.payment(&Actor::system("test"), second.id).await.unwrap();
        assert_eq!(given_up.state().unwrap(), PaymentState::Cancelled);
        assert_eq!(world.available(person).await, 5_000);
    })
    .await;
}
