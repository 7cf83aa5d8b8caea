//! Deliveries made again.

use luhuan_kernel::{Actor, Clock, Id};
use luhuan_notifications::{
    ChangeWebhook, Error, Replay, Webhook,
    model::{DeliveryState, WebhookState},
};

use crate::{
    delivery::log,
    receiver::{Receiver, Reply},
    support::{World, each},
    webhooks::{change, create, to},
};

async fn replay(world: &World<'_>, who: &Actor, hook: Id<Webhook>, range: Replay) -> Result<u64, Error> {
    let uow = world.unit().await;
    let count = world.notifications.replay_range(&uow, who, hook, range).await?;
    uow.commit().await.unwrap();
    Ok(count)
}

#[tokio::test]
async fn one_delivery_is_made_again_with_the_same_event_and_body() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let deal = world.deal();
        let hook = create(world, &deal.seller, to(&receiver.url, &["*"])).await.unwrap().row.id;
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.work().await;
        let row = log(world, &deal.seller, hook).await.remove(0);
        let uow = world.unit().await;
        let again = world.notifications.replay_one(&uow, &deal.seller, hook, row.id).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!((again.state(), again.attempts), (DeliveryState::Pending, 0));
        world.work().await;
        let received = receiver.received();
        assert_eq!((received.len(), &received[0].body), (2, &received[1].body));
        assert_eq!(received[0].header("x-luhuan-event-id"), received[1].header("x-luhuan-event-id"));
        let uow = world.unit().await;
        let strangers = world.notifications.replay_one(&uow, &world.person(), hook, row.id).await;
        assert!(matches!(strangers, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn a_range_brings_what_was_missed_in_order_and_the_rest_when_asked() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let deal = world.deal();
        let hook = create(world, &deal.seller, to(&receiver.url, &["*"])).await.unwrap().row.id;
        let start = world.clock.now();
        world.tell_and_read(&[deal.event("trade.order_created")]).await;
        world.work().await;
        let off = ChangeWebhook { state: Some(WebhookState::Disabled), ..ChangeWebhook::default() };
        change(world, &deal.seller, hook, None, off).await.unwrap();
        for name in ["trade.order_paid", "trade.order_received", "trade.order_settled"] {
            world.clock.advance_seconds(3600);
            world.tell_and_read(&[deal.event(name)]).await;
        }
        let range = |from: i64, until: i64, delivered_too| Replay {
            from: start.plus_seconds(from * 3600),
            until: start.plus_seconds(until * 3600),
            delivered_too,
        };
        assert!(matches!(
            replay(world, &deal.seller, hook, range(0, 9, false)).await,
            Err(Error::WebhookOff)
        ));
        let on = ChangeWebhook { state: Some(WebhookState::Enabled), ..ChangeWebhook::default() };
        change(world, &deal.seller, hook, None, on).await.unwrap();
        assert!(matches!(
            replay(world, &deal.seller, hook, range(2, 2, false)).await,
            Err(Error::Invalid(_))
        ));
        assert_eq!(replay(world, &deal.seller, hook, range(0, 3, false)).await.unwrap(), 2);
        world.work().await;
        assert_eq!(receiver.numbers(), [1, 2, 3]);
        world.clock.advance_seconds(1);
        assert_eq!(replay(world, &deal.seller, hook, range(0, 9, true)).await.unwrap(), 4);
        receiver.will([Reply::Status(200)]);
        world.work().await;
        assert_eq!(receiver.numbers(), [1, 2, 3, 1, 2, 3, 4]);
        assert!(matches!(replay(world, &deal.buyer, hook, range(0, 9, true)).await, Err(Error::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn the_log_is_kept_for_thirty_days() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let deal = world.deal();
        let hook = create(world, &deal.seller, to(&receiver.url, &["*"])).await.unwrap().row.id;
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.work().await;
        world.clock.advance_seconds(29 * 86_400);
        world.tell_and_read(&[deal.event("trade.order_received")]).await;
        world.clock.advance_seconds(2 * 86_400);
        let uow = world.unit().await;
        world.notifications.sweep(&uow).await.unwrap();
        uow.commit().await.unwrap();
        let left: Vec<_> =
            log(world, &deal.seller, hook).await.into_iter().map(|row| row.event_name).collect();
        assert_eq!(left, ["trade.order_received"]);
    })
    .await;
}
