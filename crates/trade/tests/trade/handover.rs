//! Meeting in person: the place, the code, and paying from hand to hand.

use luhuan_kernel::Actor;
use luhuan_ledger::Provider;
use luhuan_listing::model::State as GoodsState;
use luhuan_trade::{
    Handover, NewOrder,
    model::{Event, State},
};

use crate::support::{CONFLICT, Deal, PRICE, World, bike, command, each, met, refusal, refused_fields};

async fn code(world: &World<'_>, actor: &Actor, deal: &Deal) -> Option<String> {
    world.trade.view(actor, deal.order).await.unwrap().code
}

/// Paid, with a place to meet.
async fn meeting(world: &World<'_>) -> Deal {
    let (seller, buyer) = (world.person(), world.rich(100_000).await);
    let listing = world.on_offer(&seller, bike()).await;
    let new = NewOrder { pay: Some(Provider::Wallet), ..met(listing) };
    let order = command!(world, order, &buyer, new).unwrap().id;
    command!(world, arrange, &seller, order, None, "望京地铁站 B 口", None).unwrap();
    Deal { seller, buyer, listing, order }
}

/// To be paid from hand to hand.
async fn cash(world: &World<'_>) -> Deal {
    let (seller, buyer) = (world.person(), world.person());
    let listing = world.on_offer(&seller, bike()).await;
    let new = NewOrder { pay: Some(Provider::FaceToFace), ..met(listing) };
    let order = command!(world, order, &buyer, new).unwrap().id;
    Deal { seller, buyer, listing, order }
}

#[tokio::test]
async fn the_seller_types_the_code_that_the_buyer_shows_and_has_the_money() {
    each(async |world| {
        let deal = meeting(world).await;
        assert_eq!(code(world, &deal.seller, &deal).await, None);
        let shown = code(world, &deal.buyer, &deal).await.unwrap();
        assert!(shown.len() == 6 && shown.bytes().all(|byte| byte.is_ascii_digit()));
        let stored = world.column("SELECT code_sealed AS it FROM trade_order").await;
        assert!(!stored[0].contains(&shown));
        let done = command!(world, hand_over, &deal.seller, deal.order, &shown).unwrap();
        assert!(matches!(done, Handover::Done(row) if row.state().unwrap() == State::Settled));
        assert_eq!(world.wallet(&deal.seller).await, PRICE - 180);
        assert!(world.told().await.contains(&"trade.order_handed_over".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn five_wrong_codes_lock_the_code_and_the_buyer_can_still_confirm() {
    each(async |world| {
        let deal = meeting(world).await;
        let right = code(world, &deal.buyer, &deal).await.unwrap();
        let wrong = if right == "000000" { "000001" } else { "000000" };
        for left in (0..5).rev() {
            let outcome = command!(world, hand_over, &deal.seller, deal.order, wrong).unwrap();
            assert!(matches!(outcome, Handover::WrongCode { left: found } if found == left));
        }
        let locked = command!(world, hand_over, &deal.seller, deal.order, &right).unwrap_err();
        assert_eq!(refusal(locked), (CONFLICT, "trade-code-locked"));
        let buyers = command!(world, hand_over, &deal.buyer, deal.order, &right).unwrap_err();
        assert_eq!(refusal(buyers), (CONFLICT, "trade-step"));
        command!(world, confirm, &deal.buyer, deal.order, None).unwrap();
        assert_eq!(world.state(deal.order).await, State::Settled);
    })
    .await;
}

#[tokio::test]
async fn when_both_are_there_it_counts_as_handed_over_a_day_later_and_a_new_place_begins_anew() {
    each(async |world| {
        let deal = meeting(world).await;
        command!(world, check_in, &deal.buyer, deal.order).unwrap();
        world.hours(30).await;
        assert_eq!(world.state(deal.order).await, State::HandoverReady);
        command!(world, check_in, &deal.seller, deal.order).unwrap();
        command!(world, arrange, &deal.buyer, deal.order, None, "国贸地铁站", None).unwrap();
        world.hours(30).await;
        assert_eq!(world.state(deal.order).await, State::HandoverReady);
        command!(world, check_in, &deal.buyer, deal.order).unwrap();
        command!(world, check_in, &deal.seller, deal.order).unwrap();
        world.hours(23).await;
        assert_eq!(world.state(deal.order).await, State::HandoverReady);
        world.hours(1).await;
        assert_eq!(world.state(deal.order).await, State::Settled);
    })
    .await;
}

#[tokio::test]
async fn two_who_never_meet_part_without_loss() {
    each(async |world| {
        let deal = meeting(world).await;
        world.hours(15 * 24).await;
        assert_eq!(world.state(deal.order).await, State::Cancelled);
        assert_eq!(world.wallet(&deal.buyer).await, 100_000);
        assert_eq!(world.goods(deal.listing).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn who_has_paid_cannot_call_off_alone_what_may_be_in_their_hands() {
    each(async |world| {
        let deal = meeting(world).await;
        let refused = command!(world, cancel, &deal.buyer, deal.order, None, "").unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-step"));
        assert!(!world.actions(&deal.buyer, deal.order).await.contains(&Event::Cancel));
        command!(world, cancel, &deal.seller, deal.order, None, "").unwrap();
        assert_eq!(world.wallet(&deal.buyer).await, 100_000);
    })
    .await;
}

#[tokio::test]
async fn from_hand_to_hand_each_types_the_others_code_and_nothing_passes_through_us() {
    each(async |world| {
        let deal = cash(world).await;
        assert_eq!(world.state(deal.order).await, State::HandoverReady);
        let (buyers, sellers) =
            (code(world, &deal.buyer, &deal).await.unwrap(), code(world, &deal.seller, &deal).await.unwrap());
        assert_ne!(buyers, sellers);
        let alone = command!(world, confirm, &deal.buyer, deal.order, None).unwrap_err();
        assert_eq!(refused_fields(&alone), [("code", "trade-code-needed")]);
        let first = command!(world, hand_over, &deal.seller, deal.order, &buyers).unwrap();
        assert!(matches!(first, Handover::Waiting(_)));
        let second = command!(world, hand_over, &deal.buyer, deal.order, &sellers).unwrap();
        assert!(matches!(second, Handover::Done(row) if row.state().unwrap() == State::Settled));
        assert_eq!((world.wallet(&deal.seller).await, world.fees().await), (0, 0));
        assert_eq!(world.goods(deal.listing).await, GoodsState::Sold);
    })
    .await;
}

#[tokio::test]
async fn what_is_to_be_paid_from_hand_to_hand_can_be_called_off_by_either() {
    each(async |world| {
        for buyers in [true, false] {
            let deal = cash(world).await;
            let who = if buyers { &deal.buyer } else { &deal.seller };
            command!(world, cancel, who, deal.order, None, "").unwrap();
            assert_eq!(world.goods(deal.listing).await, GoodsState::Published);
        }
        let deal = cash(world).await;
        let ask = luhuan_trade::NewRefundRequest {
            kind: luhuan_trade::model::RefundKind::MoneyOnly,
            reason: luhuan_trade::model::RefundReason::Other,
            words: String::new(),
            amount_fen: None,
        };
        let refused = command!(world, request_refund, &deal.buyer, deal.order, None, ask).unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-nothing-held"));
    })
    .await;
}

#[tokio::test]
async fn a_parcel_is_not_paid_from_hand_to_hand_and_a_meeting_is_not_shipped() {
    each(async |world| {
        let deal = meeting(world).await;
        let refused = world.ship(&deal.seller, deal.order).await.unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-step"));
        let listing = world.on_offer(&world.person(), bike()).await;
        let new = NewOrder { pay: Some(Provider::FaceToFace), ..crate::support::sent(listing) };
        let refused = command!(world, order, &world.person(), new).unwrap_err();
        assert_eq!(refused_fields(&refused), [("provider", "trade-face-to-face")]);
    })
    .await;
}
