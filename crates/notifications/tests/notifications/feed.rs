//! From events to the inbox.

use std::sync::atomic::Ordering;

use luhuan_kernel::Position;
use luhuan_notifications::{
    ListingFacts,
    model::{RULES, name_of},
};
use serde_json::json;

use crate::support::{at_once, each, happened, id, read};

#[tokio::test]
async fn a_sale_is_told_to_each_side_in_its_turn() {
    each(async |world| {
        let deal = world.deal();
        let steps = ["trade.order_created", "trade.order_paid", "trade.order_shipped", "trade.order_settled"];
        world.tell_and_read(&steps.map(|name| deal.event(name))).await;
        assert_eq!(world.kinds(&deal.seller).await.len(), 3);
        assert_eq!(world.kinds(&deal.buyer).await, ["order-shipped"]);
        let shipped = &world.inbox(&deal.buyer).await[0];
        assert_eq!(shipped.text, "“山地车” is on its way");
        assert_eq!(shipped.link().unwrap(), format!("/orders/{}", deal.order));
    })
    .await;
}

#[tokio::test]
async fn reading_the_same_events_again_tells_nothing_twice() {
    each(async |world| {
        let deal = world.deal();
        world.tell_and_read(&[deal.event("trade.order_paid"), deal.message(deal.order)]).await;
        // As after a restore of this table alone, or a crash of another making.
        world.meddle("UPDATE notification_place SET tx = 0, sequence = 0").await;
        let restarted = world.another_gateway();
        read(&restarted).await;
        assert_eq!(world.kinds(&deal.seller).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn two_gateways_that_read_at_once_tell_everything_once() {
    each(async |world| {
        let deal = world.deal();
        let events: Vec<_> = (0..500).map(|_| deal.event("trade.order_paid")).collect();
        world.tell(&events).await;
        let gateways: Vec<_> = (0..4).map(|_| world.another_gateway()).collect();
        at_once(gateways.into_iter().map(|gateway| async move { read(&gateway).await })).await;
        world.read().await;
        assert_eq!(world.notifications.unread(&deal.seller).await.unwrap(), 500);
    })
    .await;
}

#[tokio::test]
async fn what_is_unknown_is_passed_over_and_costs_no_commit() {
    each(async |world| {
        let strange = happened("pickup.weighed-in", world.uuid(), json!({ "person": "nobody", "grams": 7 }));
        let broken = happened("trade.order_paid", world.uuid(), json!({ "seller": 12, "order": [] }));
        world.tell_and_read(&[strange, broken]).await;
        assert_eq!(world.notifications.place().await.unwrap(), Position::default());
        let deal = world.deal();
        world.tell_and_read(&[deal.event("trade.order_paid")]).await;
        assert_eq!(world.kinds(&deal.seller).await, ["order-paid"]);
        assert_ne!(world.notifications.place().await.unwrap(), Position::default());
    })
    .await;
}

#[tokio::test]
async fn while_the_facts_are_away_nothing_is_lost() {
    each(async |world| {
        let deal = world.deal();
        world.city.facts_away.store(true, Ordering::Relaxed);
        world.tell(&[deal.event("trade.order_paid")]).await;
        let mut refused = false;
        for _ in 0..200 {
            refused |= world.notifications.turn().await.is_err();
            if refused {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        assert!(refused);
        assert!(world.inbox(&deal.seller).await.is_empty());
        world.city.facts_away.store(false, Ordering::Relaxed);
        world.read().await;
        assert_eq!(world.kinds(&deal.seller).await, ["order-paid"]);
    })
    .await;
}

#[tokio::test]
async fn watchers_hear_of_a_lower_price_and_the_seller_of_the_listings_fate() {
    each(async |world| {
        let deal = world.deal();
        let watchers: Vec<_> = (0..2_500).map(|_| id(&world.person())).collect();
        world.city.watchers.lock().unwrap().insert(deal.listing, watchers.clone());
        let listing = |name, data| happened(name, deal.listing, data);
        let moved = |to: &str| json!({ "what": "moved", "listing": deal.listing, "from": "published", "to": to });
        world
            .tell_and_read(&[
                listing(
                    "listing.repriced",
                    json!({ "what": "repriced", "listing": deal.listing, "from_fen": 90_000, "to_fen": 76_000 }),
                ),
                listing("listing.moved", moved("expired")),
                listing("listing.moved", moved("withdrawn")),
            ])
            .await;
        let told = world.column("SELECT 'x' AS it FROM notification WHERE kind = 'price-dropped'").await;
        assert_eq!(told.len(), watchers.len());
        let watcher = luhuan_kernel::Actor::person(watchers[7], []);
        assert_eq!(world.inbox(&watcher).await[0].text, "降价了：“山地车”，¥900 → ¥760");
        assert_eq!(world.kinds(&deal.seller).await, ["listing-expired"]);
        let taken_down = ListingFacts { taken_down: true, ..world.city.listings.lock().unwrap()[&deal.listing].clone() };
        world.city.listings.lock().unwrap().insert(deal.listing, taken_down);
        world.tell_and_read(&[listing("listing.moved", moved("withdrawn"))]).await;
        assert!(world.kinds(&deal.seller).await.contains(&"listing-taken-down".to_owned()));
    })
    .await;
}

#[test]
fn every_rule_names_an_event_that_is_told() {
    // Names are all that this context shares with those it hears, so the names are looked for where they are told.
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let told: String = ["accounts", "ledger", "listing", "notifications", "trade"]
        .map(|name| std::fs::read_to_string(crates.join(name).join("src/event.rs")).unwrap())
        .concat();
    let told = name_of(&told);
    let unheard: Vec<_> =
        RULES.iter().map(|rule| rule.event).filter(|name| !told.contains(&format!("\"{name}\""))).collect();
    assert!(unheard.is_empty(), "{unheard:?}");
}
