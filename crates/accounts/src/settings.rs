//! What an operator may set.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::throttle::Rule;

/// How passwords are hashed with argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hashing {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Hashing {
    /// OWASP Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}

impl Hashing {
    /// So light that tests do not wait; worthless against guessing.
    #[must_use]
    pub const fn for_tests() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1 }
    }
}

/// How often things may be tried (`data/limits.toml`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Limits {
    /// Wrong passwords of one login.
    pub sign_in_login: Rule,
    /// Wrong passwords and codes from one address.
    pub sign_in_address: Rule,
    /// New accounts from one address.
    pub sign_up_address: Rule,
    /// Codes sent to one login.
    pub code_login: Rule,
    /// Codes asked for from one address.
    pub code_address: Rule,
    /// Logins looked up by one person, to add members.
    pub lookup_person: Rule,
}

static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/limits.toml")).expect("limits.toml is part of the program")
});

impl Default for Limits {
    fn default() -> Self {
        *LIMITS
    }
}

/// What an operator may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How passwords are hashed. A change takes effect on each person's next sign-in.
    pub hashing: Hashing,
    /// Hashes at once; each takes its memory and one core.
    pub hashes_at_once: usize,
    /// How often things may be tried.
    pub limits: Limits,
    /// Days that a session lives after its last use.
    pub session_days: i64,
    /// Seconds that what is known of a credential may be used without asking the database; at most 5.
    pub remember_seconds: i64,
}

impl Default for Settings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            hashing: Hashing::default(),
            hashes_at_once: cores,
            limits: Limits::default(),
            session_days: 30,
            remember_seconds: 5,
        }
    }
}
