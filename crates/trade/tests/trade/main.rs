//! Trade on SQLite and PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod api;
mod book;
mod clocks;
mod conversations;
mod disputes;
mod handover;
mod invoices;
mod jury;
mod offers;
mod orders;
mod payments;
mod personal;
mod policy;
mod race;
mod random;
mod refunds;
mod reviews;
mod support;
mod texts;
