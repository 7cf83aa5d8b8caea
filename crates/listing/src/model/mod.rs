//! The rules of listings. Pure: no database, no HTTP, no clock.
//!
//! | file | what |
//! |---|---|
//! | `state` | the one table of moves |
//! | `details` | what a listing says, and what is wrong or missing in it |
//! | `comparables` | the price hint |

mod comparables;
mod details;
mod state;

pub use comparables::{Comparable, PriceHint};
pub use details::{Condition, Delivery, Details, Freight, Returns, TextLimits};
pub use state::{IllegalMove, Move, State};
