//! Notifications on both databases: SQLite always, PostgreSQL when `LUHUAN_TEST_POSTGRES` names a server
//! (`postgres://user@host:port`, without a database). Mails go to a real mail server when `LUHUAN_TEST_SMTP` names one;
//! webhooks to a server of the test's own.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod api;
mod delivery;
mod feed;
mod inbox;
mod live;
mod mail;
mod personal;
mod policy;
mod receiver;
mod replay;
mod smtp;
mod support;
mod texts;
mod webhooks;
