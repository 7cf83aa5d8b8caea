//! Codes by a signed HTTP request to the operator's gateway.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use luhuan_kernel::{Clock, Secret};
use serde_json::json;

use super::{CodeMessage, CodeSender, SendError};
use crate::keys::sign;

/// How long the gateway may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Posts each code as JSON to a URL.
///
/// The header `X-Luhuan-Signature: t={unix seconds},v1={hex}` carries HMAC-SHA256 over `{t}.{body}` with the shared
/// secret; the receiver compares it and refuses a `t` older than a few minutes. Any answer but 2xx is a failure, and
/// the job that sends tries again, with the same `id`.
pub struct WebhookSender {
    client: reqwest::Client,
    url: String,
    secret: Secret<String>,
    clock: Arc<dyn Clock>,
}

impl WebhookSender {
    /// A sender to a URL with a shared secret.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(url: String, secret: Secret<String>, clock: Arc<dyn Clock>) -> Result<Self, SendError> {
        let client = luhuan_store::outside::client()
            .timeout(TIMEOUT)
            .build()
            .map_err(|error| SendError(error.to_string()))?;
        Ok(Self { client, url, secret, clock })
    }
}

#[async_trait]
impl CodeSender for WebhookSender {
    async fn send(&self, message: &CodeMessage) -> Result<(), SendError> {
        let body = json!({
            "id": message.id,
            "channel": message.login.kind().code(),
            "to": message.login.expose(),
            "code": message.code.expose(),
            "purpose": message.purpose.code(),
            "locale": message.locale.tag(),
            "expires_at": message.expires_at,
        })
        .to_string();
        let at = (self.clock.now().micros() / 1_000_000).to_string();
        let signature = sign(self.secret.expose().as_bytes(), &[at.as_bytes(), b".", body.as_bytes()]);
        let request = self
            .client
            .post(&self.url)
            .header(http::header::CONTENT_TYPE, "application/json")
            .header("X-Luhuan-Signature", format!("t={at},v1={signature}"))
            .body(body);
        // The error is told without its URL, which may hold a credential of the operator.
        let answer = request.send().await.map_err(|error| SendError(error.without_url().to_string()))?;
        let status = answer.status();
        if status.is_success() { Ok(()) } else { Err(SendError(format!("the gateway answered {status}"))) }
    }
}
