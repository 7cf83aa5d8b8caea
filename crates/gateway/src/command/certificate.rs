//! `luhuan certificate`.

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;
use luhuan_certification::{credential::PublicKey, verify};
use luhuan_kernel::{Clock, SystemClock};

use super::{CommandError, print};

#[derive(Subcommand)]
pub(super) enum Certificate {
    /// Check a certificate's file without any network: its signature, and the proof that the register holds it; exit
    /// code 1 when it does not hold or is not in force
    Verify {
        /// The file, as /api/v1/certification/certificates/{number} answers it
        file: PathBuf,
        /// The public key that you trust (z6Mk…), as /api/v1/certification/key gives it
        #[arg(long)]
        key: String,
    },
}

pub(super) async fn certificate(command: Certificate) -> Result<ExitCode, CommandError> {
    let Certificate::Verify { file, key } = command;
    let text = tokio::fs::read_to_string(&file)
        .await
        .map_err(|error| CommandError::Other(format!("{}: {error}", file.display())))?;
    let key = PublicKey::parse(&key)
        .ok_or_else(|| CommandError::Other(format!("'{key}' is no Ed25519 key: it begins with z6Mk")))?;
    match verify::file(&text, key, SystemClock.now()) {
        Ok(report) => {
            print(&format!("{report}\n"));
            Ok(if report.is_in_force() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Err(error) => {
            print(&format!("NOT genuine: {error}\n"));
            Ok(ExitCode::FAILURE)
        }
    }
}
