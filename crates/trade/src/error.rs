//! Why a command or query of trade was refused, and how that reads over HTTP.

use http::StatusCode;
use luhuan_kernel::{FieldProblem, Message, MoneyError, Problem, Timestamp};
use luhuan_ledger::PaymentState;
use luhuan_listing::model::State as ListingState;

use crate::model::{DivisionError, IllegalStep, OfferState};

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for this asker's eyes.
    #[error("no such thing")]
    NotFound,
    /// Nobody is signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// Not this actor's to do.
    #[error("not permitted")]
    Forbidden,
    /// The input is wrong, field by field.
    #[error("invalid input: {0:?}")]
    Invalid(Vec<FieldProblem>),
    /// It changed since the client read it.
    #[error("stale version")]
    Stale,
    /// The process has no such step.
    #[error(transparent)]
    IllegalStep(#[from] IllegalStep),
    /// The step may be taken later.
    #[error("not before {0}")]
    TooEarly(Timestamp),
    /// The thing is not to be had: somebody was faster, or it was taken off.
    #[error("a listing that is {0} cannot be ordered")]
    Gone(ListingState),
    /// The price is another than the buyer was shown.
    #[error("the total is {now_fen} fen now")]
    PriceChanged {
        /// What it would be now, in fen.
        now_fen: i64,
    },
    /// One's own thing.
    #[error("nobody buys of themselves")]
    OwnGoods,
    /// One of the two does not want to hear from the other.
    #[error("blocked")]
    Blocked,
    /// The seller does not haggle.
    #[error("not negotiable")]
    NotNegotiable,
    /// The offer's state does not allow it.
    #[error("an offer that is {0} does not allow it")]
    OfferState(OfferState),
    /// It is the other side's turn.
    #[error("it is the other's turn")]
    OthersTurn,
    /// There is an offer already.
    #[error("an offer is on the table already")]
    OfferOpen,
    /// The flaws must be confirmed first.
    #[error("the flaws are not confirmed")]
    FlawsUnconfirmed(Vec<String>),
    /// A payment is under way whose outcome is not known yet.
    #[error("a payment is {0}")]
    PaymentPending(PaymentState),
    /// The handover code is wrong.
    #[error("a wrong code, {left} tries left")]
    CodeWrong {
        /// Tries left.
        left: i64,
    },
    /// Too many wrong codes.
    #[error("no tries left")]
    CodeLocked,
    /// Nothing is held, so nothing can go back through us.
    #[error("nothing is held")]
    NothingHeld,
    /// The seller has not refused yet: talk first.
    #[error("talk first")]
    TalkFirst,
    /// It was extended once.
    #[error("extended already")]
    Extended,
    /// The jury does not take it.
    #[error("not for the jury")]
    NotForJury,
    /// There are not enough jurors free today.
    #[error("no jurors are free")]
    NoJurors,
    /// Not long enough here, or too few trades, to vote.
    #[error("not eligible as a juror")]
    NotEligible,
    /// The juror voted.
    #[error("voted already")]
    Voted,
    /// The review is written.
    #[error("reviewed already")]
    Reviewed,
    /// The time for it is over, or has not come.
    #[error("reviews are closed")]
    ReviewClosed,
    /// It was replied to.
    #[error("replied already")]
    Replied,
    /// Nothing is left to invoice.
    #[error("nothing to invoice")]
    NothingToInvoice,
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] luhuan_ledger::Error),
    /// The listings refused.
    #[error(transparent)]
    Listing(#[from] luhuan_listing::Error),
    /// The accounts refused.
    #[error(transparent)]
    Accounts(#[from] luhuan_accounts::Error),
    /// What is held cannot be divided so.
    #[error(transparent)]
    Division(#[from] DivisionError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] luhuan_store::Error),
}

impl Error {
    /// One field of the input is wrong.
    #[must_use]
    pub fn field(field: &str, message: Message) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.to_owned(), message }])
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<MoneyError> for Error {
    fn from(error: MoneyError) -> Self {
        Self::Division(error.into())
    }
}

impl From<luhuan_accounts::SealError> for Error {
    fn from(error: luhuan_accounts::SealError) -> Self {
        Self::Store(luhuan_store::Error::Corrupt(error.to_string()))
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Unauthenticated => Self::unauthenticated(),
            Error::Forbidden => Self::forbidden(),
            Error::Invalid(fields) => Self::invalid(fields),
            Error::Stale => Self::stale(),
            Error::Ledger(error) => error.into(),
            Error::Listing(error) => error.into(),
            Error::Accounts(error) => error.into(),
            Error::Store(error) => error.into(),
            Error::CodeWrong { left } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "trade-code-wrong")
                .with("left", left)
                .extend("left", left),
            Error::Division(DivisionError::OutOfRange { held, .. }) => {
                Self::invalid_field("amount_fen", Message::new("trade-amount-range").with("most", yuan(held)))
            }
            Error::Division(DivisionError::Money(error)) => {
                tracing::error!(%error, "an amount that cannot be");
                Self::internal()
            }
            other => conflict(other),
        }
    }
}

/// The refusals that are 409: the state of things does not allow it.
fn conflict(error: Error) -> Problem {
    let problem = |slug| Problem::new(StatusCode::CONFLICT, slug);
    match error {
        Error::IllegalStep(refused) => problem("trade-step")
            .with("state", refused.from)
            .with("event", refused.event)
            .extend("state", refused.from.code())
            .extend("event", refused.event.code()),
        Error::TooEarly(at) => problem("trade-too-early").with("at", at).extend("at", at.to_string()),
        Error::Gone(state) => {
            problem("trade-gone").with("state", state).extend("listing_state", state.code())
        }
        Error::PriceChanged { now_fen } => {
            problem("trade-price-changed").with("now", yuan(now_fen)).extend("total_fen", now_fen)
        }
        Error::OwnGoods => problem("trade-own-goods"),
        Error::Blocked => problem("trade-blocked"),
        Error::NotNegotiable => problem("trade-not-negotiable"),
        Error::OfferState(state) => {
            problem("trade-offer-state").with("state", state).extend("state", state.code())
        }
        Error::OthersTurn => problem("trade-others-turn"),
        Error::OfferOpen => problem("trade-offer-open"),
        Error::FlawsUnconfirmed(flaws) => {
            problem("trade-flaws").with("flaws", flaws.join("；")).extend("flaws", flaws)
        }
        Error::PaymentPending(state) => {
            problem("trade-payment-pending").with("state", state).extend("payment_state", state.code())
        }
        Error::CodeLocked => problem("trade-code-locked"),
        Error::NothingHeld => problem("trade-nothing-held"),
        Error::TalkFirst => problem("trade-talk-first"),
        Error::Extended => problem("trade-extended"),
        Error::NotForJury => problem("trade-not-for-jury"),
        Error::NoJurors => problem("trade-no-jurors"),
        Error::NotEligible => problem("trade-juror-not-eligible"),
        Error::Voted => problem("trade-voted"),
        Error::Reviewed => problem("trade-reviewed"),
        Error::ReviewClosed => problem("trade-review-closed"),
        Error::Replied => problem("trade-replied"),
        Error::NothingToInvoice => problem("trade-nothing-to-invoice"),
        other => {
            tracing::error!(error = %other, "a refusal without its problem");
            Problem::internal()
        }
    }
}

/// An amount as people write it.
fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}
