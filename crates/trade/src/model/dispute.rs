//! How a quarrel is decided.

use serde::{Deserialize, Serialize};

coded! {
    /// What the quarrel is about.
    DisputeReason {
        /// It did not arrive.
        NotReceived = "not_received",
        /// It is not what was described.
        NotAsDescribed = "not_as_described",
        /// It does not work.
        Defective = "defective",
        /// It is not genuine.
        Counterfeit = "counterfeit",
        /// What came back is not what was sent, or damaged.
        ReturnDamaged = "return_damaged",
        /// The other did not turn up or does not answer.
        NoShow = "no_show",
        /// Something else, in words.
        Other = "other",
    }
}

coded! {
    /// Which instance.
    Stage {
        /// The first ruling, by the jury or by staff.
        First = "first",
        /// On appeal: final.
        Final = "final",
    }
}

/// A ruling: how much of what is held goes back to the buyer, and why. The rest, less the fee on it, is the seller's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Back to the buyer, in fen.
    pub buyer_fen: i64,
    /// The reasons, which both read.
    pub reasons: String,
}
