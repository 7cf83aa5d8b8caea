//! What `cargo xtask test` tells the tests, by environment variables.

use std::env;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The program under test, `luhuan`.
pub const PROGRAM: &str = "LUHUAN_TEST_BIN";
/// A PostgreSQL server, without a database's name: `postgres://postgres@127.0.0.1:PORT`.
pub const POSTGRES: &str = "LUHUAN_TEST_POSTGRES";
/// An S3-compatible store: `http://127.0.0.1:PORT`. Any key and secret will do.
pub const S3: &str = "LUHUAN_TEST_S3";
/// Chromium's program.
pub const CHROMIUM: &str = "LUHUAN_TEST_CHROMIUM";
/// chromedriver's program.
pub const CHROMEDRIVER: &str = "LUHUAN_TEST_CHROMEDRIVER";
/// The file `axe.min.js`.
pub const AXE: &str = "LUHUAN_TEST_AXE";
/// schemathesis's program.
pub const SCHEMATHESIS: &str = "LUHUAN_TEST_SCHEMATHESIS";
/// The Stripe-like server's program; `luhuan_ledger::testing::FakeStripe` starts it.
pub const LOCALSTRIPE: &str = "LUHUAN_TEST_LOCALSTRIPE";
/// A mail server: `smtp://127.0.0.1:PORT`. Any recipient will do.
pub const SMTP: &str = "LUHUAN_TEST_SMTP";
/// The Maildir that it fills.
pub const MAILDIR: &str = "LUHUAN_TEST_SMTP_MAILDIR";
/// Set when the run's folders are to be kept for a look at them.
pub const KEEP: &str = "LUHUAN_TEST_KEEP";

/// The value of one of these variables.
///
/// # Panics
/// When it is not set: the test was not started by `cargo xtask test`.
#[must_use]
pub fn required(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| {
        panic!(
            "{name} is not set. The tests that need it are run by `cargo xtask test`, which starts what they talk to; \
             to run one by hand, paste what `cargo xtask services` prints."
        )
    })
}

/// A temporary folder, removed when it is dropped, unless the run was started with `--keep`.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn folder(prefix: &str) -> tempfile::TempDir {
    let mut folder =
        tempfile::Builder::new().prefix(prefix).tempdir().expect("a temporary folder can be made");
    if env::var_os(KEEP).is_some() {
        folder.disable_cleanup(true);
        eprintln!("kept: {}", folder.path().display());
    }
    folder
}

/// A loopback port that nobody listens on at this moment.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port is free");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// A number that no other test draws: the standard library seeds each `RandomState` from the system's randomness.
#[must_use]
pub fn unique_number() -> u64 {
    RandomState::new().build_hasher().finish()
}
