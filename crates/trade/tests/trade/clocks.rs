//! Clocks: what happens when nobody moves, and what lapses when somebody does.

use luhuan_kernel::Actor;
use luhuan_listing::model::State as GoodsState;
use luhuan_trade::{
    AnswerRefund, NewRefundRequest,
    model::{Event, RefundKind, RefundReason, State},
};

use crate::support::{CONFLICT, PRICE, bike, command, each, refusal, trade};

#[tokio::test]
async fn an_unpaid_order_expires_after_a_day_and_the_goods_are_on_offer_again() {
    each(async |world| {
        let listing = world.on_offer(&world.person(), bike()).await;
        let buyer = world.rich(PRICE).await;
        let order = world.ordered(&buyer, listing).await.id;
        assert_eq!(world.hours(23).await, 0);
        assert_eq!(world.hours(1).await, 1);
        assert_eq!(world.state(order).await, State::Expired);
        assert_eq!(world.goods(listing).await, GoodsState::Published);
        assert_eq!(refusal(world.pay(&buyer, order).await.unwrap_err()), (CONFLICT, "trade-step"));
        assert_eq!(world.hours(1_000).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_clock_lapses_when_the_order_moved_first() {
    each(async |world| {
        let deal = world.shipped().await;
        world.hours(239).await;
        command!(world, confirm, &deal.buyer, deal.order, None).unwrap();
        // The auto-confirmation would have come now.
        assert_eq!(world.hours(2).await, 0);
        let steps = world.row(deal.order).await.steps().unwrap();
        assert_eq!(steps.iter().filter(|step| step.event == Event::AutoConfirm).count(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_confirms_counts_as_received_after_ten_days_and_once_five_days_later() {
    each(async |world| {
        let (one, two) = (world.shipped().await, world.shipped().await);
        command!(world, extend, &two.buyer, two.order).unwrap();
        let again = command!(world, extend, &two.buyer, two.order).unwrap_err();
        assert_eq!(refusal(again), (CONFLICT, "trade-extended"));
        world.hours(240).await;
        assert_eq!(
            (world.state(one.order).await, world.state(two.order).await),
            (State::Settled, State::Shipped)
        );
        world.hours(120).await;
        assert_eq!(world.state(two.order).await, State::Settled);
        assert_eq!(world.wallet(&two.seller).await, PRICE - 180);
    })
    .await;
}

#[tokio::test]
async fn what_is_paid_and_never_shipped_goes_back_to_the_buyer() {
    each(async |world| {
        let deal = world.paid().await;
        world.hours(360).await;
        assert_eq!(world.state(deal.order).await, State::Cancelled);
        assert_eq!(world.wallet(&deal.buyer).await, 100_000);
    })
    .await;
}

#[tokio::test]
async fn the_clock_stands_still_while_a_refund_is_asked_for_and_goes_on_where_it_stopped() {
    each(async |world| {
        let deal = world.shipped().await;
        world.hours(200).await;
        let ask = NewRefundRequest {
            kind: RefundKind::MoneyOnly,
            reason: RefundReason::NotAsDescribed,
            words: String::new(),
            amount_fen: Some(1_000),
        };
        command!(world, request_refund, &deal.buyer, deal.order, None, ask).unwrap();
        world.hours(100).await;
        assert_eq!(world.state(deal.order).await, State::RefundRequested);
        let no = AnswerRefund::Refuse { words: "没有问题".into() };
        let row = command!(world, answer_refund, &deal.seller, deal.order, None, &no).unwrap();
        // 200 of 240 hours had run.
        assert_eq!(row.due_at.unwrap().seconds_since(row.updated_at), 40 * 3600);
        world.hours(39).await;
        assert_eq!(world.state(deal.order).await, State::Shipped);
        world.hours(1).await;
        assert_eq!(world.state(deal.order).await, State::Settled);
    })
    .await;
}

#[tokio::test]
async fn a_request_that_the_seller_does_not_answer_is_granted() {
    each(async |world| {
        let deal = world.paid().await;
        let ask = NewRefundRequest {
            kind: RefundKind::MoneyOnly,
            reason: RefundReason::ChangedMind,
            words: String::new(),
            amount_fen: None,
        };
        command!(world, request_refund, &deal.buyer, deal.order, None, ask).unwrap();
        // Before shipping the seller has two days.
        world.hours(47).await;
        assert_eq!(world.state(deal.order).await, State::RefundRequested);
        world.hours(1).await;
        assert_eq!(world.state(deal.order).await, State::Refunded);
        assert_eq!(world.wallet(&deal.buyer).await, 100_000);
        assert_eq!(world.goods(deal.listing).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn an_order_keeps_the_clocks_and_the_fee_that_it_was_made_under() {
    each(async |world| {
        let deal = world.paid().await;
        let row = world.row(deal.order).await;
        assert_eq!((row.clocks_version, row.fee_version, row.fee_ppm, row.fee_cap_fen), (1, 1, 6_000, 6_000));
        assert_eq!(row.clocks().version, 1);
    })
    .await;
}

#[tokio::test]
async fn clocks_survive_a_restart() {
    each(async |world| {
        let deal = world.shipped().await;
        world.clock.advance_seconds(240 * 3600);
        // Another process: nothing but the rows.
        let restarted = trade(world.database);
        assert_eq!(restarted.run_clocks(&Actor::system("test")).await.unwrap(), 1);
        assert_eq!(world.state(deal.order).await, State::Settled);
    })
    .await;
}

#[tokio::test]
async fn nobody_but_the_program_runs_clocks() {
    each(async |world| {
        let refused = world.trade.run_clocks(&world.staff()).await.unwrap_err();
        assert_eq!(refusal(refused), (403, "forbidden"));
    })
    .await;
}

#[tokio::test]
async fn the_time_for_reviews_ends_and_the_order_with_it() {
    each(async |world| {
        let deal = world.settled().await;
        world.hours(15 * 24).await;
        let row = world.row(deal.order).await;
        assert_eq!(row.state().unwrap(), State::Closed);
        assert!(row.ended_at.is_some() && row.due_at.is_none());
    })
    .await;
}
