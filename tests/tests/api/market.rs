//! What the tests of trade and money share: people with something to spend, orders in their stages, the books.

use std::time::{Duration, Instant};

use luhuan_tests::{Actor, Answer, Client, Listing, ListingBuilder, World, environment};
use serde_json::{Value, json};
use sqlx::Connection;

/// What a plain thing of these tests costs, in fen.
pub(crate) const PRICE: i64 = 12_000;

/// Puts so many yuan into somebody's wallet, as an operator does.
pub(crate) fn fund(world: &World, who: &Actor, yuan: u32) {
    let reference = format!("test {:016x}", environment::unique_number());
    let amount = yuan.to_string();
    let printed = world.cli(&["ledger", "grant", &who.login, &amount, "--reference", &reference]);
    assert_eq!(printed, "granted\n");
}

/// Asserts that the books are right, and answers what was counted.
pub(crate) fn verify(world: &World) -> String {
    world.cli(&["ledger", "verify"])
}

/// A thing that can be sent at the seller's expense or handed over, with one flaw.
pub(crate) fn on_sale(world: &World) -> ListingBuilder<'_> {
    world.listing().field("delivery", json!(["pickup", "express"])).field("freight", "seller")
}

/// An order of a thing, to be sent, its flaw confirmed.
pub(crate) fn sent(listing: &Listing) -> Value {
    json!({
        "listings": [listing.id], "delivery": "express", "flaws_confirmed": true,
        "address": {"name": "王小明", "phone": "13812345678", "place": "朝阳区望京街道阜通东大街 6 号院 3 号楼"},
    })
}

/// An order of a thing, to be handed over.
pub(crate) fn met(listing: &Listing) -> Value {
    json!({"listings": [listing.id], "delivery": "pickup", "flaws_confirmed": true})
}

/// The same order, paid from the wallet in one step.
pub(crate) fn paid(mut order: Value) -> Value {
    order["pay"] = json!("wallet");
    order
}

/// Two who trade, and their order.
pub(crate) struct Deal {
    pub(crate) buyer: Actor,
    pub(crate) seller: Actor,
    pub(crate) listing: Listing,
    pub(crate) order: String,
}

impl Deal {
    /// A thing bought and paid from the wallet, to be sent.
    pub(crate) async fn paid(world: &World) -> Self {
        Self::of(world, |listing| paid(sent(listing))).await
    }

    /// A thing bought and paid from the wallet, to be handed over.
    pub(crate) async fn to_meet(world: &World) -> Self {
        Self::of(world, |listing| paid(met(listing))).await
    }

    async fn of(world: &World, order: impl Fn(&Listing) -> Value) -> Self {
        let (seller, buyer) = (world.resident().await, world.resident().await);
        fund(world, &buyer, 200);
        let listing = on_sale(world).by(&seller).published().await;
        let made = buyer.post("/api/v1/orders", &order(&listing)).await.expect(201).json();
        assert_eq!(made["state"], "paid", "{made}");
        Self { buyer, seller, listing, order: id(&made) }
    }

    /// The same, on its way.
    pub(crate) async fn shipped(world: &World) -> Self {
        let deal = Self::paid(world).await;
        let _ = deal.by(&deal.seller, "ship", &parcel()).await.expect(200);
        deal
    }

    /// The address of a step of the order.
    pub(crate) fn path(&self, step: &str) -> String {
        format!("/api/v1/orders/{}/{step}", self.order)
    }

    /// A step of the order, taken by one of the two.
    pub(crate) async fn by(&self, who: &Actor, step: &str, body: &Value) -> Answer {
        who.post(&self.path(step), body).await
    }

    /// A step that needs no words.
    pub(crate) async fn step(&self, who: &Actor, step: &str) -> Answer {
        who.post_empty(&self.path(step)).await
    }

    /// The order as somebody sees it.
    pub(crate) async fn seen_by(&self, who: &Actor) -> Value {
        who.get(&format!("/api/v1/orders/{}", self.order)).await.expect(200).json()
    }
}

/// A parcel that has a number.
pub(crate) fn parcel() -> Value {
    json!({"carrier": "sf", "tracking": "SF1234567890123"})
}

/// What somebody may spend, in fen.
pub(crate) async fn wallet(who: &Actor) -> i64 {
    let accounts = who.get("/api/v1/ledger/accounts").await.expect(200).json();
    let available = accounts.as_array().unwrap().iter().find(|account| account["kind"] == "available");
    available.map_or(0, |account| account["balance"]["minor"].as_i64().unwrap())
}

/// The `id` of a document.
pub(crate) fn id(document: &Value) -> String {
    document["id"].as_str().unwrap_or_else(|| panic!("no id: {document}")).to_owned()
}

/// Runs statements on the database behind the program's back, in order; the first that is refused ends it.
pub(crate) async fn behind_its_back(world: &World, statements: &[&str]) -> Result<(), sqlx::Error> {
    match &world.launch().database_url {
        Some(url) => {
            let mut database = sqlx::PgConnection::connect(url).await?;
            for statement in statements {
                sqlx::query(sqlx::AssertSqlSafe(*statement)).execute(&mut database).await?;
            }
            database.close().await
        }
        None => {
            let url = format!("sqlite://{}", world.data().join("luhuan.sqlite3").display());
            let mut database = sqlx::SqliteConnection::connect(&url).await?;
            for statement in statements {
                sqlx::query(sqlx::AssertSqlSafe(*statement)).execute(&mut database).await?;
            }
            database.close().await
        }
    }
}

/// Asks again and again until `holds` says so of the answer.
pub(crate) async fn until(
    who: &Client,
    path: &str,
    within: Duration,
    holds: impl Fn(&Value) -> bool,
) -> Value {
    let start = Instant::now();
    loop {
        let seen = who.get(path).await.expect(200).json();
        if holds(&seen) {
            return seen;
        }
        assert!(start.elapsed() < within, "not within {within:?}: {seen}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
