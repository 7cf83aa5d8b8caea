//! What is to be done: routes with times, loads and slack, what is left out and why, and what it all costs.

mod build;
mod explain;
mod run;
mod schedule;
mod solution;

pub(crate) use build::{assemble, assemble_route};
pub(crate) use schedule::{Scheduler, earliest_departures, latest_arrivals};
pub use solution::Solution;

use std::fmt;

use crate::error::PlanError;
use crate::problem::{Load, Location, Problem, StopId, VehicleId};

/// Somewhere a route calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Place {
    /// A stop.
    Stop(StopId),
    /// A depot or station where everything is unloaded and the next trip loaded.
    Reload(Location),
}

/// A complete plan. Made by [`solve`](crate::solve), [`Plan::from_routes`] or by inserting into another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Plan {
    /// Routes of the vehicles in use, by vehicle.
    pub routes: Vec<Route>,
    /// Stops left out, each with the reason.
    pub unserved: Vec<Unserved>,
    /// What it costs, in parts.
    pub cost: Cost,
}

/// What one vehicle does.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Route {
    /// Whose route.
    pub vehicle: VehicleId,
    /// When it leaves its start: as late as costs nothing.
    pub start: i64,
    /// When it reaches its end.
    pub end: i64,
    /// Where it calls, in order.
    pub visits: Vec<Visit>,
    /// When the break starts, if it has one.
    pub break_at: Option<i64>,
    /// Distance driven.
    pub distance: i64,
    /// Share of the plan's cost.
    pub cost: Cost,
}

impl Route {
    /// Time from leaving to coming back.
    #[must_use]
    pub fn duration(&self) -> i64 {
        self.end - self.start
    }

    /// The stops visited, without reloads.
    pub fn stops(&self) -> impl Iterator<Item = StopId> + '_ {
        self.visits.iter().filter_map(|visit| match visit.place {
            Place::Stop(stop) => Some(stop),
            Place::Reload(_) => None,
        })
    }
}

/// One call on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Visit {
    /// Where.
    pub place: Place,
    /// When the vehicle gets there (ETA).
    pub arrival: i64,
    /// When service starts, after waiting or a break.
    pub service_start: i64,
    /// When the vehicle leaves.
    pub departure: i64,
    /// What is on board when it leaves.
    pub load: Load,
    /// By how much the arrival could be later with the rest of the route still in time.
    pub slack: i64,
}

/// What a plan costs, in parts that add up to [`total`](Cost::total).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cost {
    /// Stops left out: prices of required ones, prizes of optional ones.
    pub unserved: i64,
    /// Vehicles used.
    pub vehicles: i64,
    /// Distance driven.
    pub distance: i64,
    /// Time between leaving and coming back.
    pub duration: i64,
    /// Overtime.
    pub overtime: i64,
    /// Unevenness of work.
    pub balance: i64,
    /// Change against the published plan.
    pub change: i64,
}

impl Cost {
    /// The sum of all parts: what the planner minimises.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.unserved
            + self.vehicles
            + self.distance
            + self.duration
            + self.overtime
            + self.balance
            + self.change
    }

    fn add(&mut self, other: &Self) {
        self.unserved += other.unserved;
        self.vehicles += other.vehicles;
        self.distance += other.distance;
        self.duration += other.duration;
        self.overtime += other.overtime;
        self.balance += other.balance;
        self.change += other.change;
    }
}

/// A stop left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Unserved {
    /// Which.
    pub stop: StopId,
    /// The constraint that stood in the way at the place where least was missing.
    pub reason: Constraint,
    /// That place, if any vehicle came into question.
    pub nearest: Option<NearMiss>,
}

/// Where a stop would almost have fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct NearMiss {
    /// On whose route.
    pub vehicle: VehicleId,
    /// Before which of its calls (their number, to go last).
    pub position: u32,
    /// How much was missing: time too late, load too much, distance too far, or the cost above the prize.
    pub missing: i64,
}

/// What can stand in the way of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Constraint {
    /// There is no vehicle at all.
    NoVehicle,
    /// No vehicle has the skills.
    Skills,
    /// The vehicles that may come are excluded by the stop's list or by a locked prefix.
    Eligibility,
    /// No room in this dimension.
    Capacity {
        /// Which, from 0.
        dimension: u8,
    },
    /// Service could only start after the last window.
    Window,
    /// Another stop of the route would be late.
    LaterWindow,
    /// The route would not be back by the end of the shift.
    ShiftEnd,
    /// There is no way to get there, or on from there.
    Unreachable,
    /// The route would be too long in distance.
    MaxDistance,
    /// The route would be too long in time.
    MaxDuration,
    /// The break would find no place.
    Break,
    /// More reloads than the vehicle may make, or at a place where it may not.
    Reload,
    /// The halves of a pair would not be in one trip in their order.
    PairOrder,
    /// The locked prefix would be broken.
    LockedPrefix,
    /// It would fit, but at more than its prize is worth.
    NotWorthIt,
    /// Nothing stands in the way: the search has not found it, or was not given the time.
    NotFound,
}

impl fmt::Display for Constraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::NoVehicle => "there is no vehicle",
            Self::Skills => "no vehicle has the skills",
            Self::Eligibility => "no vehicle is allowed there",
            Self::Capacity { dimension } => return write!(out, "no room left (dimension {dimension})"),
            Self::Window => "it would be reached after its last window",
            Self::LaterWindow => "a later stop would be reached after its last window",
            Self::ShiftEnd => "the shift would be over",
            Self::Unreachable => "there is no way",
            Self::MaxDistance => "the route would be too long",
            Self::MaxDuration => "the route would take too long",
            Self::Break => "the break would find no place",
            Self::Reload => "the vehicle may not reload there, or not so often",
            Self::PairOrder => "pickup and delivery would not be in one trip, in that order",
            Self::LockedPrefix => "the locked beginning of the route would change",
            Self::NotWorthIt => "it costs more than its prize",
            Self::NotFound => "the search found no place in the time given",
        })
    }
}

impl Plan {
    /// A plan of routes given by hand or read back, with times and costs worked out anew.
    ///
    /// # Errors
    /// [`PlanError`] for what the problem does not have, and for a route that breaks a constraint.
    pub fn from_routes(problem: &Problem, routes: &[(VehicleId, Vec<Place>)]) -> Result<Self, PlanError> {
        assemble(problem, routes)
    }

    /// The routes as vehicle and calls, the form that [`Plan::from_routes`] takes.
    #[must_use]
    pub fn to_routes(&self) -> Vec<(VehicleId, Vec<Place>)> {
        let calls = |route: &Route| route.visits.iter().map(|visit| visit.place).collect();
        self.routes.iter().map(|route| (route.vehicle, calls(route))).collect()
    }

    /// Adds up the plan's cost anew from its routes and what it leaves out.
    pub(crate) fn recount(&mut self, problem: &Problem) {
        self.cost = Cost::default();
        self.routes.iter().for_each(|route| self.cost.add(&route.cost));
        self.cost.unserved = self.unserved.iter().map(|left| problem.cost_of_leaving_out(left.stop)).sum();
    }

    /// The route of that vehicle, if it is in use.
    #[must_use]
    pub fn route(&self, vehicle: VehicleId) -> Option<&Route> {
        self.routes.iter().find(|route| route.vehicle == vehicle)
    }
}
