//! Money back, with or without the goods.

use luhuan_listing::model::{Details, Returns, State as GoodsState};
use luhuan_trade::{
    AnswerRefund, NewRefundRequest,
    model::{Event, RefundKind, RefundReason, RefundState, State},
};

use crate::support::{CONFLICT, Deal, PRICE, World, bike, command, each, parcel, refusal, refused_fields};

fn ask(kind: RefundKind, amount_fen: Option<i64>) -> NewRefundRequest {
    NewRefundRequest {
        kind, reason: RefundReason::NotAsDescribed, words: "和描述不符".into(), amount_fen
    }
}

fn agree() -> AnswerRefund {
    AnswerRefund::Agree { words: "抱歉".into() }
}

async fn request(world: &World<'_>, deal: &Deal, new: NewRefundRequest) {
    command!(world, request_refund, &deal.buyer, deal.order, None, new).unwrap();
}

#[tokio::test]
async fn a_part_goes_back_and_the_sale_stands_with_a_fee_in_proportion() {
    each(async |world| {
        let deal = world.shipped().await;
        request(world, &deal, ask(RefundKind::MoneyOnly, Some(PRICE / 2))).await;
        let row = command!(world, answer_refund, &deal.seller, deal.order, None, &agree()).unwrap();
        assert_eq!((row.state().unwrap(), row.held_fen), (State::Shipped, PRICE / 2));
        assert_eq!(world.wallet(&deal.buyer).await, 100_000 - PRICE / 2);
        command!(world, confirm, &deal.buyer, deal.order, None).unwrap();
        assert_eq!((world.wallet(&deal.seller).await, world.fees().await), (PRICE / 2 - 90, 90));
        let view = world.trade.view(&deal.buyer, deal.order).await.unwrap();
        assert_eq!(view.requests[0].state, RefundState::Done);
    })
    .await;
}

#[tokio::test]
async fn all_of_it_before_shipping_undoes_the_sale() {
    each(async |world| {
        let deal = world.paid().await;
        request(world, &deal, ask(RefundKind::MoneyOnly, None)).await;
        let row = command!(world, answer_refund, &deal.seller, deal.order, None, &agree()).unwrap();
        assert_eq!(row.state().unwrap(), State::Refunded);
        assert_eq!((world.wallet(&deal.buyer).await, world.fees().await), (100_000, 0));
        assert_eq!(world.goods(deal.listing).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn all_of_it_without_the_goods_takes_them_off_the_market() {
    each(async |world| {
        let deal = world.shipped().await;
        request(world, &deal, ask(RefundKind::MoneyOnly, None)).await;
        assert!(world.actions(&deal.seller, deal.order).await.contains(&Event::GrantKeep));
        let row = command!(world, answer_refund, &deal.seller, deal.order, None, &agree()).unwrap();
        assert_eq!(row.state().unwrap(), State::Refunded);
        assert_eq!(world.goods(deal.listing).await, GoodsState::Withdrawn);
    })
    .await;
}

#[tokio::test]
async fn goods_come_back_within_seven_days_and_then_the_money() {
    each(async |world| {
        let seller = world.person();
        let buyer = world.rich(100_000).await;
        let details = Details { returns: Some(Returns::SevenDay), ..bike() };
        let listing = world.on_offer(&seller, details).await;
        let order = world.ordered(&buyer, listing).await.id;
        let deal = Deal { seller, buyer, listing, order };
        world.pay(&deal.buyer, order).await.unwrap();
        world.ship(&deal.seller, order).await.unwrap();
        command!(world, confirm, &deal.buyer, order, None).unwrap();
        world.hours(5 * 24).await;
        request(world, &deal, ask(RefundKind::WithReturn, None)).await;
        let row = command!(world, answer_refund, &deal.seller, order, None, &agree()).unwrap();
        assert_eq!((row.state().unwrap(), row.held_fen), (State::Returning, PRICE));
        let row = command!(world, send_back, &deal.buyer, order, None, &parcel()).unwrap();
        assert_eq!(row.state().unwrap(), State::ReturnShipped);
        let row = command!(world, accept_return, &deal.seller, order, None).unwrap();
        assert_eq!(row.state().unwrap(), State::Refunded);
        assert_eq!(world.wallet(&deal.buyer).await, 100_000);
        assert_eq!(world.goods(listing).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn goods_that_are_not_sent_back_in_time_stay_bought() {
    each(async |world| {
        let deal = world.shipped().await;
        request(world, &deal, ask(RefundKind::WithReturn, None)).await;
        command!(world, answer_refund, &deal.seller, deal.order, None, &agree()).unwrap();
        world.hours(7 * 24).await;
        assert_eq!(world.state(deal.order).await, State::Shipped);
        let view = world.trade.view(&deal.buyer, deal.order).await.unwrap();
        assert_eq!(view.requests[0].state, RefundState::Withdrawn);
    })
    .await;
}

#[tokio::test]
async fn a_seller_who_keeps_silent_about_returned_goods_pays_after_seven_days() {
    each(async |world| {
        let deal = world.shipped().await;
        // What is kept of the price for wear goes to the seller, with its fee.
        request(world, &deal, ask(RefundKind::WithReturn, Some(PRICE - 5_000))).await;
        command!(world, answer_refund, &deal.seller, deal.order, None, &agree()).unwrap();
        command!(world, send_back, &deal.buyer, deal.order, None, &parcel()).unwrap();
        world.hours(7 * 24).await;
        assert_eq!(world.state(deal.order).await, State::Refunded);
        assert_eq!(world.wallet(&deal.buyer).await, 100_000 - 5_000);
        assert_eq!((world.wallet(&deal.seller).await, world.fees().await), (4_970, 30));
    })
    .await;
}

#[tokio::test]
async fn a_request_is_taken_back_and_refusals_need_a_reason() {
    each(async |world| {
        let deal = world.shipped().await;
        request(world, &deal, ask(RefundKind::MoneyOnly, None)).await;
        command!(world, withdraw_refund, &deal.buyer, deal.order, None).unwrap();
        assert_eq!(world.state(deal.order).await, State::Shipped);
        request(world, &deal, ask(RefundKind::MoneyOnly, None)).await;
        let silent = AnswerRefund::Refuse { words: "  ".into() };
        let refused = command!(world, answer_refund, &deal.seller, deal.order, None, &silent).unwrap_err();
        assert_eq!(refused_fields(&refused), [("words", "trade-words-required")]);
    })
    .await;
}

#[tokio::test]
async fn no_more_is_asked_for_than_is_held_and_nothing_returned_that_did_not_go() {
    each(async |world| {
        let deal = world.paid().await;
        for fen in [0, -1, PRICE + 1] {
            let new = ask(RefundKind::MoneyOnly, Some(fen));
            let refused = command!(world, request_refund, &deal.buyer, deal.order, None, new).unwrap_err();
            assert_eq!(refusal(refused), (422, "invalid"), "{fen}");
        }
        let new = ask(RefundKind::WithReturn, None);
        let refused = command!(world, request_refund, &deal.buyer, deal.order, None, new).unwrap_err();
        assert_eq!(refused_fields(&refused), [("kind", "trade-nothing-to-return")]);
        let new = ask(RefundKind::MoneyOnly, None);
        let seller = command!(world, request_refund, &deal.seller, deal.order, None, new).unwrap_err();
        assert_eq!(refusal(seller), (CONFLICT, "trade-step"));
    })
    .await;
}

#[tokio::test]
async fn asking_again_and_again_does_not_hold_the_money_for_ever() {
    each(async |world| {
        let deal = world.shipped().await;
        let no = AnswerRefund::Refuse { words: "没有问题".into() };
        for _ in 0..3 {
            request(world, &deal, ask(RefundKind::MoneyOnly, None)).await;
            command!(world, answer_refund, &deal.seller, deal.order, None, &no).unwrap();
        }
        assert!(!world.actions(&deal.buyer, deal.order).await.contains(&Event::RequestRefund));
        let new = ask(RefundKind::MoneyOnly, None);
        let refused = command!(world, request_refund, &deal.buyer, deal.order, None, new).unwrap_err();
        assert_eq!(refused_fields(&refused), [("kind", "trade-too-many")]);
    })
    .await;
}

#[tokio::test]
async fn after_the_settlement_a_seller_may_give_money_back_as_far_as_they_have_it() {
    each(async |world| {
        let deal = world.settled().await;
        let row =
            command!(world, give_money_back, &deal.seller, deal.order, None, 10_000, "少了脚撑").unwrap();
        assert_eq!((row.state().unwrap(), row.refunded_fen, row.charged_fen), (State::Settled, 10_000, 120));
        assert_eq!(world.wallet(&deal.buyer).await, 100_000 - 20_000);
        assert_eq!((world.wallet(&deal.seller).await, world.fees().await), (20_000 - 120, 120));
        for fen in [0, -5, 20_001] {
            let refused =
                command!(world, give_money_back, &deal.seller, deal.order, None, fen, "").unwrap_err();
            assert_eq!(refusal(refused), (422, "invalid"), "{fen}");
        }
        let buyers = command!(world, give_money_back, &deal.buyer, deal.order, None, 1, "").unwrap_err();
        assert_eq!(refusal(buyers), (CONFLICT, "trade-step"));
        command!(world, give_money_back, &deal.seller, deal.order, None, 20_000, "").unwrap();
        assert_eq!((world.wallet(&deal.buyer).await, world.fees().await), (100_000, 0));
    })
    .await;
}
