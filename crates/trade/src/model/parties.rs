//! Who moves an order.

coded! {
    /// By whom a step of an order is taken.
    By {
        /// Whoever ordered.
        Buyer = "buyer",
        /// Whoever sells, or somebody of the shop it is sold for.
        Seller = "seller",
        /// A moderator or the support, who decide disputes.
        Staff = "staff",
        /// The jurors drawn for a dispute.
        Jury = "jury",
        /// The ledger, when a payment came through.
        Payment = "payment",
        /// Time: a clock ran out and nobody had moved first.
        Clock = "clock",
    }
}

impl By {
    /// Whether it is one of the two who trade.
    #[must_use]
    pub const fn is_party(self) -> bool {
        matches!(self, Self::Buyer | Self::Seller)
    }

    /// The other of the two who trade; staff and the rest have none.
    #[must_use]
    pub const fn other(self) -> Option<Self> {
        match self {
            Self::Buyer => Some(Self::Seller),
            Self::Seller => Some(Self::Buyer),
            _ => None,
        }
    }
}
