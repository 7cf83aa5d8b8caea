//! What can go wrong with the database or the blobs.

use http::StatusCode;
use luhuan_kernel::Problem;

/// An error of the store. Its words are for the log, never for a client.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sea_orm::DbErr),
    /// The blob store refused or could not be reached.
    #[error("blobs: {0}")]
    Blobs(#[from] object_store::Error),
    /// What is stored cannot be read as what it should be.
    #[error("stored data: {0}")]
    Corrupt(String),
    /// A folder or file could not be used.
    #[error("file: {0}")]
    File(#[from] std::io::Error),
}

impl Error {
    /// Whether trying again soon may succeed: a busy or unreachable database.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(sea_orm::DbErr::ConnectionAcquire(_) | sea_orm::DbErr::Conn(_)) => true,
            Self::Database(error) => {
                let text = error.to_string();
                ["database is locked", "could not serialize", "deadlock detected"]
                    .iter()
                    .any(|s| text.contains(s))
            }
            _ => false,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "the store failed");
        if error.is_transient() {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(1);
        }
        Self::internal()
    }
}
