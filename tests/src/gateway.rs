//! A gateway process under test, and its command line.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::environment;

/// How long a gateway may take until it is ready. A demo city loaded by an unoptimised build takes its time.
const READY_WITHIN: Duration = Duration::from_secs(180);

/// How long a graceful stop may take.
const STOP_WITHIN: Duration = Duration::from_secs(30);

/// A free port may be taken before the gateway gets to it.
const TRIES: u32 = 3;

/// How to start `luhuan`.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The data folder.
    pub data: PathBuf,
    /// A PostgreSQL database; none for SQLite in the data folder.
    pub database_url: Option<String>,
    /// Further arguments of `serve`, such as `--demo`.
    pub arguments: Vec<String>,
    /// Further environment variables, for every command.
    pub variables: Vec<(String, String)>,
}

impl Launch {
    /// A command of `luhuan` on this data folder and database. Nothing of the developer's own configuration
    /// reaches it.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(environment::required(environment::PROGRAM));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("LUHUAN_"))
        {
            command.env_remove(name);
        }
        command.args(arguments).arg("--data").arg(&self.data).stdin(Stdio::null());
        if let Some(url) = &self.database_url {
            command.args(["--database-url", url]);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end, giving it `input` to read.
    ///
    /// # Panics
    /// When it cannot be started, or does not take the input.
    #[must_use]
    pub fn output(&self, arguments: &[&str], input: &str) -> Output {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run luhuan: {error}"));
        if let Some(mut stdin) = child.stdin.take()
            && let Err(error) = stdin.write_all(input.as_bytes())
        {
            // A command that reads no input may have ended by now.
            assert!(
                error.kind() == ErrorKind::BrokenPipe,
                "luhuan {} takes no input: {error}",
                arguments.join(" ")
            );
        }
        child.wait_with_output().unwrap_or_else(|error| panic!("cannot read what luhuan prints: {error}"))
    }

    /// Runs a command that must succeed, giving it `input` to read, and answers what it prints.
    ///
    /// # Panics
    /// When it fails, with what it said.
    pub fn print(&self, arguments: &[&str], input: &str) -> String {
        let output = self.output(arguments, input);
        assert!(
            output.status.success(),
            "luhuan {} failed ({}):\n{}",
            arguments.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// A running `luhuan serve`. It is killed when this is dropped.
#[derive(Debug)]
pub struct Gateway {
    child: Child,
    port: u16,
    log: PathBuf,
}

impl Gateway {
    /// Starts one on a free loopback port and waits until it is ready.
    ///
    /// # Panics
    /// When it does not come up, with the end of its log.
    pub async fn start(launch: &Launch) -> Self {
        for _ in 1..TRIES {
            let mut gateway = Self::spawn(launch, environment::free_port());
            if gateway.becomes_ready().await {
                return gateway;
            }
            if !gateway.log_tail().contains("in use") {
                gateway.panic_unready();
            }
        }
        Self::start_on(launch, environment::free_port()).await
    }

    /// Starts one on this port, which an earlier one had.
    ///
    /// # Panics
    /// When it does not come up, with the end of its log.
    pub async fn start_on(launch: &Launch, port: u16) -> Self {
        let mut gateway = Self::spawn(launch, port);
        if !gateway.becomes_ready().await {
            gateway.panic_unready();
        }
        gateway
    }

    /// Where it answers.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without a warning, as a power cut or the kernel does (SIGKILL).
    pub fn kill9(&mut self) {
        // Either fails only when the process has ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }

    /// Asks it to stop (SIGTERM) and waits for its end.
    ///
    /// # Panics
    /// When it does not stop in time.
    pub fn stop(&mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-s", "TERM", &self.pid().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "cannot send SIGTERM to the gateway");
        let start = Instant::now();
        while start.elapsed() < STOP_WITHIN {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the gateway did not stop within {} s:\n{}", STOP_WITHIN.as_secs(), self.log_tail());
    }

    /// All that it logged so far.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn spawn(launch: &Launch, port: u16) -> Self {
        let log = launch.data.with_extension("log");
        let listen = format!("127.0.0.1:{port}");
        let child = launch
            .command(&["serve", "--listen", &listen])
            .args(&launch.arguments)
            .stdout(append(&log))
            .stderr(append(&log))
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start the gateway: {error}"));
        Self { child, port, log }
    }

    async fn becomes_ready(&mut self) -> bool {
        let client = Client::new(self.origin());
        let start = Instant::now();
        while start.elapsed() < READY_WITHIN && matches!(self.child.try_wait(), Ok(None)) {
            let request =
                client.request(reqwest::Method::GET, "/health/ready").timeout(Duration::from_secs(5));
            if client.try_send(request).await.is_ok_and(|answer| answer.status.is_success()) {
                // Another process may have had the port, and ours have died of it in this moment.
                return matches!(self.child.try_wait(), Ok(None));
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        false
    }

    fn panic_unready(&mut self) -> ! {
        match self.child.try_wait() {
            Ok(Some(status)) => panic!("the gateway ended before it was ready ({status})"),
            _ => panic!("the gateway was not ready within {} s", READY_WITHIN.as_secs()),
        }
    }

    fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.kill9();
        if std::thread::panicking() {
            eprintln!("The gateway's log ended with:\n{}", self.log_tail());
        }
    }
}

fn append(log: &Path) -> File {
    File::options()
        .create(true)
        .append(true)
        .open(log)
        .unwrap_or_else(|error| panic!("cannot write {}: {error}", log.display()))
}
