//! Codes on the console.

use std::sync::Mutex;

use async_trait::async_trait;
use luhuan_kernel::{Secret, Timestamp};

use super::{CodeMessage, CodeSender, SendError};
use crate::model::Login;

/// How many codes are kept to be shown.
const KEPT: usize = 100;

/// A code that was printed.
#[derive(Clone, Debug)]
pub struct ShownCode {
    /// To whom it would have gone.
    pub login: Login,
    /// The code.
    pub code: Secret<String>,
    /// Until when it holds.
    pub expires_at: Timestamp,
}

/// Prints codes instead of sending them, and keeps the last ones for a demo's page. Never for real use.
#[derive(Debug, Default)]
pub struct ConsoleSender(Mutex<Vec<ShownCode>>);

impl ConsoleSender {
    /// The latest code of a login.
    #[must_use]
    pub fn last_for(&self, login: &Login) -> Option<ShownCode> {
        self.shown().iter().rev().find(|shown| shown.login == *login).cloned()
    }

    /// The latest code.
    #[must_use]
    pub fn last(&self) -> Option<ShownCode> {
        self.shown().last().cloned()
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, Vec<ShownCode>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl CodeSender for ConsoleSender {
    async fn send(&self, message: &CodeMessage) -> Result<(), SendError> {
        println!("code for {}: {}", message.login, message.code.expose());
        let mut shown = self.shown();
        if shown.len() == KEPT {
            shown.remove(0);
        }
        shown.push(ShownCode {
            login: message.login.clone(),
            code: message.code.clone(),
            expires_at: message.expires_at,
        });
        Ok(())
    }
}
