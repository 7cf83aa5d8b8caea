//! What an order that is paid from the wallet takes of the database, statement by statement, written against the driver:
//! no entities, no policy, no model, nothing shared with the services but the schema.

use std::{
    io,
    time::{Duration, Instant},
};

use luhuan_kernel::{Id, Person, SystemClock};
use luhuan_listing::Listing;
use serde_json::json;
use sqlx::{
    AssertSqlSafe, Connection, PgConnection, PgPool, Row, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::market::{PRICE, now};

/// Makes an empty database.
pub async fn create_database(server: &str, name: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect(&format!("{server}/postgres")).await?;
    // The name is made of letters, digits and underscores by the caller.
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
    connection.close().await
}

/// Connections as the store opens them.
#[derive(Clone)]
pub enum Hand {
    /// One that writes; the others read.
    Sqlite(SqlitePool, SqlitePool),
    /// All alike.
    Postgres(PgPool),
}

impl Hand {
    pub async fn connect(url: &str) -> Result<Self, sqlx::Error> {
        if url.starts_with("postgres") {
            return Ok(Self::Postgres(PgPoolOptions::new().max_connections(10).connect(url).await?));
        }
        let options: SqliteConnectOptions = url.parse()?;
        let options = options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(512)
            .pragma("cache_size", "-2000")
            .pragma("temp_store", "MEMORY");
        let pool =
            |size| SqlitePoolOptions::new().max_connections(size).idle_timeout(None).max_lifetime(None);
        let writer = pool(1).connect_with(options.clone()).await?;
        Ok(Self::Sqlite(writer, pool(10).connect_with(options.pragma("query_only", "ON")).await?))
    }

    /// Each buyer orders a share of the goods and pays for them from the wallet, one by one; how long it took.
    pub async fn order_all(
        &self,
        buyers: &[Id<Person>],
        seller: Id<Person>,
        goods: &[Id<Listing>],
    ) -> io::Result<Duration> {
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for (buyer, goods) in buyers.iter().zip(goods.chunks(goods.len() / buyers.len())) {
            let (hand, buyer, goods) = (self.clone(), buyer.uuid(), goods.to_vec());
            tasks.spawn(async move {
                for listing in goods {
                    let purchase = Purchase::new(buyer, seller.uuid(), listing.uuid());
                    match &hand {
                        Self::Sqlite(writer, reader) => on_sqlite(writer, reader, &purchase).await,
                        Self::Postgres(pool) => on_postgres(pool, pool, &purchase).await,
                    }
                    .map_err(io::Error::other)?;
                }
                Ok::<_, io::Error>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.map_err(io::Error::other)??;
        }
        Ok(started.elapsed())
    }
}

/// The ids and codes of one purchase.
struct Purchase {
    buyer: Uuid,
    seller: Uuid,
    listing: Uuid,
    order: Uuid,
    payment: Uuid,
    transaction: Uuid,
    escrow: Uuid,
    escrow_code: String,
    wallet_code: String,
}

impl Purchase {
    fn new(buyer: Uuid, seller: Uuid, listing: Uuid) -> Self {
        let id = || Id::<()>::new(&SystemClock).uuid();
        let order = id();
        Self {
            buyer,
            seller,
            listing,
            order,
            payment: id(),
            transaction: id(),
            escrow: id(),
            escrow_code: format!("order:{order}/escrow/CNY"),
            wallet_code: format!("person:{buyer}/available/CNY"),
        }
    }
}

const CLAIM: &str = "UPDATE listing SET state = $1, version = version + 1, updated_at = $2, \
    closed_at = CASE WHEN $1 = 'sold' THEN $2 ELSE closed_at END WHERE id = $3 AND state = $4 RETURNING *";
const BLOCKED: &str = "SELECT person_id, blocked_id, at FROM person_block \
    WHERE (person_id = $1 AND blocked_id = $2) OR (person_id = $2 AND blocked_id = $1) LIMIT 1";
const OPEN_ACCOUNT: &str = "INSERT INTO ledger_account (id, code, owner, kind, currency, balance, entries, created_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING";
const POST: &str = "INSERT INTO posting (account_id, number, transaction_id, amount, balance_after, memo, at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7), ($8, $9, $10, $11, $12, $13, $14)";
const CLOSE_TRANSACTION: &str = "INSERT INTO ledger_transaction (id, kind, reference, memo, made_by, at) \
    VALUES ($1, $2, $3, $4, $5, $6)";
const PAY: &str = "INSERT INTO payment (id, purpose_kind, purpose_id, payer_id, payee, amount, currency, provider, \
    capture, state, wanted, return_url, provider_ref, client_secret, failure, refunded, payer_confirmed_at, \
    payee_confirmed_at, tries_left, created_at, updated_at, settled_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, \
    $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)";
const ORDER: &str = "INSERT INTO trade_order (id, buyer_id, seller_id, seller_shop, seller_kind, listing_id, things, \
    title, state, version, entered_at, due_at, due_event, back_state, back_elapsed, clocks_version, goods_fen, \
    freight_fen, total_fen, fee_version, fee_ppm, fee_cap_fen, fee_fen, held_fen, refunded_fen, seller_fen, \
    charged_fen, offer_id, payment_id, provider, delivery, freight, returnable, returns, flaws, flaws_confirmed_at, \
    address_sealed, carrier, tracking, extended, meet_place, meet_at, code_sealed, code_tries, buyer_here_at, \
    seller_here_at, note, steps, created_at, paid_at, received_at, settled_at, ended_at, updated_at) VALUES ($1, $2, \
    $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, \
    $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, \
    $49, $50, $51, $52, $53, $54)";
const LINE: &str = "INSERT INTO trade_line (order_id, listing_id, item_id, position, title, condition, category, \
    price_fen, listing_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

/// The two differ in how a transaction begins, how a row is locked, and how the outbox knows its transaction.
macro_rules! purchase {
    ($name:ident, $pool:ty, $begin:literal, $lock:literal, $transaction:literal) => {
        async fn $name(writer: &$pool, reader: &$pool, p: &Purchase) -> Result<(), sqlx::Error> {
            const TELL: &str = concat!(
                "INSERT INTO outbox (tx, name, subject, payload, at) VALUES (", $transaction, ", $1, $2, $3, $4)"
            );
            const TELL_TWO: &str = concat!(
                "INSERT INTO outbox (tx, name, subject, payload, at) VALUES (", $transaction, ", $1, $2, $3, $4), (",
                $transaction, ", $5, $6, $7, $8)"
            );
            const ACCOUNTS: &str = concat!(
                "SELECT id, code, owner, kind, currency, balance, entries, created_at FROM ledger_account \
                 WHERE code IN ($1, $2) ORDER BY CASE WHEN owner = 'platform' OR owner LIKE 'provider:%' \
                 THEN 1 ELSE 0 END, id", $lock
            );
            let at = now();
            let (listing, order, payment) = (p.listing.to_string(), p.order.to_string(), p.payment.to_string());
            let mut tx = writer.begin_with($begin).await?;

            let goods = sqlx::query(CLAIM).bind("reserved").bind(at).bind(p.listing).bind("published");
            let goods = goods.fetch_one(&mut *tx).await?;
            let (title, category): (String, String) = (goods.try_get("title")?, goods.try_get("category")?);
            let (condition, item): (Option<String>, Uuid) = (goods.try_get("condition")?, goods.try_get("item_id")?);
            let (version, price): (i64, i64) = (goods.try_get("version")?, goods.try_get("price_fen")?);
            let moved = json!({"listing": listing, "from": "published", "to": "reserved"}).to_string();
            let tell = sqlx::query(TELL).bind("listing.moved").bind(&listing).bind(moved).bind(at);
            tell.execute(&mut *tx).await?;
            sqlx::query(BLOCKED).bind(p.buyer).bind(p.seller).fetch_optional(reader).await?;

            let found = sqlx::query(ACCOUNTS).bind(&p.escrow_code).bind(&p.wallet_code).fetch_all(&mut *tx).await?;
            let [wallet] = found.as_slice() else { return Err(sqlx::Error::RowNotFound) };
            let (account, balance): (Uuid, i64) = (wallet.try_get("id")?, wallet.try_get("balance")?);
            let entries: i64 = wallet.try_get("entries")?;
            if balance < price {
                return Err(sqlx::Error::RowNotFound);
            }
            let open = sqlx::query(OPEN_ACCOUNT).bind(p.escrow).bind(&p.escrow_code).bind(format!("order:{order}"));
            open.bind("escrow").bind("CNY").bind(0_i64).bind(0_i64).bind(at).execute(&mut *tx).await?;
            let post = sqlx::query(POST).bind(p.escrow).bind(1_i64).bind(p.transaction).bind(price).bind(price);
            let post = post.bind("").bind(at).bind(account).bind(entries + 1).bind(p.transaction).bind(-price);
            post.bind(balance - price).bind("").bind(at).execute(&mut *tx).await?;
            let close = sqlx::query(CLOSE_TRANSACTION).bind(p.transaction).bind("payment").bind(&payment).bind("");
            close.bind(None::<String>).bind(at).execute(&mut *tx).await?;
            let payee = format!("person:{}", p.seller);
            let pay = sqlx::query(PAY).bind(p.payment).bind("order").bind(p.order).bind(p.buyer).bind(&payee);
            let pay = pay.bind(price).bind("CNY").bind("wallet").bind("automatic").bind("succeeded").bind("nothing");
            let pay = pay.bind(None::<String>).bind(None::<String>).bind(None::<String>).bind(None::<String>);
            let pay = pay.bind(0_i64).bind(None::<i64>).bind(None::<i64>).bind(10_i64).bind(at).bind(at).bind(at);
            pay.bind(2_i64).execute(&mut *tx).await?;
            let paid = json!({
                "payment": payment, "purpose_kind": "order", "purpose_id": order, "payer": p.buyer.to_string(),
                "payee": payee, "provider": "wallet", "state": "succeeded", "amount_fen": price, "declined": false,
            });
            let tell = sqlx::query(TELL).bind("payment.succeeded").bind(&payment).bind(paid.to_string()).bind(at);
            tell.execute(&mut *tx).await?;

            let steps = json!([{"event": "pay", "by": "payment", "to": "paid", "at": at, "words": ""}]).to_string();
            let row = sqlx::query(ORDER).bind(p.order).bind(p.buyer).bind(p.seller).bind(None::<Uuid>);
            let row = row.bind("natural_person").bind(p.listing).bind(1_i32).bind(&title).bind("paid").bind(2_i64);
            let row = row.bind(at).bind(at + 1_296_000_000_000).bind("abandon").bind(None::<String>);
            let row = row.bind(None::<i64>).bind(1_i32).bind(price).bind(0_i64).bind(price).bind(1_i32);
            let row = row.bind(6_000_i32).bind(6_000_i64).bind(1_i64).bind(price).bind(0_i64).bind(0_i64);
            let row = row.bind(0_i64).bind(None::<Uuid>).bind(p.payment).bind("wallet").bind("pickup");
            let row = row.bind(None::<String>).bind(false).bind("none").bind("[]").bind(at).bind(None::<String>);
            let row = row.bind(None::<String>).bind(None::<String>).bind(false).bind(None::<String>);
            let row = row.bind(None::<i64>).bind(None::<String>).bind(0_i32).bind(None::<i64>).bind(None::<i64>);
            let row = row.bind("").bind(&steps).bind(at).bind(at).bind(None::<i64>).bind(None::<i64>);
            row.bind(None::<i64>).bind(at).execute(&mut *tx).await?;
            let event = |by: &str, to: &str, from: Option<&str>| {
                json!({
                    "order": order, "listing": listing, "things": 1, "buyer": p.buyer.to_string(),
                    "seller": p.seller.to_string(), "by": by, "from": from, "to": to, "amount_fen": price,
                })
                .to_string()
            };
            let tell = sqlx::query(TELL_TWO).bind("trade.order_created").bind(&order);
            let tell = tell.bind(event("buyer", "created", None)).bind(at).bind("trade.order_paid").bind(&order);
            tell.bind(event("payment", "paid", Some("created"))).bind(at).execute(&mut *tx).await?;
            let line = sqlx::query(LINE).bind(p.order).bind(p.listing).bind(item).bind(0_i32).bind(&title);
            line.bind(condition).bind(category).bind(PRICE).bind(version).execute(&mut *tx).await?;
            tx.commit().await
        }
    };
}

purchase!(on_sqlite, SqlitePool, "BEGIN IMMEDIATE", "", "0");
purchase!(on_postgres, PgPool, "BEGIN", " FOR UPDATE", "pg_current_xact_id()::text::bigint");
