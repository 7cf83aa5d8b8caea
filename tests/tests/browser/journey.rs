//! One way through the market on a phone, with JavaScript and without.

use std::time::Duration;

use luhuan_tests::World;
use luhuan_tests::actor::{PASSWORD, fresh_phone};
use thirtyfour::prelude::*;

use super::visitor::{Photos, Visitor};

#[tokio::test]
async fn a_resident_posts_finds_watches_and_edits_with_javascript() {
    journey(&Visitor::on_a_phone(true).await).await;
}

#[tokio::test]
async fn a_resident_posts_finds_watches_and_edits_without_javascript() {
    journey(&Visitor::on_a_phone(false).await).await;
}

async fn journey(visitor: &Visitor) {
    let world = World::start().await;
    sign_up(visitor, &world).await;
    let address = post_a_bookcase(visitor, &world).await;
    for words in ["书架", "胡桃木", "hutaomu", "htm"] {
        find(visitor, &world, words, "胡桃木书架").await;
    }
    watch_another(visitor, &world).await;
    edit_the_price(visitor, &address).await;
    switch_to_english(visitor, &address).await;
    // The form that was refused is a line on the console by itself.
    let complaints = visitor.browser.console().await.into_iter();
    let complaints: Vec<String> = complaints.filter(|line| !line.contains("a status of 422")).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

async fn sign_up(visitor: &Visitor, world: &World) {
    visitor.browser.open(&world.url("/listings/new")).await;
    visitor.browser.wait_for_address("/sign-in").await;
    visitor.press("a[href^='/sign-up']").await;
    visitor.browser.wait_for_address("/sign-up").await;
    // What is wrong is told at its field, and what was typed is kept.
    visitor.fill("#f-login", "12345").await;
    visitor.press("form[action='/sign-up'] button[type=submit]").await;
    visitor.see("#errors").await;
    assert_eq!(visitor.find("#f-login").await.value().await.unwrap().as_deref(), Some("12345"));
    visitor.fill("#f-login", &fresh_phone()).await;
    visitor.fill("#f-name", "小林").await;
    visitor.fill("#f-password", PASSWORD).await;
    visitor.tick("#f-consent_terms").await;
    visitor.tick("#f-consent_privacy").await;
    visitor.press("form[action='/sign-up'] button[type=submit]").await;
    // Back to what was wanted in the first place.
    visitor.browser.wait_for_address("/listings/new").await;
}

/// Posts a bookcase with two photos and answers its address.
async fn post_a_bookcase(visitor: &Visitor, world: &World) -> String {
    let browser = &visitor.browser;
    let root =
        browser.query(By::XPath("//details[.//a[contains(@href,'category=furniture-bookshelf')]]/summary"));
    visitor.press_element(&root.first().await.unwrap()).await;
    visitor.press("a[href$='category=furniture-bookshelf']").await;
    browser.wait_for_address("category=furniture-bookshelf").await;

    let photos: Vec<String> = Photos::new(2).paths().collect();
    visitor.find("#f-photo").await.send_keys(photos.join("\n")).await.unwrap();
    if visitor.runs_scripts {
        let previews = browser.query(By::Css("ul.photos li.photo img")).and_displayed();
        assert_eq!(
            previews.all_from_selector_required().await.unwrap().len(),
            2,
            "the photos are shown at once"
        );
    }
    visitor.fill("#f-title", "胡桃木书架").await;
    visitor.fill("#f-description", "搬家出，五层，很结实。").await;
    visitor.tick("input[name=condition][value='90']").await;
    visitor.fill("#f-defects", "侧面有一道浅划痕").await;
    visitor.choose("#f-origin", "mall-new").await;
    visitor.fill("#f-price", "120").await;
    visitor.tick("input[name=delivery][value=pickup]").await;
    visitor.choose("#f-subdistrict", "110101001").await;
    visitor.tick("input[name=returns][value=none]").await;
    visitor.press("button[name=intent][value=publish]").await;
    let address = visitor.leaves_for(|address| address.contains("/listings/0")).await;
    let page = visitor.text("main").await;
    assert!(page.contains("胡桃木书架") && page.contains("120"), "{page}");
    assert_eq!(browser.find_all(By::Css(".slides img")).await.unwrap().len(), 2);
    let source = visitor.find(".slides img").await.attr("src").await.unwrap().unwrap();
    let _ = world.anonymous().get(&source).await.expect(200);
    address.split(['?', '#']).next().unwrap().to_owned()
}

/// Finds a listing with the search box, as soon as it is findable, and opens it.
async fn find(visitor: &Visitor, world: &World, words: &str, title: &str) {
    let holds = |found: &serde_json::Value| found["items"][0]["title"] == title;
    world.search_until(words, Duration::from_secs(5), holds).await;
    visitor.browser.open(&world.url("/")).await;
    let field = visitor.find("#q").await;
    field.send_keys(words).await.unwrap();
    field.send_keys(Key::Enter).await.unwrap();
    visitor.browser.wait_for_address("/search?q=").await;
    visitor.press("#results a.card").await;
    visitor.leaves_for(|address| address.contains("/listings/0")).await;
    assert_eq!(visitor.text("h1").await, title, "by {words}");
}

async fn watch_another(visitor: &Visitor, world: &World) {
    let _ = world.listing().title("竹制茶几").category("furniture-coffee-table").published().await;
    find(visitor, world, "茶几", "竹制茶几").await;
    visitor.press("form[action$='/watch'] button").await;
    visitor.see("form[action$='/unwatch'] button").await;
    visitor.browser.open(&world.url("/me/watchlist")).await;
    assert!(visitor.text("main").await.contains("竹制茶几"));
}

async fn edit_the_price(visitor: &Visitor, address: &str) {
    visitor.browser.open(address).await;
    visitor.press("a[href$='/edit']").await;
    visitor.browser.wait_for_address("/edit").await;
    visitor.fill("#f-price", "99").await;
    visitor.press("button[name=intent][value=save]").await;
    visitor.leaves_for(|at| !at.contains("/edit")).await;
    visitor.browser.open(address).await;
    let price = visitor.text(".lead-price .price").await;
    assert!(price.contains("99"), "{price}");
    assert_eq!(visitor.browser.find_all(By::Css(".slides img")).await.unwrap().len(), 2, "the photos stay");
}

async fn switch_to_english(visitor: &Visitor, address: &str) {
    visitor.browser.open(address).await;
    visitor.press("footer a[hreflang=en]").await;
    visitor.see("html[lang=en]").await;
    assert_eq!(visitor.browser.current_url().await.unwrap().as_str(), address, "the same page");
    assert!(
        visitor.text("footer").await.contains("English") || visitor.text("footer").await.contains("中文")
    );
    // The choice is kept.
    visitor.browser.open(&address.replace("/listings/", "/search?q=")).await;
    visitor.see("html[lang=en]").await;
}
