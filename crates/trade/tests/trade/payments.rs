//! Payments at a provider elsewhere: what comes through moves the order once, what comes too late goes back.

use luhuan_kernel::{Id, Money};
use luhuan_ledger::{
    AccountKind, AccountOwner, Capture, Payment, PaymentEvent, PaymentState, Provider, Purpose, Transaction,
    TransactionKind, entity::payment,
};
use luhuan_trade::{Heard, Trade, entity::order, model::State};
use sea_orm::{ActiveModelTrait, IntoActiveModel};

use crate::support::{CONFLICT, PRICE, World, bike, each, refusal, trade};

/// What the ledger writes down when a provider says that a payment came through.
async fn came_through(world: &World<'_>, order: &order::Model) -> Id<Payment> {
    let uow = world.unit().await;
    let id: Id<Payment> = world.id();
    let payee = AccountOwner::Person(order.seller_id);
    let row = payment::Model {
        id,
        purpose_kind: "order".into(),
        purpose_id: order.id.uuid(),
        payer_id: order.buyer_id,
        payee: payee.to_string(),
        amount: order.total_fen,
        currency: "CNY".into(),
        provider: Provider::Stripe.code().into(),
        capture: Capture::Automatic.code().into(),
        state: PaymentState::Succeeded.code().into(),
        wanted: "nothing".into(),
        return_url: None,
        provider_ref: Some(format!("pi_{id}")),
        client_secret: None,
        failure: None,
        refunded: 0,
        payer_confirmed_at: None,
        payee_confirmed_at: None,
        tries_left: 10,
        created_at: uow.now(),
        updated_at: uow.now(),
        settled_at: Some(uow.now()),
        version: 2,
    };
    row.into_active_model().reset_all().insert(uow.tx()).await.unwrap();
    let transaction = Transaction::moving(
        TransactionKind::Payment,
        id,
        Money::cny(order.total_fen),
        (AccountOwner::Provider(Provider::Stripe), AccountKind::Clearing),
        (AccountOwner::Order(order.id.uuid()), AccountKind::Escrow),
    );
    world.trade.ledger().post(&uow, transaction).await.unwrap();
    let event = PaymentEvent {
        payment: id,
        purpose_kind: Purpose::Order(order.id.uuid()).kind().into(),
        purpose_id: order.id.uuid(),
        payer: order.buyer_id,
        payee,
        provider: Provider::Stripe,
        state: PaymentState::Succeeded,
        amount_fen: order.total_fen,
        failure: None,
        declined: false,
    };
    uow.emit(&event).await.unwrap();
    uow.commit().await.unwrap();
    id
}

/// Hears until there is nothing new. On a server shared with other tests, their open transactions keep events back for a
/// while.
async fn hear(trade: &Trade, until: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        let mut heard = Heard::default();
        while trade.hear_payments(&mut heard).await.unwrap() > 0 {}
        if until().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it was not heard");
}

async fn refunds(world: &World<'_>) -> usize {
    world.column("SELECT reference AS it FROM refund").await.len()
}

#[tokio::test]
async fn a_payment_that_comes_through_elsewhere_moves_its_order_once() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let order = world.ordered(&buyer, world.on_offer(&seller, bike()).await).await;
        let payment = came_through(world, &order).await;
        hear(&world.trade, async || world.state(order.id).await == State::Paid).await;
        let row = world.row(order.id).await;
        assert_eq!((row.held_fen, row.payment_id, row.version), (PRICE, Some(payment), 2));
        // Another gateway that hears it all again from the beginning, and this one after a restart.
        let other = trade(world.database);
        for trade in [&other, &world.trade] {
            let mut heard = Heard::default();
            while trade.hear_payments(&mut heard).await.unwrap() > 0 {}
        }
        assert_eq!(world.row(order.id).await.version, 2);
        assert_eq!(refunds(world).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_comes_through_after_the_order_expired_goes_back_whole() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let order = world.ordered(&buyer, world.on_offer(&seller, bike()).await).await;
        world.hours(24).await;
        assert_eq!(world.state(order.id).await, State::Expired);
        came_through(world, &order).await;
        hear(&world.trade, async || refunds(world).await == 1).await;
        let uow = world.unit().await;
        assert_eq!(world.trade.ledger().escrow_balance(&uow, order.id.uuid()).await.unwrap(), Money::cny(0));
        assert_eq!(world.state(order.id).await, State::Expired);
    })
    .await;
}

#[tokio::test]
async fn a_second_payment_of_a_paid_order_goes_back_and_the_first_stays() {
    each(async |world| {
        let deal = world.paid().await;
        let row = world.row(deal.order).await;
        came_through(world, &row).await;
        hear(&world.trade, async || refunds(world).await == 1).await;
        let uow = world.unit().await;
        let escrow = world.trade.ledger().escrow_balance(&uow, deal.order.uuid()).await.unwrap();
        assert_eq!(escrow, Money::cny(PRICE));
        drop(uow);
        assert_eq!(world.row(deal.order).await.held_fen, PRICE);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_not_set_up_takes_no_payment() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let order = world.ordered(&buyer, world.on_offer(&seller, bike()).await).await;
        let refused = crate::support::command!(world, pay, &buyer, order.id, None, Provider::Stripe, None);
        assert_eq!(refusal(refused.unwrap_err()), (CONFLICT, "payment-provider-off"));
        assert_eq!(world.state(order.id).await, State::Created);
    })
    .await;
}
