//! A world for a test: a ledger on a fresh database, a clock that the test moves, people with money.

use std::sync::Arc;

use luhuan_kernel::{Actor, Currency, Id, ManualClock, Money, Person, Role, Secret};
use luhuan_ledger::{
    AccountKind, AccountOwner, Capture, Error, Ledger, NewPayment, NewRefund, Provider, Providers, Purpose,
    Settings, Vault,
    entity::{payment, refund},
};
use luhuan_store::{
    Store, UnitOfWork,
    testing::{TestDatabase, each as each_database},
};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

pub(crate) struct World<'a> {
    pub(crate) database: &'a TestDatabase,
    pub(crate) ledger: Ledger,
    pub(crate) clock: Arc<ManualClock>,
}

/// Runs a test on a fresh SQLite database, and on a fresh PostgreSQL database where there is a server. Whatever the
/// test did, the books are right at its end.
pub(crate) async fn each(test: impl AsyncFn(&World<'_>)) {
    each_with(Providers::local(), test).await;
}

pub(crate) async fn each_with(providers: Providers, test: impl AsyncFn(&World<'_>)) {
    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
    each_database(Arc::clone(&clock) as _, async |database| {
        let ledger =
            Ledger::new(database.store.clone(), providers.clone(), settings()).with_vault(Arc::new(Hex));
        let world = World { database, ledger, clock: Arc::clone(&clock) };
        test(&world).await;
        world.assert_in_balance().await;
    })
    .await;
}

/// A vault that hides nothing from a test and yet tells places apart.
pub(crate) struct Hex;

impl Vault for Hex {
    fn seal(&self, place: &str, text: &str) -> Result<String, String> {
        Ok(hex::encode(format!("{place} {text}")))
    }

    fn open(&self, place: &str, sealed: &str) -> Result<String, String> {
        let text = String::from_utf8(hex::decode(sealed).unwrap()).unwrap();
        text.strip_prefix(&format!("{place} ")).map(str::to_owned).ok_or_else(|| "another place".to_owned())
    }
}

pub(crate) fn settings() -> Settings {
    Settings { secret: Secret::new([7; 32]), points_budget: "green".into() }
}

/// Does one command in a unit of work of its own.
macro_rules! command {
    ($world:expr, $name:ident $(, $argument:expr)* $(,)?) => {{
        let uow = $world.unit().await;
        match $world.ledger.$name(&uow, $($argument),*).await {
            Ok(done) => {
                uow.commit().await.unwrap();
                Ok(done)
            }
            Err(error) => Err(error),
        }
    }};
}
pub(crate) use command;

impl World<'_> {
    pub(crate) fn store(&self) -> &Store {
        &self.database.store
    }

    pub(crate) async fn unit(&self) -> UnitOfWork {
        self.store().begin().await.unwrap()
    }

    pub(crate) fn id<K>(&self) -> Id<K> {
        Id::new(&*self.clock)
    }

    pub(crate) fn order(&self) -> Uuid {
        self.id::<()>().uuid()
    }

    pub(crate) fn administrator(&self) -> Actor {
        Actor::person(self.id(), [Role::Administrator])
    }

    /// Somebody with so much to spend.
    pub(crate) async fn person_with(&self, fen: i64) -> Id<Person> {
        let person: Id<Person> = self.id();
        self.grant(&AccountOwner::Person(person), fen).await;
        person
    }

    pub(crate) async fn grant(&self, owner: &AccountOwner, fen: i64) {
        let reference = format!("test {}", self.order());
        command!(self, grant, &Actor::system("test"), owner, Money::cny(fen), &reference).unwrap();
    }

    pub(crate) async fn pay(&self, new: NewPayment) -> Result<payment::Model, Error> {
        command!(self, request_payment, new)
    }

    pub(crate) async fn refund(
        &self,
        order: Uuid,
        fen: i64,
        reference: &str,
    ) -> Result<refund::Model, Error> {
        let new =
            NewRefund {
                order, amount: Money::cny(fen), reason: "测试".into(), reference: reference.into()
            };
        command!(self, refund, new)
    }

    pub(crate) async fn balance(&self, owner: &AccountOwner, kind: AccountKind) -> i64 {
        let currency = match kind {
            AccountKind::Points | AccountKind::PointsIssued => Currency::Points,
            _ => Currency::Cny,
        };
        let uow = self.unit().await;
        self.ledger.balance(&uow, owner, kind, currency).await.unwrap().minor
    }

    pub(crate) async fn available(&self, person: Id<Person>) -> i64 {
        self.balance(&AccountOwner::Person(person), AccountKind::Available).await
    }

    pub(crate) async fn escrow(&self, order: Uuid) -> i64 {
        self.balance(&AccountOwner::Order(order), AccountKind::Escrow).await
    }

    /// The names of what was told, oldest first.
    pub(crate) async fn told(&self) -> Vec<String> {
        self.texts("SELECT name AS text FROM outbox ORDER BY tx, sequence").await
    }

    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let db = self.store().reader();
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let rows = db.query_all_raw(statement).await.unwrap();
        rows.into_iter().map(|row| row.try_get("", "text").unwrap()).collect()
    }

    pub(crate) async fn count(&self, sql: &str) -> i64 {
        let db = self.store().reader();
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        row.unwrap().try_get("", "n").unwrap()
    }

    pub(crate) async fn assert_in_balance(&self) {
        let report = self.ledger.verify().await.unwrap();
        assert!(report.is_clean(), "{report}");
    }
}

/// A payment of an order from the wallet.
pub(crate) fn by_wallet(order: Uuid, payer: Id<Person>, seller: Id<Person>, fen: i64) -> NewPayment {
    NewPayment {
        purpose: Purpose::Order(order),
        payer,
        payee: AccountOwner::Person(seller),
        amount: Money::cny(fen),
        provider: Provider::Wallet,
        capture: Capture::Automatic,
        return_url: None,
    }
}

/// Runs all of them at once, each on a task of its own.
pub(crate) async fn at_once<T: Send + 'static>(
    tasks: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let handles: Vec<_> = tasks.map(tokio::spawn).collect();
    let mut outcomes = Vec::new();
    for handle in handles {
        outcomes.push(handle.await.unwrap());
    }
    outcomes
}
