//! An HTTP client as a program that uses the API writes it.

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, IF_MATCH};
use reqwest::{Method, RequestBuilder, StatusCode, multipart};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::environment;

/// Speaks to one gateway as one person, or as nobody.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    origin: String,
    token: Option<String>,
}

impl Client {
    /// A client without credentials of the gateway at `origin`, such as `http://127.0.0.1:8080`.
    ///
    /// It follows no redirect: where a form leads is something to assert.
    ///
    /// # Panics
    /// When no HTTP client can be made.
    #[must_use]
    pub fn new(origin: impl Into<String>) -> Self {
        let http = luhuan_store::outside::client().no_proxy().build().expect("an HTTP client can be made");
        Self { http, origin: origin.into(), token: None }
    }

    /// The same client with a bearer token.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self.clone() }
    }

    /// The token it sends, if any.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The whole address of a path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// A request to be completed by hand: other headers, other bodies. Send it with [`Client::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, self.url(path));
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// When no answer comes.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap_or_else(|error| panic!("no answer from {}: {error}", self.origin))
    }

    /// Sends a request; for tests in which the gateway may die underneath.
    ///
    /// # Errors
    /// When no whole answer comes.
    pub async fn try_send(&self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        let response = request.send().await?;
        Ok(Answer {
            url: response.url().to_string(),
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await?.to_vec(),
        })
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// `GET` with query parameters, encoded here: Chinese words can be given as they are.
    pub async fn query(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        self.send(self.request(Method::GET, path).query(parameters)).await
    }

    /// `POST` of JSON, with an `Idempotency-Key` of its own.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with_key(path, &fresh_key(), body).await
    }

    /// `POST` without a body, with an `Idempotency-Key` of its own.
    pub async fn post_empty(&self, path: &str) -> Answer {
        self.send(self.request(Method::POST, path).header(IDEMPOTENCY_KEY, fresh_key())).await
    }

    /// `POST` of JSON with this `Idempotency-Key`.
    pub async fn post_with_key(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).header(IDEMPOTENCY_KEY, key).json(body)).await
    }

    /// `PATCH` of JSON, on the condition that the resource is still as `etag` says.
    pub async fn patch(&self, path: &str, etag: &str, body: &Value) -> Answer {
        self.send(self.request(Method::PATCH, path).header(IF_MATCH, etag).json(body)).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// `POST` of one file as the multipart field `field`, with an `Idempotency-Key` of its own.
    ///
    /// # Panics
    /// When `media_type` is none.
    pub async fn upload(&self, path: &str, field: &str, file: UploadFile) -> Answer {
        let part = multipart::Part::bytes(file.content)
            .file_name(file.name)
            .mime_str(&file.media_type)
            .expect("a media type as in RFC 9110");
        let form = multipart::Form::new().part(field.to_owned(), part);
        self.send(self.request(Method::POST, path).header(IDEMPOTENCY_KEY, fresh_key()).multipart(form)).await
    }
}

/// A file on its way up.
#[derive(Clone, Debug)]
pub struct UploadFile {
    /// Its name on the sender's disk.
    pub name: String,
    /// What the sender claims it to be.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl UploadFile {
    /// A photo as a phone sends it.
    #[must_use]
    pub fn jpeg(content: Vec<u8>) -> Self {
        Self { name: "IMG_0001.jpg".to_owned(), media_type: "image/jpeg".to_owned(), content }
    }
}

/// The header by which a repeated `POST` is known.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A key that was not used before.
#[must_use]
pub fn fresh_key() -> String {
    format!("{:016x}{:016x}", environment::unique_number(), environment::unique_number())
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The address that was asked.
    pub url: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Answer {
    /// Asserts the status.
    ///
    /// # Panics
    /// When it is another one, showing the body.
    #[must_use = "an answer is asserted further, or let go with `let _ =`"]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert!(
            self.status == status,
            "expected {status}, got {} from {}:\n{}",
            self.status,
            self.url,
            self.text()
        );
        self
    }

    /// Asserts a refusal: its status, its media type, and the last part of its `type` (`not-found`). Answers the
    /// whole problem for further assertions.
    ///
    /// # Panics
    /// When it is something else.
    #[track_caller]
    pub fn expect_problem(&self, status: u16, slug: &str) -> Value {
        let media_type = self.header("content-type").unwrap_or_default();
        let problem = self.problem();
        let kind = problem["type"].as_str().unwrap_or_default();
        let is_that = self.status == status
            && media_type.starts_with("application/problem+json")
            && kind.rsplit('/').next() == Some(slug);
        assert!(is_that, "expected a {status} '{slug}', got {} {media_type}:\n{}", self.status, self.text());
        problem
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        self.read()
    }

    /// The body read as a `T`.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn read<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) => {
                panic!("{} from {} cannot be read ({error}):\n{}", self.status, self.url, self.text())
            }
        }
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The `ETag`, as `If-Match` takes it.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    #[track_caller]
    pub fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("{} carries no ETag", self.url)).to_owned()
    }

    fn problem(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, media_type: &str, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", media_type.parse().unwrap());
        let status = StatusCode::from_u16(status).unwrap();
        Answer { url: String::new(), status, headers, body: body.into() }
    }

    #[test]
    fn a_problem_is_known_by_status_media_type_and_slug() {
        let problem =
            answer(404, "application/problem+json", r#"{"type": "/problems/not-found", "status": 404}"#);
        assert_eq!(problem.expect_problem(404, "not-found")["status"], 404);
    }

    #[test]
    #[should_panic(expected = "expected a 404 'not-found'")]
    fn plain_json_is_no_problem() {
        let plain = answer(404, "application/json", r#"{"type": "/problems/not-found"}"#);
        plain.expect_problem(404, "not-found");
    }

    #[test]
    #[should_panic(expected = "expected 201, got 500")]
    fn an_unexpected_status_shows_the_body() {
        let _ = answer(500, "text/plain", "out of paper").expect(201);
    }
}
