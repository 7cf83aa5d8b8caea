//! The servers of a run: started on free loopback ports in a temporary folder, and stopped with it.

mod postgres;
mod process;
mod s3;
mod smtp;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::tools::{self, Counterpart, Tools};
use crate::workspace::Workspace;

pub use process::{ask_to_stop, ends_within};

use postgres::Postgres;
use s3::S3;
use smtp::Smtp;

/// Everything that a run started. Dropped, it stops the servers and removes the folder, whatever way the run ended.
pub struct Services {
    // In this order: the servers stop before their folder goes.
    postgres: Option<Postgres>,
    s3: Option<S3>,
    smtp: Option<Smtp>,
    folder: TempDir,
    tools: Tools,
}

impl Services {
    /// Starts what of the servers `tools` holds.
    pub fn start(tools: Tools, interrupt: &Interrupt) -> Outcome<Self> {
        let folder = tempfile::Builder::new()
            .prefix("luhuan-test-")
            .tempdir()
            .map_err(|error| Failure::new(format!("cannot make a temporary folder: {error}")))?;
        let mut services = Self { postgres: None, s3: None, smtp: None, folder, tools };
        if let Some(programs) = &services.tools.postgres {
            services.postgres = Some(Postgres::start(programs, services.folder.path(), interrupt)?);
        }
        if let Some(python) = &services.tools.python {
            services.s3 = Some(S3::start(&python.moto_server(), services.folder.path(), interrupt)?);
            services.smtp = Some(Smtp::start(&python.python(), services.folder.path(), interrupt)?);
        }
        Ok(services)
    }

    /// What the tests read: the names and values of environment variables.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let mut variables = Vec::new();
        if let Some(postgres) = &self.postgres {
            variables.push(("LUHUAN_TEST_POSTGRES", postgres.url()));
        }
        if let Some(s3) = &self.s3 {
            variables.push(("LUHUAN_TEST_S3", s3.url()));
        }
        if let Some(smtp) = &self.smtp {
            variables.push(("LUHUAN_TEST_SMTP", smtp.url()));
            variables.push(("LUHUAN_TEST_SMTP_MAILDIR", text(smtp.maildir())));
        }
        if let Some(browser) = &self.tools.browser {
            variables.push(("LUHUAN_TEST_CHROMIUM", text(&browser.chromium)));
            variables.push(("LUHUAN_TEST_CHROMEDRIVER", text(&browser.chromedriver)));
        }
        if let Some(axe) = &self.tools.axe {
            variables.push(("LUHUAN_TEST_AXE", text(axe)));
        }
        if let Some(python) = &self.tools.python {
            variables.push(("LUHUAN_TEST_SCHEMATHESIS", text(&python.schemathesis())));
            variables.push(("LUHUAN_TEST_LOCALSTRIPE", text(&python.localstripe())));
        }
        variables
    }

    /// Where the tests put their own temporary files, so that they go with the run even when a test is killed.
    pub fn scratch(&self) -> Outcome<PathBuf> {
        let scratch = self.folder.path().join("t");
        std::fs::create_dir_all(&scratch).map_err(|error| Failure::at(&scratch, "create", &error))?;
        Ok(scratch)
    }

    /// Leaves the folder where it is and answers its path. The servers still stop.
    pub fn keep_folder(&mut self) -> PathBuf {
        self.folder.disable_cleanup(true);
        self.folder.path().to_path_buf()
    }
}

/// `cargo xtask services`: all counterparts, until Ctrl-C.
pub fn serve_until_interrupted(workspace: &Workspace, interrupt: &Interrupt) -> Outcome<ExitCode> {
    let wanted = [Counterpart::Postgres, Counterpart::S3, Counterpart::Browser, Counterpart::Schemathesis];
    let services = Services::start(tools::ensure(workspace, &wanted)?, interrupt)?;
    for (name, value) in services.environment() {
        println!("export {name}='{value}'");
    }
    println!("export LUHUAN_TEST_BIN='{}'", workspace.program().display());
    eprintln!(
        "Running. Paste these lines into another terminal, cargo build, and run tests there. Ctrl-C stops."
    );
    while !interrupt.is_asked() {
        thread::sleep(Duration::from_millis(100));
    }
    Ok(ExitCode::SUCCESS)
}

/// A loopback port that nobody listens on at this moment.
fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map_err(|error| Failure::new(format!("cannot find a free port: {error}")))?;
    Ok(listener.port())
}
