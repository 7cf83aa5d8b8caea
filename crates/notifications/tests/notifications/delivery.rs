//! Posting to a real server.

use std::time::Duration;

use luhuan_kernel::{Actor, Clock, Id, Limit, Membership, OrganisationKind, OrganisationRole};
use luhuan_notifications::{
    ChangeWebhook, CreateWebhook, DELIVER_WEBHOOKS, DeliveryFilter, MintedWebhook, Reach, Webhook,
    entity::delivery,
    model::{DeliveryState, WebhookState},
};
use luhuan_store::jobs::Job;
use serde_json::json;

use crate::{
    receiver::{Receiver, Reply},
    support::{Deal, World, at_once, each, each_reaching, happened, id},
    webhooks::{change, create, to},
};

/// A seller with a webhook for trade.
async fn seller_with_hook(world: &World<'_>, receiver: &Receiver) -> (Deal, MintedWebhook) {
    let deal = world.deal();
    let made = create(world, &deal.seller, to(&receiver.url, &["trade.*"])).await.unwrap();
    (deal, made)
}

/// The log, oldest first.
pub(crate) async fn log(world: &World<'_>, who: &Actor, hook: Id<Webhook>) -> Vec<delivery::Model> {
    let all = Limit::of(Some(100));
    let page = world.notifications.deliveries(who, hook, DeliveryFilter::default(), None, all).await.unwrap();
    page.items.into_iter().rev().collect()
}

fn seconds(world: &World<'_>) -> i64 {
    world.clock.now().micros() / 1_000_000
}

#[tokio::test]
async fn a_stranger_can_verify_what_arrives() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, made) = seller_with_hook(world, &receiver).await;
        receiver.will([Reply::Text(200, "thanks\0".to_owned())]);
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.work().await;
        let received = receiver.received();
        assert_eq!(received.len(), 1);
        let secret = made.secret.expose();
        assert!(received[0].signed_by(secret, seconds(world)));
        assert!(!received[0].signed_by("whsec_other", seconds(world)));
        assert!(!received[0].signed_by(secret, seconds(world) + 301));
        let row = &log(world, &deal.seller, made.row.id).await[0];
        let body = received[0].json();
        assert_eq!((&body["name"], &body["number"]), (&json!("trade.order_paid"), &json!(1)));
        assert_eq!((&body["subject"], &body["data"]["amount_fen"]), (&json!(deal.order), &json!(76_000)));
        assert_eq!(body["id"], json!(row.event_id));
        assert_eq!(received[0].header("x-luhuan-event-id"), row.event_id.to_string());
        assert_eq!(received[0].header("x-luhuan-delivery"), row.id.to_string());
        assert_eq!(received[0].header("x-luhuan-attempt"), "1");
        assert_eq!((row.state(), row.status, row.attempts), (DeliveryState::Delivered, Some(200), 1));
        assert_eq!(row.excerpt.as_deref(), Some("thanks"));
    })
    .await;
}

#[tokio::test]
async fn only_those_who_take_part_and_ask_for_it_get_an_event() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, stranger) = (world.deal(), world.person());
        let shop = Id::new(&*world.clock);
        let membership = Membership {
            organisation: shop,
            kind: OrganisationKind::SellerShop,
            role: OrganisationRole::Owner,
        };
        let shopkeeper = Actor { memberships: vec![membership], ..world.person() };
        let buyers = create(world, &deal.buyer, to(&receiver.url, &["trade.order_shipped"])).await.unwrap();
        let strangers = create(world, &stranger, to(&receiver.url, &["*"])).await.unwrap();
        let input = CreateWebhook { organisation: Some(shop), ..to(&receiver.url, &["listing.*"]) };
        let shops = create(world, &shopkeeper, input).await.unwrap();
        world.city.listings.lock().unwrap().get_mut(&deal.listing).unwrap().organisation = Some(shop);
        let jury = json!({ "dispute": world.uuid(), "order": deal.order, "jurors": [id(&stranger)] });
        let edited = json!({ "what": "edited", "listing": deal.listing });
        world
            .tell_and_read(&[
                deal.event("trade.order_paid"),
                deal.event("trade.order_shipped"),
                happened("trade.jury_drawn", world.uuid(), jury),
                happened("listing.edited", deal.listing, edited),
            ])
            .await;
        let names = async |who: &Actor, made: &MintedWebhook| -> Vec<String> {
            log(world, who, made.row.id).await.into_iter().map(|row| row.event_name).collect()
        };
        assert_eq!(names(&deal.buyer, &buyers).await, ["trade.order_shipped"]);
        assert!(names(&stranger, &strangers).await.is_empty());
        assert_eq!(names(&shopkeeper, &shops).await, ["listing.edited"]);
    })
    .await;
}

#[tokio::test]
async fn what_fails_comes_again_later_and_later_while_others_go_on() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, made) = seller_with_hook(world, &receiver).await;
        receiver.will([Reply::Text(500, "oops".to_owned()), Reply::Status(200), Reply::Status(404)]);
        world.tell_and_read(&[deal.event("trade.order_paid"), deal.event("trade.order_received")]).await;
        world.work().await;
        assert_eq!(receiver.numbers(), [1, 2]);
        let row = &log(world, &deal.seller, made.row.id).await[0];
        assert_eq!((row.state(), row.status, row.attempts), (DeliveryState::Pending, Some(500), 1));
        assert_eq!((row.excerpt.as_deref(), row.due_at.seconds_since(world.clock.now())), (Some("oops"), 2));
        world.clock.advance_seconds(1);
        assert_eq!((world.work().await, receiver.numbers().len()), (0, 2));
        world.clock.advance_seconds(1);
        world.work().await;
        let row = &log(world, &deal.seller, made.row.id).await[0];
        assert_eq!((row.attempts, row.due_at.seconds_since(world.clock.now())), (2, 4));
        world.clock.advance_seconds(4);
        world.work().await;
        assert_eq!(receiver.numbers(), [1, 2, 1, 1]);
        let received = receiver.received();
        assert_eq!(received[0].body, received[3].body);
        assert_eq!(received[3].header("x-luhuan-attempt"), "3");
        assert!(received[3].signed_by(made.secret.expose(), seconds(world)));
        assert_eq!(log(world, &deal.seller, made.row.id).await[0].state(), DeliveryState::Delivered);
        assert_eq!(world.work().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_is_left_alone_for_a_while_and_then_gets_all_in_order() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, made) = seller_with_hook(world, &receiver).await;
        receiver.will([Reply::Slow(Duration::from_secs(5))]);
        let three = ["trade.order_paid", "trade.order_received", "trade.order_settled"];
        world.tell_and_read(&three.map(|name| deal.event(name))).await;
        world.work().await;
        assert_eq!(receiver.numbers(), [1]);
        let row = &log(world, &deal.seller, made.row.id).await[0];
        assert_eq!((row.error.as_deref(), row.status), (Some("no answer in time"), None));
        world.clock.advance_seconds(2);
        world.work().await;
        assert_eq!(receiver.numbers(), [1, 1, 2, 3]);
        assert_eq!(world.work().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_refuses_everything_is_not_pestered() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, _) = seller_with_hook(world, &receiver).await;
        receiver.will((0..5).map(|_| Reply::Status(500)));
        let events: Vec<_> = (0..20).map(|_| deal.event("trade.order_paid")).collect();
        world.tell_and_read(&events).await;
        world.work().await;
        assert_eq!(receiver.numbers(), [1, 2, 3, 4, 5]);
        world.clock.advance_seconds(32);
        world.work().await;
        let mut received = receiver.numbers().split_off(5);
        received.sort_unstable();
        assert_eq!(received, (1..=20).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_asks_for_a_pause_gets_it() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, _) = seller_with_hook(world, &receiver).await;
        receiver.will([Reply::RetryAfter(429, 120)]);
        world.tell_and_read(&[deal.event("trade.order_paid"), deal.event("trade.order_received")]).await;
        world.work().await;
        world.clock.advance_seconds(119);
        world.work().await;
        assert_eq!(receiver.numbers(), [1]);
        world.clock.advance_seconds(1);
        world.work().await;
        assert_eq!(receiver.numbers(), [1, 1, 2]);
    })
    .await;
}

#[tokio::test]
async fn a_redirect_is_a_refusal() {
    each(async |world| {
        let (receiver, inside) = (Receiver::start().await, Receiver::start().await);
        let (deal, made) = seller_with_hook(world, &receiver).await;
        receiver.will([Reply::Redirect(inside.url.clone())]);
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.work().await;
        assert!(inside.received().is_empty());
        let row = &log(world, &deal.seller, made.row.id).await[0];
        assert_eq!((row.state(), row.status), (DeliveryState::Pending, Some(307)));
    })
    .await;
}

#[tokio::test]
async fn an_address_that_leads_into_the_house_is_not_connected_to_even_when_it_is_stored() {
    each_reaching(Reach::Public, async |world| {
        let receiver = Receiver::start().await;
        let deal = world.deal();
        let made = create(world, &deal.seller, to("https://example.org/hook", &["trade.*"])).await.unwrap();
        // As if it had been allowed once, or the check at making had a hole.
        let url = receiver.url.replace("http://", "https://");
        world.meddle(&format!("UPDATE webhook SET url = '{url}'")).await;
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.work().await;
        assert!(receiver.received().is_empty());
        let row = &log(world, &deal.seller, made.row.id).await[0];
        assert_eq!(
            (row.state(), row.error.as_deref()),
            (DeliveryState::Pending, Some("the address is not public"))
        );
    })
    .await;
}

#[tokio::test]
async fn after_three_days_of_failure_it_is_switched_off_and_its_owner_told() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, made) = seller_with_hook(world, &receiver).await;
        receiver.will((0..500).map(|_| Reply::Status(500)));
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        for _ in 0..100 {
            world.work().await;
            world.clock.advance_seconds(3600);
        }
        world.read().await;
        assert!(world.kinds(&deal.seller).await.contains(&"webhook-failing".to_owned()));
        let hook = world.notifications.webhook(&deal.seller, made.row.id).await.unwrap();
        assert_eq!(hook.state(), WebhookState::Failing);
        let attempts = receiver.received().len();
        assert!((60..=90).contains(&attempts), "{attempts}");
        world.tell_and_read(&[deal.event("trade.order_received")]).await;
        world.work().await;
        assert_eq!(receiver.received().len(), attempts);
        let states: Vec<_> =
            log(world, &deal.seller, made.row.id).await.iter().map(delivery::Model::state).collect();
        assert_eq!(states, [DeliveryState::Failed, DeliveryState::Held]);
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_switched_off_at_once() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, made) = seller_with_hook(world, &receiver).await;
        receiver.will([Reply::Status(410)]);
        world.tell_and_read(&[deal.event("trade.order_paid"), deal.event("trade.order_received")]).await;
        world.work().await;
        assert_eq!(receiver.numbers(), [1]);
        let hook = world.notifications.webhook(&deal.seller, made.row.id).await.unwrap();
        assert_eq!(hook.state(), WebhookState::Failing);
    })
    .await;
}

#[tokio::test]
async fn two_gateways_post_everything_once_and_in_order() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, _) = seller_with_hook(world, &receiver).await;
        let events: Vec<_> = (0..40).map(|_| deal.event("trade.order_paid")).collect();
        world.tell_and_read(&events).await;
        let made = world.notifications.webhooks(&deal.seller, None, Limit::of(None)).await.unwrap();
        let job = Job { kind: DELIVER_WEBHOOKS.to_owned(), key: made.items[0].id.to_string(), attempts: 1 };
        let gateways: Vec<_> = (0..3).map(|_| (world.another_gateway(), job.clone())).collect();
        at_once(
            gateways.into_iter().map(|(gateway, job)| async move { gateway.run_job(&job).await.unwrap() }),
        )
        .await;
        assert_eq!(receiver.numbers(), (1..=40).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn a_turn_that_died_loses_its_hold() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, _) = seller_with_hook(world, &receiver).await;
        let until = world.clock.now().plus_seconds(60).micros();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.meddle(&format!("UPDATE webhook SET busy_by = 'a dead gateway', busy_until = {until}")).await;
        world.work().await;
        assert!(receiver.received().is_empty());
        world.clock.advance_seconds(60);
        world.work().await;
        assert_eq!(receiver.numbers(), [1]);
    })
    .await;
}

#[tokio::test]
async fn while_the_secret_changes_both_sign() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, made) = seller_with_hook(world, &receiver).await;
        let uow = world.unit().await;
        let renewed = world.notifications.renew_secret(&uow, &deal.seller, made.row.id).await.unwrap();
        uow.commit().await.unwrap();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.work().await;
        world.clock.advance_seconds(25 * 3600);
        let later = seconds(world);
        world.tell_and_read(&[deal.event("trade.order_received")]).await;
        world.work().await;
        let received = receiver.received();
        let (old, new) = (made.secret.expose(), renewed.secret.expose());
        assert!(
            received[0].signed_by(old, later - 25 * 3600) && received[0].signed_by(new, later - 25 * 3600)
        );
        assert!(!received[1].signed_by(old, later) && received[1].signed_by(new, later));
    })
    .await;
}

#[tokio::test]
async fn what_happened_before_it_was_made_is_not_posted_and_an_organisation_that_closed_gets_nothing() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let deal = world.deal();
        world.tell(&[deal.event("trade.order_created")]).await;
        world.clock.advance_seconds(1);
        let made = create(world, &deal.seller, to(&receiver.url, &["*"])).await.unwrap();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        assert_eq!(log(world, &deal.seller, made.row.id).await.len(), 1);
        let shop = Id::new(&*world.clock);
        let membership = Membership {
            organisation: shop,
            kind: OrganisationKind::SellerShop,
            role: OrganisationRole::Owner,
        };
        let owner = Actor { memberships: vec![membership], ..world.person() };
        let input = CreateWebhook { organisation: Some(shop), ..to(&receiver.url, &["*"]) };
        let shops = create(world, &owner, input).await.unwrap();
        let closed = json!({ "what": "organisation-closed", "organisation": shop });
        world.tell_and_read(&[happened("accounts.organisation-closed", shop.uuid(), closed)]).await;
        let row = world.notifications.webhook(&owner, shops.row.id).await.unwrap();
        assert_eq!(row.state(), WebhookState::Disabled);
    })
    .await;
}

#[tokio::test]
async fn switched_off_by_its_owner_it_holds_what_happens() {
    each(async |world| {
        let receiver = Receiver::start().await;
        let (deal, made) = seller_with_hook(world, &receiver).await;
        world.tell_and_read(&[deal.event("trade.order_created")]).await;
        let off = ChangeWebhook { state: Some(WebhookState::Disabled), ..ChangeWebhook::default() };
        change(world, &deal.seller, made.row.id, None, off).await.unwrap();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        world.work().await;
        assert!(receiver.received().is_empty());
        let states: Vec<_> =
            log(world, &deal.seller, made.row.id).await.iter().map(delivery::Model::state).collect();
        assert_eq!(states, [DeliveryState::Held, DeliveryState::Held]);
    })
    .await;
}
