//! Every page, in both languages, on phone and desktop: nothing that keeps people with a disability out, nothing that
//! the page's own security policy forbids, nothing wider than the screen.

use std::fmt::Write as _;

use luhuan_tests::{Actor, Browser, Listing, Screen, World};
use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

#[tokio::test]
async fn every_page_is_sound_on_a_phone_in_chinese() {
    every_page_is_sound(Screen::Phone, "zh-CN").await;
}

#[tokio::test]
async fn every_page_is_sound_on_a_phone_in_english() {
    every_page_is_sound(Screen::Phone, "en").await;
}

#[tokio::test]
async fn every_page_is_sound_on_a_desktop_in_chinese() {
    every_page_is_sound(Screen::Desktop, "zh-CN").await;
}

#[tokio::test]
async fn every_page_is_sound_on_a_desktop_in_english() {
    every_page_is_sound(Screen::Desktop, "en").await;
}

#[tokio::test]
async fn pages_are_sound_in_the_dark() {
    let city = City::new().await;
    let mut report = String::new();
    for screen in Screen::ALL {
        let browser = Browser::builder(screen).dark().start().await;
        city.sign_in(&browser).await;
        for path in
            ["/".to_owned(), "/search?q=手机".to_owned(), city.other.clone(), "/me".to_owned(), city.edit()]
        {
            check(&browser, &city.world, &path, "zh-CN", &mut report).await;
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[tokio::test]
async fn nothing_is_wider_than_the_narrowest_phone() {
    let city = City::new().await;
    let browser = Browser::start(Screen::SmallPhone).await;
    city.sign_in(&browser).await;
    let mut report = String::new();
    for path in city.pages() {
        browser.open(&city.world.url(&path)).await;
        check_width(&browser, &path, &mut report).await;
    }
    assert!(report.is_empty(), "{report}");
}

/// What sticks out of the screen, unless it scrolls within its own box.
async fn check_width(browser: &Browser, path: &str, report: &mut String) {
    let script = "const width = document.documentElement.clientWidth; \
                  if (document.documentElement.scrollWidth <= width) return []; \
                  return [...document.querySelectorAll('body *')] \
                    .filter(element => element.getBoundingClientRect().right > width + 1) \
                    .slice(0, 3).map(element => element.outerHTML.slice(0, 160));";
    let found = browser.execute(script, Vec::new()).await.unwrap().json().clone();
    if found != json!([]) {
        writeln!(report, "{path}: {found}").unwrap();
    }
}

async fn every_page_is_sound(screen: Screen, language: &str) {
    let city = City::new().await;
    let mut report = String::new();
    let browser = Browser::builder(screen).language(language).start().await;
    for path in ["/sign-in", "/sign-up", "/"] {
        check(&browser, &city.world, path, language, &mut report).await;
    }
    ask_for_a_code(&browser, &city).await;
    check_shown(&browser, language, &mut report).await;
    city.sign_in(&browser).await;
    for path in city.pages() {
        check(&browser, &city.world, &path, language, &mut report).await;
    }
    assert!(report.is_empty(), "{report}");
}

async fn ask_for_a_code(browser: &Browser, city: &City) {
    browser.open(&city.world.url("/sign-in")).await;
    let script = "const form = document.querySelector(\"form[action='/sign-in/code']\"); \
                  form.querySelector('[name=login]').value = arguments[0]; form.submit();";
    browser.execute(script, vec![json!(city.resident.login)]).await.unwrap();
    browser.query(By::Css("#f-code")).first().await.expect("the page that asks for the code");
}

async fn check(browser: &Browser, world: &World, path: &str, language: &str, report: &mut String) {
    browser.open(&world.url(path)).await;
    check_shown(browser, language, report).await;
}

/// Adds to the report what is wrong with the page that is shown.
async fn check_shown(browser: &Browser, language: &str, report: &mut String) {
    let page = browser.current_url().await.map(|url| url.to_string()).unwrap_or_default();
    let mut wrong = Vec::new();
    wrong.extend(browser.axe().await.iter().filter(|found| found.is_grave()).map(ToString::to_string));
    let shown: Value = browser
        .execute(
            "return {lang: document.documentElement.lang, title: document.title, \
             over: document.documentElement.scrollWidth - document.documentElement.clientWidth, \
             key: [...document.querySelectorAll('main :not(code)')].filter(e => !e.children.length) \
               .map(e => e.textContent.trim()).find(text => /^[a-z]+(-[a-z]+){1,4}$/.test(text) && !text.includes(' ')) ?? null, \
             broken: [...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)}",
            Vec::new(),
        )
        .await
        .unwrap()
        .json()
        .clone();
    // The reference of the API is written in English alone.
    if shown["lang"] != language && !page.contains("/api/docs") {
        wrong.push(format!("its language is {}", shown["lang"]));
    }
    if shown["title"].as_str().is_none_or(str::is_empty) {
        wrong.push("it has no title".to_owned());
    }
    if shown["over"].as_i64() > Some(0) {
        wrong.push(format!("it is {} pixels too wide", shown["over"]));
    }
    if shown["key"].is_string() && !page.contains("/api/docs") && !page.contains("/_/style") {
        wrong.push(format!("it may show a key instead of a sentence: {}", shown["key"]));
    }
    if shown["broken"] != json!([]) {
        wrong.push(format!("pictures do not load: {}", shown["broken"]));
    }
    // A page that is not there is a line on the console by itself.
    let is_told = |line: &String| !(page.contains("no-such-page") && line.contains("404"));
    wrong.extend(browser.console().await.into_iter().filter(is_told));
    for line in wrong {
        writeln!(report, "{page}\n  {line}").unwrap();
    }
}

/// The demo city with a resident who has one of everything.
struct City {
    world: World,
    resident: Actor,
    own: Listing,
    draft: Listing,
    /// The page of a listing with photos that somebody else offers.
    other: String,
    seller: String,
    organisation: String,
}

impl City {
    async fn new() -> Self {
        let world = World::demo().await;
        let resident = world.resident().await;
        let own = world.listing().by(&resident).photo().photo().published().await;
        // A price that changed has a history to show.
        let _ = resident.patch(&own.path(), "*", &json!({"price_fen": 9_900})).await.expect(200);
        let draft = world.listing().by(&resident).field("origin", Value::Null).draft().await;
        let withdrawn = world.listing().by(&resident).published().await;
        let _ = withdrawn.command("withdraw").await.expect(200);
        let other = with_photos(&world).await;
        let watch = format!("/api/v1/listings/{}/watch", other["id"].as_str().unwrap());
        let _ = resident.send(resident.request(Method::PUT, &watch)).await.expect(204);
        let shop = json!({"kind": "seller-shop", "name": "双井旧书店", "licence": "91110000101623741K"});
        let shop = resident.post("/api/v1/organisations", &shop).await.expect(201).json();
        let organisation = format!("/organisations/{}", shop["id"].as_str().unwrap());
        let clerk = json!({"login": world.demo_accounts().await[0].login, "role": "clerk"});
        let _ = resident.post(&format!("/api/v1{organisation}/members"), &clerk).await.expect(201);
        let token = json!({"name": "货架同步", "scopes": ["read"], "expires_in_days": 9});
        let _ = resident.post("/api/v1/tokens", &token).await.expect(201);
        Self {
            other: format!("/listings/{}", other["id"].as_str().unwrap()),
            seller: format!("/sellers/{}", other["seller"]["person"].as_str().unwrap()),
            world,
            resident,
            own,
            draft,
            organisation,
        }
    }

    fn edit(&self) -> String {
        format!("/listings/{}/edit", self.own.id)
    }

    /// Every page that a resident comes to.
    fn pages(&self) -> Vec<String> {
        let fixed = [
            "/",
            "/categories",
            "/search?q=手机",
            "/search?category=furniture&sort=price_asc&min_price=10",
            "/search?q=zzqqxx",
            "/rules",
            "/privacy",
            "/_/style",
            "/api/docs",
            "/no-such-page",
            "/problems/not-found",
            "/listings/new",
            "/listings/new?category=phones-smartphone",
            "/me",
            "/me/listings",
            "/me/listings?state=draft",
            "/me/listings?state=withdrawn",
            "/me/watchlist",
            "/me/security",
            "/me/privacy",
            "/organisations/new",
        ];
        let mut pages: Vec<String> = fixed.map(str::to_owned).into();
        pages.extend([
            self.other.clone(),
            self.seller.clone(),
            self.organisation.clone(),
            format!("/listings/{}", self.own.id),
            self.edit(),
            format!("/listings/{}/edit?check=1", self.draft.id),
        ]);
        pages
    }

    /// Gives the browser the resident's session.
    async fn sign_in(&self, browser: &Browser) {
        browser.open(&self.world.url("/robots.txt")).await;
        let token = self.resident.token().expect("a resident is signed in");
        browser.add_cookie(Cookie::new("lh_session", token)).await.expect("a browser takes a cookie");
    }
}

/// A listing of the demo city whose photos are drawn already.
async fn with_photos(world: &World) -> Value {
    let page = world.anonymous().query("/api/v1/listings", &[("limit", "100")]).await.expect(200).json();
    let card = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|card| card["photo"].is_object() || card["cover"].is_object());
    let card = card.unwrap_or_else(|| panic!("no listing with a photo: {}", page["items"][0]));
    let path = format!("/api/v1/listings/{}", card["id"].as_str().unwrap());
    world.anonymous().get(&path).await.expect(200).json()
}
