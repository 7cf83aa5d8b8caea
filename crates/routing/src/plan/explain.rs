//! Why a stop is left out: the place where least was missing, and what was missing there.

use super::run::Violation;
use super::{Constraint, NearMiss, Place, Route, Scheduler, Unserved};
use crate::problem::{Problem, Serve, StopId, VehicleId};

/// Only so many routes that come near a stop are tried, fewer where many stops are left out: explaining hundreds of them
/// must stay a matter of moments.
const ROUTES_TRIED: usize = 24;
const ROUTES_TRIED_IN_ALL: usize = 800;

/// Tries the stop everywhere (a pair: the half alone, which says as much) and keeps the nearest miss.
pub(super) fn explain(
    problem: &Problem,
    scheduler: &mut Scheduler<'_>,
    routes: &[Route],
    stop: StopId,
    left_out: usize,
) -> Unserved {
    let mut nearest = Unserved { stop, reason: excluded(problem, stop), nearest: None };
    if nearest.reason != Constraint::NotFound {
        return nearest;
    }
    let tried = (ROUTES_TRIED_IN_ALL / left_out.max(1)).clamp(2, ROUTES_TRIED);
    for (vehicle, places) in candidates(problem, routes, stop, tried) {
        let base = scheduler.evaluate(vehicle, &places).map(|timing| timing.cost.total());
        let base = base.unwrap_or(0);
        for position in 0..=places.len() {
            let mut with = places.clone();
            with.insert(position, Place::Stop(stop));
            let (constraint, missing) = match scheduler.evaluate(vehicle, &with) {
                Ok(timing) => verdict(problem, stop, timing.cost.total() - base),
                Err(Violation { constraint: Constraint::PairOrder, .. }) => (Constraint::NotFound, i64::MAX),
                Err(violation) => (violation.constraint, violation.missing),
            };
            if nearest.nearest.is_none_or(|kept| missing < kept.missing) {
                nearest.reason = constraint;
                nearest.nearest = Some(NearMiss { vehicle, position: position as u32, missing });
            }
        }
    }
    nearest
}

/// It fits: then either it is too dear, or the search has overlooked it.
fn verdict(problem: &Problem, stop: StopId, cost: i64) -> (Constraint, i64) {
    let worth = problem.cost_of_leaving_out(stop);
    match problem.stops[stop.index()].serve {
        Serve::Prize(_) if cost >= worth => (Constraint::NotWorthIt, cost - worth),
        _ => (Constraint::NotFound, 0),
    }
}

/// What rules out every vehicle at once; `NotFound` if nothing does.
fn excluded(problem: &Problem, stop: StopId) -> Constraint {
    let it = &problem.stops[stop.index()];
    let vehicles = || (0..problem.vehicles.len() as u32).map(VehicleId);
    if problem.vehicles.is_empty() {
        Constraint::NoVehicle
    } else if vehicles().all(|vehicle| it.skills & !problem.vehicles[vehicle.index()].skills != 0) {
        Constraint::Skills
    } else if !vehicles().any(|vehicle| problem.may_visit(vehicle, stop)) {
        Constraint::Eligibility
    } else {
        Constraint::NotFound
    }
}

/// The routes that may take the stop, nearest first, and one unused vehicle of each make.
fn candidates(
    problem: &Problem,
    routes: &[Route],
    stop: StopId,
    tried: usize,
) -> Vec<(VehicleId, Vec<Place>)> {
    let here = problem.stops[stop.index()].location;
    let mut used = vec![false; problem.vehicles.len()];
    let mut near: Vec<(i32, &Route)> = Vec::new();
    for route in routes {
        used[route.vehicle.index()] = true;
        if problem.may_visit(route.vehicle, stop) {
            let legs =
                route.visits.iter().map(|visit| problem.matrix.leg(visit.place.location(problem), here));
            near.push((legs.map(|leg| leg.duration).min().unwrap_or(0), route));
        }
    }
    near.sort_by_key(|(duration, _)| *duration);
    let places = |route: &Route| route.visits.iter().map(|visit| visit.place).collect();
    let mut candidates: Vec<_> =
        near.iter().take(tried).map(|(_, route)| (route.vehicle, places(route))).collect();
    let mut makes: Vec<VehicleId> = Vec::new();
    for vehicle in (0..problem.vehicles.len() as u32).map(VehicleId) {
        let known = |make: &VehicleId| same_make(problem, *make, vehicle);
        if !used[vehicle.index()] && problem.may_visit(vehicle, stop) && !makes.iter().any(known) {
            makes.push(vehicle);
            if makes.len() >= tried {
                break;
            }
        }
    }
    candidates.extend(makes.into_iter().map(|vehicle| {
        (vehicle, problem.vehicles[vehicle.index()].locked.iter().map(|stop| Place::Stop(*stop)).collect())
    }));
    candidates
}

/// Whether two vehicles differ in name only.
fn same_make(problem: &Problem, one: VehicleId, other: VehicleId) -> bool {
    let (one, other) = (&problem.vehicles[one.index()], &problem.vehicles[other.index()]);
    one.start == other.start
        && one.end == other.end
        && one.shift == other.shift
        && one.capacity == other.capacity
}
