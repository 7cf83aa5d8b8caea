//! The browser shows pages as it is told to, and axe-core sees what is wrong with them.

use std::path::Path;

use luhuan_tests::{Browser, Screen};
use thirtyfour::By;

/// A page as a data address.
fn page(body: &str) -> String {
    let html =
        format!("<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>页面</title><body>{body}");
    let encoded: String = html.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("data:text/html;charset=utf-8,{encoded}")
}

async fn evaluate(browser: &Browser, expression: &str) -> serde_json::Value {
    let answer = browser.execute(format!("return {expression}"), Vec::new()).await.expect("a script runs");
    answer.json().clone()
}

#[tokio::test]
async fn a_screen_has_the_size_it_says() {
    for screen in Screen::ALL {
        let browser = Browser::start(screen).await;
        browser.open(&page("<meta name='viewport' content='width=device-width'><main>尺寸</main>")).await;
        let (width, height) = screen.size();
        assert_eq!(evaluate(&browser, "innerWidth").await, width);
        assert_eq!(evaluate(&browser, "innerHeight").await, height);
    }
}

#[tokio::test]
async fn a_dark_browser_prefers_dark_and_another_does_not() {
    let prefers_dark = "matchMedia('(prefers-color-scheme: dark)').matches";
    let dark = Browser::builder(Screen::Desktop).dark().start().await;
    dark.open(&page("<main>夜</main>")).await;
    assert_eq!(evaluate(&dark, prefers_dark).await, true);
    let light = Browser::start(Screen::Desktop).await;
    light.open(&page("<main>昼</main>")).await;
    assert_eq!(evaluate(&light, prefers_dark).await, false);
}

#[tokio::test]
async fn the_language_asked_for_is_the_first() {
    let browser = Browser::builder(Screen::Phone).language("en").start().await;
    browser.open(&page("<main>language</main>")).await;
    assert_eq!(evaluate(&browser, "navigator.language").await, "en");
}

#[tokio::test]
async fn without_javascript_no_script_runs_and_forms_still_work() {
    let html = "<main><p id='seen'>前</p><script>document.getElementById('seen').textContent = '后'</script>\
                <noscript><b id='noscript'>无脚本</b></noscript>\
                <form action='about:blank' method='get'><input name='q' aria-label='q'><button>找</button></form></main>";
    let browser = Browser::builder(Screen::Phone).without_javascript().start().await;
    browser.open(&page(html)).await;
    assert_eq!(browser.find(By::Id("seen")).await.unwrap().text().await.unwrap(), "前");
    assert_eq!(browser.find(By::Id("noscript")).await.unwrap().text().await.unwrap(), "无脚本");
    browser.find(By::Name("q")).await.unwrap().send_keys("书架").await.unwrap();
    browser.find(By::Css("button")).await.unwrap().click().await.unwrap();
    browser.wait_for_address("about:blank?q=%E4%B9%A6%E6%9E%B6").await;
}

#[tokio::test]
async fn axe_finds_a_field_without_a_name_and_nothing_on_a_sound_page() {
    let browser = Browser::start(Screen::Desktop).await;
    browser.open(&page("<main><h1>标题</h1><label>名字 <input></label></main>")).await;
    browser.assert_accessible().await;
    browser.open(&page("<main><h1>标题</h1><input></main>")).await;
    let found = browser.axe().await;
    assert!(found.iter().any(|violation| violation.id == "label" && violation.is_grave()), "{found:?}");
}

#[tokio::test]
async fn a_screenshot_is_a_picture_of_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shots/phone.png");
    let browser = Browser::start(Screen::Phone).await;
    browser
        .open(&page("<main style='background:#0a6c4c;color:#fff;height:100vh'>绿环 二手书架</main>"))
        .await;
    browser.screenshot(Path::new(&path)).await;
    let picture = image::open(&path).unwrap();
    assert_eq!((picture.width(), picture.height()), Screen::Phone.size());
}
