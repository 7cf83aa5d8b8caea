//! `/api/v1/payments/stripe/webhook`.

use axum::{body::Bytes, extract::State};
use http::{HeaderMap, StatusCode};
use luhuan_kernel::{Problem, http::Refusals};

use crate::{Ledger, Provider};

/// Take in what Stripe tells. Believed only if it is signed with the endpoint's secret; once it is answered with 204 it
/// is not lost. The same event again changes nothing.
#[utoipa::path(post, path = "/api/v1/payments/stripe/webhook", tag = "payments",
    params(("Stripe-Signature" = Option<String>, Header, description = "Time and HMAC-SHA256 of the body")),
    request_body(content = String, content_type = "application/json"),
    responses((status = 204, description = "Taken in"), Refusals))]
pub async fn stripe(
    State(ledger): State<Ledger>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok()).unwrap_or_default();
    ledger.receive_webhook(Provider::Stripe, signature, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
