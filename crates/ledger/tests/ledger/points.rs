//! Green points: oldest end first, 24 months, discounts from a budget.

use luhuan_ledger::{AccountKind, AccountOwner, Error};

use crate::support::{World, command, each};

const DAY: i64 = 86_400;

async fn points(world: &World<'_>, owner: &AccountOwner) -> i64 {
    world.balance(owner, AccountKind::Points).await
}

async fn left(world: &World<'_>, owner: &AccountOwner) -> Vec<i64> {
    world.ledger.points_of(owner).await.unwrap().into_iter().map(|(left, _)| left).collect()
}

async fn expire(world: &World<'_>) {
    command!(world, expire_points, 100).unwrap();
}

#[tokio::test]
async fn points_are_spent_oldest_end_first_and_the_budget_pays_their_worth() {
    each(async |world| {
        let owner = AccountOwner::Person(world.id());
        let budget = AccountOwner::Budget("green".into());
        world.grant(&budget, 1_000).await;
        for _ in 0..2 {
            command!(world, earn_points, &owner, 100, "weigh-in 1").unwrap();
        }
        world.clock.advance_seconds(40 * DAY);
        command!(world, earn_points, &owner, 50, "weigh-in 2").unwrap();
        let order = world.order();
        for _ in 0..2 {
            let worth = command!(world, spend_points, &owner, 120, order).unwrap();
            assert_eq!(worth.minor, 120);
        }
        assert_eq!(left(world, &owner).await, [30]);
        assert_eq!((world.escrow(order).await, points(world, &owner).await), (120, 30));
        assert_eq!(world.balance(&budget, AccountKind::Available).await, 880);
        let refused = command!(world, spend_points, &owner, 31, world.order()).unwrap_err();
        assert!(matches!(refused, Error::InsufficientFunds { kind: AccountKind::Points, .. }), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn an_empty_budget_gives_no_discount_and_takes_no_points() {
    each(async |world| {
        let owner = AccountOwner::Person(world.id());
        command!(world, earn_points, &owner, 100, "w").unwrap();
        let refused = command!(world, spend_points, &owner, 10, world.order()).unwrap_err();
        assert!(
            matches!(refused, Error::InsufficientFunds { kind: AccountKind::Available, .. }),
            "{refused}"
        );
        assert_eq!((points(world, &owner).await, left(world, &owner).await), (100, vec![100]));
    })
    .await;
}

#[tokio::test]
async fn returned_points_go_back_to_the_lots_they_came_from_and_live_thirty_days_at_least() {
    each(async |world| {
        let owner = AccountOwner::Person(world.id());
        let budget = AccountOwner::Budget("green".into());
        world.grant(&budget, 1_000).await;
        command!(world, earn_points, &owner, 100, "w1").unwrap();
        world.clock.advance_seconds(300 * DAY);
        command!(world, earn_points, &owner, 100, "w2").unwrap();
        let order = world.order();
        command!(world, spend_points, &owner, 150, order).unwrap();
        // The first lot comes to its end meanwhile.
        world.clock.advance_seconds(500 * DAY);
        expire(world).await;
        assert_eq!(left(world, &owner).await, [50]);
        for _ in 0..2 {
            command!(world, return_points, &owner, 70, order, "r").unwrap();
        }
        // 50 to the one that ends last, 20 to the other, which lives for thirty days more.
        let lots = world.ledger.points_of(&owner).await.unwrap();
        assert_eq!(lots.iter().map(|(left, _)| *left).collect::<Vec<_>>(), [20, 100]);
        assert_eq!((world.escrow(order).await, points(world, &owner).await), (80, 120));
        let more = command!(world, return_points, &owner, 81, order, "more").unwrap_err();
        assert!(matches!(more, Error::InsufficientFunds { .. } | Error::RefundTooLarge { .. }), "{more}");
        world.clock.advance_seconds(31 * DAY);
        expire(world).await;
        assert_eq!(left(world, &owner).await, [100]);
    })
    .await;
}

#[tokio::test]
async fn an_end_is_announced_thirty_days_before_and_comes_once() {
    each(async |world| {
        let owner = AccountOwner::Person(world.id());
        command!(world, earn_points, &owner, 100, "w").unwrap();
        world.clock.advance_seconds(699 * DAY);
        expire(world).await;
        assert_eq!(world.told().await, ["ledger.points-earned"]);
        world.clock.advance_seconds(3 * DAY);
        for _ in 0..2 {
            expire(world).await;
        }
        assert_eq!(world.told().await[1..], ["ledger.points-ending"]);
        world.clock.advance_seconds(30 * DAY);
        for _ in 0..2 {
            expire(world).await;
        }
        assert_eq!(world.told().await[2..], ["ledger.points-expired"]);
        assert_eq!(points(world, &owner).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_corrected_weighing_takes_back_what_is_left_of_its_points() {
    each(async |world| {
        let owner = AccountOwner::Person(world.id());
        command!(world, earn_points, &owner, 100, "w").unwrap();
        assert_eq!(command!(world, reverse_points, &owner, 30, "w").unwrap(), 30);
        assert_eq!(command!(world, reverse_points, &owner, 100, "w").unwrap(), 70);
        assert_eq!(command!(world, reverse_points, &owner, 1, "w").unwrap(), 0);
        assert!(matches!(command!(world, reverse_points, &owner, 1, "x"), Err(Error::NotFound)));
        assert_eq!(points(world, &owner).await, 0);
    })
    .await;
}
