//! Whole purchases over HTTP: find a thing, order it, pay for it from the wallet.

use std::{
    fmt::Write as _,
    io,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::{BUYERS, Place, market::PRICE};
use crate::load::Server;

/// Things on offer: more than are bought.
const GOODS: usize = 6_000;

/// Purchases before those that count, for each buyer.
const WARM_UP: usize = 5;

/// Two resemble each other no more than two real titles do: what is found is not always the same.
const KINDS: [&str; 8] = ["书架", "台灯", "键盘", "吉他", "相机", "自行车", "电饭煲", "羽绒服"];

/// Starts a server with things on offer, and has the buyers buy for so many seconds.
pub fn run(
    runtime: &tokio::runtime::Runtime,
    luhuan: &Path,
    data: &Path,
    place: &Place,
    seconds: u32,
) -> io::Result<()> {
    let logins: Vec<String> = luhuan_demo::accounts().into_iter().map(|account| account.login).collect();
    let seller = &logins[200];
    load(luhuan, data, place, seller)?;
    let mut serve = Command::new(luhuan);
    serve.args(["serve", "--listen", "127.0.0.1:0", "--set", "log.filter=warn", "--data"]).arg(data);
    let server = Server::start(serve.args(["--database-url", &place.url]))?;
    let figures = runtime.block_on(async {
        let shop = Arc::new(Shop::open(&server.origin, seller).await?);
        let mut buyers = Vec::new();
        for login in &logins[100..100 + BUYERS] {
            buyers.push(shop.sign_in(login).await?);
        }
        buy(&shop, &buyers, Duration::from_secs(u64::from(seconds))).await
    })?;
    println!(
        "{:<11} find, order, pay over HTTP, {BUYERS} at once  {:>6.1} purchases/s  median {:>6.1} ms  p99 {:>6.1} ms",
        place.name, figures.per_second, figures.median_ms, figures.p99_ms
    );
    let mut verify = Command::new(luhuan);
    verify.args(["ledger", "verify", "--set", "log.filter=error", "--data"]).arg(data);
    let right = verify.args(["--database-url", &place.url]).output()?;
    if right.status.success() {
        Ok(())
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&right.stdout).into_owned()))
    }
}

/// The demo city, without the jobs that draw its photos, and things of one seller besides.
fn load(luhuan: &Path, data: &Path, place: &Place, seller: &str) -> io::Result<()> {
    let run = |arguments: &[&str]| -> io::Result<()> {
        let mut command = Command::new(luhuan);
        command.args(arguments).args(["--set", "log.filter=error", "--data"]).arg(data);
        let done = command.args(["--database-url", &place.url]).output()?;
        let why = || io::Error::other(String::from_utf8_lossy(&done.stderr).into_owned());
        if done.status.success() { Ok(()) } else { Err(why()) }
    };
    run(&["demo", "load"])?;
    let file = data.join("goods.jsonl");
    let mut rows = String::new();
    for n in 0..GOODS {
        let row = json!({
            "external_id": format!("bench-{n}"), "title": format!("{} {n} 号", KINDS[n % KINDS.len()]),
            "description": "搬家出。", "category": "furniture-bookshelf", "condition": "90", "origin": "mall-new",
            "price_fen": PRICE, "delivery": ["pickup"], "subdistrict": "110101001", "returns": "none",
        });
        writeln!(rows, "{row}").map_err(io::Error::other)?;
    }
    std::fs::write(&file, rows)?;
    run(&["import", "listings", &file.display().to_string(), "--seller", seller])
}

/// What there is to buy, each thing for one buyer.
struct Shop {
    http: Client,
    origin: String,
    goods: Vec<(String, String)>,
    next: AtomicUsize,
}

struct Figures {
    per_second: f64,
    median_ms: f64,
    p99_ms: f64,
}

impl Shop {
    async fn open(origin: &str, seller: &str) -> io::Result<Self> {
        let http = luhuan_store::outside::client().no_proxy().build().map_err(io::Error::other)?;
        let mut shop = Self { http, origin: origin.to_owned(), goods: Vec::new(), next: AtomicUsize::new(0) };
        let token = shop.sign_in(seller).await?;
        let (mut after, page) = (String::new(), "/api/v1/me/listings?state=published&limit=100");
        loop {
            let request = shop.http.get(format!("{origin}{page}{after}")).bearer_auth(&token);
            let found = answer(request).await?;
            for item in found["items"].as_array().into_iter().flatten() {
                let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
                if text("title").ends_with('号') {
                    shop.goods.push((text("id"), text("title")));
                }
            }
            let Some(next) = found["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        shop.until_indexed().await?;
        Ok(shop)
    }

    async fn until_indexed(&self) -> io::Result<()> {
        for _ in 0..600 {
            let found =
                answer(self.http.get(format!("{}/api/v1/search/listings?limit=1", self.origin))).await?;
            if found["degraded"] == false && found["total"].as_u64() >= Some(self.goods.len() as u64) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(io::Error::other("the index did not fill in time"))
    }

    async fn sign_in(&self, login: &str) -> io::Result<String> {
        let credentials = json!({"login": login, "password": luhuan_demo::PASSWORD});
        let request = self.http.post(format!("{}/api/v1/sessions", self.origin)).json(&credentials);
        let session = answer(request).await?;
        session["token"].as_str().map(str::to_owned).ok_or_else(|| io::Error::other("nobody is signed in"))
    }

    /// Finds the next thing by its words, orders it and pays.
    async fn purchase(&self, token: &str) -> io::Result<()> {
        let place = self.next.fetch_add(1, Ordering::Relaxed);
        let Some((id, title)) = self.goods.get(place) else { return Err(io::Error::other("sold out")) };
        let find = self.http.get(format!("{}/api/v1/search/listings", self.origin)).query(&[("q", title)]);
        let found = answer(find).await?;
        if found["items"].as_array().is_none_or(Vec::is_empty) {
            return Err(io::Error::other(format!("{title} was not found")));
        }
        let order = json!({
            "listings": [id], "delivery": "pickup", "flaws_confirmed": true, "expected_total_fen": PRICE,
        });
        let order = self.http.post(format!("{}/api/v1/orders", self.origin)).bearer_auth(token).json(&order);
        let order = answer(order).await?;
        let order = order["id"].as_str().unwrap_or_default();
        let pay = self.http.post(format!("{}/api/v1/orders/{order}/pay", self.origin)).bearer_auth(token);
        let paid = answer(pay.json(&json!({"provider": "wallet"}))).await?;
        if paid["order"]["state"] == "paid" { Ok(()) } else { Err(io::Error::other(paid.to_string())) }
    }
}

async fn answer(request: RequestBuilder) -> io::Result<Value> {
    let answer = request.send().await.map_err(io::Error::other)?;
    let status = answer.status();
    let body = answer.text().await.map_err(io::Error::other)?;
    if !status.is_success() {
        return Err(io::Error::other(format!("{status}: {body}")));
    }
    serde_json::from_str(&body).map_err(io::Error::other)
}

async fn buy(shop: &Arc<Shop>, buyers: &[String], time: Duration) -> io::Result<Figures> {
    for token in buyers {
        for _ in 0..WARM_UP {
            shop.purchase(token).await?;
        }
    }
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for token in buyers {
        let (shop, token) = (Arc::clone(shop), token.clone());
        tasks.spawn(async move {
            let mut took = Vec::new();
            while started.elapsed() < time {
                let one = Instant::now();
                shop.purchase(&token).await?;
                took.push(one.elapsed());
            }
            Ok::<_, io::Error>(took)
        });
    }
    let mut took: Vec<Duration> = Vec::new();
    while let Some(done) = tasks.join_next().await {
        took.extend(done.map_err(io::Error::other)??);
    }
    let seconds = started.elapsed().as_secs_f64();
    took.sort_unstable();
    let milliseconds = |share: usize| {
        took.get((took.len() * share / 100).min(took.len().saturating_sub(1)))
            .map_or(0.0, |one| one.as_secs_f64() * 1e3)
    };
    Ok(Figures {
        per_second: took.len() as f64 / seconds,
        median_ms: milliseconds(50),
        p99_ms: milliseconds(99),
    })
}
