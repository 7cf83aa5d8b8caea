//! What can go wrong.

use std::fmt;

/// Why an index has to be built anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is none yet.
    Absent,
    /// It was built by another version of the program.
    OtherVersion,
    /// Its files are damaged.
    Damaged(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("there is no index yet"),
            Self::OtherVersion => f.write_str("the index was built by another version"),
            Self::Damaged(what) => write!(f, "the index is damaged: {what}"),
        }
    }
}

/// What keeps a search or a change from being done.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The question makes no sense; the sentence is for the one who asked.
    #[error("{0}")]
    Refused(&'static str),
    /// The index must be rebuilt before it serves. Ask the database meanwhile.
    #[error("the search index needs a rebuild: {0}")]
    NeedsRebuild(Reason),
    /// The engine cannot be reached or is overloaded. Ask the database meanwhile, and try again.
    #[error("the search engine is unavailable: {0}")]
    Unavailable(String),
    /// Another process holds the embedded index, which has one holder at a time.
    #[error("another process holds the search index: stop the server that runs on this data folder first")]
    Held,
    /// Anything else; a bug or a broken machine.
    #[error("the search index failed: {0}")]
    Internal(String),
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        match error {
            tantivy::TantivyError::LockFailure(..) => Self::Held,
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<luhuan_kernel::CursorError> for SearchError {
    fn from(_: luhuan_kernel::CursorError) -> Self {
        Self::Refused("the cursor does not belong to this search")
    }
}
