//! The world of a test: a running gateway with a data folder and a database of its own.

use std::path::Path;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::actor::{self, Actor, DemoAccount};
use crate::client::Client;
use crate::database::{self, Store};
use crate::demo;
use crate::environment;
use crate::gateway::{Gateway, Launch};
use crate::listing::ListingBuilder;

/// The world of a test. Dropped, it takes everything with it.
#[derive(Debug)]
pub struct World {
    // In this order: the gateway ends before its folder goes.
    gateway: Gateway,
    launch: Launch,
    anonymous: Client,
    demo_accounts: OnceCell<Vec<DemoAccount>>,
    _folder: TempDir,
}

/// How a world is to be.
#[derive(Clone, Debug)]
pub struct WorldBuilder {
    store: Store,
    is_demo: bool,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

impl WorldBuilder {
    /// On this store; else on SQLite.
    #[must_use]
    pub fn on(mut self, store: Store) -> Self {
        self.store = store;
        self
    }

    /// With the demo city loaded, its photos left out. On SQLite it is a copy of one that this run loaded before
    /// ([`crate::demo`]).
    #[must_use]
    pub fn demo(mut self) -> Self {
        self.is_demo = true;
        self.argument("--demo")
    }

    /// With one more argument for `luhuan serve`.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// With an environment variable for `luhuan`.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Panics
    /// When it does not come up, with the end of its log.
    pub async fn start(self) -> World {
        let folder = environment::folder("world-");
        let database_url = match self.store {
            Store::Sqlite => None,
            Store::Postgres => Some(database::fresh_postgres().await),
        };
        let launch = Launch {
            data: folder.path().join("data"),
            database_url,
            arguments: self.arguments,
            variables: self.variables,
        };
        match self.store {
            Store::Sqlite if self.is_demo => demo::copy_to(&launch.data).await,
            Store::Postgres if self.is_demo => demo::load(&launch).await,
            Store::Sqlite | Store::Postgres => {}
        }
        let gateway = Gateway::start(&launch).await;
        let anonymous = Client::new(gateway.origin());
        World { gateway, launch, anonymous, demo_accounts: OnceCell::new(), _folder: folder }
    }
}

impl World {
    /// A world to be described further.
    #[must_use]
    pub fn builder() -> WorldBuilder {
        WorldBuilder { store: Store::Sqlite, is_demo: false, arguments: Vec::new(), variables: Vec::new() }
    }

    /// An empty world on SQLite.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// An empty world on this store.
    pub async fn start_on(store: Store) -> Self {
        Self::builder().on(store).start().await
    }

    /// The demo city on SQLite.
    pub async fn demo() -> Self {
        Self::builder().demo().start().await
    }

    /// Someone who is not signed in.
    #[must_use]
    pub fn anonymous(&self) -> &Client {
        &self.anonymous
    }

    /// A resident who signs up now: no test meets another's.
    pub async fn resident(&self) -> Actor {
        Actor::sign_up(&self.anonymous, "小林").await
    }

    /// A new user with a city-wide role (`moderator`), made from the command line as an operator does, signed in.
    ///
    /// # Panics
    /// When `luhuan` or the gateway refuses.
    pub async fn staff(&self, role: &str) -> Actor {
        let login = actor::fresh_phone();
        self.launch.print(&["user", "create", &login, "--name", "小周", "--role", role], actor::PASSWORD);
        Actor::sign_in(&self.anonymous, &login, actor::PASSWORD).await
    }

    /// The first of the demo's people with this role (`moderator`), signed in.
    ///
    /// # Panics
    /// When the demo has none, or this world is no demo.
    pub async fn actor(&self, role: &str) -> Actor {
        let accounts = self.demo_accounts().await;
        let account = accounts.iter().find(|account| account.role == role).unwrap_or_else(|| {
            let roles: std::collections::BTreeSet<_> = accounts.iter().map(|account| &account.role).collect();
            panic!("the demo has no {role}, but {roles:?}")
        });
        Actor::sign_in(&self.anonymous, &account.login, &account.password).await
    }

    /// Every sign-in of the demo.
    ///
    /// # Panics
    /// When this world is no demo.
    pub async fn demo_accounts(&self) -> &[DemoAccount] {
        self.demo_accounts
            .get_or_init(|| async {
                let list = self.cli(&["demo", "accounts", "--json"]);
                serde_json::from_str(&list)
                    .unwrap_or_else(|error| panic!("cannot read the accounts: {error}\n{list}"))
            })
            .await
    }

    /// A listing to be.
    #[must_use]
    pub fn listing(&self) -> ListingBuilder<'_> {
        ListingBuilder::new(self)
    }

    /// Searches as anybody may.
    ///
    /// # Panics
    /// When the gateway refuses.
    pub async fn search(&self, parameters: &[(&str, &str)]) -> Value {
        self.anonymous.query("/api/v1/search/listings", parameters).await.expect(200).json()
    }

    /// Searches for `words` again and again until `holds` says so of the answer: what is written is findable
    /// within a second, not at once.
    ///
    /// # Panics
    /// When it does not within `limit`, with the last answer.
    pub async fn search_until(&self, words: &str, limit: Duration, holds: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let found = self.search(&[("q", words)]).await;
            if holds(&found) {
                return found;
            }
            assert!(
                start.elapsed() < limit,
                "not within {limit:?}; the last answer to '{words}' was {found}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Runs `luhuan` on this world's data, beside the running gateway, and answers what it prints.
    ///
    /// # Panics
    /// When it fails.
    pub fn cli(&self, arguments: &[&str]) -> String {
        self.launch.print(arguments, "")
    }

    /// How this world's `luhuan` is started, for a command that may fail or a second gateway.
    #[must_use]
    pub fn launch(&self) -> &Launch {
        &self.launch
    }

    /// The running gateway.
    #[must_use]
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.launch.data
    }

    /// Where pages and API answer.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        self.anonymous.url(path)
    }

    /// Ends the gateway without a warning.
    pub fn kill9(&mut self) {
        self.gateway.kill9();
    }

    /// Asks the gateway to stop and waits for its end.
    ///
    /// # Panics
    /// When it does not stop in time.
    pub fn stop(&mut self) -> ExitStatus {
        self.gateway.stop()
    }

    /// Starts the gateway anew on the same data and port, so that every client stays valid. One that still runs
    /// is killed first.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn restart(&mut self) {
        self.gateway.kill9();
        self.gateway = Gateway::start_on(&self.launch, self.gateway.port()).await;
    }
}
