//! The life of a payment: one table of legal moves.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::codes;

codes! {
    /// By whom a payment is made.
    Provider {
        /// From the payer's own available money, at once.
        Wallet = "wallet",
        /// From hand to hand; both confirm, nothing moves through us.
        FaceToFace = "face-to-face",
        /// Cards, Alipay and WeChat Pay through Stripe.
        Stripe = "stripe",
    }
}

codes! {
    /// When the money of a payment is taken.
    Capture {
        /// As soon as the payer has agreed.
        Automatic = "automatic",
        /// Only reserved at first; taken when the program says so.
        Manual = "manual",
    }
}

codes! {
    /// What the program wants of a payment at its provider; a job sees to it.
    Wanted {
        /// That it goes its way.
        Nothing = "nothing",
        /// That what is reserved be taken.
        Capture = "capture",
        /// That it be given up.
        Cancel = "cancel",
    }
}

codes! {
    /// Where a payment stands.
    PaymentState {
        /// Written down; the provider may not know of it yet.
        Requested = "requested",
        /// The payer has something to do: enter a card, scan a code, hand over cash.
        ActionRequired = "action-required",
        /// The amount is reserved and not taken yet.
        Authorised = "authorised",
        /// Paid.
        Succeeded = "succeeded",
        /// The provider will not have it.
        Failed = "failed",
        /// Given up.
        Cancelled = "cancelled",
        /// Nobody here knows how it came out: until the provider says so, it is neither paid nor unpaid.
        Unknown = "unknown",
    }
}

codes! {
    /// What can happen to a payment.
    PaymentMove {
        /// The payer must act.
        NeedAction = "need-action",
        /// The amount is reserved.
        Authorise = "authorise",
        /// It is paid.
        Succeed = "succeed",
        /// It is refused for good.
        Fail = "fail",
        /// It is given up.
        Cancel = "cancel",
        /// The provider did not answer, or has not decided.
        LoseSight = "lose-sight",
    }
}

/// A move that the state does not allow. Of news from a provider: it is old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a payment that is {from} cannot {attempted}")]
pub struct IllegalPaymentMove {
    /// Where it stands.
    pub from: PaymentState,
    /// What was asked.
    pub attempted: PaymentMove,
}

impl PaymentState {
    /// Where a move leads: every legal move of a payment is in this table and nowhere else. News that comes late or
    /// again moves nothing: what is reserved is not back to asking, and what has ended stays.
    ///
    /// # Errors
    /// When the state does not allow the move.
    pub const fn after(self, attempted: PaymentMove) -> Result<Self, IllegalPaymentMove> {
        use PaymentMove as M;
        Ok(match (self, attempted) {
            (Self::Requested | Self::ActionRequired | Self::Unknown, M::NeedAction) => Self::ActionRequired,
            (Self::Requested | Self::ActionRequired | Self::Unknown, M::Authorise) => Self::Authorised,
            (Self::Requested | Self::ActionRequired | Self::Authorised | Self::Unknown, M::Succeed) => {
                Self::Succeeded
            }
            (Self::Requested | Self::ActionRequired | Self::Authorised | Self::Unknown, M::Fail) => {
                Self::Failed
            }
            (Self::Requested | Self::ActionRequired | Self::Authorised | Self::Unknown, M::Cancel) => {
                Self::Cancelled
            }
            (Self::Requested | Self::ActionRequired | Self::Authorised | Self::Unknown, M::LoseSight) => {
                Self::Unknown
            }
            _ => return Err(IllegalPaymentMove { from: self, attempted }),
        })
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// What is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum Purpose {
    /// An order: the money goes into its escrow.
    Order(Uuid),
    /// The payer's own wallet; named by the payer.
    TopUp(Uuid),
}

impl Purpose {
    /// The stable code of its kind.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::TopUp(_) => "top-up",
        }
    }

    /// The id of what is paid for.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Order(id) | Self::TopUp(id) => id,
        }
    }

    /// The purpose with this code and id.
    #[must_use]
    pub fn of(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "order" => Some(Self::Order(id)),
            "top-up" => Some(Self::TopUp(id)),
            _ => None,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.id())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_state_that_is_not_final_has_a_way_to_an_end() {
        for state in PaymentState::ALL {
            let ends = PaymentMove::ALL
                .iter()
                .filter_map(|attempted| state.after(*attempted).ok())
                .any(PaymentState::is_final);
            assert_eq!(ends, !state.is_final(), "{state}");
        }
    }

    #[test]
    fn late_news_does_not_take_a_reservation_back_to_asking() {
        assert!(PaymentState::Authorised.after(PaymentMove::NeedAction).is_err());
        assert!(PaymentState::Authorised.after(PaymentMove::Authorise).is_err());
        let refusal = PaymentState::Succeeded.after(PaymentMove::Cancel).unwrap_err();
        assert_eq!(refusal.to_string(), "a payment that is succeeded cannot cancel");
    }

    #[test]
    fn a_purpose_reads_back_from_its_code() {
        for purpose in [Purpose::Order(Uuid::from_u128(1)), Purpose::TopUp(Uuid::from_u128(2))] {
            assert_eq!(Purpose::of(purpose.kind(), purpose.id()), Some(purpose));
        }
    }

    proptest! {
        #[test]
        fn the_order_of_news_does_not_change_that_it_is_paid(moves in proptest::collection::vec(0usize..3, 0..9)) {
            // Any mix of 'needs action', 'authorised' and 'lost sight', with 'paid' anywhere among it.
            let news = [PaymentMove::NeedAction, PaymentMove::Authorise, PaymentMove::LoseSight];
            for at in 0..=moves.len() {
                let mut sequence: Vec<_> = moves.iter().map(|n| news[*n]).collect();
                sequence.insert(at, PaymentMove::Succeed);
                let end = sequence.into_iter().fold(PaymentState::Requested, |state, attempted| {
                    state.after(attempted).unwrap_or(state)
                });
                prop_assert_eq!(end, PaymentState::Succeeded);
            }
        }
    }
}
