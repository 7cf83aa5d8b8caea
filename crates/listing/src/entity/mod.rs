//! The tables.

pub mod decision;
pub mod item;
pub mod listing;
pub mod photo;
pub mod price_point;
pub mod watch;
