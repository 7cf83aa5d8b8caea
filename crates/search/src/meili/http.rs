//! How the SDK reaches the server: with the program's own HTTP client.

use async_trait::async_trait;
use futures_util::io::{AsyncRead, AsyncReadExt};
use luhuan_store::outside;
use meilisearch_sdk::{
    errors::Error,
    request::{HttpClient, Method, parse_response},
};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::{Serialize, de::DeserializeOwned};

/// The SDK's client, whose requests go through [`outside::client`].
pub(super) type Client = meilisearch_sdk::client::Client<Http>;

/// An index, spoken to in the same way.
pub(super) type Index = meilisearch_sdk::indexes::Index<Http>;

/// An HTTP client that sends the server's key.
#[derive(Clone)]
pub(super) struct Http(reqwest::Client);

impl Http {
    /// A client that sends this key.
    ///
    /// # Errors
    /// When the key has characters that a header cannot carry.
    pub(super) fn new(key: Option<&str>) -> Result<Self, Error> {
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            let mut value =
                HeaderValue::from_str(&format!("Bearer {key}")).map_err(|_| Error::InvalidRequest)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        outside::client().default_headers(headers).build().map(Self).map_err(other)
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Other(Box::new(error))
}

#[async_trait]
impl HttpClient for Http {
    async fn stream_request<
        Asked: Serialize + Send + Sync,
        Body: AsyncRead + Send + Sync + 'static,
        Output: DeserializeOwned + 'static,
    >(
        &self,
        url: &str,
        method: Method<Asked, Body>,
        content_type: &str,
        expected: u16,
    ) -> Result<Output, Error> {
        // `yaup` writes the question mark as well, and nothing at all for no parameters.
        let url = format!("{url}{}", yaup::to_string(method.query())?);
        let mut request = self.0.request(verb(&method), &url);
        if let Some(body) = method.into_body() {
            // Batches are built whole before they come here: to stream them again would save nothing.
            let mut bytes = Vec::new();
            std::pin::pin!(body).read_to_end(&mut bytes).await.map_err(other)?;
            request = request.header(CONTENT_TYPE, content_type).body(bytes);
        }
        let answer = request.send().await.map_err(other)?;
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(other)?;
        parse_response(status, expected, if text.is_empty() { "null" } else { &text }, url)
    }

    fn is_tokio(&self) -> bool {
        true
    }
}

const fn verb<Q, B>(method: &Method<Q, B>) -> reqwest::Method {
    match method {
        Method::Get { .. } => reqwest::Method::GET,
        Method::Delete { .. } => reqwest::Method::DELETE,
        Method::Post { .. } => reqwest::Method::POST,
        Method::Put { .. } => reqwest::Method::PUT,
        Method::Patch { .. } => reqwest::Method::PATCH,
    }
}
