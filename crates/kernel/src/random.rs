//! Secrets from the operating system's source of chance.
//!
//! For tokens, keys and salts only. Chance that a rule depends on (a draw, a sample) comes from a seeded Rng
//! passed in, so that it can be tested and repeated.

/// `N` unpredictable bytes.
///
/// # Panics
/// When the operating system has no entropy to give, which leaves nothing safe to do.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides entropy");
    bytes
}

/// A token of 256 bits in URL-safe base64 without padding (43 characters).
#[must_use]
pub fn token() -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// A decimal code of `digits` figures, each equally likely (no modulo bias).
#[must_use]
pub fn digits(digits: usize) -> String {
    let mut code = String::with_capacity(digits);
    while code.len() < digits {
        // 250 is the largest multiple of ten that fits a byte: what lies above would favour small figures.
        code.extend(bytes::<16>().into_iter().filter(|b| *b < 250).map(|b| char::from(b'0' + b % 10)));
    }
    code.truncate(digits);
    code
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_has_the_asked_number_of_figures() {
        let code = super::digits(6);
        assert_eq!(code.len(), 6);
        assert!(code.bytes().all(|b| b.is_ascii_digit()));
    }
}
