//! The design system, shown.

use askama::Template;

use super::chart::{Histogram, Steps};
use super::{Card, Frame, Tone};

/// `GET /_/style`: colours, type, buttons, inputs, chips, cards, notices, charts.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "style.html")]
pub struct StylePage {
    /// Around the page.
    pub frame: Frame,
    /// Cards to show; real ones.
    pub cards: Vec<Card>,
    /// A histogram to show.
    pub histogram: Histogram,
    /// A line to show.
    pub steps: Steps,
}

impl StylePage {
    /// The names of the colour tokens.
    #[must_use]
    pub fn colours(&self) -> [&'static str; 18] {
        [
            "brand",
            "on-brand",
            "brand-ink",
            "brand-soft",
            "page",
            "surface",
            "line",
            "ink",
            "second",
            "third",
            "price",
            "warning",
            "warning-soft",
            "danger",
            "danger-soft",
            "information",
            "information-soft",
            "mark",
        ]
    }

    /// The names of the icons in the sprite.
    #[must_use]
    pub fn icons(&self) -> Vec<&'static str> {
        let sprite = crate::assets::find("icons.svg").map(|asset| asset.bytes).unwrap_or_default();
        std::str::from_utf8(sprite)
            .unwrap_or_default()
            .split("<symbol id=\"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|pair| pair.0))
            .collect()
    }
}
