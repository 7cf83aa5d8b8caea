//! Values that must not be seen whole.

use std::fmt;

/// A value that prints as `***` wherever it is logged or debugged: a password, a token, a key.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(transparent)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; name the reason at the call.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}
impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Personal text that prints masked: a phone as `138****5678`, a name as `张*`, an identity number as its
/// first and last characters.
#[derive(Clone, PartialEq, Eq)]
pub enum Masked {
    /// A telephone number: first three and last four.
    Phone(String),
    /// An e-mail address: first letter of the local part, and the domain.
    Email(String),
    /// A personal name: the first character.
    Name(String),
    /// An identity or licence number: first three and last four.
    Number(String),
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(text) | Self::Number(text) => {
                let chars: Vec<char> = text.chars().collect();
                if chars.len() < 8 {
                    return f.write_str("****");
                }
                let head: String = chars[..3].iter().collect();
                let tail: String = chars[chars.len() - 4..].iter().collect();
                write!(f, "{head}****{tail}")
            }
            Self::Email(text) => match text.split_once('@') {
                Some((local, domain)) => {
                    write!(f, "{}***@{domain}", local.chars().next().unwrap_or('*'))
                }
                None => f.write_str("***"),
            },
            Self::Name(text) => match text.chars().next() {
                Some(first) => write!(f, "{first}*"),
                None => f.write_str("*"),
            },
        }
    }
}
impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_values_print_masked_even_in_debug() {
        assert_eq!(Masked::Phone("13812345678".into()).to_string(), "138****5678");
        assert_eq!(format!("{:?}", Masked::Name("张三丰".into())), "张*");
        assert_eq!(Masked::Email("lin@example.com".into()).to_string(), "l***@example.com");
        assert_eq!(Masked::Number("11010519491231002X".into()).to_string(), "110****002X");
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "***");
    }
}
