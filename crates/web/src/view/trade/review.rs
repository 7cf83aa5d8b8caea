//! What each says of the other.

use crate::view::Moment;

/// A review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewRow {
    /// Its id: `POST /reviews/{id}/reply`.
    pub id: String,
    /// Which side wrote it: `buyer` or `seller`.
    pub by: String,
    /// Whether the reader wrote it.
    pub own: bool,
    /// 1 to 5; 0 where it is hidden.
    pub stars: u32,
    /// Tags, in words.
    pub tags: Vec<String>,
    /// In words.
    pub text: String,
    /// The other's reply; empty when there is none.
    pub reply: String,
    /// Whether the reader may reply.
    pub may_reply: bool,
    /// Why it is hidden; empty when it is not.
    pub hidden: String,
    /// Whether both can read it.
    pub shown: bool,
    /// When it was written.
    pub when: Moment,
}

impl ReviewRow {
    /// Five stars: which are lit.
    #[must_use]
    pub fn lit(&self) -> [bool; 5] {
        [1, 2, 3, 4, 5].map(|star| star <= self.stars)
    }
}

/// What a seller has behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewFigures {
    /// Sales that stood.
    pub sold: u64,
    /// Sales undone after shipping.
    pub undone: u64,
    /// Reviews that can be read.
    pub reviews: u64,
    /// The mean: `4.8`; empty without reviews.
    pub mean: String,
    /// The share of good ones in per cent; empty without reviews.
    pub good: String,
}
