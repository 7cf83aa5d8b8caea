//! Codes by webhook: signed, and tried again when they were not taken over.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

use axum::{Router, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use hmac::{Hmac, KeyInit, Mac};
use luhuan_accounts::{
    CodeMessage, CodeSender, WebhookSender,
    model::{CodePurpose, Login},
};
use luhuan_kernel::{Clock, Locale, ManualClock, Secret};
use sha2::Sha256;

#[derive(Clone)]
struct Gateway {
    answer: Arc<AtomicU16>,
    taken: Arc<Mutex<Vec<(String, String)>>>,
}

async fn take(State(gateway): State<Gateway>, headers: HeaderMap, body: String) -> StatusCode {
    let signature = headers["x-luhuan-signature"].to_str().unwrap().to_owned();
    gateway.taken.lock().unwrap().push((signature, body));
    StatusCode::from_u16(gateway.answer.load(Ordering::SeqCst)).unwrap()
}

#[tokio::test]
async fn a_code_goes_out_signed_and_only_a_2xx_counts_as_taken() {
    let gateway = Gateway { answer: Arc::new(AtomicU16::new(200)), taken: Arc::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/codes", listener.local_addr().unwrap());
    let app = Router::new().route("/codes", post(take)).with_state(gateway.clone());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });

    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
    let secret = Secret::new("shared".to_owned());
    let sender = WebhookSender::new(url, secret, Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
    let message = CodeMessage {
        id: "1".into(),
        login: Login::parse("13800138000").unwrap(),
        code: Secret::new("123456".into()),
        purpose: CodePurpose::SignIn,
        locale: Locale::ZhCn,
        expires_at: clock.now().plus_seconds(600),
    };
    sender.send(&message).await.unwrap();

    let (signature, body) = gateway.taken.lock().unwrap()[0].clone();
    let (t, v1) = signature.split_once(",v1=").unwrap();
    let t = t.strip_prefix("t=").unwrap();
    assert_eq!(t, "1767225600");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"shared").unwrap();
    mac.update(format!("{t}.{body}").as_bytes());
    assert_eq!(hex::encode(mac.finalize().into_bytes()), v1);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((body["to"].as_str(), body["code"].as_str()), (Some("13800138000"), Some("123456")));

    for refused in [302, 404, 500] {
        gateway.answer.store(refused, Ordering::SeqCst);
        assert!(sender.send(&message).await.is_err(), "{refused}");
    }
}
