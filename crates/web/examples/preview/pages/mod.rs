//! Every page, filled with made-up data: looked at through the preview, held to the habits by the tests.

mod account;
mod desk;
mod listings;
mod market;
mod search;
mod trade;

use askama::Template;
use luhuan_web::text::{Locale, Text};
use luhuan_web::view::{Frame, Notice, SignedIn, Tab, Theme, Tone};

/// What the pages are made with: the language, and how many pictures there are.
#[derive(Clone, Copy)]
pub struct Stage {
    /// The texts.
    pub t: Text,
    /// The pictures are `/photos/0.jpg` to one less than this.
    pub pictures: usize,
}

/// A page: the name of its file, and its HTML.
pub type Page = (&'static str, String);

/// All pages.
pub fn all(stage: Stage) -> Result<Vec<Page>, askama::Error> {
    Ok([
        market::pages(stage)?,
        listings::pages(stage)?,
        account::pages(stage)?,
        desk::pages(stage)?,
        trade::pages(stage)?,
    ]
    .concat())
}

impl Stage {
    /// One of two texts, by the language.
    pub fn pick(self, zh: &str, en: &str) -> String {
        if self.t.locale() == Locale::ZhCn { zh.to_owned() } else { en.to_owned() }
    }

    /// A frame for a page called `title` at `path` under `tab`, with someone signed in.
    pub fn frame(self, title: &str, path: &str, tab: Tab) -> Frame {
        Frame {
            t: self.t,
            title: title.to_owned(),
            path: path.to_owned(),
            person: Some(SignedIn {
                id: "p1".to_owned(),
                name: self.pick("王小满", "Wang Xiaoman"),
                is_staff: false,
            }),
            csrf: "csrf".to_owned(),
            tab,
            theme: Theme::Auto,
            trace_id: "01929f3c7d2e".to_owned(),
            demo: true,
            ..Frame::default()
        }
    }

    /// A frame with nobody signed in.
    pub fn stranger(self, title: &str, path: &str) -> Frame {
        Frame { person: None, ..self.frame(title, path, Tab::None) }
    }

    /// A notice of what has just happened.
    pub fn flash(self, zh: &str, en: &str) -> Option<Notice> {
        Some(Notice { tone: Tone::Good, message: self.pick(zh, en), link: None })
    }
}

/// The HTML of a page.
fn render(page: &impl Template) -> Result<String, askama::Error> {
    page.render()
}
