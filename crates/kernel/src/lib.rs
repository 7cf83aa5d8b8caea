//! The words that every part of 绿环 Lühuan shares.
//!
//! The kernel is pure: it reads no clock, opens no file and asks no database. A context crate builds its own
//! language out of these words, so that a price, an instant or a refusal means the same thing everywhere.
//!
//! - [`Id`]: a UUIDv7 that knows what kind of thing it names; ids of two kinds do not mix.
//! - [`Money`]: whole minor units (分, fen) of one currency; [`Grams`]: whole grams.
//! - [`Timestamp`]: an instant in UTC; [`Clock`]: where instants come from.
//! - [`Actor`]: who asks, and in which roles; [`Problem`]: the one way to refuse (RFC 9457).
//! - [`Page`], [`Cursor`]: a bounded list and where it goes on.
//! - [`Event`]: what one context tells the others.
//! - [`text`]: translations; [`geo`]: Beijing's districts; [`validate`]: numbers of identity and trade.
//!
//! ```
//! use luhuan_kernel::{Clock, Id, ManualClock, Money};
//!
//! struct Parcel;
//! let clock = ManualClock::at("2026-01-01T00:00:00Z");
//! let id: Id<Parcel> = Id::new(&clock);
//! assert_eq!(id.to_string().parse::<Id<Parcel>>().unwrap(), id);
//! assert_eq!((Money::cny(1_00) + Money::cny(25)).unwrap(), Money::cny(1_25));
//! ```

mod actor;
mod event;
pub mod geo;
pub mod http;
mod id;
mod money;
mod page;
mod problem;
pub mod random;
mod secret;
pub mod text;
mod time;
pub mod validate;
mod weight;

pub use actor::{
    Actor, Membership, Organisation, OrganisationKind, OrganisationRole, Person, Role, Scope, Session, Who,
};
pub use event::{Event, EventKind, Position};
pub use id::Id;
pub use money::{Currency, Money, MoneyError, Rate};
pub use page::{Cursor, CursorError, Limit, Page};
pub use problem::{FieldProblem, FieldProblemDocument, Message, Problem, ProblemDocument};
pub use secret::{Masked, Secret};
pub use text::Locale;
pub use time::{Clock, ManualClock, SystemClock, Timestamp, Zone};
pub use weight::Grams;
