//! Who drives: one vehicle and crew on one shift.

use super::{Load, Location, StopId, TimeWindow};

/// A vehicle with its crew for one shift; the same lorry on two days is two vehicles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Vehicle {
    /// The caller's own name of it; unique.
    pub key: String,
    /// Where it starts; `None`: at its first stop.
    pub start: Option<Location>,
    /// Where it ends; `None`: at its last stop.
    pub end: Option<Location>,
    /// When it may be on the road, from leaving the start to reaching the end.
    pub shift: TimeWindow,
    /// Room in each dimension.
    pub capacity: Load,
    /// What vehicle and crew can do, a bit each.
    pub skills: u64,
    /// Cost of using it at all.
    pub fixed_cost: i64,
    /// Cost of each unit of distance.
    pub distance_cost: i64,
    /// Cost of each unit of time between leaving and coming back.
    pub duration_cost: i64,
    /// Most it may drive.
    pub max_distance: Option<i64>,
    /// Most time between leaving and coming back; overtime is within it.
    pub max_duration: Option<i64>,
    /// Work beyond the regular time.
    pub overtime: Option<Overtime>,
    /// A pause to be taken.
    pub break_time: Option<Break>,
    /// Where it may unload (or load anew) on the way and go on.
    pub reload_at: Vec<Location>,
    /// How often at most.
    pub max_reloads: u32,
    /// How long each takes.
    pub reload_service: i64,
    /// Stops already driven or begun, in order: the route starts with them, come what may.
    pub locked: Vec<StopId>,
}

/// Work beyond the regular time, allowed at a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Overtime {
    /// Duration up to which nothing is due.
    pub regular: i64,
    /// Cost of each unit of time beyond, on top of the vehicle's `duration_cost`.
    pub cost: i64,
}

/// A pause. It is taken on arrival at a stop before service starts, or on arrival at the end.
///
/// A route that has ended by the time the pause must start at the latest goes without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Break {
    /// When it may start.
    pub window: TimeWindow,
    /// How long it is.
    pub duration: i64,
}

impl Vehicle {
    /// A vehicle that starts and ends at `depot`, is always there, carries anything, and costs 1 per unit of distance:
    /// set what differs.
    #[must_use]
    pub fn at(key: impl Into<String>, depot: Location) -> Self {
        Self {
            key: key.into(),
            start: Some(depot),
            end: Some(depot),
            shift: TimeWindow::new(0, super::LIMIT - 1),
            capacity: Load::UNLIMITED,
            skills: 0,
            fixed_cost: 0,
            distance_cost: 1,
            duration_cost: 0,
            max_distance: None,
            max_duration: None,
            overtime: None,
            break_time: None,
            reload_at: Vec::new(),
            max_reloads: u32::MAX,
            reload_service: 0,
            locked: Vec::new(),
        }
    }
}
