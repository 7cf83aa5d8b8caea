//! One's inbox.

use luhuan_kernel::{Actor, Limit, Locale};
use luhuan_notifications::{
    MarkRead, NotificationFilter,
    model::{About, Topic},
};

use crate::support::{World, each};

async fn mark(world: &World<'_>, who: &Actor, which: MarkRead) -> u64 {
    let uow = world.unit().await;
    let marked = world.notifications.mark_read(&uow, who, which).await.unwrap();
    uow.commit().await.unwrap();
    marked
}

#[tokio::test]
async fn the_same_row_reads_in_each_language_with_the_title_of_now() {
    each(async |world| {
        let deal = world.deal();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        let in_chinese = Actor { locale: Locale::ZhCn, ..deal.seller.clone() };
        assert_eq!(world.inbox(&deal.seller).await[0].text, "Paid: “山地车” (¥760)");
        assert_eq!(world.inbox(&in_chinese).await[0].text, "买家已付款：“山地车”（¥760）");
        world.city.listings.lock().unwrap().get_mut(&deal.listing).unwrap().title = "公路车".to_owned();
        assert_eq!(world.inbox(&deal.seller).await[0].text, "Paid: “公路车” (¥760)");
        world.city.facts_away.store(true, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(world.inbox(&deal.seller).await[0].text, "Paid: an item (¥760)");
        let stored = world.column("SELECT args AS it FROM notification").await;
        assert!(!stored[0].contains("车"), "{stored:?}");
    })
    .await;
}

#[tokio::test]
async fn unread_messages_of_a_conversation_are_one_until_they_are_read() {
    each(async |world| {
        let (deal, other) = (world.deal(), world.deal());
        let conversation = world.uuid();
        world.tell_and_read(&[deal.message(conversation), deal.message(conversation)]).await;
        world.clock.advance_seconds(60);
        world.tell_and_read(&[deal.message(conversation), other.message(world.uuid())]).await;
        let inbox = world.inbox(&deal.seller).await;
        assert_eq!((inbox.len(), inbox[0].count, inbox[0].topic), (1, 3, Topic::Messages));
        assert_eq!(inbox[0].text, "3 new messages about “山地车”");
        assert_eq!(mark(world, &deal.seller, MarkRead::About(About::Conversation, conversation)).await, 1);
        world.tell_and_read(&[deal.message(conversation)]).await;
        let inbox = world.inbox(&deal.seller).await;
        assert_eq!((inbox.len(), world.notifications.unread(&deal.seller).await.unwrap()), (2, 1));
        assert!(inbox.iter().any(|one| one.text == "A new message about “山地车”"));
    })
    .await;
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition() {
    each(async |world| {
        let deal = world.deal();
        for _ in 0..5 {
            // Two at one instant: the id makes the order total.
            world.tell(&[deal.event("trade.order_paid"), deal.event("trade.order_received")]).await;
            world.clock.advance_seconds(1);
        }
        world.read().await;
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let limit = Limit::of(Some(3));
            let filter = NotificationFilter::default();
            let page = world.notifications.inbox(&deal.seller, filter, after.as_ref(), limit).await.unwrap();
            seen.extend(page.items.iter().map(|one| (one.at, one.id)));
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        let mut sorted = seen.clone();
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        sorted.dedup();
        assert_eq!((seen.len(), &seen), (10, &sorted));
    })
    .await;
}

#[tokio::test]
async fn marking_reaches_what_was_shown_and_nobody_elses() {
    each(async |world| {
        let deal = world.deal();
        world.tell_and_read(&[deal.event("trade.order_expired")]).await;
        let shown = world.inbox(&deal.seller).await;
        world.clock.advance_seconds(1);
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        let theirs = world.inbox(&deal.buyer).await[0].id;
        assert_eq!(mark(world, &deal.seller, MarkRead::These(vec![theirs])).await, 0);
        assert_eq!(mark(world, &deal.seller, MarkRead::Until(shown[0].at)).await, 1);
        assert_eq!(mark(world, &deal.seller, MarkRead::Until(shown[0].at)).await, 0);
        assert_eq!(world.notifications.unread(&deal.seller).await.unwrap(), 1);
        assert_eq!(world.notifications.unread(&deal.buyer).await.unwrap(), 1);
        let filter = NotificationFilter { unread: Some(true), topic: Some(Topic::Trade) };
        let unread =
            world.notifications.inbox(&deal.seller, filter, None, Limit::of(None)).await.unwrap().items;
        assert_eq!(unread.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["order-paid"]);
        let messages = NotificationFilter { topic: Some(Topic::Messages), ..NotificationFilter::default() };
        assert!(
            world
                .notifications
                .inbox(&deal.seller, messages, None, Limit::of(None))
                .await
                .unwrap()
                .items
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_old_goes() {
    each(async |world| {
        let deal = world.deal();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.clock.advance_seconds(179 * 86_400);
        world.tell_and_read(&[deal.event("trade.order_received")]).await;
        world.clock.advance_seconds(2 * 86_400);
        let uow = world.unit().await;
        assert_eq!(world.notifications.sweep(&uow).await.unwrap(), 1);
        uow.commit().await.unwrap();
        assert_eq!(world.kinds(&deal.seller).await, ["order-received"]);
    })
    .await;
}
