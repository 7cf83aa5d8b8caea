//! Holds, and what moderators decide.

use http::StatusCode;
use luhuan_kernel::{Actor, Limit};
use luhuan_listing::{BrowseFilter, Error, model::State};

use crate::support::{World, bike, command, doubtful, each, refusal, refused_fields};

async fn waiting(world: &World<'_>, limit: u32) -> usize {
    world.listings.waiting(&world.moderator(), None, Limit::of(Some(limit))).await.unwrap().items.len()
}

async fn on_offer(world: &World<'_>) -> usize {
    world.listings.browse(&BrowseFilter::default(), None, Limit::of(None)).await.unwrap().items.len()
}

#[tokio::test]
async fn a_doubtful_listing_waits_and_goes_on_offer_once_cleared() {
    each(async |world| {
        let listing = world.published(&world.person(), doubtful()).await;
        assert_eq!((listing.state.as_str(), listing.held.as_deref()), ("published", Some("event-tickets")));
        assert_eq!((waiting(world, 10).await, on_offer(world).await), (1, 0));
        let cleared = command!(world, clear, &world.moderator(), listing.id, "只是赠品").unwrap();
        assert_eq!((cleared.held, cleared.version), (None, listing.version + 1));
        assert_eq!((waiting(world, 10).await, on_offer(world).await), (0, 1));
        assert_eq!(world.told().await, ["listing.drafted", "listing.moved", "listing.held", "listing.held"]);
        // Clearing what does not wait decides nothing.
        command!(world, clear, &world.moderator(), listing.id, "").unwrap();
        assert_eq!(world.column("SELECT verdict AS it FROM decision").await, ["cleared"]);
    })
    .await;
}

#[tokio::test]
async fn the_longest_waiting_comes_first_page_by_page() {
    each(async |world| {
        let seller = world.person();
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(world.published(&seller, doubtful()).await.id);
            world.clock.advance_seconds(60);
        }
        let moderator = world.moderator();
        let first = world.listings.waiting(&moderator, None, Limit::of(Some(2))).await.unwrap();
        let next = world.listings.waiting(&moderator, first.next.as_ref(), Limit::of(Some(2))).await.unwrap();
        let seen: Vec<_> = first.items.iter().chain(&next.items).map(|card| card.id).collect();
        assert_eq!((seen, next.next), (ids, None));
    })
    .await;
}

#[tokio::test]
async fn a_listing_that_is_taken_down_is_withdrawn_with_a_reason_for_its_seller() {
    each(async |world| {
        let (seller, moderator) = (world.person(), world.moderator());
        let id = world.published(&seller, doubtful()).await.id;
        let refused = command!(world, take_down, &moderator, id, " ").unwrap_err();
        assert_eq!(refused_fields(&refused), [("reason", "listing-reason-required")]);
        command!(world, take_down, &moderator, id, "实名票不能转让").unwrap();
        assert_eq!((world.state(id).await, waiting(world, 10).await), (State::Withdrawn, 0));
        let told = world.listings.take_downs(&[id]).await.unwrap();
        assert_eq!(told[&id], "实名票不能转让");
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_down_waits_for_a_moderator_when_it_is_offered_again() {
    each(async |world| {
        let (seller, moderator) = (world.person(), world.moderator());
        let id = world.published(&seller, bike()).await.id;
        command!(world, take_down, &moderator, id, "照片与描述不符").unwrap();
        world.edit(&seller, id, |it| it.description = "重拍了照片".to_owned()).await.unwrap();
        let relisted = command!(world, relist, &seller, id, None).unwrap();
        assert_eq!(relisted.held.as_deref(), Some("taken-down"));
        assert_eq!(on_offer(world).await, 0);
        let edited = world.edit(&seller, id, |it| it.description = "又改".to_owned()).await.unwrap();
        assert!(edited.held.is_some());
        world.clock.advance_seconds(1);
        command!(world, clear, &moderator, id, "").unwrap();
        assert_eq!(on_offer(world).await, 1);
        // Cleared, its seller may withdraw and relist it freely.
        command!(world, withdraw, &seller, id, None).unwrap();
        assert_eq!(command!(world, relist, &seller, id, None).unwrap().held, None);
    })
    .await;
}

#[tokio::test]
async fn a_held_listing_that_its_seller_withdraws_waits_for_nobody() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, doubtful()).await.id;
        command!(world, withdraw, &seller, id, None).unwrap();
        assert_eq!(waiting(world, 10).await, 0);
        assert!(command!(world, relist, &seller, id, None).unwrap().held.is_some());
    })
    .await;
}

#[tokio::test]
async fn nobody_else_decides() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, doubtful()).await.id;
        for (who, status) in [
            (seller, StatusCode::FORBIDDEN),
            (crate::support::anonymous(), StatusCode::UNAUTHORIZED),
            (Actor::system("test"), StatusCode::UNAUTHORIZED),
        ] {
            let outcomes: [Result<_, Error>; 2] =
                [command!(world, clear, &who, id, ""), command!(world, take_down, &who, id, "x")];
            for outcome in outcomes {
                assert_eq!(refusal(outcome.unwrap_err()).0, status);
            }
            let refused = world.listings.waiting(&who, None, Limit::of(None)).await.unwrap_err();
            assert_eq!(refused.status(), status);
        }
        assert!(world.view(id).await.row.held.is_some());
    })
    .await;
}
