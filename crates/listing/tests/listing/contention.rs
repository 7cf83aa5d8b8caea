//! Two at once: the database decides, on both systems.

use axum::body::Body;
use http::{Request, StatusCode};
use luhuan_kernel::Actor;
use luhuan_listing::{
    Change, CreateListing, Error, api,
    model::{Details, Move, State},
};
use tower::ServiceExt;

use crate::support::{at_once, bike, command, commit, each, offer};

const TRIES: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_reserve_at_once_one_does() {
    each(async |world| {
        let id = world.published(&world.person(), bike()).await.id;
        let outcomes = at_once((0..TRIES).map(|_| {
            commit(world.listings.clone(), async move |listings, uow| {
                listings.settle(uow, &Actor::system("test"), id, Move::Reserve).await
            })
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for refused in outcomes.into_iter().filter_map(Result::err) {
            assert!(matches!(refused, Error::IllegalMove(it) if it.from == State::Reserved), "{refused}");
        }
        assert_eq!(world.told().await.iter().filter(|name| *name == "listing.moved").count(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_publish_at_once_one_does_and_the_others_see_it_done() {
    each(async |world| {
        let seller = world.person();
        let id = world.draft(&seller, bike()).await.id;
        let outcomes = at_once((0..TRIES).map(|_| {
            let seller = seller.clone();
            commit(world.listings.clone(), async move |listings, uow| {
                listings.publish(uow, &seller, id, None).await
            })
        }))
        .await;
        for outcome in outcomes {
            let row = outcome.unwrap();
            assert_eq!((row.state.as_str(), row.version), ("published", 2));
        }
        assert_eq!(world.told().await, ["listing.drafted", "listing.moved"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_item_listed_many_times_at_once_is_listed_once() {
    each(async |world| {
        let seller = world.person();
        let sold = world.published(&seller, bike()).await;
        world.settle(sold.id, Move::Sell).await.unwrap();
        let again = CreateListing { item: Some(sold.item_id), ..offer(bike()) };
        let outcomes = at_once((0..TRIES).map(|_| {
            let (seller, again) = (seller.clone(), again.clone());
            commit(world.listings.clone(), async move |listings, uow| {
                listings.create(uow, &seller, again).await
            })
        }))
        .await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for refused in outcomes.into_iter().filter_map(Result::err) {
            assert!(matches!(refused, Error::ItemListed), "{refused}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_listing_is_not_relisted_while_its_item_is_on_offer_elsewhere() {
    each(async |world| {
        let seller = world.person();
        let old = world.published(&seller, bike()).await;
        command!(world, withdraw, &seller, old.id, None).unwrap();
        let again = CreateListing { item: Some(old.item_id), ..offer(bike()) };
        command!(world, create, &seller, again).unwrap();
        let refused = command!(world, relist, &seller, old.id, None).unwrap_err();
        assert!(matches!(refused, Error::ItemListed), "{refused}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_buys_at_a_price_that_changes_in_the_same_moment() {
    each(async |world| {
        for _ in 0..TRIES {
            let seller = world.person();
            let listing = world.published(&seller, bike()).await;
            let (id, read) = (listing.id, listing.version);
            let editing = commit(world.listings.clone(), async move |listings, uow| {
                let dearer = |mut details: Details| {
                    details.price_fen = Some(99_900);
                    Change { details, point: None }
                };
                listings.edit(uow, &seller, id, Some(read), dearer).await
            });
            let buying = commit(world.listings.clone(), async move |listings, uow| {
                listings.settle(uow, &Actor::system("test"), id, Move::Reserve).await
            });
            let (edited, reserved) = tokio::join!(tokio::spawn(editing), tokio::spawn(buying));
            let (edited, reserved) = (edited.unwrap(), reserved.unwrap().unwrap());
            // Whichever came first, the buyer's row says the price that holds.
            match edited {
                Ok(_) => assert_eq!((reserved.version, reserved.price_fen), (read + 2, Some(99_900))),
                Err(refused) => {
                    assert!(matches!(refused, Error::Stale), "{refused}");
                    assert_eq!((reserved.version, reserved.price_fen), (read + 1, Some(76_000)));
                }
            }
            assert_eq!(world.view(id).await.row, reserved);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn more_sellers_at_once_than_there_are_connections_wait_their_turn() {
    each(async |world| {
        let sellers: Vec<_> = (0..40).map(|_| world.person()).collect();
        let created = at_once(sellers.into_iter().map(|seller| {
            let listings = world.listings.clone();
            async move {
                let request = Request::post("/api/v1/listings")
                    .extension(seller)
                    .header("content-type", "application/json");
                let body = r#"{ "title": "山地车", "category": "bikes-mountain" }"#;
                let (router, _) = api::routes().split_for_parts();
                router
                    .with_state(listings)
                    .oneshot(request.body(Body::from(body)).unwrap())
                    .await
                    .unwrap()
                    .status()
            }
        }))
        .await;
        assert_eq!(created, [StatusCode::CREATED; 40]);
    })
    .await;
}
