//! From 'I want it' to an order: one form, then the flaws in a step of their own.

use askama::Template;

use super::Typed;
use crate::{
    format::Price,
    view::{Card, Errors, Frame, Photo},
};

/// A thing to be ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckoutLine {
    /// The listing's id.
    pub id: String,
    /// `/listings/{id}`.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its cover.
    pub photo: Option<Photo>,
    /// Its grade: 95新.
    pub condition: String,
    /// What it costs here.
    pub price: Price,
    /// The checkout without it; empty when it is the only one.
    pub without: String,
}

/// A way of getting it, with what an order by it comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryChoice {
    /// `pickup`, `local`, `express`.
    pub value: String,
    /// Its name.
    pub label: String,
    /// A line about it.
    pub note: String,
    /// Who pays carriage, in words; empty when there is none.
    pub payer: String,
    /// Whether it is chosen.
    pub chosen: bool,
    /// Carriage paid with the order.
    pub freight: Price,
    /// What the buyer pays.
    pub total: Price,
    /// The platform's fee, which the seller bears.
    pub fee: Price,
}

/// A way to pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayChoice {
    /// `wallet`, `face-to-face`, `stripe`.
    pub value: String,
    /// Its name.
    pub label: String,
    /// What it means.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// `GET /checkout?listing=&offer=`. Fields to `POST /checkout`: `listing` (repeated), `offer`, `once`, `delivery`,
/// `expected.{delivery}` (fen), `address.name`, `address.phone`, `address.place`, `provider`, `note`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "trade/checkout.html")]
pub struct CheckoutPage {
    /// Around the page.
    pub frame: Frame,
    /// Names this form: sent twice, it makes one order.
    pub once: String,
    /// The things.
    pub lines: Vec<CheckoutLine>,
    /// The agreed offer's id; empty when it is bought as asked.
    pub offer: String,
    /// The seller's name.
    pub seller: String,
    /// `/sellers/{id}`.
    pub seller_url: String,
    /// The line on what this kind of seller owes a buyer: `private`, `natural_person_trader`, `registered_merchant`.
    pub seller_kind: String,
    /// Whether it may be returned within seven days.
    pub returnable: bool,
    /// The goods together.
    pub goods: Price,
    /// The ways of getting it that all the things share.
    pub deliveries: Vec<DeliveryChoice>,
    /// The ways to pay.
    pub methods: Vec<PayChoice>,
    /// The rule of the fee, in words.
    pub fee_rule: String,
    /// Whether a further step follows, in which flaws are confirmed.
    pub flawed: bool,
    /// More from this seller that goes into the same order: the checkout with it, and the card.
    pub more: Vec<(String, Card)>,
    /// What was typed, or remembered.
    pub typed: Typed,
    /// Whether the address is remembered from an order before.
    pub remembered: bool,
    /// What is wrong.
    pub errors: Errors,
}

impl CheckoutPage {
    /// The listing that one came from.
    #[must_use]
    pub fn back_url(&self) -> &str {
        self.lines.first().map_or("/", |line| &line.url)
    }

    /// Whether some way of getting it needs an address.
    #[must_use]
    pub fn needs_address(&self) -> bool {
        self.deliveries.iter().any(|choice| choice.value != "pickup")
    }

    /// Whether the address is shown folded: it is remembered, and nothing is wrong with it.
    #[must_use]
    pub fn folds_address(&self) -> bool {
        self.remembered && !self.errors.list.iter().any(|error| error.field.starts_with("address"))
    }
}

/// The flaws of what is about to be ordered, each to be ticked. Fields to `POST /checkout`: those of [`CheckoutPage`],
/// unseen, and `flaw` (repeated: the place of each), `back` to change the form.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "trade/flaws.html")]
pub struct FlawsPage {
    /// Around the page.
    pub frame: Frame,
    /// Where the form goes: `/checkout`, or `/orders/{id}/confirm-flaws` for an order made by a program.
    pub action: String,
    /// What the form before it sent.
    pub hidden: Vec<(String, String)>,
    /// The flaws.
    pub flaws: Vec<String>,
    /// Which are ticked.
    pub ticked: Vec<bool>,
    /// What the buyer pays.
    pub total: Price,
    /// Whether there is a form to go back to.
    pub may_go_back: bool,
    /// What the button does: `pay` from the wallet, `order` otherwise.
    pub then: String,
    /// What is wrong.
    pub errors: Errors,
}
