//! `cargo xtask bench`: builds for release and runs the benches, which print ratios measured in one run.

use std::process::{Command, ExitCode};

use clap::ValueEnum;

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::services::Services;
use crate::tools::{self, Counterpart};
use crate::workspace::Workspace;

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// Import, index and serve 100,000 listings under load, as ratios to a bare axum handler (needs wrk).
    Http,
    /// Orders through the services beside the same statements by hand, and whole purchases over HTTP.
    Trade,
    /// The quality of search: nDCG@10 of the judged queries.
    Search,
    /// The route planner against PyVRP on the literature's instances, and its own speed (needs Python 3 with venv).
    Routing,
}

impl Bench {
    const fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Trade => "trade",
            Self::Search => "search",
            Self::Routing => "routing",
        }
    }
}

/// Runs one bench, or all.
pub fn run(workspace: &Workspace, interrupt: &Interrupt, bench: Option<Bench>) -> Outcome<ExitCode> {
    if bench.is_none_or(|bench| bench == Bench::Routing) {
        crate::routing::run(workspace)?;
    }
    if bench == Some(Bench::Routing) {
        return Ok(ExitCode::SUCCESS);
    }
    let built = Command::new("cargo")
        .current_dir(workspace.root())
        .args(["build", "--release", "--package", "luhuan-gateway", "--package", "luhuan-benches"])
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !built.success() {
        return Err(Failure::new("the release build failed: see its message above"));
    }
    let chosen = bench.map_or_else(|| vec![Bench::Search, Bench::Http, Bench::Trade], |one| vec![one]);
    for bench in chosen {
        let name = bench.name();
        let mut command = Command::new(workspace.release("luhuan-benches"));
        // Only trade is measured on PostgreSQL too.
        let services = if bench == Bench::Trade {
            Some(Services::start(tools::ensure(workspace, &[Counterpart::Postgres])?, interrupt)?)
        } else {
            None
        };
        command.envs(services.iter().flat_map(Services::environment));
        let status = command
            .arg(name)
            .status()
            .map_err(|error| Failure::new(format!("cannot run the bench: {error}")))?;
        if !status.success() {
            return Err(Failure::new(format!("the bench {name} failed: see its message above")));
        }
    }
    Ok(ExitCode::SUCCESS)
}
