//! What the ledger tells the others. No personal data: ids, amounts and codes.

use luhuan_kernel::{EventKind, Id, Person};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    AccountOwner, Payment, PaymentState, Payout, PayoutState, Provider, Refund, RefundState,
    entity::{payment, payout, refund},
    error::Error,
};

/// A payment came to another state, or its last try was declined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentEvent {
    /// Which.
    pub payment: Id<Payment>,
    /// `order` or `top-up`.
    pub purpose_kind: String,
    /// The id of what is paid for.
    pub purpose_id: Uuid,
    /// Who pays.
    pub payer: Id<Person>,
    /// Who will have it.
    pub payee: AccountOwner,
    /// By which provider.
    pub provider: Provider,
    /// Where it stands now.
    pub state: PaymentState,
    /// How much, in fen.
    pub amount_fen: i64,
    /// The provider's code of why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Whether this is about a try that was declined, while the payer may try again.
    #[serde(default)]
    pub declined: bool,
}

impl PaymentEvent {
    pub(crate) fn of(row: &payment::Model) -> Result<Self, Error> {
        Ok(Self {
            payment: row.id,
            purpose_kind: row.purpose_kind.clone(),
            purpose_id: row.purpose_id,
            payer: row.payer_id,
            payee: row.payee()?,
            provider: row.provider()?,
            state: row.state()?,
            amount_fen: row.amount,
            failure: row.failure.clone(),
            declined: false,
        })
    }
}

impl EventKind for PaymentEvent {
    fn name(&self) -> &'static str {
        if self.declined {
            return "payment.declined";
        }
        match self.state {
            PaymentState::Requested => "payment.requested",
            PaymentState::ActionRequired => "payment.action-required",
            PaymentState::Authorised => "payment.authorised",
            PaymentState::Succeeded => "payment.succeeded",
            PaymentState::Failed => "payment.failed",
            PaymentState::Cancelled => "payment.cancelled",
            PaymentState::Unknown => "payment.unknown",
        }
    }

    fn subject(&self) -> String {
        self.payment.to_string()
    }
}

/// A refund came to another state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundEvent {
    /// Which.
    pub refund: Id<Refund>,
    /// Of which payment.
    pub payment: Id<Payment>,
    /// `order` or `top-up`.
    pub purpose_kind: String,
    /// The id of what was paid for.
    pub purpose_id: Uuid,
    /// By what it is known among the refunds of its payment.
    pub reference: String,
    /// Where it stands now.
    pub state: RefundState,
    /// How much, in fen.
    pub amount_fen: i64,
    /// The provider's code of why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl RefundEvent {
    pub(crate) fn of(row: &refund::Model) -> Result<Self, Error> {
        Ok(Self {
            refund: row.id,
            payment: row.payment_id,
            purpose_kind: row.purpose_kind.clone(),
            purpose_id: row.purpose_id,
            reference: row.reference.clone(),
            state: row.state()?,
            amount_fen: row.amount,
            failure: row.failure.clone(),
        })
    }
}

impl EventKind for RefundEvent {
    fn name(&self) -> &'static str {
        match self.state {
            RefundState::Requested => "refund.requested",
            RefundState::Pending => "refund.pending",
            RefundState::Unknown => "refund.unknown",
            RefundState::Succeeded | RefundState::ToWallet => "refund.settled",
            RefundState::Failed => "refund.failed",
        }
    }

    fn subject(&self) -> String {
        self.refund.to_string()
    }
}

/// A payout came to another state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutEvent {
    /// Which.
    pub payout: Id<Payout>,
    /// Whose money.
    pub owner: AccountOwner,
    /// Where it stands now.
    pub state: PayoutState,
    /// How much, in fen.
    pub amount_fen: i64,
}

impl PayoutEvent {
    pub(crate) fn of(row: &payout::Model) -> Result<Self, Error> {
        Ok(Self { payout: row.id, owner: row.owner()?, state: row.state()?, amount_fen: row.amount })
    }
}

impl EventKind for PayoutEvent {
    fn name(&self) -> &'static str {
        match self.state {
            PayoutState::Requested => "payout.requested",
            PayoutState::Sent => "payout.sent",
            PayoutState::Unknown => "payout.unknown",
            PayoutState::Paid => "payout.paid",
            PayoutState::Failed => "payout.failed",
            PayoutState::Cancelled => "payout.cancelled",
        }
    }

    fn subject(&self) -> String {
        self.payout.to_string()
    }
}

/// Something else happened in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum LedgerEvent {
    /// An operator put funds in.
    Granted {
        /// Whose they are.
        owner: AccountOwner,
        /// How much, in fen.
        amount_fen: i64,
        /// By what the grant is known.
        reference: String,
    },
    /// Points were earned.
    PointsEarned {
        /// Whose they are.
        owner: AccountOwner,
        /// How many.
        points: i64,
        /// What earned them.
        reference: String,
    },
    /// Points end soon: told once for each lot.
    PointsEnding {
        /// Whose they are.
        owner: AccountOwner,
        /// How many.
        points: i64,
        /// When.
        at: luhuan_kernel::Timestamp,
    },
    /// Points came to their end.
    PointsExpired {
        /// Whose they were.
        owner: AccountOwner,
        /// How many.
        points: i64,
    },
    /// Our books and a provider's were compared.
    Reconciled {
        /// Which provider.
        provider: Provider,
        /// How many movements were compared.
        compared: i64,
        /// How many differ.
        differences: i64,
    },
}

impl EventKind for LedgerEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Granted { .. } => "ledger.granted",
            Self::PointsEarned { .. } => "ledger.points-earned",
            Self::PointsEnding { .. } => "ledger.points-ending",
            Self::PointsExpired { .. } => "ledger.points-expired",
            Self::Reconciled { .. } => "ledger.reconciled",
        }
    }

    fn subject(&self) -> String {
        match self {
            Self::Granted { owner, .. }
            | Self::PointsEarned { owner, .. }
            | Self::PointsEnding { owner, .. }
            | Self::PointsExpired { owner, .. } => owner.to_string(),
            Self::Reconciled { provider, .. } => provider.to_string(),
        }
    }
}
