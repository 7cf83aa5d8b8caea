//! `cargo xtask bench`: builds for release and runs the benches, which print ratios measured in one run.

use std::process::{Command, ExitCode};

use clap::ValueEnum;

use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    /// Import, index and serve 100,000 listings under load, as ratios to a bare axum handler (needs wrk).
    Http,
    /// The quality of search: nDCG@10 of the judged queries.
    Search,
    /// The route planner against PyVRP on the literature's instances, and its own speed (needs Python 3 with venv).
    Routing,
}

/// Runs one bench, or all.
pub fn run(workspace: &Workspace, bench: Option<Bench>) -> Outcome<ExitCode> {
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
    let chosen = bench.map_or_else(|| vec![Bench::Search, Bench::Http], |one| vec![one]);
    for bench in chosen {
        let name = if bench == Bench::Http { "http" } else { "search" };
        let status = Command::new(workspace.release("luhuan-benches"))
            .arg(name)
            .status()
            .map_err(|error| Failure::new(format!("cannot run the bench: {error}")))?;
        if !status.success() {
            return Err(Failure::new(format!("the bench {name} failed: see its message above")));
        }
    }
    Ok(ExitCode::SUCCESS)
}
