//! Laws of the planner, and the literature's instances.
#![expect(clippy::unwrap_used, reason = "a test that fails says so by panicking")]

mod features;
mod hostile;
mod known;
mod laws;
mod quotes;
mod worlds;
