//! Haggling: an offer, a counter-offer, and how it ends.

use super::By;

coded! {
    /// Where an offer stands.
    OfferState {
        /// Waits for an answer of the side that did not speak last.
        Open = "open",
        /// Agreed: the item is kept for the buyer at this price for a while.
        Accepted = "accepted",
        /// The buyer ordered by it.
        Used = "used",
        /// Refused.
        Declined = "declined",
        /// Nobody answered, or nobody ordered, in time; or the item went elsewhere.
        Lapsed = "lapsed",
    }
}

coded! {
    /// What can happen to an offer.
    OfferMove {
        /// The other side names another amount.
        Counter = "counter",
        /// The other side agrees.
        Accept = "accept",
        /// Either side ends it.
        Decline = "decline",
        /// Its time is over.
        Lapse = "lapse",
        /// The buyer orders by it.
        Use = "use",
    }
}

/// Which side, and whether it spoke last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The side that named the amount on the table.
    Spoke(By),
    /// The side that is to answer.
    Asked(By),
    /// Time.
    Clock,
}

impl OfferState {
    /// Where a move of a side leads; `None` when it is not allowed.
    #[must_use]
    pub const fn after(self, attempted: OfferMove, side: Side) -> Option<Self> {
        Some(match (self, attempted, side) {
            (Self::Open, OfferMove::Counter, Side::Asked(_)) => Self::Open,
            (Self::Open, OfferMove::Accept, Side::Asked(_)) => Self::Accepted,
            (Self::Open, OfferMove::Decline, Side::Asked(_) | Side::Spoke(_)) => Self::Declined,
            // Who has the item kept may let it go; the other may not break the promise.
            (Self::Accepted, OfferMove::Decline, Side::Asked(By::Buyer) | Side::Spoke(By::Buyer)) => {
                Self::Declined
            }
            (Self::Open | Self::Accepted, OfferMove::Lapse, Side::Clock) => Self::Lapsed,
            (Self::Accepted, OfferMove::Use, Side::Asked(By::Buyer) | Side::Spoke(By::Buyer)) => Self::Used,
            _ => return None,
        })
    }

    /// Whether nothing can happen any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Open | Self::Accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_move_from_every_state_by_every_side_is_as_the_table_says() {
        let sides = [
            Side::Spoke(By::Buyer),
            Side::Asked(By::Buyer),
            Side::Spoke(By::Seller),
            Side::Asked(By::Seller),
            Side::Clock,
        ];
        let letter = |state: Option<OfferState>| match state {
            Some(OfferState::Open) => 'o',
            Some(OfferState::Accepted) => 'a',
            Some(OfferState::Used) => 'u',
            Some(OfferState::Declined) => 'd',
            Some(OfferState::Lapsed) => 'l',
            None => '-',
        };
        // Columns: counter, accept, decline, lapse, use; five sides each.
        let expected = [
            (OfferState::Open, "-o-o- -a-a- dddd- ----l -----"),
            (OfferState::Accepted, "----- ----- dd--- ----l uu---"),
            (OfferState::Used, "----- ----- ----- ----- -----"),
            (OfferState::Declined, "----- ----- ----- ----- -----"),
            (OfferState::Lapsed, "----- ----- ----- ----- -----"),
        ];
        for (state, row) in expected {
            let found: Vec<String> = OfferMove::ALL
                .iter()
                .map(|attempted| sides.iter().map(|side| letter(state.after(*attempted, *side))).collect())
                .collect();
            assert_eq!(found.join(" "), row, "{state}");
        }
    }
}
