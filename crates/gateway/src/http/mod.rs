//! What every request passes through.

pub mod actor;
pub mod docs;
pub mod health;
pub mod metrics;
pub mod photos;
pub mod problems;
pub mod trace;
