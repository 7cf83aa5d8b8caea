//! The one error of these tasks: a sentence for the developer who reads it.

use std::fmt;
use std::io;
use std::path::Path;

/// What a task answers.
pub type Outcome<T> = Result<T, Failure>;

/// Why a task cannot go on, and what to do about it.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure that says `sentence`.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// A failure to `verb` the file or folder at `path`.
    pub fn at(path: &Path, verb: &str, error: &io::Error) -> Self {
        Self(format!("cannot {verb} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
