//! What a developer runs: `cargo xtask test`, `bench`, `screenshots`, `services`.
//!
//! It finds or installs the real counterparts that the tests talk to, starts them for the length of a run, and
//! takes them away again.

mod bench;
mod failure;
mod interrupt;
mod routing;
mod screenshots;
mod services;
mod tally;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Outcome;
use crate::interrupt::Interrupt;
use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "What a developer of Lühuan runs")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run the tests against real counterparts, started for this run alone
    Test(test::Options),
    /// Measure: ratios in one run, for docs/src/benchmarks.md
    Bench {
        /// What to measure; all when not named
        bench: Option<bench::Bench>,
    },
    /// Take the documentation's pictures anew (docs/src/images)
    Screenshots,
    /// Start the counterparts, print their environment, and keep them until Ctrl-C (to run a single test by hand)
    Services,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Outcome<ExitCode> {
    let interrupt = Interrupt::listen()?;
    let workspace = Workspace::find()?;
    match arguments.task {
        Task::Test(options) => test::run(&workspace, &interrupt, &options),
        Task::Bench { bench } => bench::run(&workspace, &interrupt, bench),
        Task::Screenshots => screenshots::take(&workspace, &interrupt),
        Task::Services => services::serve_until_interrupted(&workspace, &interrupt),
    }
}
