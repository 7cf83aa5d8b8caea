//! A client of the API: a request in a line, what came back, in the words of the end-to-end tests.

use axum::body::Body;
use http::{HeaderMap, Method, Request, header, request::Builder};
use luhuan_kernel::{Actor, Id, Problem};
use luhuan_listing::{Listing, api};
use serde_json::Value;
use tower::ServiceExt;

use crate::support::World;

/// The address of a listing.
pub(super) fn path(id: Id<Listing>) -> String {
    format!("/api/v1/listings/{id}")
}

/// One actor's client.
#[derive(Clone)]
pub(super) struct Client<'a> {
    world: &'a World<'a>,
    who: Actor,
    headers: Vec<(&'static str, String)>,
}

impl<'a> World<'a> {
    /// The API as this actor meets it.
    pub(super) fn client(&'a self, who: &Actor) -> Client<'a> {
        Client { world: self, who: who.clone(), headers: Vec::new() }
    }
}

impl<'a> Client<'a> {
    /// The same, with one more header on every request.
    pub(super) fn with(&self, header: &'static str, value: &str) -> Client<'a> {
        let mut client = self.clone();
        client.headers.push((header, value.to_owned()));
        client
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::POST, path, body).await
    }

    pub(super) async fn post_empty(&self, path: &str) -> Answer {
        self.send(Method::POST, path, Body::empty()).await
    }

    /// Edits what was read with this entity tag; `*` for whatever is there.
    pub(super) async fn patch(&self, path: &str, tag: &str, body: &Value) -> Answer {
        self.with("If-Match", tag).send_json(Method::PATCH, path, body).await
    }

    pub(super) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send_json(Method::PUT, path, body).await
    }

    pub(super) async fn put_empty(&self, path: &str) -> Answer {
        self.send(Method::PUT, path, Body::empty()).await
    }

    pub(super) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Body::empty()).await
    }

    async fn send_json(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.with("Content-Type", "application/json").send(method, path, body.to_string().into()).await
    }

    /// Sends any body; its type is one of the headers.
    pub(super) async fn send(&self, method: Method, path: &str, body: Body) -> Answer {
        let request = Request::builder().method(method).uri(path).extension(self.who.clone());
        let request =
            self.headers.iter().fold(request, |request: Builder, (name, value)| request.header(*name, value));
        let (router, _) = api::routes().split_for_parts();
        let router = router.with_state(self.world.listings.clone());
        let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() },
            // The gateway writes its document, in the client's language.
            problem: parts.extensions.get().cloned(),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) body: Value,
    problem: Option<Problem>,
}

impl Answer {
    /// The answer, which has this status.
    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?}", self.problem);
        self
    }

    /// Asserts that it is this refusal.
    #[track_caller]
    pub(super) fn expect_problem(&self, status: u16, slug: &str) {
        assert_eq!(self.refusal(), (status, slug), "{:?}", self.problem);
    }

    /// The status and slug of a refusal.
    #[track_caller]
    pub(super) fn refusal(&self) -> (u16, &'static str) {
        let Some(problem) = &self.problem else { panic!("no refusal: {self:?}") };
        (self.status, problem.slug())
    }

    /// The entity tag.
    pub(super) fn etag(&self) -> &str {
        self.headers[header::ETAG].to_str().unwrap()
    }
}
