//! From the order to the money in the seller's hands.

use luhuan_kernel::Actor;
use luhuan_ledger::Provider;
use luhuan_listing::model::{Details, Freight, Returns, State as GoodsState};
use luhuan_trade::{
    Error, NewOrder, OrderFilter, Role,
    model::{By, Event, State},
};

use crate::support::{
    CONFLICT, PRICE, address, bike, clerk, command, each, met, refusal, refused_fields, scratched, sent,
};

#[tokio::test]
async fn a_bike_is_ordered_paid_shipped_received_and_its_money_reaches_the_seller() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(100_000).await);
        let listing = world.on_offer(&seller, bike()).await;
        let order = world.ordered(&buyer, listing).await;
        assert_eq!((order.state().unwrap(), order.total_fen, order.fee_fen), (State::Created, PRICE, 180));
        assert_eq!(world.goods(listing).await, GoodsState::Reserved);

        let paid = world.pay(&buyer, order.id).await.unwrap();
        assert_eq!((paid.state().unwrap(), paid.held_fen), (State::Paid, PRICE));
        assert_eq!(world.wallet(&buyer).await, 100_000 - PRICE);

        let shipped = world.ship(&seller, order.id).await.unwrap();
        assert_eq!(shipped.tracking.as_deref(), Some("SF1234567890123"));

        let done = command!(world, confirm, &buyer, order.id, None).unwrap();
        assert_eq!((done.state().unwrap(), done.held_fen, done.seller_fen), (State::Settled, 0, PRICE - 180));
        assert_eq!((world.wallet(&seller).await, world.fees().await), (PRICE - 180, 180));
        assert_eq!(world.goods(listing).await, GoodsState::Sold);
        assert_eq!(
            world.told().await,
            [
                "trade.order_created",
                "trade.order_paid",
                "trade.order_shipped",
                "trade.order_received",
                "trade.order_settled"
            ]
        );
        let steps: Vec<_> = done.steps().unwrap().iter().map(|step| (step.event, step.by, step.to)).collect();
        assert_eq!(
            steps,
            [
                (Event::Pay, By::Payment, State::Paid),
                (Event::Ship, By::Seller, State::Shipped),
                (Event::Confirm, By::Buyer, State::Received),
                (Event::Settle, By::Clock, State::Settled),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn an_order_can_be_paid_in_the_commit_that_makes_it() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(PRICE).await);
        let listing = world.on_offer(&seller, bike()).await;
        let new = NewOrder { pay: Some(Provider::Wallet), ..sent(listing) };
        let order = command!(world, order, &buyer, new).unwrap();
        assert_eq!((order.state().unwrap(), order.version), (State::Paid, 2));
        assert_eq!(world.wallet(&buyer).await, 0);
        assert_eq!(world.told().await, ["trade.order_created", "trade.order_paid"]);
    })
    .await;
}

#[tokio::test]
async fn who_cannot_pay_reserves_nothing_in_one_step_and_keeps_the_order_in_two() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(PRICE - 1).await);
        let listing = world.on_offer(&seller, bike()).await;
        let new = NewOrder { pay: Some(Provider::Wallet), ..sent(listing) };
        let refused = command!(world, order, &buyer, new).unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "ledger-insufficient-funds"));
        assert_eq!(world.goods(listing).await, GoodsState::Published);

        let order = world.ordered(&buyer, listing).await;
        assert_eq!(refusal(world.pay(&buyer, order.id).await.unwrap_err()).1, "ledger-insufficient-funds");
        assert_eq!(world.state(order.id).await, State::Created);
        world.grant(&buyer, 1).await;
        world.pay(&buyer, order.id).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_paid_order_is_not_paid_again() {
    each(async |world| {
        let deal = world.paid().await;
        let refused = world.pay(&deal.buyer, deal.order).await.unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-step"));
        assert_eq!(world.wallet(&deal.buyer).await, 100_000 - PRICE);
    })
    .await;
}

#[tokio::test]
async fn a_second_buyer_gets_a_clear_conflict() {
    each(async |world| {
        let listing = world.on_offer(&world.person(), bike()).await;
        world.ordered(&world.person(), listing).await;
        let refused = command!(world, order, &world.person(), sent(listing)).unwrap_err();
        assert!(matches!(refused, Error::Gone(GoodsState::Reserved)), "{refused}");
        assert_eq!(refusal(refused), (CONFLICT, "trade-gone"));
    })
    .await;
}

#[tokio::test]
async fn a_buyer_pays_the_price_that_was_shown_or_is_told() {
    each(async |world| {
        let listing = world.on_offer(&world.person(), bike()).await;
        let new = NewOrder { expected_total_fen: Some(PRICE - 1), ..sent(listing) };
        let refused = command!(world, order, &world.person(), new).unwrap_err();
        assert!(matches!(refused, Error::PriceChanged { now_fen: PRICE }), "{refused}");
        assert_eq!(world.goods(listing).await, GoodsState::Published);
        let new = NewOrder { expected_total_fen: Some(PRICE), ..sent(listing) };
        command!(world, order, &world.person(), new).unwrap();
    })
    .await;
}

#[tokio::test]
async fn stated_flaws_are_confirmed_in_a_step_of_their_own_before_anything_is_paid() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(100_000).await);
        let order = world.ordered(&buyer, world.on_offer(&seller, scratched()).await).await;
        let refused = world.pay(&buyer, order.id).await.unwrap_err();
        assert!(
            matches!(&refused, Error::FlawsUnconfirmed(flaws) if flaws == &["前叉有两处划痕"]),
            "{refused}"
        );
        assert_eq!(
            refusal(command!(world, confirm_flaws, &seller, order.id).unwrap_err()),
            (403, "forbidden")
        );
        let confirmed = command!(world, confirm_flaws, &buyer, order.id).unwrap();
        assert!(confirmed.flaws_confirmed_at.is_some());
        world.pay(&buyer, order.id).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn several_things_of_one_seller_go_into_one_order_and_of_two_sellers_do_not() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.rich(200_000).await);
        let freight = |freight| Details { freight: Some(freight), ..bike() };
        let one = world.on_offer(&seller, freight(Freight::BuyerPrepaid)).await;
        let two = world.on_offer(&seller, freight(Freight::BuyerPrepaid)).await;
        let anothers = world.on_offer(&world.person(), bike()).await;
        let mixed = NewOrder { listings: vec![one, anothers], ..sent(one) };
        let refused = command!(world, order, &buyer, mixed).unwrap_err();
        assert_eq!(refused_fields(&refused), [("listings", "trade-bundle-sellers")]);
        assert_eq!(world.goods(one).await, GoodsState::Published);

        let both = NewOrder { listings: vec![two, one, two], pay: Some(Provider::Wallet), ..sent(one) };
        let order = command!(world, order, &buyer, both).unwrap();
        // Carriage once for the parcel, and no fee on it.
        assert_eq!((order.goods_fen, order.freight_fen, order.fee_fen), (2 * PRICE, 1_200, 360));
        assert_eq!((order.things, order.listing_id), (2, two));
        world.ship(&seller, order.id).await.unwrap();
        command!(world, confirm, &buyer, order.id, None).unwrap();
        assert_eq!(world.wallet(&seller).await, 2 * PRICE + 1_200 - 360);
        assert_eq!((world.goods(one).await, world.goods(two).await), (GoodsState::Sold, GoodsState::Sold));
        let view = world.trade.view(&buyer, order.id).await.unwrap();
        assert_eq!(view.lines.iter().map(|line| line.listing).collect::<Vec<_>>(), [two, one]);
    })
    .await;
}

#[tokio::test]
async fn a_bundle_of_which_one_is_gone_reserves_nothing() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let one = world.on_offer(&seller, bike()).await;
        let two = world.on_offer(&seller, bike()).await;
        world.ordered(&world.person(), two).await;
        let refused = command!(world, order, &buyer, NewOrder { listings: vec![one, two], ..sent(one) });
        assert_eq!(refusal(refused.unwrap_err()), (CONFLICT, "trade-gone"));
        assert_eq!(world.goods(one).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn nobody_buys_of_themselves_or_of_the_shop_they_work_for() {
    each(async |world| {
        let seller = world.person();
        let own = world.on_offer(&seller, bike()).await;
        let refused = command!(world, order, &seller, sent(own)).unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-own-goods"));
        let shop = world.id();
        let (poster, colleague) = (clerk(&world.person(), shop), clerk(&world.person(), shop));
        let shops = world.for_shop(&poster, shop, bike()).await;
        for member in [&poster, &colleague] {
            let refused = command!(world, order, member, sent(shops)).unwrap_err();
            assert_eq!(refusal(refused), (CONFLICT, "trade-own-goods"));
        }
    })
    .await;
}

#[tokio::test]
async fn what_must_be_said_is_asked_for_field_by_field() {
    each(async |world| {
        let listing = world.on_offer(&world.person(), bike()).await;
        let order = async |new| command!(world, order, &world.person(), new).unwrap_err();
        let without = order(NewOrder { address: None, ..sent(listing) }).await;
        assert_eq!(refused_fields(&without), [("address", "trade-address-required")]);
        let wrong = luhuan_trade::Address { name: " ".into(), phone: "12".into(), ..address() };
        let wrong = order(NewOrder { address: Some(wrong), ..sent(listing) }).await;
        let expected = [("address.name", "trade-words-required"), ("address.phone", "trade-phone")];
        assert_eq!(refused_fields(&wrong), expected);
        let local = luhuan_listing::model::Delivery::Local;
        let local = order(NewOrder { delivery: local, ..sent(listing) }).await;
        assert_eq!(refused_fields(&local), [("delivery", "trade-delivery")]);
        let none = order(NewOrder { listings: Vec::new(), ..sent(listing) }).await;
        assert_eq!(refused_fields(&none), [("listings", "trade-nothing")]);
        assert_eq!(world.goods(listing).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn an_address_is_stored_sealed_and_shown_to_whoever_needs_it_while_they_need_it() {
    each(async |world| {
        let deal = world.paid().await;
        let stored = world.column("SELECT address_sealed AS it FROM trade_order").await;
        assert!(!stored[0].contains("13812345678") && !stored[0].contains("望京"));
        let shown = async |actor: &Actor| world.trade.view(actor, deal.order).await.unwrap().address;
        assert_eq!(shown(&deal.seller).await.unwrap().phone, "13812345678");
        assert!(shown(&deal.buyer).await.is_some());
        assert!(shown(&world.staff()).await.is_none());
        world.ship(&deal.seller, deal.order).await.unwrap();
        command!(world, confirm, &deal.buyer, deal.order, None).unwrap();
        assert!(shown(&deal.seller).await.is_none());
        let refused = world.trade.view(&world.person(), deal.order).await.unwrap_err();
        assert_eq!(refusal(refused), (404, "not-found"));
    })
    .await;
}

#[tokio::test]
async fn an_order_is_called_off_by_the_seller_and_the_money_is_back_at_once() {
    each(async |world| {
        let deal = world.paid().await;
        let row = command!(world, cancel, &deal.seller, deal.order, None, "找不到了").unwrap();
        assert_eq!((row.state().unwrap(), row.held_fen, row.refunded_fen), (State::Cancelled, 0, PRICE));
        assert_eq!(row.steps().unwrap().last().unwrap().words, "找不到了");
        assert_eq!(world.wallet(&deal.buyer).await, 100_000);
        assert_eq!(world.goods(deal.listing).await, GoodsState::Published);
    })
    .await;
}

#[tokio::test]
async fn a_buyer_calls_off_before_paying_and_once_the_seller_is_late_but_not_between() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let unpaid = world.ordered(&buyer, listing).await.id;
        command!(world, cancel, &buyer, unpaid, None, "").unwrap();
        assert_eq!(world.goods(listing).await, GoodsState::Published);

        let deal = world.paid().await;
        let early = command!(world, cancel, &deal.buyer, deal.order, None, "").unwrap_err();
        assert_eq!(refusal(early), (CONFLICT, "trade-too-early"));
        let action = world.trade.view(&deal.buyer, deal.order).await.unwrap();
        let cancel = action.actions.iter().find(|action| action.event == Event::CancelLate).unwrap();
        assert!(cancel.from.is_some());
        world.hours(72).await;
        command!(world, cancel, &deal.buyer, deal.order, None, "").unwrap();
        assert_eq!(world.wallet(&deal.buyer).await, 100_000);
    })
    .await;
}

#[tokio::test]
async fn a_stale_version_is_refused() {
    each(async |world| {
        let deal = world.paid().await;
        let refused = command!(world, confirm, &deal.buyer, deal.order, Some(1)).unwrap_err();
        assert_eq!(refusal(refused), (412, "stale"));
    })
    .await;
}

#[tokio::test]
async fn a_shop_sells_as_an_operator_pays_the_shops_fee_and_owes_seven_days() {
    each(async |world| {
        let shop = world.id();
        let (poster, colleague) = (clerk(&world.person(), shop), clerk(&world.person(), shop));
        let buyer = world.rich(100_000).await;
        let listing = world.for_shop(&poster, shop, bike()).await;
        let order = world.ordered(&buyer, listing).await;
        assert!(order.returnable);
        assert_eq!(order.fee_fen, 480);
        world.pay(&buyer, order.id).await.unwrap();
        // Anybody who sells for the shop ships.
        world.ship(&colleague, order.id).await.unwrap();
        let row = command!(world, confirm, &buyer, order.id, None).unwrap();
        // The money waits until the seven days are over, counted from the day after.
        assert_eq!((row.state().unwrap(), row.held_fen), (State::Received, PRICE));
        world.hours(7 * 24).await;
        assert_eq!(world.state(order.id).await, State::Received);
        world.hours(24).await;
        assert_eq!(world.state(order.id).await, State::Settled);
        let owner = luhuan_ledger::AccountOwner::Organisation(shop);
        assert_eq!(world.available(&owner).await, PRICE - 480);
    })
    .await;
}

#[tokio::test]
async fn a_private_promise_of_seven_days_binds_and_flaws_that_were_confirmed_end_an_operators_duty() {
    each(async |world| {
        let promised = Details { returns: Some(Returns::SevenDay), ..scratched() };
        let order = world.ordered(&world.person(), world.on_offer(&world.person(), promised).await).await;
        assert!(order.returnable);
        let shop = world.id();
        let flawed = world.for_shop(&clerk(&world.person(), shop), shop, scratched()).await;
        assert!(!world.ordered(&world.person(), flawed).await.returnable);
    })
    .await;
}

#[tokio::test]
async fn what_an_order_would_cost_is_told_before() {
    each(async |world| {
        let details = Details { freight: Some(Freight::BuyerPrepaid), ..scratched() };
        let listing = world.on_offer(&world.person(), details).await;
        let quote =
            world.trade.quote(&[listing], None, luhuan_listing::model::Delivery::Express).await.unwrap();
        assert_eq!((quote.goods_fen, quote.freight_fen, quote.total_fen), (PRICE, 1_200, PRICE + 1_200));
        assert_eq!((quote.fee.fee_fen, quote.seller_fen, quote.fee.version), (180, PRICE + 1_020, 1));
        assert_eq!(quote.flaws, ["前叉有两处划痕"]);
    })
    .await;
}

#[tokio::test]
async fn each_side_finds_its_orders_the_newest_first() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let mut made = Vec::new();
        for _ in 0..3 {
            let listing = world.on_offer(&seller, bike()).await;
            world.clock.advance_seconds(1);
            made.push(command!(world, order, &buyer, met(listing)).unwrap().id);
        }
        made.reverse();
        let limit = luhuan_kernel::Limit::of(Some(2));
        for (actor, role) in [(&buyer, Role::Buyer), (&seller, Role::Seller)] {
            let filter = OrderFilter { role, ..OrderFilter::default() };
            let first = world.trade.orders(actor, &filter, None, limit).await.unwrap();
            let rest = world.trade.orders(actor, &filter, first.next.as_ref(), limit).await.unwrap();
            let found: Vec<_> = first.items.iter().chain(&rest.items).map(|card| card.id).collect();
            assert_eq!(found, made);
            assert!(rest.next.is_none());
            let other = OrderFilter { states: vec![State::Paid], ..filter };
            assert!(world.trade.orders(actor, &other, None, limit).await.unwrap().items.is_empty());
        }
    })
    .await;
}
