//! What can be wrong with a problem, a file, or a plan handed in.

use thiserror::Error;

/// Why a [`Problem`](crate::Problem) cannot be built.
///
/// A problem that is merely impossible (a window nobody can reach, a vehicle without room) is not an error: its stops
/// come back unserved, each with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProblemError {
    /// Two stops, or two vehicles, carry one key.
    #[error("the key {0:?} is given twice")]
    DuplicateKey(String),
    /// A stop or a vehicle names a location that the matrix does not have.
    #[error("{whose}: location {location} is not in the matrix of {size} locations")]
    UnknownLocation {
        /// Key of the stop or vehicle.
        whose: String,
        /// The index named.
        location: u32,
        /// Locations in the matrix.
        size: usize,
    },
    /// A matrix whose rows are not as many as its columns, or whose two halves differ in size.
    #[error("the matrix is not square: {entries} entries are not {size} × {size}")]
    MatrixShape {
        /// Entries given.
        entries: usize,
        /// Locations expected.
        size: usize,
    },
    /// A number that is not a number, or outside what the planner can add up.
    #[error("{what} is out of range")]
    OutOfRange {
        /// Which number of whom.
        what: String,
    },
    /// A window, shift or break that ends before it starts.
    #[error("{whose}: a window ends before it starts")]
    InvertedWindow {
        /// Key of the stop or vehicle.
        whose: String,
    },
    /// A reference to a stop or vehicle that the problem does not have.
    #[error("{whose} refers to {what}, which the problem does not have")]
    UnknownReference {
        /// Who refers.
        whose: String,
        /// To what.
        what: String,
    },
    /// A stop that is in two pairs, in two locked prefixes, or paired with itself.
    #[error("the stop {0:?} is tied down twice")]
    TiedTwice(String),
    /// More than [`Load::DIMENSIONS`](crate::Load::DIMENSIONS) dimensions of load.
    #[error("a load has {0} dimensions, at most 4 are possible")]
    TooManyDimensions(usize),
}

/// Why a text is not an instance, or not a solution to it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The content is none of the known formats.
    #[error("neither Solomon's, nor VRPLIB, nor Li and Lim's format")]
    UnknownFormat,
    /// A line that does not read as its section demands.
    #[error("line {line}: {what}")]
    Line {
        /// Line number, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// Something the format demands is not there, or is there and not understood.
    #[error("{0}")]
    Content(String),
    /// It reads, yet what it says is no problem.
    #[error(transparent)]
    Problem(#[from] ProblemError),
}

/// Why a plan handed in does not belong to the problem.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// A stop that the problem does not have.
    #[error("the plan names stop {0}, which the problem does not have")]
    UnknownStop(u32),
    /// A vehicle that the problem does not have.
    #[error("the plan names vehicle {0}, which the problem does not have")]
    UnknownVehicle(u32),
    /// A stop visited twice, or a vehicle with two routes.
    #[error("{0} appears twice in the plan")]
    Twice(String),
    /// A route that breaks a constraint.
    #[error("route of vehicle {vehicle}: {why}")]
    Infeasible {
        /// The vehicle's index.
        vehicle: u32,
        /// The constraint broken.
        why: crate::plan::Constraint,
    },
    /// An offer that the plan has moved on from: the place it names is no longer there.
    #[error("the plan has changed since the offer was made")]
    Stale,
}
