//! A mail server: aiosmtpd. It puts what it takes over into a Maildir.

use std::net::TcpStream;
use std::path::{Path, PathBuf};

use super::free_port;
use super::process::{RunAs, Server, command};
use crate::failure::Outcome;
use crate::interrupt::Interrupt;

/// The running mail server.
pub struct Smtp {
    // Held for its drop, which stops the server.
    _server: Server,
    port: u16,
    maildir: PathBuf,
}

impl Smtp {
    /// Starts aiosmtpd with `python`, its log and its mails going to `folder`.
    pub fn start(python: &Path, folder: &Path, interrupt: &Interrupt) -> Outcome<Self> {
        let port = free_port()?;
        let maildir = folder.join("mail");
        let mut server = Server::start(
            "aiosmtpd (SMTP)",
            command(python, RunAs::Caller, "TERM")?
                .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}")])
                .args(["-c", "aiosmtpd.handlers.Mailbox"])
                .arg(&maildir),
            "TERM",
            &folder.join("smtp.log"),
        )?;
        server.wait_until(interrupt, || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
        Ok(Self { _server: server, port, maildir })
    }

    /// Where to connect; any recipient will do.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Where the mails lie, one a file in `new`.
    pub fn maildir(&self) -> &Path {
        &self.maildir
    }
}
