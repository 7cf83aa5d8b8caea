//! Stripe's counterpart in tests: the real `localstripe` as a child process, behind a proxy.
//!
//! localstripe keeps payments, charges and refunds, and sends webhooks. What it leaves out of an answer although
//! Stripe always sends it, the proxy adds with the values that Stripe documents ([`complete`]). What localstripe does
//! not have at all, the proxy keeps by itself: idempotency keys, filters by time, connected accounts and transfers.
//! And it can lose answers, so that a test sees what becomes of a payment whose outcome is unknown ([`Fault`]).

mod browser;
mod complete;
mod proxy;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use hmac::{Hmac, KeyInit, Mac};
use luhuan_kernel::{Secret, Timestamp};
use serde_json::Value;
use sha2::Sha256;
use tokio::process::{Child, Command};

use crate::StripeSettings;

pub use proxy::Fault;

/// Names the program `localstripe`, as `cargo xtask test` does.
pub const LOCALSTRIPE: &str = "LUHUAN_TEST_LOCALSTRIPE";

/// The key that localstripe takes.
const SECRET_KEY: &str = "sk_test_12345";

/// The secret of the webhook endpoint in tests.
pub const WEBHOOK_SECRET: &str = "whsec_test";

/// A card that pays.
pub const GOOD_CARD: &str = "4242424242424242";

/// A card that is declined when it is charged.
pub const DECLINED_CARD: &str = "4000000000000341";

/// A card whose bank asks its holder first.
pub const CARD_WITH_QUESTION: &str = "4000002500003155";

/// How long localstripe may take to start.
const START_WITHIN: Duration = Duration::from_secs(30);

/// A Stripe of a test's own; it ends when this is dropped.
pub struct FakeStripe {
    /// Where the program under test finds it: `http://127.0.0.1:PORT/`.
    pub url: String,
    upstream: String,
    http: reqwest::Client,
    shared: proxy::Shared,
    // Held for their drop, which ends them.
    _child: Child,
    _proxy: tokio::task::JoinSet<()>,
}

impl FakeStripe {
    /// Starts localstripe and the proxy.
    ///
    /// # Panics
    /// When [`LOCALSTRIPE`] is not set, or it does not start.
    pub async fn start() -> Self {
        let program = std::env::var(LOCALSTRIPE).unwrap_or_else(|_| {
            panic!(
                "{LOCALSTRIPE} is not set. The tests that need it are run by `cargo xtask test`, which starts what they \
                 talk to; to run one by hand, paste what `cargo xtask services` prints."
            )
        });
        Self::start_program(&PathBuf::from(program)).await
    }

    async fn start_program(program: &Path) -> Self {
        let http = luhuan_store::outside::client()
            .timeout(Duration::from_secs(10))
            .build()
            .expect("an HTTP client can be made");
        let port = free_port();
        let child = Command::new(program)
            .args(["--port", &port.to_string(), "--from-scratch"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", program.display()));
        let upstream = format!("http://127.0.0.1:{port}");
        wait_for(&http, &upstream).await;
        let shared = proxy::Shared::new(http.clone(), upstream.clone());
        let (url, proxy) = proxy::serve(shared.clone()).await;
        Self { url, upstream, http, shared, _child: child, _proxy: proxy }
    }

    /// Settings that use it.
    #[must_use]
    pub fn settings(&self) -> StripeSettings {
        StripeSettings {
            api: self.url.clone(),
            secret_key: Secret::new(SECRET_KEY.to_owned()),
            publishable_key: "pk_test_12345".to_owned(),
            webhook_secrets: vec![Secret::new(WEBHOOK_SECRET.to_owned())],
            methods: StripeSettings::usual_methods(),
            timeout: Duration::from_secs(2),
        }
    }

    /// The address of its script for the payer's browser, as `https://js.stripe.com/v3/` is the real one's.
    #[must_use]
    pub fn script(&self) -> String {
        format!("{}js.stripe.com/v3/", self.url)
    }

    /// What happens to the next request whose method and path begin like this: `POST /v1/refunds`.
    pub fn next(&self, request: &str, fault: Fault) {
        self.shared.next(request, fault);
    }

    /// How often such requests came, those included that a fault met.
    #[must_use]
    pub fn asked(&self, request: &str) -> usize {
        self.shared.asked(request)
    }

    /// Has webhooks sent to an address.
    ///
    /// # Panics
    /// When localstripe refuses.
    pub async fn send_webhooks_to(&self, url: &str) {
        let body = serde_json::json!({ "url": url, "secret": WEBHOOK_SECRET });
        let request = self.http.post(format!("{}/_config/webhooks/luhuan", self.upstream)).json(&body);
        let answer = request.send().await.expect("localstripe answers");
        assert!(answer.status().is_success(), "localstripe took no webhook: {}", answer.status());
    }

    /// The payer enters a card, as their browser would. Returns how the payment stands then.
    ///
    /// # Panics
    /// When there is no such payment, or it waits for no card.
    pub async fn enter_card(&self, reference: &str, number: &str) -> String {
        let card = [
            ("type", "card"),
            ("card[number]", number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2034"),
            ("card[cvc]", "123"),
        ];
        let method = self.post("/v1/payment_methods", &card).await;
        let id = method["id"].as_str().expect("a payment method has an id").to_owned();
        self.post(&format!("/v1/payment_intents/{reference}"), &[("payment_method", &id)]).await;
        // A declined card is answered with an error; how the payment stands is read in any case.
        self.post(&format!("/v1/payment_intents/{reference}/confirm"), &[]).await;
        self.status(reference).await
    }

    /// The payer answers their bank's question.
    ///
    /// # Panics
    /// When the bank asked none.
    pub async fn answer_bank(&self, reference: &str, client_secret: &str) -> String {
        let answer = [("client_secret", client_secret), ("success", "true")];
        self.post(&format!("/v1/payment_intents/{reference}/_authenticate"), &answer).await;
        self.status(reference).await
    }

    /// How a payment stands there.
    ///
    /// # Panics
    /// When there is none.
    pub async fn status(&self, reference: &str) -> String {
        let intent = self.get(&format!("/v1/payment_intents/{reference}")).await;
        intent["status"].as_str().expect("a payment has a status").to_owned()
    }

    /// Every payment there.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn payments(&self) -> Vec<Value> {
        self.list("/v1/payment_intents?limit=100").await
    }

    /// Every refund there.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn refunds(&self) -> Vec<Value> {
        self.list("/v1/refunds?limit=100").await
    }

    /// Every transfer there.
    #[must_use]
    pub fn transfers(&self) -> Vec<Value> {
        self.shared.transfers()
    }

    /// The provider has checked the owner of an account: it may receive.
    pub fn approve(&self, account: &str) {
        self.shared.approve(account);
    }

    /// A payment that this program did not ask for.
    ///
    /// # Panics
    /// When localstripe refuses.
    pub async fn foreign_payment(&self, fen: i64) -> String {
        let amount = fen.to_string();
        let intent = self.post("/v1/payment_intents", &[("amount", &amount), ("currency", "cny")]).await;
        let reference = intent["id"].as_str().expect("a payment has an id").to_owned();
        self.enter_card(&reference, GOOD_CARD).await;
        reference
    }

    async fn list(&self, path: &str) -> Vec<Value> {
        self.get(path).await["data"].as_array().expect("a list has data").clone()
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.upstream)).bearer_auth(SECRET_KEY);
        request.send().await.expect("localstripe answers").json().await.expect("localstripe answers in JSON")
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let request = self.http.post(format!("{}{path}", self.upstream)).bearer_auth(SECRET_KEY).form(form);
        request.send().await.expect("localstripe answers").json().await.expect("localstripe answers in JSON")
    }
}

/// The header of a webhook that is signed as Stripe signs it.
///
/// # Panics
/// Never: HMAC takes a key of any length.
#[must_use]
pub fn signature(body: &[u8], at: Timestamp) -> String {
    let seconds = at.micros() / 1_000_000;
    let mut mac =
        Hmac::<Sha256>::new_from_slice(WEBHOOK_SECRET.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{seconds}.").as_bytes());
    mac.update(body);
    format!("t={seconds},v1={}", hex::encode(mac.finalize().into_bytes()))
}

async fn wait_for(http: &reqwest::Client, upstream: &str) {
    let ready = async {
        while http.get(format!("{upstream}/v1/refunds")).bearer_auth(SECRET_KEY).send().await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    assert!(tokio::time::timeout(START_WITHIN, ready).await.is_ok(), "localstripe did not start");
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port is free");
    listener.local_addr().expect("a bound socket has an address").port()
}
