//! The ledger on both databases: SQLite always, PostgreSQL when `LUHUAN_TEST_POSTGRES` names a server
//! (`postgres://user@host:port`, without a database).

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod api;
mod books;
mod contention;
mod deposits;
mod face_to_face;
mod orders;
mod payouts;
mod personal;
mod plans;
mod points;
mod policy;
mod random;
mod stripe;
mod support;
mod webhook_delivery;
