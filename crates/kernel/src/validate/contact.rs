//! Where somebody is reached: mobile and fixed telephones of mainland China, e-mail addresses.

use thiserror::Error;

use super::{compact, first_non_digit, half_width};

/// Why a text is not a mobile number of mainland China.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MobileError {
    /// A character that is neither a digit nor a usual separator.
    #[error("{found:?} does not belong in a mobile number")]
    Character {
        /// The character.
        found: char,
    },
    /// Not 11 digits, after the country code.
    #[error("a mobile number has 11 digits, not {found}")]
    Length {
        /// Digits found after the country code.
        found: usize,
    },
    /// Not a mobile prefix: the first two digits lie outside 13 to 19.
    #[error("a mobile number begins with 13 to 19")]
    Prefix,
    /// A country code other than 86.
    #[error("only numbers of mainland China (+86)")]
    Country,
}

/// Reads a mobile number: 11 digits beginning with 13 to 19, without country code.
/// `+86`, `0086` and `86` before it, spaces, dashes and full-width digits are understood.
///
/// # Errors
/// [`MobileError`].
pub fn mobile(text: &str) -> Result<String, MobileError> {
    let typed = compact(text);
    let digits = national(&typed).ok_or(MobileError::Country)?;
    if let Some((_, found)) = first_non_digit(digits) {
        return Err(MobileError::Character { found });
    }
    if digits.len() != 11 {
        return Err(MobileError::Length { found: digits.len() });
    }
    if !matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..]) {
        return Err(MobileError::Prefix);
    }
    Ok(digits.to_owned())
}

/// The number without the country code of mainland China; `None` when it names another country.
fn national(typed: &str) -> Option<&str> {
    if let Some(rest) = typed.strip_prefix('+').or_else(|| typed.strip_prefix("00")) {
        return rest.strip_prefix("86");
    }
    // 86 without a plus is the country code only before a whole mobile number.
    match typed.strip_prefix("86") {
        Some(rest) if rest.len() == 11 => Some(rest),
        _ => Some(typed),
    }
}

/// Why a text is not a fixed telephone number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LandlineError {
    /// A character that is neither a digit nor a usual separator.
    #[error("{found:?} does not belong in a telephone number")]
    Character {
        /// The character.
        found: char,
    },
    /// No area code: a fixed number is given with its leading zero, such as 010.
    #[error("begin with the area code, such as 010")]
    AreaCode,
    /// The number after the area code is too short or too long (8 digits; 7 or 8 after a four-digit area code).
    #[error("after the area code come {expected} digits, not {found}")]
    Length {
        /// Digits found after the area code.
        found: usize,
        /// Digits that belong there.
        expected: &'static str,
    },
    /// The number after the area code begins with 0, 1 or 9, which are no subscriber's.
    #[error("no subscriber's number begins so")]
    Subscriber,
    /// The extension is not 1 to 6 digits.
    #[error("an extension has 1 to 6 digits")]
    Extension,
    /// A country code other than 86.
    #[error("only numbers of mainland China (+86)")]
    Country,
}

/// Reads a fixed telephone number with its area code: `010-65123456`, with an extension `010-65123456-801`
/// (typed after a dash, `转`, `分机`, `x`, `ext` or `#`).
///
/// # Errors
/// [`LandlineError`].
pub fn landline(text: &str) -> Result<String, LandlineError> {
    let typed: String = text.trim().chars().map(half_width).collect::<String>().to_lowercase();
    for marker in ["分机", "转", "ext.", "ext", "x", "#"] {
        if let Some((number, extension)) = typed.split_once(marker) {
            return with_extension(&subscriber(number)?, extension);
        }
    }
    if let Some((number, extension)) = typed.rsplit_once('-')
        && let Ok(number) = subscriber(number)
    {
        return with_extension(&number, extension);
    }
    subscriber(&typed)
}

fn with_extension(number: &str, extension: &str) -> Result<String, LandlineError> {
    let digits = compact(extension);
    let fits = (1..=6).contains(&digits.len()) && first_non_digit(&digits).is_none();
    fits.then(|| format!("{number}-{digits}")).ok_or(LandlineError::Extension)
}

/// Area code and number as `010-65123456`.
fn subscriber(text: &str) -> Result<String, LandlineError> {
    let typed = compact(text);
    let foreign = typed.starts_with('+') || typed.starts_with("00");
    let digits = national(&typed).ok_or(LandlineError::Country)?;
    if let Some((_, found)) = first_non_digit(digits) {
        return Err(LandlineError::Character { found });
    }
    // After +86 the zero of the area code falls away.
    let digits = if foreign && !digits.starts_with('0') { format!("0{digits}") } else { digits.to_owned() };
    let (area_length, lengths, expected) = match digits.as_bytes() {
        [b'0', b'1' | b'2', ..] => (3, 8..=8, "8"),
        [b'0', b'3'..=b'9', ..] => (4, 7..=8, "7 to 8"),
        _ => return Err(LandlineError::AreaCode),
    };
    let (area, number) = digits.split_at_checked(area_length).ok_or(LandlineError::AreaCode)?;
    if !lengths.contains(&number.len()) {
        return Err(LandlineError::Length { found: number.len(), expected });
    }
    if !matches!(number.as_bytes()[0], b'2'..=b'8') {
        return Err(LandlineError::Subscriber);
    }
    Ok(format!("{area}-{number}"))
}

/// Why a text is not an e-mail address that we send to.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EmailError {
    /// Not exactly one `@` with something on both sides.
    #[error("an e-mail address is name@domain")]
    Shape,
    /// Longer than 254 characters, the name longer than 64, or a part of the domain longer than 63 (RFC 5321).
    #[error("the e-mail address is too long")]
    Length,
    /// A character that no such address holds.
    #[error("{found:?} does not belong in an e-mail address")]
    Character {
        /// The character.
        found: char,
    },
    /// A dot at the beginning or end of the name, or two in a row.
    #[error("a dot is out of place before the @")]
    Dots,
    /// The domain has no dot, an empty part, a part that begins or ends with a dash, or ends in digits.
    #[error("the part after the @ is no domain")]
    Domain,
}

/// Reads an e-mail address as people have them: an unquoted name and a domain of letters, digits and dashes
/// (RFC 5321; quoted names, address literals and non-ASCII addresses are refused).
/// The domain comes out in lower case; the name keeps its case, as its server may tell them apart.
///
/// # Errors
/// [`EmailError`].
pub fn email(text: &str) -> Result<String, EmailError> {
    let typed: String = text.trim().chars().map(half_width).collect();
    let (name, domain) = typed.split_once('@').ok_or(EmailError::Shape)?;
    if name.is_empty() || domain.is_empty() || domain.contains('@') {
        return Err(EmailError::Shape);
    }
    let in_name = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let in_domain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let stranger = name.chars().find(|c| !in_name(*c)).or_else(|| domain.chars().find(|c| !in_domain(*c)));
    if let Some(found) = stranger {
        return Err(EmailError::Character { found });
    }
    if typed.len() > 254 || name.len() > 64 || domain.split('.').any(|label| label.len() > 63) {
        return Err(EmailError::Length);
    }
    if name.split('.').any(str::is_empty) {
        return Err(EmailError::Dots);
    }
    let labels: Vec<&str> = domain.split('.').collect();
    let broken = |label: &&str| label.is_empty() || label.starts_with('-') || label.ends_with('-');
    let top = labels.last().filter(|top| top.len() >= 2 && !top.bytes().all(|byte| byte.is_ascii_digit()));
    if labels.len() < 2 || labels.iter().any(broken) || top.is_none() {
        return Err(EmailError::Domain);
    }
    Ok(format!("{name}@{}", domain.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_mobile_number_is_read_however_it_is_typed() {
        for text in [
            "13812345678",
            " 138 1234 5678 ",
            "138-1234-5678",
            "+86 138 1234 5678",
            "(+86)13812345678",
            "0086-13812345678",
            "8613812345678",
            "１３８１２３４５６７８",
            "＋８６　１３８－１２３４－５６７８",
            "\u{202d}13812345678\u{202c}",
        ] {
            assert_eq!(mobile(text), Ok("13812345678".to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_mobile_number_says_why() {
        let cases = [
            ("1381234567", MobileError::Length { found: 10 }),
            ("138123456789", MobileError::Length { found: 12 }),
            ("", MobileError::Length { found: 0 }),
            ("12812345678", MobileError::Prefix),
            ("01065123456", MobileError::Prefix),
            ("1381234567a", MobileError::Character { found: 'a' }),
            ("+1 202 555 0100", MobileError::Country),
            ("٣٣٨١٢٣٤٥٦٧٨", MobileError::Character { found: '٣' }),
        ];
        for (text, error) in cases {
            assert_eq!(mobile(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_fixed_number_has_one_normal_form() {
        let cases = [
            ("010-65123456", "010-65123456"),
            ("(010) 6512 3456", "010-65123456"),
            ("+86 10 6512 3456", "010-65123456"),
            ("0086-010-65123456", "010-65123456"),
            ("０１０－６５１２３４５６", "010-65123456"),
            ("010-65123456-801", "010-65123456-801"),
            ("010-65123456转801", "010-65123456-801"),
            ("010 65123456 ext. 801", "010-65123456-801"),
            ("0755-8888-9999", "0755-88889999"),
            ("0311-8888888", "0311-8888888"),
        ];
        for (text, normal) in cases {
            assert_eq!(landline(text), Ok(normal.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_fixed_number_says_why() {
        let cases = [
            ("65123456", LandlineError::AreaCode),
            ("13812345678", LandlineError::AreaCode),
            ("010-6512345", LandlineError::Length { found: 7, expected: "8" }),
            ("0311-888888", LandlineError::Length { found: 6, expected: "7 to 8" }),
            ("010-95588000", LandlineError::Subscriber),
            ("010-65123456转", LandlineError::Extension),
            ("010-6512345六", LandlineError::Character { found: '六' }),
            ("+1 202 555 0100", LandlineError::Country),
            ("01", LandlineError::AreaCode),
        ];
        for (text, error) in cases {
            assert_eq!(landline(text), Err(error), "{text}");
        }
    }

    #[test]
    fn an_address_keeps_its_name_and_lowers_its_domain() {
        assert_eq!(email(" Lin.Wei+shop@Example.COM "), Ok("Lin.Wei+shop@example.com".to_owned()));
        assert_eq!(email("lin＠example．com"), Ok("lin@example.com".to_owned()));
        assert_eq!(email("a@xn--fiqs8s.cn"), Ok("a@xn--fiqs8s.cn".to_owned()));
    }

    #[test]
    fn what_is_no_address_says_why() {
        let long = format!("{}@example.com", "a".repeat(65));
        let cases = [
            ("lin", EmailError::Shape),
            ("@example.com", EmailError::Shape),
            ("lin@", EmailError::Shape),
            ("a@b@example.com", EmailError::Shape),
            ("a b@example.com", EmailError::Character { found: ' ' }),
            ("林@example.com", EmailError::Character { found: '林' }),
            ("a\r\nbcc:x@example.com", EmailError::Character { found: '\r' }),
            (".lin@example.com", EmailError::Dots),
            ("li..n@example.com", EmailError::Dots),
            ("lin@localhost", EmailError::Domain),
            ("lin@-example.com", EmailError::Domain),
            ("lin@example..com", EmailError::Domain),
            ("lin@127.0.0.1", EmailError::Domain),
            (long.as_str(), EmailError::Length),
        ];
        for (text, error) in cases {
            assert_eq!(email(text), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn grouping_never_changes_a_mobile_number(
            digits in "1[3-9][0-9]{9}",
            separators in prop::collection::vec("[ －\u{3000}-]?", 11),
        ) {
            let typed: String = digits.chars().zip(&separators).map(|(digit, gap)| format!("{digit}{gap}")).collect();
            prop_assert_eq!(mobile(&typed), Ok(digits));
        }

        #[test]
        fn a_normal_form_reads_back_as_itself(text in "[0-9a-z@.+転转x -]{0,24}") {
            if let Ok(normal) = mobile(&text) {
                prop_assert_eq!(mobile(&normal), Ok(normal.clone()));
            }
            if let Ok(normal) = landline(&text) {
                prop_assert_eq!(landline(&normal), Ok(normal.clone()));
            }
            if let Ok(normal) = email(&text) {
                prop_assert_eq!(email(&normal), Ok(normal.clone()));
            }
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = (mobile(&text), landline(&text), email(&text));
        }
    }
}
