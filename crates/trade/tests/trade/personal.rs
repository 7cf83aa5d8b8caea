//! What trade keeps about a person, exported and erased.

use luhuan_accounts::PersonalData;
use luhuan_kernel::Actor;
use luhuan_trade::{NewOffer, NewReview, SendMessage, model::OfferState};

use crate::support::{bike, command, each, person_of};

#[tokio::test]
async fn a_person_gets_all_that_is_kept_about_them() {
    each(async |world| {
        let deal = world.settled().await;
        let id = command!(world, begin_conversation, &deal.buyer, deal.listing).unwrap().id;
        let new = SendMessage { text: "谢谢".into(), ..SendMessage::default() };
        command!(world, send_message, &deal.buyer, id, new).unwrap();
        let review = NewReview { stars: 5, tags: Vec::new(), text: "好".into() };
        command!(world, review, &deal.buyer, deal.order, review).unwrap();
        let kept = world.trade.export(person_of(&deal.buyer)).await.unwrap();
        assert_eq!(kept["orders"][0]["address"]["phone"], "13812345678");
        assert_eq!(kept["messages"][0]["text"], "谢谢");
        assert_eq!(kept["reviews"][0]["stars"], 5);
        let sellers = world.trade.export(person_of(&deal.seller)).await.unwrap();
        assert_eq!(sellers["orders"][0]["address"], serde_json::Value::Null);
        assert!(!sellers.to_string().contains("13812345678"));
    })
    .await;
}

#[tokio::test]
async fn an_erasure_takes_words_and_addresses_and_leaves_orders_and_reviews() {
    each(async |world| {
        let deal = world.settled().await;
        let id = command!(world, begin_conversation, &deal.buyer, deal.listing).unwrap().id;
        let new = SendMessage { text: "我住望京".into(), ..SendMessage::default() };
        command!(world, send_message, &deal.buyer, id, new).unwrap();
        let review = NewReview { stars: 1, tags: Vec::new(), text: "不好".into() };
        command!(world, review, &deal.buyer, deal.order, review).unwrap();
        world.hours(15 * 24).await;
        let listing = world.on_offer(&deal.seller, bike()).await;
        let offer =
            command!(world, make_offer, &deal.buyer, NewOffer { listing, amount_fen: 100 }).unwrap().id;
        let uow = world.unit().await;
        world.trade.erase(&uow, person_of(&deal.buyer)).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(world.column("SELECT text AS it FROM message").await, [""]);
        assert_eq!(world.column("SELECT last_text AS it FROM conversation").await, [""]);
        let row = world.row(deal.order).await;
        assert!(row.address_sealed.is_none());
        assert_eq!(world.column("SELECT text AS it FROM review").await, ["不好"]);
        let state = world.trade.offer(&Actor::system("test"), offer).await.unwrap().state;
        assert_eq!(state, OfferState::Declined);
    })
    .await;
}

#[tokio::test]
async fn an_address_goes_some_time_after_the_end_of_its_order() {
    each(async |world| {
        let deal = world.settled().await;
        world.hours(15 * 24).await;
        world.clock.advance_seconds(29 * 86_400);
        command!(world, sweep, &Actor::system("test")).unwrap();
        assert!(world.row(deal.order).await.address_sealed.is_some());
        world.clock.advance_seconds(2 * 86_400);
        command!(world, sweep, &Actor::system("test")).unwrap();
        assert!(world.row(deal.order).await.address_sealed.is_none());
    })
    .await;
}
