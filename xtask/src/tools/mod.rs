//! The real counterparts that the tests talk to: found on this machine, or installed.
//!
//! What comes from the system (PostgreSQL, Chromium, fonts, Python) is looked for, and installed with apt where
//! that can be done without asking. What comes from a language's registry is pinned, and kept in `target/tools`, so
//! that only the first run needs a network.

mod axe;
mod python;
mod system;

use std::fs::{self, File};
use std::path::PathBuf;

use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

pub use python::Venv;
pub use system::{Browser, find_program, group_of, is_root};

/// What a part of the tests talks to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counterpart {
    /// PostgreSQL 15 or newer.
    Postgres,
    /// An S3-compatible store: moto.
    S3,
    /// Chromium with its driver, Chinese fonts, and axe-core.
    Browser,
    /// The fuzzer that reads the OpenAPI document: schemathesis.
    Schemathesis,
}

/// What was found or installed. A field is `None` when no part of this run asked for it.
#[derive(Default)]
pub struct Tools {
    /// The folder of PostgreSQL's server programs.
    pub postgres: Option<PathBuf>,
    /// Chromium and its driver.
    pub browser: Option<Browser>,
    /// `axe.min.js`.
    pub axe: Option<PathBuf>,
    /// The Python environment that holds moto and schemathesis.
    pub python: Option<Venv>,
}

/// Finds or installs everything in `wanted`.
///
/// # Errors
/// With a sentence that names what is missing and how to get it.
pub fn ensure(workspace: &Workspace, wanted: &[Counterpart]) -> Outcome<Tools> {
    let home = workspace.tools();
    fs::create_dir_all(&home).map_err(|error| Failure::at(&home, "create", &error))?;
    // Two runs side by side must not install into the same folder at once.
    let lock_path = home.join(".lock");
    let lock = File::create(&lock_path).map_err(|error| Failure::at(&lock_path, "create", &error))?;
    lock.lock().map_err(|error| Failure::at(&lock_path, "lock", &error))?;

    let wants = |counterpart| wanted.contains(&counterpart);
    let wants_python = wants(Counterpart::S3) || wants(Counterpart::Schemathesis);
    system::install_missing(&system::Wanted {
        postgres: wants(Counterpart::Postgres),
        browser: wants(Counterpart::Browser),
        python: wants_python,
    })?;
    let mut tools = Tools::default();
    if wants(Counterpart::Postgres) {
        tools.postgres = Some(system::postgres()?);
    }
    if wants(Counterpart::Browser) {
        tools.browser = Some(system::browser()?);
        tools.axe = Some(axe::ensure(&home)?);
    }
    if wants_python {
        tools.python = Some(python::ensure(&home)?);
    }
    Ok(tools)
}
