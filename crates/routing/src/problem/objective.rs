//! What counts as good, in one unit of cost.

use super::{TimeWindow, VehicleId};

/// Prices of what a plan may do. Costs of driving stand at each [`Vehicle`](super::Vehicle).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Objective {
    /// Leaving out a required stop of priority 0; each priority adds as much again.
    pub unserved: i64,
    /// Each vehicle used, on top of its own fixed cost.
    pub vehicle: i64,
    /// Evenness of work.
    pub balance: Balance,
    /// Moving a stop of the published plan to another vehicle.
    pub moved: i64,
    /// Each unit of time that an arrival lies outside what was promised.
    pub shifted: i64,
}

/// Price of uneven work: `weight × duration² / unit`, summed over the routes in use.
///
/// For a given sum, squares are least when all are equal; unlike a difference between longest and shortest, they say
/// of each route by itself what another minute costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Balance {
    /// Cost of one `unit` of duration worked, squared; 0 switches it off.
    pub weight: i64,
    /// Time that counts as one, 3,600 for hours where time is in seconds. At least 1.
    pub unit: i64,
}

impl Balance {
    /// The price of a route of that duration.
    #[must_use]
    pub fn cost(&self, duration: i64) -> i64 {
        if self.weight == 0 {
            return 0;
        }
        let unit = i128::from(self.unit.max(1));
        let square = i128::from(duration) * i128::from(duration);
        i64::try_from(i128::from(self.weight) * square / (unit * unit)).unwrap_or(i64::MAX / 4)
    }
}

impl Default for Objective {
    /// An unserved stop outweighs any route; the rest is off.
    fn default() -> Self {
        Self {
            unserved: 100_000_000,
            vehicle: 0,
            balance: Balance { weight: 0, unit: 1 },
            moved: 0,
            shifted: 0,
        }
    }
}

/// What the published plan says of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Promise {
    /// Who was to come.
    pub vehicle: VehicleId,
    /// When it was to arrive: the window told to the customer, not the exact minute.
    pub arrival: TimeWindow,
}
