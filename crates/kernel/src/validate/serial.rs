//! What a phone and an electronic invoice are known by.

use thiserror::Error;

use super::{compact, first_non_digit};

/// Why a text is not an IMEI.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ImeiError {
    /// A character that is neither a digit nor a usual separator.
    #[error("character {at} of an IMEI cannot be {found:?}")]
    Character {
        /// Its place, from 1.
        at: usize,
        /// The character.
        found: char,
    },
    /// Not 15 digits. (Sixteen are an IMEISV, which has no check digit.)
    #[error("an IMEI has 15 digits, not {found}")]
    Length {
        /// Digits found.
        found: usize,
    },
    /// Fifteen zeros, which some devices show when they have lost their number.
    #[error("an IMEI is not all zeros")]
    Zeros,
    /// The last digit does not follow from the others.
    #[error("the check digit of the IMEI should be {expected}")]
    Check {
        /// The check digit that the other 14 ask for.
        expected: u8,
    },
}

/// Reads an IMEI: 15 digits of which the last is a Luhn check (3GPP TS 23.003 annex B; every wrong single digit
/// is seen, and every swap of neighbours but 0 and 9).
///
/// # Errors
/// [`ImeiError`].
pub fn imei(text: &str) -> Result<String, ImeiError> {
    let number: String = compact(text).chars().filter(|c| *c != '/').collect();
    if let Some((at, found)) = first_non_digit(&number) {
        return Err(ImeiError::Character { at, found });
    }
    if number.len() != 15 {
        return Err(ImeiError::Length { found: number.len() });
    }
    if number.bytes().all(|digit| digit == b'0') {
        return Err(ImeiError::Zeros);
    }
    let expected = luhn(&number.as_bytes()[..14]);
    if number.as_bytes()[14] - b'0' != expected {
        return Err(ImeiError::Check { expected });
    }
    Ok(number)
}

/// The Luhn check digit of ASCII digits: every second one, counted from the right, doubled.
fn luhn(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            let value = u32::from(digit - b'0') * if index % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or_default()
}

/// Why a text is not the number of an electronic invoice.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum InvoiceNumberError {
    /// A character that is neither a digit nor a usual separator.
    #[error("character {at} of an invoice number cannot be {found:?}")]
    Character {
        /// Its place, from 1.
        at: usize,
        /// The character.
        found: char,
    },
    /// Not 20 digits.
    #[error("the number of an electronic invoice has 20 digits, not {found}")]
    Length {
        /// Digits found.
        found: usize,
    },
}

/// Reads the number of a fully digital invoice (数电票): 20 digits, of which 1–2 are the year, 3–4 the region,
/// 5 the channel and 6–20 the sequence. There is no check digit.
///
/// # Errors
/// [`InvoiceNumberError`].
pub fn invoice_number(text: &str) -> Result<String, InvoiceNumberError> {
    let number = compact(text);
    if let Some((at, found)) = first_non_digit(&number) {
        return Err(InvoiceNumberError::Character { at, found });
    }
    if number.len() != 20 {
        return Err(InvoiceNumberError::Length { found: number.len() });
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_imei_is_read_however_it_is_typed() {
        for text in
            ["490154203237518", "49-015420-323751-8", "49 015420/323751 8", "４９０１５４２０３２３７５１８"]
        {
            assert_eq!(imei(text), Ok("490154203237518".to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_imei_says_why() {
        let cases = [
            ("490154203237519", ImeiError::Check { expected: 8 }),
            ("49015420323751", ImeiError::Length { found: 14 }),
            ("4901542032375180", ImeiError::Length { found: 16 }),
            ("49015420323751O", ImeiError::Character { at: 15, found: 'O' }),
            ("000000000000000", ImeiError::Zeros),
        ];
        for (text, error) in cases {
            assert_eq!(imei(text), Err(error), "{text}");
        }
    }

    #[test]
    fn an_invoice_number_has_twenty_digits() {
        assert_eq!(invoice_number("2411 2000 0000 1234 5678"), Ok("24112000000012345678".to_owned()));
        assert_eq!(invoice_number("2411200000001234567"), Err(InvoiceNumberError::Length { found: 19 }));
        assert_eq!(
            invoice_number("2411200000001234567X"),
            Err(InvoiceNumberError::Character { at: 20, found: 'X' })
        );
    }

    fn imeis() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(b'0'..=b'9', 14)
            .prop_filter("not all zeros", |digits| digits.iter().any(|d| *d != b'0'))
            .prop_map(|mut digits| {
                digits.push(b'0' + luhn(&digits));
                digits
            })
    }

    fn written(digits: &[u8]) -> String {
        String::from_utf8(digits.to_vec()).unwrap()
    }

    proptest! {
        #[test]
        fn every_imei_with_its_check_passes(digits in imeis()) {
            prop_assert_eq!(imei(&written(&digits)), Ok(written(&digits)));
        }

        #[test]
        fn every_single_digit_change_is_caught(digits in imeis(), at in 0usize..15, by in 1u8..10) {
            let mut changed = digits;
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
            prop_assert!(imei(&written(&changed)).is_err());
        }

        #[test]
        fn a_swap_of_neighbours_is_caught_unless_they_are_0_and_9(digits in imeis(), at in 0usize..14) {
            let pair = (digits[at].min(digits[at + 1]), digits[at].max(digits[at + 1]));
            prop_assume!(pair.0 != pair.1 && pair != (b'0', b'9'));
            let mut changed = digits;
            changed.swap(at, at + 1);
            prop_assert!(imei(&written(&changed)).is_err());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = (imei(&text), invoice_number(&text));
        }
    }
}
