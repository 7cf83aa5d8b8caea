//! A world for a test: trade on a fresh database, a clock that the test moves, people with money and things.

use std::sync::Arc;

use http::StatusCode;
use luhuan_accounts::{Accounts, ConsoleSender, Hashing, Keys};
use luhuan_kernel::{
    Actor, Id, ManualClock, Membership, Money, Organisation, OrganisationKind, OrganisationRole, Person,
    Problem, Role, Secret,
};
use luhuan_ledger::{AccountOwner, Ledger, Provider, Providers};
use luhuan_listing::{
    CreateListing, Listing, Listings,
    contact::ContactPolicy,
    entity::listing,
    model::{Condition, Delivery, Details, Freight, Returns, State as GoodsState},
    photo::PhotoLimits,
};
use luhuan_store::{
    Store, UnitOfWork,
    testing::{TestDatabase, each as each_database},
};
use luhuan_trade::{
    Address, Error, NewOrder, Order, Settings, Shipment, Trade,
    entity::order,
    model::{Event, State},
};
use sea_orm::{ConnectionTrait, Statement};

/// A leaf without required attributes.
pub(crate) const LEAF: &str = "bikes-mountain";

/// What the bike of the tests costs, in fen.
pub(crate) const PRICE: i64 = 30_000;

pub(crate) struct World<'a> {
    pub(crate) database: &'a TestDatabase,
    pub(crate) trade: Trade,
    pub(crate) clock: Arc<ManualClock>,
}

/// Runs a test on a fresh SQLite database, and on a fresh PostgreSQL database where there is a server. Whatever the test
/// did, the books are right at its end.
pub(crate) async fn each(test: impl AsyncFn(&World<'_>)) {
    let clock = start();
    each_database(Arc::clone(&clock) as _, async |database| on(database, &clock, &test).await).await;
}

/// Runs a test on a fresh SQLite database alone.
pub(crate) async fn on_sqlite(test: impl AsyncFn(&World<'_>)) {
    let clock = start();
    on(&TestDatabase::sqlite(Arc::clone(&clock) as _).await, &clock, &test).await;
}

fn start() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2026-03-01T02:00:00Z"))
}

async fn on(database: &TestDatabase, clock: &Arc<ManualClock>, test: &impl AsyncFn(&World<'_>)) {
    let world = World { database, trade: trade(database), clock: Arc::clone(clock) };
    test(&world).await;
    let report = world.trade.ledger().verify().await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

pub(crate) fn keys() -> Keys {
    Keys::new(&Secret::new([7; 32]))
}

/// Trade as one gateway has it.
pub(crate) fn trade(database: &TestDatabase) -> Trade {
    let store = database.store.clone();
    let accounts =
        luhuan_accounts::Settings { hashing: Hashing::for_tests(), ..luhuan_accounts::Settings::default() };
    let accounts = Accounts::new(store.clone(), Arc::new(ConsoleSender::default()), keys(), accounts);
    let listings = luhuan_listing::Settings {
        days_on_offer: 90,
        contacts: ContactPolicy::Mask,
        photos: PhotoLimits::default(),
        photo_memory_mib: 64,
        secret: Secret::new([7; 32]),
    };
    let listings = Listings::new(store.clone(), database.blobs.clone(), accounts.clone(), listings);
    let ledger = luhuan_ledger::Settings { secret: Secret::new([7; 32]), points_budget: "green".into() };
    let ledger = Ledger::new(store, Providers::local(), ledger);
    Trade::new(database.blobs.clone(), accounts, listings, ledger, Settings::new(keys()))
}

/// Does one command in a unit of work of its own.
macro_rules! command {
    ($world:expr, $name:ident $(, $argument:expr)* $(,)?) => {{
        let uow = $world.unit().await;
        match $world.trade.$name(&uow, $($argument),*).await {
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

    /// Somebody signed in.
    pub(crate) fn person(&self) -> Actor {
        Actor::person(self.id(), [])
    }

    pub(crate) fn staff(&self) -> Actor {
        Actor::person(self.id(), [Role::Moderator, Role::Support])
    }

    /// Somebody with so much to spend.
    pub(crate) async fn rich(&self, fen: i64) -> Actor {
        let actor = self.person();
        self.grant(&actor, fen).await;
        actor
    }

    pub(crate) async fn grant(&self, actor: &Actor, fen: i64) {
        let uow = self.unit().await;
        let owner = AccountOwner::Person(person_of(actor));
        let reference = format!("test {}", self.id::<()>());
        let program = Actor::system("test");
        self.trade.ledger().grant(&uow, &program, &owner, Money::cny(fen), &reference).await.unwrap();
        uow.commit().await.unwrap();
    }

    /// What somebody may spend, in fen.
    pub(crate) async fn wallet(&self, actor: &Actor) -> i64 {
        self.available(&AccountOwner::Person(person_of(actor))).await
    }

    pub(crate) async fn available(&self, owner: &AccountOwner) -> i64 {
        self.trade.ledger().available(owner).await.unwrap().minor
    }

    pub(crate) async fn fees(&self) -> i64 {
        let uow = self.unit().await;
        self.trade
            .ledger()
            .balance(
                &uow,
                &AccountOwner::Platform,
                luhuan_ledger::AccountKind::Fees,
                luhuan_kernel::Currency::Cny,
            )
            .await
            .unwrap()
            .minor
    }

    /// A thing on offer.
    pub(crate) async fn on_offer(&self, seller: &Actor, details: Details) -> Id<Listing> {
        self.listing(seller, details, None).await
    }

    /// A thing on offer for a shop.
    pub(crate) async fn for_shop(
        &self,
        seller: &Actor,
        shop: Id<Organisation>,
        details: Details,
    ) -> Id<Listing> {
        self.listing(seller, details, Some(shop)).await
    }

    async fn listing(&self, seller: &Actor, details: Details, shop: Option<Id<Organisation>>) -> Id<Listing> {
        let uow = self.unit().await;
        let new = CreateListing { details, organisation: shop, ..CreateListing::default() };
        let listings = self.trade.listings();
        let draft: listing::Model = listings.create(&uow, seller, new).await.unwrap();
        listings.publish(&uow, seller, draft.id, None).await.unwrap();
        uow.commit().await.unwrap();
        draft.id
    }

    pub(crate) async fn goods(&self, id: Id<Listing>) -> GoodsState {
        self.trade.listings().view(&Actor::system("test"), id).await.unwrap().state
    }

    pub(crate) async fn ordered(&self, buyer: &Actor, listing: Id<Listing>) -> order::Model {
        command!(self, order, buyer, sent(listing)).unwrap()
    }

    pub(crate) async fn pay(&self, buyer: &Actor, id: Id<Order>) -> Result<order::Model, Error> {
        command!(self, pay, buyer, id, None, Provider::Wallet, None).map(|(row, _)| row)
    }

    pub(crate) async fn ship(&self, seller: &Actor, id: Id<Order>) -> Result<order::Model, Error> {
        command!(self, ship, seller, id, None, &parcel())
    }

    /// A bike bought and paid by wallet, to be sent.
    pub(crate) async fn paid(&self) -> Deal {
        let (seller, buyer) = (self.person(), self.rich(100_000).await);
        let listing = self.on_offer(&seller, bike()).await;
        let order = self.ordered(&buyer, listing).await.id;
        self.pay(&buyer, order).await.unwrap();
        Deal { seller, buyer, listing, order }
    }

    /// The same, and on its way.
    pub(crate) async fn shipped(&self) -> Deal {
        let deal = self.paid().await;
        self.ship(&deal.seller, deal.order).await.unwrap();
        deal
    }

    /// The same, arrived and settled.
    pub(crate) async fn settled(&self) -> Deal {
        let deal = self.shipped().await;
        command!(self, confirm, &deal.buyer, deal.order, None).unwrap();
        deal
    }

    pub(crate) async fn row(&self, id: Id<Order>) -> order::Model {
        use sea_orm::EntityTrait;
        order::Entity::find_by_id(id).one(self.store().reader()).await.unwrap().unwrap()
    }

    pub(crate) async fn state(&self, id: Id<Order>) -> State {
        self.row(id).await.state().unwrap()
    }

    /// Lets time pass and runs what is due.
    pub(crate) async fn hours(&self, hours: i64) -> u64 {
        self.clock.advance_seconds(hours * 3600);
        self.trade.run_clocks(&Actor::system("test")).await.unwrap()
    }

    /// The names of everything that trade told so far, oldest first.
    pub(crate) async fn told(&self) -> Vec<String> {
        // Straight from the table: the outbox's reader waits for transactions of other tests on the same server.
        self.column("SELECT name AS it FROM outbox WHERE name LIKE 'trade.%' ORDER BY sequence").await
    }

    /// One column of text, called `it`.
    pub(crate) async fn column(&self, sql: &str) -> Vec<String> {
        let db = self.store().reader();
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get("", "it").unwrap()).collect()
    }

    /// What an actor may do with an order, by name.
    pub(crate) async fn actions(&self, actor: &Actor, id: Id<Order>) -> Vec<Event> {
        let view = self.trade.view(actor, id).await.unwrap();
        view.actions.iter().map(|action| action.event).collect()
    }
}

/// Two who trade.
pub(crate) struct Deal {
    pub(crate) seller: Actor,
    pub(crate) buyer: Actor,
    pub(crate) listing: Id<Listing>,
    pub(crate) order: Id<Order>,
}

pub(crate) fn person_of(actor: &Actor) -> Id<Person> {
    actor.person_id().unwrap()
}

/// A member of a shop.
pub(crate) fn clerk(person: &Actor, organisation: Id<Organisation>) -> Actor {
    let role = OrganisationRole::Clerk;
    let membership = Membership { organisation, kind: OrganisationKind::SellerShop, role };
    Actor { memberships: vec![membership], ..person.clone() }
}

/// A mountain bike, carriage paid by the seller.
pub(crate) fn bike() -> Details {
    Details {
        title: "捷安特 ATX 777 山地车".to_owned(),
        description: "骑了两年，去年换过刹车皮。".to_owned(),
        category: LEAF.to_owned(),
        condition: Some(Condition::VeryGood),
        origin: Some("mall-new".to_owned()),
        price_fen: Some(PRICE),
        negotiable: true,
        delivery: vec![Delivery::Pickup, Delivery::Express],
        freight: Some(Freight::Seller),
        subdistrict: Some("110105016".to_owned()),
        returns: Some(Returns::None),
        brand: "捷安特".to_owned(),
        model: "ATX 777".to_owned(),
        quantity: 1,
        ..Details::default()
    }
}

/// One with a flaw.
pub(crate) fn scratched() -> Details {
    Details { defects: vec!["前叉有两处划痕".to_owned()], ..bike() }
}

pub(crate) fn address() -> Address {
    Address {
        name: "王小明".to_owned(),
        phone: "138 1234 5678".to_owned(),
        place: "朝阳区望京街道阜通东大街 6 号院 3 号楼".to_owned(),
    }
}

/// An order to be sent.
pub(crate) fn sent(listing: Id<Listing>) -> NewOrder {
    NewOrder {
        listings: vec![listing],
        offer: None,
        delivery: Delivery::Express,
        address: Some(address()),
        flaws_confirmed: false,
        expected_total_fen: None,
        note: String::new(),
        pay: None,
    }
}

/// An order to be handed over.
pub(crate) fn met(listing: Id<Listing>) -> NewOrder {
    NewOrder { delivery: Delivery::Pickup, address: None, ..sent(listing) }
}

pub(crate) fn parcel() -> Shipment {
    Shipment { carrier: "sf".to_owned(), tracking: "SF 1234-567890123".to_owned() }
}

/// The status and slug that an error becomes.
pub(crate) fn refusal(error: Error) -> (u16, &'static str) {
    let problem = Problem::from(error);
    (problem.status().as_u16(), problem.slug())
}

/// The fields that an input was refused for, with the keys of their messages.
pub(crate) fn refused_fields(error: &Error) -> Vec<(&str, &str)> {
    match error {
        Error::Invalid(fields) => fields.iter().map(|one| (one.field.as_str(), one.message.key)).collect(),
        other => panic!("refused for another reason: {other}"),
    }
}

/// Runs tasks side by side; what each came to.
pub(crate) async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut outcomes = Vec::with_capacity(running.len());
    for task in running {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

/// Only for what a status is compared with.
pub(crate) const CONFLICT: u16 = StatusCode::CONFLICT.as_u16();
