//! What personal data is used for, and on which ground.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The legal ground of a use (PIPL art. 13, 29).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Needed to render the service.
    Contract,
    /// Agreed to.
    Consent,
    /// Agreed to on its own, because the data is sensitive.
    SeparateConsent,
}

impl Basis {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Consent => "consent",
            Self::SeparateConsent => "separate-consent",
        }
    }
}

/// A purpose, in the version in force.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Purpose {
    /// The stable code; the sentences are `accounts-consent-{code}`.
    pub code: String,
    /// The version of the notice in force.
    pub version: String,
    /// On which ground.
    pub basis: Basis,
    /// Whether the service cannot be rendered without it: asked at sign-up, ends with the account.
    pub required: bool,
    /// The rule it follows.
    pub source: String,
}

#[derive(Deserialize)]
struct File {
    purpose: Vec<Purpose>,
}

static PURPOSES: LazyLock<Vec<Purpose>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../data/consents.toml"))
        .expect("consents.toml is part of the program");
    file.purpose
});

/// Every purpose in force.
#[must_use]
pub fn consents() -> &'static [Purpose] {
    &PURPOSES
}

/// The purpose with a code.
#[must_use]
pub fn purpose(code: &str) -> Option<&'static Purpose> {
    PURPOSES.iter().find(|purpose| purpose.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sensitive_is_asked_on_its_own_and_nothing_optional_is_required() {
        assert!(consents().iter().all(|purpose| purpose.required == (purpose.basis == Basis::Contract)));
        assert_eq!(purpose("identity").unwrap().basis, Basis::SeparateConsent);
        assert_eq!(purpose("location").unwrap().basis, Basis::SeparateConsent);
        assert_eq!(purpose("no-such-purpose"), None);
    }
}
