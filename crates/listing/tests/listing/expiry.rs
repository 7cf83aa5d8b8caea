//! Listings whose time is over.

use luhuan_kernel::Actor;
use luhuan_listing::{Error, model::State};

use crate::support::{World, at_once, bike, command, commit, each};

async fn expire(world: &World<'_>, batch: u64) -> usize {
    command!(world, expire_due, &Actor::system("test"), batch).unwrap()
}

#[tokio::test]
async fn what_is_due_expires_in_batches_and_nothing_else_does() {
    each(async |world| {
        let seller = world.person();
        let mut due = Vec::new();
        for _ in 0..3 {
            due.push(world.published(&seller, bike()).await.id);
            world.clock.advance_seconds(60);
        }
        world.clock.advance_seconds(86_400);
        let young = world.published(&seller, bike()).await.id;
        let draft = world.draft(&seller, bike()).await.id;
        assert_eq!(expire(world, 10).await, 0);
        world.clock.advance_seconds(89 * 86_400);
        assert_eq!(expire(world, 2).await, 2);
        assert_eq!(
            (world.state(due[0]).await, world.state(due[2]).await),
            (State::Expired, State::Published)
        );
        assert_eq!((expire(world, 2).await, expire(world, 2).await), (1, 0));
        assert_eq!((world.state(young).await, world.state(draft).await), (State::Published, State::Draft));
        assert_eq!(world.told().await.last().unwrap(), "listing.moved");
    })
    .await;
}

#[tokio::test]
async fn an_expired_listing_is_relisted() {
    each(async |world| {
        let seller = world.person();
        let id = world.published(&seller, bike()).await.id;
        world.clock.advance_seconds(90 * 86_400);
        assert_eq!(expire(world, 10).await, 1);
        command!(world, relist, &seller, id, None).unwrap();
        assert_eq!(world.state(id).await, State::Published);
        assert_eq!(expire(world, 10).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_gateways_expire_each_listing_once() {
    each(async |world| {
        let seller = world.person();
        for _ in 0..12 {
            world.published(&seller, bike()).await;
        }
        world.clock.advance_seconds(90 * 86_400);
        let turns = at_once((0..4).map(|_| {
            commit(world.listings.clone(), async move |listings, uow| {
                listings.expire_due(uow, &Actor::system("test"), 5).await
            })
        }))
        .await;
        let mut expired: usize = turns.into_iter().map(Result::unwrap).sum();
        // On PostgreSQL a turn skips what another holds; the next one takes what is left.
        expired += expire(world, 20).await;
        assert_eq!(expired, 12);
        assert_eq!(world.told().await.iter().filter(|name| *name == "listing.moved").count(), 24);
    })
    .await;
}

#[tokio::test]
async fn only_the_program_itself_expires() {
    each(async |world| {
        let refused = command!(world, expire_due, &world.moderator(), 1).unwrap_err();
        assert!(matches!(refused, Error::Forbidden));
    })
    .await;
}
