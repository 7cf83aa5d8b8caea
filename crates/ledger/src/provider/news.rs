//! What is asked of a provider and what it answers, in our words.

use luhuan_kernel::{Id, Money, Timestamp};

use crate::{Capture, Payment, Payout, ProviderAccount, Refund};

/// A payment to begin.
#[derive(Clone, Debug)]
pub struct PaymentOrder {
    /// Ours; the idempotency key.
    pub id: Id<Payment>,
    /// How much.
    pub amount: Money,
    /// When it is taken.
    pub capture: Capture,
    /// What it is for, such as `order 0190…`: never a name.
    pub purpose: String,
}

/// How a payment stands at its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentNews {
    /// The provider's id.
    pub reference: String,
    /// Our id, when the provider carries it.
    pub ours: Option<Id<Payment>>,
    /// Where it stands.
    pub standing: PaymentStanding,
    /// What has been taken, when it is paid and the provider says how much.
    pub taken: Option<Money>,
    /// With which the payer's browser completes it.
    pub client_secret: Option<String>,
    /// The code of why its last try failed.
    pub failure: Option<String>,
}

/// Where a payment stands at its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentStanding {
    /// The payer must act.
    NeedsAction,
    /// Reserved.
    Authorised,
    /// Taken.
    Paid,
    /// Given up.
    Cancelled,
    /// The provider has not decided.
    Deciding,
}

/// Money to give back.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// Ours.
    pub id: Id<Refund>,
    /// Which try: a new one after a failure is another command.
    pub attempt: i64,
    /// The provider's id of the payment.
    pub payment: String,
    /// How much.
    pub amount: Money,
}

/// How a refund stands at its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundNews {
    /// The provider's id.
    pub reference: String,
    /// Our id, when the provider carries it.
    pub ours: Option<Id<Refund>>,
    /// Where it stands.
    pub standing: RefundStanding,
    /// The code of why it failed.
    pub failure: Option<String>,
}

/// Where a refund stands at its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundStanding {
    /// Under way.
    Pending,
    /// Given back.
    Done,
    /// Not to be given back.
    Failed,
}

/// An account to open.
#[derive(Clone, Debug)]
pub struct AccountOrder {
    /// Ours; the idempotency key.
    pub id: Id<ProviderAccount>,
    /// Whose, in our words.
    pub owner: String,
}

/// How an account stands at its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountNews {
    /// The provider's id.
    pub reference: String,
    /// Whether transfers may go there.
    pub may_receive: bool,
}

/// Money to move to an account.
#[derive(Clone, Debug)]
pub struct TransferOrder {
    /// Ours; the idempotency key.
    pub id: Id<Payout>,
    /// The provider's id of the account.
    pub account: String,
    /// How much.
    pub amount: Money,
}

/// How a transfer stands at its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferNews {
    /// The provider's id.
    pub reference: String,
    /// Our id, when the provider carries it.
    pub ours: Option<Id<Payout>>,
    /// Whether it was taken back.
    pub reversed: bool,
}

/// What a webhook tells.
#[derive(Clone, Debug)]
pub struct ProviderEvent {
    /// The provider's id of the event.
    pub id: String,
    /// What happened, in its words.
    pub kind: String,
    /// When it says that it happened.
    pub created_at: Timestamp,
    /// The object it happened to, by the provider's id.
    pub object: Option<String>,
    /// How that object stood then, as far as it concerns us.
    pub subject: Subject,
}

/// The object of a webhook.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A payment.
    Payment(PaymentNews),
    /// A refund.
    Refund(RefundNews),
    /// A connected account.
    Account(AccountNews),
    /// A transfer.
    Transfer(TransferNews),
    /// Something that does not concern us.
    Other,
}

/// A movement in the provider's books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// What it is.
    pub kind: MovementKind,
    /// The provider's id.
    pub reference: String,
    /// Our id, when the provider carries it.
    pub ours: Option<String>,
    /// How much was taken, given back or moved.
    pub amount: Money,
}

/// What a movement is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum MovementKind {
    /// A payment that was taken.
    Payment,
    /// A refund that was given.
    Refund,
    /// A transfer that was made.
    Transfer,
}

/// Why a provider did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It did not answer, was too busy or broke: whether it did it is unknown.
    #[error("the provider did not answer: {0}")]
    Unreachable(String),
    /// It answered, and the answer cannot be read: whether it did it is unknown.
    #[error("the provider's answer cannot be read: {0}")]
    Garbled(String),
    /// It answered that it will not.
    #[error("the provider refused: {code}: {message}")]
    Refused {
        /// Its code.
        code: String,
        /// Its words, for the log.
        message: String,
    },
}

impl ProviderError {
    /// Whether it is unknown what came of it.
    #[must_use]
    pub const fn leaves_unknown(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Garbled(_))
    }
}

/// Why a webhook is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// It is not signed with the secret that we share.
    #[error("the signature is not the provider's")]
    Signature,
    /// It was signed too long ago: someone may be sending it again.
    #[error("the signature is too old")]
    TooOld,
    /// It is signed and yet no event.
    #[error("not an event: {0}")]
    Shape(String),
}
