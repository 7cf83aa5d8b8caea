//! Puts a problem together and refuses what is none.

use std::collections::HashSet;

use super::{
    COST_LIMIT, Eligible, LIMIT, Load, Location, Matrix, Objective, Pair, Problem, Promise, Serve, Stop,
    StopId, TimeWindow, UNIT_COST_LIMIT, Vehicle, VehicleId,
};
use crate::error::ProblemError;

/// Collects stops and vehicles; [`build`](ProblemBuilder::build) checks the whole.
#[derive(Debug, Clone)]
pub struct ProblemBuilder {
    matrix: Matrix,
    stops: Vec<Stop>,
    vehicles: Vec<Vehicle>,
    objective: Objective,
    pairs: Vec<(StopId, StopId)>,
    promises: Vec<(StopId, Promise)>,
}

impl ProblemBuilder {
    pub(super) fn new(matrix: Matrix) -> Self {
        Self {
            matrix,
            stops: Vec::new(),
            vehicles: Vec::new(),
            objective: Objective::default(),
            pairs: Vec::new(),
            promises: Vec::new(),
        }
    }

    /// Adds a stop.
    pub fn stop(&mut self, stop: Stop) -> StopId {
        self.stops.push(stop);
        StopId(self.stops.len() as u32 - 1)
    }

    /// Adds a vehicle.
    pub fn vehicle(&mut self, vehicle: Vehicle) -> VehicleId {
        self.vehicles.push(vehicle);
        VehicleId(self.vehicles.len() as u32 - 1)
    }

    /// Ties two stops: one vehicle visits `first`, takes its `pickup` on, and hands it over at `second`, in one trip.
    pub fn pair(&mut self, first: StopId, second: StopId) -> &mut Self {
        self.pairs.push((first, second));
        self
    }

    /// Says what the published plan promised of a stop.
    pub fn promise(&mut self, stop: StopId, promise: Promise) -> &mut Self {
        self.promises.push((stop, promise));
        self
    }

    /// Says what counts as good.
    pub fn objective(&mut self, objective: Objective) -> &mut Self {
        self.objective = objective;
        self
    }

    /// The problem, if it is one.
    ///
    /// # Errors
    /// Any [`ProblemError`]: the first thing found wrong.
    pub fn build(mut self) -> Result<Problem, ProblemError> {
        self.check_keys()?;
        self.check_objective()?;
        self.stops.iter_mut().for_each(|stop| stop.windows = merged(std::mem::take(&mut stop.windows)));
        self.stops.iter().try_for_each(|stop| self.check_stop(stop))?;
        self.vehicles.iter().try_for_each(|vehicle| self.check_vehicle(vehicle))?;
        self.check_horizon()?;
        let pairs = self.tie_pairs()?;
        let locked = self.lock_prefixes()?;
        let promises = self.place_promises()?;
        let Self { matrix, stops, vehicles, objective, .. } = self;
        Ok(Problem { stops, vehicles, matrix, objective, pairs, promises, locked })
    }

    fn check_keys(&self) -> Result<(), ProblemError> {
        let mut seen = HashSet::new();
        if let Some(twice) = self.stops.iter().find(|stop| !seen.insert(stop.key.as_str())) {
            return Err(ProblemError::DuplicateKey(twice.key.clone()));
        }
        seen.clear();
        match self.vehicles.iter().find(|vehicle| !seen.insert(vehicle.key.as_str())) {
            Some(twice) => Err(ProblemError::DuplicateKey(twice.key.clone())),
            None => Ok(()),
        }
    }

    fn check_objective(&self) -> Result<(), ProblemError> {
        let Objective { unserved, vehicle, balance, moved, shifted } = self.objective;
        if ![unserved, vehicle, balance.weight, moved].into_iter().all(is_cost)
            || !(0..UNIT_COST_LIMIT).contains(&shifted)
            || balance.unit < 1
        {
            return Err(out_of_range("a price of the objective"));
        }
        Ok(())
    }

    fn check_stop(&self, stop: &Stop) -> Result<(), ProblemError> {
        self.check_location(&stop.key, stop.location)?;
        if !is_amount(stop.service) || !is_load(&stop.delivery) || !is_load(&stop.pickup) {
            return Err(out_of_range(&format!("service or load of {:?}", stop.key)));
        }
        if let Serve::Prize(prize) = stop.serve
            && !is_cost(prize)
        {
            return Err(out_of_range(&format!("the prize of {:?}", stop.key)));
        }
        if stop.windows.iter().any(|window| window.end < window.start) {
            return Err(ProblemError::InvertedWindow { whose: stop.key.clone() });
        }
        let (Eligible::Only(named) | Eligible::Not(named)) = &stop.eligible else { return Ok(()) };
        match named.iter().find(|vehicle| vehicle.index() >= self.vehicles.len()) {
            Some(unknown) => Err(ProblemError::UnknownReference {
                whose: stop.key.clone(),
                what: format!("vehicle {}", unknown.0),
            }),
            None => Ok(()),
        }
    }

    fn check_vehicle(&self, vehicle: &Vehicle) -> Result<(), ProblemError> {
        let ends = [vehicle.start, vehicle.end];
        for location in ends.iter().flatten().chain(&vehicle.reload_at) {
            self.check_location(&vehicle.key, *location)?;
        }
        let pause = vehicle.break_time.map(|pause| pause.window);
        if [Some(vehicle.shift), pause].into_iter().flatten().any(|window| window.end < window.start) {
            return Err(ProblemError::InvertedWindow { whose: vehicle.key.clone() });
        }
        let mut unit_costs = vec![vehicle.distance_cost, vehicle.duration_cost];
        unit_costs.extend(vehicle.overtime.map(|overtime| overtime.cost));
        let mut amounts = vec![vehicle.reload_service];
        amounts.extend(vehicle.overtime.map(|overtime| overtime.regular));
        amounts.extend(vehicle.break_time.map(|pause| pause.duration));
        let limits = [vehicle.max_distance, vehicle.max_duration];
        if !is_cost(vehicle.fixed_cost)
            || !unit_costs.iter().all(|cost| (0..UNIT_COST_LIMIT).contains(cost))
            || !amounts.iter().all(|&amount| is_amount(amount))
            || limits.iter().flatten().any(|&limit| limit < 0)
            || vehicle.capacity.amounts().iter().any(|&amount| amount < 0)
        {
            return Err(out_of_range(&format!("a cost, limit or capacity of {:?}", vehicle.key)));
        }
        Ok(())
    }

    /// All shifts, counted from the first start, must end before [`LIMIT`].
    fn check_horizon(&self) -> Result<(), ProblemError> {
        let (Some(start), Some(end)) = (
            self.vehicles.iter().map(|vehicle| vehicle.shift.start).min(),
            self.vehicles.iter().map(|vehicle| vehicle.shift.end).max(),
        ) else {
            return Ok(());
        };
        let bounded = (-COST_LIMIT..COST_LIMIT).contains(&start);
        if !bounded || end.checked_sub(start).is_none_or(|horizon| horizon >= LIMIT) {
            return Err(out_of_range("the time from the first shift's start to the last one's end"));
        }
        Ok(())
    }

    fn check_location(&self, whose: &str, location: Location) -> Result<(), ProblemError> {
        if location.index() < self.matrix.size() {
            return Ok(());
        }
        Err(ProblemError::UnknownLocation {
            whose: whose.to_owned(),
            location: location.0,
            size: self.matrix.size(),
        })
    }

    fn tie_pairs(&self) -> Result<Vec<Option<Pair>>, ProblemError> {
        let mut pairs = vec![None; self.stops.len()];
        for &(first, second) in &self.pairs {
            for (stop, other, first) in [(first, second, true), (second, first, false)] {
                let place = pairs.get_mut(stop.index()).ok_or_else(|| ProblemError::UnknownReference {
                    whose: "a pair".into(),
                    what: format!("stop {}", stop.0),
                })?;
                if place.replace(Pair { other, first }).is_some() {
                    return Err(ProblemError::TiedTwice(self.stops[stop.index()].key.clone()));
                }
            }
        }
        Ok(pairs)
    }

    fn lock_prefixes(&self) -> Result<Vec<Option<VehicleId>>, ProblemError> {
        let mut locked = vec![None; self.stops.len()];
        for (index, vehicle) in self.vehicles.iter().enumerate() {
            for stop in &vehicle.locked {
                let place = locked.get_mut(stop.index()).ok_or_else(|| ProblemError::UnknownReference {
                    whose: vehicle.key.clone(),
                    what: format!("stop {}", stop.0),
                })?;
                if place.replace(VehicleId(index as u32)).is_some() {
                    return Err(ProblemError::TiedTwice(self.stops[stop.index()].key.clone()));
                }
            }
        }
        Ok(locked)
    }

    fn place_promises(&self) -> Result<Vec<Option<Promise>>, ProblemError> {
        let mut promises = vec![None; self.stops.len()];
        for (stop, promise) in &self.promises {
            let known = promise.vehicle.index() < self.vehicles.len();
            let Some(place) = promises.get_mut(stop.index()).filter(|_| known) else {
                return Err(ProblemError::UnknownReference {
                    whose: "the published plan".into(),
                    what: format!("stop {} or vehicle {}", stop.0, promise.vehicle.0),
                });
            };
            if promise.arrival.end < promise.arrival.start {
                return Err(ProblemError::InvertedWindow { whose: self.stops[stop.index()].key.clone() });
            }
            *place = Some(*promise);
        }
        Ok(promises)
    }
}

/// Sorted by start, overlapping and touching windows made one. An inverted window is kept as it is, for the check.
fn merged(mut windows: Vec<TimeWindow>) -> Vec<TimeWindow> {
    if windows.iter().any(|window| window.end < window.start) {
        return windows;
    }
    windows.sort_unstable();
    let mut merged: Vec<TimeWindow> = Vec::with_capacity(windows.len());
    for window in windows {
        match merged.last_mut() {
            Some(last) if window.start <= last.end.saturating_add(1) => last.end = last.end.max(window.end),
            _ => merged.push(window),
        }
    }
    merged
}

fn is_cost(value: i64) -> bool {
    (0..COST_LIMIT).contains(&value)
}

fn is_amount(value: i64) -> bool {
    (0..LIMIT).contains(&value)
}

fn is_load(load: &Load) -> bool {
    load.amounts().iter().all(|&amount| is_amount(amount))
}

fn out_of_range(what: &str) -> ProblemError {
    ProblemError::OutOfRange { what: what.to_owned() }
}
