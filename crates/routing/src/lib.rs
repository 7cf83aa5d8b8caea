//! The route planner: who drives where, when, in which order.
//!
//! Stops with time windows (one, several, or none), service times and loads; vehicles with capacities, skills, shifts, breaks,
//! costs and limits; several depots, reloads on the way, pickups with their deliveries, optional stops with prizes,
//! releases, locked beginnings and a published plan that should not change needlessly. In comes a [`Problem`], out comes a
//! [`Plan`] that says of each stop when it is served, or why it is not. The crate does no input or output, and knows nothing
//! of the rest of the workspace.
//!
//! ```
//! use luhuan_routing::{Budget, Load, Location, Matrix, Problem, Stop, TimeWindow, Vehicle, check, solve};
//!
//! // A depot and three homes; a metre takes a second.
//! let points = vec![(0.0, 0.0), (300.0, 0.0), (300.0, 400.0), (0.0, 400.0)];
//! let mut problem = Problem::builder(Matrix::plane(points, 1.0)?);
//! for (home, kilograms) in [(1, 40), (2, 25), (3, 60)] {
//!     problem.stop(Stop {
//!         service: 120,
//!         windows: vec![TimeWindow::new(0, 1800), TimeWindow::new(7200, 9000)],
//!         pickup: Load::of(kilograms),
//!         ..Stop::at(format!("home {home}"), Location(home))
//!     });
//! }
//! problem.vehicle(Vehicle { capacity: Load::of(200), ..Vehicle::at("lorry", Location(0)) });
//! let problem = problem.build()?;
//!
//! let plan = solve(&problem, Budget::iterations(1000), 1, 1);
//! assert!(plan.unserved.is_empty());
//! assert_eq!(plan.cost.distance, 300 + 400 + 300 + 400);
//! assert_eq!(check(&problem, &plan), Ok(()));
//! # Ok::<(), luhuan_routing::ProblemError>(())
//! ```
//!
//! The rooms:
//!
//! - [`problem`]: what is to be planned, and what counts as good
//! - [`plan`]: what is to be done; routes evaluated exactly, stops left out explained
//! - [`solve`] and [`Search`]: the search; how it works stands in the handbook
//! - [`LivePlan`]: quotes and insertions while a customer waits
//! - [`check()`]: a validator that shares no code with the search
//! - [`read`]: the literature's instance formats; [`draw()`]: plans as pictures

#[cfg(test)]
extern crate self as luhuan_routing;

pub mod check;
mod draw;
mod error;
mod live;
pub mod plan;
pub mod problem;
pub mod read;
mod search;

pub use check::{Fault, check};
pub use draw::draw;
pub use error::{PlanError, ProblemError, ReadError};
pub use live::{LivePlan, Offer};
pub use plan::{Constraint, Cost, NearMiss, Place, Plan, Route, Solution, Unserved, Visit};
pub use problem::{
    Balance, Break, Eligible, Leg, Load, Location, Matrix, Objective, Overtime, Problem, ProblemBuilder,
    Promise, Serve, Stop, StopId, TimeWindow, Vehicle, VehicleId,
};
pub use read::Instance;
pub use search::{Budget, Report, Search, Solved, solve};
