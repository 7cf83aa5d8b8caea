//! The inbox, and e-mails through a real mail server.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use luhuan_tests::actor::PASSWORD;
use luhuan_tests::{Actor, World, environment, redacted};
use reqwest::Method;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::{Value, json};

use crate::market::{Deal, fund, on_sale, paid, sent, until};

const INBOX: &str = "/api/v1/notifications";

/// By when the inbox knows.
const SOON: Duration = Duration::from_secs(10);

/// An e-mail about a trade waits half a minute for its reader to see it in the inbox.
const MAILED: Duration = Duration::from_secs(90);

fn holds(inbox: &Value, kind: &str) -> bool {
    inbox["items"].as_array().unwrap().iter().any(|item| item["kind"] == kind)
}

#[tokio::test]
async fn both_sides_are_told_what_the_other_did() {
    let world = World::start().await;
    let deal = Deal::shipped(&world).await;
    let of_seller = until(&deal.seller, INBOX, SOON, |inbox| holds(inbox, "order-paid")).await;
    let paid =
        of_seller["items"].as_array().unwrap().iter().find(|item| item["kind"] == "order-paid").unwrap();
    insta::assert_json_snapshot!("a_seller_is_told_of_a_payment", {
        let mut paid = redacted(paid);
        paid["link"] = json!("[link]");
        paid
    });
    assert_eq!(paid["link"], json!(format!("/orders/{}", deal.order)));
    let of_buyer = until(&deal.buyer, INBOX, SOON, |inbox| holds(inbox, "order-shipped")).await;
    assert!(!holds(&of_buyer, "order-paid"), "nobody is told what they did themselves");
    let english = deal.buyer.request(Method::GET, INBOX).header(ACCEPT_LANGUAGE, "en");
    let english = deal.buyer.send(english).await.expect(200).json();
    let shipped = english["items"].as_array().unwrap().iter().find(|item| item["kind"] == "order-shipped");
    assert!(shipped.unwrap()["text"].as_str().unwrap().is_ascii() || english.to_string().contains("ship"));

    let unread = of_buyer["unread"].as_u64().unwrap();
    let about = json!({"subject": {"kind": "order", "id": deal.order}});
    let left = deal.buyer.post(&format!("{INBOX}/read"), &about).await.expect(200).json();
    assert!(left["unread"].as_u64().unwrap() < unread);
    // Of others nothing is told.
    let stranger = world.resident().await;
    let stranger = stranger.get(INBOX).await.expect(200).json();
    assert!(!stranger.to_string().contains(&deal.order));
    world.anonymous().get(INBOX).await.expect_problem(401, "unauthenticated");
}

#[tokio::test]
async fn messages_of_one_conversation_are_one_notification() {
    let world = World::start().await;
    let (seller, buyer) = (world.resident().await, world.resident().await);
    let listing = on_sale(&world).by(&seller).published().await;
    let question = json!({"listing": listing.id, "text": "在吗？"});
    for _ in 0..3 {
        let _ = buyer.post("/api/v1/conversations", &question).await.expect(201);
    }
    let gathered = |inbox: &Value| {
        inbox["items"].as_array().unwrap().iter().any(|item| item["kind"] == "message" && item["count"] == 3)
    };
    until(&seller, INBOX, SOON, gathered).await;
}

/// The mails that lie in the Maildir for an address, decoded.
fn mails(address: &str) -> Vec<String> {
    let folder = std::path::PathBuf::from(environment::required(environment::MAILDIR)).join("new");
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let texts = files.filter_map(|file| std::fs::read_to_string(file.ok()?.path()).ok());
    texts
        .filter(|text| text.contains(&format!("X-RcptTo: {address}")))
        .filter_map(|text| body(&text))
        .collect()
}

fn body(mail: &str) -> Option<String> {
    let (_, body) = mail.split_once("\n\n")?;
    let encoded: String = body.split_whitespace().collect();
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
}

/// Somebody who is reached by e-mail.
async fn reached_by_mail(world: &World) -> Actor {
    let address = format!("lin{:016x}@example.org", environment::unique_number());
    world.launch().print(&["user", "create", &address, "--name", "小林"], PASSWORD);
    Actor::sign_in(world.anonymous(), &address, PASSWORD).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_address_is_written_to_unless_they_would_rather_not() {
    let smtp = environment::required(environment::SMTP);
    let world = World::builder()
        .variable("LUHUAN_MAIL_SMTP_URL", &smtp)
        .variable("LUHUAN_MAIL_FROM", "绿环 <noreply@luhuan.example>")
        .variable("LUHUAN_PUBLIC_URL", "https://city.example")
        .start()
        .await;
    let (seller, quiet) = (reached_by_mail(&world).await, reached_by_mail(&world).await);
    let none = json!({"emails": {"trade": false, "messages": false, "account": false}});
    let choose = quiet.request(Method::PUT, &format!("{INBOX}/preferences")).json(&none);
    let _ = quiet.send(choose).await.expect(200);
    let buyer = world.resident().await;
    fund(&world, &buyer, 500);
    let mut orders = Vec::new();
    for who in [&seller, &quiet] {
        let listing = on_sale(&world).title("胡桃木书架").by(who).published().await;
        let made = buyer.post("/api/v1/orders", &paid(sent(&listing))).await.expect(201).json();
        orders.push(made["id"].as_str().unwrap().to_owned());
    }
    let start = Instant::now();
    let told = loop {
        let told = mails(&seller.login).into_iter().find(|mail| mail.contains(&orders[0]));
        match told {
            Some(told) => break told,
            None => assert!(start.elapsed() < MAILED, "no mail came: {:?}", mails(&seller.login)),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    assert!(
        told.contains("胡桃木书架") && told.contains(&format!("https://city.example/orders/{}", orders[0])),
        "{told}"
    );
    let inbox = quiet.get(INBOX).await.expect(200).json();
    assert!(holds(&inbox, "order-paid"), "the inbox has everything");
    assert!(mails(&quiet.login).iter().all(|mail| !mail.contains(&orders[1])));
}
