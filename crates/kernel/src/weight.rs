//! Weights.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// A weight in whole grams. 1 斤 is 500 g.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    DeriveValueType,
    utoipa::ToSchema,
)]
#[serde(transparent)]
pub struct Grams(pub i64);

impl Grams {
    /// The sum, or `None` past 64 bits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}
