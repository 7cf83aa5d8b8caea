//! What a password must be.

use std::collections::HashSet;
use std::sync::LazyLock;

use luhuan_kernel::{Message, Secret};

use super::Login;

/// Fewest characters (NIST SP 800-63B §3.1.1).
pub const PASSWORD_MIN: usize = 8;
/// Most characters: hashing costs time.
pub const PASSWORD_MAX: usize = 128;

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../../data/common_passwords.txt").lines().filter(|line| !line.starts_with('#')).collect()
});

/// A password that is good enough to be hashed. Length counts, mixed classes do not (NIST SP 800-63B).
#[derive(Clone, Debug)]
pub struct PasswordText(Secret<String>);

impl PasswordText {
    /// Reads a new password.
    ///
    /// # Errors
    /// A sentence for the field: too short, too long, among the most common, or the login itself.
    pub fn parse(text: &Secret<String>, login: Option<&Login>) -> Result<Self, Message> {
        let length = text.expose().chars().count();
        if length < PASSWORD_MIN {
            return Err(Message::new("accounts-password-short").with("min", PASSWORD_MIN));
        }
        if length > PASSWORD_MAX {
            return Err(Message::new("accounts-too-long").with("max", PASSWORD_MAX));
        }
        let lower = text.expose().to_lowercase();
        if COMMON.contains(lower.as_str()) || login.is_some_and(|login| lower == login.expose()) {
            return Err(Message::new("accounts-password-common"));
        }
        Ok(Self(text.clone()))
    }

    /// The characters, to hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> &'static str {
        let login = Login::parse("13812345678").unwrap();
        PasswordText::parse(&Secret::new(text.to_owned()), Some(&login)).unwrap_err().key
    }

    #[test]
    fn length_counts_and_the_obvious_is_refused() {
        assert_eq!(refused("short"), "accounts-password-short");
        assert_eq!(refused(&"x".repeat(129)), "accounts-too-long");
        assert_eq!(refused("Password"), "accounts-password-common");
        assert_eq!(refused("13812345678"), "accounts-password-common");
        assert!(PasswordText::parse(&Secret::new("山高月小水落石出".to_owned()), None).is_ok());
    }
}
