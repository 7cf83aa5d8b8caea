//! Pages of buyer and seller: talking, ordering, the order itself, paying, disputes, reviews.

mod checkout;
mod conversation;
mod jury;
mod order;
mod payment;
mod review;

pub use checkout::{CheckoutLine, CheckoutPage, DeliveryChoice, FlawsPage, PayChoice};
pub use conversation::{Bubble, ConversationRow, ConversationsPage, OfferCard, ThreadPage};
pub use jury::{JuryPage, JuryRow};
pub use order::{
    DisputeBlock, EvidenceRow, InvoiceRow, Meeting, MoneyRow, Next, OrderLine, OrderPage, OrderRow, OrderTab,
    OrdersPage, PayBlock, Primary, RequestRow, RulingRow, StepRow, tone,
};
pub use payment::PaymentPage;
pub use review::{ReviewFigures, ReviewRow};

/// What was typed into the forms of a page: kept when a form comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// What stands in a field; empty when nothing was typed.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Whether a field holds a value: a radio button or a box that was chosen.
    #[must_use]
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(key, held)| key == name && held == value)
    }

    /// Whether anything was typed into the form whose fields begin with `form.`.
    #[must_use]
    pub fn has(&self, form: &str) -> bool {
        self.0.iter().any(|(key, value)| {
            !value.is_empty() && key.strip_prefix(form).is_some_and(|rest| rest.starts_with('.'))
        })
    }
}

/// A moment to come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// For machines.
    pub iso: String,
    /// How long until then: 还剩 2 天; empty once it has come.
    pub left: String,
    /// When exactly: 周三 25 日 18:30.
    pub at: String,
}
