//! Hashing passwords, off the async threads, and not more at once than there are cores.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use luhuan_kernel::{Secret, random};
use tokio::sync::Semaphore;

use super::Accounts;
use crate::{
    Error, Hashing,
    model::{Login, PASSWORD_MAX, PasswordText},
};

/// A password, hashed: made outside a unit of work, because hashing takes longer than a transaction should.
#[derive(Clone, PartialEq, Eq)]
pub struct HashedPassword(String);

impl std::fmt::Debug for HashedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

impl HashedPassword {
    /// The PHC string, to store.
    pub(crate) fn into_stored(self) -> String {
        self.0
    }
}

impl Accounts {
    /// Reads and hashes a new password.
    ///
    /// # Errors
    /// [`Error::Invalid`] with `field` when it is not good enough.
    pub async fn hash_password(
        &self,
        field: &str,
        password: &Secret<String>,
        login: Option<&Login>,
    ) -> Result<HashedPassword, Error> {
        let password =
            PasswordText::parse(password, login).map_err(|message| Error::field(field, message))?;
        self.passwords.hash(password).await
    }
}

/// The hasher.
#[derive(Clone)]
pub(crate) struct Passwords {
    hashing: Hashing,
    slots: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl Passwords {
    pub(crate) fn new(hashing: Hashing, at_once: usize) -> Self {
        // A hash that no password has, to spend the same time on a login that does not exist.
        let nobody = format!(
            "$argon2id$v=19$m={},t={},p={}$bm9ib2R5IGlzIGhlcmU$bm8gcGFzc3dvcmQgaGFzaGVzIHRvIHRoaXMgdGV4dCE",
            hashing.memory_kib, hashing.passes, hashing.lanes
        );
        Self { hashing, slots: Arc::new(Semaphore::new(at_once.max(1))), nobody: nobody.into() }
    }

    /// The password's hash with a fresh salt.
    pub(crate) async fn hash(&self, password: PasswordText) -> Result<HashedPassword, Error> {
        let hashing = self.hashing;
        self.off_thread(move || {
            let salt = random::bytes::<16>();
            let hash: PasswordHash = hasher(hashing)?
                .hash_password_with_salt(password.expose().as_bytes(), &salt)
                .map_err(|error| Error::Hashing(error.to_string()))?;
            Ok(HashedPassword(hash.to_string()))
        })
        .await
    }

    /// Whether a password has a hash; `None`, there being no such account, takes as long as any other.
    pub(crate) async fn fits(&self, password: &Secret<String>, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        // Longer than any password could be: not worth hashing, yet worth the same time.
        let plausible = password.expose().chars().count() <= PASSWORD_MAX;
        let password = if plausible { password.clone() } else { Secret::new(String::new()) };
        let hash = hash.unwrap_or_else(|| self.nobody.to_string());
        let hashing = self.hashing;
        let fits = self
            .off_thread(move || {
                let hash = PasswordHash::new(&hash).map_err(|error| Error::Hashing(error.to_string()))?;
                // The parameters in the hash count, not ours: an older hash stays good until it is renewed.
                Ok(hasher(hashing)?.verify_password(password.expose().as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(fits && known && plausible)
    }

    /// Whether a hash was made with other parameters than those in force.
    pub(crate) fn is_outdated(&self, hash: &str) -> bool {
        let Hashing { memory_kib, passes, lanes } = self.hashing;
        !hash.starts_with(&format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}$"))
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let slot = Arc::clone(&self.slots)
            .acquire_owned()
            .await
            .map_err(|error| Error::Hashing(error.to_string()))?;
        let done = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also when the request that asked for it is gone.
            let _slot = slot;
            work()
        });
        done.await.map_err(|error| Error::Hashing(error.to_string()))?
    }
}

fn hasher(hashing: Hashing) -> Result<Argon2<'static>, Error> {
    let params = Params::new(hashing.memory_kib, hashing.passes, hashing.lanes, None)
        .map_err(|error| Error::Hashing(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn a_password_fits_its_hash_alone_and_nobodys_fits_none() {
        let passwords = Passwords::new(Hashing::for_tests(), 1);
        let text = PasswordText::parse(&password("山高月小水落石出"), None).unwrap();
        let hash = passwords.hash(text).await.unwrap().into_stored();
        assert!(passwords.fits(&password("山高月小水落石出"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.fits(&password("山高月小水落石"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.fits(&password("山高月小水落石出"), None).await.unwrap());
        assert!(!passwords.fits(&password(&"x".repeat(10_000)), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn a_hash_with_other_parameters_still_fits_and_is_known_as_outdated() {
        let light = Passwords::new(Hashing::for_tests(), 1);
        let text = PasswordText::parse(&password("correct horse"), None).unwrap();
        let hash = light.hash(text).await.unwrap().into_stored();
        let heavier = Passwords::new(Hashing { memory_kib: 16, ..Hashing::for_tests() }, 1);
        assert!(heavier.fits(&password("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(heavier.is_outdated(&hash) && !light.is_outdated(&hash));
    }
}
