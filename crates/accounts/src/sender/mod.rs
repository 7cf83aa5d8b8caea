//! How a one-time code reaches its login: an extension point.
//!
//! - [`ConsoleSender`]: prints it, for a demo and for development;
//! - [`WebhookSender`]: hands it, signed, to the operator's SMS and mail gateway.

mod console;
mod webhook;

use async_trait::async_trait;
use luhuan_kernel::{Locale, Secret, Timestamp};

pub use console::{ConsoleSender, ShownCode};
pub use webhook::WebhookSender;

use crate::model::{CodePurpose, Login};

/// A code on its way.
#[derive(Clone, Debug)]
pub struct CodeMessage {
    /// The same for each try of the same code, so that a receiver can drop a repetition.
    pub id: String,
    /// To whom.
    pub login: Login,
    /// The code.
    pub code: Secret<String>,
    /// What it is good for.
    pub purpose: CodePurpose,
    /// In which language to write.
    pub locale: Locale,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// A code was not taken over; a job tries again.
#[derive(Debug, thiserror::Error)]
#[error("the code could not be sent: {0}")]
pub struct SendError(pub String);

/// Sends codes. May be asked twice for the same message after a crash.
#[async_trait]
pub trait CodeSender: Send + Sync + 'static {
    /// Hands a code over.
    ///
    /// # Errors
    /// [`SendError`] when it was not taken over.
    async fn send(&self, message: &CodeMessage) -> Result<(), SendError>;
}
