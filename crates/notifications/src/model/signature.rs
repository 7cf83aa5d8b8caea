//! How a receiver knows that a post is ours.
//!
//! The header `X-Luhuan-Signature: t={unix seconds},v1={hex}` carries HMAC-SHA256 over `{t}.{body}` with the
//! webhook's secret. While a secret is being changed there are two `v1`, one by each; either will do.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The header's value for a body at an instant (seconds since 1970), by each of some secrets.
#[must_use]
pub fn header(at: i64, body: &[u8], secrets: &[&[u8]]) -> String {
    secrets.iter().fold(format!("t={at}"), |header, secret| {
        header + ",v1=" + &hex::encode(mac(secret, at, body).finalize().into_bytes())
    })
}

/// Whether a header signs a body, not longer ago (or ahead) than `tolerance` seconds: what a receiver does.
#[must_use]
pub fn verify(secret: &[u8], header: &str, body: &[u8], now: i64, tolerance: i64) -> bool {
    let parts = || header.split(',').filter_map(|part| part.split_once('='));
    let at = parts().find(|(name, _)| *name == "t").and_then(|(_, value)| value.parse::<i64>().ok());
    let Some(at) = at.filter(|at| now.abs_diff(*at) <= tolerance.unsigned_abs()) else { return false };
    parts().filter(|(name, _)| *name == "v1").any(|(_, value)| {
        hex::decode(value).is_ok_and(|signature| mac(secret, at, body).verify_slice(&signature).is_ok())
    })
}

fn mac(secret: &[u8], at: i64, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_example_holds() {
        // As docs/src/using/integrator.md prints it, so that a receiver in any language can be checked against it.
        let header = header(1_767_225_600, br#"{"id":"1"}"#, &[b"whsec_test"]);
        assert_eq!(header, format!("t=1767225600,v1={DOCUMENTED}"));
    }

    const DOCUMENTED: &str = "c9c43053c587d9a132baf3e87a7f5cd6b5e5e5acf4ecb038f8c897644f666304";

    #[test]
    fn what_was_changed_or_is_old_is_not_ours() {
        let signed = header(1000, b"body", &[b"new", b"old"]);
        assert!(verify(b"new", &signed, b"body", 1010, 300) && verify(b"old", &signed, b"body", 1010, 300));
        assert!(!verify(b"new", &signed, b"Body", 1010, 300));
        assert!(!verify(b"other", &signed, b"body", 1010, 300));
        assert!(!verify(b"new", &signed, b"body", 1301, 300));
        assert!(!verify(b"new", &signed.replace("t=1000", "t=1001"), b"body", 1010, 300));
        assert!(!verify(b"new", "nonsense", b"body", 1010, 300));
    }
}
