//! An integrator's server: a real one, on a port of this machine.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
    routing::any,
};
use http::{HeaderMap, StatusCode, header};
use luhuan_notifications::model::signature;
use serde_json::Value;

/// What it was posted.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn number(&self) -> i64 {
        self.json()["number"].as_i64().unwrap()
    }

    /// Whether the signature is by this secret, at the time of the test's clock.
    pub(crate) fn signed_by(&self, secret: &str, now: i64) -> bool {
        signature::verify(secret.as_bytes(), self.header("x-luhuan-signature"), &self.body, now, 300)
    }
}

/// What it answers.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Status(u16),
    Text(u16, String),
    RetryAfter(u16, u32),
    Redirect(String),
    Slow(Duration),
}

#[derive(Default)]
struct Desk {
    received: Mutex<Vec<Received>>,
    replies: Mutex<VecDeque<Reply>>,
}

/// The server. It answers 200 unless told otherwise, and goes with the test's runtime.
pub(crate) struct Receiver {
    desk: Arc<Desk>,
    pub(crate) url: String,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let desk = Arc::new(Desk::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", any(take)).with_state(Arc::clone(&desk));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { desk, url }
    }

    /// What it answers next, in this order.
    pub(crate) fn will(&self, replies: impl IntoIterator<Item = Reply>) {
        self.desk.replies.lock().unwrap().extend(replies);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.desk.received.lock().unwrap().clone()
    }

    /// The running numbers of what it was posted.
    pub(crate) fn numbers(&self) -> Vec<i64> {
        self.received().iter().map(Received::number).collect()
    }
}

async fn take(State(desk): State<Arc<Desk>>, headers: HeaderMap, body: Bytes) -> Response {
    desk.received.lock().unwrap().push(Received { headers, body });
    let reply = desk.replies.lock().unwrap().pop_front();
    let status = |code| StatusCode::from_u16(code).unwrap();
    match reply {
        None => StatusCode::OK.into_response(),
        Some(Reply::Status(code)) => status(code).into_response(),
        Some(Reply::Text(code, text)) => (status(code), text).into_response(),
        Some(Reply::RetryAfter(code, seconds)) => {
            (status(code), [(header::RETRY_AFTER, seconds.to_string())]).into_response()
        }
        Some(Reply::Redirect(to)) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()
        }
        Some(Reply::Slow(delay)) => {
            tokio::time::sleep(delay).await;
            StatusCode::OK.into_response()
        }
    }
}
