//! Trade as a gateway has it, on a database of its own.

use std::{
    io,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use luhuan_accounts::{Accounts, ConsoleSender, Keys};
use luhuan_kernel::{Actor, Clock, Id, Money, Person, Secret, SystemClock};
use luhuan_ledger::{AccountOwner, Ledger, Provider, Providers};
use luhuan_listing::{
    CreateListing, ImportMode, ImportOutcome, Listing, Listings,
    contact::ContactPolicy,
    model::{Condition, Delivery, Details, Returns},
    photo::PhotoLimits,
};
use luhuan_store::{Blobs, Settings, Store, blobs};
use luhuan_trade::{NewOrder, Trade};
use tokio::task::JoinSet;

use super::Place;

/// What a thing costs, in fen.
pub const PRICE: i64 = 100;

/// What a buyer has to begin with, in fen.
const FUNDS: i64 = 100_000_000;

pub struct Market {
    trade: Trade,
    /// Who sells everything.
    pub seller: Id<Person>,
}

impl Market {
    pub async fn open(place: &Place, folder: &Path) -> io::Result<Self> {
        // As many connections as a gateway takes unless told otherwise would queue eight buyers: two more.
        let settings = Settings { url: place.url.clone(), connections: 10 };
        let store = Store::open(&settings, Arc::new(SystemClock)).await.map_err(io::Error::other)?;
        let blobs = Blobs::open(&blobs::Settings::Folder(folder.to_path_buf())).map_err(io::Error::other)?;
        let secret = || Secret::new([7; 32]);
        let keys = Keys::new(&secret());
        let sender = Arc::new(ConsoleSender::default());
        let accounts =
            Accounts::new(store.clone(), sender, keys.clone(), luhuan_accounts::Settings::default());
        let listings = luhuan_listing::Settings {
            days_on_offer: 90,
            contacts: ContactPolicy::Mask,
            photos: PhotoLimits::default(),
            photo_memory_mib: 64,
            secret: secret(),
        };
        let listings = Listings::new(store.clone(), blobs.clone(), accounts.clone(), listings);
        let ledger = luhuan_ledger::Settings { secret: secret(), points_budget: "green".into() };
        let ledger = Ledger::new(store, Providers::local(), ledger);
        let trade = Trade::new(blobs, accounts, listings, ledger, luhuan_trade::Settings::new(keys));
        Ok(Self { trade, seller: Id::new(&SystemClock) })
    }

    /// People with money.
    pub async fn buyers(&self, count: usize) -> io::Result<Vec<Id<Person>>> {
        let buyers: Vec<Id<Person>> = (0..count).map(|_| Id::new(&SystemClock)).collect();
        let ledger = self.trade.ledger();
        let uow = ledger.store().begin().await.map_err(io::Error::other)?;
        for buyer in &buyers {
            let (system, owner, reference) =
                (Actor::system("bench"), AccountOwner::Person(*buyer), buyer.to_string());
            ledger
                .grant(&uow, &system, &owner, Money::cny(FUNDS), &reference)
                .await
                .map_err(io::Error::other)?;
        }
        uow.commit().await.map_err(io::Error::other)?;
        Ok(buyers)
    }

    /// So many bookcases on offer.
    pub async fn on_offer(&self, count: usize) -> io::Result<Vec<Id<Listing>>> {
        let mut goods = Vec::with_capacity(count);
        while goods.len() < count {
            let batch = (count - goods.len()).min(Listings::IMPORT_BATCH);
            let rows = (0..batch).map(|_| CreateListing { details: bookcase(), ..CreateListing::default() });
            let listings = self.trade.listings();
            let uow = listings.store().begin().await.map_err(io::Error::other)?;
            let system = Actor::system("bench");
            let outcomes =
                listings.import(&uow, &system, self.seller, rows.collect(), ImportMode::CreateOnly);
            for outcome in outcomes.await.map_err(io::Error::other)? {
                match outcome.map_err(io::Error::other)? {
                    ImportOutcome::Created(id) => goods.push(id),
                    other => return Err(io::Error::other(format!("a new listing came out as {other:?}"))),
                }
            }
            uow.commit().await.map_err(io::Error::other)?;
        }
        Ok(goods)
    }

    /// Each buyer orders a share of the goods and pays for them from the wallet, one by one; how long it took.
    pub async fn order_all(&self, buyers: &[Id<Person>], goods: &[Id<Listing>]) -> io::Result<Duration> {
        let started = Instant::now();
        let mut tasks = JoinSet::new();
        for (buyer, goods) in buyers.iter().zip(goods.chunks(goods.len() / buyers.len())) {
            let (trade, buyer, goods) = (self.trade.clone(), Actor::person(*buyer, []), goods.to_vec());
            tasks.spawn(async move {
                for listing in goods {
                    let new = NewOrder {
                        listings: vec![listing],
                        offer: None,
                        delivery: Delivery::Pickup,
                        address: None,
                        flaws_confirmed: true,
                        expected_total_fen: Some(PRICE),
                        note: String::new(),
                        pay: Some(Provider::Wallet),
                    };
                    let uow = trade.store().begin().await.map_err(io::Error::other)?;
                    trade.order(&uow, &buyer, new).await.map_err(io::Error::other)?;
                    uow.commit().await.map_err(io::Error::other)?;
                }
                Ok::<_, io::Error>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.map_err(io::Error::other)??;
        }
        Ok(started.elapsed())
    }

    /// The books are right, what was written by hand included.
    pub async fn verify(&self) -> io::Result<()> {
        let report = self.trade.ledger().verify().await.map_err(io::Error::other)?;
        if report.is_clean() { Ok(()) } else { Err(io::Error::other(report.to_string())) }
    }
}

fn bookcase() -> Details {
    Details {
        title: "宜家比利书架".to_owned(),
        description: "五层，很结实，搬家出。".to_owned(),
        category: "furniture-bookshelf".to_owned(),
        condition: Some(Condition::VeryGood),
        origin: Some("mall-new".to_owned()),
        price_fen: Some(PRICE),
        delivery: vec![Delivery::Pickup],
        subdistrict: Some("110101001".to_owned()),
        returns: Some(Returns::None),
        quantity: 1,
        ..Details::default()
    }
}

/// The instant, in microseconds, as every table keeps it.
pub fn now() -> i64 {
    SystemClock.now().micros()
}
