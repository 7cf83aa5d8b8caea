//! The search: ruin and recreate with exchanges of rests, on labels that judge a change in constant time.
//!
//! - `model`: a problem laid out for the search; `near`: who is near whom
//! - `state`, `labels`, `undo`: a plan in the making, what its nodes know, and going back
//! - `ruin`, `recreate`, `exact`, `tails`: the changes
//! - `anneal`: the loop; `budget`: how long
//! - `generations`: several searches, and crossing their plans
//! - `driver`, `cut`: several threads, and large problems in parts

mod anneal;
mod budget;
mod cut;
mod driver;
mod exact;
mod generations;
mod labels;
mod model;
mod near;
mod recreate;
mod rng;
mod ruin;
mod state;
mod tails;
#[cfg(test)]
mod tests;
mod undo;

pub use budget::{Budget, Report};

use std::sync::atomic::AtomicBool;

use crate::plan::{Place, Plan, Scheduler};
use crate::problem::{Problem, VehicleId};

use anneal::Heat;
use budget::Outside;
use driver::{Driver, Found};

/// Plans a problem from nothing: [`Search`] with its defaults.
#[must_use]
pub fn solve(problem: &Problem, budget: Budget, seed: u64, threads: usize) -> Plan {
    Search::new(problem).budget(budget).seed(seed).threads(threads).run().plan
}

/// A search for a plan, about to be run.
///
/// It may be stopped at any time, and has a plan then. One thread with a seed and a budget of iterations comes to the
/// same plan on every machine.
#[derive(Clone)]
pub struct Search<'a> {
    problem: &'a Problem,
    budget: Budget,
    seed: u64,
    threads: usize,
    start: Vec<(VehicleId, Vec<Place>)>,
    outside: Outside<'a>,
}

/// A plan, and what it took.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The best plan found.
    pub plan: Plan,
    /// Iterations made.
    pub iterations: u64,
}

/// Small problems end by themselves: after so many iterations per stop, squared.
const EXHAUSTED: u64 = 20_000;

impl<'a> Search<'a> {
    /// A search of ten seconds with one thread.
    #[must_use]
    pub fn new(problem: &'a Problem) -> Self {
        let outside = Outside::default();
        Self { problem, budget: Budget::default(), seed: 1, threads: 1, start: Vec::new(), outside }
    }

    /// How long.
    #[must_use]
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Where chance begins.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many threads; 0 counts as 1.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Starts from a plan, of this problem or of one that was like it: routes that are no longer possible, and stops and
    /// vehicles that are no longer there, are passed over.
    #[must_use]
    pub fn from_plan(mut self, plan: &Plan) -> Self {
        self.start = plan.to_routes();
        self
    }

    /// Ends soon after this turns true.
    #[must_use]
    pub fn cancel(mut self, cancel: &'a AtomicBool) -> Self {
        self.outside.cancel = Some(cancel);
        self
    }

    /// Is told how the search stands, about a hundred times.
    #[must_use]
    pub fn listener(mut self, listener: &'a (dyn Fn(Report) + Sync)) -> Self {
        self.outside.listener = Some(listener);
        self
    }

    /// Searches.
    #[must_use]
    pub fn run(self) -> Solved {
        let problem = self.problem;
        let stops = problem.stops().len() as u64;
        let vehicles = usable_vehicles(problem);
        let start = possible_routes(problem, &vehicles, &self.start);
        let mut budget = self.budget;
        if stops < 16 {
            let enough = EXHAUSTED * stops * stops;
            budget.iterations = Some(budget.iterations.map_or(enough, |most| most.min(enough)));
        }
        let found = if stops == 0 || vehicles.is_empty() {
            Found { routes: Vec::new(), iterations: 0 }
        } else {
            let heat = if self.start.is_empty() { Heat::COLD_START } else { Heat::WARM_START };
            let Self { outside, seed, threads, .. } = self;
            Driver { problem, vehicles, budget, outside, seed, threads, heat }.run(start)
        };
        let routes = found.routes;
        let plan = Plan::from_routes(problem, &routes).expect("the search keeps to the constraints");
        Solved { plan, iterations: found.iterations }
    }
}

/// Vehicles that can do what is locked on them; others cannot be planned at all.
fn usable_vehicles(problem: &Problem) -> Vec<VehicleId> {
    let mut scheduler = Scheduler::new(problem);
    let mut usable = |vehicle: &VehicleId| {
        let locked = &problem.vehicle(*vehicle).locked;
        let places: Vec<Place> = locked.iter().map(|stop| Place::Stop(*stop)).collect();
        places.is_empty() || scheduler.evaluate(*vehicle, &places).is_ok()
    };
    (0..problem.vehicles().len() as u32).map(VehicleId).filter(|vehicle| usable(vehicle)).collect()
}

/// The routes to start from that this problem allows.
fn possible_routes(
    problem: &Problem,
    vehicles: &[VehicleId],
    start: &[(VehicleId, Vec<Place>)],
) -> Vec<(VehicleId, Vec<Place>)> {
    let mut scheduler = Scheduler::new(problem);
    let mut planned = vec![false; problem.stops().len()];
    let mut possible: Vec<(VehicleId, Vec<Place>)> = Vec::new();
    // What is locked is there before anything is planned.
    let locked = vehicles.iter().map(|vehicle| {
        let stops = problem.vehicle(*vehicle).locked.iter();
        (*vehicle, stops.map(|stop| Place::Stop(*stop)).collect::<Vec<_>>())
    });
    let locked: Vec<_> = locked.filter(|(_, places)| !places.is_empty()).collect();
    for (vehicle, places) in start.iter().chain(&locked) {
        let mut known = places.iter().filter_map(Place::stop);
        let fresh = known.all(|stop| planned.get(stop.index()).is_some_and(|planned| !planned));
        let free = vehicles.contains(vehicle) && possible.iter().all(|(used, _)| used != vehicle);
        if fresh && free && scheduler.evaluate(*vehicle, places).is_ok() {
            places.iter().filter_map(Place::stop).for_each(|stop| planned[stop.index()] = true);
            possible.push((*vehicle, places.clone()));
        }
    }
    possible
}
