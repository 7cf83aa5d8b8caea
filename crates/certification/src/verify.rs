//! Checking a certificate's file offline: what `luhuan certificate verify FILE` does.
//!
//! The file is the answer of `GET /api/v1/certification/certificates/{number}`, or the bare credential in it. With the answer
//! the register's entries are checked as well: that each is in the signed tree, and what the last of them says.

use luhuan_kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::{
    credential::{self, CredentialError, PublicKey},
    merkle, register_message,
};

/// What the file proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The certificate's number.
    pub number: String,
    /// The mall's name.
    pub mall: String,
    /// From when it is valid.
    pub valid_from: String,
    /// Until when.
    pub valid_until: String,
    /// Whether the present instant lies between.
    pub in_time: bool,
    /// What the register said when the file was made; `None` when only the credential was there.
    pub register: Option<RegisterReport>,
}

/// What the register said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterReport {
    /// Where the certificate stood.
    pub status: String,
    /// When that was entered.
    pub since: String,
    /// The signed tree's size.
    pub size: u64,
    /// When it was signed.
    pub signed_at: String,
}

impl Report {
    /// Whether the certificate is in force, as far as the file tells.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        let stands =
            |register: &RegisterReport| matches!(register.status.as_str(), "active" | "review_required");
        self.in_time && self.register.as_ref().is_none_or(stands)
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { number, mall, valid_from, valid_until, .. } = self;
        writeln!(f, "genuine    {number}, {mall}")?;
        let time = if self.in_time { "now within" } else { "NOW OUTSIDE" };
        writeln!(f, "validity   {valid_from} to {valid_until}: {time}")?;
        match &self.register {
            Some(RegisterReport { status, since, size, signed_at }) => {
                writeln!(f, "register   {status} since {since}, in a tree of {size} signed at {signed_at}")?;
            }
            None => writeln!(f, "register   not in the file: ask it whether the certificate still stands")?,
        }
        write!(f, "in force   {}", if self.is_in_force() { "yes, as far as the file tells" } else { "NO" })
    }
}

/// Checks a file against a trusted key.
///
/// # Errors
/// When it is no certificate, was signed with another key, was changed, or its entries are not in the signed tree.
pub fn file(text: &str, trusted: PublicKey, now: Timestamp) -> Result<Report, CredentialError> {
    let document: Value = serde_json::from_str(text).map_err(|_| CredentialError::Malformed("no JSON"))?;
    let credential = document.get("credential").unwrap_or(&document);
    credential::verify(credential, trusted)?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let missing = CredentialError::Malformed("a member is missing");
    let member = |name: &str| text(&credential[name]).ok_or_else(|| missing.clone());
    let (valid_from, valid_until) = (member("validFrom")?, member("validUntil")?);
    let parse =
        |instant: &str| instant.parse::<Timestamp>().map_err(|_| CredentialError::Malformed("no instant"));
    let in_time = parse(&valid_from)? <= now && now < parse(&valid_until)?;
    let number = member("certificateNumber")?;
    let register = match document.get("register") {
        Some(register) => Some(check_register(register, &number, trusted)?),
        None => None,
    };
    let mall = text(&credential["credentialSubject"]["name"]).ok_or(missing)?;
    Ok(Report { number, mall, valid_from, valid_until, in_time, register })
}

fn check_register(
    register: &Value,
    number: &str,
    trusted: PublicKey,
) -> Result<RegisterReport, CredentialError> {
    let malformed = CredentialError::Malformed;
    let head = &register["head"];
    let size = head["size"].as_u64().ok_or(malformed("no tree head"))?;
    let root = head["root"].as_str().ok_or(malformed("no tree head"))?;
    let at = head["at"].as_str().ok_or(malformed("no tree head"))?;
    let origin = head["origin"].as_str().ok_or(malformed("no tree head"))?;
    let signature =
        head["signature"].as_str().and_then(credential::signature).ok_or(malformed("no tree head"))?;
    if !trusted.verifies(register_message(origin, size, root, at).as_bytes(), &signature) {
        return Err(CredentialError::Forged);
    }
    let root = hash(root).ok_or(malformed("no tree head"))?;
    let entries = register["entries"].as_array().ok_or(malformed("no entries"))?;
    let mut last: Option<(u64, Value)> = None;
    for entry in entries {
        let index = entry["index"].as_u64().ok_or(malformed("no entry"))?;
        let body = entry["body"].as_str().ok_or(malformed("no entry"))?;
        let path = entry["path"].as_array().ok_or(malformed("no entry"))?;
        let path: Option<Vec<_>> = path.iter().map(|step| step.as_str().and_then(hash)).collect();
        let leaf = merkle::leaf_hash(body.as_bytes());
        if !merkle::includes(&root, size, index, &leaf, &path.ok_or(malformed("no path"))?) {
            return Err(CredentialError::Forged);
        }
        let body: Value = serde_json::from_str(body).map_err(|_| malformed("no entry"))?;
        if body["number"] != number {
            return Err(malformed("an entry of another certificate"));
        }
        if last.as_ref().is_none_or(|(before, _)| *before < index) {
            last = Some((index, body));
        }
    }
    let (_, body) = last.ok_or(malformed("no entries"))?;
    let text = |name: &str| body[name].as_str().map(str::to_owned).ok_or(malformed("no entry"));
    Ok(RegisterReport { status: text("status")?, since: text("at")?, size, signed_at: at.to_owned() })
}

fn hash(text: &str) -> Option<merkle::Hash> {
    hex::decode(text).ok()?.try_into().ok()
}
