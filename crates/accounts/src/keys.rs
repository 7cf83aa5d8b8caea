//! Keys for what is stored sealed, and for hashes that only we can make.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use luhuan_kernel::{Secret, random};
use sha2::Sha256;

/// Stored data that cannot be sealed or opened. Its words are for the log.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// It was sealed with a key that is not at hand.
    #[error("sealed with key {0}, which is not configured")]
    UnknownKey(String),
    /// It was changed, belongs to another row, or is no sealed text at all.
    #[error("a sealed value does not open")]
    Broken,
}

/// One key with its name.
#[derive(Clone)]
struct SealingKey {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// Keys derived from one 32-byte master secret, which the operator keeps beside the database and backs up with it.
///
/// Sealing is XChaCha20-Poly1305 with a random nonce; the row's id is authenticated with it, so that a sealed value
/// moved to another row does not open. A sealed text reads `{key id}.{hex}`, so that old values stay readable after
/// the master secret is changed ([`Keys::and_formerly`]).
#[derive(Clone)]
pub struct Keys {
    current: SealingKey,
    former: Vec<SealingKey>,
    mac: Secret<[u8; 32]>,
}

impl Keys {
    /// The keys of a master secret.
    #[must_use]
    pub fn new(master: &Secret<[u8; 32]>) -> Self {
        Self {
            current: sealing_key(master),
            former: Vec::new(),
            mac: Secret::new(derive(master.expose(), "mac")),
        }
    }

    /// The same, also opening what a former master secret sealed. Keyed hashes follow the current one alone.
    #[must_use]
    pub fn and_formerly(mut self, master: &Secret<[u8; 32]>) -> Self {
        self.former.push(sealing_key(master));
        self
    }

    /// Seals a text for one place: a table, a column and a row.
    ///
    /// # Errors
    /// [`SealError::Broken`] when the text is too long for the cipher (256 GiB).
    pub fn seal(&self, place: &str, text: &str) -> Result<String, SealError> {
        let nonce = random::bytes::<24>();
        let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
        let sealed =
            self.current.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Broken)?;
        Ok(format!("{}.{}{}", self.current.id, hex::encode(nonce), hex::encode(sealed)))
    }

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    /// [`SealError`] when the key is unknown or the value is not what was sealed there.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Secret<String>, SealError> {
        let (id, body) = sealed.split_once('.').ok_or(SealError::Broken)?;
        let mut keys = std::iter::once(&self.current).chain(&self.former);
        let key = keys.find(|key| key.id == id).ok_or_else(|| SealError::UnknownKey(id.to_owned()))?;
        let body = hex::decode(body).map_err(|_| SealError::Broken)?;
        let (nonce, text) = body.split_at_checked(24).ok_or(SealError::Broken)?;
        let nonce: [u8; 24] = nonce.try_into().map_err(|_| SealError::Broken)?;
        let payload = Payload { msg: text, aad: place.as_bytes() };
        let text = key.cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Broken)?;
        String::from_utf8(text).map(Secret::new).map_err(|_| SealError::Broken)
    }

    /// A keyed hash in hex: equal for equal texts of the same use, and of no use to who has not the key.
    #[must_use]
    pub fn mac(&self, purpose: &str, text: &str) -> String {
        let mut mac = hmac(self.mac.expose());
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// Whether a keyed hash is that of a text, compared in constant time.
    #[must_use]
    pub fn mac_fits(&self, purpose: &str, text: &str, expected: &str) -> bool {
        let mut mac = hmac(self.mac.expose());
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        hex::decode(expected).is_ok_and(|expected| mac.verify_slice(&expected).is_ok())
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.current.id)
    }
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// One key for one use: HMAC-SHA256 as the expanding step of HKDF (RFC 5869 §2.3, one block).
fn derive(master: &[u8; 32], purpose: &str) -> [u8; 32] {
    let mut mac = hmac(master);
    mac.update(b"luhuan accounts ");
    mac.update(purpose.as_bytes());
    mac.update(&[1]);
    mac.finalize().into_bytes().into()
}

fn sealing_key(master: &Secret<[u8; 32]>) -> SealingKey {
    let id = hex::encode(&derive(master.expose(), "key id")[..4]);
    SealingKey {
        id: format!("k{id}"),
        cipher: XChaCha20Poly1305::new(&derive(master.expose(), "seal").into()),
    }
}

/// The signature of a message to a server that shares a secret with us.
pub(crate) fn sign(secret: &[u8], parts: &[&[u8]]) -> String {
    let mut mac = hmac(secret);
    for part in parts {
        mac.update(part);
    }
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(byte: u8) -> Keys {
        Keys::new(&Secret::new([byte; 32]))
    }

    #[test]
    fn a_sealed_value_opens_in_its_place_and_nowhere_else() {
        let sealed = keys(1).seal("person.identity:1", "11010519491231002X").unwrap();
        assert!(!sealed.contains("110105"));
        assert_eq!(keys(1).open("person.identity:1", &sealed).unwrap().expose(), "11010519491231002X");
        assert!(matches!(keys(1).open("person.identity:2", &sealed), Err(SealError::Broken)));
        assert!(matches!(keys(2).open("person.identity:1", &sealed), Err(SealError::UnknownKey(_))));
    }

    #[test]
    fn sealing_twice_gives_two_texts_and_hashing_twice_one() {
        assert_ne!(keys(1).seal("p", "x").unwrap(), keys(1).seal("p", "x").unwrap());
        assert_eq!(keys(1).mac("login", "x"), keys(1).mac("login", "x"));
        assert_ne!(keys(1).mac("login", "x"), keys(1).mac("address", "x"));
        assert_ne!(keys(1).mac("login", "x"), keys(2).mac("login", "x"));
        assert!(keys(1).mac_fits("login", "x", &keys(1).mac("login", "x")));
        assert!(!keys(1).mac_fits("login", "y", &keys(1).mac("login", "x")));
    }

    #[test]
    fn a_changed_master_secret_still_opens_old_values() {
        let sealed = keys(1).seal("p", "x").unwrap();
        let renewed = keys(2).and_formerly(&Secret::new([1; 32]));
        assert_eq!(renewed.open("p", &sealed).unwrap().expose(), "x");
    }

    #[test]
    fn a_changed_letter_is_noticed() {
        let sealed = keys(1).seal("p", "x").unwrap();
        let last = if sealed.ends_with('0') { '1' } else { '0' };
        let changed = format!("{}{last}", &sealed[..sealed.len() - 1]);
        assert!(matches!(keys(1).open("p", &changed), Err(SealError::Broken)));
        assert!(matches!(keys(1).open("p", "nonsense"), Err(SealError::Broken)));
    }
}
