//! The desks of staff, the wallet, notifications and webhooks, with JavaScript and without.

use std::fmt::Write as _;
use std::time::Duration;

use luhuan_tests::{Actor, Browser, Listing, Screen, World, environment};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// What a thing costs, in fen.
const PRICE: i64 = 12_000;

/// The desks, and the role that opens each.
const DESKS: [(&str, &str); 8] = [
    ("/staff/listings", "moderator"),
    ("/staff/reports", "moderator"),
    ("/staff/disputes", "moderator"),
    ("/staff/reviews", "moderator"),
    ("/staff/process", "moderator"),
    ("/staff/ledger", "administrator"),
    ("/staff/payouts", "administrator"),
    ("/staff/refunds", "administrator"),
];

/// A page as one of these people gets it, without a browser: status and text.
async fn page(world: &World, who: Option<&Actor>, path: &str) -> (StatusCode, String) {
    let client = luhuan_store::outside::client().build().unwrap();
    let mut request = client.get(world.url(path));
    if let Some(who) = who {
        let token = who.token().expect("people are signed in");
        request = request.header(header::COOKIE, format!("lh_session={token}; lh_lang=zh-CN"));
    }
    let answer = request.send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

async fn sign_in(browser: &Browser, world: &World, who: &Actor) {
    browser.open(&world.url("/robots.txt")).await;
    let token = who.token().expect("people are signed in");
    browser.add_cookie(Cookie::new("lh_session", token)).await.expect("a browser takes a cookie");
}

async fn find(browser: &Browser, css: &str) -> WebElement {
    match browser.query(By::Css(css)).first().await {
        Ok(element) => element,
        Err(error) => {
            let at = browser.current_url().await.map(|url| url.to_string()).unwrap_or_default();
            panic!("no {css} on {at}: {error}\n{}", text(browser).await)
        }
    }
}

/// By the keyboard, which works with JavaScript and without.
async fn press(browser: &Browser, css: &str) {
    find(browser, css).await.send_keys(Key::Enter).await.unwrap();
}

async fn fill(browser: &Browser, css: &str, value: &str) {
    let field = find(browser, css).await;
    field.clear().await.unwrap();
    field.send_keys(value).await.unwrap();
}

/// What is to be read now; nothing while one page makes way for the next.
async fn text(browser: &Browser) -> String {
    match browser.find(By::Css("body")).await {
        Ok(body) => body.text().await.unwrap_or_default(),
        Err(_) => String::new(),
    }
}

/// Waits until the page says something.
async fn says(browser: &Browser, words: &str) {
    for _ in 0..200 {
        if text(browser).await.contains(words) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing says {words}:\n{}", text(browser).await);
}

fn fund(world: &World, who: &Actor, yuan: u32) {
    let reference = format!("test {:016x}", environment::unique_number());
    world.cli(&["ledger", "grant", &who.login, &yuan.to_string(), "--reference", &reference]);
}

/// Somebody's listing that was taken down and waits again.
async fn held(world: &World, moderator: &Actor, title: &str) -> Listing {
    let listing = world.listing().title(title).published().await;
    let path = format!("/api/v1/moderation/listings/{}/take-down", listing.id);
    let _ = moderator.post(&path, &json!({"reason": "照片不清楚"})).await.expect(200);
    let _ = listing.command("relist").await.expect(200);
    listing
}

/// A thing that was shipped, and about which its buyer asks for a decision.
struct Quarrel {
    buyer: Actor,
    seller: Actor,
    order: String,
}

impl Quarrel {
    async fn new(world: &World) -> Self {
        let (seller, buyer) = (world.resident().await, world.resident().await);
        fund(world, &buyer, 200);
        let delivery = json!(["pickup", "express"]);
        let listing = world.listing().by(&seller).title("碎屏平板").price_fen(PRICE);
        let listing = listing.field("delivery", delivery).field("freight", "seller").published().await;
        let order = json!({
            "listings": [listing.id], "delivery": "express", "flaws_confirmed": true, "pay": "wallet",
            "address": {"name": "王小明", "phone": "13812345678", "place": "朝阳区望京街道阜通东大街 6 号院 3 号楼"},
        });
        let made = buyer.post("/api/v1/orders", &order).await.expect(201).json();
        let quarrel = Self { buyer, seller, order: made["id"].as_str().unwrap().to_owned() };
        quarrel.step(&quarrel.seller, "ship", &json!({"carrier": "sf", "tracking": "SF1234567890123"})).await;
        let all = json!({"kind": "money_only", "reason": "defective", "words": "屏幕是碎的"});
        quarrel.step(&quarrel.buyer, "refund-requests", &all).await;
        let refuse = json!({"verdict": "refuse", "words": "寄出时是好的"});
        quarrel.step(&quarrel.seller, "refund-requests/answer", &refuse).await;
        let claim = json!({"reason": "defective", "words": "打开就是碎的", "claim_fen": 8_000});
        quarrel.step(&quarrel.buyer, "disputes", &claim).await;
        quarrel.step(&quarrel.seller, "disputes/evidence", &json!({"text": "打包录像"})).await;
        quarrel
    }

    async fn step(&self, who: &Actor, step: &str, body: &Value) {
        let _ = who.post(&format!("/api/v1/orders/{}/{step}", self.order), body).await.expect(200);
    }

    async fn seen(&self) -> Value {
        self.buyer.get(&format!("/api/v1/orders/{}", self.order)).await.expect(200).json()
    }
}

#[tokio::test]
async fn each_desk_opens_to_its_role_and_to_nobody_else() {
    let world = World::start().await;
    let resident = world.resident().await;
    let (moderator, support) = (world.staff("moderator").await, world.staff("support").await);
    let administrator = world.staff("administrator").await;
    for (desk, role) in DESKS {
        let (status, _) = page(&world, None, desk).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{desk}: a stranger signs in first");
        assert_eq!(page(&world, Some(&resident), desk).await.0, StatusCode::NOT_FOUND, "{desk}: a resident");
        let (opens, stays_shut) =
            if role == "moderator" { (&moderator, &administrator) } else { (&administrator, &moderator) };
        assert_eq!(page(&world, Some(opens), desk).await.0, StatusCode::OK, "{desk}: a {role}");
        if desk != "/staff/process" {
            assert_eq!(page(&world, Some(stays_shut), desk).await.0, StatusCode::NOT_FOUND, "{desk}");
        }
    }
    assert_eq!(page(&world, Some(&support), "/staff/disputes").await.0, StatusCode::OK);
    assert_eq!(page(&world, Some(&support), "/staff/listings").await.0, StatusCode::NOT_FOUND);
    assert_eq!(page(&world, Some(&resident), "/staff").await.0, StatusCode::NOT_FOUND);
    assert!(!page(&world, Some(&resident), "/me").await.1.contains("href=\"/staff\""));
    assert!(page(&world, Some(&support), "/me").await.1.contains("href=\"/staff\""));
}

#[tokio::test]
async fn a_moderator_clears_and_takes_down_without_javascript() {
    let world = World::start().await;
    let moderator = world.staff("moderator").await;
    let (good, bad) =
        (held(&world, &moderator, "核桃木书架").await, held(&world, &moderator, "竹制茶几").await);
    let browser = Browser::builder(Screen::Phone).without_javascript().start().await;
    sign_in(&browser, &world, &moderator).await;
    browser.open(&world.url("/staff")).await;
    press(&browser, "a.desk[href='/staff/listings']").await;
    press(&browser, &format!("#listing-{} .strong-button", good.id)).await;
    says(&browser, "已放行").await;
    let _ = world.anonymous().get(&good.path()).await.expect(200);
    // Without a reason it is refused beside its field; what was typed elsewhere is of no matter.
    press(&browser, &format!("#listing-{} .danger", bad.id)).await;
    let fault = find(&browser, &format!("#e-reason-{}", bad.id)).await;
    assert!(!fault.text().await.unwrap().is_empty());
    fill(&browser, &format!("#f-reason-{}", bad.id), "仿品，来源不明").await;
    press(&browser, &format!("#listing-{} .danger", bad.id)).await;
    says(&browser, "已下架").await;
    let seen = bad.read().await;
    assert_eq!(seen["state"], "withdrawn");
    let (_, mine) = page(&world, Some(&bad.seller), "/me/listings?state=withdrawn").await;
    assert!(mine.contains("仿品，来源不明"), "its seller reads why");
    // Any other is found by the address of its page.
    fill(&browser, "#f-listing", &world.url(&format!("/listings/{}", good.id))).await;
    press(&browser, "#f-listing").await;
    says(&browser, "核桃木书架").await;
}

#[tokio::test]
async fn staff_divide_what_is_held_and_a_colleague_hears_the_appeal() {
    let world = World::start().await;
    let quarrel = Quarrel::new(&world).await;
    let (first, second) = (world.staff("support").await, world.staff("moderator").await);
    let desk = world.url(&format!("/staff/disputes/{}", quarrel.order));
    let browser = Browser::builder(Screen::Phone).without_javascript().start().await;
    sign_in(&browser, &world, &first).await;
    browser.open(&desk).await;
    let shown = text(&browser).await;
    assert!(shown.contains("打开就是碎的") && shown.contains("打包录像"), "what both showed: {shown}");
    press(&browser, "form[action$='/take-up'] button").await;
    says(&browser, "已受理").await;
    // What does not sum is refused beside its field, and the reasons are kept.
    fill(&browser, "#f-buyer", "80").await;
    fill(&browser, "#f-seller", "41").await;
    fill(&browser, "#f-reasons", "照片显示出厂前就有裂纹").await;
    press(&browser, ".rule-do .primary").await;
    let fault = find(&browser, "#e-seller").await;
    assert!(fault.text().await.unwrap().contains("¥120"));
    assert_eq!(
        find(&browser, "#f-reasons").await.value().await.unwrap().as_deref(),
        Some("照片显示出厂前就有裂纹")
    );
    fill(&browser, "#f-seller", "40").await;
    press(&browser, ".rule-do .button[name=check]").await;
    says(&browser, "卖家实得").await;
    assert_eq!(quarrel.seen().await["state"], "deciding", "reckoning decides nothing");
    press(&browser, ".rule-do .primary").await;
    says(&browser, "裁决已提交").await;
    assert_eq!(quarrel.seen().await["dispute"]["rulings"][0]["buyer_fen"], 8_000);
    quarrel.step(&quarrel.seller, "disputes/appeal", &json!({"words": "录像没有看"})).await;
    // Whoever ruled first does not hear the appeal.
    browser.open(&desk).await;
    says(&browser, "录像没有看").await;
    fill(&browser, "#f-reasons", "维持").await;
    press(&browser, ".rule-do .primary").await;
    says(&browser, "不该由您决定").await;
    browser.delete_all_cookies().await.unwrap();
    sign_in(&browser, &world, &second).await;
    browser.open(&desk).await;
    fill(&browser, "#f-buyer", "30").await;
    fill(&browser, "#f-seller", "90").await;
    fill(&browser, "#f-reasons", "录像显示寄出时完好").await;
    press(&browser, ".rule-do .primary").await;
    says(&browser, "裁决已提交").await;
    for _ in 0..200 {
        if quarrel.seen().await["state"] == "settled" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let seen = quarrel.seen().await;
    assert_eq!((&seen["state"], &seen["refunded_fen"]), (&json!("settled"), &json!(3_000)));
    let report = world.cli(&["ledger", "verify"]);
    assert!(report.contains("in balance"), "{report}");
}

#[tokio::test]
async fn money_is_withdrawn_through_the_banks_file_and_taken_back_before_it() {
    let world = World::start().await;
    let (resident, administrator) = (world.resident().await, world.staff("administrator").await);
    fund(&world, &resident, 200);
    let browser = Browser::builder(Screen::Phone).without_javascript().start().await;
    sign_in(&browser, &world, &resident).await;
    browser.open(&world.url("/me/wallet")).await;
    says(&browser, "200").await;
    fill(&browser, "#f-amount", "900").await;
    fill(&browser, "#f-destination", "小林 工商银行 6222021234567890").await;
    press(&browser, "form[action='/me/wallet/withdraw'] button").await;
    let fault = find(&browser, "#e-amount").await;
    assert!(fault.text().await.unwrap().contains("200"), "it says what there is");
    assert_eq!(
        find(&browser, "#f-destination").await.value().await.unwrap().as_deref(),
        Some("小林 工商银行 6222021234567890")
    );
    fill(&browser, "#f-amount", "50").await;
    press(&browser, "form[action='/me/wallet/withdraw'] button").await;
    says(&browser, "提现已申请").await;
    assert!(text(&browser).await.contains("****7890") && !text(&browser).await.contains("6222021234567890"));
    press(&browser, "form[action$='/cancel'] button").await;
    says(&browser, "提现已撤回").await;
    fill(&browser, "#f-amount", "60").await;
    fill(&browser, "#f-destination", "小林 工商银行 6222021234567890").await;
    press(&browser, "form[action='/me/wallet/withdraw'] button").await;
    says(&browser, "提现已申请").await;
    let statement = find(&browser, "a[href$='statement.csv']").await.attr("href").await.unwrap().unwrap();
    let (status, table) = page(&world, Some(&resident), &statement).await;
    assert!(status.is_success() && table.contains("-60.00") && table.contains("200.00"), "{table}");
    assert_eq!(page(&world, Some(&world.resident().await), &statement).await.0, StatusCode::NOT_FOUND);

    browser.delete_all_cookies().await.unwrap();
    sign_in(&browser, &world, &administrator).await;
    browser.open(&world.url("/staff/payouts")).await;
    says(&browser, "****7890").await;
    let _ = administrator.post_empty("/api/v1/ledger/payout-files").await.expect(200);
    browser.open(&world.url("/staff/payouts?state=sent")).await;
    press(&browser, "form[action$='/settle'] button[value=paid]").await;
    says(&browser, "¥60").await;
    assert!(browser.find(By::Css(".fault")).await.is_ok(), "the bank's reference is asked for");
    fill(&browser, "input[name^=said-]", "20261124001").await;
    press(&browser, "form[action$='/settle'] button[value=paid]").await;
    says(&browser, "结果已登记").await;
    browser.open(&world.url("/staff/ledger")).await;
    press(&browser, "form[action='/staff/ledger/audit'] button").await;
    says(&browser, "账是平的").await;
}

#[tokio::test]
async fn the_badge_hears_of_a_message_while_the_page_is_open_and_works_without_it() {
    let world = World::start().await;
    let (seller, buyer) = (world.resident().await, world.resident().await);
    let listing = world.listing().by(&seller).title("竹制茶几").published().await;
    let browser = Browser::start(Screen::Desktop).await;
    sign_in(&browser, &world, &seller).await;
    browser.open(&world.url("/me/notifications")).await;
    assert!(!find(&browser, ".bell [data-notices]").await.is_displayed().await.unwrap(), "nothing is unread");
    let question = json!({"listing": listing.id, "text": "还在吗？"});
    let _ = buyer.post("/api/v1/conversations", &question).await.expect(201);
    for _ in 0..200 {
        if find(&browser, ".bell [data-notices]").await.is_displayed().await.unwrap() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(
        find(&browser, ".bell [data-notices]").await.text().await.unwrap().starts_with('1'),
        "the badge is live"
    );
    drop(browser);

    let browser = Browser::builder(Screen::Phone).without_javascript().start().await;
    sign_in(&browser, &world, &seller).await;
    browser.open(&world.url("/me/notifications")).await;
    says(&browser, "竹制茶几").await;
    assert!(find(&browser, ".tabs [data-notices]").await.is_displayed().await.unwrap());
    press(&browser, ".notes-do button").await;
    // The answer leads to the same address: what tells that it is there is that nothing is unread.
    for _ in 0..200 {
        if browser.find_all(By::Css(".note.unread")).await.is_ok_and(|notes| notes.is_empty()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(browser.find_all(By::Css(".note.unread")).await.unwrap().is_empty());
    assert!(!find(&browser, ".tabs [data-notices]").await.is_displayed().await.unwrap());
}

#[tokio::test]
async fn a_webhooks_secret_is_shown_once_and_its_tries_are_logged() {
    let world = World::start().await;
    let (owner, other) = (world.resident().await, world.resident().await);
    let browser = Browser::builder(Screen::Phone).without_javascript().start().await;
    sign_in(&browser, &world, &owner).await;
    browser.open(&world.url("/me/webhooks")).await;
    fill(&browser, "#f-url", "http://127.0.0.1/x").await;
    press(&browser, "form[action='/me/webhooks'] .strong-button").await;
    assert!(!find(&browser, "#e-url").await.text().await.unwrap().is_empty());
    assert_eq!(find(&browser, "#f-url").await.value().await.unwrap().as_deref(), Some("http://127.0.0.1/x"));
    fill(&browser, "#f-url", "https://hooks.invalid/luhuan").await;
    fill(&browser, "#f-events", "listing.moved").await;
    press(&browser, "form[action='/me/webhooks'] .strong-button").await;
    let secret = find(&browser, ".secret").await.text().await.unwrap();
    assert!(secret.starts_with("whsec_"));
    let hooks = owner.get("/api/v1/webhooks").await.expect(200).json();
    assert_eq!(hooks["items"][0]["events"], json!(["trade.*", "listing.moved"]));
    let address = format!("/me/webhooks/{}", hooks["items"][0]["id"].as_str().unwrap());
    browser.open(&world.url(&address)).await;
    assert!(!text(&browser).await.contains(&secret), "once");
    press(&browser, "form[action$='/ping'] button").await;
    says(&browser, "webhook.ping").await;
    press(&browser, "form[action$='/switch'] button").await;
    says(&browser, "已停用").await;
    assert_eq!(page(&world, Some(&other), &address).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_new_page_is_sound_in_both_languages_on_phone_and_desktop() {
    let world = World::start().await;
    let quarrel = Quarrel::new(&world).await;
    let (moderator, administrator) = (world.staff("moderator").await, world.staff("administrator").await);
    let _ = held(&world, &moderator, "核桃木书架").await;
    let hook = json!({"url": "https://hooks.invalid/luhuan", "events": ["trade.*"], "description": "仓库"});
    let hook = quarrel.seller.post("/api/v1/webhooks", &hook).await.expect(201).json();
    let _ =
        quarrel.seller.post_empty(&format!("/api/v1/webhooks/{}/ping", hook["id"].as_str().unwrap())).await;
    let own = [
        "/me/wallet".to_owned(),
        "/me/notifications".to_owned(),
        "/me/notifications/preferences".to_owned(),
        "/me/webhooks".to_owned(),
        format!("/me/webhooks/{}", hook["id"].as_str().unwrap()),
    ];
    let desks =
        |role: &'static str| DESKS.iter().filter(move |desk| desk.1 == role).map(|desk| desk.0.to_owned());
    let moderating: Vec<_> = desks("moderator")
        .chain(["/staff".to_owned(), format!("/staff/disputes/{}", quarrel.order)])
        .collect();
    let operating: Vec<_> = desks("administrator").collect();
    let mut report = String::new();
    for (screen, language, dark) in [
        (Screen::Phone, "zh-CN", false),
        (Screen::Phone, "en", true),
        (Screen::Desktop, "zh-CN", true),
        (Screen::Desktop, "en", false),
        (Screen::SmallPhone, "en", false),
    ] {
        let visits =
            [(&quarrel.seller, &own[..]), (&moderator, &moderating[..]), (&administrator, &operating[..])];
        for (who, paths) in visits {
            let builder = Browser::builder(screen).language(language);
            let browser = if dark { builder.dark() } else { builder }.start().await;
            sign_in(&browser, &world, who).await;
            for path in paths {
                check(&browser, &world, path, &mut report).await;
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// Adds to the report what is wrong with a page.
async fn check(browser: &Browser, world: &World, path: &str, report: &mut String) {
    browser.open(&world.url(path)).await;
    let mut wrong: Vec<String> =
        browser.axe().await.iter().filter(|found| found.is_grave()).map(ToString::to_string).collect();
    let over = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    let over = browser.execute(over, Vec::new()).await.unwrap().json().as_i64().unwrap_or_default();
    if over > 0 {
        wrong.push(format!("it is {over} pixels too wide"));
    }
    wrong.extend(browser.console().await);
    for line in wrong {
        writeln!(report, "{path}\n  {line}").unwrap();
    }
}
