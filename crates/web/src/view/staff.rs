//! The desk of those who work for the platform: moderators, support, administrators.

use askama::Template;

use super::{Card, Errors, Frame, Moment, Pager, Photo};
use crate::format::Price;

/// The way to one of the desks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffTab {
    /// Its code: `home`, `listings`, `reports`, `disputes`, `reviews`, `process`, `ledger`, `payouts`, `refunds`.
    pub code: &'static str,
    /// Where it leads.
    pub url: &'static str,
    /// Whether it is shown.
    pub chosen: bool,
}

/// What waits at a desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The desk.
    pub code: &'static str,
    /// Where it leads.
    pub url: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// How many wait, as `7` or `100+`; empty where nothing waits by number.
    pub count: String,
    /// Whether somebody waits.
    pub waits: bool,
}

/// `GET /staff`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/home.html")]
pub struct StaffPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// What waits.
    pub waiting: Vec<Waiting>,
}

/// A listing that a moderator decides on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldListing {
    /// Its id.
    pub id: String,
    /// As lists show it.
    pub card: Card,
    /// The code of its state.
    pub state: String,
    /// Who sells.
    pub seller: String,
    /// Why it is held: the class it met; empty when it is not held.
    pub class: String,
    /// What the rule of that class says.
    pub rule: String,
    /// Its source.
    pub source: String,
    /// How it begins to describe itself.
    pub excerpt: String,
    /// Whether it may be let go on offer.
    pub clearable: bool,
    /// Whether it may be taken down.
    pub removable: bool,
    /// What was typed as the reason.
    pub reason: String,
}

impl HeldListing {
    /// The name of the field that holds its reason, unique on the page.
    #[must_use]
    pub fn field(&self) -> String {
        format!("reason-{}", self.id)
    }
}

/// `GET /staff/listings?after=`, `?listing=` for one. `POST /staff/listings/{id}/clear`, `/take-down`: `reason-{id}`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/listings.html")]
pub struct StaffListingsPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// What was typed to look a listing up.
    pub wanted: String,
    /// That listing.
    pub found: Option<HeldListing>,
    /// Those that wait, the longest first.
    pub listings: Vec<HeldListing>,
    /// More of them.
    pub pager: Pager,
    /// What is wrong.
    pub errors: Errors,
}

impl StaffListingsPage {
    /// Whether a listing is shown in the queue: the one that was looked up stands above it.
    #[must_use]
    pub fn is_in_queue(&self, listing: &HeldListing) -> bool {
        self.found.as_ref().is_none_or(|found| found.id != listing.id)
    }
}

/// A report on a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportRow {
    /// Its id.
    pub id: String,
    /// The conversation's page for staff.
    pub url: String,
    /// About whom.
    pub about: String,
    /// The code of the reason.
    pub reason: String,
    /// In words; may be empty.
    pub words: String,
    /// Whether it is about one message.
    pub has_message: bool,
    /// When it came.
    pub at: Moment,
}

/// `GET /staff/reports?after=`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/reports.html")]
pub struct ReportsPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// The reports, the longest waiting first.
    pub reports: Vec<ReportRow>,
    /// More of them.
    pub pager: Pager,
}

/// A message, as staff read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffMessage {
    /// Its id.
    pub id: String,
    /// `buyer` or `seller`.
    pub by: String,
    /// The words.
    pub text: String,
    /// Photos.
    pub photos: Vec<Photo>,
    /// The code of what the detector found; empty when nothing.
    pub warned: String,
    /// Why it is hidden; empty when it is not.
    pub hidden: String,
    /// When.
    pub at: Moment,
    /// Whether it is the one that was reported.
    pub reported: bool,
}

/// `GET /staff/reports/{id}`: the conversation around a report. Fields to `POST /staff/reports/{id}`: `verdict`
/// (`keep`, `hide`), `outcome`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/report.html")]
pub struct ReportPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// The report.
    pub report: ReportRow,
    /// What the conversation is about: title and address; nothing when it is gone.
    pub listing: Option<(String, String)>,
    /// The messages, the oldest first.
    pub messages: Vec<StaffMessage>,
    /// Earlier messages.
    pub earlier: Option<String>,
    /// The chosen verdict.
    pub verdict: String,
    /// What was typed as the outcome.
    pub outcome: String,
    /// What is wrong.
    pub errors: Errors,
}

/// A dispute in the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisputeRow {
    /// Its page.
    pub url: String,
    /// What was bought.
    pub title: String,
    /// Where the order stands.
    pub state: String,
    /// What is held.
    pub held: Price,
    /// What is asked back.
    pub claim: Price,
    /// `buyer` or `seller`.
    pub opened_by: String,
    /// The code of the reason.
    pub reason: String,
    /// Since when.
    pub since: Moment,
    /// When its clock runs out, in words; may be empty.
    pub due: String,
}

/// `GET /staff/disputes?all=&after=`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/disputes.html")]
pub struct DisputesPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// Whether all that are under way are shown, not only those that wait for staff.
    pub all: bool,
    /// The disputes, the longest waiting first.
    pub disputes: Vec<DisputeRow>,
    /// More of them.
    pub pager: Pager,
}

/// A piece of evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EvidencePiece {
    /// In words; may be empty.
    pub text: String,
    /// Photos.
    pub photos: Vec<Photo>,
    /// When.
    pub at: Moment,
}

/// One of the two sides of a dispute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// `buyer` or `seller`.
    pub code: &'static str,
    /// The name.
    pub name: String,
    /// Their public page.
    pub url: String,
    /// What they ask, when they opened it; may be empty.
    pub words: String,
    /// What they showed.
    pub evidence: Vec<EvidencePiece>,
    /// Whether they accept the ruling.
    pub accepted: bool,
    /// Why they appeal; empty when they do not.
    pub appeal: String,
}

/// Something that happened to the order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineStep {
    /// The code of the event.
    pub event: String,
    /// The code of who.
    pub by: String,
    /// The code of where it led.
    pub to: String,
    /// In their words; may be empty.
    pub words: String,
    /// When.
    pub at: Moment,
}

/// A ruling that was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulingRow {
    /// `first` or `final`.
    pub stage: String,
    /// `jury` or `staff`.
    pub by: String,
    /// Back to the buyer.
    pub buyer: Price,
    /// The rest: to the seller, before the fee.
    pub rest: Price,
    /// The reasons.
    pub reasons: String,
    /// When.
    pub at: Moment,
}

/// How what is held would be divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DivisionShown {
    /// Back to the buyer.
    pub buyer: Price,
    /// To the seller.
    pub seller: Price,
    /// The platform's fee.
    pub fee: Price,
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulingValues {
    /// Field `buyer`: back to the buyer, in yuan.
    pub buyer: String,
    /// Field `seller`: the seller's, before the fee, in yuan. Both sum to what is held.
    pub seller: String,
    /// Field `reasons`.
    pub reasons: String,
}

/// `GET /staff/disputes/{order}`. `POST /staff/disputes/{order}/take-up`; fields to `POST /staff/disputes/{order}`:
/// `buyer`, `seller`, `reasons`, `version`, and `check` to reckon without deciding.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/dispute.html")]
pub struct DisputePage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// The order's id.
    pub order: String,
    /// Its version, so that nobody decides on what changed meanwhile.
    pub version: String,
    /// What was bought: title and address of each.
    pub lines: Vec<(String, String, Price)>,
    /// The code of its state.
    pub state: String,
    /// The clock that runs, in words; may be empty.
    pub clock: String,
    /// What is held.
    pub held: Price,
    /// What is asked back.
    pub claim: Price,
    /// Who opened it.
    pub opened_by: String,
    /// The code of the reason.
    pub reason: String,
    /// The money of the order: code and amount.
    pub money: Vec<(String, Price)>,
    /// Flaws that the listing stated.
    pub flaws: Vec<String>,
    /// Buyer, then seller.
    pub sides: Vec<Side>,
    /// What happened, oldest first.
    pub steps: Vec<TimelineStep>,
    /// Rulings, the first instance first.
    pub rulings: Vec<RulingRow>,
    /// Whether staff may take it up before the time for evidence is over.
    pub may_take_up: bool,
    /// Whether staff decide now.
    pub may_rule: bool,
    /// Whether that ruling is the last.
    pub is_final: bool,
    /// Whether the reader is one of the two.
    pub own: bool,
    /// The reckoning, when it was asked for.
    pub division: Option<DivisionShown>,
    /// What stands in the form.
    pub values: RulingValues,
    /// What is wrong.
    pub errors: Errors,
}

/// A review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewRow {
    /// Its id.
    pub id: String,
    /// `buyer` or `seller`.
    pub by: String,
    /// 1 to 5; nothing where it is hidden.
    pub stars: Option<i32>,
    /// Its words.
    pub text: String,
    /// The reply; may be empty.
    pub reply: String,
    /// Why it is hidden; empty when it is not.
    pub hidden: String,
    /// When.
    pub at: Moment,
    /// What was typed as the reason.
    pub reason: String,
}

impl ReviewRow {
    /// The name of the field that holds the reason, unique on the page.
    #[must_use]
    pub fn field(&self) -> String {
        format!("reason-{}", self.id)
    }

    /// The stars, drawn.
    #[must_use]
    pub fn drawn(&self) -> String {
        let stars = usize::try_from(self.stars.unwrap_or_default()).unwrap_or_default().min(5);
        format!("{}{}", "★".repeat(stars), "☆".repeat(5 - stars))
    }
}

/// `GET /staff/reviews?after=`. `POST /staff/reviews/{id}/hide`: `reason-{id}`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/reviews.html")]
pub struct StaffReviewsPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// The reviews, the newest first.
    pub reviews: Vec<ReviewRow>,
    /// More of them.
    pub pager: Pager,
    /// What is wrong.
    pub errors: Errors,
}

/// A row of the table of the process, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessRow {
    /// From which states.
    pub from: Vec<String>,
    /// What happens.
    pub event: String,
    /// By whom.
    pub by: Vec<String>,
    /// To where.
    pub to: String,
    /// What else it does.
    pub effects: Vec<String>,
    /// When: the clock and how long it runs; may be empty.
    pub when: String,
}

/// `GET /staff/process`: the process of an order, drawn from the table that the program runs.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/process.html")]
pub struct ProcessPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// The picture: SVG of our own making, its words escaped by whoever drew it.
    pub picture: String,
    /// The table.
    pub rows: Vec<ProcessRow>,
    /// The version of the clocks in force.
    pub version: String,
}

impl ProcessPage {
    /// The picture with the words for those who do not see it.
    #[must_use]
    pub fn labelled(&self) -> String {
        let words = self.frame.t.get("process-picture").replace(['"', '<', '&'], "");
        self.picture.replacen(" role=\"img\"", &format!(" role=\"img\" aria-label=\"{words}\""), 1)
    }
}

/// Something in the books that does not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingRow {
    /// The rule that is broken.
    pub rule: String,
    /// Where.
    pub at: String,
    /// What should be there.
    pub expected: i64,
    /// What is there.
    pub found: i64,
}

/// What a check of the books came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Accounts looked at.
    pub accounts: i64,
    /// Transactions looked at.
    pub transactions: i64,
    /// Postings looked at.
    pub postings: i64,
    /// What is wrong.
    pub findings: Vec<FindingRow>,
}

/// A difference between our books and the provider's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DifferenceRow {
    /// `payment`, `refund`, `transfer`.
    pub kind: String,
    /// `missing-here`, `missing-there`, `amount`.
    pub how: String,
    /// Our id; may be empty.
    pub ours: String,
    /// The provider's id; may be empty.
    pub reference: String,
    /// What we hold.
    pub ours_amount: Price,
    /// What they hold.
    pub theirs_amount: Price,
}

/// A comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// When it was made.
    pub at: Moment,
    /// From when to when, in words.
    pub window: String,
    /// How many movements were compared.
    pub compared: i64,
    /// What differs.
    pub differences: Vec<DifferenceRow>,
}

/// `GET /staff/ledger`. `POST /staff/ledger/audit` answers with the page itself; fields to
/// `POST /staff/ledger/reconcile`: `from`, `until`, days.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/ledger.html")]
pub struct StaffLedgerPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// What a check of the books came to, when it was asked for.
    pub audit: Option<Audit>,
    /// Whether a provider is set up that can be compared with.
    pub provider: bool,
    /// Comparisons, the newest first.
    pub reconciliations: Vec<Reconciliation>,
    /// Field `from`.
    pub from: String,
    /// Field `until`.
    pub until: String,
    /// What is wrong.
    pub errors: Errors,
}

/// A payout at the operator's desk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffPayout {
    /// Its id.
    pub id: String,
    /// Whose: a person's or organisation's id.
    pub owner: String,
    /// How much.
    pub amount: Price,
    /// Where to, masked: the file that goes to the bank has it whole.
    pub destination: String,
    /// The file it went out in; may be empty.
    pub batch: String,
    /// When it was asked for.
    pub at: Moment,
    /// The bank's reference; may be empty.
    pub reference: String,
    /// Why it failed; may be empty.
    pub failure: String,
    /// What was typed: the bank's reference, or the reason.
    pub typed: String,
}

impl StaffPayout {
    /// The name of the field that holds what the bank said, unique on the page.
    #[must_use]
    pub fn field(&self) -> String {
        format!("said-{}", self.id)
    }
}

/// A choice of payouts by state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutTab {
    /// The state.
    pub state: &'static str,
    /// Whether it is shown.
    pub chosen: bool,
}

/// `GET /staff/payouts?state=&after=`. `POST /staff/payouts/file` answers with the bank's file;
/// `GET /staff/payouts/files/{batch}` has it again; `POST /staff/payouts/{id}/settle`: `outcome` (`paid`, `failed`),
/// `said-{id}`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/payouts.html")]
pub struct StaffPayoutsPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// By state.
    pub states: Vec<PayoutTab>,
    /// The state shown.
    pub state: &'static str,
    /// The payouts, the longest waiting first.
    pub payouts: Vec<StaffPayout>,
    /// More of them.
    pub pager: Pager,
    /// What is wrong.
    pub errors: Errors,
}

/// A refund that did not come to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffRefund {
    /// Its id.
    pub id: String,
    /// How much.
    pub amount: Price,
    /// `failed` or `unknown`.
    pub state: String,
    /// Why, as told to the payer.
    pub reason: String,
    /// The provider's code; may be empty.
    pub failure: String,
    /// Which try it was.
    pub attempt: i64,
    /// The order's page; empty when it is no order's.
    pub order: String,
    /// When it was asked for.
    pub at: Moment,
}

/// `GET /staff/refunds?after=`. `POST /staff/refunds/{id}/resolve`: `resolution` (`retry`, `to-wallet`).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "staff/refunds.html")]
pub struct StaffRefundsPage {
    /// Around the page.
    pub frame: Frame,
    /// The desks.
    pub tabs: Vec<StaffTab>,
    /// The refunds, the oldest first.
    pub refunds: Vec<StaffRefund>,
    /// More of them.
    pub pager: Pager,
}
