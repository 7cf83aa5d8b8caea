//! Disputes: evidence, a ruling with reasons and a split, one appeal.

use luhuan_kernel::{Actor, Limit};
use luhuan_listing::model::State as GoodsState;
use luhuan_trade::{
    AnswerRefund, DisputeQueue, NewDispute, NewRefundRequest,
    model::{DisputeReason, Event, RefundKind, RefundReason, Ruling, Stage, State},
};

use crate::support::{CONFLICT, Deal, PRICE, World, command, each, parcel, refusal};

fn complaint() -> NewDispute {
    NewDispute {
        reason: DisputeReason::NotAsDescribed,
        words: "屏幕是碎的".into(),
        claim_fen: None,
        jury: false,
    }
}

fn ruling(buyer_fen: i64) -> Ruling {
    Ruling { buyer_fen, reasons: "按成色差价退还。".into() }
}

/// A bike on its way, about which the seller has refused to give money back.
pub(crate) async fn refused(world: &World<'_>) -> Deal {
    let deal = world.shipped().await;
    let ask = NewRefundRequest {
        kind: RefundKind::MoneyOnly,
        reason: RefundReason::NotAsDescribed,
        words: String::new(),
        amount_fen: None,
    };
    command!(world, request_refund, &deal.buyer, deal.order, None, ask).unwrap();
    let no = AnswerRefund::Refuse { words: "发出时完好".into() };
    command!(world, answer_refund, &deal.seller, deal.order, None, &no).unwrap();
    deal
}

/// The same, in the hands of staff.
async fn deciding(world: &World<'_>, staff: &Actor) -> Deal {
    let deal = refused(world).await;
    command!(world, open_dispute, &deal.buyer, deal.order, None, complaint()).unwrap();
    command!(world, take_up, staff, deal.order).unwrap();
    deal
}

#[tokio::test]
async fn a_dispute_goes_from_talk_over_evidence_to_a_ruling_that_divides_the_money() {
    each(async |world| {
        let staff = world.staff();
        let deal = refused(world).await;
        let opened = command!(world, open_dispute, &deal.buyer, deal.order, None, complaint()).unwrap();
        assert_eq!((opened.state().unwrap(), opened.held_fen), (State::Disputed, PRICE));
        command!(world, give_evidence, &deal.buyer, deal.order, "开箱视频截图", &[]).unwrap();
        command!(world, give_evidence, &deal.seller, deal.order, "发货前照片", &[]).unwrap();
        world.hours(48).await;
        assert_eq!(world.state(deal.order).await, State::Deciding);
        let queue = world.trade.disputes(&staff, DisputeQueue::Waiting, None, Limit::of(None)).await.unwrap();
        assert_eq!(queue.items.iter().map(|card| card.order).collect::<Vec<_>>(), [deal.order]);
        assert_eq!(queue.items[0].claim_fen, PRICE);

        let ruled = command!(world, rule, &staff, deal.order, None, ruling(10_000)).unwrap();
        assert_eq!((ruled.state().unwrap(), ruled.held_fen), (State::Ruled, PRICE));
        // Seven days to appeal, then it is carried out.
        world.hours(7 * 24 - 1).await;
        assert_eq!(world.state(deal.order).await, State::Ruled);
        world.hours(1).await;
        assert_eq!(world.state(deal.order).await, State::Settled);
        assert_eq!(world.wallet(&deal.buyer).await, 100_000 - 20_000);
        assert_eq!((world.wallet(&deal.seller).await, world.fees().await), (20_000 - 120, 120));
        assert_eq!(world.goods(deal.listing).await, GoodsState::Sold);
        let dispute = world.trade.view(&deal.seller, deal.order).await.unwrap().dispute.unwrap();
        assert!(dispute.over);
        assert_eq!(dispute.evidence.len(), 2);
        assert_eq!((dispute.rulings[0].stage, dispute.rulings[0].buyer_fen), (Stage::First, 10_000));
    })
    .await;
}

#[tokio::test]
async fn both_accept_and_it_is_carried_out_at_once() {
    each(async |world| {
        let deal = deciding(world, &world.staff()).await;
        command!(world, rule, &world.staff(), deal.order, None, ruling(PRICE)).unwrap();
        command!(world, accept_ruling, &deal.buyer, deal.order).unwrap();
        assert_eq!(world.state(deal.order).await, State::Ruled);
        let row = command!(world, accept_ruling, &deal.seller, deal.order).unwrap();
        assert_eq!(row.state().unwrap(), State::Refunded);
        assert_eq!((world.wallet(&deal.buyer).await, world.fees().await), (100_000, 0));
        assert_eq!(world.goods(deal.listing).await, GoodsState::Withdrawn);
    })
    .await;
}

#[tokio::test]
async fn one_appeal_is_heard_by_somebody_else_and_is_final() {
    each(async |world| {
        let first = world.staff();
        let deal = deciding(world, &first).await;
        command!(world, rule, &first, deal.order, None, ruling(0)).unwrap();
        command!(world, appeal, &deal.buyer, deal.order, None, "没有看照片").unwrap();
        assert_eq!(world.state(deal.order).await, State::Appealed);
        let same = command!(world, rule, &first, deal.order, None, ruling(0)).unwrap_err();
        assert_eq!(refusal(same), (403, "forbidden"));
        let row = command!(world, rule, &world.staff(), deal.order, None, ruling(12_000)).unwrap();
        assert_eq!(row.state().unwrap(), State::Settled);
        assert_eq!(world.wallet(&deal.buyer).await, 100_000 - PRICE + 12_000);
        let again = command!(world, appeal, &deal.seller, deal.order, None, "不服").unwrap_err();
        assert_eq!(refusal(again), (CONFLICT, "trade-step"));
    })
    .await;
}

#[tokio::test]
async fn a_buyer_talks_to_the_seller_first() {
    each(async |world| {
        let deal = world.shipped().await;
        assert!(!world.actions(&deal.buyer, deal.order).await.contains(&Event::OpenDispute));
        let early = command!(world, open_dispute, &deal.buyer, deal.order, None, complaint()).unwrap_err();
        assert_eq!(refusal(early), (CONFLICT, "trade-talk-first"));
    })
    .await;
}

#[tokio::test]
async fn whoever_opened_a_dispute_can_let_it_go_and_the_order_goes_on() {
    each(async |world| {
        let deal = refused(world).await;
        command!(world, open_dispute, &deal.buyer, deal.order, None, complaint()).unwrap();
        let others = command!(world, drop_dispute, &deal.seller, deal.order, None).unwrap_err();
        assert_eq!(refusal(others), (403, "forbidden"));
        let row = command!(world, drop_dispute, &deal.buyer, deal.order, None).unwrap();
        assert_eq!(row.state().unwrap(), State::Shipped);
        command!(world, confirm, &deal.buyer, deal.order, None).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_seller_disputes_what_came_back_and_cannot_end_it_by_letting_go() {
    each(async |world| {
        let deal = world.shipped().await;
        let ask = NewRefundRequest {
            kind: RefundKind::WithReturn,
            reason: RefundReason::Defective,
            words: String::new(),
            amount_fen: None,
        };
        command!(world, request_refund, &deal.buyer, deal.order, None, ask).unwrap();
        let yes = AnswerRefund::Agree { words: String::new() };
        command!(world, answer_refund, &deal.seller, deal.order, None, &yes).unwrap();
        command!(world, send_back, &deal.buyer, deal.order, None, &parcel()).unwrap();
        let damaged = NewDispute { reason: DisputeReason::ReturnDamaged, ..complaint() };
        command!(world, open_dispute, &deal.seller, deal.order, None, damaged).unwrap();
        // The goods are on their way back: letting go would give the seller both.
        let refused = command!(world, drop_dispute, &deal.seller, deal.order, None).unwrap_err();
        assert_eq!(refusal(refused), (403, "forbidden"));
        assert!(!world.actions(&deal.seller, deal.order).await.contains(&Event::DropDispute));
        command!(world, take_up, &world.staff(), deal.order).unwrap();
        command!(world, rule, &world.staff(), deal.order, None, ruling(PRICE)).unwrap();
        world.hours(7 * 24).await;
        assert_eq!(world.wallet(&deal.buyer).await, 100_000);
    })
    .await;
}

#[tokio::test]
async fn nobody_rules_on_their_own_trade_or_beyond_what_is_held_or_without_reasons() {
    each(async |world| {
        let deal = deciding(world, &world.staff()).await;
        let judge = Actor { roles: world.staff().roles, ..deal.seller.clone() };
        let own = command!(world, rule, &judge, deal.order, None, ruling(0)).unwrap_err();
        assert_eq!(refusal(own), (403, "forbidden"));
        let much = command!(world, rule, &world.staff(), deal.order, None, ruling(PRICE + 1)).unwrap_err();
        assert_eq!(refusal(much), (422, "invalid"));
        let silent = Ruling { buyer_fen: 0, reasons: String::new() };
        let silent = command!(world, rule, &world.staff(), deal.order, None, silent).unwrap_err();
        assert_eq!(refusal(silent), (422, "invalid"));
        let nobody = command!(world, rule, &world.person(), deal.order, None, ruling(0)).unwrap_err();
        assert_eq!(refusal(nobody), (403, "forbidden"));
    })
    .await;
}
