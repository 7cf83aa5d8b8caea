//! An S3-compatible store: moto. It keeps everything in memory.

use std::net::TcpStream;
use std::path::Path;

use super::free_port;
use super::process::{RunAs, Server, command};
use crate::failure::Outcome;
use crate::interrupt::Interrupt;

/// The running store.
pub struct S3 {
    // Held for its drop, which stops the server.
    _server: Server,
    port: u16,
}

impl S3 {
    /// Starts `moto_server`, its log going to `folder`.
    pub fn start(moto_server: &Path, folder: &Path, interrupt: &Interrupt) -> Outcome<Self> {
        let port = free_port()?;
        let mut server = Server::start(
            "moto (S3)",
            command(moto_server, RunAs::Caller, "TERM")?.args(["-H", "127.0.0.1", "-p", &port.to_string()]),
            "TERM",
            &folder.join("s3.log"),
        )?;
        server.wait_until(interrupt, || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
        Ok(Self { _server: server, port })
    }

    /// Where to connect. Any key and secret will do; a test makes a bucket of its own.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}
