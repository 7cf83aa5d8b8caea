//! axe-core, which finds what keeps people with a disability out of a page. The tests inject it into each page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};

/// The pinned version.
const VERSION: &str = "4.14.1";

/// Fetches the script, unless it is there already, and answers its path.
pub fn ensure(tools: &Path) -> Outcome<PathBuf> {
    let script = tools.join(format!("axe-core-{VERSION}.min.js"));
    if script.is_file() {
        return Ok(script);
    }
    eprintln!("Fetching axe-core {VERSION} ...");
    let unpacked = tempfile::tempdir_in(tools).map_err(|error| Failure::at(tools, "write to", &error))?;
    run(Command::new("npm")
        .args(["pack", "--silent", &format!("axe-core@{VERSION}"), "--pack-destination"])
        .arg(unpacked.path())
        .stdout(Stdio::null()))?;
    run(Command::new("tar")
        .args(["-xzf", &format!("axe-core-{VERSION}.tgz"), "package/axe.min.js"])
        .current_dir(unpacked.path()))?;
    let fetched = unpacked.path().join("package/axe.min.js");
    let text = fs::read_to_string(&fetched).map_err(|error| Failure::at(&fetched, "read", &error))?;
    if !text.starts_with(&format!("/*! axe v{VERSION}")) {
        return Err(Failure::new(format!("what npm brought as axe-core {VERSION} is something else")));
    }
    fs::rename(&fetched, &script).map_err(|error| Failure::at(&script, "write", &error))?;
    Ok(script)
}

fn run(command: &mut Command) -> Outcome<()> {
    let what = format!("{command:?}");
    let status = command.stdin(Stdio::null()).status().map_err(|error| {
        Failure::new(format!(
            "cannot run {what}: {error}. The browser tests need npm (Debian: apt-get install npm) to fetch axe-core."
        ))
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{what} failed ({status}): see its message above. The first run needs a network to fetch axe-core."
        )))
    }
}
