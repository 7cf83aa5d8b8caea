//! The rules of listings. Pure: no database, no HTTP, no clock.

mod comparables;
mod details;
mod state;

pub use comparables::{Comparable, PriceHint};
pub use details::{Condition, Delivery, Details, Freight, Returns, TextLimits};
pub use state::{IllegalMove, Move, State};
