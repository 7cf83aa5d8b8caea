//! Money: what one has, what is held, every movement, and the ways in and out.

use askama::Template;

use super::{Choice, Errors, Frame, Moment, Pager};
use crate::format::Price;

/// An amount beside what can be spent: held for orders, as security, on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// What for: `paid`, `awaited`, `deposit`, `refunding`, `paying-out`, `recycler-payable`.
    pub kind: String,
    /// How much.
    pub amount: Price,
}

/// Green points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Points {
    /// How many.
    pub count: u64,
    /// What they are worth as a discount.
    pub worth: Price,
    /// Lots that end soonest: how many, and when, in words.
    pub endings: Vec<(u64, String)>,
}

/// One of the owner's accounts, as the choice of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountTab {
    /// Where its statement is shown.
    pub url: String,
    /// The code of its kind.
    pub kind: String,
    /// Whether it is shown.
    pub chosen: bool,
}

/// A line of a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementLine {
    /// When.
    pub at: Moment,
    /// The code of why: `payment`, `release`, `refund`...
    pub kind: String,
    /// What it is about; may be empty.
    pub memo: String,
    /// How much, signed, ready to be shown: `+¥12`, `−120`.
    pub amount: String,
    /// Whether the account gains.
    pub gain: bool,
    /// The balance with it, ready to be shown.
    pub balance: String,
}

/// Money on its way out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutRow {
    /// Its id.
    pub id: String,
    /// How much.
    pub amount: Price,
    /// `bank` or `stripe-transfer`.
    pub method: String,
    /// Where to, masked; empty for a connected account.
    pub destination: String,
    /// The code of its state.
    pub state: String,
    /// Why it failed; may be empty.
    pub failure: String,
    /// When it was asked for.
    pub at: Moment,
    /// Whether it can be taken back.
    pub cancellable: bool,
}

impl PayoutRow {
    /// The tone of its chip.
    #[must_use]
    pub fn tone(&self) -> &'static str {
        match self.state.as_str() {
            "paid" => "good",
            "failed" | "unknown" => "warning",
            _ => "",
        }
    }
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalletValues {
    /// Field `amount` of the withdrawal, in yuan.
    pub amount: String,
    /// Field `destination`: name, bank, number.
    pub destination: String,
    /// Field `top_up`, in yuan.
    pub top_up: String,
    /// Field `key`: the same for every sending of one form, so that a second tap does not withdraw twice.
    pub key: String,
}

/// `GET /me/wallet?account=&after=` and `GET /organisations/{id}/wallet`. Below each: `POST /withdraw` (`amount`,
/// `method`, `destination`, `key`), `POST /payouts/{payout}/cancel`, `POST /connect`; for a person also
/// `POST /top-up` (`top_up`).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "wallet.html")]
pub struct WalletPage {
    /// Around the page.
    pub frame: Frame,
    /// `/me/wallet` or the organisation's.
    pub base: String,
    /// The way back.
    pub back: String,
    /// What this wallet is: `demo`, `local` (a ledger of its own, for tests, cash at hand-over and points), `stripe`
    /// (card payments lie at a licensed institution, which the ledger shows).
    pub nature: &'static str,
    /// What can be spent or withdrawn.
    pub available: Price,
    /// What is held or on its way.
    pub held: Vec<Balance>,
    /// Green points; nothing where there never were any.
    pub points: Option<Points>,
    /// The accounts that have a statement.
    pub accounts: Vec<AccountTab>,
    /// The lines of the chosen one.
    pub lines: Vec<StatementLine>,
    /// More lines.
    pub pager: Pager,
    /// The whole statement as a table; empty without one.
    pub csv: String,
    /// The whole statement for programs; empty without one.
    pub json: String,
    /// Money on its way out, the newest first.
    pub payouts: Vec<PayoutRow>,
    /// Whether money may be taken out.
    pub may_withdraw: bool,
    /// How: `bank`, and `stripe-transfer` once an account is connected.
    pub methods: Vec<Choice>,
    /// The bounds of one withdrawal, in words.
    pub withdraw_bounds: String,
    /// Whether money may be put in by card.
    pub may_top_up: bool,
    /// The bounds of one top-up, in words.
    pub top_up_bounds: String,
    /// The connected account: `off`, `none`, `checking`, `ready`.
    pub connected: &'static str,
    /// Where the owner shows Stripe who they are: only in the answer to `POST /connect`.
    pub onboarding: String,
    /// What stands in the forms.
    pub values: WalletValues,
    /// What is wrong.
    pub errors: Errors,
}

/// `GET /me/wallet/top-ups/{payment}`: a top-up under way. Entering a card takes the provider's script.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "top_up.html")]
pub struct TopUpPage {
    /// Around the page.
    pub frame: Frame,
    /// The payment's id.
    pub id: String,
    /// How much.
    pub amount: Price,
    /// The code of its state; `unknown` means just that.
    pub state: String,
    /// The provider's code of why the last try failed; may be empty.
    pub failure: String,
    /// The key with which the browser speaks to the provider; empty when there is nothing to enter.
    pub browser_key: String,
    /// With which the browser completes this payment; empty when there is nothing to enter.
    pub client_secret: String,
    /// Where the provider's script lies.
    pub script: String,
    /// Where the browser comes back to.
    pub return_url: String,
}

impl TopUpPage {
    /// Whether there is something to enter.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.state == "action-required" && !self.client_secret.is_empty()
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "succeeded" | "failed" | "cancelled")
    }
}
