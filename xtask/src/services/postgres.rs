//! A private PostgreSQL cluster. Each test makes a database of its own in it.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::free_port;
use super::process::{RunAs, Server, command};
use crate::failure::{Failure, Outcome};
use crate::interrupt::Interrupt;
use crate::tools::{group_of, is_root};

/// A free port may be taken before the server gets to it.
const TRIES: usize = 3;

/// The running cluster.
pub struct Postgres {
    // Held for its drop, which stops the server.
    _server: Server,
    port: u16,
}

impl Postgres {
    /// Makes a cluster in `folder` and starts it with the server programs in `programs`.
    pub fn start(programs: &Path, folder: &Path, interrupt: &Interrupt) -> Outcome<Self> {
        let run_as = unprivileged_user()?;
        let cluster = make_cluster(programs, folder, run_as)?;
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::start_server(programs, folder, &cluster, run_as, interrupt) {
                Err(_) if tries < TRIES && !interrupt.is_asked() => {}
                outcome => return outcome,
            }
        }
    }

    /// Where to connect, without a database's name.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}", self.port)
    }

    fn start_server(
        programs: &Path,
        folder: &Path,
        cluster: &Path,
        run_as: RunAs,
        interrupt: &Interrupt,
    ) -> Outcome<Self> {
        let port = free_port()?;
        // INT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
        let mut server = Server::start(
            "PostgreSQL",
            command(&programs.join("postgres"), run_as, "INT")?
                .current_dir(cluster)
                .arg("-D")
                .arg(cluster)
                .args(["-p", &port.to_string(), "-k"])
                .arg(cluster)
                .args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"])
                // Nothing here has to survive a power cut, and the tests are much faster for it.
                .args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]),
            "INT",
            &folder.join("postgres.log"),
        )?;
        server.wait_until(interrupt, || {
            Command::new(programs.join("pg_isready"))
                .args(["--quiet", "--host", "127.0.0.1", "--port", &port.to_string()])
                .stdin(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })?;
        Ok(Self { _server: server, port })
    }
}

/// PostgreSQL refuses to run as root.
fn unprivileged_user() -> Outcome<RunAs> {
    if !is_root() {
        return Ok(RunAs::Caller);
    }
    ["postgres", "nobody"].into_iter().find(|user| group_of(user).is_some()).map(RunAs::User).ok_or_else(
        || {
            Failure::new(
                "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as",
            )
        },
    )
}

fn make_cluster(programs: &Path, folder: &Path, run_as: RunAs) -> Outcome<PathBuf> {
    let cluster = folder.join("postgres");
    std::fs::create_dir(&cluster).map_err(|error| Failure::at(&cluster, "create", &error))?;
    if let RunAs::User(user) = run_as {
        give(folder, &cluster, user)?;
    }
    let locale = if cfg!(target_os = "linux") { "C.UTF-8" } else { "en_US.UTF-8" };
    let output = command(&programs.join("initdb"), run_as, "TERM")?
        .current_dir(&cluster)
        .arg("-D")
        .arg(&cluster)
        .args(["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"])
        .arg(format!("--locale={locale}"))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("cannot run initdb: {error}")))?;
    if output.status.success() {
        Ok(cluster)
    } else {
        Err(Failure::new(format!("initdb failed: {}", String::from_utf8_lossy(&output.stderr))))
    }
}

/// Gives the cluster's folder to `user`, and lets it pass through the run's folder.
fn give(folder: &Path, cluster: &Path, user: &str) -> Outcome<()> {
    let passable = std::fs::Permissions::from_mode(0o711);
    std::fs::set_permissions(folder, passable).map_err(|error| Failure::at(folder, "open", &error))?;
    let status = Command::new("chown")
        .arg(user)
        .arg(cluster)
        .status()
        .map_err(|error| Failure::new(format!("cannot run chown: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("cannot give {} to {user}", cluster.display())))
    }
}
