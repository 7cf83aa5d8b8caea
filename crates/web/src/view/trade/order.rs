//! Orders: the list, and one whole.

use askama::Template;

use super::{Due, PayChoice, ReviewRow, Typed};
use crate::{
    format::Price,
    view::{Choice, Errors, Frame, Moment, Pager, Photo},
};

/// An order in a list, and anything else of a title, a picture and a price.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderRow {
    /// Where it leads.
    pub url: String,
    /// The first thing's title.
    pub title: String,
    /// How many things are in it.
    pub things: u32,
    /// The first thing's cover.
    pub photo: Option<Photo>,
    /// What it comes to.
    pub price: Price,
    /// Where it stands.
    pub state: String,
    /// The other's name; empty where it is plain.
    pub other: String,
    /// When the clock takes it further.
    pub due: Option<Due>,
    /// What is next, for the reader.
    pub next: String,
    /// When it was made, in words.
    pub when: String,
}

/// A tab of [`OrdersPage`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderTab {
    /// Its code: `all`, `unpaid`, `to_send`, `to_receive`, `trouble`, `done`.
    pub code: String,
    /// Where it leads.
    pub url: String,
    /// Whether it is shown.
    pub chosen: bool,
}

/// `GET /me/orders?as=buyer|seller&show=`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "trade/orders.html")]
pub struct OrdersPage {
    /// Around the page.
    pub frame: Frame,
    /// `buyer` or `seller`.
    pub role: String,
    /// Tabs by what is to be done.
    pub tabs: Vec<OrderTab>,
    /// The orders, the newest first.
    pub orders: Vec<OrderRow>,
    /// More of them.
    pub pager: Pager,
}

/// A line of money, with its reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoneyRow {
    /// `goods`, `freight`, `total`, `fee`, `to_seller`, `held`, `refunded`, `received`.
    pub what: String,
    /// How much.
    pub amount: Price,
    /// Why; empty where the name says it.
    pub reason: String,
}

/// What is next and by when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Next {
    /// In a few words.
    pub title: String,
    /// In a sentence.
    pub text: String,
    /// When the clock takes the order further.
    pub due: Option<Due>,
    /// What happens then.
    pub then: String,
}

/// The one action that is always reachable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Primary {
    /// What it is called.
    pub label: String,
    /// Where it leads.
    pub url: String,
    /// Whether it is done at once, by POST.
    pub posts: bool,
}

/// A step that was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepRow {
    /// What happened: a code.
    pub event: String,
    /// By whom: a code.
    pub by: String,
    /// In their words; empty when there are none.
    pub words: String,
    /// When.
    pub when: Moment,
    /// When exactly.
    pub at: String,
}

/// One thing of the order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderLine {
    /// `/listings/{id}`; empty when it is not to be seen any more.
    pub url: String,
    /// Its title when it was bought.
    pub title: String,
    /// Its cover.
    pub photo: Option<Photo>,
    /// What it cost.
    pub price: Price,
}

/// Where and when to meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meeting {
    /// The place; empty until it is set.
    pub place: String,
    /// When; empty when only the place is set.
    pub at: String,
    /// Whether the reader is there.
    pub here: bool,
    /// Whether the other is there.
    pub other_here: bool,
}

/// Paying.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayBlock {
    /// The ways to pay.
    pub methods: Vec<PayChoice>,
    /// The state of a payment at a provider that is under way; empty when there is none.
    pub under_way: String,
    /// Whether the flaws are to be confirmed first.
    pub flaws_first: bool,
}

/// A request for money back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestRow {
    /// `money_only` or `with_return`.
    pub kind: String,
    /// A code of the reasons.
    pub reason: String,
    /// In the buyer's words.
    pub words: String,
    /// How much.
    pub amount: Price,
    /// `open`, `agreed`, `done`, `refused`, `withdrawn`.
    pub state: String,
    /// The seller's words.
    pub answer: String,
    /// Carrier and number of the goods sent back; empty when they are not.
    pub parcel: String,
    /// When.
    pub when: Moment,
}

/// A piece of evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Which side gave it.
    pub by: String,
    /// In words.
    pub text: String,
    /// Photos.
    pub photos: Vec<Photo>,
    /// When.
    pub when: Moment,
}

/// A ruling.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulingRow {
    /// `first` or `final`.
    pub stage: String,
    /// `jury` or `staff`.
    pub by: String,
    /// Back to the buyer.
    pub buyer: Price,
    /// The reasons.
    pub reasons: String,
    /// When.
    pub when: Moment,
}

/// The dispute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisputeBlock {
    /// Which side opened it.
    pub opened_by: String,
    /// A code of the reasons.
    pub reason: String,
    /// In their words.
    pub words: String,
    /// How much should go back to the buyer.
    pub claim: Price,
    /// Whether the reader accepts the jury.
    pub jury: bool,
    /// Whether the other accepts the jury.
    pub other_jury: bool,
    /// Whether the reader accepts the ruling.
    pub accepted: bool,
    /// Whether the other accepts the ruling.
    pub other_accepted: bool,
    /// Which side appealed; empty when none did.
    pub appealed_by: String,
    /// Its words.
    pub appeal_words: String,
    /// Whether it is at its end.
    pub over: bool,
    /// What both showed.
    pub evidence: Vec<EvidenceRow>,
    /// The rulings.
    pub rulings: Vec<RulingRow>,
    /// Whether evidence is taken.
    pub takes_evidence: bool,
    /// Whether the reader may accept the jury now.
    pub may_take_jury: bool,
}

/// An invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceRow {
    /// `platform_fee` or `goods`.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// How much.
    pub amount: Price,
    /// The number that the tax office gave it; empty while it waits.
    pub number: String,
}

/// `GET /orders/{id}`. Its forms post to `/orders/{id}/…`; a form's fields carry the names of the API after the name of
/// the form: `refund.kind`.
///
/// | form | fields |
/// |---|---|
/// | `pay` | `pay.provider` |
/// | `ship`, `return-sent` | `ship.carrier`, `ship.tracking`; `return.carrier`, `return.tracking` |
/// | `arrange` | `arrange.place`, `arrange.at` (`2026-03-18T18:30`, Beijing) |
/// | `hand-over` | `hand.code` |
/// | `cancel` | `cancel.reason` |
/// | `refund-requests` | `refund.kind`, `refund.reason`, `refund.words`, `refund.amount` (yuan) |
/// | `refund-requests/answer` | `answer.words`, and the button `answer` = `agree` or `refuse` |
/// | `disputes` | `dispute.reason`, `dispute.words`, `dispute.claim` (yuan), `dispute.jury` (value `true`) |
/// | `disputes/evidence` (multipart) | `evidence.text`, `photo` (files) |
/// | `disputes/appeal` | `appeal.words` |
/// | `reviews` | `review.stars`, `review.tags` (repeated), `review.text` |
/// | `invoice` | `invoice.title`, `invoice.usc`, `invoice.deliver_to` |
///
/// `check-in`, `confirm`, `extend`, `refund-requests/withdraw`, `return-received`, `disputes/jury`, `disputes/drop` and
/// `disputes/accept` have no field but `version`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "trade/order.html")]
pub struct OrderPage {
    /// Around the page.
    pub frame: Frame,
    /// Its id.
    pub id: String,
    /// Its version: a form sent from an older page is refused.
    pub version: String,
    /// As which side one reads it: `buyer`, `seller`, `staff`.
    pub role: String,
    /// Where it stands.
    pub state: String,
    /// The things.
    pub lines: Vec<OrderLine>,
    /// The other's name (for staff the buyer's and the seller's).
    pub other: String,
    /// `/sellers/{id}` of the other.
    pub other_url: String,
    /// `/conversations/{id}`, or where one begins; empty for staff.
    pub conversation_url: String,
    /// Whether the conversation is yet to begin, by POST.
    pub begins: bool,
    /// What is next.
    pub next: Next,
    /// The one action that is always reachable.
    pub primary: Option<Primary>,
    /// What may be done: codes of events.
    pub may: Vec<String>,
    /// From when on the buyer may call it off, where it is not now.
    pub cancel_from: Option<Due>,
    /// The money.
    pub money: Vec<MoneyRow>,
    /// The rule of the fee, in words; empty for the buyer.
    pub fee_rule: String,
    /// What is held.
    pub held: Price,
    /// The steps, the newest first.
    pub steps: Vec<StepRow>,
    /// The flaws that were stated.
    pub flaws: Vec<String>,
    /// Until when it may be returned within seven days, in words; empty when it may not.
    pub return_until: String,
    /// `pickup`, `local`, `express`.
    pub delivery: String,
    /// Its name.
    pub delivery_label: String,
    /// Where it is sent: who, phone, place.
    pub address: Option<(String, String, String)>,
    /// Carrier and tracking number; empty until it is shipped.
    pub parcel: String,
    /// Meeting.
    pub meeting: Meeting,
    /// The six digits that the reader shows the other; empty when there are none.
    pub code: String,
    /// Whether it is paid from hand to hand.
    pub face_to_face: bool,
    /// The buyer's note.
    pub note: String,
    /// Paying.
    pub pay: PayBlock,
    /// Carriers.
    pub carriers: Vec<Choice>,
    /// What may be asked back.
    pub refund_kinds: Vec<Choice>,
    /// Why.
    pub refund_reasons: Vec<Choice>,
    /// What a dispute may be about.
    pub dispute_reasons: Vec<Choice>,
    /// Requests for money back.
    pub requests: Vec<RequestRow>,
    /// The dispute.
    pub dispute: Option<DisputeBlock>,
    /// Whether a dispute would be small enough for the jury.
    pub jury_fits: bool,
    /// Reviews.
    pub reviews: Vec<ReviewRow>,
    /// Whether the reader may write one.
    pub may_review: bool,
    /// What can be ticked in it.
    pub tags: Vec<Choice>,
    /// Invoices.
    pub invoices: Vec<InvoiceRow>,
    /// Whether the reader may ask for one.
    pub may_invoice: bool,
    /// Order number as people read it out.
    pub number: String,
    /// When it was made.
    pub created: String,
    /// How many photos a piece of evidence may have.
    pub max_photos: u32,
    /// The stream that says when to reload.
    pub stream: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong.
    pub errors: Errors,
}

impl OrderPage {
    /// Whether a step may be taken.
    #[must_use]
    pub fn can(&self, event: &str) -> bool {
        self.may.iter().any(|may| may == event)
    }

    /// Whether a request for money back may be answered.
    #[must_use]
    pub fn can_answer(&self) -> bool {
        self.can("refuse_refund")
    }

    /// Whether the fold of a form is open: something in it is wrong.
    #[must_use]
    pub fn opens(&self, form: &str) -> bool {
        self.errors
            .list
            .iter()
            .any(|error| error.field.strip_prefix(form).is_some_and(|rest| rest.starts_with('.')))
    }

    /// Whether one may do something about trouble with it.
    #[must_use]
    pub fn has_trouble_ways(&self) -> bool {
        ["request_refund", "open_dispute", "cancel", "cancel_late", "extend"]
            .iter()
            .any(|event| self.can(event))
            || self.cancel_from.is_some()
    }

    /// The request that waits, or that was agreed on.
    #[must_use]
    pub fn request(&self) -> Option<&RequestRow> {
        self.requests.iter().rev().find(|request| matches!(request.state.as_str(), "open" | "agreed"))
    }
}

/// The tone of an order's chip: `good`, `warning`, `info`, or empty for what is over.
#[must_use]
pub fn tone(state: &str) -> &'static str {
    match state {
        "created" | "refund_requested" | "returning" | "return_shipped" | "disputed" | "jury"
        | "deciding" | "ruled" | "appealed" => "warning",
        "paid" | "shipped" | "handover_ready" | "received" => "info",
        "settled" | "closed" => "good",
        _ => "",
    }
}
