//! Writing to people.

use luhuan_kernel::{Actor, Locale};
use luhuan_notifications::{MailError, MailPreferences, MarkRead};

use crate::support::{World, each, gateway, read};

async fn choose(world: &World<'_>, who: &Actor, wanted: MailPreferences) {
    let uow = world.unit().await;
    world.notifications.change_preferences(&uow, who, wanted, None).await.unwrap();
    uow.commit().await.unwrap();
}

async fn outcomes(world: &World<'_>) -> Vec<String> {
    world.column("SELECT mail AS it FROM notification ORDER BY at, kind").await
}

#[tokio::test]
async fn a_mail_says_what_happened_in_the_persons_language_once() {
    each(async |world| {
        let deal = world.deal();
        world.reachable(&deal.seller, "lin@example.org", Locale::ZhCn);
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        assert_eq!(world.work().await, 0);
        world.clock.advance_seconds(31);
        assert_eq!((world.work().await, world.work().await), (1, 0));
        let sent = world.city.mailer.sent();
        assert_eq!(sent.len(), 1);
        assert_eq!(
            (sent[0].to.as_str(), sent[0].subject.as_str()),
            ("lin@example.org", "买家已付款：“山地车”（¥760）")
        );
        assert!(sent[0].text.contains(&format!("https://city.example/orders/{}", deal.order)));
        assert!(sent[0].text.contains("https://city.example/me/notifications"));
        assert_eq!(sent[0].id, world.inbox(&deal.seller).await[0].id.to_string());
        assert_eq!(outcomes(world).await, ["sent"]);
    })
    .await;
}

#[tokio::test]
async fn who_read_it_meanwhile_or_wants_none_or_has_no_address_gets_none() {
    each(async |world| {
        let (reads, refuses, changes, nowhere) = (world.deal(), world.deal(), world.deal(), world.deal());
        for deal in [&reads, &refuses, &changes] {
            world.reachable(&deal.seller, "lin@example.org", Locale::En);
        }
        let none = MailPreferences { trade: false, ..MailPreferences::default() };
        choose(world, &refuses.seller, none).await;
        let paid = [&reads, &refuses, &changes, &nowhere].map(|deal| deal.event("trade.order_paid"));
        world.tell_and_read(&paid).await;
        choose(world, &changes.seller, none).await;
        let uow = world.unit().await;
        let now = uow.now();
        world.notifications.mark_read(&uow, &reads.seller, MarkRead::Until(now)).await.unwrap();
        uow.commit().await.unwrap();
        world.clock.advance_seconds(31);
        // Who refuses beforehand is no job at all.
        assert_eq!(world.work().await, 3);
        assert!(world.city.mailer.sent().is_empty());
        let mut found = outcomes(world).await;
        found.sort_unstable();
        assert_eq!(found, ["dropped", "dropped", "dropped", "none"]);
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_asked_again_until_the_mail_is_of_no_use() {
    each(async |world| {
        let (deal, late) = (world.deal(), world.deal());
        for deal in [&deal, &late] {
            world.reachable(&deal.seller, "lin@example.org", Locale::En);
        }
        *world.city.mail_refusal.lock().unwrap() = Some(MailError::Later("away".to_owned()));
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.clock.advance_seconds(31);
        assert_eq!((world.work().await, outcomes(world).await), (1, vec!["due".to_owned()]));
        *world.city.mail_refusal.lock().unwrap() = None;
        world.clock.advance_seconds(60);
        world.work().await;
        assert_eq!((world.city.mailer.sent().len(), outcomes(world).await), (1, vec!["sent".to_owned()]));
        world.tell_and_read(&[late.event("trade.order_paid")]).await;
        *world.city.mail_refusal.lock().unwrap() = Some(MailError::Later("away".to_owned()));
        world.clock.advance_seconds(25 * 3600);
        world.work().await;
        assert_eq!(outcomes(world).await, ["sent", "failed"]);
        assert_eq!(world.work().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up() {
    each(async |world| {
        let deal = world.deal();
        world.reachable(&deal.seller, "nobody@example.org", Locale::En);
        *world.city.mail_refusal.lock().unwrap() = Some(MailError::Never("550".to_owned()));
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.clock.advance_seconds(31);
        assert_eq!((world.work().await, world.work().await), (1, 0));
        assert_eq!(outcomes(world).await, ["failed"]);
    })
    .await;
}

#[tokio::test]
async fn messages_that_gather_are_one_mail() {
    each(async |world| {
        let (deal, conversation) = (world.deal(), world.uuid());
        world.reachable(&deal.seller, "lin@example.org", Locale::En);
        for _ in 0..4 {
            world.tell_and_read(&[deal.message(conversation)]).await;
            world.clock.advance_seconds(10);
        }
        world.clock.advance_seconds(300);
        assert_eq!(world.work().await, 1);
        assert_eq!(world.city.mailer.sent()[0].subject, "4 new messages about “山地车”");
    })
    .await;
}

#[tokio::test]
async fn after_an_outage_nobody_is_written_to_about_old_news() {
    each(async |world| {
        let deal = world.deal();
        world.reachable(&deal.seller, "lin@example.org", Locale::En);
        world.tell(&[deal.event("trade.order_paid")]).await;
        world.clock.advance_seconds(25 * 3600);
        world.read().await;
        assert_eq!(
            (world.kinds(&deal.seller).await.len(), outcomes(world).await),
            (1, vec!["none".to_owned()])
        );
    })
    .await;
}

#[tokio::test]
async fn without_a_mailer_the_inbox_has_everything_and_no_job_is_left() {
    each(async |world| {
        let silent = gateway(world.store(), &world.city, None, luhuan_notifications::Reach::Any);
        let deal = world.deal();
        world.tell(&[deal.event("trade.order_paid")]).await;
        read(&silent).await;
        assert_eq!(world.kinds(&deal.seller).await, ["order-paid"]);
        assert!(world.column("SELECT kind AS it FROM job").await.is_empty());
    })
    .await;
}
