//! Pages that hear at once.

use std::time::Duration;

use luhuan_kernel::Actor;
use luhuan_notifications::{Error, Live};
use tokio::{sync::watch, time::timeout};

use crate::support::{each, id, read};

async fn hears(live: &mut Live) -> bool {
    timeout(Duration::from_millis(100), live.changed()).await.unwrap_or(false)
}

#[tokio::test]
async fn a_page_hears_of_its_own_badge_and_of_no_other() {
    each(async |world| {
        let (deal, stranger) = (world.deal(), world.person());
        // The first turn says where this process begins to listen.
        world.read().await;
        let mut mine = world.notifications.subscribe(&deal.seller).unwrap();
        let mut theirs = world.notifications.subscribe(&stranger).unwrap();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        assert!(hears(&mut mine).await);
        assert!(!hears(&mut theirs).await && !hears(&mut mine).await);
        world.notifications.announce(&[id(&stranger)]);
        assert!(hears(&mut theirs).await);
    })
    .await;
}

#[tokio::test]
async fn a_page_hears_of_what_another_gateway_wrote() {
    each(async |world| {
        let (deal, other) = (world.deal(), world.another_gateway());
        other.turn().await.unwrap();
        let mut live = other.subscribe(&deal.seller).unwrap();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        read(&other).await;
        assert!(hears(&mut live).await);
    })
    .await;
}

#[tokio::test]
async fn pages_are_bounded_forgotten_when_closed_and_let_go_when_the_server_stops() {
    each(async |world| {
        let person = world.person();
        let pages: Vec<_> = (0..10).map(|_| world.notifications.subscribe(&person).unwrap()).collect();
        assert!(matches!(world.notifications.subscribe(&person), Err(Error::TooManyStreams)));
        drop(pages);
        assert_eq!(world.notifications.followers(), 0);
        assert!(matches!(world.notifications.subscribe(&Actor::system("test")), Err(Error::Unauthenticated)));
        let mut live = world.notifications.subscribe(&person).unwrap();
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn(world.notifications.clone().run(stopping));
        stop.send(true).unwrap();
        running.await.unwrap();
        assert!(!live.changed().await);
        let mut late = world.notifications.subscribe(&person).unwrap();
        assert!(!late.changed().await);
    })
    .await;
}

#[tokio::test]
async fn the_running_reader_tells_within_a_second() {
    each(async |world| {
        let deal = world.deal();
        let (stop, stopping) = watch::channel(false);
        let running = tokio::spawn(world.notifications.clone().run(stopping));
        let mut live = world.notifications.subscribe(&deal.seller).unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        world.tell(&[deal.event("trade.order_paid")]).await;
        assert!(timeout(Duration::from_secs(10), live.changed()).await.unwrap());
        assert_eq!(world.notifications.unread(&deal.seller).await.unwrap(), 1);
        stop.send(true).unwrap();
        running.await.unwrap();
    })
    .await;
}
