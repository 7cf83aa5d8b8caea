//! Reads the instance formats of the literature: Solomon, VRPLIB with the sections in use, Li and Lim.

mod lilim;
mod solomon;
mod vrplib;

use crate::error::{PlanError, ReadError};
use crate::plan::{Place, Plan, Solution};
use crate::problem::{Location, Problem, VehicleId};

/// An instance as read: the problem, and how its solutions are written.
#[derive(Debug, Clone)]
pub struct Instance {
    /// What the file calls it.
    pub name: String,
    /// The problem. A location's number in the file, counted from 0, is its index here.
    pub problem: Problem,
    /// Decimals of a written cost: 1 where the convention is tenths kept as whole numbers, else 0.
    pub decimals: u8,
}

impl Instance {
    /// Reads an instance in whatever known format it is, told by its content.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        let mut words = text.split_whitespace();
        let first = words.next().ok_or(ReadError::UnknownFormat)?;
        if vrplib::looks_like(text) {
            vrplib::parse(text)
        } else if text.lines().any(|line| line.trim() == "VEHICLE") {
            solomon::parse(text)
        } else if first.parse::<i64>().is_ok() {
            lilim::parse(text)
        } else {
            Err(ReadError::UnknownFormat)
        }
    }

    /// A solution's routes as a plan.
    ///
    /// # Errors
    /// [`PlanError`] for a location that is none of the stops, more routes than vehicles, or a route that breaks a
    /// constraint.
    pub fn plan(&self, solution: &Solution) -> Result<Plan, PlanError> {
        let mut stop_at = vec![None; self.problem.matrix().size()];
        for (index, stop) in self.problem.stops().iter().enumerate() {
            stop_at[stop.location.index()] = Some(crate::StopId(index as u32));
        }
        let place = |number: &u32| match stop_at.get(*number as usize) {
            None => Err(PlanError::UnknownStop(*number)),
            Some(Some(stop)) => Ok(Place::Stop(*stop)),
            Some(None) => Ok(Place::Reload(Location(*number))),
        };
        let mut routes = Vec::with_capacity(solution.routes.len());
        for (vehicle, calls) in solution.routes.iter().enumerate().filter(|(_, calls)| !calls.is_empty()) {
            let places = calls.iter().map(place).collect::<Result<_, _>>()?;
            routes.push((VehicleId(vehicle as u32), places));
        }
        Plan::from_routes(&self.problem, &routes)
    }

    /// A plan in the text form of the literature.
    #[must_use]
    pub fn solution(&self, plan: &Plan) -> Solution {
        let number = |place: &Place| place.location(&self.problem).0;
        let mut routes = vec![Vec::new(); self.problem.vehicles().len()];
        for route in &plan.routes {
            routes[route.vehicle.index()] = route.visits.iter().map(|visit| number(&visit.place)).collect();
        }
        if self.vehicles_alike() {
            routes.retain(|route| !route.is_empty());
        }
        Solution { routes, cost: Some(self.written(plan.cost.total())) }
    }

    /// A cost as the literature writes it for this instance.
    #[must_use]
    pub fn written(&self, cost: i64) -> String {
        match self.decimals {
            0 => cost.to_string(),
            _ => format!("{}.{}", cost / 10, cost % 10),
        }
    }

    fn vehicles_alike(&self) -> bool {
        let plain = |vehicle: &crate::Vehicle| crate::Vehicle { key: String::new(), ..vehicle.clone() };
        let mut vehicles = self.problem.vehicles().iter();
        let Some(first) = vehicles.next().map(plain) else { return true };
        let listed = self.problem.stops().iter().any(|stop| stop.eligible != crate::Eligible::Any);
        !listed && vehicles.all(|vehicle| plain(vehicle) == first)
    }
}

/// A whole number out of a decimal one, by the rounding of the convention.
fn scaled(value: f64, scale: f64, round: fn(f64) -> f64) -> Result<i64, ReadError> {
    let number = round(value * scale);
    if number.is_finite() && number.abs() < 9.0e15 {
        Ok(number as i64)
    } else {
        Err(ReadError::Content(format!("the number {value} is out of range")))
    }
}

/// The numbers of a line, or what in it is none.
fn numbers(line: &str, number: usize) -> Result<Vec<f64>, ReadError> {
    let parse = |word: &str| {
        word.parse::<f64>()
            .map_err(|_| ReadError::Line { line: number, what: format!("{word:?} is no number") })
    };
    line.split_whitespace().map(parse).collect()
}

/// A count given as a decimal number.
fn count(value: f64, most: f64, what: &str) -> Result<usize, ReadError> {
    if value >= 0.0 && value <= most && value.fract() == 0.0 {
        Ok(value as usize)
    } else {
        Err(ReadError::Content(format!("{value} is no possible {what}")))
    }
}
