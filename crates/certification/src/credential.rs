//! The certificate as a W3C Verifiable Credential (data model 2.0), signed with Ed25519 by the Data Integrity cryptosuite
//! `eddsa-jcs-2022`. Whoever has the file and the office's public key can check it without a network.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use luhuan_kernel::{Secret, Timestamp};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::canonical;

mod base58;

/// Why a document cannot be signed or trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// It is not what it should be.
    #[error("not a signed credential: {0}")]
    Malformed(&'static str),
    /// It names another key than the one trusted.
    #[error("signed with another key than the one trusted")]
    OtherKey,
    /// Its signature does not fit its content.
    #[error("the signature does not fit: the content was changed, or it was not signed by this key")]
    Forged,
}

/// A public key as a Multikey: `z6Mk…`, base58 of 0xed01 and 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Multicodec's code of an Ed25519 public key.
const ED25519: [u8; 2] = [0xed, 0x01];

impl PublicKey {
    /// Reads `z6Mk…`, alone or as a `did:key:`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("did:key:").unwrap_or(text);
        let text = text.split('#').next()?;
        let bytes = base58::decode(text.strip_prefix('z')?)?;
        let key: [u8; 32] = bytes.strip_prefix(&ED25519[..])?.try_into().ok()?;
        VerifyingKey::from_bytes(&key).ok().map(Self)
    }

    /// Its Multikey.
    #[must_use]
    pub fn multikey(&self) -> String {
        let bytes: Vec<u8> = ED25519.iter().chain(self.0.as_bytes()).copied().collect();
        format!("z{}", base58::encode(&bytes))
    }

    /// Whether a signature over a message is this key's. Strict: no malleable signature passes.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        self.0.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.multikey())
    }
}

/// The office's signing key.
pub struct Issuer {
    key: SigningKey,
    /// The address that names the office, such as `https://luhuan.example/certification`.
    id: String,
}

impl Issuer {
    /// The issuer with a seed of 32 secret bytes and an address.
    #[must_use]
    pub fn new(seed: &Secret<[u8; 32]>, id: String) -> Self {
        Self { key: SigningKey::from_bytes(seed.expose()), id }
    }

    /// Its public key.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.key.verifying_key())
    }

    /// The address that names it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// A signature over bytes, in base58.
    #[must_use]
    pub fn sign_bytes(&self, message: &[u8]) -> String {
        format!("z{}", base58::encode(&self.key.sign(message).to_bytes()))
    }

    /// Secures a document with a proof.
    ///
    /// # Errors
    /// When the document is no object, or has a proof.
    pub fn sign(&self, document: Value, at: Timestamp) -> Result<Value, CredentialError> {
        let method = format!("{}#{}", self.id, self.public_key());
        self.sign_as(document, &method, &second(at))
    }

    fn sign_as(&self, document: Value, method: &str, created: &str) -> Result<Value, CredentialError> {
        let Value::Object(mut members) = document else {
            return Err(CredentialError::Malformed("no object"));
        };
        if members.contains_key("proof") {
            return Err(CredentialError::Malformed("it has a proof"));
        }
        let mut proof = Map::new();
        proof.insert("type".into(), "DataIntegrityProof".into());
        proof.insert("cryptosuite".into(), SUITE.into());
        proof.insert("created".into(), created.into());
        proof.insert("verificationMethod".into(), method.into());
        proof.insert("proofPurpose".into(), "assertionMethod".into());
        if let Some(context) = members.get("@context") {
            proof.insert("@context".into(), context.clone());
        }
        let value = self.sign_bytes(&to_sign(&members, &proof));
        proof.insert("proofValue".into(), value.into());
        members.insert("proof".into(), Value::Object(proof));
        Ok(Value::Object(members))
    }
}

const SUITE: &str = "eddsa-jcs-2022";

/// An instant as credentials write it: to the second.
#[must_use]
pub fn second(at: Timestamp) -> String {
    Timestamp::from_micros(at.micros().div_euclid(1_000_000) * 1_000_000).to_string()
}

/// The bytes to sign: the hash of the proof's options, then that of the document (vc-di-eddsa §3.3.4).
fn to_sign(document: &Map<String, Value>, options: &Map<String, Value>) -> [u8; 64] {
    let hash =
        |members: &Map<String, Value>| Sha256::digest(canonical::json(&Value::Object(members.clone())));
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&hash(options));
    bytes[32..].copy_from_slice(&hash(document));
    bytes
}

/// Checks the proof of a document against a trusted key.
///
/// # Errors
/// When it is no document of this kind, signed with another key, or changed.
pub fn verify(document: &Value, trusted: PublicKey) -> Result<(), CredentialError> {
    let malformed = CredentialError::Malformed;
    let mut members = document.as_object().ok_or(malformed("no object"))?.clone();
    let Some(Value::Object(mut options)) = members.remove("proof") else { return Err(malformed("no proof")) };
    let Some(Value::String(value)) = options.remove("proofValue") else {
        return Err(malformed("no proofValue"));
    };
    let text = |name: &str| options.get(name).and_then(Value::as_str);
    if text("type") != Some("DataIntegrityProof") || text("cryptosuite") != Some(SUITE) {
        return Err(malformed("another kind of proof"));
    }
    if text("proofPurpose") != Some("assertionMethod") {
        return Err(malformed("another purpose"));
    }
    // vc-di-eddsa §3.3.2: the proof's context must begin the document's.
    if let Some(context) = options.get("@context") {
        let same = members.get("@context") == Some(context);
        if !same {
            return Err(malformed("the contexts differ"));
        }
    }
    let method = text("verificationMethod").ok_or(malformed("no verification method"))?;
    let named = method.rsplit_once('#').map_or(method, |(_, fragment)| fragment);
    if PublicKey::parse(named).is_some_and(|key| key != trusted) {
        return Err(CredentialError::OtherKey);
    }
    let signature = signature(&value).ok_or(malformed("no signature"))?;
    if trusted.verifies(&to_sign(&members, &options), &signature) {
        Ok(())
    } else {
        Err(CredentialError::Forged)
    }
}

/// A signature out of base58.
#[must_use]
pub fn signature(text: &str) -> Option<[u8; 64]> {
    base58::decode(text.strip_prefix('z')?)?.try_into().ok()
}

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct Claims<'a> {
    /// Its number.
    pub number: &'a str,
    /// The mall's name.
    pub mall: &'a str,
    /// The legal person.
    pub legal_person: &'a str,
    /// Its 统一社会信用代码.
    pub uscc: &'a str,
    /// District code.
    pub district: &'a str,
    /// Floor area, m², whole.
    pub area_m2: i64,
    /// The rubric's version.
    pub rubric: &'a str,
    /// The score, as text: `88.40 / 97.00`; left out unless the mall consents.
    pub score: Option<String>,
    /// From when.
    pub valid_from: Timestamp,
    /// Until when.
    pub valid_until: Timestamp,
    /// The address of the public register's page of it.
    pub page: &'a str,
}

/// The credential of a certificate, unsigned. Terms that the data model does not know are defined in place, so that no
/// context of ours must be fetched.
#[must_use]
pub fn credential(issuer: &Issuer, claims: &Claims<'_>) -> Value {
    let term = |name: &str| format!("{}/terms#{name}", issuer.id());
    let mut subject = json!({
        "type": "GreenMall",
        "name": claims.mall,
        "legalPerson": claims.legal_person,
        "unifiedSocialCreditCode": claims.uscc,
        "district": claims.district,
        "floorArea": claims.area_m2,
        "rubric": claims.rubric,
    });
    if let Some(score) = &claims.score {
        subject["score"] = score.clone().into();
    }
    json!({
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            {
                "GreenMallCertificate": term("GreenMallCertificate"), "GreenMall": term("GreenMall"),
                "certificateNumber": term("certificateNumber"), "legalPerson": term("legalPerson"),
                "unifiedSocialCreditCode": term("unifiedSocialCreditCode"), "district": term("district"),
                "floorArea": term("floorArea"), "rubric": term("rubric"), "score": term("score"),
            },
        ],
        "id": claims.page,
        "type": ["VerifiableCredential", "GreenMallCertificate"],
        "issuer": issuer.id(),
        "certificateNumber": claims.number,
        "validFrom": second(claims.valid_from),
        "validUntil": second(claims.valid_until),
        "credentialSubject": subject,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The test vector of W3C vc-di-eddsa, "eddsa-jcs-2022", with the key pair of its appendix.
    const KEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
    const SECRET: &str = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq";
    const PROOF: &str =
        "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4";

    fn unsigned() -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            "type": ["VerifiableCredential", "AlumniCredential"],
            "name": "Alumni Credential",
            "description": "A minimum viable example of an Alumni Credential.",
            "issuer": "https://vc.example/issuers/5678",
            "validFrom": "2023-01-01T00:00:00Z",
            "credentialSubject": { "id": "did:example:abcdefgh", "alumniOf": "The School of Examples" },
        })
    }

    fn issuer() -> Issuer {
        // Multicodec 0x1300 before the secret bytes, as varint 0x80 0x26.
        let secret = base58::decode(&SECRET[1..]).unwrap();
        Issuer::new(&Secret::new(secret[2..].try_into().unwrap()), "https://vc.example/issuers/5678".into())
    }

    #[test]
    fn the_vector_of_the_w3c_is_signed_to_the_byte_and_verified() {
        assert_eq!(issuer().public_key().multikey(), KEY);
        let signed = issuer()
            .sign_as(unsigned(), &format!("https://vc.example/issuers/5678#{KEY}"), "2023-02-24T23:36:38Z")
            .unwrap();
        assert_eq!(signed["proof"]["proofValue"], PROOF);
        assert_eq!(verify(&signed, PublicKey::parse(KEY).unwrap()), Ok(()));
    }

    #[test]
    fn a_changed_word_another_key_and_a_missing_proof_are_told_apart() {
        let at: Timestamp = "2026-03-01T00:00:00.5Z".parse().unwrap();
        let signed = issuer().sign(unsigned(), at).unwrap();
        let key = issuer().public_key();
        assert_eq!(verify(&signed, key), Ok(()));
        let mut changed = signed.clone();
        changed["credentialSubject"]["alumniOf"] = "Another School".into();
        assert_eq!(verify(&changed, key), Err(CredentialError::Forged));
        let mut later = signed.clone();
        later["proof"]["created"] = "2030-01-01T00:00:00Z".into();
        assert_eq!(verify(&later, key), Err(CredentialError::Forged));
        let other = Issuer::new(&Secret::new([9; 32]), "https://other.example".into());
        assert_eq!(verify(&signed, other.public_key()), Err(CredentialError::OtherKey));
        assert!(matches!(verify(&unsigned(), key), Err(CredentialError::Malformed(_))));
        // One who signs with their own key and names the office's is found out as well.
        let forged = other.sign_as(
            unsigned(),
            &format!("https://vc.example/issuers/5678#{KEY}"),
            "2026-01-01T00:00:00Z",
        );
        assert_eq!(verify(&forged.unwrap(), key), Err(CredentialError::Forged));
    }
}
