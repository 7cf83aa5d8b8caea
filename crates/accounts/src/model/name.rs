//! Names and other one-line texts that others see.

use luhuan_kernel::Message;

/// A person's or organisation's name as others see it: 1 to 40 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// Most characters in a name.
    pub const MAX: usize = 40;

    /// Reads a name: spaces at the ends fall away.
    ///
    /// # Errors
    /// A sentence for the field, when it is empty, too long or holds characters that do not show.
    pub fn parse(text: &str) -> Result<Self, Message> {
        line(text, Self::MAX).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, taken out.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// One line of 1 to `max` visible characters.
///
/// # Errors
/// A sentence for the field.
pub fn line(text: &str, max: usize) -> Result<String, Message> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Message::new("accounts-empty"));
    }
    if text.chars().count() > max {
        return Err(Message::new("accounts-too-long").with("max", max));
    }
    if text.chars().any(hidden) {
        return Err(Message::new("accounts-hidden-characters"));
    }
    Ok(text.to_owned())
}

/// Control characters, and the marks that turn the direction of writing or hide letters: with them one name can
/// be made to look like another.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_a_name_is_one_to_its_reader_too(text in "\\PC{0,50}|.{0,50}") {
            if let Ok(name) = DisplayName::parse(&text) {
                prop_assert_eq!(DisplayName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!(name.as_str().chars().count() <= DisplayName::MAX && !name.as_str().contains('\0'));
            }
        }
    }

    #[test]
    fn a_name_is_one_visible_line() {
        assert_eq!(DisplayName::parse("  林小满 ").unwrap().as_str(), "林小满");
        assert_eq!(DisplayName::parse("  ").unwrap_err().key, "accounts-empty");
        assert_eq!(DisplayName::parse("a\0b").unwrap_err().key, "accounts-hidden-characters");
        assert_eq!(DisplayName::parse("a\u{202e}b").unwrap_err().key, "accounts-hidden-characters");
        assert_eq!(DisplayName::parse(&"长".repeat(41)).unwrap_err().key, "accounts-too-long");
    }
}
