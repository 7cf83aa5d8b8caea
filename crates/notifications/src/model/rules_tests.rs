use luhuan_kernel::{Position, Timestamp};
use serde_json::{Value, json};

use super::*;

const BUYER: &str = "019b7a2c-1de0-7c3e-9d15-000000000001";
const SELLER: &str = "019b7a2c-1de0-7c3e-9d15-000000000002";
const WATCHER: &str = "019b7a2c-1de0-7c3e-9d15-000000000003";
const THING: &str = "019b7a2c-1de0-7c3e-9d15-0000000000ff";

fn event(name: &str, payload: Value) -> Event {
    Event {
        position: Position::default(),
        name: name.to_owned(),
        subject: THING.to_owned(),
        payload,
        at: Timestamp::from_micros(0),
    }
}

/// Whom an event tells what.
fn hears(name: &str, payload: Value, known: Known<'_>) -> Vec<(String, &'static str)> {
    told(&event(name, payload), known)
        .into_iter()
        .map(|told| (told.person.to_string(), told.rule.kind))
        .collect()
}

fn facts(taken_down: bool) -> ListingFacts {
    ListingFacts {
        seller: SELLER.parse().unwrap(),
        organisation: None,
        title: "山地车".to_owned(),
        taken_down,
    }
}

#[test]
fn an_order_that_is_called_off_tells_the_other_and_when_nobody_did_it_both() {
    let order = |by: &str| json!({ "order": THING, "buyer": BUYER, "seller": SELLER, "by": by });
    let hear = |by| hears("trade.order-cancelled", order(by), Known::default());
    assert_eq!(hear("buyer"), [(SELLER.to_owned(), "order-cancelled")]);
    assert_eq!(hear("seller"), [(BUYER.to_owned(), "order-cancelled")]);
    assert_eq!(hear("clock").len(), 2);
}

#[test]
fn a_name_with_underscores_is_the_same_name() {
    let payload = json!({ "order": THING, "buyer": BUYER, "seller": SELLER });
    assert_eq!(hears("trade.order_paid", payload, Known::default()), [(SELLER.to_owned(), "order-paid")]);
}

#[test]
fn a_price_that_falls_tells_the_watchers_and_one_that_rises_tells_nobody() {
    let watchers = [WATCHER.parse().unwrap()];
    let hear = |from: i64, to: i64| {
        let known = Known { watchers: &watchers, ..Known::default() };
        hears("listing.repriced", json!({ "listing": THING, "from_fen": from, "to_fen": to }), known)
    };
    assert_eq!(hear(900, 800), [(WATCHER.to_owned(), "price-dropped")]);
    assert!(hear(800, 900).is_empty());
}

#[test]
fn a_withdrawal_is_news_only_when_a_moderator_did_it() {
    let moved = json!({ "listing": THING, "from": "published", "to": "withdrawn" });
    for (taken_down, expected) in [(true, 1), (false, 0)] {
        let facts = facts(taken_down);
        let known = Known { listing: Some(&facts), ..Known::default() };
        assert_eq!(hears("listing.moved", moved.clone(), known).len(), expected);
    }
}

#[test]
fn a_failed_payment_tells_the_buyer_of_the_order_it_is_for() {
    let order =
        OrderFacts { buyer: BUYER.parse().unwrap(), seller: SELLER.parse().unwrap(), organisation: None };
    let known = Known { order: Some(&order), ..Known::default() };
    let payload =
        json!({ "payment": THING, "purpose_kind": "order", "purpose_id": THING, "amount_fen": 100 });
    assert_eq!(hears("payment.failed", payload, known), [(BUYER.to_owned(), "payment-failed")]);
}

#[test]
fn jurors_owners_and_authors_are_told() {
    let jury = json!({ "dispute": THING, "order": THING, "jurors": [BUYER, WATCHER, "x", 7] });
    assert_eq!(hears("trade.jury_drawn", jury, Known::default()).len(), 2);
    let payout = json!({ "payout": THING, "owner": format!("person:{SELLER}"), "amount_fen": 100 });
    assert_eq!(hears("payout.paid", payout, Known::default()), [(SELLER.to_owned(), "payout-paid")]);
    let shop = json!({ "payout": THING, "owner": format!("organisation:{SELLER}"), "amount_fen": 100 });
    assert!(hears("payout.paid", shop, Known::default()).is_empty());
    let review = json!({ "order": THING, "buyer": BUYER, "seller": SELLER, "by": "buyer" });
    assert_eq!(hears("trade.review_hidden", review, Known::default()), [(BUYER.to_owned(), "review-hidden")]);
}

#[test]
fn what_is_unknown_or_incomplete_tells_nobody() {
    assert!(hears("trade.something-new", json!({ "buyer": BUYER }), Known::default()).is_empty());
    assert!(hears("trade.order-paid", json!({ "seller": "nobody" }), Known::default()).is_empty());
    assert!(hears("trade.order-paid", Value::Null, Known::default()).is_empty());
}

#[test]
fn one_event_tells_one_person_one_thing_at_most() {
    // The inbox keeps one row per person and event: two rules of an event must not reach the same person.
    for (place, one) in RULES.iter().enumerate() {
        for other in &RULES[place + 1..] {
            let exclusive = match (one.when, other.when) {
                (When::Flag(_, a), When::Flag(_, b)) => a != b,
                (When::Is(..), When::TakenDown) => one.when != When::Is("to", "withdrawn"),
                _ => false,
            };
            assert!(one.event != other.event || exclusive, "{} twice", one.event);
        }
    }
}
