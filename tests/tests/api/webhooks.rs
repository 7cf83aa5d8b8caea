//! Webhooks of integrators, posted to a receiver on this machine.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use luhuan_tests::{Actor, World, redacted};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::market::{Deal, until};

/// By when something is posted.
const SOON: Duration = Duration::from_secs(20);

/// What was posted.
#[derive(Clone, Debug)]
struct Post {
    headers: HashMap<String, String>,
    body: Vec<u8>,
}

impl Post {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether the body is signed with this secret, as the book for integrators says.
    fn is_signed_by(&self, secret: &str) -> bool {
        let header = &self.headers["x-luhuan-signature"];
        let part =
            |name: &str| header.split(',').find_map(|part| part.strip_prefix(name)).unwrap_or_default();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{}.", part("t=")).as_bytes());
        mac.update(&self.body);
        hex::encode(mac.finalize().into_bytes()) == part("v1=")
    }
}

/// An integrator's server: it keeps what it is posted, and answers with the statuses it is told to, then 200.
struct Receiver {
    url: String,
    posts: Arc<Mutex<Vec<Post>>>,
    statuses: Arc<Mutex<Vec<u16>>>,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (posts, statuses) = (Arc::default(), Arc::new(Mutex::new(Vec::new())));
        let (kept, told) = (Arc::clone(&posts), Arc::clone(&statuses));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, Arc::clone(&kept), Arc::clone(&told)));
            }
        });
        Self { url, posts, statuses }
    }

    fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap().clone()
    }

    async fn until(&self, holds: impl Fn(&[Post]) -> bool) -> Vec<Post> {
        let start = Instant::now();
        loop {
            let posts = self.posts();
            if holds(&posts) {
                return posts;
            }
            assert!(start.elapsed() < SOON, "{} posts came", posts.len());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// One request of HTTP/1.1, and its answer.
async fn take(stream: TcpStream, posts: Arc<Mutex<Vec<Post>>>, statuses: Arc<Mutex<Vec<u16>>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let (mut line, mut headers) = (String::new(), HashMap::new());
    stream.read_line(&mut line).await.ok()?;
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    posts.lock().unwrap().push(Post { headers, body });
    let status = statuses.lock().unwrap().pop().unwrap_or(200);
    let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    stream.write_all(answer.as_bytes()).await.ok()
}

async fn world() -> World {
    World::builder().variable("LUHUAN_WEBHOOKS_PRIVATE_ADDRESSES", "true").start().await
}

async fn hooked(who: &Actor, receiver: &Receiver) -> Value {
    let hook = json!({"url": receiver.url, "events": ["trade.*"], "description": "仓库系统"});
    who.post("/api/v1/webhooks", &hook).await.expect(201).json()
}

fn path(hook: &Value, rest: &str) -> String {
    format!("/api/v1/webhooks/{}{rest}", hook["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sellers_program_is_posted_each_step_signed_and_in_order() {
    let (world, receiver) = (world().await, Receiver::start().await);
    let deal = Deal::paid(&world).await;
    let hook = hooked(&deal.seller, &receiver).await;
    let mut shown = redacted(&hook);
    (shown["url"], shown["secret"]) = (json!("[url]"), json!("[secret]"));
    insta::assert_json_snapshot!("a_webhook_with_its_secret", shown);
    let secret = hook["secret"].as_str().unwrap();
    let _ = deal.by(&deal.seller, "ship", &crate::market::parcel()).await.expect(200);
    let _ = deal.step(&deal.buyer, "confirm").await.expect(200);
    let posts = receiver.until(|posts| posts.len() >= 3).await;
    let names: Vec<_> = posts.iter().map(|post| post.headers["x-luhuan-event"].clone()).collect();
    assert_eq!(names, ["trade.order_shipped", "trade.order_received", "trade.order_settled"]);
    let numbers: Vec<_> = posts.iter().map(|post| post.json()["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3]);
    for post in &posts {
        assert!(post.is_signed_by(secret) && !post.is_signed_by("another"));
        assert_eq!(post.json()["data"]["order"], json!(deal.order));
    }
    let log = deal.seller.get(&path(&hook, "/deliveries")).await.expect(200).json();
    let first = log["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&first["state"], &first["status"]), (&json!("delivered"), &json!(200)));
    // Somebody else's webhook is not there for the buyer, nor is the buyer told by it.
    deal.buyer.get(&path(&hook, "")).await.expect_problem(404, "not-found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_taken_over_is_posted_again_and_can_be_replayed() {
    let (world, receiver) = (world().await, Receiver::start().await);
    let who = world.resident().await;
    let hook = hooked(&who, &receiver).await;
    receiver.statuses.lock().unwrap().push(503);
    let _ = who.post_empty(&path(&hook, "/ping")).await.expect(202);
    receiver.until(|posts| posts.len() == 1).await;
    let log = path(&hook, "/deliveries");
    let waiting = until(&who, &log, SOON, |log| log["items"][0]["attempts"] == 1).await;
    assert_eq!(
        (&waiting["items"][0]["state"], &waiting["items"][0]["status"]),
        (&json!("pending"), &json!(503))
    );
    // It comes again by itself; asked for, at once.
    let delivery = waiting["items"][0]["id"].as_str().unwrap();
    let _ = who.post_empty(&format!("{log}/{delivery}/replay")).await.expect(202);
    let done = until(&who, &log, SOON, |log| log["items"][0]["state"] == "delivered").await;
    assert_eq!(done["items"][0]["excerpt"], "ok");
    let posts = receiver.posts();
    assert_eq!(posts.len(), 2);
    assert_eq!(
        posts[0].headers["x-luhuan-event-id"], posts[1].headers["x-luhuan-event-id"],
        "one event, told twice"
    );
}

#[tokio::test]
async fn an_address_that_is_not_on_the_open_internet_is_refused() {
    let world = World::start().await;
    let who = world.resident().await;
    for url in
        ["http://127.0.0.1:9/hook", "https://10.0.0.1/hook", "https://[::1]/hook", "https://localhost/hook"]
    {
        let hook = json!({"url": url, "events": ["*"]});
        let refused = who.post("/api/v1/webhooks", &hook).await.expect_problem(422, "invalid");
        assert_eq!(refused["errors"][0]["field"], "url", "{url}: {refused}");
    }
}
