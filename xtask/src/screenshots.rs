//! `cargo xtask screenshots`: the documentation's pictures, taken anew from a demo city in Chromium.

use std::process::ExitCode;

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::services::Services;
use crate::test;
use crate::tools::{self, Counterpart};
use crate::workspace::Workspace;

/// The test that takes them. It is ignored otherwise: a whole city's photos are drawn for it.
const TEST: &str = "pictures::the_pictures_of_the_documentation";

/// Builds the program, takes the pictures and leaves them in `docs/src/images`.
///
/// # Errors
/// When something that the browser tests need is missing, or a picture cannot be taken.
pub fn take(workspace: &Workspace, interrupt: &Interrupt) -> Outcome<ExitCode> {
    let tools = tools::ensure(workspace, &[Counterpart::Browser])?;
    interrupt.check()?;
    // The whole workspace is named, as for the tests, so that nothing is built twice.
    let selection = ["--workspace", "--test", "browser"].map(str::to_owned);
    let program = test::build(workspace, &selection)?;
    interrupt.check()?;
    let services = Services::start(tools, interrupt)?;
    let folder = workspace.pictures();
    let status = workspace
        .cargo()
        .arg("test")
        .args(selection)
        .args(["--", "--ignored", "--exact", TEST])
        .envs(services.environment())
        .env("LUHUAN_TEST_BIN", program)
        .env("LUHUAN_TEST_PICTURES", &folder)
        .env("TMPDIR", services.scratch()?)
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !status.success() {
        return Err(Failure::new("the pictures were not taken: see the messages above"));
    }
    println!("The pictures are in {}", folder.display());
    Ok(ExitCode::SUCCESS)
}
