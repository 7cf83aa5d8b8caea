//! What is to be planned: stops, vehicles, a matrix, and what counts as good.
//!
//! All numbers are whole: times and durations in one unit (seconds, say), distances in another (metres), loads in a
//! third per dimension, costs in a fourth. Whole numbers add up to the same sum in every order, so an evaluation from
//! scratch and an incremental one agree to the unit.

mod builder;
mod load;
mod matrix;
mod objective;
mod stop;
mod vehicle;

pub use builder::ProblemBuilder;
pub use load::Load;
pub use matrix::{Leg, Matrix};
pub use objective::{Balance, Objective, Promise};
pub use stop::{Eligible, Serve, Stop};
pub use vehicle::{Break, Overtime, Vehicle};

/// Bound of every time (against the earliest shift start), duration, distance of a leg, and load: below 2^29.
///
/// In seconds that is seventeen years. It leaves room to add three such numbers in 32 bits.
pub const LIMIT: i64 = 1 << 29;

/// Bound of every price of one thing (a vehicle, a stop): below 2^44, so that sums over any plan stay within 63 bits.
pub const COST_LIMIT: i64 = 1 << 44;

/// Bound of every price per unit of distance or time: below 2^17, for the same reason.
pub const UNIT_COST_LIMIT: i64 = 1 << 17;

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
        pub struct $name(pub u32);

        impl $name {
            /// As an index into the problem's lists.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index! {
    /// A row of the matrix.
    Location
}
index! {
    /// A stop, numbered in the order of adding.
    StopId
}
index! {
    /// A vehicle (one shift on one day), numbered in the order of adding.
    VehicleId
}

/// From when to when, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TimeWindow {
    /// First instant that is in.
    pub start: i64,
    /// Last instant that is in.
    pub end: i64,
}

impl TimeWindow {
    /// From `start` to `end`, both inclusive.
    #[must_use]
    pub const fn new(start: i64, end: i64) -> Self {
        Self { start, end }
    }
}

/// A routing problem, complete and consistent. Made by [`ProblemBuilder`], never changed.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) stops: Vec<Stop>,
    pub(crate) vehicles: Vec<Vehicle>,
    pub(crate) matrix: Matrix,
    pub(crate) objective: Objective,
    /// The other half of each stop's pair, and whether the stop is the first half.
    pub(crate) pairs: Vec<Option<Pair>>,
    /// What is published, per stop.
    pub(crate) promises: Vec<Option<Promise>>,
    /// The vehicle whose locked prefix holds the stop.
    pub(crate) locked: Vec<Option<VehicleId>>,
}

/// One half of a pickup and its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) other: StopId,
    pub(crate) first: bool,
}

impl Problem {
    /// Starts a problem on a matrix.
    #[must_use]
    pub fn builder(matrix: Matrix) -> ProblemBuilder {
        ProblemBuilder::new(matrix)
    }

    /// All stops, by [`StopId`].
    #[must_use]
    pub fn stops(&self) -> &[Stop] {
        &self.stops
    }

    /// All vehicles, by [`VehicleId`].
    #[must_use]
    pub fn vehicles(&self) -> &[Vehicle] {
        &self.vehicles
    }

    /// The stop of that number.
    ///
    /// # Panics
    /// When the number is not one of this problem's.
    #[must_use]
    pub fn stop(&self, id: StopId) -> &Stop {
        &self.stops[id.index()]
    }

    /// The vehicle of that number.
    ///
    /// # Panics
    /// When the number is not one of this problem's.
    #[must_use]
    pub fn vehicle(&self, id: VehicleId) -> &Vehicle {
        &self.vehicles[id.index()]
    }

    /// Distances and durations.
    #[must_use]
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// What counts as good.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The stop that must be visited together with this one, and whether `stop` comes first.
    #[must_use]
    pub fn partner(&self, stop: StopId) -> Option<(StopId, bool)> {
        self.pairs[stop.index()].map(|pair| (pair.other, pair.first))
    }

    /// What the published plan promised of this stop.
    #[must_use]
    pub fn promise(&self, stop: StopId) -> Option<&Promise> {
        self.promises[stop.index()].as_ref()
    }

    /// The vehicle that has this stop in its locked prefix.
    #[must_use]
    pub fn locked_on(&self, stop: StopId) -> Option<VehicleId> {
        self.locked[stop.index()]
    }

    /// The stop with that key.
    #[must_use]
    pub fn stop_by_key(&self, key: &str) -> Option<StopId> {
        self.stops.iter().position(|stop| stop.key == key).map(|at| StopId(at as u32))
    }

    /// Cost of leaving this stop out: its prize, or the objective's price of an unserved stop times its priority.
    #[must_use]
    pub fn cost_of_leaving_out(&self, stop: StopId) -> i64 {
        match self.stops[stop.index()].serve {
            Serve::Prize(prize) => prize,
            Serve::Required { priority } => {
                (self.objective.unserved.saturating_mul(i64::from(priority) + 1)).min(4 * COST_LIMIT)
            }
        }
    }

    /// Adds a stop to a problem that is being lived.
    pub(crate) fn push_stop(&mut self, stop: Stop) {
        self.stops.push(stop);
        self.pairs.push(None);
        self.promises.push(None);
        self.locked.push(None);
    }

    /// Takes the stop added last away again.
    pub(crate) fn pop_stop(&mut self) {
        self.stops.pop();
        self.pairs.pop();
        self.promises.pop();
        self.locked.pop();
    }

    /// Whether this vehicle may visit this stop at all: its skills, the stop's list, and locked prefixes of others.
    #[must_use]
    pub fn may_visit(&self, vehicle: VehicleId, stop: StopId) -> bool {
        let it = &self.stops[stop.index()];
        it.skills & !self.vehicles[vehicle.index()].skills == 0
            && it.eligible.admits(vehicle)
            && self.locked[stop.index()].is_none_or(|locked| locked == vehicle)
    }
}
