//! Load by `wrk` (Debian package of that name), and what a process takes.

use std::{
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A server under load, killed with this guard.
pub struct Server {
    child: Child,
    /// Scheme, host and port.
    pub origin: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a program and waits until it says `ready at http://…/`.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let Some(output) = child.stdout.take() else { return Err(io::Error::other("no output")) };
        for line in BufReader::new(output).lines() {
            let line = line?;
            if let Some((_, rest)) = line.split_once("ready at http://") {
                let origin = format!("http://{}", rest.trim_end_matches('/'));
                return Ok(Self { child, origin });
            }
        }
        let _ = child.kill();
        Err(io::Error::other("the server ended before it was ready"))
    }

    /// Resident memory in MiB.
    pub fn resident_mib(&self) -> u64 {
        resident_mib(self.child.id(), "VmRSS")
    }
}

/// A figure of `/proc/PID/status`, in MiB; 0 where there is none.
pub fn resident_mib(process: u32, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// What a load showed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Answers a second.
    pub per_second: f64,
    /// 99 of 100 answers came within so many milliseconds.
    pub p99_ms: f64,
    /// Answers that were none of 2xx or 3xx.
    pub failed: u64,
}

/// Loads an origin with 16 connections asking for random ones of some paths.
pub fn load(folder: &Path, origin: &str, paths: &[String], seconds: u32) -> io::Result<Figures> {
    let script = folder.join("paths.lua");
    let list: Vec<String> = paths.iter().map(|path| format!("{path:?}")).collect();
    let lua = format!(
        "local paths = {{{}}}\nmath.randomseed(1)\nrequest = function() return wrk.format('GET', paths[math.random(#paths)]) end\n",
        list.join(",")
    );
    std::fs::write(&script, lua)?;
    let output = Command::new("wrk")
        .args([
            "--threads",
            "1",
            "--connections",
            "16",
            "--latency",
            "--duration",
            &format!("{seconds}s"),
            "--script",
        ])
        .arg(&script)
        .arg(origin)
        .output()
        .map_err(|error| {
            io::Error::other(format!("wrk (Debian package 'wrk') is needed for load: {error}"))
        })?;
    Ok(read(&String::from_utf8_lossy(&output.stdout)))
}

fn read(report: &str) -> Figures {
    let after = |label: &str| {
        let line = report.lines().find(|line| line.trim_start().starts_with(label))?;
        line.trim_start().strip_prefix(label).map(|rest| rest.trim().to_owned())
    };
    let p99 = after("99%").unwrap_or_default();
    let number = |text: &str| text.trim_end_matches(char::is_alphabetic).parse::<f64>().unwrap_or_default();
    let p99_ms = match p99.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.') {
        "us" => number(&p99) / 1000.0,
        "s" => number(&p99) * 1000.0,
        _ => number(&p99),
    };
    Figures {
        per_second: after("Requests/sec:").map(|text| number(&text)).unwrap_or_default(),
        p99_ms,
        failed: after("Non-2xx or 3xx responses:").and_then(|text| text.parse().ok()).unwrap_or_default(),
    }
}
