//! Ctrl-C and a polite kill, heard instead of died of, so that what was started is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::failure::{Failure, Outcome};

/// Says whether this process was asked to stop.
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Starts to listen. From here on these signals no longer end the process by themselves.
    pub fn listen() -> Outcome<Self> {
        let asked = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&asked))
                .map_err(|error| Failure::new(format!("cannot listen for signal {signal}: {error}")))?;
        }
        Ok(Self(asked))
    }

    /// Whether it was asked to stop.
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Fails when it was asked to stop: between two steps of a long task.
    pub fn check(&self) -> Outcome<()> {
        if self.is_asked() { Err(Failure::new("interrupted")) } else { Ok(()) }
    }
}
