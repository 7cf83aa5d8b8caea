//! A world for a test: accounts on a fresh database, a clock that the test moves, codes that can be read.

use std::{collections::BTreeSet, sync::Arc};

use luhuan_accounts::{
    Accounts, Client, Confirmation, ConsoleSender, CreateOrganisation, Error, Hashing, Keys, NewUser,
    OrganisationView, Proof, SEND_CODE, Settings, SignIn, SignUpForm, SignedIn, model::Login,
};
use luhuan_kernel::{Actor, Clock, Id, Locale, ManualClock, OrganisationKind, Person, Role, Secret, random};
use luhuan_migrations::Migrator;
use luhuan_store::{Store, UnitOfWork, jobs};
use sea_orm::{ConnectionTrait, Database, Statement};
use sea_orm_migration::MigratorTrait;

/// The password of everybody in a test.
pub(crate) const PASSWORD: &str = "山高月小水落石出";

enum Place {
    Folder { _folder: tempfile::TempDir },
    Server { server: String, name: String },
}

pub(crate) struct World {
    pub(crate) accounts: Accounts,
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) console: Arc<ConsoleSender>,
    /// The database's folder, deleted with the world, or its server and name.
    place: Place,
}

/// Runs a test on a fresh SQLite database, and on a fresh PostgreSQL database where there is a server.
pub(crate) async fn each(test: impl AsyncFn(&World)) {
    let world = World::sqlite().await;
    test(&world).await;
    if let Ok(server) = std::env::var("LUHUAN_TEST_POSTGRES") {
        let world = World::postgres(&server).await;
        test(&world).await;
        world.drop_database().await;
    }
}

impl World {
    async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.sqlite3").display());
        Self::open(&url, Place::Folder { _folder: folder }).await
    }

    async fn postgres(server: &str) -> Self {
        let name = format!("luhuan_accounts_{}", random::digits(12));
        let server = server.trim_end_matches('/').to_owned();
        let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
        Self::open(&format!("{server}/{name}"), Place::Server { server: server.clone(), name: name.clone() })
            .await
    }

    async fn drop_database(self) {
        let Place::Server { server, name } = self.place else { return };
        let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
        admin.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    }

    async fn open(url: &str, place: Place) -> Self {
        let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
        let settings = luhuan_store::Settings { url: url.to_owned(), connections: 12 };
        let store = Store::open(&settings, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        Migrator::up(store.writer(), None).await.unwrap();
        let console = Arc::new(ConsoleSender::default());
        let settings = Settings { hashing: Hashing::for_tests(), ..Settings::default() };
        let keys = Keys::new(&Secret::new([7; 32]));
        let accounts = Accounts::new(store.clone(), Arc::clone(&console) as _, keys, settings);
        Self { accounts, store, clock, console, place }
    }

    /// The same database in another process: its own memory, the same rows.
    pub(crate) fn another_gateway(&self) -> Accounts {
        let settings = Settings { hashing: Hashing::for_tests(), ..Settings::default() };
        let keys = Keys::new(&Secret::new([7; 32]));
        Accounts::new(self.store.clone(), Arc::clone(&self.console) as _, keys, settings)
    }

    pub(crate) async fn unit(&self) -> UnitOfWork {
        self.store.begin().await.unwrap()
    }

    /// The names of everything told so far, oldest first.
    pub(crate) async fn told(&self) -> Vec<String> {
        // Straight from the table: the outbox's reader waits for transactions of other tests on the same server.
        let db = self.store.reader();
        let query =
            Statement::from_string(db.get_database_backend(), "SELECT name FROM outbox ORDER BY sequence");
        let rows = db.query_all_raw(query).await.unwrap();
        rows.iter().map(|row| row.try_get("", "name").unwrap()).collect()
    }

    /// Does the waiting jobs, as the gateway does.
    pub(crate) async fn do_jobs(&self) {
        while let Some(job) = jobs::claim(&self.store).await.unwrap() {
            assert_eq!(job.kind, SEND_CODE);
            self.accounts.send_code(&job.key).await.unwrap();
            let uow = self.unit().await;
            jobs::finish(&uow, &job).await.unwrap();
            uow.commit().await.unwrap();
        }
    }

    /// The last code sent to a login.
    pub(crate) fn code_for(&self, login: &str) -> Option<String> {
        let shown = self.console.last_for(&Login::parse(login).unwrap())?;
        Some(shown.code.expose().clone())
    }

    pub(crate) async fn sign_up(&self, login: &str) -> Result<Id<Person>, Error> {
        let ready = self.accounts.prepare_sign_up(form(login), &home()).await?;
        let uow = self.unit().await;
        let id = self.accounts.sign_up(&uow, &anonymous(), ready).await?;
        uow.commit().await.unwrap();
        Ok(id)
    }

    pub(crate) async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, Error> {
        let form = SignIn { login: login.to_owned(), password: Secret::new(password.to_owned()) };
        self.accounts.sign_in(form, &home()).await
    }

    pub(crate) async fn actor(&self, token: &Secret<String>) -> Option<Actor> {
        self.accounts.authenticate_bearer(token.expose(), Locale::ZhCn).await.unwrap()
    }

    /// Somebody who signed up and in: a session's actor.
    pub(crate) async fn resident(&self, login: &str) -> Actor {
        self.sign_up(login).await.unwrap();
        let signed_in = self.sign_in(login, PASSWORD).await.unwrap();
        self.actor(&signed_in.token).await.unwrap()
    }

    /// Somebody with city-wide roles: a session's actor.
    pub(crate) async fn staff(&self, login: &str, roles: &[Role]) -> Actor {
        let password = Secret::new(PASSWORD.to_owned());
        let password = self.accounts.hash_password("password", &password, None).await.unwrap();
        let user = NewUser {
            id: None,
            login: login.to_owned(),
            name: "周主管".to_owned(),
            password: Some(password),
            roles: roles.iter().copied().collect::<BTreeSet<_>>(),
            locale: Locale::ZhCn,
            subdistrict: None,
        };
        let uow = self.unit().await;
        self.accounts.create_user(&uow, &Actor::system("test"), user).await.unwrap();
        uow.commit().await.unwrap();
        let signed_in = self.sign_in(login, PASSWORD).await.unwrap();
        self.actor(&signed_in.token).await.unwrap()
    }

    pub(crate) async fn shop(&self, owner: &Actor, licence: Option<&str>) -> OrganisationView {
        let uow = self.unit().await;
        let input = CreateOrganisation {
            kind: OrganisationKind::SellerShop,
            name: "双井旧书店".to_owned(),
            licence: licence.map(str::to_owned),
        };
        let view = self.accounts.create_organisation(&uow, owner, input).await.unwrap();
        uow.commit().await.unwrap();
        view
    }

    pub(crate) async fn proof(&self, actor: &Actor) -> Proof {
        let confirmation = Confirmation::Password(Secret::new(PASSWORD.to_owned()));
        self.accounts.prove(actor, confirmation, &home()).await.unwrap()
    }
}

pub(crate) fn anonymous() -> Actor {
    Actor::anonymous(Locale::ZhCn)
}

/// A phone in a home.
pub(crate) fn home() -> Client {
    Client {
        address: "114.247.50.2".to_owned(),
        user_agent: "Mozilla/5.0 (Linux; Android 14) Chrome/126.0".to_owned(),
    }
}

pub(crate) fn form(login: &str) -> SignUpForm {
    SignUpForm {
        login: login.to_owned(),
        password: Secret::new(PASSWORD.to_owned()),
        name: Some("林小满".to_owned()),
        consent: true,
        privacy_version: None,
        locale: Locale::ZhCn,
        subdistrict: Some("110105016".to_owned()),
    }
}

/// The field that an input was refused for.
pub(crate) fn refused_field(error: &Error) -> (&str, &str) {
    match error {
        Error::Invalid(fields) => (fields[0].field.as_str(), fields[0].message.key),
        other => panic!("refused for another reason: {other}"),
    }
}
