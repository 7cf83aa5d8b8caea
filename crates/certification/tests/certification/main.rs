//! Certification on both databases: SQLite always, PostgreSQL when `LUHUAN_TEST_POSTGRES` names a server
//! (`postgres://user@host:port`, without a database).

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod afterwards;
mod api;
mod atomic;
mod clocks;
mod conflicts;
mod editing;
mod frozen;
mod latency;
mod log;
mod measured;
mod personal;
mod policy;
mod rubrics;
mod support;
mod texts;
mod walks;
mod whole;
