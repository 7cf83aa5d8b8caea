//! A server process that ends when its guard is dropped.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::tools::{find_program, group_of};

/// How long a server may take to start. Generous: a busy machine with two cores runs `initdb` and a build at once.
const START_WITHIN: Duration = Duration::from_secs(60);

/// How long it may take to stop when asked, before it is killed.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// A running server.
pub struct Server {
    name: &'static str,
    child: Child,
    stop_signal: &'static str,
    log: PathBuf,
}

/// Whose rights a server runs with.
#[derive(Clone, Copy, Debug)]
pub enum RunAs {
    /// The developer's.
    Caller,
    /// Another user's, for a server that refuses to run as root.
    User(&'static str),
}

/// A command for `program` that dies by `signal` when this process does, where Linux's `setpriv` is at hand: even a
/// kill -9 of the run leaves nothing behind.
pub fn command(program: &Path, run_as: RunAs, signal: &str) -> Outcome<Command> {
    let Some(setpriv) = find_program("setpriv") else {
        return match run_as {
            RunAs::Caller => Ok(Command::new(program)),
            RunAs::User(user) => Err(Failure::new(format!(
                "{} does not run as root, and setpriv (package util-linux) is not here to run it as {user}",
                program.display()
            ))),
        };
    };
    let mut command = Command::new(setpriv);
    if let RunAs::User(user) = run_as {
        let group = group_of(user).ok_or_else(|| Failure::new(format!("there is no user {user}")))?;
        command.args(["--reuid", user, "--regid", &group, "--clear-groups"]);
    }
    command.args(["--pdeathsig", signal, "--"]).arg(program);
    Ok(command)
}

impl Server {
    /// Starts `command`, its output going to `log`. `stop_signal` asks it to stop (a name that kill(1) knows).
    pub fn start(
        name: &'static str,
        command: &mut Command,
        stop_signal: &'static str,
        log: &Path,
    ) -> Outcome<Self> {
        let file = File::create(log).map_err(|error| Failure::at(log, "create", &error))?;
        let errors = file.try_clone().map_err(|error| Failure::at(log, "open", &error))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(errors)
            // A group of its own: Ctrl-C at the terminal is for the tests; this server stops after them.
            .process_group(0)
            .spawn()
            .map_err(|error| Failure::new(format!("cannot start {name}: {error}")))?;
        Ok(Self { name, child, stop_signal, log: log.to_path_buf() })
    }

    /// Waits until `is_ready`.
    ///
    /// # Errors
    /// When the server ends or takes too long, with what it said; or when the run is interrupted.
    pub fn wait_until(&mut self, interrupt: &Interrupt, is_ready: impl Fn() -> bool) -> Outcome<()> {
        let start = Instant::now();
        loop {
            interrupt.check()?;
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(self.failure(&format!("ended at once ({status})")));
            }
            if is_ready() {
                return Ok(());
            }
            if start.elapsed() > START_WITHIN {
                return Err(self.failure(&format!("was not ready within {} s", START_WITHIN.as_secs())));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn failure(&self, what: &str) -> Failure {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        let tail = &lines[lines.len().saturating_sub(20)..];
        Failure::new(format!("{} {what}. It said:\n{}", self.name, tail.join("\n")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        ask_to_stop(&self.child, self.stop_signal);
        if !ends_within(&mut self.child, STOP_WITHIN) {
            eprintln!("{} did not stop when asked and was killed", self.name);
            // Either may fail only because the process is gone, which is what is wanted.
            self.child.kill().ok();
            self.child.wait().ok();
        }
    }
}

/// Sends `child` the signal of this name. The standard library knows only the one that cannot be refused.
pub fn ask_to_stop(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    if let Err(error) = Command::new("kill").args(["-s", signal, &pid]).stderr(Stdio::null()).status() {
        eprintln!("cannot send {signal} to process {pid}: {error}");
    }
}

/// Whether `child` ended within this time.
pub fn ends_within(child: &mut Child, limit: Duration) -> bool {
    let start = Instant::now();
    while start.elapsed() < limit {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    false
}
