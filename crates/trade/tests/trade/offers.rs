//! Haggling.

use luhuan_kernel::Limit;
use luhuan_listing::model::{Details, State as GoodsState};
use luhuan_trade::{
    NewOffer, NewOrder, Role,
    model::{OfferMove, OfferState},
};

use crate::support::{CONFLICT, PRICE, bike, command, each, met, refusal, refused_fields};

#[tokio::test]
async fn an_offer_is_countered_accepted_and_ordered_by_at_its_price() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(100_000).await);
        let listing = world.on_offer(&seller, bike()).await;
        let offer = command!(world, make_offer, &buyer, NewOffer { listing, amount_fen: 20_000 }).unwrap();
        let own = command!(world, accept_offer, &buyer, offer.id, None).unwrap_err();
        assert_eq!(refusal(own), (CONFLICT, "trade-others-turn"));
        command!(world, counter_offer, &seller, offer.id, Some(1), 26_000).unwrap();
        let view = world.trade.offer(&buyer, offer.id).await.unwrap();
        assert_eq!(view.actions, [OfferMove::Counter, OfferMove::Accept, OfferMove::Decline]);
        let kept = command!(world, accept_offer, &buyer, offer.id, Some(2)).unwrap();
        assert_eq!((kept.state().unwrap(), kept.amount_fen), (OfferState::Accepted, 26_000));
        assert_eq!(world.goods(listing).await, GoodsState::Reserved);
        let others = command!(world, order, &world.person(), met(listing)).unwrap_err();
        assert_eq!(refusal(others), (CONFLICT, "trade-gone"));

        let new = NewOrder { offer: Some(offer.id), ..met(listing) };
        let order = command!(world, order, &buyer, new).unwrap();
        assert_eq!((order.goods_fen, order.fee_fen), (26_000, 156));
        assert_eq!(world.trade.offer(&buyer, offer.id).await.unwrap().state, OfferState::Used);
        assert_eq!(
            world.told().await,
            [
                "trade.offer_made",
                "trade.offer_countered",
                "trade.offer_accepted",
                "trade.offer_used",
                "trade.order_created"
            ]
        );
        // The order falls through: the goods are on offer again, the offer is not.
        command!(world, cancel, &buyer, order.id, None, "").unwrap();
        assert_eq!(world.goods(listing).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn an_offer_lapses_after_a_day_and_an_agreed_one_lets_the_item_go() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let offer = command!(world, make_offer, &buyer, NewOffer { listing, amount_fen: 20_000 }).unwrap().id;
        world.hours(23).await;
        command!(world, counter_offer, &seller, offer, None, 25_000).unwrap();
        world.hours(23).await;
        command!(world, accept_offer, &buyer, offer, None).unwrap();
        assert_eq!(world.hours(24).await, 1);
        assert_eq!(world.trade.offer(&buyer, offer).await.unwrap().state, OfferState::Lapsed);
        assert_eq!(world.goods(listing).await, GoodsState::Published);
        let new = NewOrder { offer: Some(offer), ..met(listing) };
        let refused = command!(world, order, &buyer, new).unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-offer-state"));
    })
    .await;
}

#[tokio::test]
async fn one_offer_at_a_time_and_only_where_the_seller_haggles() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let new = NewOffer { listing, amount_fen: 20_000 };
        let offer = command!(world, make_offer, &buyer, new).unwrap().id;
        let second = command!(world, make_offer, &buyer, new).unwrap_err();
        assert_eq!(refusal(second), (CONFLICT, "trade-offer-open"));
        command!(world, decline_offer, &seller, offer, None).unwrap();
        command!(world, make_offer, &buyer, new).unwrap();
        let own = command!(world, make_offer, &seller, new).unwrap_err();
        assert_eq!(refusal(own), (CONFLICT, "trade-own-goods"));
        let zero = command!(world, make_offer, &buyer, NewOffer { amount_fen: 0, ..new }).unwrap_err();
        assert_eq!(refused_fields(&zero), [("amount_fen", "listing-price-range")]);
        let fixed = world.on_offer(&seller, Details { negotiable: false, ..bike() }).await;
        let fixed = NewOffer { listing: fixed, amount_fen: PRICE - 1 };
        let refused = command!(world, make_offer, &buyer, fixed).unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-not-negotiable"));
    })
    .await;
}

#[tokio::test]
async fn a_seller_does_not_break_an_agreement_and_a_buyer_may_let_it_go() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let offer = command!(world, make_offer, &buyer, NewOffer { listing, amount_fen: 20_000 }).unwrap().id;
        command!(world, accept_offer, &seller, offer, None).unwrap();
        let broken = command!(world, decline_offer, &seller, offer, None).unwrap_err();
        assert_eq!(refusal(broken), (CONFLICT, "trade-offer-state"));
        command!(world, decline_offer, &buyer, offer, None).unwrap();
        assert_eq!(world.goods(listing).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn an_agreed_offer_is_its_buyers_alone() {
    each(async |world| {
        let (seller, buyer, thief) = (world.person(), world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let offer = command!(world, make_offer, &buyer, NewOffer { listing, amount_fen: 20_000 }).unwrap().id;
        command!(world, accept_offer, &seller, offer, None).unwrap();
        let new = NewOrder { offer: Some(offer), ..met(listing) };
        let refused = command!(world, order, &thief, new).unwrap_err();
        assert_eq!(refusal(refused), (404, "not-found"));
        assert_eq!(refusal(world.trade.offer(&thief, offer).await.unwrap_err()), (404, "not-found"));
    })
    .await;
}

#[tokio::test]
async fn each_side_finds_its_offers() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let offer = command!(world, make_offer, &buyer, NewOffer { listing, amount_fen: 20_000 }).unwrap().id;
        for (actor, role) in [(&buyer, Role::Buyer), (&seller, Role::Seller)] {
            let page = world.trade.my_offers(actor, role, None, Limit::of(None)).await.unwrap();
            assert_eq!(page.items.iter().map(|offer| offer.id).collect::<Vec<_>>(), [offer]);
            assert_eq!(page.items[0].asked_fen, Some(PRICE));
            let other = if role == Role::Buyer { Role::Seller } else { Role::Buyer };
            assert!(
                world.trade.my_offers(actor, other, None, Limit::of(None)).await.unwrap().items.is_empty()
            );
        }
    })
    .await;
}
