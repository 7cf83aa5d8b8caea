//! How long things are kept and tried: `data/limits.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Topic;

/// The data file.
#[derive(Clone, Debug, Deserialize)]
pub struct Limits {
    /// Counts editions of the file.
    pub version: u32,
    /// Since when it holds.
    pub effective_from: String,
    /// Where it comes from.
    pub source: String,
    /// Of the inbox.
    pub inbox: InboxLimits,
    /// Of e-mails.
    pub mail: MailLimits,
    /// Of webhooks.
    pub webhook: WebhookLimits,
}

/// Of the inbox.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct InboxLimits {
    /// Days that a notification is kept.
    pub keep_days: i64,
}

/// Of e-mails.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct MailLimits {
    /// Seconds before a mail on trade goes.
    pub trade_after_seconds: i64,
    /// Seconds before a mail on messages goes.
    pub messages_after_seconds: i64,
    /// Seconds before a mail on the account goes.
    pub account_after_seconds: i64,
    /// Hours after which a mail is of no use.
    pub give_up_after_hours: i64,
}

/// Of webhooks.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct WebhookLimits {
    /// Endpoints of one owner.
    pub per_owner: u64,
    /// Seconds that the receiver may take.
    pub timeout_seconds: u64,
    /// Hours that a delivery is tried.
    pub give_up_after_hours: i64,
    /// Hours without a success after which an endpoint is switched off.
    pub disable_after_hours: i64,
    /// Days that the log is kept.
    pub keep_days: i64,
    /// Hours that the former secret signs along.
    pub former_secret_hours: i64,
}

impl Limits {
    /// The file, read once.
    ///
    /// # Panics
    /// When it does not read as what it should be: it is part of the program, and its tests read it.
    #[must_use]
    pub fn get() -> &'static Self {
        static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
            toml::from_str(include_str!("../../data/limits.toml")).expect("the limits read as limits")
        });
        &LIMITS
    }
}

impl MailLimits {
    /// Seconds before a mail on a topic goes.
    #[must_use]
    pub const fn wait_seconds(&self, topic: Topic) -> i64 {
        match topic {
            Topic::Trade => self.trade_after_seconds,
            Topic::Messages => self.messages_after_seconds,
            Topic::Account => self.account_after_seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_job_outlasts_a_turn_of_posting() {
        let limits = Limits::get();
        assert!(limits.version >= 1 && !limits.source.is_empty() && !limits.effective_from.is_empty());
        let timeout = i64::try_from(limits.webhook.timeout_seconds).unwrap();
        assert!(timeout * 4 < luhuan_store::jobs::LEASE_SECONDS);
        assert!(limits.mail.messages_after_seconds < limits.mail.give_up_after_hours * 3600);
    }
}
