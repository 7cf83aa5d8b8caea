//! A plan that answers 'which windows can you still offer me?' while the customer waits, and takes the stop in.
//!
//! Each gap between two calls knows when it can be left at the earliest, when the next call must be reached at the
//! latest, and how much room there is before and after. That makes one gap a matter of nanoseconds, whatever the number of
//! windows asked for: the moments at which service could start there are one interval, held against each window.

use crate::error::{PlanError, ProblemError};
use crate::plan::{Place, Plan, Scheduler, assemble_route, earliest_departures, latest_arrivals};
use crate::problem::{Load, Location, Matrix, Problem, Stop, StopId, TimeWindow, VehicleId};

/// A problem and its plan, kept ready for quotes.
#[derive(Debug, Clone)]
pub struct LivePlan {
    problem: Problem,
    plan: Plan,
    roads: Vec<Road>,
}

/// One vehicle's route as a row of gaps. Unused vehicles of one make have one row between them.
#[derive(Debug, Clone)]
struct Road {
    vehicle: VehicleId,
    places: Vec<Place>,
    gaps: Vec<Gap>,
    /// What the route costs now; 0 when it is not driven.
    cost: i64,
    /// Changes with each insertion.
    version: u64,
    /// Whether a stop there costs more than the way to it: paid time, overtime, evenness, promises to others, or limits.
    timed: bool,
}

/// Between two calls.
#[derive(Debug, Clone, Copy)]
struct Gap {
    from: Option<Location>,
    to: Option<Location>,
    ready: i64,
    due: i64,
    distance: i64,
    /// Room for what is brought, on every leg of the trip up to here.
    room_before: Load,
    /// Room for what is taken along, on every leg of the trip from here.
    room_after: Load,
}

/// Where and at what cost a stop could be served in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Offer {
    /// The window offered.
    pub window: TimeWindow,
    /// Who would come.
    pub vehicle: VehicleId,
    /// Before which of its calls (their number, to go last).
    pub position: u32,
    /// What the plan would cost more.
    pub cost: i64,
    /// When service could start at the earliest and at the latest, within the window.
    pub start: TimeWindow,
    version: u64,
}

/// How many gaps are evaluated exactly per window, where time costs.
const EVALUATED: usize = 8;

struct Candidate {
    cost: i64,
    early: i64,
    late: i64,
    road: u32,
    gap: u32,
}

impl LivePlan {
    /// Makes a plan ready.
    ///
    /// # Errors
    /// [`PlanError`] when the plan is not one of this problem.
    pub fn new(problem: Problem, plan: &Plan) -> Result<Self, PlanError> {
        let plan = Plan::from_routes(&problem, &plan.to_routes())?;
        let mut live = Self { problem, plan, roads: Vec::new() };
        for index in 0..live.plan.routes.len() {
            let road = live.road(live.plan.routes[index].vehicle, 0);
            live.roads.push(road);
        }
        live.add_unused();
        Ok(live)
    }

    /// The problem, with the stops inserted so far.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The plan as it stands.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Adds a location to an explicit matrix, by its legs: `to[i]` are distance and duration from location
    /// `i` to the new one, `from[i]` those back.
    ///
    /// # Errors
    /// [`ProblemError::MatrixShape`] or [`ProblemError::OutOfRange`].
    pub fn add_location(
        &mut self,
        to: &[(i64, i64)],
        from: &[(i64, i64)],
        point: Option<(f64, f64)>,
    ) -> Result<Location, ProblemError> {
        self.problem.matrix.add(to, from, point)
    }

    /// Adds a location to a matrix made from points.
    ///
    /// # Errors
    /// [`ProblemError::OutOfRange`].
    pub fn add_point(&mut self, point: (f64, f64)) -> Result<Location, ProblemError> {
        self.problem.matrix.add_point(point)
    }

    /// For each window, the cheapest place for a stop, as far as there is one. The stop's own windows are not looked at.
    ///
    /// The order of the calls planned already stays, each break stays where it is, and no reload is added. An impossible
    /// stop (a location or an amount out of range) has no offer.
    #[must_use]
    pub fn quote(&self, stop: &Stop, windows: &[TimeWindow]) -> Vec<Option<Offer>> {
        let matrix = &self.problem.matrix;
        let sane =
            stop.location.index() < matrix.size() && (0..crate::problem::LIMIT).contains(&stop.service);
        if !sane {
            return vec![None; windows.len()];
        }
        let mut candidates = self.candidates(stop, matrix);
        candidates.sort_unstable_by_key(|candidate| (candidate.cost, candidate.road, candidate.gap));
        let mut scheduler = Scheduler::new(&self.problem);
        windows.iter().map(|window| self.cheapest(&candidates, stop, *window, &mut scheduler)).collect()
    }

    fn candidates(&self, stop: &Stop, matrix: &Matrix) -> Vec<Candidate> {
        let mut candidates = Vec::with_capacity(self.problem.stops.len() + 2 * self.roads.len());
        for (index, road) in self.roads.iter().enumerate() {
            let vehicle = self.problem.vehicle(road.vehicle);
            if stop.skills & !vehicle.skills != 0 || !stop.eligible.admits(road.vehicle) {
                continue;
            }
            let opening = match road.places.is_empty() {
                true => vehicle.fixed_cost + self.problem.objective.vehicle,
                false => 0,
            };
            for (gap, it) in road.gaps.iter().enumerate().skip(vehicle.locked.len()) {
                if !stop.delivery.fits(&it.room_before) || !stop.pickup.fits(&it.room_after) {
                    continue;
                }
                let leg = |from: Option<Location>, to: Option<Location>| match (from, to) {
                    (Some(from), Some(to)) => matrix.leg(from, to),
                    _ => crate::Leg::default(),
                };
                let (coming, going) = (leg(it.from, Some(stop.location)), leg(Some(stop.location), it.to));
                let early = it.ready + i64::from(coming.duration);
                let late = it.due - i64::from(going.duration) - stop.service;
                if early > late {
                    continue;
                }
                let added = i64::from(coming.distance) + i64::from(going.distance) - it.distance;
                let cost = opening + vehicle.distance_cost * added;
                candidates.push(Candidate { cost, early, late, road: index as u32, gap: gap as u32 });
            }
        }
        candidates
    }

    fn cheapest(
        &self,
        candidates: &[Candidate],
        stop: &Stop,
        window: TimeWindow,
        scheduler: &mut Scheduler<'_>,
    ) -> Option<Offer> {
        let mut best: Option<Offer> = None;
        let mut evaluated = 0;
        for candidate in candidates {
            if best.is_some_and(|best| best.cost <= candidate.cost) || evaluated >= EVALUATED {
                break;
            }
            let start = TimeWindow::new(candidate.early.max(window.start), candidate.late.min(window.end));
            if start.end < start.start {
                continue;
            }
            let road = &self.roads[candidate.road as usize];
            let mut cost = candidate.cost;
            if road.timed || stop.release.is_some() {
                evaluated += 1;
                let probe = Stop { windows: vec![window], ..stop.clone() };
                let timing =
                    scheduler.evaluate_with(road.vehicle, &road.places, &probe, candidate.gap as usize);
                let Ok(timing) = timing else { continue };
                cost = timing.cost.total() - road.cost;
            }
            if best.is_none_or(|best| cost < best.cost) {
                best = Some(Offer {
                    window,
                    vehicle: road.vehicle,
                    position: candidate.gap,
                    cost,
                    start,
                    version: road.version,
                });
            }
        }
        best
    }

    /// Takes an offer up: adds the stop to the problem with the offer's window as its only one, and to the plan.
    ///
    /// # Errors
    /// [`PlanError::Stale`] when the route has changed since the offer was made; [`PlanError::Infeasible`] when the stop is
    /// not the one that was quoted and does not fit.
    pub fn insert(&mut self, stop: Stop, offer: &Offer) -> Result<StopId, PlanError> {
        let road =
            self.roads.iter().position(|road| road.vehicle == offer.vehicle).ok_or(PlanError::Stale)?;
        let it = &self.roads[road];
        if it.version != offer.version || offer.position as usize > it.places.len() {
            return Err(PlanError::Stale);
        }
        if self.problem.stops.iter().any(|known| known.key == stop.key) {
            return Err(PlanError::Twice(format!("stop {:?}", stop.key)));
        }
        let id = StopId(self.problem.stops.len() as u32);
        let mut places = it.places.clone();
        places.insert(offer.position as usize, Place::Stop(id));
        let version = it.version + 1;
        self.problem.push_stop(Stop { windows: vec![offer.window], ..stop });
        let route = match assemble_route(&self.problem, offer.vehicle, &places) {
            Ok(route) => route,
            Err(error) => {
                self.problem.pop_stop();
                return Err(error);
            }
        };
        let known = self.plan.routes.iter().position(|known| known.vehicle == offer.vehicle);
        match known {
            Some(at) => self.plan.routes[at] = route,
            None => {
                let at = self.plan.routes.partition_point(|known| known.vehicle < offer.vehicle);
                self.plan.routes.insert(at, route);
            }
        }
        self.plan.recount(&self.problem);
        self.roads[road] = self.road(offer.vehicle, version);
        if known.is_none() {
            self.add_unused();
        }
        Ok(id)
    }

    /// A row for one unused vehicle of each make that has none yet.
    fn add_unused(&mut self) {
        let vehicles = (0..self.problem.vehicles.len() as u32).map(VehicleId);
        let listed = |stop: &Stop| stop.eligible != crate::Eligible::Any;
        // Where stops name vehicles, no two are alike.
        let any_listed = self.problem.stops.iter().any(listed);
        for vehicle in vehicles {
            let plain = |vehicle: VehicleId| crate::Vehicle {
                key: String::new(),
                ..self.problem.vehicle(vehicle).clone()
            };
            let alike = |road: &Road| {
                road.vehicle == vehicle
                    || (road.places.is_empty() && !any_listed && plain(road.vehicle) == plain(vehicle))
            };
            if !self.roads.iter().any(alike) {
                let road = self.road(vehicle, 0);
                self.roads.push(road);
            }
        }
    }

    /// Works out a vehicle's row.
    fn road(&self, vehicle: VehicleId, version: u64) -> Road {
        let route = self.plan.route(vehicle);
        let places: Vec<Place> =
            route.map_or_else(Vec::new, |route| route.visits.iter().map(|visit| visit.place).collect());
        let it = self.problem.vehicle(vehicle);
        let objective = &self.problem.objective;
        let promised =
            |place: &Place| place.stop().is_some_and(|stop| self.problem.promises[stop.index()].is_some());
        let timed = it.duration_cost > 0
            || it.overtime.is_some()
            || it.max_duration.is_some()
            || it.max_distance.is_some()
            || it.break_time.is_some()
            || objective.balance.weight > 0
            || (objective.shifted > 0 && places.iter().any(promised));
        let ready = earliest_departures(&self.problem, vehicle, &places);
        let due = latest_arrivals(&self.problem, vehicle, &places);
        let rooms = rooms(&self.problem, vehicle, &places);
        let ends: Vec<Option<Location>> = [it.start]
            .into_iter()
            .chain(places.iter().map(|place| Some(place.location(&self.problem))))
            .chain([it.end])
            .collect();
        let gap = |at: usize| {
            let distance = match (ends[at], ends[at + 1]) {
                (Some(from), Some(to)) if !places.is_empty() => {
                    i64::from(self.problem.matrix.leg(from, to).distance)
                }
                _ => 0,
            };
            let (room_before, room_after) = rooms[at];
            let (ready, due) = (ready[at], due[at]);
            Gap { from: ends[at], to: ends[at + 1], ready, due, distance, room_before, room_after }
        };
        let gaps = (0..=places.len()).map(gap).collect();
        let cost = route.map_or(0, |route| route.cost.total());
        Road { vehicle, places, gaps, cost, version, timed }
    }
}

/// For each gap, the room before and after it on its trip.
fn rooms(problem: &Problem, vehicle: VehicleId, places: &[Place]) -> Vec<(Load, Load)> {
    let scheduler = Scheduler::new(problem);
    let capacity = problem.vehicle(vehicle).capacity;
    let mut rooms = Vec::with_capacity(places.len() + 1);
    for trip in places.split(|place| place.stop().is_none()) {
        let mut loads = vec![scheduler.loaded_at_start(trip)];
        for stop in trip.iter().filter_map(Place::stop) {
            let load = loads[loads.len() - 1] + scheduler.taken_on(stop);
            loads.push(load);
        }
        let mut after = loads.clone();
        for at in (0..after.len() - 1).rev() {
            after[at] = after[at].max(after[at + 1]);
        }
        let mut before = Load::ZERO;
        for (load, after) in loads.iter().zip(after) {
            before = before.max(*load);
            rooms.push((capacity - before, capacity - after));
        }
    }
    rooms
}
