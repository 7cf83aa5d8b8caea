//! `cargo xtask test`: builds, starts the counterparts, runs the tests, and says how many passed.

use std::env;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::services::{Services, ask_to_stop, ends_within};
use crate::tally::{Runner, Tally};
use crate::tools::{self, Counterpart};
use crate::workspace::Workspace;

/// The package of end-to-end tests. Its files are told apart by how their names begin.
const END_TO_END: &str = "luhuan-tests";

/// How long the runner gets to stop its tests after Ctrl-C, and again after it is told more firmly.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// How long to listen for what a runner printed, once it has ended.
const LAST_WORDS_WITHIN: Duration = Duration::from_secs(5);

/// What to test and what to leave behind.
#[derive(Args)]
pub struct Options {
    /// Only this part
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Only tests whose name contains this
    filter: Option<String>,
    /// Keep the run's folder (databases' files, logs, data folders, screenshots) and print its path
    #[arg(long)]
    keep: bool,
}

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Each crate's own tests, its services on SQLite and PostgreSQL among them, and the documentation's examples
    Unit,
    /// End-to-end tests without a browser: the API, crashes, concurrency, counterparts
    Api,
    /// End-to-end tests in Chromium (tests/tests/browser*.rs)
    Browser,
    /// The OpenAPI document against the server (tests/tests/fuzz*.rs)
    Fuzz,
}

impl Part {
    /// What it talks to.
    fn counterparts(part: Option<Self>) -> &'static [Counterpart] {
        use Counterpart::{Browser, Postgres, S3, Schemathesis};
        match part {
            None => &[Postgres, S3, Browser, Schemathesis],
            Some(Self::Unit | Self::Api) => &[Postgres, S3],
            Some(Self::Browser) => &[Postgres, S3, Browser],
            Some(Self::Fuzz) => &[Postgres, Schemathesis],
        }
    }

    /// Whether the integration tests `name` of `package` belong to it.
    fn holds(self, package: &str, name: &str) -> bool {
        let home = match (package, name) {
            (END_TO_END, name) if name.starts_with("browser") => Self::Browser,
            (END_TO_END, name) if name.starts_with("fuzz") => Self::Fuzz,
            (END_TO_END, _) => Self::Api,
            _ => Self::Unit,
        };
        self == home
    }
}

/// Runs the tests.
///
/// # Errors
/// When something that the tests need is missing, or nothing can be built or started. A failing test is no error
/// here but a failing exit code.
pub fn run(workspace: &Workspace, interrupt: &Interrupt, options: &Options) -> Outcome<ExitCode> {
    let selection = select(workspace, options.only)?;
    let tools = tools::ensure(workspace, Part::counterparts(options.only))?;
    interrupt.check()?;
    let program = build(workspace, &selection)?;
    interrupt.check()?;
    let mut services = Services::start(tools, interrupt)?;
    let run = Run {
        workspace,
        interrupt,
        services: &services,
        program,
        filter: options.filter.as_deref(),
        keep: options.keep,
    };
    let outcome = run.tests(&selection, options.only);
    if options.keep {
        eprintln!("Kept {}", services.keep_folder().display());
    }
    drop(services);
    report(&outcome?)
}

/// The arguments that choose what cargo builds and runs. The workspace is always named whole, so that every part is
/// built with the same features and nothing is built twice.
fn select(workspace: &Workspace, only: Option<Part>) -> Outcome<Vec<String>> {
    let mut selection = vec!["--workspace".to_owned()];
    let Some(part) = only else { return Ok(selection) };
    if part == Part::Unit {
        selection.extend(["--lib".to_owned(), "--bins".to_owned()]);
    }
    for target in workspace.test_targets() {
        if part.holds(&target.package, &target.name) {
            selection.extend(["--test".to_owned(), target.name.clone()]);
        }
    }
    if selection.len() == 1 {
        return Err(Failure::new(format!("there are no tests of the part {part:?} yet")));
    }
    Ok(selection)
}

/// Builds the tests and the program that the end-to-end tests start, and answers the program's path.
///
/// # Errors
/// When it does not build.
pub fn build(workspace: &Workspace, selection: &[String]) -> Outcome<PathBuf> {
    let all: &[&str] = if selection.len() == 1 { &["--bins", "--tests"] } else { &["--bin", "luhuan"] };
    let output = workspace
        .cargo()
        .arg("build")
        .args(selection)
        .args(all)
        .arg("--message-format=json-render-diagnostics")
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new("the build failed: see the messages above"));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(built_program)
        .ok_or_else(|| Failure::new("cargo built no program named luhuan"))
}

fn built_program(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let target = &message["target"];
    let is_program = target["name"] == "luhuan" && target["kind"] == serde_json::json!(["bin"]);
    let is_test = message["profile"]["test"] == true;
    let path = message["executable"].as_str()?;
    (is_program && !is_test).then(|| PathBuf::from(path))
}

/// How the runners ended.
struct Ended {
    tally: Tally,
    all_succeeded: bool,
}

/// What each runner is started with.
struct Run<'a> {
    workspace: &'a Workspace,
    interrupt: &'a Interrupt,
    services: &'a Services,
    program: PathBuf,
    filter: Option<&'a str>,
    keep: bool,
}

impl Run<'_> {
    fn tests(&self, selection: &[String], only: Option<Part>) -> Outcome<Ended> {
        let mut ended = self.code(selection)?;
        if matches!(only, None | Some(Part::Unit)) && self.filter.is_none() {
            self.interrupt.check()?;
            let doc = self.finish(
                Runner::Libtest,
                self.workspace.cargo().args(["test", "--workspace", "--doc", "--no-fail-fast"]),
            )?;
            ended.tally.add(doc.tally);
            ended.all_succeeded &= doc.all_succeeded;
        }
        Ok(ended)
    }

    /// The tests in the code, by nextest where it is installed.
    fn code(&self, selection: &[String]) -> Outcome<Ended> {
        let mut command = self.workspace.cargo();
        let runner = if tools::find_program("cargo-nextest").is_some() {
            command.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass"]);
            Runner::Nextest
        } else {
            command.args(["test", "--no-fail-fast"]);
            Runner::Libtest
        };
        command.args(selection).args(self.filter);
        if runner == Runner::Libtest && selection.len() == 1 {
            // Documentation's examples have their own run, which a filter leaves out.
            command.args(["--lib", "--bins", "--tests"]);
        }
        self.finish(runner, &mut command)
    }

    /// Runs `command` to its end, passing on what it prints and counting.
    fn finish(&self, runner: Runner, command: &mut Command) -> Outcome<Ended> {
        let colour = if io::stderr().is_terminal() { "always" } else { "never" };
        let mut child = command
            .envs(self.services.environment())
            .env("LUHUAN_TEST_BIN", &self.program)
            .env("TMPDIR", self.services.scratch()?)
            .env("CARGO_TERM_COLOR", colour)
            .envs(self.keep.then_some(("LUHUAN_TEST_KEEP", "1")))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
        let tally = Arc::new(Mutex::new(Tally::default()));
        let readers = [
            pass_on(child.stdout.take(), io::stdout(), runner, Arc::clone(&tally)),
            pass_on(child.stderr.take(), io::stderr(), runner, Arc::clone(&tally)),
        ];
        let all_succeeded = self.wait(&mut child)?;
        // A process that a test left behind holds the pipe open: it must not hold up the run for ever.
        let start = Instant::now();
        while start.elapsed() < LAST_WORDS_WITHIN && readers.iter().any(|reader| !reader.is_finished()) {
            thread::sleep(Duration::from_millis(10));
        }
        let tally = *lock(&tally);
        Ok(Ended { tally, all_succeeded })
    }

    /// Waits for the runner. Asked to stop, it lets the runner stop its tests (Ctrl-C reaches both), then insists.
    fn wait(&self, child: &mut Child) -> Outcome<bool> {
        while !self.interrupt.is_asked() {
            if let Some(status) = child
                .try_wait()
                .map_err(|error| Failure::new(format!("cannot wait for the tests: {error}")))?
            {
                return Ok(status.success());
            }
            thread::sleep(Duration::from_millis(50));
        }
        if !ends_within(child, STOP_WITHIN) {
            ask_to_stop(child, "TERM");
            if !ends_within(child, STOP_WITHIN) {
                // It may fail only because the runner just ended, which is what is wanted.
                child.kill().ok();
            }
        }
        Err(Failure::new("interrupted"))
    }
}

/// Copies a runner's output line by line, in a thread, and counts its tests.
fn pass_on(
    from: Option<impl Read + Send + 'static>,
    mut to: impl Write + Send + 'static,
    runner: Runner,
    tally: Arc<Mutex<Tally>>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let Some(from) = from else { return };
        let mut reader = BufReader::new(from);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            lock(&tally).observe(runner, &String::from_utf8_lossy(&line));
            // A closed terminal must not end the count.
            to.write_all(&line).and_then(|()| to.flush()).ok();
            line.clear();
        }
    })
}

/// Two numbers are whole whatever happened to the thread that added to them last.
fn lock(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}

fn report(ended: &Ended) -> Outcome<ExitCode> {
    if env::var_os("MEILI_URL").is_none() {
        println!("MEILI_URL is not set: the conformance suite was not run against Meilisearch.");
    }
    let Tally { passed, failed } = ended.tally;
    if passed + failed == 0 {
        return Err(Failure::new("no test ran"));
    }
    if !ended.all_succeeded && failed == 0 {
        eprintln!("error: a runner failed although it counted no failing test: see its message above");
    }
    println!("{}", ended.tally.closing_line());
    Ok(if ended.all_succeeded && failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_to_end_file_belongs_to_the_part_its_name_begins_with() {
        assert!(Part::Browser.holds("luhuan-tests", "browser_listing"));
        assert!(Part::Fuzz.holds("luhuan-tests", "fuzz"));
        assert!(Part::Api.holds("luhuan-tests", "crash"));
        assert!(Part::Unit.holds("luhuan-listing", "service"));
        assert!(!Part::Unit.holds("luhuan-tests", "crash"));
    }

    #[test]
    fn the_program_is_told_from_its_own_tests() {
        let message = |test: bool| {
            serde_json::json!({"reason": "compiler-artifact", "target": {"name": "luhuan", "kind": ["bin"]},
                "profile": {"test": test}, "executable": "/target/debug/luhuan"})
            .to_string()
        };
        assert_eq!(built_program(&message(false)), Some(PathBuf::from("/target/debug/luhuan")));
        assert_eq!(built_program(&message(true)), None);
        assert_eq!(built_program("{\"reason\": \"build-finished\"}"), None);
    }
}
