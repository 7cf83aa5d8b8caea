//! The database and what every context needs of it.
//!
//! A command opens one [`UnitOfWork`]: one transaction, one instant. What it calls joins that unit; what it tells
//! the world goes to the [`outbox`] in the same commit; a client that repeats it gets the first answer back
//! ([`idempotency`]). Photos and other large things are [`blobs`]; work for later is a [`jobs`] row.
//!
//! SQLite and PostgreSQL behave alike to the callers: on SQLite there is one writer, whose transaction takes the
//! lock at its start; on PostgreSQL a command locks the rows it decides on ([`UnitOfWork::locks_rows`]).

pub mod blobs;
mod copy;
mod database;
mod error;
pub mod idempotency;
pub mod jobs;
pub mod outbox;
pub mod outside;
#[cfg(feature = "testing")]
pub mod testing;
mod unit_of_work;

pub use blobs::Blobs;
pub use database::{Backend, Observer, Settings, Store};
pub use error::Error;
pub use unit_of_work::UnitOfWork;
