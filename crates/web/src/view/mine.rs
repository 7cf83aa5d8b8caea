//! One's own listings and the watchlist.

use askama::Template;

use super::{Card, Frame, Owner, Pager};

/// A tab of [`MinePage`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateTab {
    /// The state, empty for all.
    pub state: String,
    /// How many there are.
    pub count: u64,
    /// Whether it is shown.
    pub chosen: bool,
}

/// One's own listing in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MyListing {
    /// The id.
    pub id: String,
    /// The listing as others see it in a list; `when` says since when it is in its state.
    pub card: Card,
    /// Its state.
    pub state: String,
    /// How often it was seen.
    pub views: u64,
    /// How many watch it.
    pub watches: u64,
    /// What may be done.
    pub may: Owner,
    /// What it needs before it can be published or why it was withdrawn; empty when nothing.
    pub note: String,
}

/// `GET /me/listings?state=`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "mine.html")]
pub struct MinePage {
    /// Around the page.
    pub frame: Frame,
    /// Tabs by state.
    pub tabs: Vec<StateTab>,
    /// The listings.
    pub listings: Vec<MyListing>,
    /// More of them.
    pub pager: Pager,
}

/// `GET /me/watchlist`. A card with a `state` can no longer be had.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "watchlist.html")]
pub struct WatchlistPage {
    /// Around the page.
    pub frame: Frame,
    /// The id of each listing and its card.
    pub listings: Vec<(String, Card)>,
    /// More of them.
    pub pager: Pager,
}
