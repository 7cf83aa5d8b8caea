//! The proxy in front of localstripe.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::complete::complete;

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not done: 503.
    Break,
    /// It is done, and the answer is lost: 502 and a page instead.
    Lose,
    /// It is done, and the answer never comes.
    Hang,
    /// It is not done, and refused for good: 400 with this code.
    Refuse(&'static str),
}

/// What the proxy knows.
#[derive(Clone)]
pub(super) struct Shared(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    upstream: String,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    faults: Vec<(String, Fault)>,
    asked: Vec<String>,
    /// By idempotency key: the request and what it was answered.
    answers: HashMap<String, (String, StatusCode, Value)>,
    /// Keys of requests that are being done.
    at_work: HashSet<String>,
    accounts: BTreeMap<String, Value>,
    transfers: Vec<Value>,
}

impl Shared {
    pub(super) fn new(http: reqwest::Client, upstream: String) -> Self {
        Self(Arc::new(Inner { http, upstream, memory: Mutex::default() }))
    }

    pub(super) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(super) fn upstream(&self) -> &str {
        &self.0.upstream
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn next(&self, request: &str, fault: Fault) {
        self.memory().faults.push((request.to_owned(), fault));
    }

    pub(super) fn asked(&self, request: &str) -> usize {
        self.memory().asked.iter().filter(|asked| asked.starts_with(request)).count()
    }

    pub(super) fn transfers(&self) -> Vec<Value> {
        self.memory().transfers.clone()
    }

    pub(super) fn approve(&self, account: &str) {
        if let Some(account) = self.memory().accounts.get_mut(account) {
            account["capabilities"]["transfers"] = json!("active");
        }
    }

    /// Takes a key to work, or says how it was answered before.
    fn begin(&self, key: &str, request: &str) -> Option<(StatusCode, Value)> {
        let mut memory = self.memory();
        if let Some((before, status, value)) = memory.answers.get(key) {
            let mut reused = error("idempotency_key_reused");
            reused["error"]["type"] = json!("idempotency_error");
            let same = before == request;
            return Some(if same { (*status, value.clone()) } else { (StatusCode::BAD_REQUEST, reused) });
        }
        let begun = memory.at_work.insert(key.to_owned());
        (!begun).then(|| (StatusCode::CONFLICT, error("idempotency_key_in_use")))
    }

    fn fault(&self, request: &str) -> Option<Fault> {
        let mut memory = self.memory();
        memory.asked.push(request.to_owned());
        let n = memory.faults.iter().position(|(prefix, _)| request.starts_with(prefix.as_str()))?;
        Some(memory.faults.remove(n).1)
    }
}

/// Serves on a free port; ends when the set is dropped.
pub(super) async fn serve(shared: Shared) -> (String, JoinSet<()>) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port is free");
    let address = listener.local_addr().expect("a bound socket has an address");
    let router = super::browser::routes().fallback(forward).with_state(shared);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        axum::serve(listener, router).await.expect("the proxy serves");
    });
    (format!("http://{address}/"), tasks)
}

async fn forward(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = shared.fault(&format!("{method} {}", uri.path()));
    match fault {
        Some(Fault::Break) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Fault::Refuse(code)) => {
            return answer(StatusCode::BAD_REQUEST, &error(code));
        }
        _ => {}
    }
    let (status, value) = once(&shared, &method, &uri, &headers, &body).await;
    match fault {
        Some(Fault::Lose) => (StatusCode::BAD_GATEWAY, "<html>bad gateway</html>").into_response(),
        Some(Fault::Hang) => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        _ => answer(status, &value),
    }
}

fn answer(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn error(code: &str) -> Value {
    json!({ "error": { "type": "invalid_request_error", "code": code, "message": code } })
}

/// The same key and request, the same answer; the same key and another request, an error; the same key while the first
/// is at work, a conflict (docs.stripe.com/api/idempotent_requests). An error of the server is not kept.
async fn once(
    shared: &Shared,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> (StatusCode, Value) {
    let Some(key) = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned)
    else {
        return handle(shared, method, uri, headers, body).await;
    };
    let request = format!("{method} {uri} {}", String::from_utf8_lossy(body));
    if let Some(before) = shared.begin(&key, &request) {
        return before;
    }
    // On a task of its own: a client that hangs up does not stop what it asked for.
    let (shared, method, uri) = (shared.clone(), method.clone(), uri.clone());
    let (headers, body) = (headers.clone(), body.clone());
    let work = tokio::spawn(async move {
        let (status, value) = handle(&shared, &method, &uri, &headers, &body).await;
        let mut memory = shared.memory();
        memory.at_work.remove(&key);
        if !status.is_server_error() {
            memory.answers.insert(key, (request, status, value.clone()));
        }
        (status, value)
    });
    work.await.unwrap_or((StatusCode::INTERNAL_SERVER_ERROR, Value::Null))
}

async fn handle(
    shared: &Shared,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> (StatusCode, Value) {
    let form = pairs(&String::from_utf8_lossy(body));
    let query = pairs(uri.query().unwrap_or_default());
    let segments: Vec<&str> = uri.path().trim_start_matches("/v1/").split('/').collect();
    match (method.as_str(), segments.as_slice()) {
        ("POST", ["accounts"]) => open_account(shared, &form),
        ("GET", ["accounts", id]) => match shared.memory().accounts.get(*id) {
            Some(account) => (StatusCode::OK, account.clone()),
            None => (StatusCode::NOT_FOUND, error("resource_missing")),
        },
        ("POST", ["account_links"]) => (StatusCode::OK, account_link(shared, &form)),
        ("POST", ["transfers"]) => transfer(shared, &form),
        ("GET", ["transfers"]) => (StatusCode::OK, list_transfers(shared, &query)),
        _ => upstream(shared, method, uri, headers, form, query).await,
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |part: &str| {
        let spaced = part.replace('+', " ");
        let mut bytes = Vec::with_capacity(spaced.len());
        let mut rest = spaced.as_bytes();
        while let Some((first, tail)) = rest.split_first() {
            let escaped = (*first == b'%').then(|| tail.get(..2)).flatten();
            let byte = escaped
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            bytes.push(byte.unwrap_or(*first));
            rest = if byte.is_some() { &tail[2..] } else { tail };
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(a, b)| (decoded(a), decoded(b)))
        .collect()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn metadata(form: &[(String, String)]) -> Value {
    let entries = form.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("metadata[")?.strip_suffix(']')?;
        Some((name.to_owned(), json!(value)))
    });
    Value::Object(entries.collect())
}

fn open_account(shared: &Shared, form: &[(String, String)]) -> (StatusCode, Value) {
    let mut memory = shared.memory();
    let id = format!("acct_{:014}", memory.accounts.len() + 1);
    let account = json!({
        "id": id, "object": "account", "charges_enabled": false, "payouts_enabled": false, "details_submitted": false,
        "capabilities": { "transfers": "inactive" }, "metadata": metadata(form),
    });
    memory.accounts.insert(id, account.clone());
    (StatusCode::OK, account)
}

fn account_link(shared: &Shared, form: &[(String, String)]) -> Value {
    let account = value(form, "account").unwrap_or_default();
    let url = format!("{}/onboarding/{account}", shared.0.upstream);
    json!({ "object": "account_link", "created": 0, "expires_at": 300, "url": url })
}

/// Refused when the account may not receive, as Stripe does.
fn transfer(shared: &Shared, form: &[(String, String)]) -> (StatusCode, Value) {
    let mut memory = shared.memory();
    let destination = value(form, "destination").unwrap_or_default();
    let active = memory.accounts.get(destination).is_some_and(|a| a["capabilities"]["transfers"] == "active");
    if !active {
        return (StatusCode::BAD_REQUEST, error("insufficient_capabilities_for_transfer"));
    }
    let id = format!("tr_{:014}", memory.transfers.len() + 1);
    let amount: i64 = value(form, "amount").and_then(|amount| amount.parse().ok()).unwrap_or_default();
    let reversals =
        json!({ "object": "list", "data": [], "has_more": false, "url": "/v1/transfers/reversals" });
    let transfer = json!({
        "id": id, "object": "transfer", "amount": amount, "amount_reversed": 0, "created": now(), "livemode": false,
        "currency": value(form, "currency"), "destination": destination, "metadata": metadata(form),
        "reversals": reversals, "reversed": false,
    });
    memory.transfers.push(transfer.clone());
    (StatusCode::OK, transfer)
}

fn list_transfers(shared: &Shared, query: &[(String, String)]) -> Value {
    let wanted = value(query, "destination");
    let mut list = json!({ "object": "list", "url": "/v1/transfers", "has_more": false });
    let kept = shared.transfers().into_iter().filter(|transfer| {
        wanted.is_none_or(|wanted| transfer["destination"] == wanted) && within(transfer, query)
    });
    list["data"] = kept.collect();
    list
}

/// The machine's time: localstripe's objects carry it too.
#[expect(
    clippy::disallowed_methods,
    reason = "the counterpart lives in the machine's time, as localstripe does"
)]
fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// Whether an object was made in the time that is asked for; localstripe knows no such filter.
fn within(object: &Value, query: &[(String, String)]) -> bool {
    let bound = |name: &str| value(query, name).and_then(|text| text.parse::<i64>().ok());
    let created = object["created"].as_i64().unwrap_or_default();
    bound("created[gte]").is_none_or(|from| created >= from)
        && bound("created[lt]").is_none_or(|until| created < until)
}

async fn upstream(
    shared: &Shared,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    form: Vec<(String, String)>,
    query: Vec<(String, String)>,
) -> (StatusCode, Value) {
    // What localstripe does not know, and would refuse.
    let known = |name: &str| name != "description" && !name.starts_with("allowed_payment_method_types");
    let form: Vec<_> = form.into_iter().filter(|(name, _)| known(name)).collect();
    let (filters, query): (Vec<_>, Vec<_>) =
        query.into_iter().partition(|(name, _)| name.starts_with("created["));
    let mut request =
        shared.0.http.request(method.clone(), format!("{}{}", shared.0.upstream, uri.path())).query(&query);
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    if method == Method::POST {
        request = request.form(&form);
    }
    let Ok(answer) = request.send().await else { return (StatusCode::BAD_GATEWAY, Value::Null) };
    let status = answer.status();
    let mut value: Value = answer.json().await.unwrap_or_default();
    complete(&mut value);
    if let Some(rows) = value["data"].as_array_mut() {
        rows.retain(|row| within(row, &filters));
    }
    (status, value)
}
