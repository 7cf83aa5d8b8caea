//! Listings on both databases: SQLite always, PostgreSQL when `LUHUAN_TEST_POSTGRES` names a server
//! (`postgres://user@host:port`, without a database).

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod api;
mod api_photos;
mod contention;
mod editing;
mod expiry;
mod import;
mod lifecycle;
mod moderation;
mod personal;
mod photos;
mod place;
mod policy;
mod prices;
mod screening;
mod support;
mod visibility;
mod watching;
