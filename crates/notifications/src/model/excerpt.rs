//! What is kept of a receiver's answer.

/// Bytes of an answer that are looked at.
pub const EXCERPT_BYTES: usize = 1024;

/// The beginning of an answer as text that can be stored and shown: what is no UTF-8 is replaced, control characters
/// but line ends go (PostgreSQL stores no NUL).
#[must_use]
pub fn excerpt(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(EXCERPT_BYTES)];
    String::from_utf8_lossy(bytes).chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_answer_has_an_excerpt_without_control_characters(bytes: Vec<u8>) {
            let text = excerpt(&bytes);
            prop_assert!(text.chars().count() <= EXCERPT_BYTES);
            prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        }
    }
}
