//! The contexts, wired together.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use luhuan_accounts::{Accounts, CodeSender, ConsoleSender, Keys, WebhookSender};
use luhuan_certification::{Certification, waste::NoPickups};
use luhuan_kernel::{
    Clock, Locale, Secret, SystemClock, random,
    text::{Source, Texts},
};
use luhuan_ledger::{Ledger, Providers, Stripe, StripeSettings};
use luhuan_listing::{Listings, contact::ContactPolicy, photo::PhotoLimits};
use luhuan_migrations::Migrator;
use luhuan_notifications::{ConsoleMailer, Courier, Mailer, Notifications, Ports, Reach, SmtpMailer};
use luhuan_search::{MeiliIndex, Search, SearchIndex, TantivyIndex};
use luhuan_store::{Backend, Blobs, Store, blobs};
use luhuan_trade::Trade;
use sea_orm_migration::{MigratorTrait, sea_orm::ConnectionTrait};

use crate::{
    config::Config,
    ports::{AccountDirectory, CityFacts, KeyVault, contributors},
};

/// Everything that serves requests. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// Photos and exports.
    pub blobs: Blobs,
    /// People and organisations.
    pub accounts: Accounts,
    /// Used goods.
    pub listings: Listings,
    /// Finding them.
    pub search: Search,
    /// Money and points.
    pub ledger: Ledger,
    /// Conversations, offers, orders.
    pub trade: Trade,
    /// Green malls.
    pub certification: Certification,
    /// What people and programs are told.
    pub notifications: Notifications,
    /// The sender of codes to the console, in a demo: its last codes can be shown.
    pub console: Option<Arc<ConsoleSender>>,
    /// All sentences.
    pub texts: Arc<Texts>,
    /// Whether this is a demo city.
    pub demo: bool,
    /// The effective configuration.
    pub config: Arc<Config>,
}

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The database or the blobs.
    #[error(transparent)]
    Store(#[from] luhuan_store::Error),
    /// A migration.
    #[error("migrating the database: {0}")]
    Migrate(#[from] sea_orm_migration::sea_orm::DbErr),
    /// The index.
    #[error(transparent)]
    Search(#[from] luhuan_search::SearchError),
    /// The data folder.
    #[error("the data folder {0}: {1}")]
    Data(PathBuf, std::io::Error),
    /// Anything else, in words for the operator.
    #[error("{0}")]
    Other(String),
}

impl App {
    /// Opens everything and brings the schema up to date.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn open(config: Config, demo: bool) -> Result<Self, StartError> {
        let data = PathBuf::from(config.text("data"));
        let contexts = Contexts::open(&config, Arc::new(SystemClock)).await?;
        let Contexts {
            store,
            blobs,
            accounts,
            listings,
            ledger,
            trade,
            certification,
            notifications,
            texts,
            console,
        } = contexts;
        let search = Search::new(listings.clone(), open_index(&config, &data)?);
        let config = Arc::new(config);
        Ok(Self {
            store,
            blobs,
            accounts,
            listings,
            search,
            ledger,
            trade,
            certification,
            notifications,
            console,
            texts,
            demo,
            config,
        })
    }
}

/// The contexts that keep the truth, on some clock: what commands use beside a running server, which alone holds the
/// embedded index.
pub struct Contexts {
    /// The database.
    pub store: Store,
    /// Photos and exports.
    pub blobs: Blobs,
    /// People and organisations.
    pub accounts: Accounts,
    /// Used goods.
    pub listings: Listings,
    /// Money and points.
    pub ledger: Ledger,
    /// Conversations, offers, orders.
    pub trade: Trade,
    /// Green malls.
    pub certification: Certification,
    /// What people and programs are told.
    pub notifications: Notifications,
    /// All sentences.
    pub texts: Arc<Texts>,
    console: Option<Arc<ConsoleSender>>,
}

impl Contexts {
    /// Opens database and blobs and brings the schema up to date.
    ///
    /// # Errors
    /// In words for the operator.
    pub async fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let data = PathBuf::from(config.text("data"));
        std::fs::create_dir_all(&data).map_err(|error| StartError::Data(data.clone(), error))?;
        let store = open_store(config, Arc::clone(&clock)).await?;
        migrate(&store).await?;
        let master = master_secret(config, &data)?;
        let blobs = Blobs::open(&blob_settings(config, &data))?;
        let (sender, console) = code_sender(config, clock)?;
        let accounts =
            Accounts::new(store.clone(), sender, Keys::new(&master), luhuan_accounts::Settings::default());
        let listings =
            Listings::new(store.clone(), blobs.clone(), accounts.clone(), listing_settings(config, &master)?);
        let texts = Arc::new(Texts::new(&texts()));
        let ledger = Ledger::new(
            store.clone(),
            providers(config)?,
            luhuan_ledger::Settings {
                secret: derive(&master, "ledger"),
                points_budget: config.text("ledger.points_budget").to_owned(),
            },
        )
        .with_vault(Arc::new(KeyVault(Keys::new(&master))));
        let trade_settings = luhuan_trade::Settings {
            jury: config.parsed("trade.jury")?,
            ..luhuan_trade::Settings::new(Keys::new(&master))
        };
        let trade =
            Trade::new(blobs.clone(), accounts.clone(), listings.clone(), ledger.clone(), trade_settings);
        let notifications = Notifications::new(
            store.clone(),
            Arc::clone(&texts),
            Keys::new(&master),
            Ports {
                directory: Arc::new(AccountDirectory(accounts.clone())),
                facts: Arc::new(CityFacts { listings: listings.clone(), trade: trade.clone() }),
                mailer: mailer(config)?,
            },
            courier(config)?,
            luhuan_notifications::Settings { public_url: config.optional("public_url").map(str::to_owned) },
        );
        let certification = Certification::new(
            store.clone(),
            blobs.clone(),
            accounts.clone(),
            Arc::new(NoPickups),
            luhuan_certification::Settings {
                public_url: public_url(config),
                signing_seed: derive(&master, "certification"),
            },
        );
        let accounts = contributors(&listings, &ledger, &trade, &notifications, &certification)
            .into_iter()
            .fold(accounts, Accounts::with_contributor);
        Ok(Self {
            store,
            blobs,
            accounts,
            listings,
            ledger,
            trade,
            certification,
            notifications,
            texts,
            console,
        })
    }
}

/// Brings the schema up to date, one gateway at a time: on PostgreSQL a transaction holds an advisory lock meanwhile,
/// on SQLite the steps take the writer.
async fn migrate(store: &Store) -> Result<(), StartError> {
    /// Any number that nobody else of this database uses.
    const LOCK: &str = "SELECT pg_advisory_xact_lock(72117)";
    let guard = match store.backend() {
        Backend::Postgres => {
            let uow = store.begin().await?;
            uow.tx().execute_unprepared(LOCK).await?;
            Some(uow)
        }
        Backend::Sqlite => None,
    };
    Migrator::up(store.writer(), None).await?;
    drop(guard);
    Ok(())
}

/// All sentences of all contexts.
#[must_use]
pub fn texts() -> Vec<Source> {
    let own = [
        Source { locale: Locale::ZhCn, ftl: include_str!("../i18n/zh-CN.ftl") },
        Source { locale: Locale::En, ftl: include_str!("../i18n/en.ftl") },
    ];
    [
        own,
        luhuan_accounts::TEXTS,
        luhuan_listing::TEXTS,
        luhuan_search::TEXTS,
        luhuan_ledger::TEXTS,
        luhuan_trade::TEXTS,
        luhuan_notifications::TEXTS,
        luhuan_certification::TEXTS,
    ]
    .concat()
}

/// Opens the database that the configuration names, without migrating it.
///
/// # Errors
/// When it cannot be reached.
pub async fn open_store(config: &Config, clock: Arc<dyn Clock>) -> Result<Store, StartError> {
    let settings = luhuan_store::Settings {
        url: database_url(config),
        connections: config.parsed("database.connections")?,
    };
    Ok(Store::open(&settings, clock).await?)
}

/// The URL of the database: the configured server, or the file in the data folder.
#[must_use]
pub fn database_url(config: &Config) -> String {
    config.optional("database.url").map_or_else(
        || format!("sqlite://{}", Path::new(config.text("data")).join("luhuan.sqlite3").display()),
        str::to_owned,
    )
}

/// Where blobs are kept.
#[must_use]
pub fn blob_settings(config: &Config, data: &Path) -> blobs::Settings {
    match config.optional("blobs.bucket") {
        None => blobs::Settings::Folder(data.join("blobs")),
        Some(bucket) => blobs::Settings::S3 {
            bucket: bucket.to_owned(),
            endpoint: config.optional("blobs.endpoint").map(str::to_owned),
            region: config.text("blobs.region").to_owned(),
            access_key: config.text("blobs.access_key").to_owned(),
            secret_key: Secret::new(config.text("blobs.secret_key").to_owned()),
        },
    }
}

/// Opens the configured search engine.
///
/// # Errors
/// When the folder cannot be used or the address is none.
pub fn open_index(config: &Config, data: &Path) -> Result<Arc<dyn SearchIndex>, StartError> {
    Ok(match config.optional("search.url") {
        None => Arc::new(TantivyIndex::open(&data.join("index"))?),
        Some(url) => Arc::new(MeiliIndex::new(url, config.optional("search.key"), "listings")?),
    })
}

fn listing_settings(
    config: &Config,
    master: &Secret<[u8; 32]>,
) -> Result<luhuan_listing::Settings, StartError> {
    let contacts = match config.text("listing.contacts") {
        "mask" => ContactPolicy::Mask,
        "refuse" => ContactPolicy::Refuse,
        other => {
            return Err(StartError::Other(format!("listing.contacts is 'mask' or 'refuse', not '{other}'")));
        }
    };
    Ok(luhuan_listing::Settings {
        days_on_offer: config.parsed("listing.days")?,
        contacts,
        photos: PhotoLimits::default(),
        photo_memory_mib: config.parsed("limits.photo_memory_mib")?,
        secret: derive(master, "listing"),
    })
}

/// The address that goes into certificates, which outlive any request: the configured one, or that of the listener.
fn public_url(config: &Config) -> String {
    config.optional("public_url").map_or_else(
        || format!("http://{}", config.text("listen")),
        |url| url.trim_end_matches('/').to_owned(),
    )
}

/// The ways to pay: the wallet and face to face, and Stripe where its keys are configured.
fn providers(config: &Config) -> Result<Providers, StartError> {
    let local = Providers::local();
    let Some(secret_key) = config.optional("stripe.secret_key") else { return Ok(local) };
    let needed = |key: &str| {
        let missing = || StartError::Other(format!("stripe.secret_key needs {key}"));
        config.optional(key).map(str::to_owned).ok_or_else(missing)
    };
    let words = |key: &str| -> Vec<String> {
        config
            .text(key)
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    needed("stripe.webhook_secrets")?;
    let stripe = Stripe::new(StripeSettings {
        api: config.text("stripe.api").to_owned(),
        secret_key: Secret::new(secret_key.to_owned()),
        publishable_key: needed("stripe.publishable_key")?,
        webhook_secrets: words("stripe.webhook_secrets").into_iter().map(Secret::new).collect(),
        methods: words("stripe.methods"),
        timeout: Duration::from_secs(config.parsed("stripe.seconds")?),
    });
    Ok(local.with(Arc::new(stripe.map_err(|error| StartError::Other(error.to_string()))?)))
}

/// How e-mails travel: not at all, to the console, or to a mail server.
fn mailer(config: &Config) -> Result<Option<Arc<dyn Mailer>>, StartError> {
    match config.optional("mail.smtp_url") {
        None => Ok(None),
        Some("console") => Ok(Some(Arc::new(ConsoleMailer::default()))),
        Some(url) => {
            let mailer = SmtpMailer::new(url, config.text("mail.from")).map_err(StartError::Other)?;
            Ok(Some(Arc::new(mailer)))
        }
    }
}

/// How webhooks are posted: to public addresses, or anywhere where the operator says so.
fn courier(config: &Config) -> Result<Courier, StartError> {
    let reach = if config.parsed("webhooks.private_addresses")? { Reach::Any } else { Reach::Public };
    let limits = luhuan_notifications::model::Limits::get();
    Courier::new(reach, Duration::from_secs(limits.webhook.timeout_seconds)).map_err(StartError::Other)
}

/// The sender of codes, and the same once more when it is the console.
type Senders = (Arc<dyn CodeSender>, Option<Arc<ConsoleSender>>);

fn code_sender(config: &Config, clock: Arc<dyn Clock>) -> Result<Senders, StartError> {
    let Some(url) = config.optional("codes.webhook_url") else {
        let console = Arc::new(ConsoleSender::default());
        return Ok((Arc::clone(&console) as Arc<dyn CodeSender>, Some(console)));
    };
    let Some(secret) = config.optional("codes.webhook_secret") else {
        return Err(StartError::Other(
            "codes.webhook_url needs codes.webhook_secret, which signs the posts".into(),
        ));
    };
    let sender = WebhookSender::new(url.to_owned(), Secret::new(secret.to_owned()), clock)
        .map_err(|error| StartError::Other(error.to_string()))?;
    Ok((Arc::new(sender), None))
}

/// A key for one purpose, from the master secret.
#[must_use]
pub fn derive(master: &Secret<[u8; 32]>, purpose: &str) -> Secret<[u8; 32]> {
    use sha2::{Digest, Sha256};
    let mut digest = Sha256::new();
    digest.update(b"luhuan key\0");
    digest.update(purpose.as_bytes());
    digest.update([0]);
    digest.update(master.expose());
    Secret::new(digest.finalize().into())
}

/// The master secret: configured, or generated once and kept in the data folder for its owner's eyes only.
///
/// # Errors
/// When it is not 64 hexadecimal digits or the file cannot be used.
pub fn master_secret(config: &Config, data: &Path) -> Result<Secret<[u8; 32]>, StartError> {
    let path = data.join("secret.key");
    let text = match config.optional("secret") {
        Some(text) => text.to_owned(),
        None => read_or_make_secret(&path).map_err(|error| StartError::Data(path.clone(), error))?,
    };
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key)
        .map_err(|_| StartError::Other("the secret is 64 hexadecimal digits (32 random bytes)".into()))?;
    Ok(Secret::new(key))
}

fn read_or_make_secret(path: &Path) -> std::io::Result<String> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(mut file) => {
            let text = hex::encode(random::bytes::<32>());
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            Ok(text)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => std::fs::read_to_string(path),
        Err(error) => Err(error),
    }
}
