//! Whether a plan is what it says it is. Shares no code with the search and none with the evaluation of routes: it reads
//! the plan's times as claims and holds each against the problem.

use std::fmt;

use crate::plan::{Cost, Place, Plan, Route, Visit};
use crate::problem::{Leg, Load, Location, Problem, Serve, StopId, TimeWindow, Vehicle};

/// One thing in a plan that is not so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Holds a plan against the problem: every constraint, every time, every load, every part of the cost.
///
/// # Errors
/// Everything found wrong.
pub fn check(problem: &Problem, plan: &Plan) -> Result<(), Vec<Fault>> {
    let mut checker = Checker { problem, faults: Vec::new() };
    checker.membership(plan);
    if checker.faults.is_empty() {
        let mut sum = Cost::default();
        for route in &plan.routes {
            checker.route(route);
            let cost = &route.cost;
            sum.vehicles += cost.vehicles;
            sum.distance += cost.distance;
            sum.duration += cost.duration;
            sum.overtime += cost.overtime;
            sum.balance += cost.balance;
            sum.change += cost.change;
        }
        sum.unserved = plan.unserved.iter().map(|left| checker.price_of_leaving_out(left.stop)).sum();
        checker.equal("the plan's cost", &plan.cost, &sum);
    }
    if checker.faults.is_empty() { Ok(()) } else { Err(checker.faults) }
}

struct Checker<'p> {
    problem: &'p Problem,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn demand(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(Fault(fault()));
        }
    }

    fn equal<T: PartialEq + fmt::Debug>(&mut self, what: &str, claimed: &T, found: &T) {
        self.demand(claimed == found, || format!("{what} is {found:?}, claimed {claimed:?}"));
    }

    /// Every stop once, every vehicle at most once, and nothing that does not exist.
    fn membership(&mut self, plan: &Plan) {
        let mut seen = vec![0_u32; self.problem.stops().len()];
        let mut vehicles = vec![0_u32; self.problem.vehicles().len()];
        for route in &plan.routes {
            match vehicles.get_mut(route.vehicle.index()) {
                Some(times) => *times += 1,
                None => self.faults.push(Fault(format!("vehicle {} does not exist", route.vehicle.0))),
            }
            self.demand(!route.visits.is_empty(), || format!("vehicle {} calls nowhere", route.vehicle.0));
        }
        let visited = plan.routes.iter().flat_map(Route::stops);
        for stop in visited.chain(plan.unserved.iter().map(|left| left.stop)) {
            match seen.get_mut(stop.index()) {
                Some(times) => *times += 1,
                None => self.faults.push(Fault(format!("stop {} does not exist", stop.0))),
            }
        }
        for (stop, times) in seen.iter().enumerate().filter(|(_, times)| **times != 1) {
            self.faults.push(Fault(format!("stop {stop} is planned {times} times")));
        }
        for (vehicle, times) in vehicles.iter().enumerate().filter(|(_, times)| **times > 1) {
            self.faults.push(Fault(format!("vehicle {vehicle} has {times} routes")));
        }
        for (index, vehicle) in self.problem.vehicles().iter().enumerate() {
            let driven = plan.routes.iter().any(|route| route.vehicle.index() == index);
            let gone = vehicle.locked.iter().any(|stop| seen.get(stop.index()).copied() == Some(1));
            let excused =
                vehicle.locked.iter().all(|stop| plan.unserved.iter().any(|left| left.stop == *stop));
            self.demand(driven || !gone || excused, || {
                format!("the locked calls of vehicle {index} are not its own")
            });
        }
    }

    fn route(&mut self, route: &Route) {
        let vehicle = &self.problem.vehicles()[route.vehicle.index()];
        let name = format!("vehicle {:?}", vehicle.key);
        let locked: Vec<StopId> = route.stops().take(vehicle.locked.len()).collect();
        self.demand(locked == vehicle.locked, || format!("{name} does not begin with its locked calls"));
        for visit in &route.visits {
            self.admission(route, vehicle, visit);
        }
        self.pairs(&name, route);
        self.reloads(&name, vehicle, route);
        self.loads(&name, vehicle, route);
        self.times(&name, vehicle, route);
        self.costs(&name, vehicle, route);
    }

    fn admission(&mut self, route: &Route, vehicle: &Vehicle, visit: &Visit) {
        let Place::Stop(id) = visit.place else { return };
        let stop = &self.problem.stops()[id.index()];
        let able = (0..64).all(|bit| stop.skills >> bit & 1 <= vehicle.skills >> bit & 1);
        self.demand(able, || format!("vehicle {:?} lacks a skill for {:?}", vehicle.key, stop.key));
        let listed = stop.eligible.admits(route.vehicle);
        self.demand(listed, || format!("vehicle {:?} may not visit {:?}", vehicle.key, stop.key));
    }

    fn pairs(&mut self, name: &str, route: &Route) {
        let trips: Vec<&[Visit]> =
            route.visits.split(|visit| matches!(visit.place, Place::Reload(_))).collect();
        for trip in trips {
            let place = |stop| trip.iter().position(|visit| visit.place == Place::Stop(stop));
            for (at, visit) in trip.iter().enumerate() {
                let Place::Stop(stop) = visit.place else { continue };
                let Some((other, first)) = self.problem.partner(stop) else { continue };
                let fine = place(other).is_some_and(|other| if first { at < other } else { other < at });
                self.demand(fine, || format!("{name}: the pair of stop {} is torn", stop.0));
            }
        }
    }

    fn reloads(&mut self, name: &str, vehicle: &Vehicle, route: &Route) {
        let mut number = 0;
        for visit in &route.visits {
            if let Place::Reload(location) = visit.place {
                number += 1;
                self.demand(vehicle.reload_at.contains(&location), || format!("{name} may not reload there"));
            }
        }
        self.demand(number <= vehicle.max_reloads, || format!("{name} reloads {number} times"));
    }

    fn loads(&mut self, name: &str, vehicle: &Vehicle, route: &Route) {
        let stop_of = |visit: &Visit| match visit.place {
            Place::Stop(stop) => Some(stop),
            Place::Reload(_) => None,
        };
        let mut from = 0;
        for trip in route.visits.split(|visit| stop_of(visit).is_none()) {
            // Judged leg by leg: on board is what is still to be delivered, what was collected, what a pair carries.
            for leg in 0..=trip.len() {
                let (done, ahead) = trip.split_at(leg);
                let mut amounts = [0_i64; Load::DIMENSIONS];
                let mut count = |load: &Load, sign: i64| {
                    amounts.iter_mut().zip(load.amounts()).for_each(|(sum, amount)| *sum += sign * amount);
                };
                ahead.iter().filter_map(stop_of).for_each(|stop| {
                    count(&self.problem.stop(stop).delivery, 1);
                });
                for stop in done.iter().filter_map(stop_of) {
                    count(&self.problem.stop(stop).pickup, 1);
                    if let Some((first, false)) = self.problem.partner(stop) {
                        count(&self.problem.stop(first).pickup, -1);
                    }
                }
                let fits =
                    amounts.iter().zip(vehicle.capacity.amounts()).all(|(amount, room)| amount <= room);
                self.demand(fits, || format!("{name} carries {amounts:?} after call {}", from + leg));
                if let Some(visit) = done.last() {
                    self.equal(
                        &format!("{name}: the load after call {}", from + leg),
                        visit.load.amounts(),
                        &amounts,
                    );
                }
            }
            from += trip.len() + 1;
        }
    }

    fn leg(&self, from: Option<Location>, to: Option<Location>) -> Leg {
        match (from, to) {
            (Some(from), Some(to)) => self.problem.matrix().leg(from, to),
            _ => Leg::default(),
        }
    }

    fn place(&self, visit: &Visit) -> Location {
        match visit.place {
            Place::Stop(stop) => self.problem.stops()[stop.index()].location,
            Place::Reload(location) => location,
        }
    }

    fn times(&mut self, name: &str, vehicle: &Vehicle, route: &Route) {
        let (mut here, mut time, mut rested) = (vehicle.start, route.start, false);
        self.demand(time >= vehicle.shift.start, || format!("{name} starts before its shift"));
        self.released(name, &route.visits, route.start);
        for (at, visit) in route.visits.iter().enumerate() {
            let there = self.place(visit);
            let arrival = time + i64::from(self.leg(here, Some(there)).duration);
            self.equal(&format!("{name}: arrival at call {at}"), &visit.arrival, &arrival);
            let mut ready = arrival;
            if let (Some(break_at), Some(pause), false) = (route.break_at, vehicle.break_time, rested)
                && break_at >= arrival
                && visit.service_start >= break_at + pause.duration
            {
                rested = true;
                ready = break_at + pause.duration;
            }
            self.demand(visit.service_start >= ready, || {
                format!("{name}: call {at} is served before arrival")
            });
            self.demand(visit.slack >= 0, || format!("{name}: call {at} has negative slack"));
            let served_until = visit.service_start
                + match visit.place {
                    Place::Stop(stop) => self.problem.stops()[stop.index()].service,
                    Place::Reload(_) => vehicle.reload_service,
                };
            match visit.place {
                Place::Stop(stop) => {
                    self.in_a_window(stop, visit.service_start, ready);
                    self.equal(&format!("{name}: departure from call {at}"), &visit.departure, &served_until);
                }
                Place::Reload(_) => {
                    let fine = visit.departure >= served_until;
                    self.demand(fine, || format!("{name} leaves the reload at call {at} too early"));
                    self.released(name, &route.visits[at + 1..], visit.departure);
                }
            }
            here = Some(there);
            time = visit.departure;
        }
        self.finish(name, vehicle, route, here, time, rested);
    }

    fn finish(
        &mut self,
        name: &str,
        vehicle: &Vehicle,
        route: &Route,
        here: Option<Location>,
        left: i64,
        rested: bool,
    ) {
        let arrival = left + i64::from(self.leg(here, vehicle.end).duration);
        let mut end = arrival;
        let mut rested = rested;
        if let (Some(break_at), Some(pause), false) = (route.break_at, vehicle.break_time, rested)
            && break_at >= arrival
        {
            rested = true;
            end = break_at + pause.duration;
        }
        self.equal(&format!("{name}: its end"), &route.end, &end);
        self.demand(end <= vehicle.shift.end, || format!("{name} ends after its shift"));
        if let Some(pause) = vehicle.break_time {
            match route.break_at {
                Some(at) => {
                    let fine = rested && at >= pause.window.start && at <= pause.window.end;
                    self.demand(fine, || format!("{name} has no break at {at}"));
                }
                None => self.demand(end <= pause.window.end, || format!("{name} takes no break")),
            }
        }
    }

    /// A trip leaves when everything it brings is ready.
    fn released(&mut self, name: &str, ahead: &[Visit], departure: i64) {
        for visit in ahead.iter().take_while(|visit| matches!(visit.place, Place::Stop(_))) {
            let Place::Stop(stop) = visit.place else { continue };
            let release = self.problem.stops()[stop.index()].release;
            let ready = release.is_none_or(|release| release <= departure);
            self.demand(ready, || format!("{name} leaves before stop {} is ready", stop.0));
        }
    }

    fn in_a_window(&mut self, stop: StopId, start: i64, ready: i64) {
        let it = &self.problem.stops()[stop.index()];
        let inside = |window: &TimeWindow| window.start <= start && start <= window.end;
        // What is locked has been driven or begun: a window missed there is history.
        let history = self.problem.locked_on(stop).is_some() && start == ready;
        let fine = it.windows.is_empty() || it.windows.iter().any(inside) || history;
        self.demand(fine, || format!("stop {:?} is served at {start}, outside its windows", it.key));
    }

    fn costs(&mut self, name: &str, vehicle: &Vehicle, route: &Route) {
        let objective = self.problem.objective();
        let ends =
            [vehicle.start].into_iter().chain(route.visits.iter().map(|visit| Some(self.place(visit))));
        let places: Vec<Option<Location>> = ends.chain([vehicle.end]).collect();
        let legs = places.windows(2).map(|ends| self.leg(ends[0], ends[1]));
        let distance: i64 = legs.map(|leg| i64::from(leg.distance)).sum();
        let duration = route.end - route.start;
        let mut change = 0;
        for visit in &route.visits {
            let Place::Stop(stop) = visit.place else { continue };
            let Some(promise) = self.problem.promise(stop) else { continue };
            if promise.vehicle != route.vehicle {
                change += objective.moved;
            }
            let early = (i128::from(promise.arrival.start) - i128::from(visit.arrival)).max(0);
            let late = (i128::from(visit.arrival) - i128::from(promise.arrival.end)).max(0);
            change += objective.shifted * early.max(late).min(i128::from(crate::problem::LIMIT)) as i64;
        }
        let cost = Cost {
            unserved: 0,
            vehicles: vehicle.fixed_cost + objective.vehicle,
            distance: vehicle.distance_cost * distance,
            duration: vehicle.duration_cost * duration,
            overtime: vehicle.overtime.map_or(0, |over| over.cost * (duration - over.regular).max(0)),
            balance: objective.balance.cost(duration),
            change,
        };
        self.equal(&format!("{name}: its distance"), &route.distance, &distance);
        self.equal(&format!("{name}: its cost"), &route.cost, &cost);
        self.demand(vehicle.max_distance.is_none_or(|most| distance <= most), || {
            format!("{name} drives too far")
        });
        self.demand(vehicle.max_duration.is_none_or(|most| duration <= most), || {
            format!("{name} is out too long")
        });
    }

    fn price_of_leaving_out(&self, stop: StopId) -> i64 {
        match self.problem.stops()[stop.index()].serve {
            Serve::Prize(prize) => prize,
            Serve::Required { .. } => self.problem.cost_of_leaving_out(stop),
        }
    }
}
