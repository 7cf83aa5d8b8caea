//! The Python environment: moto (S3), aiosmtpd (SMTP) and schemathesis (the API fuzzer), pinned in `xtask/requirements.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};

/// Every version is pinned, so the file's text tells whether an environment is the right one.
const REQUIREMENTS: &str = include_str!("../../requirements.txt");

/// A Python environment of its own, in `target/tools/venv`.
pub struct Venv(PathBuf);

impl Venv {
    /// The interpreter: `python -m aiosmtpd` is the mail server.
    pub fn python(&self) -> PathBuf {
        self.0.join("bin/python")
    }

    /// The S3 server.
    pub fn moto_server(&self) -> PathBuf {
        self.0.join("bin/moto_server")
    }

    /// The Stripe-like server. Tests start it themselves, one each.
    pub fn localstripe(&self) -> PathBuf {
        self.0.join("bin/localstripe")
    }

    /// The API fuzzer.
    pub fn schemathesis(&self) -> PathBuf {
        self.0.join("bin/schemathesis")
    }
}

/// Makes the environment, unless it is there already with the same requirements.
pub fn ensure(tools: &Path) -> Outcome<Venv> {
    let venv = tools.join("venv");
    // Written last: an installation that was interrupted is not taken for a whole one.
    let installed = venv.join("installed-requirements.txt");
    if fs::read_to_string(&installed).is_ok_and(|text| text == REQUIREMENTS) {
        return Ok(Venv(venv));
    }
    eprintln!("Installing moto, aiosmtpd and schemathesis into {} ...", venv.display());
    if venv.exists() {
        fs::remove_dir_all(&venv).map_err(|error| Failure::at(&venv, "remove", &error))?;
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let list = venv.join("requirements.txt");
    fs::write(&list, REQUIREMENTS).map_err(|error| Failure::at(&list, "write", &error))?;
    run(Command::new(venv.join("bin/python"))
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            "--requirement",
        ])
        .arg(&list))?;
    fs::rename(&list, &installed).map_err(|error| Failure::at(&list, "rename", &error))?;
    Ok(Venv(venv))
}

fn run(command: &mut Command) -> Outcome<()> {
    let what = format!("{command:?}");
    let status = command.stdin(Stdio::null()).status().map_err(|error| {
        Failure::new(format!(
            "cannot run {what}: {error}. The tests need Python 3 with venv (Debian: apt-get install python3 python3-venv)."
        ))
    })?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "{what} failed ({status}): see its message above. The tests need Python 3.10 or newer with venv \
             (Debian: apt-get install python3-venv), and the first run needs a network."
        )))
    }
}
