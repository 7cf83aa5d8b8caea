//! One route evaluated from scratch, exactly: the only place that knows all constraints and prices.
//!
//! Times are judged in two steps. Going forward at the earliest possible moment says whether the route is possible at
//! all, whatever the number of windows per stop, since being earlier never hurts. When to leave is then chosen: going
//! backward from the earliest end gives the latest start that still reaches it. With one window per stop that is the
//! shortest duration there is (Savelsbergh 1992, forward time slack). With several it need not be, and each moment
//! at which some visit would begin exactly at the edge of a window is tried.

use super::run::{Call, Run, Violation, outside};
use super::{Constraint, Cost, Place};
use crate::problem::{Load, Location, Problem, Stop, StopId, Vehicle, VehicleId};

/// Works out routes, with room for intermediate results that is used again and again.
pub(crate) struct Scheduler<'p> {
    problem: &'p Problem,
    calls: Vec<Call<'p>>,
}

/// A route found possible, and when it runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) distance: i64,
    /// Call on arrival at which the break is taken.
    pub(crate) break_at: Option<usize>,
    pub(crate) cost: Cost,
}

impl<'p> Scheduler<'p> {
    pub(crate) fn new(problem: &'p Problem) -> Self {
        Self { problem, calls: Vec::new() }
    }

    /// Whether the vehicle can make these calls in this order, when, and at what cost.
    pub(crate) fn evaluate(&mut self, vehicle: VehicleId, places: &[Place]) -> Result<Timing, Violation> {
        let it = &self.problem.vehicles[vehicle.index()];
        if places.is_empty() {
            let start = it.shift.start;
            return Ok(Timing { start, end: start, distance: 0, break_at: None, cost: Cost::default() });
        }
        self.check_order(vehicle, it, places)?;
        self.check_loads(it, places)?;
        let distance = self.lay_out(it, places)?;
        let release = self.release_of(places);
        self.choose_times(vehicle, it, places, distance, release)
    }

    /// As `evaluate`, with a stop put in that the problem does not have. Room, skills and lists are the caller's to check.
    pub(crate) fn evaluate_with(
        &mut self,
        vehicle: VehicleId,
        places: &[Place],
        stop: &Stop,
        position: usize,
    ) -> Result<Timing, Violation> {
        let problem = self.problem;
        let it = &problem.vehicles[vehicle.index()];
        let mut distance = self.lay_out(it, places)?;
        let location = |place: Option<&Place>, end| place.map_or(end, |place| Some(place.location(problem)));
        let before = position.checked_sub(1).map(|at| &places[at]);
        let (from, to) = (location(before, it.start), location(places.get(position), it.end));
        let here = Some(stop.location);
        let [straight, coming, going] = [(from, to), (from, here), (here, to)].map(|ends| match ends {
            (Some(from), Some(to)) => problem.matrix.leg(from, to),
            _ => crate::Leg::default(),
        });
        distance += i64::from(coming.distance) + i64::from(going.distance) - i64::from(straight.distance);
        if let Some(most) = it.max_distance.filter(|most| distance > *most) {
            return Err(Violation::new(Constraint::MaxDistance, distance - most));
        }
        let drive = i64::from(going.duration);
        if drive.max(i64::from(coming.duration)) >= crate::Matrix::UNREACHABLE {
            return Err(Violation::new(Constraint::Unreachable, i64::MAX));
        }
        self.calls[position].drive = drive;
        let mut release = self.release_of(places);
        if let Some(own) = stop.release {
            let trip = places[..position].iter().rposition(|place| place.stop().is_none());
            match trip {
                Some(reload) => self.calls[reload].release = self.calls[reload].release.max(own),
                None => release = release.max(own),
            }
        }
        // The stop lives shorter than the problem: its window is taken over, not referred to.
        let window = stop.windows.first().copied();
        let call = Call {
            drive: i64::from(coming.duration),
            service: stop.service,
            windows: &[],
            only: window,
            lenient: false,
            release: i64::MIN,
            promised: None,
        };
        self.calls.insert(position, call);
        self.choose_times(vehicle, it, places, distance, release)
    }

    /// Skills, lists, pairs, reloads, and the locked prefix.
    fn check_order(&self, id: VehicleId, vehicle: &Vehicle, places: &[Place]) -> Result<(), Violation> {
        let refuse = |constraint| Err(Violation::new(constraint, i64::MAX));
        let mut stops = places.iter().filter_map(Place::stop);
        if !vehicle.locked.iter().all(|&locked| stops.next() == Some(locked)) {
            return refuse(Constraint::LockedPrefix);
        }
        let mut reloads = 0;
        for (at, place) in places.iter().enumerate() {
            let stop = match place {
                Place::Stop(stop) => *stop,
                Place::Reload(location) => {
                    reloads += 1;
                    if reloads > vehicle.max_reloads || !vehicle.reload_at.contains(location) {
                        return refuse(Constraint::Reload);
                    }
                    continue;
                }
            };
            if !self.problem.may_visit(id, stop) {
                let able = self.problem.stops[stop.index()].skills & !vehicle.skills == 0;
                return refuse(if able { Constraint::Eligibility } else { Constraint::Skills });
            }
            if let Some(pair) = self.problem.pairs[stop.index()] {
                let rest = if pair.first { &places[at..] } else { &places[..at] };
                let mut same_trip = Place::same_trip(rest, pair.first);
                if !same_trip.any(|place| *place == Place::Stop(pair.other)) {
                    return refuse(Constraint::PairOrder);
                }
            }
        }
        Ok(())
    }

    /// What is on board on each leg of each trip.
    fn check_loads(&self, vehicle: &Vehicle, places: &[Place]) -> Result<(), Violation> {
        for trip in places.split(|place| place.stop().is_none()) {
            let mut load = self.loaded_at_start(trip);
            over(&load, vehicle)?;
            for stop in trip.iter().filter_map(Place::stop) {
                load += self.taken_on(stop);
                over(&load, vehicle)?;
            }
        }
        Ok(())
    }

    /// What a trip carries when it leaves the depot.
    pub(crate) fn loaded_at_start(&self, trip: &[Place]) -> Load {
        let mut load = Load::ZERO;
        for stop in trip.iter().filter_map(Place::stop) {
            load += self.problem.stops[stop.index()].delivery;
        }
        load
    }

    /// By how much the load on board grows at a stop.
    pub(crate) fn taken_on(&self, stop: StopId) -> Load {
        let it = &self.problem.stops[stop.index()];
        let handed_over = match self.problem.pairs[stop.index()] {
            Some(pair) if !pair.first => self.problem.stops[pair.other.index()].pickup,
            _ => Load::ZERO,
        };
        it.pickup - it.delivery - handed_over
    }

    /// Fills `calls`; answers the distance.
    fn lay_out(&mut self, vehicle: &Vehicle, places: &[Place]) -> Result<i64, Violation> {
        let problem = self.problem;
        self.calls.clear();
        let mut distance = 0;
        let mut here = vehicle.start;
        let ends = places.iter().map(Some).chain([None]);
        for (at, place) in ends.enumerate() {
            let there = match place {
                Some(place) => Some(place.location(problem)),
                None => vehicle.end,
            };
            let drive = match (here, there) {
                (Some(from), Some(to)) => {
                    let leg = problem.matrix.leg(from, to);
                    distance += i64::from(leg.distance);
                    i64::from(leg.duration)
                }
                _ => 0,
            };
            if drive >= crate::Matrix::UNREACHABLE {
                return Err(Violation::new(Constraint::Unreachable, i64::MAX));
            }
            here = there;
            self.calls.push(self.call(vehicle, place, at, drive, places));
        }
        match vehicle.max_distance {
            Some(most) if distance > most => Err(Violation::new(Constraint::MaxDistance, distance - most)),
            _ => Ok(distance),
        }
    }

    fn call(
        &self,
        vehicle: &Vehicle,
        place: Option<&Place>,
        at: usize,
        drive: i64,
        places: &[Place],
    ) -> Call<'p> {
        let release = i64::MIN;
        let plain =
            Call { drive, service: 0, windows: &[], only: None, lenient: false, release, promised: None };
        match place {
            Some(Place::Stop(stop)) => {
                let it = &self.problem.stops[stop.index()];
                Call {
                    service: it.service,
                    windows: &it.windows,
                    lenient: self.problem.locked[stop.index()].is_some(),
                    promised: self.problem.promises[stop.index()].map(|promise| promise.arrival),
                    ..plain
                }
            }
            Some(Place::Reload(_)) => {
                let release = self.release_of(&places[at + 1..]);
                Call { service: vehicle.reload_service, release, ..plain }
            }
            None => plain,
        }
    }

    /// When everything is ready that the trip at the start of `places` brings.
    pub(crate) fn release_of(&self, places: &[Place]) -> i64 {
        let stops = places.iter().map_while(Place::stop);
        let releases = stops.filter_map(|stop| self.problem.stops[stop.index()].release);
        releases.max().unwrap_or(i64::MIN)
    }

    /// The cheapest moment to leave, and call to take the break at.
    fn choose_times(
        &self,
        id: VehicleId,
        vehicle: &Vehicle,
        places: &[Place],
        distance: i64,
        release: i64,
    ) -> Result<Timing, Violation> {
        let earliest = vehicle.shift.start.max(release);
        let mut best: Option<Timing> = None;
        let mut why = None;
        let fixed = self.fixed_cost(id, vehicle, places, distance);
        for break_at in self.break_choices(vehicle) {
            let run = Run { calls: &self.calls, vehicle, break_at };
            let end = match run.forward(earliest) {
                Ok(end) => end,
                Err(violation) => {
                    nearer(&mut why, violation);
                    continue;
                }
            };
            run.each_start(earliest, end, self.starts_matter(), |start, end| {
                match self.price(vehicle, &run, start, end, fixed) {
                    Ok(cost) => {
                        let cheaper = best.as_ref().is_none_or(|best| cost.total() < best.cost.total());
                        if cheaper {
                            best = Some(Timing { start, end, distance, break_at, cost });
                        }
                    }
                    Err(violation) => nearer(&mut why, violation),
                }
            });
        }
        best.ok_or_else(|| why.unwrap_or(Violation::new(Constraint::Break, i64::MAX)))
    }

    /// No break first; then on arrival at each call.
    fn break_choices(&self, vehicle: &Vehicle) -> impl Iterator<Item = Option<usize>> + use<> {
        let calls = if vehicle.break_time.is_some() { self.calls.len() } else { 0 };
        [None].into_iter().chain((0..calls).map(Some))
    }

    /// Whether other starts than the latest that reaches the earliest end may be cheaper.
    fn starts_matter(&self) -> bool {
        let promises = self.problem.objective.shifted > 0;
        self.calls.iter().any(|call| call.windows().len() > 1 || (promises && call.promised.is_some()))
    }

    /// What does not depend on when the route runs.
    fn fixed_cost(&self, id: VehicleId, vehicle: &Vehicle, places: &[Place], distance: i64) -> Cost {
        let moved = places
            .iter()
            .filter_map(Place::stop)
            .filter(|stop| self.problem.promises[stop.index()].is_some_and(|promise| promise.vehicle != id));
        Cost {
            vehicles: vehicle.fixed_cost + self.problem.objective.vehicle,
            distance: vehicle.distance_cost * distance,
            change: self.problem.objective.moved * moved.count() as i64,
            ..Cost::default()
        }
    }

    /// The whole price of running from `start` to `end`.
    fn price(
        &self,
        vehicle: &Vehicle,
        run: &Run<'_, 'p>,
        start: i64,
        end: i64,
        fixed: Cost,
    ) -> Result<Cost, Violation> {
        let duration = end - start;
        if let Some(most) = vehicle.max_duration.filter(|most| duration > *most) {
            return Err(Violation::new(Constraint::MaxDuration, duration - most));
        }
        let mut cost = fixed;
        cost.duration = vehicle.duration_cost * duration;
        if let Some(overtime) = vehicle.overtime {
            cost.overtime = overtime.cost * (duration - overtime.regular).max(0);
        }
        cost.balance = self.problem.objective.balance.cost(duration);
        if self.problem.objective.shifted > 0 {
            let mut late = 0;
            run.visit(start, |call, arrival, _, _| {
                if let Some(promised) = call.promised {
                    late += outside(arrival, promised);
                }
            });
            cost.change += self.problem.objective.shifted * late;
        }
        Ok(cost)
    }

    /// The times of each call of the route last evaluated: arrival, start of service, departure.
    pub(crate) fn times(&self, vehicle: &Vehicle, timing: &Timing) -> Vec<(i64, i64, i64)> {
        let mut times = Vec::with_capacity(self.calls.len());
        Run { calls: &self.calls, vehicle, break_at: timing.break_at }
            .visit(timing.start, |_, arrival, start, departure| times.push((arrival, start, departure)));
        times
    }

    /// The latest arrival at each call of the route last evaluated with which the rest is still in time.
    pub(crate) fn latest_arrivals(&self, vehicle: &Vehicle, timing: &Timing) -> Vec<i64> {
        let by = vehicle.max_duration.map_or(i64::MAX, |most| timing.start + most);
        self.latest(vehicle, timing, by.min(vehicle.shift.end))
    }

    /// The same for an end reached by `by`.
    fn latest(&self, vehicle: &Vehicle, timing: &Timing, by: i64) -> Vec<i64> {
        let run = Run { calls: &self.calls, vehicle, break_at: timing.break_at };
        let mut latest = vec![0; self.calls.len()];
        let mut by = by;
        if let Some(pause) = vehicle.break_time.filter(|_| timing.break_at.is_none()) {
            // Without the break the route must be over before the break is due.
            by = by.min(pause.window.end);
        }
        for (at, call) in self.calls.iter().enumerate().rev() {
            by = run.latest_arrival(at, call, by).unwrap_or(i64::MIN / 2);
            latest[at] = by;
            by -= call.drive;
        }
        latest
    }
}

/// The earliest departure from the start and from each call of a route that is possible.
pub(crate) fn earliest_departures(problem: &Problem, vehicle: VehicleId, places: &[Place]) -> Vec<i64> {
    let it = &problem.vehicles[vehicle.index()];
    let mut scheduler = Scheduler::new(problem);
    let start = it.shift.start.max(scheduler.release_of(places));
    let mut departures = vec![start];
    if !places.is_empty()
        && let Ok(timing) = scheduler.evaluate(vehicle, places)
    {
        let earliest = Timing { start, ..timing };
        let times = scheduler.times(it, &earliest);
        departures.extend(times[..places.len()].iter().map(|(.., departure)| *departure));
    }
    departures
}

/// The latest arrival at each call and at the end of a route that is possible, whatever its start.
pub(crate) fn latest_arrivals(problem: &Problem, vehicle: VehicleId, places: &[Place]) -> Vec<i64> {
    let it = &problem.vehicles[vehicle.index()];
    let mut scheduler = Scheduler::new(problem);
    match scheduler.evaluate(vehicle, places) {
        Ok(timing) if !places.is_empty() => scheduler.latest(it, &timing, it.shift.end),
        _ => vec![it.shift.end],
    }
}

impl Place {
    /// The stop, if it is one.
    #[must_use]
    pub fn stop(&self) -> Option<StopId> {
        match self {
            Self::Stop(stop) => Some(*stop),
            Self::Reload(_) => None,
        }
    }

    pub(crate) fn location(&self, problem: &Problem) -> Location {
        match self {
            Self::Stop(stop) => problem.stops[stop.index()].location,
            Self::Reload(location) => *location,
        }
    }

    /// The calls of the trip that goes on from the start (or back from the end) of `places`.
    fn same_trip(places: &[Self], onward: bool) -> impl Iterator<Item = &Self> {
        let len = places.len();
        let pick = move |at: usize| &places[if onward { at } else { len - 1 - at }];
        (0..len).map(pick).take_while(|place| place.stop().is_some())
    }
}

fn over(load: &Load, vehicle: &Vehicle) -> Result<(), Violation> {
    let amounts = load.amounts().iter().zip(vehicle.capacity.amounts()).enumerate();
    match amounts
        .map(|(dimension, (amount, room))| (dimension as u8, amount - room))
        .max_by_key(|over| over.1)
    {
        Some((dimension, missing)) if missing > 0 => {
            Err(Violation::new(Constraint::Capacity { dimension }, missing))
        }
        _ => Ok(()),
    }
}

/// Keeps the violation by which less is missing.
fn nearer(kept: &mut Option<Violation>, other: Violation) {
    if kept.as_ref().is_none_or(|kept| other.missing < kept.missing) {
        *kept = Some(other);
    }
}
