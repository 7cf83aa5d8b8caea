//! Watchers and views.

use http::StatusCode;
use luhuan_kernel::{Actor, Limit};
use luhuan_listing::model::Move;

use crate::support::{anonymous, at_once, bike, command, commit, each, refusal, titled};

async fn watched(world: &crate::support::World<'_>, who: &Actor) -> Vec<String> {
    let page = world.listings.watchlist(who, None, Limit::of(None)).await.unwrap();
    page.items.into_iter().map(|card| card.title).collect()
}

#[tokio::test]
async fn watching_twice_is_watching_once() {
    each(async |world| {
        let listing = world.published(&world.person(), bike()).await;
        let fan = world.person();
        for _ in 0..2 {
            command!(world, watch, &fan, listing.id).unwrap();
        }
        assert_eq!(world.view(listing.id).await.row.watches, 1);
        assert!(world.listings.is_watching(&fan, listing.id).await.unwrap());
        assert_eq!(world.listings.watch_count(&fan).await.unwrap(), 1);
        for _ in 0..2 {
            command!(world, unwatch, &fan, listing.id).unwrap();
        }
        let row = world.view(listing.id).await.row;
        assert_eq!((row.watches, row.version), (0, listing.version));
        assert!(!world.listings.is_watching(&fan, listing.id).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_watcher_counts_when_many_come_and_go_at_once() {
    each(async |world| {
        let id = world.published(&world.person(), bike()).await.id;
        let staying: Vec<_> = (0..6).map(|_| world.person()).collect();
        let leaving: Vec<_> = (0..6).map(|_| world.person()).collect();
        for fan in &leaving {
            command!(world, watch, fan, id).unwrap();
        }
        let twice = staying.iter().chain(&staying).map(|fan| (fan.clone(), true));
        let tasks: Vec<_> = twice.chain(leaving.iter().map(|fan| (fan.clone(), false))).collect();
        let outcomes = at_once(tasks.into_iter().map(|(fan, comes)| {
            commit(world.listings.clone(), async move |listings, uow| {
                if comes {
                    listings.watch(uow, &fan, id).await
                } else {
                    listings.unwatch(uow, &fan, id).await
                }
            })
        }))
        .await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert_eq!(world.view(id).await.row.watches, 6);
    })
    .await;
}

#[tokio::test]
async fn the_watchlist_is_newest_first_and_leaves_out_what_is_gone_from_sight() {
    each(async |world| {
        let (seller, fan) = (world.person(), world.person());
        let mut listings = Vec::new();
        for title in ["一号山地车", "二号山地车", "三号山地车"] {
            let listing = world.published(&seller, titled(title)).await;
            command!(world, watch, &fan, listing.id).unwrap();
            world.clock.advance_seconds(1);
            listings.push(listing);
        }
        assert_eq!(watched(world, &fan).await, ["三号山地车", "二号山地车", "一号山地车"]);
        command!(world, withdraw, &seller, listings[2].id, None).unwrap();
        world.settle(listings[1].id, Move::Sell).await.unwrap();
        assert_eq!(watched(world, &fan).await, ["二号山地车", "一号山地车"]);
        let first = world.listings.watchlist(&fan, None, Limit::of(Some(2))).await.unwrap();
        let next = world.listings.watchlist(&fan, first.next.as_ref(), Limit::of(Some(2))).await.unwrap();
        assert_eq!((next.items[0].title.as_str(), next.next), ("一号山地车", None));
        assert!(watched(world, &world.person()).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn nobody_watches_without_signing_in() {
    each(async |world| {
        let listing = world.published(&world.person(), bike()).await;
        let refused = command!(world, watch, &anonymous(), listing.id).unwrap_err();
        assert_eq!(refusal(refused), (StatusCode::UNAUTHORIZED, "unauthenticated"));
        let refused = world.listings.watchlist(&anonymous(), None, Limit::of(None)).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn views_are_written_together_and_leave_the_version_alone() {
    each(async |world| {
        let seller = world.person();
        let (often, once) = (world.published(&seller, bike()).await, world.published(&seller, bike()).await);
        for _ in 0..5 {
            world.listings.count_view(often.id);
        }
        world.listings.count_view(once.id);
        assert_eq!(world.view(often.id).await.row.views, 0);
        // What another gateway counted is added, not overwritten.
        let another = world.another_gateway();
        another.count_view(often.id);
        for gateway in [&world.listings, &another, &world.listings] {
            gateway.flush_views().await.unwrap();
        }
        let row = world.view(often.id).await.row;
        assert_eq!((row.views, row.version), (6, often.version));
        assert_eq!(world.view(once.id).await.row.views, 1);
    })
    .await;
}
