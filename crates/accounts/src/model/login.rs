//! What somebody signs in with.

use std::fmt;

use luhuan_kernel::{Masked, Message, validate};

/// Phone or e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginKind {
    /// A mobile number of mainland China.
    Phone,
    /// An e-mail address.
    Email,
}

impl LoginKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }
}

/// A login in its one normal form. Personal: it prints masked.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    kind: LoginKind,
    value: String,
}

impl Login {
    /// Reads what was typed: with an `@` an e-mail address, else a mobile number.
    ///
    /// # Errors
    /// A sentence for the field, when it is neither.
    pub fn parse(text: &str) -> Result<Self, Message> {
        // Longer than any address (RFC 5321): not worth reading.
        if text.chars().count() > 300 {
            return Err(Message::new("accounts-login"));
        }
        if text.trim().is_empty() {
            return Err(Message::new("accounts-login-empty"));
        }
        if text.contains(['@', '＠']) {
            let value = validate::email(text).map_err(|_| Message::new("accounts-email"))?;
            // Two addresses that differ in case alone would be two accounts that nobody can tell apart.
            return Ok(Self { kind: LoginKind::Email, value: value.to_lowercase() });
        }
        let value = validate::mobile(text).map_err(|error| match error {
            validate::MobileError::Length { found } => {
                Message::new("accounts-phone-length").with("found", found)
            }
            validate::MobileError::Country => Message::new("accounts-phone-country"),
            _ => Message::new("accounts-login"),
        })?;
        Ok(Self { kind: LoginKind::Phone, value })
    }

    /// A login as stored.
    #[must_use]
    pub fn stored(kind: &str, value: String) -> Self {
        let kind = if kind == LoginKind::Phone.code() { LoginKind::Phone } else { LoginKind::Email };
        Self { kind, value }
    }

    /// Which.
    #[must_use]
    pub const fn kind(&self) -> LoginKind {
        self.kind
    }

    /// The whole text, to store, to look up or to send to; name the reason at the call.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.value
    }

    /// A name to show until the person chooses one: never the whole login.
    #[must_use]
    pub fn default_name(&self) -> String {
        match self.kind {
            LoginKind::Phone => format!("用户{}", &self.value[self.value.len().saturating_sub(4)..]),
            LoginKind::Email => {
                let local = self.value.split('@').next().unwrap_or_default();
                format!("用户{}", local.chars().take(2).collect::<String>())
            }
        }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            LoginKind::Phone => Masked::Phone(self.value.clone()).fmt(f),
            LoginKind::Email => Masked::Email(self.value.clone()).fmt(f),
        }
    }
}
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_person_has_one_login_however_it_is_typed() {
        let phone = Login::parse("13812345678").unwrap();
        assert_eq!(Login::parse("+86 138-1234-5678").unwrap(), phone);
        assert_eq!(Login::parse("１３８１２３４５６７８").unwrap(), phone);
        assert_eq!(Login::parse("Lin@Example.com").unwrap(), Login::parse(" lin＠example.COM ").unwrap());
    }

    #[test]
    fn a_wrong_login_says_what_to_do() {
        assert_eq!(Login::parse("").unwrap_err().key, "accounts-login-empty");
        assert_eq!(Login::parse("1381234567").unwrap_err().key, "accounts-phone-length");
        assert_eq!(Login::parse("+1 202 555 0100").unwrap_err().key, "accounts-phone-country");
        assert_eq!(Login::parse("lin@").unwrap_err().key, "accounts-email");
        assert_eq!(Login::parse("林").unwrap_err().key, "accounts-login");
    }

    #[test]
    fn a_login_prints_masked() {
        assert_eq!(format!("{:?}", Login::parse("13812345678").unwrap()), "138****5678");
        assert_eq!(Login::parse("lin@example.com").unwrap().to_string(), "l***@example.com");
    }

    proptest! {
        #[test]
        fn what_is_read_reads_back_to_itself(text in ".{0,40}|1[3-9][0-9]{9}|[a-zA-Z.]{1,8}@[a-z]{1,8}\\.com") {
            if let Ok(login) = Login::parse(&text) {
                prop_assert_eq!(Login::parse(login.expose()), Ok(login));
            }
        }
    }
}
