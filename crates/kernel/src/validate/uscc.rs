//! 统一社会信用代码, the unified social credit code of organisations (GB 32100).

use thiserror::Error;

use super::compact;

/// The 31 characters of the code in the order of their values; I, O, S, V and Z are left out.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Characters in a code, the check character included.
const LENGTH: usize = 18;

/// Why a text is not a unified social credit code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UscCodeError {
    /// Not 18 characters.
    #[error("a unified social credit code has 18 characters, not {found}")]
    Length {
        /// Characters found, separators not counted.
        found: usize,
    },
    /// A character that no code holds.
    #[error("character {at} of a unified social credit code cannot be {found:?}")]
    Character {
        /// Its place, from 1.
        at: usize,
        /// The character.
        found: char,
    },
    /// All characters are possible, but the last does not follow from the others.
    ///
    /// A few old codes that were really issued fail here (domain rule: warn, do not block), so the normal form
    /// comes along for the caller that goes on with a warning.
    #[error("the check character of {code} should be {expected}")]
    Check {
        /// The code in its normal form, as typed.
        code: String,
        /// The check character that the other 17 ask for.
        expected: char,
    },
}

impl UscCodeError {
    /// The normal form of a code whose only fault is its check character: to be accepted with a warning.
    #[must_use]
    pub fn tolerated(&self) -> Option<&str> {
        match self {
            Self::Check { code, .. } => Some(code),
            Self::Length { .. } | Self::Character { .. } => None,
        }
    }
}

/// Reads a unified social credit code: 18 upper-case characters whose last is a check over the others
/// (weights 3^i mod 31, GB 32100 annex; every wrong single character and every swap of two neighbours is seen).
///
/// # Errors
/// [`UscCodeError`]; its case [`Check`](UscCodeError::Check) is a warning rather than a refusal.
pub fn usc_code(text: &str) -> Result<String, UscCodeError> {
    let code = compact(text).to_ascii_uppercase();
    let found = code.chars().count();
    if found != LENGTH {
        return Err(UscCodeError::Length { found });
    }
    let mut values = [0usize; LENGTH];
    for (index, c) in code.chars().enumerate() {
        let value = ALPHABET.iter().position(|letter| char::from(*letter) == c);
        values[index] = value.ok_or(UscCodeError::Character { at: index + 1, found: c })?;
    }
    let expected = check_value(&values[..LENGTH - 1]);
    if values[LENGTH - 1] == expected {
        return Ok(code);
    }
    Err(UscCodeError::Check { code, expected: char::from(ALPHABET[expected]) })
}

/// The value of the check character for the values of the 17 before it.
fn check_value(values: &[usize]) -> usize {
    let (sum, _) = values.iter().fold((0, 1), |(sum, weight), value| (sum + value * weight, weight * 3 % 31));
    (31 - sum % 31) % 31
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn real_codes_pass_however_they_are_typed() {
        for code in ["91110000101623741K", "911101066976941872"] {
            assert_eq!(usc_code(code), Ok(code.to_owned()));
        }
        assert_eq!(usc_code(" 9111 0000 1016 2374 1k "), Ok("91110000101623741K".to_owned()));
        assert_eq!(usc_code("９１１１００００１０１６２３７４１Ｋ"), Ok("91110000101623741K".to_owned()));
    }

    #[test]
    fn each_fault_is_named() {
        assert_eq!(usc_code("9111"), Err(UscCodeError::Length { found: 4 }));
        assert_eq!(usc_code("9111000010162374IK"), Err(UscCodeError::Character { at: 17, found: 'I' }));
        assert_eq!(
            usc_code("统一社会信用代码统一社会信用代码统一"),
            Err(UscCodeError::Character { at: 1, found: '统' })
        );
    }

    #[test]
    fn a_failed_check_is_a_warning_that_keeps_the_code() {
        let error = usc_code("91110000101623741L").unwrap_err();
        assert_eq!(error, UscCodeError::Check { code: "91110000101623741L".into(), expected: 'K' });
        assert_eq!(error.tolerated(), Some("91110000101623741L"));
        assert_eq!(usc_code("9111").unwrap_err().tolerated(), None);
    }

    /// A code with a right check character.
    fn codes() -> impl Strategy<Value = Vec<usize>> {
        prop::collection::vec(0usize..31, LENGTH - 1).prop_map(|mut values| {
            values.push(check_value(&values));
            values
        })
    }

    fn written(values: &[usize]) -> String {
        values.iter().map(|value| char::from(ALPHABET[*value])).collect()
    }

    proptest! {
        #[test]
        fn every_code_with_its_check_passes(values in codes()) {
            prop_assert_eq!(usc_code(&written(&values)), Ok(written(&values)));
        }

        #[test]
        fn every_single_change_is_caught(values in codes(), at in 0..LENGTH, by in 1usize..31) {
            let mut changed = values;
            changed[at] = (changed[at] + by) % 31;
            let caught = matches!(usc_code(&written(&changed)), Err(UscCodeError::Check { .. }));
            prop_assert!(caught);
        }

        #[test]
        fn every_swap_of_neighbours_before_the_check_is_caught(values in codes(), at in 0..LENGTH - 2) {
            prop_assume!(values[at] != values[at + 1]);
            let mut changed = values;
            changed.swap(at, at + 1);
            prop_assert!(usc_code(&written(&changed)).is_err());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = usc_code(&text);
        }
    }
}
