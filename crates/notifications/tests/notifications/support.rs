//! A world for a test: notifications on a fresh database, a clock that the test moves, ports that the test fills.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use luhuan_accounts::Keys;
use luhuan_kernel::{Actor, EventKind, Id, Limit, Locale, ManualClock, Person, Secret, text::Texts};
use luhuan_notifications::{
    ConsoleMailer, Contact, Courier, Directory, Facts, ListingFacts, Mail, MailError, Mailer,
    NotificationFilter, NotificationView, Notifications, OrderFacts, Ports, Reach, Settings, TEXTS,
};
use luhuan_store::{
    Store, UnitOfWork, jobs,
    testing::{TestDatabase, each as each_database},
};
use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// What the other contexts know, and a mailer that can be made to fail.
#[derive(Default)]
pub(crate) struct City {
    pub(crate) listings: Mutex<HashMap<Uuid, ListingFacts>>,
    pub(crate) orders: Mutex<HashMap<Uuid, OrderFacts>>,
    pub(crate) watchers: Mutex<HashMap<Uuid, Vec<Id<Person>>>>,
    pub(crate) contacts: Mutex<HashMap<Id<Person>, Contact>>,
    pub(crate) facts_away: AtomicBool,
    pub(crate) mail_refusal: Mutex<Option<MailError>>,
    pub(crate) mailer: ConsoleMailer,
}

#[async_trait]
impl Directory for City {
    async fn contact(&self, person: Id<Person>) -> Result<Option<Contact>, String> {
        Ok(self.contacts.lock().unwrap().get(&person).cloned())
    }
}

#[async_trait]
impl Facts for City {
    async fn listings(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, ListingFacts>, String> {
        if self.facts_away.load(Ordering::Relaxed) {
            return Err("the listings are away".to_owned());
        }
        let known = self.listings.lock().unwrap();
        Ok(ids.iter().filter_map(|id| Some((*id, known.get(id)?.clone()))).collect())
    }

    async fn orders(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, OrderFacts>, String> {
        let known = self.orders.lock().unwrap();
        Ok(ids.iter().filter_map(|id| Some((*id, known.get(id)?.clone()))).collect())
    }

    async fn watchers(
        &self,
        listing: Uuid,
        after: Option<Id<Person>>,
        limit: u64,
    ) -> Result<Vec<Id<Person>>, String> {
        let mut all = self.watchers.lock().unwrap().get(&listing).cloned().unwrap_or_default();
        all.sort_unstable();
        let page = all.into_iter().filter(|one| after.is_none_or(|after| *one > after));
        Ok(page.take(usize::try_from(limit).unwrap()).collect())
    }
}

#[async_trait]
impl Mailer for City {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let refusal = self.mail_refusal.lock().unwrap().clone();
        match refusal {
            Some(refusal) => Err(refusal),
            None => self.mailer.send(mail).await,
        }
    }
}

pub(crate) struct World<'a> {
    pub(crate) database: &'a TestDatabase,
    pub(crate) notifications: Notifications,
    pub(crate) city: Arc<City>,
    pub(crate) clock: Arc<ManualClock>,
}

/// Runs a test on a fresh SQLite database, and on a fresh PostgreSQL database where there is a server.
pub(crate) async fn each(test: impl AsyncFn(&World<'_>)) {
    each_reaching(Reach::Any, test).await;
}

/// The same with a choice of the addresses that webhooks may have.
pub(crate) async fn each_reaching(reach: Reach, test: impl AsyncFn(&World<'_>)) {
    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
    each_database(Arc::clone(&clock) as _, async |database| {
        let city = Arc::new(City::default());
        let notifications = gateway(&database.store, &city, Some(Arc::clone(&city) as _), reach);
        test(&World { database, notifications, city, clock: Arc::clone(&clock) }).await;
    })
    .await;
}

/// A process on a database.
pub(crate) fn gateway(
    store: &Store,
    city: &Arc<City>,
    mailer: Option<Arc<dyn Mailer>>,
    reach: Reach,
) -> Notifications {
    Notifications::new(
        store.clone(),
        Arc::new(Texts::new(&TEXTS)),
        Keys::new(&Secret::new([7; 32])),
        Ports { directory: Arc::clone(city) as _, facts: Arc::clone(city) as _, mailer },
        Courier::new(reach, Duration::from_millis(1500)).unwrap(),
        Settings { public_url: Some("https://city.example/".to_owned()) },
    )
}

/// Something that another context tells.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Happened {
    #[serde(skip)]
    name: &'static str,
    #[serde(skip)]
    subject: String,
    #[serde(flatten)]
    data: Value,
}

impl EventKind for Happened {
    fn name(&self) -> &'static str {
        self.name
    }

    fn subject(&self) -> String {
        self.subject.clone()
    }
}

pub(crate) fn happened(name: &'static str, subject: Uuid, data: Value) -> Happened {
    Happened { name, subject: subject.to_string(), data }
}

/// A trade between two people.
#[derive(Clone)]
pub(crate) struct Deal {
    pub(crate) buyer: Actor,
    pub(crate) seller: Actor,
    pub(crate) order: Uuid,
    pub(crate) listing: Uuid,
}

impl Deal {
    /// An event of its order.
    pub(crate) fn event(&self, name: &'static str) -> Happened {
        let (buyer, seller) = (id(&self.buyer), id(&self.seller));
        let data = json!({
            "order": self.order, "listing": self.listing, "buyer": buyer, "seller": seller, "by": "clock",
            "amount_fen": 76_000,
        });
        happened(name, self.order, data)
    }

    /// A message from the buyer to the seller.
    pub(crate) fn message(&self, conversation: Uuid) -> Happened {
        let (buyer, seller) = (id(&self.buyer), id(&self.seller));
        let data = json!({
            "conversation": conversation, "listing": self.listing, "from": buyer, "to": seller, "by": "buyer",
            "buyer": buyer, "seller": seller,
        });
        happened("trade.message_sent", conversation, data)
    }
}

pub(crate) fn id(actor: &Actor) -> Id<Person> {
    actor.person_id().unwrap()
}

impl World<'_> {
    pub(crate) fn store(&self) -> &Store {
        &self.database.store
    }

    pub(crate) async fn unit(&self) -> UnitOfWork {
        self.store().begin().await.unwrap()
    }

    pub(crate) fn uuid(&self) -> Uuid {
        Id::<Person>::new(&*self.clock).uuid()
    }

    /// Somebody signed in, who reads English.
    pub(crate) fn person(&self) -> Actor {
        Actor { locale: Locale::En, ..Actor::person(Id::new(&*self.clock), []) }
    }

    /// Two people and a bike.
    pub(crate) fn deal(&self) -> Deal {
        let deal =
            Deal { buyer: self.person(), seller: self.person(), order: self.uuid(), listing: self.uuid() };
        let facts = ListingFacts {
            seller: id(&deal.seller),
            organisation: None,
            title: "山地车".to_owned(),
            taken_down: false,
        };
        self.city.listings.lock().unwrap().insert(deal.listing, facts);
        deal
    }

    /// Gives somebody an address.
    pub(crate) fn reachable(&self, actor: &Actor, email: &str, locale: Locale) {
        let contact = Contact { email: Some(email.to_owned()), locale };
        self.city.contacts.lock().unwrap().insert(id(actor), contact);
    }

    /// Another process on the same database: its own memory, the same rows.
    pub(crate) fn another_gateway(&self) -> Notifications {
        gateway(self.store(), &self.city, Some(Arc::clone(&self.city) as _), Reach::Any)
    }

    /// Tells events in one commit.
    pub(crate) async fn tell(&self, events: &[Happened]) {
        let uow = self.unit().await;
        uow.emit_all(events).await.unwrap();
        uow.commit().await.unwrap();
    }

    /// Reads all that was told. On a PostgreSQL server that other tests use too, what is told settles a little later.
    pub(crate) async fn read(&self) {
        read(&self.notifications).await;
    }

    pub(crate) async fn tell_and_read(&self, events: &[Happened]) {
        self.tell(events).await;
        self.read().await;
    }

    /// Somebody's inbox, newest first.
    pub(crate) async fn inbox(&self, actor: &Actor) -> Vec<NotificationView> {
        let limit = Limit::of(Some(100));
        self.notifications.inbox(actor, NotificationFilter::default(), None, limit).await.unwrap().items
    }

    pub(crate) async fn kinds(&self, actor: &Actor) -> Vec<String> {
        self.inbox(actor).await.into_iter().map(|view| view.kind).collect()
    }

    /// Does the jobs that are due, as a gateway does; how many.
    pub(crate) async fn work(&self) -> usize {
        work(&self.notifications).await
    }

    /// One column of text, called `it`.
    pub(crate) async fn column(&self, sql: &str) -> Vec<String> {
        let db = self.store().reader();
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get("", "it").unwrap()).collect()
    }

    /// Changes rows behind the program's back.
    pub(crate) async fn meddle(&self, sql: &str) {
        self.store().writer().execute_unprepared(sql).await.unwrap();
    }
}

pub(crate) async fn read(notifications: &Notifications) {
    for _ in 0..2000 {
        notifications.turn().await.unwrap();
        if notifications.lag().await.unwrap() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("events do not settle");
}

pub(crate) async fn work(notifications: &Notifications) -> usize {
    let store = notifications.store();
    let mut done = 0;
    while let Some(job) = jobs::claim(store).await.unwrap() {
        assert!(Notifications::is_ours(&job), "{job:?}");
        let outcome = notifications.run_job(&job).await;
        let uow = store.begin().await.unwrap();
        match outcome {
            Ok(()) => jobs::finish(&uow, &job).await.unwrap(),
            Err(_) => {
                let at = uow.now().plus_seconds(jobs::backoff_seconds(job.attempts));
                jobs::again(&uow, &job, at).await.unwrap();
            }
        }
        uow.commit().await.unwrap();
        done += 1;
    }
    done
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
