//! Orders a second: through the services beside the same statements written by hand, and whole purchases over HTTP.

mod by_hand;
mod market;
mod purchases;

use std::{io, path::Path, process::Command};

use market::Market;

/// Buyers at once.
pub const BUYERS: usize = 8;

/// Names a PostgreSQL server, without a database's name, as `cargo xtask bench trade` does.
const POSTGRES: &str = "LUHUAN_TEST_POSTGRES";

/// On which database.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its kind, as the table says it.
    pub name: &'static str,
    /// Its address.
    pub url: String,
}

/// Measures on each database there is, and prints its tables.
pub fn run(orders: usize, seconds: u32) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    let luhuan = std::env::current_exe()?.with_file_name("luhuan");
    for place in places(&runtime, folder.path(), "service")? {
        migrate(&luhuan, &folder.path().join("blobs"), &place)?;
        runtime.block_on(beside_by_hand(&place, &folder.path().join("blobs"), orders))?;
    }
    for place in places(&runtime, folder.path(), "http")? {
        purchases::run(&runtime, &luhuan, &folder.path().join(place.name), &place, seconds)?;
    }
    Ok(())
}

/// A fresh database of each kind; of PostgreSQL where there is a server.
fn places(runtime: &tokio::runtime::Runtime, folder: &Path, purpose: &str) -> io::Result<Vec<Place>> {
    let sqlite = format!("sqlite://{}", folder.join(format!("{purpose}.sqlite3")).display());
    let mut places = vec![Place { name: "SQLite", url: sqlite }];
    match std::env::var(POSTGRES) {
        Ok(server) => {
            let name = format!("luhuan_bench_{purpose}_{}", std::process::id());
            let url = format!("{server}/{name}");
            runtime.block_on(by_hand::create_database(&server, &name)).map_err(io::Error::other)?;
            places.push(Place { name: "PostgreSQL", url });
        }
        Err(_) => println!("PostgreSQL   not measured: {POSTGRES} names no server"),
    }
    Ok(places)
}

fn migrate(luhuan: &Path, data: &Path, place: &Place) -> io::Result<()> {
    let mut migrate = Command::new(luhuan);
    migrate.args(["migrate", "--set", "log.filter=error", "--data"]).arg(data);
    let done = migrate.args(["--database-url", &place.url]).status()?;
    if done.success() { Ok(()) } else { Err(io::Error::other("the database could not be migrated")) }
}

/// Rounds of each kind, in turns, so that a busy moment of the machine meets both.
const ROUNDS: usize = 5;

async fn beside_by_hand(place: &Place, blobs: &Path, orders: usize) -> io::Result<()> {
    let market = Market::open(place, blobs).await?;
    let hand = by_hand::Hand::connect(&place.url).await.map_err(io::Error::other)?;
    for at_once in [1, BUYERS] {
        let buyers = market.buyers(at_once).await?;
        let each = orders / ROUNDS / at_once;
        let (mut by_service, mut by_hand) = (0.0, 0.0);
        for round in 0..=ROUNDS {
            let goods = market.on_offer(each * at_once).await?;
            let service = market.order_all(&buyers, &goods).await?;
            let goods = market.on_offer(each * at_once).await?;
            let hand = hand.order_all(&buyers, market.seller, &goods).await?;
            // The first round warms up.
            if round > 0 {
                by_service += service.as_secs_f64();
                by_hand += hand.as_secs_f64();
            }
        }
        let rate = |seconds: f64| (each * at_once * ROUNDS) as f64 / seconds;
        println!(
            "{:<11} order + wallet pay, {at_once} at once  service {:>6.0}/s  by hand {:>6.0}/s  {:>5.1} %",
            place.name,
            rate(by_service),
            rate(by_hand),
            100.0 * by_hand / by_service
        );
    }
    market.verify().await
}
