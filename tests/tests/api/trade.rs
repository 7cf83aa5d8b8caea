//! Conversations, offers and orders as their two sides see them, and what nobody else sees.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use luhuan_tests::gateway::Gateway;
use luhuan_tests::{Actor, Client, Store, World, environment, redacted};
use reqwest::Method;
use serde_json::{Value, json};

use crate::market::{Deal, PRICE, fund, id, met, on_sale, paid, parcel, sent, verify, wallet};

/// Buyers who want the same thing at once.
const BUYERS: usize = 200;

#[tokio::test]
async fn from_the_first_question_to_two_reviews() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let (seller, buyer) = (world.resident().await, world.resident().await);
        fund(&world, &buyer, 200);
        let listing = on_sale(&world).by(&seller).published().await;

        let question = json!({"listing": listing.id, "text": "您好，书架还在吗？"});
        let begun = buyer.post("/api/v1/conversations", &question).await.expect(201).json();
        insta::assert_json_snapshot!("a_first_question", redacted(&begun));
        let conversation = format!("/api/v1/conversations/{}", begun["conversation"].as_str().unwrap());
        assert_eq!(seller.get("/api/v1/conversations/unread").await.expect(200).json()["messages"], 1);
        let answer = json!({"text": "在的，可以自提。"});
        let _ = seller.post(&format!("{conversation}/messages"), &answer).await.expect(201);

        let offer = json!({"listing": listing.id, "amount_fen": 10_000});
        let offer = buyer.post("/api/v1/offers", &offer).await.expect(201).json();
        let step = async |who: &Actor, step: &str, body: &Value| {
            who.post(&format!("/api/v1/offers/{}/{step}", id(&offer)), body).await.expect(200).json()
        };
        step(&seller, "counter", &json!({"amount_fen": 11_000})).await;
        let agreed = step(&buyer, "accept", &Value::Null).await;
        assert_eq!((&agreed["state"], &agreed["amount_fen"]), (&json!("accepted"), &json!(11_000)));
        let thread = buyer.get(&conversation).await.expect(200).json();
        assert_eq!(thread["offer"]["state"], "accepted");
        assert_eq!(thread["messages"]["items"].as_array().unwrap().len(), 2);

        let quote = json!({"listings": [listing.id], "offer": offer["id"], "delivery": "express"});
        let quote = buyer.post("/api/v1/orders/quote", &quote).await.expect(200).json();
        insta::assert_json_snapshot!("a_quote", redacted(&quote));
        let mut order = sent(&listing);
        order["offer"] = offer["id"].clone();
        order["expected_total_fen"] = quote["total_fen"].clone();
        let made = buyer.post("/api/v1/orders", &order).await.expect(201).json();
        insta::assert_json_snapshot!("a_new_order", redacted(&made));
        let deal = Deal { order: id(&made), buyer, seller, listing };
        let (buyer, seller) = (&deal.buyer, &deal.seller);

        let money = deal.by(buyer, "pay", &json!({"provider": "wallet"})).await.expect(200).json();
        insta::assert_json_snapshot!("an_order_paid_from_the_wallet", redacted(&money));
        assert_eq!(wallet(buyer).await, 20_000 - 11_000);
        let _ = deal.by(seller, "ship", &parcel()).await.expect(200);
        let done = deal.step(buyer, "confirm").await.expect(200).json();
        assert_eq!((&done["state"], &done["held_fen"]), (&json!("settled"), &json!(0)));
        // 0.6 % of ¥110, rounded half up.
        assert_eq!(wallet(seller).await, 11_000 - 66);

        let praise = json!({"stars": 5, "tags": ["as-described", "fast"], "text": "书架很结实"});
        let _ = deal.by(buyer, "reviews", &praise).await.expect(201);
        assert_eq!(deal.seen_by(seller).await["reviews"], json!([]), "blind until both wrote");
        let thanks = json!({"stars": 5, "tags": ["pays-promptly"], "text": "爽快"});
        let _ = deal.by(seller, "reviews", &thanks).await.expect(201);
        insta::assert_json_snapshot!(
            "a_settled_order_as_its_seller_sees_it",
            redacted(&deal.seen_by(seller).await)
        );
        let about = made["seller"].as_str().unwrap();
        let reviews =
            world.anonymous().query("/api/v1/reviews", &[("person", about)]).await.expect(200).json();
        insta::assert_json_snapshot!("what_is_said_of_a_seller", redacted(&reviews));
        assert_eq!(deal.listing.read().await["state"], "sold");
        verify(&world);
    }
}

#[tokio::test]
async fn a_flaw_is_confirmed_before_anything_is_paid() {
    let world = World::start().await;
    let buyer = world.resident().await;
    fund(&world, &buyer, 200);
    let listing = on_sale(&world).published().await;
    let mut order = paid(sent(&listing));
    order["flaws_confirmed"] = json!(false);
    let refused = buyer.post("/api/v1/orders", &order).await.expect_problem(409, "trade-flaws");
    insta::assert_json_snapshot!("flaws_that_are_not_confirmed", redacted(&refused));
    assert_eq!(listing.read().await["state"], "published", "a refused order reserves nothing");
    order["pay"] = Value::Null;
    let made = buyer.post("/api/v1/orders", &order).await.expect(201).json();
    let path = |step: &str| format!("/api/v1/orders/{}/{step}", id(&made));
    let wallet = json!({"provider": "wallet"});
    buyer.post(&path("pay"), &wallet).await.expect_problem(409, "trade-flaws");
    let _ = buyer.post_empty(&path("confirm-flaws")).await.expect(200);
    let _ = buyer.post(&path("pay"), &wallet).await.expect(200);
}

#[tokio::test]
async fn an_order_repeated_under_its_key_is_one_order() {
    let world = World::start().await;
    let buyer = world.resident().await;
    fund(&world, &buyer, 200);
    let listing = on_sale(&world).published().await;
    let body = paid(sent(&listing));
    let first = buyer.post_with_key("/api/v1/orders", "one-order", &body).await.expect(201).json();
    let again = buyer.post_with_key("/api/v1/orders", "one-order", &body).await.expect(201).json();
    assert_eq!(first, again);
    assert_eq!(wallet(&buyer).await, 20_000 - PRICE);
    let listed = buyer.get("/api/v1/orders").await.expect(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    insta::assert_json_snapshot!("an_order_in_a_list", redacted(&listed["items"][0]));
}

#[tokio::test]
async fn who_has_too_little_orders_nothing_and_pays_nothing() {
    let world = World::start().await;
    let buyer = world.resident().await;
    fund(&world, &buyer, 50);
    let listing = on_sale(&world).published().await;
    let refused = buyer.post("/api/v1/orders", &paid(sent(&listing))).await;
    let refused = refused.expect_problem(409, "ledger-insufficient-funds");
    assert_eq!((&refused["held_fen"], &refused["needed_fen"]), (&json!(5_000), &json!(PRICE)));
    assert_eq!((wallet(&buyer).await, listing.read().await["state"].clone()), (5_000, json!("published")));
    let mut order = sent(&listing);
    order["expected_total_fen"] = json!(PRICE - 1);
    let refused = buyer.post("/api/v1/orders", &order).await.expect_problem(409, "trade-price-changed");
    assert_eq!(refused["total_fen"], PRICE);
}

#[tokio::test]
async fn a_handover_takes_the_six_digits_of_the_buyer() {
    let world = World::start().await;
    let deal = Deal::to_meet(&world).await;
    let place = json!({"place": "望京地铁站 B 口"});
    let _ = deal.by(&deal.buyer, "arrange", &place).await.expect(200);
    let code = deal.seen_by(&deal.buyer).await["code"].as_str().unwrap().to_owned();
    assert!(
        deal.seen_by(&deal.seller).await["code"].is_null(),
        "the seller is told the code by the buyer alone"
    );
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let refused = deal.by(&deal.seller, "hand-over", &json!({"code": wrong})).await;
    assert_eq!(refused.expect_problem(422, "trade-code-wrong")["left"], 4);
    let done = deal.by(&deal.seller, "hand-over", &json!({"code": code})).await.expect(200).json();
    assert_eq!(done["state"], "settled");
    verify(&world);
}

#[tokio::test]
async fn cash_from_hand_to_hand_is_confirmed_by_both_and_passes_no_account() {
    let world = World::start().await;
    let (seller, buyer) = (world.resident().await, world.resident().await);
    let listing = on_sale(&world).by(&seller).published().await;
    let made = buyer.post("/api/v1/orders", &met(&listing)).await.expect(201).json();
    let deal = Deal { order: id(&made), buyer, seller, listing };
    let _ = deal.by(&deal.buyer, "pay", &json!({"provider": "face-to-face"})).await.expect(200);
    let code = async |who: &Actor| deal.seen_by(who).await["code"].clone();
    let (of_buyer, of_seller) = (code(&deal.buyer).await, code(&deal.seller).await);
    let half = deal.by(&deal.seller, "hand-over", &json!({"code": of_buyer})).await.expect(200).json();
    assert_eq!(half["state"], "handover_ready");
    let whole = deal.by(&deal.buyer, "hand-over", &json!({"code": of_seller})).await.expect(200).json();
    assert_eq!(whole["state"], "settled");
    assert_eq!((wallet(&deal.buyer).await, wallet(&deal.seller).await), (0, 0));
    verify(&world);
}

#[tokio::test]
async fn a_seller_who_calls_off_gives_the_money_and_the_item_back() {
    let world = World::start().await;
    let deal = Deal::paid(&world).await;
    let early = deal.by(&deal.buyer, "cancel", &json!({"reason": "不想要了"})).await;
    early.expect_problem(409, "trade-too-early");
    let off = deal.by(&deal.seller, "cancel", &json!({"reason": "找不到了"})).await.expect(200).json();
    assert_eq!((&off["state"], &off["refunded_fen"]), (&json!("cancelled"), &json!(PRICE)));
    assert_eq!(wallet(&deal.buyer).await, 20_000);
    assert_eq!(deal.listing.read().await["state"], "published");
    verify(&world);
}

#[tokio::test]
async fn a_part_goes_back_and_the_rest_is_the_sellers() {
    let world = World::start().await;
    let deal = Deal::shipped(&world).await;
    let part =
        json!({"kind": "money_only", "reason": "not_as_described", "words": "划痕更深", "amount_fen": 2_000});
    let asked = deal.by(&deal.buyer, "refund-requests", &part).await.expect(200).json();
    assert_eq!(asked["state"], "refund_requested");
    let agree = json!({"verdict": "agree", "words": "退您 20"});
    let granted = deal.by(&deal.seller, "refund-requests/answer", &agree).await.expect(200).json();
    assert_eq!((&granted["state"], &granted["refunded_fen"]), (&json!("shipped"), &json!(2_000)));
    let done = deal.step(&deal.buyer, "confirm").await.expect(200).json();
    assert_eq!(done["state"], "settled");
    // The fee is 0.6 % of the ¥100 that stayed sold.
    assert_eq!((wallet(&deal.buyer).await, wallet(&deal.seller).await), (10_000, 10_000 - 60));
    verify(&world);
}

#[tokio::test]
async fn a_dispute_is_decided_by_staff_who_divide_what_is_held() {
    let world = World::start().await;
    let deal = Deal::shipped(&world).await;
    let claim = json!({"reason": "defective", "words": "缺一块层板", "claim_fen": 6_000});
    deal.by(&deal.buyer, "disputes", &claim).await.expect_problem(409, "trade-talk-first");
    let all = json!({"kind": "money_only", "reason": "incomplete", "words": "少一块层板"});
    let _ = deal.by(&deal.buyer, "refund-requests", &all).await.expect(200);
    let refuse = json!({"verdict": "refuse", "words": "发货时是齐的"});
    let _ = deal.by(&deal.seller, "refund-requests/answer", &refuse).await.expect(200);
    let _ = deal.by(&deal.buyer, "disputes", &claim).await.expect(200);
    let proof = json!({"text": "开箱视频里只有四块"});
    let _ = deal.by(&deal.buyer, "disputes/evidence", &proof).await.expect(200);

    let staff = world.staff("support").await;
    let _ = deal.step(&staff, "disputes/take-up").await.expect(200);
    let queue = staff.get("/api/v1/moderation/disputes").await.expect(200).json();
    assert_eq!(queue["items"][0]["order"], json!(deal.order));
    deal.by(&deal.buyer, "disputes/rule", &json!({"buyer_fen": PRICE, "reasons": "我说了算"}))
        .await
        .expect_problem(403, "forbidden");
    let ruling = json!({"buyer_fen": 4_000, "reasons": "视频显示少一块，按三分之一退还。"});
    let ruled = deal.by(&staff, "disputes/rule", &ruling).await.expect(200).json();
    assert_eq!(ruled["state"], "ruled");
    let _ = deal.step(&deal.seller, "disputes/accept").await.expect(200);
    let done = deal.step(&deal.buyer, "disputes/accept").await.expect(200).json();
    assert_eq!(done["state"], "settled", "{done}");
    let seen = deal.seen_by(&deal.buyer).await;
    insta::assert_json_snapshot!("a_dispute_that_was_decided", redacted(&seen["dispute"]));
    // The fee is 0.6 % of the ¥80 that stayed sold.
    assert_eq!((wallet(&deal.buyer).await, wallet(&deal.seller).await), (8_000 + 4_000, 8_000 - 48));
    verify(&world);
}

#[tokio::test]
async fn who_is_neither_buyer_nor_seller_finds_nothing() {
    let world = World::start().await;
    let deal = Deal::shipped(&world).await;
    let begun = json!({"listing": deal.listing.id, "text": "收货地址对吗？"});
    let begun = deal.buyer.post("/api/v1/conversations", &begun).await;
    // What is reserved is still there for who has ordered it.
    let conversation = begun.expect(201).json()["conversation"].as_str().unwrap().to_owned();
    let conversation = format!("/api/v1/conversations/{conversation}");
    let stranger = world.resident().await;
    let order = format!("/api/v1/orders/{}", deal.order);
    for path in [&order, &conversation] {
        stranger.get(path).await.expect_problem(404, "not-found");
        world.anonymous().get(path).await.expect_problem(401, "unauthenticated");
    }
    for (step, body) in [
        ("pay", json!({"provider": "wallet"})),
        ("ship", parcel()),
        ("cancel", json!({"reason": ""})),
        ("hand-over", json!({"code": "000000"})),
        ("refund-requests", json!({"kind": "money_only", "reason": "other"})),
        ("disputes", json!({"reason": "other", "words": "我要"})),
        ("reviews", json!({"stars": 1})),
    ] {
        deal.by(&stranger, step, &body).await.expect_problem(404, "not-found");
    }
    let nosy = json!({"text": "你们在聊什么？"});
    stranger.post(&format!("{conversation}/messages"), &nosy).await.expect_problem(404, "not-found");
    // What one of the two may, the other may not.
    deal.by(&deal.seller, "pay", &json!({"provider": "wallet"})).await.expect_problem(403, "forbidden");
    deal.step(&deal.seller, "confirm").await.expect_problem(409, "trade-step");
    // Staff read, and do not act in anybody's place.
    let staff = world.staff("support").await;
    let _ = staff.get(&order).await.expect(200);
    deal.step(&staff, "confirm").await.expect_problem(404, "not-found");
    let seen = deal.seen_by(&deal.seller).await;
    assert_eq!(seen["address"]["phone"], "13812345678", "the seller sees where to send it");
}

#[tokio::test]
async fn a_token_that_may_only_read_spends_nothing() {
    let world = World::start().await;
    let buyer = world.resident().await;
    fund(&world, &buyer, 200);
    let listing = on_sale(&world).published().await;
    let token = json!({"name": "收银台", "scopes": ["read"], "expires_in_days": 1});
    let token = buyer.post("/api/v1/tokens", &token).await.expect(201).json();
    let reader = buyer.with_token(token["token"].as_str().unwrap());
    let _ = reader.get("/api/v1/orders").await.expect(200);
    let refused = reader.post("/api/v1/orders", &paid(sent(&listing))).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    let refused = reader.post("/api/v1/offers", &json!({"listing": listing.id, "amount_fen": 1})).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
}

#[tokio::test]
async fn who_is_blocked_writes_no_more_and_a_way_off_the_platform_is_warned_of() {
    let world = World::start().await;
    let (seller, buyer) = (world.resident().await, world.resident().await);
    let listing = on_sale(&world).by(&seller).published().await;
    let question = json!({"listing": listing.id, "text": "加我微信 abc_12345 直接转账便宜点"});
    let begun = buyer.post("/api/v1/conversations", &question).await.expect(201).json();
    assert!(begun["message"]["warned"].is_string(), "{begun}");
    let path = format!("/api/v1/conversations/{}", begun["conversation"].as_str().unwrap());
    let report = json!({"reason": "off-platform", "words": "让我加微信"});
    let _ = seller.post(&format!("{path}/report"), &report).await.expect(201);
    let moderator = world.staff("moderator").await;
    let reports = moderator.get("/api/v1/moderation/reports").await.expect(200).json();
    assert_eq!(reports["items"][0]["reason"], "off-platform");
    let _ = seller.send(seller.request(Method::PUT, &format!("{path}/block"))).await.expect(204);
    let again = json!({"text": "在吗"});
    buyer.post(&format!("{path}/messages"), &again).await.expect_problem(409, "trade-blocked");
    buyer.post("/api/v1/orders", &sent(&listing)).await.expect_problem(409, "trade-blocked");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_buyers_at_once_one_gets_the_item_on_sqlite() {
    let world = World::builder().demo().start().await;
    one_of_200(&world, &[world.anonymous().clone()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_200_buyers_at_once_one_gets_the_item_on_postgres_with_two_gateways() {
    let world = World::builder().demo().on(Store::Postgres).start().await;
    let folder = environment::folder("second-");
    let mut launch = world.launch().clone();
    launch.data = folder.path().join("data");
    launch.arguments.clear();
    let secret = std::fs::read_to_string(world.data().join("secret.key")).unwrap();
    launch.variables.push(("LUHUAN_SECRET".to_owned(), secret.trim().to_owned()));
    let second = Gateway::start(&launch).await;
    one_of_200(&world, &[world.anonymous().clone(), Client::new(second.origin())]).await;
}

/// Residents of the demo, each with opening funds, want one thing through several gateways.
async fn one_of_200(world: &World, gateways: &[Client]) {
    let seller = world.resident().await;
    let listing = on_sale(world).by(&seller).published().await;
    let residents = world.demo_accounts().await.iter().filter(|account| account.role == "resident");
    // The first ones have traded before.
    let logins: Vec<_> =
        residents.skip(50).take(BUYERS).map(|one| (one.login.clone(), one.password.clone())).collect();
    let mut buyers = Vec::with_capacity(BUYERS);
    for part in logins.chunks(8) {
        let signing = part.iter().map(|(login, password)| Actor::sign_in(world.anonymous(), login, password));
        buyers.extend(join_all(signing).await);
    }
    let before = wallet(&buyers[0]).await;
    assert!(before > PRICE);
    let body = Arc::new(paid(sent(&listing)));
    let orders = buyers.iter().enumerate().map(|(n, buyer)| {
        let client = gateways[n % gateways.len()].with_token(buyer.token().unwrap());
        let body = Arc::clone(&body);
        tokio::spawn(async move { client.post("/api/v1/orders", &body).await })
    });
    let mut outcomes: BTreeMap<u16, usize> = BTreeMap::new();
    for answer in join_all(orders.collect::<Vec<_>>()).await {
        let answer = answer.unwrap();
        *outcomes.entry(answer.status.as_u16()).or_default() += 1;
        if answer.status == 409 {
            assert_eq!(answer.expect_problem(409, "trade-gone")["listing_state"], "reserved");
        }
    }
    assert_eq!(outcomes, BTreeMap::from([(201, 1), (409, BUYERS - 1)]));
    let sold = seller.query("/api/v1/orders", &[("role", "seller")]).await.expect(200).json();
    assert_eq!(sold["items"].as_array().unwrap().len(), 1);
    assert_eq!(sold["items"][0]["state"], "paid");
    let mut left = 0;
    for buyer in &buyers {
        left += wallet(buyer).await;
    }
    assert_eq!(left, before * i64::try_from(BUYERS).unwrap() - PRICE, "one paid, once");
    verify(world);
}
