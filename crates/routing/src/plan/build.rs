//! From routes as lists of calls to a plan with times, loads, slack and costs.

use super::explain::explain;
use super::{Cost, Place, Plan, Route, Scheduler, Visit};
use crate::error::PlanError;
use crate::problem::{Problem, VehicleId};

/// Evaluates the routes and explains what they leave out. Empty routes are dropped, except for locked ones.
pub(crate) fn assemble(problem: &Problem, routes: &[(VehicleId, Vec<Place>)]) -> Result<Plan, PlanError> {
    check_names(problem, routes)?;
    let mut scheduler = Scheduler::new(problem);
    let mut plan = Plan { routes: Vec::new(), unserved: Vec::new(), cost: Cost::default() };
    for (vehicle, places) in routes.iter().filter(|(_, places)| !places.is_empty()) {
        plan.routes.push(route(&mut scheduler, problem, *vehicle, places)?);
    }
    plan.routes.sort_by_key(|route| route.vehicle);
    let mut served = vec![false; problem.stops.len()];
    for route in &plan.routes {
        plan.cost.add(&route.cost);
        route.stops().for_each(|stop| served[stop.index()] = true);
    }
    let stops = (0..problem.stops.len() as u32).map(crate::StopId);
    let left_out: Vec<_> = stops.filter(|stop| !served[stop.index()]).collect();
    for &stop in &left_out {
        plan.cost.unserved += problem.cost_of_leaving_out(stop);
        let reason = explain(problem, &mut scheduler, &plan.routes, stop, left_out.len());
        plan.unserved.push(reason);
    }
    Ok(plan)
}

/// One route by itself.
pub(crate) fn assemble_route(
    problem: &Problem,
    vehicle: VehicleId,
    places: &[Place],
) -> Result<Route, PlanError> {
    route(&mut Scheduler::new(problem), problem, vehicle, places)
}

/// One route with all its figures.
fn route(
    scheduler: &mut Scheduler<'_>,
    problem: &Problem,
    vehicle: VehicleId,
    places: &[Place],
) -> Result<Route, PlanError> {
    let timing = scheduler
        .evaluate(vehicle, places)
        .map_err(|violation| PlanError::Infeasible { vehicle: vehicle.0, why: violation.constraint })?;
    let it = &problem.vehicles[vehicle.index()];
    let times = scheduler.times(it, &timing);
    let latest = scheduler.latest_arrivals(it, &timing);
    let mut visits = Vec::with_capacity(places.len());
    let mut load = scheduler.loaded_at_start(trip(places));
    for (at, place) in places.iter().enumerate() {
        match place {
            Place::Stop(stop) => load += scheduler.taken_on(*stop),
            Place::Reload(_) => load = scheduler.loaded_at_start(trip(&places[at + 1..])),
        }
        let (arrival, service_start, departure) = times[at];
        let slack = latest[at].saturating_sub(arrival).max(0);
        visits.push(Visit { place: *place, arrival, service_start, departure, load, slack });
    }
    let break_at = timing.break_at.zip(it.break_time).map(|(at, pause)| times[at].0.max(pause.window.start));
    Ok(Route {
        vehicle,
        start: timing.start,
        end: timing.end,
        visits,
        break_at,
        distance: timing.distance,
        cost: timing.cost,
    })
}

/// The calls up to the next reload.
fn trip(places: &[Place]) -> &[Place] {
    let end = places.iter().position(|place| place.stop().is_none()).unwrap_or(places.len());
    &places[..end]
}

fn check_names(problem: &Problem, routes: &[(VehicleId, Vec<Place>)]) -> Result<(), PlanError> {
    let mut used = vec![false; problem.vehicles.len()];
    let mut visited = vec![false; problem.stops.len()];
    for (vehicle, places) in routes {
        let place = used.get_mut(vehicle.index()).ok_or(PlanError::UnknownVehicle(vehicle.0))?;
        if std::mem::replace(place, true) {
            return Err(PlanError::Twice(format!("vehicle {}", vehicle.0)));
        }
        for stop in places.iter().filter_map(Place::stop) {
            let place = visited.get_mut(stop.index()).ok_or(PlanError::UnknownStop(stop.0))?;
            if std::mem::replace(place, true) {
                return Err(PlanError::Twice(format!("stop {}", stop.0)));
            }
        }
    }
    Ok(())
}
