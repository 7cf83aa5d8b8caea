//! Webhooks: whether they are Stripe's (docs.stripe.com/webhooks#verify-manually), and what they tell.

use hmac::{Hmac, KeyInit, Mac};
use luhuan_kernel::{Money, Secret, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use super::{
    super::{
        AccountNews, PaymentNews, PaymentStanding, ProviderEvent, RefundNews, Subject, TransferNews,
        WebhookError,
    },
    read,
};

/// How old, or how far ahead, a signature may be, in seconds: Stripe's own libraries allow as much.
const TOLERANCE: i64 = 300;

/// Whether one of the secrets made one of the signatures in the header, over the time in it and the body.
pub(super) fn verify(
    secrets: &[Secret<String>],
    header: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), WebhookError> {
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let at = parts().find(|(name, _)| *name == "t").map(|(_, at)| at).ok_or(WebhookError::Signature)?;
    let seconds: i64 = at.parse().map_err(|_| WebhookError::Signature)?;
    let signatures: Vec<Vec<u8>> =
        parts().filter(|(name, _)| *name == "v1").filter_map(|(_, text)| hex::decode(text).ok()).collect();
    let signed = secrets.iter().any(|secret| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(at.as_bytes());
        mac.update(b".");
        mac.update(body);
        signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
    });
    if !signed {
        return Err(WebhookError::Signature);
    }
    let age = now.micros().div_euclid(1_000_000) - seconds;
    if age.abs() > TOLERANCE { Err(WebhookError::TooOld) } else { Ok(()) }
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    r#type: String,
    created: i64,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

/// What the event tells. Only the fields that concern us are looked at.
pub(super) fn read(body: &[u8]) -> Result<ProviderEvent, WebhookError> {
    let event: Envelope =
        serde_json::from_slice(body).map_err(|error| WebhookError::Shape(error.to_string()))?;
    let object = &event.data.object;
    let kind = object["object"].as_str().unwrap_or_default();
    let reference = object["id"].as_str().map(str::to_owned);
    let subject = match (kind, &reference) {
        ("payment_intent", Some(reference)) => Subject::Payment(payment(object, reference)),
        ("refund", Some(reference)) => Subject::Refund(refund(object, reference)),
        ("account", Some(reference)) => Subject::Account(AccountNews {
            reference: reference.clone(),
            may_receive: object["capabilities"]["transfers"] == "active",
        }),
        ("transfer", Some(reference)) => Subject::Transfer(TransferNews {
            reference: reference.clone(),
            ours: ours(object, "payout"),
            reversed: object["reversed"] == true,
        }),
        _ => Subject::Other,
    };
    Ok(ProviderEvent {
        id: event.id,
        kind: event.r#type,
        created_at: Timestamp::from_micros(event.created.saturating_mul(1_000_000)),
        object: reference,
        subject,
    })
}

fn payment(object: &Value, reference: &str) -> PaymentNews {
    let standing = read::standing(object["status"].as_str().unwrap_or_default());
    let taken = object["amount_received"].as_i64().map(Money::cny);
    let error = &object["last_payment_error"];
    let failure = error["decline_code"].as_str().or_else(|| error["code"].as_str());
    PaymentNews {
        reference: reference.to_owned(),
        ours: ours(object, "payment"),
        standing,
        taken: if standing == PaymentStanding::Paid { taken } else { None },
        client_secret: object["client_secret"].as_str().map(str::to_owned),
        failure: failure.map(str::to_owned),
    }
}

fn refund(object: &Value, reference: &str) -> RefundNews {
    RefundNews {
        reference: reference.to_owned(),
        ours: ours(object, "refund"),
        standing: read::refund_standing(object["status"].as_str()),
        failure: object["failure_reason"].as_str().map(str::to_owned),
    }
}

fn ours<T: std::str::FromStr>(object: &Value, name: &str) -> Option<T> {
    object["metadata"][name].as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &[u8] =
        br#"{"id":"evt_1","type":"payment_intent.succeeded","created":1767225600,"data":{"object":{
        "object":"payment_intent","id":"pi_1","status":"succeeded","amount_received":1200,
        "metadata":{"payment":"019b7600-0000-7000-8000-000000000001"}}}}"#;

    fn secrets() -> Vec<Secret<String>> {
        vec![Secret::new("whsec_old".into()), Secret::new("whsec_new".into())]
    }

    fn header(secret: &str, at: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{at}.").as_bytes());
        mac.update(body);
        format!("t={at},v1={},v0=00", hex::encode(mac.finalize().into_bytes()))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn a_signature_by_either_secret_holds_for_five_minutes() {
        for secret in ["whsec_old", "whsec_new"] {
            let header = header(secret, 1000, BODY);
            assert_eq!(verify(&secrets(), &header, BODY, at(1300)), Ok(()));
            assert_eq!(verify(&secrets(), &header, BODY, at(1301)), Err(WebhookError::TooOld));
            assert_eq!(verify(&secrets(), &header, BODY, at(699)), Err(WebhookError::TooOld));
        }
    }

    #[test]
    fn another_secret_body_or_time_does_not_pass() {
        let good = header("whsec_new", 1000, BODY);
        assert_eq!(
            verify(&secrets(), &header("whsec_x", 1000, BODY), BODY, at(1000)),
            Err(WebhookError::Signature)
        );
        assert_eq!(verify(&secrets(), &good, b"{}", at(1000)), Err(WebhookError::Signature));
        let later = good.replace("t=1000", "t=1001");
        assert_eq!(verify(&secrets(), &later, BODY, at(1000)), Err(WebhookError::Signature));
        assert_eq!(verify(&[], &good, BODY, at(1000)), Err(WebhookError::Signature));
    }

    #[test]
    fn an_event_tells_how_its_object_stood() {
        let event = read(BODY).unwrap();
        assert_eq!((event.id.as_str(), event.object.as_deref()), ("evt_1", Some("pi_1")));
        let Subject::Payment(news) = event.subject else { panic!("a payment") };
        assert_eq!(news.standing, PaymentStanding::Paid);
        assert_eq!(news.taken, Some(Money::cny(1200)));
        assert!(news.ours.is_some());
    }

    proptest! {
        #[test]
        fn any_header_and_body_is_read_or_cleanly_refused(header in ".{0,80}", body in ".{0,120}") {
            prop_assert!(verify(&secrets(), &header, body.as_bytes(), at(0)).is_err());
            let _ = read(body.as_bytes());
        }
    }
}
