//! Licence numbers of organisations.

use luhuan_kernel::{Masked, Message, validate};

/// What the check character says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenceCheck {
    /// It fits.
    Fits,
    /// It does not fit. A few codes really issued are so (domain rule: warn, do not block).
    Odd,
}

impl LicenceCheck {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Odd => "odd",
        }
    }
}

/// A 统一社会信用代码 in its normal form.
#[derive(Clone, PartialEq, Eq)]
pub struct Licence {
    number: String,
    check: LicenceCheck,
}

impl Licence {
    /// Reads what was typed.
    ///
    /// # Errors
    /// A sentence for the field, when it cannot be such a code.
    pub fn parse(text: &str) -> Result<Self, Message> {
        use validate::UscCodeError as E;
        if text.chars().count() > 100 {
            return Err(Message::new("accounts-licence-length").with("found", text.chars().count()));
        }
        match validate::usc_code(text) {
            Ok(number) => Ok(Self { number, check: LicenceCheck::Fits }),
            Err(E::Check { code, .. }) => Ok(Self { number: code, check: LicenceCheck::Odd }),
            Err(E::Length { found }) => Err(Message::new("accounts-licence-length").with("found", found)),
            Err(E::Character { at, .. }) => Err(Message::new("accounts-licence-character").with("at", at)),
        }
    }

    /// The whole number, to be sealed or sent to a registry.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.number
    }

    /// What its check character says.
    #[must_use]
    pub const fn check(&self) -> LicenceCheck {
        self.check
    }

    /// As it may be shown.
    #[must_use]
    pub fn masked(&self) -> String {
        Masked::Number(self.number.clone()).to_string()
    }
}

impl std::fmt::Debug for Licence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_licence_never_shows_whole(text in ".{0,40}|[0-9A-HJ-NPQRTUWXY]{18}") {
            if let Ok(licence) = Licence::parse(&text) {
                prop_assert_eq!(licence.expose().len(), 18);
                let printed = format!("{licence:?} {}", licence.masked());
                prop_assert!(!printed.contains(licence.expose()));
            }
        }
    }

    #[test]
    fn an_odd_check_is_kept_with_a_flag() {
        assert_eq!(Licence::parse("91110000101623741k").unwrap().check(), LicenceCheck::Fits);
        let odd = Licence::parse("91110000101623741L").unwrap();
        assert_eq!((odd.check(), odd.masked().as_str()), (LicenceCheck::Odd, "911****741L"));
        assert_eq!(Licence::parse("9111").unwrap_err().key, "accounts-licence-length");
        assert_eq!(Licence::parse("9111000010162374IK").unwrap_err().key, "accounts-licence-character");
    }
}
