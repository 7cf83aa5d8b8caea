//! From a draft to its end: each move of the state table through its command.

use http::StatusCode;
use luhuan_kernel::Clock;
use luhuan_listing::{
    CreateListing, Error,
    model::{Details, Move, State},
};

use crate::support::{bike, command, each, offer, refusal, refused_fields};

#[tokio::test]
async fn a_listing_is_drafted_published_reserved_and_sold() {
    each(async |world| {
        let seller = world.person();
        let draft = world.draft(&seller, bike()).await;
        assert_eq!((draft.state.as_str(), draft.version, draft.published_at), ("draft", 1, None));
        let published = world.publish(&seller, draft.id).await.unwrap();
        let now = world.clock.now();
        assert_eq!((published.state.as_str(), published.version), ("published", 2));
        assert_eq!((published.published_at, published.expires_at), (Some(now), Some(now.plus_days(90))));
        world.clock.advance_seconds(60);
        world.settle(draft.id, Move::Reserve).await.unwrap();
        let sold = world.settle(draft.id, Move::Sell).await.unwrap();
        assert_eq!((sold.state.as_str(), sold.closed_at), ("sold", Some(now.plus_seconds(60))));
        assert_eq!(
            world.told().await,
            ["listing.drafted", "listing.moved", "listing.moved", "listing.moved"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_reservation_that_falls_through_puts_the_listing_back_on_offer() {
    each(async |world| {
        let listing = world.published(&world.person(), bike()).await;
        world.settle(listing.id, Move::Reserve).await.unwrap();
        world.settle(listing.id, Move::Release).await.unwrap();
        assert_eq!(world.state(listing.id).await, State::Published);
    })
    .await;
}

#[tokio::test]
async fn a_withdrawn_listing_is_relisted_for_a_new_term() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        let withdrawn = command!(world, withdraw, &seller, listing.id, None).unwrap();
        assert_eq!((withdrawn.state.as_str(), withdrawn.closed_at), ("withdrawn", Some(world.clock.now())));
        world.clock.advance_seconds(86_400);
        let relisted = command!(world, relist, &seller, listing.id, None).unwrap();
        let now = world.clock.now();
        assert_eq!((relisted.state.as_str(), relisted.closed_at), ("published", None));
        assert_eq!((relisted.published_at, relisted.expires_at), (Some(now), Some(now.plus_days(90))));
    })
    .await;
}

#[tokio::test]
async fn publishing_and_withdrawing_twice_change_nothing_the_second_time() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        world.clock.advance_seconds(5);
        assert_eq!(world.publish(&seller, listing.id).await.unwrap(), listing);
        let withdrawn = command!(world, withdraw, &seller, listing.id, None).unwrap();
        assert_eq!(command!(world, withdraw, &seller, listing.id, None).unwrap(), withdrawn);
        assert_eq!(world.told().await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_move_that_the_state_does_not_allow_is_a_conflict_that_names_the_state() {
    each(async |world| {
        let seller = world.person();
        let listing = world.published(&seller, bike()).await;
        world.settle(listing.id, Move::Reserve).await.unwrap();
        let refused = command!(world, withdraw, &seller, listing.id, None).unwrap_err();
        assert!(matches!(&refused, Error::IllegalMove(it) if it.from == State::Reserved));
        assert_eq!(refusal(refused), (StatusCode::CONFLICT, "listing-state"));
        let refused = command!(world, relist, &seller, listing.id, None).unwrap_err();
        assert_eq!(refusal(refused), (StatusCode::CONFLICT, "listing-state"));
    })
    .await;
}

#[tokio::test]
async fn a_half_written_draft_is_kept_and_publishing_it_names_every_gap() {
    each(async |world| {
        let seller = world.person();
        let details = Details {
            title: "手机".to_owned(),
            category: "phones-smartphone".to_owned(),
            quantity: 1,
            ..Details::default()
        };
        let draft = world.draft(&seller, details).await;
        let refused = world.publish(&seller, draft.id).await.unwrap_err();
        let fields: Vec<_> = refused_fields(&refused).into_iter().map(|(field, _)| field).collect();
        let gaps =
            ["condition", "origin", "price_fen", "delivery", "subdistrict", "returns", "attributes.storage"];
        assert_eq!(fields, gaps);
        assert_eq!(world.state(draft.id).await, State::Draft);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_in_a_draft_is_named_field_by_field() {
    each(async |world| {
        let wrong = Details {
            title: "x".repeat(61),
            category: "cycling".to_owned(),
            price_fen: Some(0),
            origin: Some("found".to_owned()),
            subdistrict: Some("000".to_owned()),
            statements: vec!["no-such".to_owned()],
            quantity: 0,
            ..bike()
        };
        let refused = command!(world, create, &world.person(), offer(wrong)).unwrap_err();
        let expected = [
            ("statements", "listing-unknown-code"),
            ("title", "listing-text-too-long"),
            ("price_fen", "listing-price-range"),
            ("quantity", "listing-quantity-range"),
            ("origin", "listing-unknown-code"),
            ("subdistrict", "listing-unknown-code"),
            ("category", "listing-category-leaf"),
        ];
        assert_eq!(refused_fields(&refused), expected);
        assert!(world.told().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_item_that_was_sold_is_listed_anew_as_the_same_item() {
    each(async |world| {
        let seller = world.person();
        let first = world.published(&seller, bike()).await;
        world.settle(first.id, Move::Sell).await.unwrap();
        let again = CreateListing { item: Some(first.item_id), ..offer(bike()) };
        let second = command!(world, create, &seller, again.clone()).unwrap();
        assert_eq!((second.item_id, second.lat, second.lon), (first.item_id, first.lat, first.lon));
        let refused = command!(world, create, &world.person(), again).unwrap_err();
        assert_eq!(refused_fields(&refused), [("item", "listing-unknown-item")]);
    })
    .await;
}

#[tokio::test]
async fn a_serial_number_is_kept_as_a_keyed_hash_and_shown_masked() {
    each(async |world| {
        let seller = world.person();
        let phone = Details { category: "phones-smartphone".to_owned(), ..bike() };
        let mut input = offer(phone);
        input.serial = Some("490154203237519".to_owned());
        let refused = command!(world, create, &seller, input.clone()).unwrap_err();
        assert_eq!(refused_fields(&refused), [("serial", "listing-imei")]);
        input.serial = Some("49-015420-323751-8".to_owned());
        let first = command!(world, create, &seller, input.clone()).unwrap();
        let second = command!(world, create, &world.person(), input).unwrap();
        let hashes = world.column("SELECT serial_hash AS it FROM item").await;
        assert!(hashes[0] == hashes[1] && !hashes[0].contains("490154"), "{hashes:?}");
        assert_ne!(first.item_id, second.item_id);
        let shown = world.view(first.id).await.serial.unwrap();
        assert!(shown.contains('*') && !shown.contains("4901542032"), "{shown}");
    })
    .await;
}
