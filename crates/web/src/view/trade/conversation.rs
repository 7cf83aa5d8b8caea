//! Talking: the list, one thread, offers in it.

use askama::Template;

use super::{Due, Typed, order::OrderRow};
use crate::{
    format::Price,
    view::{Choice, Errors, Frame, Moment, Pager, Photo},
};

/// A conversation in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConversationRow {
    /// `/conversations/{id}`.
    pub url: String,
    /// The other's name.
    pub name: String,
    /// What it is about; empty when the listing is not to be seen any more.
    pub title: String,
    /// Its cover.
    pub photo: Option<Photo>,
    /// The start of the last message.
    pub last: String,
    /// How many messages are unread.
    pub unread: u32,
    /// When the last message came.
    pub when: Moment,
    /// As which side one reads it: `buyer` or `seller`.
    pub role: String,
}

impl ConversationRow {
    /// The character that stands for the other.
    #[must_use]
    pub fn initial(&self) -> String {
        crate::view::frame::initial(&self.name)
    }
}

/// An offer as one of its two sides sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferCard {
    /// Its id: `POST /offers/{id}/counter`, `/accept`, `/decline`.
    pub id: String,
    /// The listing's title.
    pub title: String,
    /// `/listings/{id}`.
    pub listing_url: String,
    /// `open`, `accepted`, `used`, `declined`, `lapsed`.
    pub state: String,
    /// The amount on the table.
    pub amount: Price,
    /// What the listing asks.
    pub asked: Option<Price>,
    /// Whether the reader's side named the amount.
    pub own: bool,
    /// As which side one reads it.
    pub role: String,
    /// Whether one may name another amount.
    pub counter: bool,
    /// Whether one may agree.
    pub accept: bool,
    /// Whether one may end it.
    pub decline: bool,
    /// The checkout with it; empty when one may not order by it.
    pub order_url: String,
    /// When it lapses.
    pub due: Option<Due>,
    /// Its version: an answer to an amount that changed meanwhile is refused.
    pub version: String,
}

/// `GET /conversations`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "trade/conversations.html")]
pub struct ConversationsPage {
    /// Around the page.
    pub frame: Frame,
    /// Offers that wait for one's answer.
    pub waiting: Vec<OfferCard>,
    /// The conversations, the last spoken in first.
    pub rows: Vec<ConversationRow>,
    /// More of them.
    pub pager: Pager,
    /// The stream that says when to reload.
    pub stream: String,
}

/// A message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bubble {
    /// Its id.
    pub id: String,
    /// Whether one's own side wrote it.
    pub own: bool,
    /// The words.
    pub text: String,
    /// Photos.
    pub photos: Vec<Photo>,
    /// The kind of contact detail or payment code in it; empty when there is none.
    pub warned: String,
    /// Why a moderator hid it; empty when it is not hidden.
    pub hidden: String,
    /// When.
    pub when: Moment,
}

/// `GET /conversations/{id}`. Fields to `POST /conversations/{id}/messages` (multipart): `text`, `photo` (files); to
/// `/offers`: `offer.amount` (yuan); to `/report`: `report.reason`, `report.words`, `report.message`. `/block` and
/// `/unblock` have none.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "trade/thread.html")]
pub struct ThreadPage {
    /// Around the page.
    pub frame: Frame,
    /// Its id.
    pub id: String,
    /// The other's name.
    pub other: String,
    /// `/sellers/{id}` of the other.
    pub other_url: String,
    /// As which side one reads it: `buyer`, `seller` or `staff`.
    pub role: String,
    /// What it is about: its address, title, cover, price and state.
    pub about: Option<OrderRow>,
    /// The messages, the oldest first.
    pub messages: Vec<Bubble>,
    /// Where the messages before these are; empty when there are none.
    pub earlier: String,
    /// The offer between the two.
    pub offer: Option<OfferCard>,
    /// Whether one may make an offer.
    pub may_offer: bool,
    /// Where to order it; empty when one cannot.
    pub checkout_url: String,
    /// The last order between the two about it.
    pub order: Option<OrderRow>,
    /// Whether one has blocked the other.
    pub blocking: bool,
    /// Whether nothing can be written.
    pub blocked: bool,
    /// How many photos a message may have.
    pub max_photos: u32,
    /// Why one can report it.
    pub reasons: Vec<Choice>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong.
    pub errors: Errors,
    /// The stream that says when to reload; empty for staff.
    pub stream: String,
}

impl ThreadPage {
    /// Whether a message leads off the platform: then both are warned at the top.
    #[must_use]
    pub fn is_warned(&self) -> bool {
        self.messages.iter().any(|message| !message.warned.is_empty())
    }

    /// Whether the fold with the report is open: something is wrong in it.
    #[must_use]
    pub fn reports(&self) -> bool {
        self.errors.list.iter().any(|error| error.field.starts_with("report."))
    }
}
