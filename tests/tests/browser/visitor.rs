//! Somebody at a browser: what they find, press, fill in and read.

use std::path::PathBuf;
use std::time::Duration;

use luhuan_tests::{Actor, Browser, Screen, World, environment, photo};
use thirtyfour::prelude::*;

/// A browser, and the ways of somebody who uses it.
pub(crate) struct Visitor {
    pub(crate) browser: Browser,
    pub(crate) runs_scripts: bool,
}

impl Visitor {
    /// On a phone, with JavaScript or without.
    pub(crate) async fn on_a_phone(runs_scripts: bool) -> Self {
        let builder = Browser::builder(Screen::Phone);
        let builder = if runs_scripts { builder } else { builder.without_javascript() };
        Self { browser: builder.start().await, runs_scripts }
    }

    /// Signs in by the page.
    pub(crate) async fn sign_in(&self, world: &World, who: &Actor) {
        self.browser.open(&world.url("/sign-in")).await;
        self.fill("#f-login", &who.login).await;
        self.fill("#f-password", &who.password).await;
        self.press("form[action='/sign-in'] button").await;
        self.leaves_for(|address| !address.contains("/sign-in")).await;
    }

    /// Waits until the page says something.
    pub(crate) async fn reads(&self, words: &str) {
        for _ in 0..200 {
            // A page that is being replaced has no body for a moment.
            if let Ok(body) = self.browser.find(By::Css("main")).await
                && body.text().await.is_ok_and(|text| text.contains(words))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let at = self.browser.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        panic!("nothing says {words} on {at}:\n{}", self.text("main").await);
    }

    /// Opens a fold, unless it is open.
    pub(crate) async fn unfold(&self, css: &str) {
        if self.find(css).await.attr("open").await.unwrap().is_none() {
            self.press(&format!("{css} > summary")).await;
        }
        self.see(&format!("{css}[open]")).await;
    }

    /// The first such element, waited for.
    pub(crate) async fn find(&self, css: &str) -> WebElement {
        let found = self.browser.query(By::Css(css)).first().await;
        match found {
            Ok(element) => element,
            Err(error) => {
                let at = self.browser.current_url().await.map(|url| url.to_string()).unwrap_or_default();
                let text = self.browser.find(By::Css("body")).await.unwrap().text().await.unwrap_or_default();
                panic!("no {css} on {at}: {error}\n{text}")
            }
        }
    }

    pub(crate) async fn see(&self, css: &str) {
        let _ = self.find(css).await;
    }

    pub(crate) async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    pub(crate) async fn fill(&self, css: &str, value: &str) {
        let field = self.find(css).await;
        field.clear().await.unwrap();
        field.send_keys(value).await.unwrap();
    }

    /// A tap; without JavaScript, where chromedriver cannot tap and a bar may lie above, the keyboard.
    pub(crate) async fn press(&self, css: &str) {
        self.press_element(&self.find(css).await).await;
    }

    pub(crate) async fn press_element(&self, element: &WebElement) {
        if self.runs_scripts {
            let centre = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
            self.browser.execute(centre, vec![element.to_json().unwrap()]).await.unwrap();
            element.click().await.unwrap_or_else(|error| panic!("cannot press {element:?}: {error}"));
        } else {
            element.send_keys(Key::Enter).await.unwrap();
        }
    }

    /// Ticks a box, or picks one of several.
    pub(crate) async fn tick(&self, css: &str) {
        let field = self.find(css).await;
        if !field.is_selected().await.unwrap() {
            field.send_keys(" ").await.unwrap();
        }
        assert!(field.is_selected().await.unwrap(), "{css} does not take a tick");
    }

    /// Chooses from a list.
    pub(crate) async fn choose(&self, css: &str, value: &str) {
        let option = self.find(&format!("{css} option[value='{value}']")).await;
        option.click().await.unwrap();
        assert_eq!(self.find(css).await.value().await.unwrap().as_deref(), Some(value));
    }

    /// Waits until the address is such a one, and answers it.
    pub(crate) async fn leaves_for(&self, is_there: impl Fn(&str) -> bool) -> String {
        for _ in 0..300 {
            let address = self.browser.current_url().await.map(|url| url.to_string()).unwrap_or_default();
            if is_there(&address) {
                return address;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let at = self.browser.current_url().await.unwrap();
        panic!("still at {at}:\n{}", self.text("main").await)
    }
}

/// Photos on the visitor's disk.
pub(crate) struct Photos {
    folder: PathBuf,
    count: u32,
}

impl Photos {
    pub(crate) fn new(count: u32) -> Self {
        let folder = environment::folder("photos-").keep();
        for number in 0..count {
            std::fs::write(folder.join(format!("{number}.jpg")), photo::jpeg(1000, 800, number)).unwrap();
        }
        Self { folder, count }
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = String> {
        let path = |number| self.folder.join(format!("{number}.jpg")).to_str().unwrap().to_owned();
        (0..self.count).map(path).collect::<Vec<_>>().into_iter()
    }
}
