//! How e-mails travel: an extension point.
//!
//! - [`SmtpMailer`]: to the operator's mail server;
//! - [`ConsoleMailer`]: prints and keeps them, for a demo and for development.

mod console;
mod smtp;

use async_trait::async_trait;

pub use console::ConsoleMailer;
pub use smtp::SmtpMailer;

/// An e-mail on its way: plain text to one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The same for each try of the same mail; becomes its Message-ID, by which a mail server or program drops a
    /// repetition.
    pub id: String,
    /// The address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The text.
    pub text: String,
}

// The address is personal: it does not print.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a mail was not taken over. Its words go to the log and name no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// It may be taken later.
    #[error("the mail was not taken over: {0}")]
    Later(String),
    /// It never will be: there is no such address, or it may not be written to.
    #[error("the mail will never be taken over: {0}")]
    Never(String),
}

/// Sends mails. May be asked twice for the same mail after a crash.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands a mail over.
    ///
    /// # Errors
    /// [`MailError`] when it was not taken over.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
