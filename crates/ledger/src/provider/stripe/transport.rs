//! async-stripe's requests over our HTTP client.

use std::{fmt::Display, time::Duration};

use bytes::Bytes;
use luhuan_kernel::Secret;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use stripe_client_core::{CustomizedStripeRequest, StripeClient, StripeClientErr, StripeMethod, VERSION};

use super::super::ProviderError;

/// The client. Each request is made once: what is tried again is tried by the jobs.
pub(super) struct Transport {
    http: reqwest::Client,
    base: String,
    authorization: HeaderValue,
}

impl Transport {
    pub(super) fn new(api: &str, key: &Secret<String>, timeout: Duration) -> Result<Self, ProviderError> {
        let unusable = |error: &dyn Display| ProviderError::Unreachable(error.to_string());
        let http = luhuan_store::outside::client()
            .timeout(timeout)
            .build()
            .map_err(|error| unusable(&error.without_url()))?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", key.expose()))
            .map_err(|_| unusable(&"the secret key is no text of a header"))?;
        authorization.set_sensitive(true);
        Ok(Self { http, base: format!("{}/v1", api.trim_end_matches('/')), authorization })
    }
}

impl StripeClientErr for ProviderError {
    fn deserialize_err(message: impl Display) -> Self {
        Self::Garbled(message.to_string())
    }
}

impl StripeClient for Transport {
    type Err = ProviderError;

    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, ProviderError> {
        let (request, overrides) = request.into_pieces();
        let url = match &request.query {
            Some(query) => format!("{}{}?{query}", self.base, request.path),
            None => format!("{}{}", self.base, request.path),
        };
        let mut call = match request.method {
            StripeMethod::Get => self.http.get(url),
            StripeMethod::Post => self.http.post(url),
            StripeMethod::Delete => self.http.delete(url),
        };
        call =
            call.header(AUTHORIZATION, self.authorization.clone()).header("Stripe-Version", VERSION.as_str());
        if let Some(key) = overrides.request_strategy.and_then(|strategy| strategy.get_key()) {
            call = call.header("Idempotency-Key", key.as_str());
        }
        if let Some(body) = request.body {
            call = call.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        // Told without the URL, whose query may name a customer.
        let away = |error: reqwest::Error| ProviderError::Unreachable(error.without_url().to_string());
        let answer = call.send().await.map_err(away)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(away)?;
        if status.is_success() { Ok(body) } else { Err(refusal(status.as_u16(), &body)) }
    }
}

#[derive(Deserialize)]
struct Refusal {
    error: RefusalBody,
}

#[derive(Deserialize)]
struct RefusalBody {
    code: Option<String>,
    decline_code: Option<String>,
    r#type: Option<String>,
    message: Option<String>,
}

/// What an answer that is no success means (docs.stripe.com/error-low-level): of 409 (the same key is at work), 429
/// and 5xx the outcome is unknown; with 401 and 403 our key is wrong and nothing is said about the request; and of an
/// idempotency key that was used for another request, the first one may well have been done. All others are a refusal.
fn refusal(status: u16, body: &[u8]) -> ProviderError {
    let told = serde_json::from_slice::<Refusal>(body).ok().map(|refusal| refusal.error);
    let key_reused = told.as_ref().is_some_and(|told| told.r#type.as_deref() == Some("idempotency_error"));
    let (code, message) = told
        .map_or_else(|| (None, None), |told| (told.decline_code.or(told.code).or(told.r#type), told.message));
    let code = code.unwrap_or_else(|| status.to_string());
    match status {
        _ if key_reused => ProviderError::Unreachable(format!("{status} {code}")),
        401 | 403 | 409 | 429 | 500..=599 => ProviderError::Unreachable(format!("{status} {code}")),
        _ => ProviderError::Refused { code, message: message.unwrap_or_default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decline_is_a_refusal_and_a_broken_server_is_not() {
        let declined = br#"{"error":{"code":"card_declined","decline_code":"lost_card","type":"card_error","message":"No."}}"#;
        assert_eq!(
            refusal(402, declined),
            ProviderError::Refused { code: "lost_card".into(), message: "No.".into() }
        );
        assert!(refusal(500, b"<html>").leaves_unknown());
        assert!(refusal(429, b"{}").leaves_unknown());
        assert!(refusal(401, b"{}").leaves_unknown());
        assert!(refusal(400, br#"{"error":{"type":"idempotency_error"}}"#).leaves_unknown());
        assert!(!refusal(404, b"{}").leaves_unknown());
    }
}
