//! One listing.

use askama::Template;

use super::chart::Steps;
use super::{
    Card, Errors, Frame, Moment, Notice, Photo,
    trade::{OfferCard, Typed},
};
use crate::format::Price;

/// A line of facts: 存储容量 - 128GB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spec {
    /// What it is about.
    pub label: String,
    /// What is so, with its unit.
    pub value: String,
}

/// What comparable listings cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparables {
    /// The lower quartile.
    pub low: Price,
    /// The upper quartile.
    pub high: Price,
    /// How many there are.
    pub count: u64,
    /// How many days back they were looked for.
    pub days: u32,
}

impl Comparables {
    /// The range in words.
    #[must_use]
    pub fn range(&self) -> String {
        Price::range(self.low, self.high)
    }
}

/// A price and since when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PricePoint {
    /// Since when.
    pub since: Moment,
    /// The price from then on.
    pub price: Price,
}

/// Who sells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SellerCard {
    /// `/sellers/{id}`.
    pub url: String,
    /// The name shown.
    pub name: String,
    /// The kind of seller: `private`, `natural_person_trader`, `registered_merchant`. Its word and the line that
    /// says what it means for a buyer are texts of ours.
    pub kind: String,
    /// Whether identity or licence was verified.
    pub verified: bool,
    /// Since when they are here, in words.
    pub since: String,
    /// How many things they offer.
    pub on_offer: u64,
    /// How many they sold.
    pub sold: u64,
}

impl SellerCard {
    /// The character that stands for the seller.
    #[must_use]
    pub fn initial(&self) -> String {
        super::frame::initial(&self.name)
    }
}

/// What the owner of a listing may do with it, by its state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// Whether it may be edited.
    pub edit: bool,
    /// Whether it may be published.
    pub publish: bool,
    /// Whether it may be withdrawn.
    pub withdraw: bool,
    /// Whether it may be put on offer again.
    pub relist: bool,
    /// Whether a draft may be thrown away.
    pub delete: bool,
}

/// What a reader may do about a thing that is not theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buying {
    /// The checkout; empty when it cannot be had.
    pub checkout_url: String,
    /// `/conversations/{id}`; empty until one begins, by `POST /listings/{id}/ask`.
    pub conversation_url: String,
    /// Whether an offer may be made: in the conversation.
    pub offer: bool,
    /// The reader's order of it; empty when there is none.
    pub order_url: String,
}

/// `GET /listings/{id}`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "listing.html")]
pub struct ListingPage {
    /// Around the page.
    pub frame: Frame,
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// `draft`, `published`, `reserved`, `sold`, `withdrawn`, `expired`.
    pub state: String,
    /// The description, as written; line breaks are kept.
    pub description: String,
    /// Its photos, the cover first.
    pub photos: Vec<Photo>,
    /// The price.
    pub price: Price,
    /// What it cost new.
    pub original_price: Option<Price>,
    /// Whether the price may be talked about.
    pub negotiable: bool,
    /// How often it was seen.
    pub views: u64,
    /// How many watch it.
    pub watches: u64,
    /// The grade's name: 95新.
    pub condition: String,
    /// What the grade promises.
    pub condition_meaning: String,
    /// What is wrong with it, one sentence each; empty when the seller names nothing.
    pub defects: Vec<String>,
    /// Where it comes from.
    pub origin: String,
    /// The ways it gets to the buyer, with who pays: 面交, 快递（到付）.
    pub delivery: Vec<String>,
    /// What is promised on returns: `none`, `7_day`, `custom`; empty while it is not said.
    pub returns: String,
    /// The seller's own words, for `custom`.
    pub returns_note: String,
    /// Where it is, as coarse as it may be shown.
    pub place: String,
    /// How far from the reader, in metres.
    pub distance: Option<u32>,
    /// When it was published.
    pub published: Moment,
    /// Marks the law asks for (旧货, 再利用产品), shown beside the condition.
    pub marks: Vec<String>,
    /// Facts by category.
    pub specs: Vec<Spec>,
    /// The path of categories with their addresses, root first.
    pub categories: Vec<(String, String)>,
    /// What comparable ones cost.
    pub comparables: Option<Comparables>,
    /// How the price went, oldest first.
    pub price_history: Vec<PricePoint>,
    /// The same, drawn.
    pub price_steps: Steps,
    /// Who sells.
    pub seller: SellerCard,
    /// What the owner may do; none for everyone else.
    pub owner: Option<Owner>,
    /// Whether the reader watches it.
    pub watched: bool,
    /// Buying it: what the reader may do about it, none for its seller.
    pub buying: Option<Buying>,
    /// Offers that are open or agreed: all of them for the seller, one's own for a buyer.
    pub offers: Vec<OfferCard>,
    /// Where what does not sell is collected in one tap; empty where nobody collects it, or it is not the reader's.
    pub recycling: String,
    /// Things to know before all else: masked contact details, a draft that is not public.
    pub notices: Vec<Notice>,
    /// More from this seller, six at most (a wide screen has room for five).
    pub more: Vec<Card>,
    /// Similar things, six at most.
    pub similar: Vec<Card>,
}

impl ListingPage {
    /// Nothing is wrong on a page without a form that comes back to it.
    #[must_use]
    pub const fn no_errors(&self) -> Errors {
        Errors::none()
    }

    /// Nothing was typed, either.
    #[must_use]
    pub fn nothing_typed(&self) -> Typed {
        Typed::default()
    }

    /// Whether it can be had.
    #[must_use]
    pub fn is_on_offer(&self) -> bool {
        self.state == "published"
    }
}
