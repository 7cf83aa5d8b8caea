//! Two people trade: talk, offer, pay, ship, confirm, review; money back in part; a dispute; a card at Stripe's
//! counterpart. With JavaScript and without, card entry aside.

use luhuan_ledger::testing::{FakeStripe, GOOD_CARD, WEBHOOK_SECRET};
use luhuan_tests::{Actor, Listing, World, environment};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::visitor::{Photos, Visitor};

#[tokio::test]
async fn two_people_talk_agree_pay_ship_confirm_and_review_with_javascript() {
    talk_to_review(true).await;
}

#[tokio::test]
async fn two_people_talk_agree_pay_ship_confirm_and_review_without_javascript() {
    talk_to_review(false).await;
}

#[tokio::test]
async fn a_part_goes_back_and_the_rest_to_the_seller_with_javascript() {
    partial_refund(true).await;
}

#[tokio::test]
async fn a_part_goes_back_and_the_rest_to_the_seller_without_javascript() {
    partial_refund(false).await;
}

#[tokio::test]
async fn a_refused_request_becomes_a_dispute_with_evidence_a_ruling_and_an_appeal() {
    dispute(true).await;
}

#[tokio::test]
async fn a_dispute_needs_no_javascript() {
    dispute(false).await;
}

#[tokio::test]
async fn who_meets_hands_over_by_the_code_that_the_buyer_shows() {
    let deal = Deal::start(false).await;
    let listing = deal.thing(&["pickup"]).await;
    deal.order(&listing, "pickup", "wallet").await;
    let order = deal.buyer.leaves_for(|at| at.contains("/orders/")).await;
    deal.buyer.unfold("#meet details").await;
    deal.buyer.fill("#f-arrange\\.place", "望京地铁站 B 口").await;
    deal.buyer.press("form[action$='/arrange'] button").await;
    deal.buyer.reads("望京地铁站 B 口").await;
    let code = deal.buyer.text("#code").await;
    assert_eq!(code.len(), 6, "{code}");

    deal.seller.browser.open(&order).await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    deal.seller.fill("#f-hand\\.code", wrong).await;
    deal.seller.press("form[action$='/hand-over'] button").await;
    deal.seller.reads("交接码不对").await;
    deal.seller.fill("#f-hand\\.code", &code).await;
    deal.seller.press("form[action$='/hand-over'] button").await;
    deal.seller.reads("交接完成").await;
    deal.seller.reads("已结算").await;
    deal.is_balanced();
}

#[tokio::test]
async fn what_is_wrong_at_the_checkout_is_told_at_its_field_and_nothing_typed_is_lost() {
    let deal = Deal::start(false).await;
    let listing = deal.thing(&["express"]).await;
    deal.buyer.browser.open(&deal.world.url(&format!("/checkout?listing={}", listing.id))).await;
    deal.buyer.fill("#f-address\\.name", "王小明").await;
    deal.buyer.fill("#f-address\\.phone", "123").await;
    deal.buyer.fill("#f-address\\.place", "望京街道 6 号院").await;
    deal.buyer.press("#checkout .action button").await;
    deal.buyer.tick("input[name=flaw]").await;
    deal.buyer.press("form .action button.primary").await;
    deal.buyer.reads("11 位手机号").await;
    let kept = deal.buyer.find("#f-address\\.place").await.value().await.unwrap();
    assert_eq!(kept.as_deref(), Some("望京街道 6 号院"));
    deal.buyer.fill("#f-address\\.phone", "13812345678").await;
    // Nothing is ordered with a wallet that holds too little.
    deal.spend_elsewhere().await;
    deal.buyer.press("#checkout .action button").await;
    deal.buyer.tick("input[name=flaw]").await;
    deal.buyer.press("form .action button.primary").await;
    deal.buyer.see("#e-provider").await;
    let orders = deal.buyer_person.get("/api/v1/orders").await.expect(200).json();
    assert_eq!(orders["items"].as_array().map(Vec::len), Some(1), "only the one elsewhere: {orders}");
}

#[tokio::test]
async fn a_card_is_entered_into_the_providers_fields_and_the_order_is_paid_once() {
    let stripe = FakeStripe::start().await;
    let world = World::builder()
        .variable("LUHUAN_STRIPE_SECRET_KEY", "sk_test_12345")
        .variable("LUHUAN_STRIPE_PUBLISHABLE_KEY", "pk_test_12345")
        .variable("LUHUAN_STRIPE_WEBHOOK_SECRETS", WEBHOOK_SECRET)
        .variable("LUHUAN_STRIPE_API", &stripe.url)
        .variable("LUHUAN_STRIPE_SCRIPT", &stripe.script())
        .start()
        .await;
    stripe.send_webhooks_to(&world.url("/api/v1/payments/stripe/webhook")).await;
    let deal = Deal::in_world(world, true).await;
    let listing = deal.thing(&["express"]).await;
    deal.order(&listing, "express", "stripe").await;
    let page = deal.buyer.leaves_for(|at| at.contains("/payment")).await;
    // The provider's own fields, from its own script: the page's policy lets them in, and nothing else.
    let fields = deal
        .buyer
        .browser
        .query(By::Css("#payment-fields input"))
        .all_from_selector_required()
        .await
        .unwrap();
    for (field, value) in fields.iter().zip([GOOD_CARD, "12", "30", "123", "10000"]) {
        field.send_keys(value).await.unwrap();
    }
    deal.buyer.press("#payment button[type=submit]").await;
    deal.buyer.leaves_for(|at| at.contains("/orders/") && !at.ends_with("/payment")).await;
    deal.buyer.reads("已付款").await;
    let paid: Vec<String> =
        stripe.payments().await.iter().map(|payment| payment["status"].to_string()).collect();
    assert_eq!(paid, ["\"succeeded\""], "one payment, and it came through");
    // Back on the page by hand: there is nothing more to pay.
    deal.buyer.browser.open(&page).await;
    deal.buyer.leaves_for(|at| !at.ends_with("/payment")).await;
    let complaints: Vec<_> = deal
        .buyer
        .browser
        .console()
        .await
        .into_iter()
        .filter(|line| line.contains("Content Security Policy"))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    deal.is_balanced();
}

#[tokio::test]
async fn a_message_appears_on_the_others_open_page_by_itself() {
    let deal = Deal::start(true).await;
    let listing = deal.thing(&["pickup"]).await;
    let conversation = deal.ask(&listing, "还在吗？").await;
    deal.seller.browser.open(&conversation).await;
    deal.seller.reads("还在吗？").await;
    deal.buyer.fill("#f-text", "周六上午可以看吗？").await;
    deal.buyer.press(".compose button[type=submit]").await;
    deal.seller.reads("周六上午可以看吗？").await;
}

/// A buyer and a seller, each at a browser, and their world.
struct Deal {
    world: World,
    buyer: Visitor,
    seller: Visitor,
    buyer_person: Actor,
    seller_person: Actor,
}

impl Deal {
    async fn start(runs_scripts: bool) -> Self {
        Self::in_world(World::start().await, runs_scripts).await
    }

    async fn in_world(world: World, runs_scripts: bool) -> Self {
        let (buyer_person, seller_person) = (world.resident().await, world.resident().await);
        let reference = format!("test {:016x}", environment::unique_number());
        world.cli(&["ledger", "grant", &buyer_person.login, "200", "--reference", &reference]);
        let buyer = Visitor::on_a_phone(runs_scripts).await;
        let seller = Visitor::on_a_phone(runs_scripts).await;
        buyer.sign_in(&world, &buyer_person).await;
        seller.sign_in(&world, &seller_person).await;
        Self { world, buyer, seller, buyer_person, seller_person }
    }

    /// A bookcase with one flaw, for 120 yuan, which the seller haggles about.
    async fn thing(&self, delivery: &[&str]) -> Listing {
        let listing = self.world.listing().by(&self.seller_person).field("delivery", json!(delivery));
        let sent = delivery.iter().any(|way| *way != "pickup");
        listing.field("freight", if sent { json!("seller") } else { Value::Null }).published().await
    }

    /// The buyer writes to the seller; the address of their conversation.
    async fn ask(&self, listing: &Listing, words: &str) -> String {
        self.buyer.browser.open(&self.world.url(&format!("/listings/{}", listing.id))).await;
        self.buyer.press(".action form[action$='/ask'] button").await;
        let conversation = self.buyer.leaves_for(|at| at.contains("/conversations/")).await;
        self.buyer.fill("#f-text", words).await;
        self.buyer.press(".compose button[type=submit]").await;
        self.buyer.reads(words).await;
        conversation
    }

    /// Orders by the listing's page; the flaw is confirmed in a step of its own.
    async fn order(&self, listing: &Listing, delivery: &str, provider: &str) {
        self.buyer.browser.open(&self.world.url(&format!("/listings/{}", listing.id))).await;
        self.buyer.press(".action a.primary").await;
        self.buyer.leaves_for(|at| at.contains("/checkout")).await;
        self.fill_checkout(delivery, provider).await;
    }

    async fn fill_checkout(&self, delivery: &str, provider: &str) {
        self.buyer.tick(&format!("input[name=delivery][value={delivery}]")).await;
        if delivery != "pickup" {
            self.buyer.fill("#f-address\\.name", "王小明").await;
            self.buyer.fill("#f-address\\.phone", "13812345678").await;
            self.buyer.fill("#f-address\\.place", "朝阳区望京街道阜通东大街 6 号院 3 号楼").await;
        }
        self.buyer.tick(&format!("input[name=provider][value={provider}]")).await;
        self.buyer.press("#checkout .action button").await;
        self.buyer.reads("侧面有一道浅划痕").await;
        // Without the tick nothing is ordered.
        self.buyer.press("form .action button.primary").await;
        self.buyer.see("#e-flaw").await;
        self.buyer.tick("input[name=flaw]").await;
        self.buyer.press("form .action button.primary").await;
    }

    /// The buyer has the order's address, the seller ships.
    async fn paid_and_shipped(&self, listing: &Listing) -> String {
        self.order(listing, "express", "wallet").await;
        let order = self.buyer.leaves_for(|at| at.contains("/orders/")).await;
        self.ship(&order).await;
        order
    }

    async fn ship(&self, order: &str) {
        self.seller.browser.open(order).await;
        self.seller.choose("#f-ship\\.carrier", "sf").await;
        self.seller.fill("#f-ship\\.tracking", "x").await;
        self.seller.press("form[action$='/ship'] button").await;
        self.seller.see("#e-ship\\.tracking").await;
        self.seller.fill("#f-ship\\.tracking", "SF1234567890").await;
        self.seller.press("form[action$='/ship'] button").await;
        self.seller.reads("已发货").await;
    }

    /// Opens the order anew and presses the one action that is always reachable.
    async fn act(who: &Visitor, order: &str) {
        who.browser.open(order).await;
        who.press(".action .primary").await;
    }

    /// What a person can spend, in fen.
    async fn spendable(who: &Actor) -> i64 {
        let accounts = who.get("/api/v1/ledger/accounts").await.expect(200).json();
        let kinds = accounts.as_array().into_iter().flatten();
        kinds
            .filter(|account| account["kind"] == "available")
            .filter_map(|it| it["balance"]["minor"].as_i64())
            .sum()
    }

    /// The buyer spends all but a little elsewhere.
    async fn spend_elsewhere(&self) {
        let other = self.world.listing().price_fen(19_000).published().await;
        let order =
            json!({"listings": [other.id], "delivery": "pickup", "flaws_confirmed": true, "pay": "wallet"});
        let _ = self.buyer_person.post("/api/v1/orders", &order).await.expect(201);
    }

    /// The books are right to the fen.
    fn is_balanced(&self) {
        self.world.cli(&["ledger", "verify"]);
    }
}

async fn talk_to_review(runs_scripts: bool) {
    let deal = Deal::start(runs_scripts).await;
    let listing = deal.thing(&["pickup", "express"]).await;
    // Talk: unread for the seller, warned of what leads off the platform, with a photo.
    let conversation = deal.ask(&listing, "还在吗？我的微信 abc_12345").await;
    deal.buyer.reads("联系方式").await;
    deal.seller.browser.open(&deal.world.url("/conversations")).await;
    deal.seller.reads("宜家比利书架").await;
    deal.seller.see(".talk-list .badge").await;
    deal.seller.press(".talk-list a.trade-row").await;
    deal.seller.leaves_for(|at| at.contains("/conversations/")).await;
    let photo = Photos::new(1).paths().next().unwrap();
    deal.seller.find("#f-photo").await.send_keys(photo).await.unwrap();
    deal.seller.fill("#f-text", "在的，这是实物").await;
    deal.seller.press(".compose button[type=submit]").await;
    deal.seller.see(".bubble.own img").await;
    // Haggle: 100, 110, agreed.
    deal.buyer.browser.open(&conversation).await;
    deal.buyer.reads("在的，这是实物").await;
    deal.buyer.unfold("#offer").await;
    deal.buyer.fill("#f-offer\\.amount", "100").await;
    deal.buyer.press("#offer form button").await;
    deal.buyer.reads("等对方回应").await;
    deal.seller.browser.open(&conversation).await;
    deal.seller.fill("input[name='counter.amount']", "110").await;
    deal.seller.press(".offer-counter button").await;
    deal.seller.reads("还价已发给对方").await;
    deal.buyer.browser.open(&conversation).await;
    deal.buyer.press("form[action$='/accept'] button").await;
    deal.buyer.reads("已谈妥").await;
    // Order at the agreed price, pay from the wallet.
    deal.buyer.press(".offer-acts a").await;
    deal.buyer.leaves_for(|at| at.contains("/checkout")).await;
    deal.buyer.reads("110").await;
    deal.fill_checkout("express", "wallet").await;
    let order = deal.buyer.leaves_for(|at| at.contains("/orders/")).await;
    deal.buyer.reads("已付款").await;
    assert_eq!(Deal::spendable(&deal.buyer_person).await, 9_000);
    deal.ship(&order).await;
    Deal::act(&deal.buyer, &order).await;
    deal.buyer.reads("已结算").await;
    // 110 yuan less 0.6 per cent.
    assert_eq!(Deal::spendable(&deal.seller_person).await, 10_934);
    // Reviews: blind until both wrote, then a reply.
    review(&deal.buyer, "5", "和描述一致，很满意").await;
    deal.seller.browser.open(&order).await;
    assert!(!deal.seller.text("main").await.contains("很满意"), "blind until both wrote");
    review(&deal.seller, "4", "付款爽快").await;
    deal.seller.reads("很满意").await;
    deal.seller.fill("#f-reply\\.reply", "谢谢您").await;
    deal.seller.press("form[action$='/reply'] button").await;
    deal.seller.reads("谢谢您").await;
    let seller = listing.read().await["seller"]["person"].as_str().unwrap().to_owned();
    deal.buyer.browser.open(&deal.world.url(&format!("/sellers/{seller}"))).await;
    deal.buyer.reads("好评 100%").await;
    deal.is_balanced();
}

async fn review(who: &Visitor, stars: &str, words: &str) {
    who.tick(&format!("input[name='review.stars'][value='{stars}']")).await;
    who.fill("#f-review\\.text", words).await;
    who.press("form[action$='/reviews'] button").await;
    who.reads(words).await;
}

async fn partial_refund(runs_scripts: bool) {
    let deal = Deal::start(runs_scripts).await;
    let listing = deal.thing(&["express"]).await;
    let order = deal.paid_and_shipped(&listing).await;
    ask_for(&deal, &order, "20").await;
    deal.seller.browser.open(&order).await;
    deal.seller.press("button[name=answer][value=agree]").await;
    // The sale stands: the order goes on where it was.
    deal.seller.reads("已发货").await;
    assert_eq!(Deal::spendable(&deal.buyer_person).await, 10_000);
    Deal::act(&deal.buyer, &order).await;
    deal.buyer.reads("已结算").await;
    // 100 of 120 yuan stay paid; the fee shrinks in proportion.
    assert_eq!(Deal::spendable(&deal.seller_person).await, 9_940);
    deal.is_balanced();
}

/// Asks for a part back, more than is held first.
async fn ask_for(deal: &Deal, order: &str, yuan: &str) {
    deal.buyer.browser.open(order).await;
    deal.buyer.unfold("#ask-refund").await;
    deal.buyer.tick("input[name='refund.kind'][value=money_only]").await;
    deal.buyer.choose("#f-refund\\.reason", "defective").await;
    deal.buyer.fill("#f-refund\\.amount", "5000").await;
    deal.buyer.fill("#f-refund\\.words", "有一层板裂了").await;
    deal.buyer.press("form[action$='/refund-requests'] button").await;
    deal.buyer.see("#e-refund\\.amount").await;
    let kept = deal.buyer.find("#f-refund\\.words").await.value().await.unwrap();
    assert_eq!(kept.as_deref(), Some("有一层板裂了"), "what was typed is kept");
    deal.buyer.fill("#f-refund\\.amount", yuan).await;
    deal.buyer.press("form[action$='/refund-requests'] button").await;
    deal.buyer.reads("退款待处理").await;
}

async fn dispute(runs_scripts: bool) {
    let deal = Deal::start(runs_scripts).await;
    let listing = deal.thing(&["express"]).await;
    let order = deal.paid_and_shipped(&listing).await;
    ask_for(&deal, &order, "80").await;
    deal.seller.browser.open(&order).await;
    // A refusal needs its reason.
    deal.seller.press("button[name=answer][value=refuse]").await;
    deal.seller.see("#e-answer\\.words").await;
    deal.seller.fill("#f-answer\\.words", "寄出时是好的").await;
    deal.seller.press("button[name=answer][value=refuse]").await;
    deal.seller.reads("已拒绝").await;
    deal.buyer.browser.open(&order).await;
    deal.buyer.reads("寄出时是好的").await;
    deal.buyer.unfold("#open-dispute").await;
    deal.buyer.choose("#f-dispute\\.reason", "defective").await;
    deal.buyer.fill("#f-dispute\\.words", "打开就是裂的").await;
    deal.buyer.fill("#f-dispute\\.claim", "80").await;
    deal.buyer.press("form[action$='/disputes'] button").await;
    deal.buyer.reads("纠纷举证中").await;
    let photo = Photos::new(1).paths().next().unwrap();
    deal.buyer.find("#f-photo").await.send_keys(photo).await.unwrap();
    deal.buyer.fill("#f-evidence\\.text", "裂开的照片").await;
    deal.buyer.press("form[action$='/evidence'] button").await;
    deal.buyer.see("#dispute .trade-photos img").await;
    deal.seller.browser.open(&order).await;
    deal.seller.reads("裂开的照片").await;
    deal.seller.fill("#f-evidence\\.text", "打包时的录像说明").await;
    deal.seller.press("form[action$='/evidence'] button").await;
    deal.seller.reads("打包时的录像说明").await;

    // Staff take it up and rule by the API; their pages have tests of their own.
    let id = order.rsplit('/').next().unwrap().split(['?', '#']).next().unwrap().to_owned();
    rule(&deal.world, &id, 6_000, true).await;
    deal.seller.browser.open(&order).await;
    deal.seller.reads("退给买家 ¥60").await;
    deal.seller.unfold("#dispute details").await;
    deal.seller.fill("#f-appeal\\.words", "照片看不出是运输造成的").await;
    deal.seller.press("form[action$='/appeal'] button").await;
    deal.seller.reads("申诉中").await;
    rule(&deal.world, &id, 4_000, false).await;
    deal.buyer.browser.open(&order).await;
    deal.buyer.reads("退给买家 ¥40").await;
    assert_eq!(Deal::spendable(&deal.buyer_person).await, 12_000);
    // 80 of 120 yuan stay paid, less 0.6 per cent of them.
    assert_eq!(Deal::spendable(&deal.seller_person).await, 7_952);
    deal.is_balanced();
}

/// A moderator rules; an appeal is heard by another.
async fn rule(world: &World, order: &str, buyer_fen: i64, take_up: bool) {
    let moderator = world.staff("moderator").await;
    if take_up {
        let _ = moderator.post_empty(&format!("/api/v1/orders/{order}/disputes/take-up")).await.expect(200);
    }
    let ruling = json!({"buyer_fen": buyer_fen, "reasons": "照片和录像都看过"});
    let _ = moderator.post(&format!("/api/v1/orders/{order}/disputes/rule"), &ruling).await.expect(200);
}
