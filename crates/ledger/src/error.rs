//! Why a command or query on money was refused, and how that reads over HTTP.

use http::StatusCode;
use luhuan_kernel::{FieldProblem, Message, Money, MoneyError, Problem};

use crate::{
    AccountKind, Provider,
    model::{IllegalPaymentMove, IllegalPayoutMove, IllegalRefundMove, SplitError, TransactionError},
    provider::{ProviderError, WebhookError},
};

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or not for this asker's eyes.
    #[error("no such account, payment or payout")]
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
    /// There is less in the account than is to be taken.
    #[error("{kind} holds {held}, {needed} are needed")]
    InsufficientFunds {
        /// What kind of account.
        kind: AccountKind,
        /// What is in it.
        held: Money,
        /// What was to be taken.
        needed: Money,
    },
    /// The payment's state does not allow it.
    #[error(transparent)]
    IllegalPaymentMove(#[from] IllegalPaymentMove),
    /// The refund's state does not allow it.
    #[error(transparent)]
    IllegalRefundMove(#[from] IllegalRefundMove),
    /// The payout's state does not allow it.
    #[error(transparent)]
    IllegalPayoutMove(#[from] IllegalPayoutMove),
    /// The code of a face-to-face payment is wrong.
    #[error("the code is wrong, {left} tries left")]
    WrongCode {
        /// How many more wrong codes are forgiven.
        left: i64,
    },
    /// Too many wrong codes.
    #[error("no tries left")]
    NoTriesLeft,
    /// More is to be refunded than was paid and is not refunded yet.
    #[error("only {left} can be refunded")]
    RefundTooLarge {
        /// What can be.
        left: Money,
    },
    /// This installation does not take payments by this provider.
    #[error("{0} is not set up")]
    ProviderOff(Provider),
    /// This installation pays nothing out by bank.
    #[error("payouts by bank are not set up")]
    BankOff,
    /// The owner has no connected account that may receive.
    #[error("no connected account that may receive")]
    NotConnected,
    /// The same kind and reference were posted before with other legs.
    #[error("{kind} {reference} was posted before, differently")]
    ReferenceReused {
        /// The transaction's kind.
        kind: String,
        /// Its reference.
        reference: String,
    },
    /// A transaction that cannot be: a mistake of the program.
    #[error(transparent)]
    Transaction(#[from] TransactionError),
    /// Amounts that cannot be reckoned together.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// An amount that cannot be shared.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// The provider did not do it.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// What came as a provider's news is none.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] luhuan_store::Error),
}

impl Error {
    /// One field of the input is wrong.
    #[must_use]
    pub fn field(field: &'static str, message: Message) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.to_owned(), message }])
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Unauthenticated => Self::unauthenticated(),
            Error::Forbidden => Self::forbidden(),
            Error::Invalid(fields) => Self::invalid(fields),
            Error::InsufficientFunds { held, needed, .. } => {
                Self::new(StatusCode::CONFLICT, "ledger-insufficient-funds")
                    .with("held", amount(held))
                    .with("needed", amount(needed))
                    .extend("held_fen", held.minor)
                    .extend("needed_fen", needed.minor)
            }
            Error::IllegalPaymentMove(refused) => state("payment-state", refused.from.code()),
            Error::IllegalRefundMove(refused) => state("refund-state", refused.from.code()),
            Error::IllegalPayoutMove(refused) => state("payout-state", refused.from.code()),
            Error::WrongCode { left } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "payment-code-wrong").with("left", left)
            }
            Error::NoTriesLeft => Self::new(StatusCode::CONFLICT, "payment-code-locked"),
            Error::RefundTooLarge { left } => Self::new(StatusCode::CONFLICT, "refund-too-large")
                .with("left", amount(left))
                .extend("left_fen", left.minor),
            Error::ProviderOff(provider) => {
                Self::new(StatusCode::CONFLICT, "payment-provider-off").with("provider", provider)
            }
            Error::BankOff => Self::new(StatusCode::CONFLICT, "payout-bank-off"),
            Error::NotConnected => Self::new(StatusCode::CONFLICT, "payout-not-connected"),
            Error::Provider(error) => provider(&error),
            Error::Webhook(error) => {
                tracing::warn!(%error, "a webhook was refused");
                Self::new(StatusCode::BAD_REQUEST, "payment-webhook-refused")
            }
            error @ (Error::ReferenceReused { .. }
            | Error::Transaction(_)
            | Error::Money(_)
            | Error::Split(_)) => {
                tracing::error!(%error, "a movement of money that cannot be");
                Self::internal()
            }
            Error::Store(error) => error.into(),
        }
    }
}

/// The amount without its currency, as the sentence writes the sign itself.
fn amount(money: Money) -> String {
    let text = money.to_string();
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn state(slug: &'static str, code: &'static str) -> Problem {
    Problem::new(StatusCode::CONFLICT, slug).with("state", code).extend("state", code)
}

fn provider(error: &ProviderError) -> Problem {
    tracing::warn!(%error, "a payment provider did not do what it was asked");
    match error {
        ProviderError::Refused { code, .. } => {
            Problem::new(StatusCode::CONFLICT, "payment-provider-refused").with("code", code)
        }
        ProviderError::Unreachable(_) | ProviderError::Garbled(_) => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "payment-provider-unreachable").retry_after(30)
        }
    }
}
