//! Talking: messages, photos, what is unread, warnings, blocks, reports, and live.

use std::{io::Cursor, time::Duration};

use bytes::Bytes;
use futures_util::StreamExt;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use luhuan_kernel::{Actor, Id, Limit, Role as City};
use luhuan_trade::{Conversation, ReportVerdict, SendMessage, model::By};

use crate::support::{CONFLICT, World, bike, clerk, command, each, met, refusal, refused_fields, trade};

fn says(text: &str) -> SendMessage {
    SendMessage { text: text.to_owned(), ..SendMessage::default() }
}

/// A buyer has asked; the seller, the buyer, and the conversation.
async fn asked(world: &World<'_>) -> (Actor, Actor, Id<Conversation>) {
    let (seller, buyer) = (world.person(), world.person());
    let listing = world.on_offer(&seller, bike()).await;
    let id = command!(world, begin_conversation, &buyer, listing).unwrap().id;
    command!(world, send_message, &buyer, id, says("您好，还在吗？")).unwrap();
    (seller, buyer, id)
}

fn photo() -> Bytes {
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::ImageRgb8(RgbImage::from_pixel(40, 30, Rgb([10, 120, 60])));
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

#[tokio::test]
async fn two_talk_about_a_listing_and_each_knows_what_is_unread() {
    each(async |world| {
        let (seller, buyer, id) = asked(world).await;
        assert_eq!(world.trade.unread(&seller).await.unwrap().messages, 1);
        assert_eq!(world.trade.unread(&buyer).await.unwrap().messages, 0);
        // Answering reads; being answered is unread.
        command!(world, send_message, &seller, id, says("在的")).unwrap();
        assert_eq!(world.trade.unread(&seller).await.unwrap().messages, 0);
        assert_eq!(world.trade.unread(&buyer).await.unwrap().conversations, 1);
        command!(world, mark_read, &buyer, id).unwrap();
        assert_eq!(world.trade.unread(&buyer).await.unwrap().messages, 0);
        let thread = world.trade.thread(&seller, id, None, Limit::of(None)).await.unwrap();
        let said: Vec<_> = thread.messages.items.iter().map(|m| (m.by, m.own, m.text.as_str())).collect();
        assert_eq!(said, [(By::Seller, true, "在的"), (By::Buyer, false, "您好，还在吗？")]);
        assert_eq!(thread.card.last_text, "在的");
        assert_eq!(world.told().await, ["trade.message_sent", "trade.message_sent"]);
    })
    .await;
}

#[tokio::test]
async fn asking_again_goes_on_in_the_same_conversation() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let one = command!(world, begin_conversation, &buyer, listing).unwrap().id;
        let two = command!(world, begin_conversation, &buyer, listing).unwrap().id;
        assert_eq!(one, two);
        let own = command!(world, begin_conversation, &seller, listing).unwrap_err();
        assert_eq!(refusal(own), (CONFLICT, "trade-own-goods"));
    })
    .await;
}

#[tokio::test]
async fn a_long_thread_is_read_page_by_page() {
    each(async |world| {
        let (seller, buyer, id) = asked(world).await;
        for n in 0..4 {
            world.clock.advance_seconds(1);
            command!(world, send_message, &seller, id, says(&n.to_string())).unwrap();
        }
        let limit = Limit::of(Some(3));
        let first = world.trade.thread(&buyer, id, None, limit).await.unwrap().messages;
        let rest = world.trade.thread(&buyer, id, first.next.as_ref(), limit).await.unwrap().messages;
        let said: Vec<_> = first.items.iter().chain(&rest.items).map(|m| m.text.as_str()).collect();
        assert_eq!(said, ["3", "2", "1", "0", "您好，还在吗？"]);
        assert!(rest.next.is_none());
    })
    .await;
}

#[tokio::test]
async fn contact_details_and_payment_codes_are_warned_of_and_noted_but_not_taken_out() {
    each(async |world| {
        let (seller, buyer, id) = asked(world).await;
        for (text, kind) in [
            ("微信号 abc12345", Some("wechat")),
            ("电话13812345678", Some("phone")),
            ("支付宝转账到 13812345678 吧", Some("payment")),
            ("IMEI 是 490154203237518", None),
        ] {
            let sent = command!(world, send_message, &buyer, id, says(text)).unwrap();
            assert_eq!(sent.text, text);
            assert_eq!(sent.warned.as_deref(), kind, "{text}");
        }
        let seen = world.trade.thread(&seller, id, None, Limit::of(None)).await.unwrap();
        assert!(seen.messages.items.iter().any(|message| message.warned.is_some()));
    })
    .await;
}

#[tokio::test]
async fn a_photo_is_cleaned_and_seen_by_the_two_alone() {
    each(async |world| {
        let (seller, buyer, id) = asked(world).await;
        let kept = world.trade.keep_photo(photo()).await.unwrap();
        let new = SendMessage { photos: vec![kept], ..SendMessage::default() };
        let sent = command!(world, send_message, &buyer, id, new).unwrap();
        let photo = &sent.photos[0];
        let jpeg = world.trade.photo_bytes(&seller, photo.id, photo.widths[0]).await.unwrap();
        assert_eq!(jpeg[..2], [0xff, 0xd8]);
        let refused = world.trade.photo_bytes(&world.person(), photo.id, photo.widths[0]).await.unwrap_err();
        assert_eq!(refusal(refused), (404, "not-found"));
        // It is swept with its row, and not before.
        world.clock.advance_seconds(3 * 86_400);
        assert_eq!(world.trade.sweep_photos().await.unwrap(), 0);
        world.clock.advance_seconds(181 * 86_400);
        command!(world, sweep, &Actor::system("test")).unwrap();
        assert_eq!(world.trade.sweep_photos().await.unwrap(), 1);
        assert_eq!(world.trade.thread(&buyer, id, None, Limit::of(None)).await.unwrap_err().status(), 404);
    })
    .await;
}

#[tokio::test]
async fn a_conversation_that_led_to_an_order_is_kept() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let id = command!(world, begin_conversation, &buyer, listing).unwrap().id;
        command!(world, send_message, &buyer, id, says("买了")).unwrap();
        command!(world, order, &buyer, met(listing)).unwrap();
        world.clock.advance_seconds(181 * 86_400);
        command!(world, sweep, &Actor::system("test")).unwrap();
        let thread = world.trade.thread(&buyer, id, None, Limit::of(None)).await.unwrap();
        assert!(thread.order.is_some());
    })
    .await;
}

#[tokio::test]
async fn who_is_blocked_neither_writes_nor_offers_nor_orders_until_unblocked() {
    each(async |world| {
        let (seller, buyer) = (world.person(), world.person());
        let listing = world.on_offer(&seller, bike()).await;
        let id = command!(world, begin_conversation, &buyer, listing).unwrap().id;
        command!(world, block, &seller, id).unwrap();
        let blocked = (CONFLICT, "trade-blocked");
        let refused = command!(world, send_message, &buyer, id, says("喂")).unwrap_err();
        assert_eq!(refusal(refused), blocked);
        let new = luhuan_trade::NewOffer { listing, amount_fen: 1_000 };
        assert_eq!(refusal(command!(world, make_offer, &buyer, new).unwrap_err()), blocked);
        assert_eq!(refusal(command!(world, order, &buyer, met(listing)).unwrap_err()), blocked);
        let thread = world.trade.thread(&seller, id, None, Limit::of(None)).await.unwrap();
        assert!(thread.blocking && thread.blocked);
        // Who is blocked cannot lift it.
        command!(world, unblock, &buyer, id).unwrap();
        assert_eq!(refusal(command!(world, send_message, &buyer, id, says("喂")).unwrap_err()), blocked);
        command!(world, unblock, &seller, id).unwrap();
        command!(world, send_message, &buyer, id, says("喂")).unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_report_reaches_a_moderator_who_hides_the_message() {
    each(async |world| {
        let (seller, buyer, id) = asked(world).await;
        let bad = command!(world, send_message, &buyer, id, says("加微信 abc12345 便宜一百")).unwrap();
        let report =
            command!(world, report, &seller, id, Some(bad.id), "off-platform", "让我站外付款").unwrap();
        let unknown = command!(world, report, &seller, id, None, "boring", "").unwrap_err();
        assert_eq!(refused_fields(&unknown), [("reason", "listing-unknown-code")]);
        let moderator = Actor::person(world.id(), [City::Moderator]);
        let waiting = world.trade.reports(&moderator, None, Limit::of(None)).await.unwrap();
        assert_eq!(waiting.items.iter().map(|one| one.id).collect::<Vec<_>>(), [report]);
        assert!(!serde_json::to_string(&waiting).unwrap().contains(&seller.person_id().unwrap().to_string()));
        command!(world, decide_report, &moderator, report, "站外引导", ReportVerdict::Hide).unwrap();
        let seen = world.trade.thread(&seller, id, None, Limit::of(None)).await.unwrap();
        let hidden = seen.messages.items.iter().find(|message| message.id == bad.id).unwrap();
        assert_eq!((hidden.text.as_str(), hidden.hidden.as_deref()), ("", Some("站外引导")));
        let refused = world.trade.reports(&seller, None, Limit::of(None)).await.unwrap_err();
        assert_eq!(refused.status(), 403);
        let again =
            command!(world, decide_report, &moderator, report, "再", ReportVerdict::Keep).unwrap_err();
        assert_eq!(refusal(again), (404, "not-found"));
    })
    .await;
}

#[tokio::test]
async fn whoever_sells_for_a_shop_answers_for_it_and_strangers_see_nothing() {
    each(async |world| {
        let shop = world.id();
        let (poster, colleague) = (clerk(&world.person(), shop), clerk(&world.person(), shop));
        let buyer = world.person();
        let listing = world.for_shop(&poster, shop, bike()).await;
        let id = command!(world, begin_conversation, &buyer, listing).unwrap().id;
        command!(world, send_message, &buyer, id, says("有货吗")).unwrap();
        assert_eq!(world.trade.unread(&colleague).await.unwrap().messages, 1);
        let answer = command!(world, send_message, &colleague, id, says("有")).unwrap();
        assert_eq!(answer.by, By::Seller);
        let stranger = command!(world, send_message, &world.person(), id, says("?")).unwrap_err();
        assert_eq!(refusal(stranger), (404, "not-found"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_gateway_commits_the_listeners_of_another_hear() {
    each(async |world| {
        let (seller, _, id) = asked(world).await;
        let other = trade(world.database);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut heard = Box::pin(other.listen(seller.clone()).unwrap());
        let mut strangers = Box::pin(other.listen(world.person()).unwrap());
        let running = tokio::spawn(other.clone().run_live(stopped));
        tokio::time::sleep(Duration::from_millis(400)).await;
        let mine = command!(world, send_message, &seller, id, says("还在")).unwrap();
        // What was told shortly before may be heard as well, where other transactions kept it back.
        let hear = async {
            loop {
                let live = heard.next().await.unwrap();
                assert_eq!(live.name, "trade.message_sent");
                if live.payload["message"] == mine.id.to_string() {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), hear).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(50), strangers.next()).await.is_err());
        stop.send(true).unwrap();
        running.await.unwrap();
    })
    .await;
}
