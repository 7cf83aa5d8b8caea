//! The life of a payout: one table of legal moves.

use super::codes;

codes! {
    /// How money leaves.
    PayoutMethod {
        /// An operator pays it at the bank, from a file, and says how it came out.
        Bank = "bank",
        /// A transfer to the owner's connected account at Stripe.
        StripeTransfer = "stripe-transfer",
    }
}

codes! {
    /// Where a payout stands.
    PayoutState {
        /// Written down, the money set aside.
        Requested = "requested",
        /// In a file at the bank, or taken on by the provider.
        Sent = "sent",
        /// Nobody here knows how it came out, until the provider says so.
        Unknown = "unknown",
        /// It has arrived.
        Paid = "paid",
        /// It could not be paid; the money is available again.
        Failed = "failed",
        /// Taken back by its owner before it was sent; the money is available again.
        Cancelled = "cancelled",
    }
}

codes! {
    /// What can happen to a payout.
    PayoutMove {
        /// It goes to the bank or the provider.
        Send = "send",
        /// The provider did not answer.
        LoseSight = "lose-sight",
        /// It has arrived.
        Pay = "pay",
        /// It cannot be paid.
        Fail = "fail",
        /// Its owner takes it back.
        Cancel = "cancel",
    }
}

/// A move that the state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a payout that is {from} cannot {attempted}")]
pub struct IllegalPayoutMove {
    /// Where it stands.
    pub from: PayoutState,
    /// What was asked.
    pub attempted: PayoutMove,
}

impl PayoutState {
    /// Where a move leads: every legal move of a payout is in this table and nowhere else.
    ///
    /// # Errors
    /// When the state does not allow the move.
    pub const fn after(self, attempted: PayoutMove) -> Result<Self, IllegalPayoutMove> {
        use PayoutMove as M;
        Ok(match (self, attempted) {
            (Self::Requested | Self::Unknown, M::Send) => Self::Sent,
            (Self::Requested | Self::Sent | Self::Unknown, M::LoseSight) => Self::Unknown,
            (Self::Requested | Self::Sent | Self::Unknown, M::Pay) => Self::Paid,
            (Self::Requested | Self::Sent | Self::Unknown, M::Fail) => Self::Failed,
            (Self::Requested, M::Cancel) => Self::Cancelled,
            _ => return Err(IllegalPayoutMove { from: self, attempted }),
        })
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Paid | Self::Failed | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_that_is_not_final_has_a_way_to_an_end() {
        for state in PayoutState::ALL {
            let ends = PayoutMove::ALL.iter().any(|m| state.after(*m).is_ok_and(PayoutState::is_final));
            assert_eq!(ends, !state.is_final(), "{state}");
        }
    }

    #[test]
    fn what_is_sent_is_not_taken_back() {
        assert!(PayoutState::Sent.after(PayoutMove::Cancel).is_err());
        assert!(PayoutState::Unknown.after(PayoutMove::Cancel).is_err());
    }
}
