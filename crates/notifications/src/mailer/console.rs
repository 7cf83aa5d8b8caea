//! Mails on the console.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use super::{Mail, MailError, Mailer};

/// How many mails are kept to be shown.
const KEPT: usize = 100;

/// Prints mails instead of sending them, and keeps the last ones for a demo and for tests. Never for real use.
#[derive(Debug, Default)]
pub struct ConsoleMailer(Mutex<Vec<Mail>>);

impl ConsoleMailer {
    /// The last mails, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Mail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Mailer for ConsoleMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        println!("mail to {}: {}\n{}", mail.to, mail.subject, mail.text);
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.len() == KEPT {
            sent.remove(0);
        }
        sent.push(mail.clone());
        Ok(())
    }
}
