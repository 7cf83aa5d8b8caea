//! An integrator's webhooks: addresses that are posted what happens.

use askama::Template;

use super::{Choice, Errors, Frame, Moment, Pager};

/// A webhook in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its id.
    pub id: String,
    /// Where is posted.
    pub url: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Which events.
    pub events: Vec<String>,
    /// `enabled`, `disabled`, `failing`.
    pub state: String,
    /// The organisation whose it is; empty for one's own.
    pub owner: String,
}

impl WebhookRow {
    /// The tone of the chip of its state.
    #[must_use]
    pub fn tone(&self) -> &'static str {
        match self.state.as_str() {
            "enabled" => "good",
            "failing" => "warning",
            _ => "",
        }
    }
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookValues {
    /// Field `url`.
    pub url: String,
    /// Field `description`.
    pub description: String,
    /// Field `events`: names and patterns beyond the boxes, by spaces or lines.
    pub events: String,
}

/// `GET /me/webhooks?organisation=`. Fields to `POST /me/webhooks`: `url`, `event` (repeated), `events`,
/// `description`, `owner` (an organisation's id or nothing).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "webhooks.html")]
pub struct WebhooksPage {
    /// Around the page.
    pub frame: Frame,
    /// The way back.
    pub back: String,
    /// The webhooks.
    pub webhooks: Vec<WebhookRow>,
    /// More of them.
    pub pager: Pager,
    /// For whom one may be made; empty when for oneself alone.
    pub owners: Vec<Choice>,
    /// The contexts whose events can be asked for.
    pub contexts: Vec<Choice>,
    /// What stands in the form.
    pub values: WebhookValues,
    /// What is wrong.
    pub errors: Errors,
}

/// A delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its id.
    pub id: String,
    /// Its running number.
    pub number: i64,
    /// The event's name.
    pub event: String,
    /// When it happened.
    pub at: Moment,
    /// `pending`, `delivered`, `failed`, `held`.
    pub state: String,
    /// How often it was posted.
    pub attempts: i32,
    /// What was answered last, such as `200 · 31 ms`; empty before the first answer.
    pub answer: String,
    /// Why no answer came; may be empty.
    pub error: String,
    /// The beginning of the last answer; may be empty.
    pub excerpt: String,
    /// When it was posted last, or is posted next; may be empty.
    pub next: String,
    /// What is posted.
    pub body: String,
}

impl DeliveryRow {
    /// The tone of the chip of its state.
    #[must_use]
    pub fn tone(&self) -> &'static str {
        match self.state.as_str() {
            "delivered" => "good",
            "failed" => "danger",
            "held" => "warning",
            _ => "",
        }
    }
}

/// A choice of deliveries by state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryTab {
    /// Where it leads.
    pub url: String,
    /// The state; empty for all.
    pub state: String,
    /// Whether it is shown.
    pub chosen: bool,
}

/// `GET /me/webhooks/{id}?state=&after=`. Below it: `POST` to itself (`url`, `event`, `events`, `description`),
/// `/switch` (`on`), `/ping`, `/secret`, `/delete`, `/deliveries/{delivery}/replay`, `/replay` (`from`, `until`,
/// `delivered_too`).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "webhook.html")]
pub struct WebhookPage {
    /// Around the page.
    pub frame: Frame,
    /// The webhook.
    pub webhook: WebhookRow,
    /// Since when nothing was taken, in words; empty while all is well.
    pub failing_since: String,
    /// The secret: only in the answer that made it.
    pub secret: Option<String>,
    /// The contexts whose events can be asked for.
    pub contexts: Vec<Choice>,
    /// What stands in the form.
    pub values: WebhookValues,
    /// By state.
    pub tabs: Vec<DeliveryTab>,
    /// The deliveries, the newest first.
    pub deliveries: Vec<DeliveryRow>,
    /// More of them.
    pub pager: Pager,
    /// Field `from` of the replay, a local time.
    pub from: String,
    /// Field `until` of the replay, a local time.
    pub until: String,
    /// Field `delivered_too` of the replay.
    pub delivered_too: bool,
    /// What is wrong.
    pub errors: Errors,
}
