//! One-time codes.

use luhuan_kernel::validate::half_width;

/// Figures in a code.
pub const CODE_DIGITS: usize = 6;
/// How long a code holds.
pub const CODE_MINUTES: i64 = 10;
/// Wrong tries before a code is void: five guesses of a million.
pub const CODE_TRIES: i32 = 5;
/// Seconds before another code is sent to the same login.
pub const RESEND_SECONDS: i64 = 60;

/// What a code is good for. A code for one purpose is worth nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePurpose {
    /// Signing in, and with it showing that the login is one's own.
    SignIn,
    /// Confirming something grave while signed in: a new password, an erasure.
    Confirm,
}

impl CodePurpose {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Confirm => "confirm",
        }
    }
}

/// What was typed as a code, in half width and without spaces; `None` when it is no code.
#[must_use]
pub fn read_code(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let code: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    (code.len() == CODE_DIGITS && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_six_figures_or_a_clean_no(text in ".{0,80}|[0-9 ]{6,9}") {
            if let Some(code) = read_code(&text) {
                prop_assert!(code.len() == CODE_DIGITS && code.bytes().all(|b| b.is_ascii_digit()));
            }
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(read_code(" 123 456 ").as_deref(), Some("123456"));
        assert_eq!(read_code("１２３４５６").as_deref(), Some("123456"));
        assert_eq!(read_code("12345"), None);
        assert_eq!(read_code("12345a"), None);
    }
}
