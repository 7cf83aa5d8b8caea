//! The store, on both databases.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by where it stops")]

mod idempotency;
mod jobs;
mod outbox;

use std::sync::Arc;

use luhuan_kernel::{EventKind, ManualClock};
use luhuan_store::testing::{TestDatabase, each};
use serde::{Deserialize, Serialize};

/// Something that happened in a test.
#[derive(Debug, Serialize, Deserialize)]
struct Happened(String);

impl EventKind for Happened {
    fn name(&self) -> &'static str {
        "test.happened"
    }

    fn subject(&self) -> String {
        self.0.clone()
    }
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2026-01-01T00:00:00Z"))
}

/// Runs a test on each system, with a clock that it may move.
async fn on_each(test: impl AsyncFn(&TestDatabase, &ManualClock)) {
    let clock = clock();
    each(Arc::clone(&clock) as _, async |database| test(database, &clock).await).await;
}
