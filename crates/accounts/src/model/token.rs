//! The secrets that sessions and programs carry.

use luhuan_kernel::{Secret, random};
use sha2::{Digest, Sha256};

/// Longest life of an API token, in days.
pub const TOKEN_MAX_DAYS: i64 = 366;

/// What a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A device that signed in.
    Session,
    /// A program.
    ApiToken,
}

impl Credential {
    /// The beginning that tells one kind from the other, and a leaked secret from other text.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Session => "lhs_",
            Self::ApiToken => "lha_",
        }
    }
}

/// What is stored of a token. A token has 256 bits of chance, so a plain hash cannot be guessed back.
pub type TokenHash = [u8; 32];

/// A token as its bearer carries it; shown once, never stored.
#[derive(Clone, Debug)]
pub struct TokenText {
    credential: Credential,
    text: Secret<String>,
}

impl TokenText {
    /// A fresh token.
    #[must_use]
    pub fn new(credential: Credential) -> Self {
        Self { credential, text: Secret::new(format!("{}{}", credential.prefix(), random::token())) }
    }

    /// A token that somebody carries; `None` when it cannot be one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let known = [Credential::Session, Credential::ApiToken];
        let credential = known.into_iter().find(|credential| text.starts_with(credential.prefix()))?;
        let plausible =
            text.len() == 47 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        plausible.then(|| Self { credential, text: Secret::new(text.to_owned()) })
    }

    /// Which kind.
    #[must_use]
    pub const fn credential(&self) -> Credential {
        self.credential
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.text.expose()).into()
    }

    /// Its first characters, to tell one's tokens apart.
    #[must_use]
    pub fn hint(&self) -> String {
        self.text.expose()[..8].to_owned()
    }

    /// The whole text, to hand to its bearer once.
    #[must_use]
    pub fn into_secret(self) -> Secret<String> {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_is_known_again_by_its_hash() {
        let token = TokenText::new(Credential::Session);
        let hash = token.hash();
        let carried = token.into_secret();
        let read = TokenText::read(carried.expose()).unwrap();
        assert_eq!((read.credential(), read.hash()), (Credential::Session, hash));
    }

    proptest! {
        #[test]
        fn any_text_is_a_token_or_a_clean_no(text in ".{0,60}") {
            let _ = TokenText::read(&text);
        }
    }
}
