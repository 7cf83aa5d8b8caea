//! 公民身份号码, the number of a resident identity card (GB 11643).

use std::fmt;

use thiserror::Error;
use time::{Date, Month};

use super::compact;
use crate::Masked;

/// Weights of the 17 digits: 2^(17 - i) mod 11.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// The check character for each remainder.
const CHECKS: &[u8; 11] = b"10X98765432";
/// Two-digit codes of provinces, municipalities and regions (GB/T 2260), and 81, 82, 83 of the residence
/// permits for Hong Kong, Macao and Taiwan residents, which are numbered by the same standard.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// Why a text is not an identity number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IdentityNumberError {
    /// Not 18 characters. Fifteen-digit numbers of the first generation ended in 2013.
    #[error("an identity number has 18 characters, not {found}")]
    Length {
        /// Characters found, separators not counted.
        found: usize,
    },
    /// A character where a digit must be, or at the end neither a digit nor X.
    #[error("character {at} of an identity number is out of place")]
    Character {
        /// Its place, from 1. The character itself is not repeated: the number is personal.
        at: usize,
    },
    /// The first two digits name no province.
    #[error("the first digits of an identity number name no region")]
    Region,
    /// Digits 7 to 14 are no date of the calendar, or lie before 1850.
    #[error("digits 7 to 14 of an identity number are no birth date")]
    BirthDate,
    /// The last character does not follow from the others.
    #[error("the check character of an identity number does not fit the rest")]
    Check,
}

/// An identity number that is well formed. Sensitive (PIPL art. 28): it prints masked.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityNumber {
    number: String,
    born: Date,
}

impl IdentityNumber {
    /// The whole number, to be encrypted or sent to a registry; name the reason at the call.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// The date of birth in it.
    #[must_use]
    pub const fn born(&self) -> Date {
        self.born
    }

    /// The six-digit code of the county where it was first registered (GB/T 2260 of that time).
    #[must_use]
    pub fn region(&self) -> &str {
        &self.number[..6]
    }

    /// Full years of age on a day; `None` when that day lies before the birth date, so that a number
    /// "born tomorrow" is seen by whoever knows today's date. (Under 14: a guardian consents, PIPL art. 31.)
    #[must_use]
    pub fn age_on(&self, day: Date) -> Option<u8> {
        let had_birthday = (day.month() as u8, day.day()) >= (self.born.month() as u8, self.born.day());
        let years = day.year() - self.born.year() - i32::from(!had_birthday);
        u8::try_from(years).ok()
    }
}

impl fmt::Display for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Masked::Number(self.number.clone()), f)
    }
}
impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads an identity number: region, birth date and check character (ISO 7064 mod 11-2, as GB 11643 has it;
/// every wrong single digit and every swap of two neighbours is seen).
///
/// # Errors
/// [`IdentityNumberError`], by what is wrong first: length, characters, region, birth date, check.
pub fn identity_number(text: &str) -> Result<IdentityNumber, IdentityNumberError> {
    let number = compact(text).to_ascii_uppercase();
    let found = number.chars().count();
    if found != 18 {
        return Err(IdentityNumberError::Length { found });
    }
    let misplaced = |(index, c): (usize, char)| !(c.is_ascii_digit() || index == 17 && c == 'X');
    if let Some((index, _)) = number.chars().enumerate().find(|place| misplaced(*place)) {
        return Err(IdentityNumberError::Character { at: index + 1 });
    }
    let digits = number.as_bytes();
    if !PROVINCES.contains(&((digits[0] - b'0') * 10 + digits[1] - b'0')) {
        return Err(IdentityNumberError::Region);
    }
    let born = birth_date(&number[6..14]).ok_or(IdentityNumberError::BirthDate)?;
    if digits[17] != check(&digits[..17]) {
        return Err(IdentityNumberError::Check);
    }
    Ok(IdentityNumber { number, born })
}

fn birth_date(eight: &str) -> Option<Date> {
    let year: i32 = eight[..4].parse().ok().filter(|year| *year >= 1850)?;
    let month = Month::try_from(eight[4..6].parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, eight[6..].parse().ok()?).ok()
}

/// The check character of 17 ASCII digits.
fn check(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS[sum as usize % 11]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn the_sample_of_the_standard_passes_with_its_birth_date() {
        let number = identity_number("11010519491231002x").unwrap();
        assert_eq!(number.expose(), "11010519491231002X");
        assert_eq!((number.region(), number.born()), ("110105", date!(1949 - 12 - 31)));
        assert_eq!(identity_number("１１０１０５ 19491231 002Ｘ").unwrap(), number);
    }

    #[test]
    fn age_counts_full_years_and_knows_the_unborn() {
        let number = identity_number("11010519491231002X").unwrap();
        assert_eq!(number.age_on(date!(1963 - 12 - 30)), Some(13));
        assert_eq!(number.age_on(date!(1963 - 12 - 31)), Some(14));
        assert_eq!(number.age_on(date!(1949 - 12 - 30)), None);
    }

    #[test]
    fn each_fault_is_named() {
        use IdentityNumberError as E;
        let cases = [
            ("110105491231002", E::Length { found: 15 }),
            ("1101051949123100AX", E::Character { at: 17 }),
            ("X10105194912310021", E::Character { at: 1 }),
            ("990105194912310022", E::Region),
            ("110105194902300022", E::BirthDate),
            ("110105194913010022", E::BirthDate),
            ("110105000112310022", E::BirthDate),
            ("110105194912310021", E::Check),
        ];
        for (text, error) in cases {
            assert_eq!(identity_number(text), Err(error), "{text}");
        }
    }

    #[test]
    fn it_prints_masked_even_in_debug() {
        let number = identity_number("11010519491231002X").unwrap();
        assert_eq!(format!("{number} {number:?}"), "110****002X 110****002X");
    }

    /// A number with a right check character.
    fn numbers() -> impl Strategy<Value = Vec<u8>> {
        (0..PROVINCES.len(), 0u32..10000, 1900u32..2026, 1u32..13, 1u32..29, 0u32..1000).prop_map(
            |(province, county, year, month, day, sequence)| {
                let province = PROVINCES[province];
                let mut digits =
                    format!("{province}{county:04}{year}{month:02}{day:02}{sequence:03}").into_bytes();
                digits.push(check(&digits));
                digits
            },
        )
    }

    fn written(digits: &[u8]) -> String {
        String::from_utf8(digits.to_vec()).unwrap()
    }

    proptest! {
        #[test]
        fn every_number_with_its_check_passes(digits in numbers()) {
            prop_assert!(identity_number(&written(&digits)).is_ok());
        }

        #[test]
        fn every_single_digit_change_is_caught(digits in numbers(), at in 0usize..17, by in 1u8..10) {
            let mut changed = digits;
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
            prop_assert!(identity_number(&written(&changed)).is_err());
        }

        #[test]
        fn every_swap_of_neighbours_is_caught(digits in numbers(), at in 0usize..16) {
            prop_assume!(digits[at] != digits[at + 1]);
            let mut changed = digits;
            changed.swap(at, at + 1);
            prop_assert!(identity_number(&written(&changed)).is_err());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = identity_number(&text);
        }
    }
}
