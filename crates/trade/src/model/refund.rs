//! What a buyer may ask for.

use luhuan_kernel::Timestamp;

use super::{Clock, Clocks};

coded! {
    /// What is asked for.
    RefundKind {
        /// All or a part of the money; the goods stay where they are.
        MoneyOnly = "money_only",
        /// The goods go back, then the money.
        WithReturn = "with_return",
    }
}

coded! {
    /// Why.
    RefundReason {
        /// No longer wanted: before shipping, or by the seven-day right.
        ChangedMind = "changed_mind",
        /// It did not arrive.
        NotReceived = "not_received",
        /// It is not what was described.
        NotAsDescribed = "not_as_described",
        /// It does not work.
        Defective = "defective",
        /// Something is missing.
        Incomplete = "incomplete",
        /// It came damaged.
        DamagedInTransit = "damaged_in_transit",
        /// It is not genuine.
        Counterfeit = "counterfeit",
        /// Both agreed on a price after all.
        PriceAgreed = "price_agreed",
        /// Something else, in words.
        Other = "other",
    }
}

coded! {
    /// Where a request stands.
    #[schema(as = trade::RefundState)]
    RefundState {
        /// The seller has not answered.
        Open = "open",
        /// Agreed; the goods are to come back first.
        Agreed = "agreed",
        /// The money went back.
        Done = "done",
        /// Refused by the seller.
        Refused = "refused",
        /// Taken back by the buyer, or overtaken by a dispute.
        Withdrawn = "withdrawn",
    }
}

/// Until when the seven-day right (L2 art. 25) may be used, for goods received at an instant.
#[must_use]
pub fn may_return_until(clocks: &Clocks, received: Timestamp) -> Timestamp {
    clocks.end(Clock::SettleReturnable, received)
}
