//! Paying at a provider elsewhere.

use askama::Template;

use crate::{format::Price, view::Frame};

/// `GET /orders/{id}/payment`: card, Alipay or WeChat Pay, entered into the provider's own fields. `POST
/// /orders/{id}/payment/check` asks the provider how it stands.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "trade/payment.html")]
pub struct PaymentPage {
    /// Around the page.
    pub frame: Frame,
    /// The order's id.
    pub order: String,
    /// What is paid for.
    pub title: String,
    /// How much.
    pub amount: Price,
    /// `requested`, `action-required`, `authorised`, `succeeded`, `failed`, `cancelled`, `unknown`.
    pub state: String,
    /// The provider's code of why the last try failed; empty when none did.
    pub failure: String,
    /// With which the browser completes it.
    pub client_secret: String,
    /// The key with which the browser speaks to the provider.
    pub key: String,
    /// The provider's script.
    pub script: String,
    /// Where the browser comes back to.
    pub return_url: String,
}

impl PaymentPage {
    /// The order's page.
    #[must_use]
    pub fn order_url(&self) -> String {
        format!("/orders/{}", self.order)
    }

    /// Whether there is something to enter.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.state == "action-required" && !self.client_secret.is_empty()
    }

    /// Whether nobody knows yet how it came out.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "requested" | "unknown" | "authorised")
    }
}
