//! Two hundred at once: the database decides, on both systems.

use std::time::Duration;

use luhuan_kernel::Actor;
use luhuan_ledger::Provider;
use luhuan_listing::model::{Move, State as GoodsState};
use luhuan_store::UnitOfWork;
use luhuan_trade::{Error, NewOrder, Trade, model::State};

use crate::support::{CONFLICT, PRICE, World, at_once, bike, each, refusal, sent, trade};

const BUYERS: usize = 200;

/// A command in a unit of work of its own, for a task that outlives the world's borrow.
async fn commit<T>(
    trade: Trade,
    command: impl AsyncFnOnce(&Trade, &UnitOfWork) -> Result<T, Error>,
) -> Result<T, Error> {
    // Two hundred wait for the one writer, or for a dozen connections: longer than anybody else would.
    let uow = loop {
        match trade.store().begin().await {
            Ok(uow) => break uow,
            Err(error) if error.is_transient() => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => return Err(error.into()),
        }
    };
    let done = command(&trade, &uow).await?;
    uow.commit().await?;
    Ok(done)
}

async fn rich(world: &World<'_>, count: usize) -> Vec<Actor> {
    let mut buyers = Vec::with_capacity(count);
    for _ in 0..count {
        buyers.push(world.rich(PRICE).await);
    }
    buyers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_buyers_of_one_item_one_pays_and_the_others_get_a_clear_conflict() {
    each(async |world| {
        let seller = world.person();
        let listing = world.on_offer(&seller, bike()).await;
        let buyers = rich(world, BUYERS).await;
        // Two gateways on one database.
        let gateways = [world.trade.clone(), trade(world.database)];
        let outcomes = at_once(buyers.iter().cloned().enumerate().map(|(n, buyer)| {
            commit(gateways[n % 2].clone(), async move |trade, uow| {
                let new = NewOrder { pay: Some(Provider::Wallet), ..sent(listing) };
                trade.order(uow, &buyer, new).await
            })
        }))
        .await;
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, BUYERS - 1));
        for refused in lost.into_iter().filter_map(Result::err) {
            assert_eq!(refusal(refused), (CONFLICT, "trade-gone"));
        }
        let order = won.into_iter().find_map(Result::ok).unwrap();
        assert_eq!(order.state().unwrap(), State::Paid);
        assert_eq!(world.column("SELECT state AS it FROM trade_order").await, ["paid"]);
        assert_eq!(world.goods(listing).await, GoodsState::Reserved);
        let mut left = 0;
        for buyer in &buyers {
            left += world.wallet(buyer).await;
        }
        assert_eq!(left, PRICE * (BUYERS as i64 - 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn bundles_that_overlap_do_not_wait_for_each_other() {
    each(async |world| {
        let seller = world.person();
        let mut things = Vec::new();
        for _ in 0..4 {
            things.push(world.on_offer(&seller, bike()).await);
        }
        let buyers: Vec<_> = (0..16).map(|_| world.person()).collect();
        let outcomes = at_once(buyers.into_iter().enumerate().map(|(n, buyer)| {
            let mut listings = things.clone();
            listings.rotate_left(n % 4);
            listings.truncate(3);
            commit(world.trade.clone(), async move |trade, uow| {
                trade.order(uow, &buyer, NewOrder { listings: listings.clone(), ..sent(listings[0]) }).await
            })
        }))
        .await;
        let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1, "three of four: no two fit beside each other");
        for refused in lost.into_iter().filter_map(Result::err) {
            assert_eq!(refusal(refused), (CONFLICT, "trade-gone"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_confirmation_a_refund_and_a_clock_at_once_one_moves_the_order() {
    each(async |world| {
        for _ in 0..4 {
            let deal = world.shipped().await;
            let (buyer, order) = (deal.buyer.clone(), deal.order);
            let confirms = (0..4).map(|_| {
                let buyer = buyer.clone();
                commit(world.trade.clone(), async move |trade, uow| {
                    trade.confirm(uow, &buyer, order, None).await.map(|row| row.seller_fen)
                })
            });
            let outcomes = at_once(confirms).await;
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
            assert_eq!(world.wallet(&deal.seller).await, PRICE - 180);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_gateways_that_run_the_same_clocks_take_each_step_once() {
    each(async |world| {
        let mut orders = Vec::new();
        for _ in 0..10 {
            orders.push(world.shipped().await.order);
        }
        world.clock.advance_seconds(240 * 3600);
        let gateways = (0..4).map(|_| trade(world.database));
        let taken = at_once(
            gateways.map(|trade| async move { trade.run_clocks(&Actor::system("test")).await.unwrap() }),
        )
        .await;
        assert_eq!(taken.iter().sum::<u64>(), 10);
        for order in orders {
            assert_eq!(world.state(order).await, State::Settled);
        }
        let told = world.told().await;
        assert_eq!(told.iter().filter(|name| *name == "trade.order_settled").count(), 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_offer_is_accepted_or_the_item_is_bought_but_not_both() {
    each(async |world| {
        for _ in 0..6 {
            let seller = world.person();
            let listing = world.on_offer(&seller, bike()).await;
            let haggler = world.person();
            let new = luhuan_trade::NewOffer { listing, amount_fen: 20_000 };
            let offer = crate::support::command!(world, make_offer, &haggler, new).unwrap().id;
            let buyer = world.person();
            let accepting = commit(world.trade.clone(), async move |trade, uow| {
                trade.accept_offer(uow, &seller, offer, None).await.map(|_| ())
            });
            let buying = commit(world.trade.clone(), async move |trade, uow| {
                trade.order(uow, &buyer, sent(listing)).await.map(|_| ())
            });
            let (accepted, bought) = tokio::join!(tokio::spawn(accepting), tokio::spawn(buying));
            let (accepted, bought) = (accepted.unwrap(), bought.unwrap());
            assert!(accepted.is_ok() ^ bought.is_ok());
            let view = world.trade.listings().view(&Actor::system("test"), listing).await.unwrap();
            assert!(view.state.after(Move::Release).is_ok(), "it is reserved once");
        }
    })
    .await;
}
