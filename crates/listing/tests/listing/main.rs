//! Listings on both databases: SQLite always, PostgreSQL when `LUHUAN_TEST_POSTGRES` names a server
//! (`postgres://user@host:port`, without a database).
//!
//! | file | what |
//! |---|---|
//! | `support` | the world of a test, and things made in a line |
//! | `policy` | who may do what, whole |
//! | `lifecycle`, `editing`, `expiry` | from a draft to its end |
//! | `screening`, `moderation` | prohibited goods, holds, decisions |
//! | `photos`, `place`, `prices`, `watching` | what belongs to a listing |
//! | `visibility` | who sees what; lists |
//! | `contention` | two at once |
//! | `import`, `personal` | in bulk; export and erasure |
//! | `api` | the routes as a client sees them, a file a resource; samples and refusals are what they say |

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod api;
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
