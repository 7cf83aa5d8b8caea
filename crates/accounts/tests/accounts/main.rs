//! The accounts on both databases: SQLite always, PostgreSQL when `LUHUAN_TEST_POSTGRES` names a server
//! (`postgres://user@host:port`, without a database).

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod api;
mod codes;
mod erasure;
mod guessing;
mod organisations;
mod policy;
mod profile;
mod roles;
mod sender;
mod sessions;
mod sign_up;
mod support;
mod texts;
mod tokens;
