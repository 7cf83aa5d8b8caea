//! The life of a refund: one table of legal moves.

use super::codes;

codes! {
    /// Where a refund stands.
    RefundState {
        /// Written down; the provider may not know of it yet.
        Requested = "requested",
        /// The provider is at it.
        Pending = "pending",
        /// Nobody here knows how it came out, until the provider says so.
        Unknown = "unknown",
        /// The payer has the money.
        Succeeded = "succeeded",
        /// The provider could not give it back; staff see to it.
        Failed = "failed",
        /// After it failed, the money went to the payer's wallet.
        ToWallet = "to-wallet",
    }
}

codes! {
    /// What can happen to a refund.
    RefundMove {
        /// The provider has taken it on.
        Accept = "accept",
        /// The provider did not answer.
        LoseSight = "lose-sight",
        /// It is done.
        Succeed = "succeed",
        /// It cannot be done; a bank may send it back even after it looked done.
        Fail = "fail",
        /// Staff pay it into the wallet instead.
        PayToWallet = "pay-to-wallet",
        /// Staff have it tried again.
        Retry = "retry",
    }
}

/// A move that the state does not allow. Of news from a provider: it is old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a refund that is {from} cannot {attempted}")]
pub struct IllegalRefundMove {
    /// Where it stands.
    pub from: RefundState,
    /// What was asked.
    pub attempted: RefundMove,
}

impl RefundState {
    /// Where a move leads: every legal move of a refund is in this table and nowhere else.
    ///
    /// # Errors
    /// When the state does not allow the move.
    pub const fn after(self, attempted: RefundMove) -> Result<Self, IllegalRefundMove> {
        use RefundMove as M;
        Ok(match (self, attempted) {
            (Self::Requested | Self::Unknown, M::Accept) => Self::Pending,
            (Self::Requested | Self::Pending | Self::Unknown, M::LoseSight) => Self::Unknown,
            (Self::Requested | Self::Pending | Self::Unknown, M::Succeed) => Self::Succeeded,
            (Self::Requested | Self::Pending | Self::Unknown | Self::Succeeded, M::Fail) => Self::Failed,
            (Self::Failed, M::PayToWallet) => Self::ToWallet,
            (Self::Failed, M::Retry) => Self::Requested,
            _ => return Err(IllegalRefundMove { from: self, attempted }),
        })
    }

    /// Whether the provider still owes an answer.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Pending | Self::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_can_succeed_and_what_failed_has_a_way_out() {
        for state in RefundState::ALL {
            assert_eq!(state.after(RefundMove::Succeed).is_ok(), state.is_open(), "{state}");
        }
        assert_eq!(RefundState::Failed.after(RefundMove::PayToWallet), Ok(RefundState::ToWallet));
        assert_eq!(RefundState::Failed.after(RefundMove::Retry), Ok(RefundState::Requested));
    }

    #[test]
    fn a_bank_may_send_back_what_looked_done_but_old_news_does_not_undo_that() {
        let failed = RefundState::Succeeded.after(RefundMove::Fail).unwrap();
        assert_eq!(failed, RefundState::Failed);
        assert!(failed.after(RefundMove::Succeed).is_err());
        assert!(RefundState::ToWallet.after(RefundMove::Fail).is_err());
    }
}
