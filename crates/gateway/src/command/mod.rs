//! The command line.

mod accounts;
mod backup;
mod certificate;
mod config;
mod demo;
mod doctor;
mod exchange;
mod ledger;
mod serve;

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use clap::{Args, Parser, Subcommand};
use luhuan_kernel::{Actor, Role, SystemClock};

use crate::{
    app::{App, Contexts, StartError},
    config::Config,
};

/// 绿环 Lühuan: used goods find a second owner, in one program.
#[derive(Parser)]
#[command(name = "luhuan", version, about, long_about = None, after_help = "\
Start a demo city:    luhuan serve --demo
Every setting:        luhuan config")]
struct Cli {
    /// Configuration file (TOML); LUHUAN_CONFIG names one as well
    #[arg(long, global = true, env = "LUHUAN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
    /// Set any key, as --set log.format=json; may be repeated
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = key_value)]
    set: Vec<(String, String)>,
    #[command(subcommand)]
    command: Command,
}

/// Flags that most commands share. Each is a key of the configuration.
#[derive(Args, Clone, Default)]
struct Common {
    /// Folder for the embedded database, the index, photos and the secret [default: data]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<String>,
    /// postgres://… of a server instead of the embedded database
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// http://… of a Meilisearch server instead of the embedded index
    #[arg(long, global = true, value_name = "URL")]
    search_url: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and API
    Serve {
        /// Address and port [default: 127.0.0.1:8080]
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<String>,
        /// Load the demo city first, with its accounts; loopback only
        #[arg(long)]
        demo: bool,
        /// Let a demo listen beyond loopback: anyone who reaches it can sign in with the demo's passwords
        #[arg(long)]
        demo_in_public: bool,
    },
    /// Bring the database's schema up to date
    Migrate,
    /// Load the demo city, or show its accounts
    #[command(subcommand)]
    Demo(demo::Demo),
    /// Import data
    #[command(subcommand)]
    Import(exchange::Import),
    /// Export all listings as JSON Lines
    Export {
        /// File to write; - for standard output
        #[arg(default_value = "-")]
        file: String,
    },
    /// Create users, grant roles, reset passwords
    #[command(subcommand)]
    User(accounts::User),
    /// Check a green mall's certificate
    #[command(subcommand)]
    Certificate(certificate::Certificate),
    /// Check the books, grant opening funds, compare with payment providers
    #[command(subcommand)]
    Ledger(ledger::Ledger),
    /// Look after the search index
    #[command(subcommand)]
    Search(SearchCommand),
    /// Print the OpenAPI document
    Openapi,
    /// Print the effective configuration, where each value came from and what each key does
    Config {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Write database and photos into one archive
    Backup {
        /// The archive to write (.tar)
        file: PathBuf,
    },
    /// Bring an archive back into an empty installation
    Restore {
        /// The archive to read
        file: PathBuf,
    },
    /// Check database, schema, index, blobs, clock and disk; exit code 1 when something is wrong
    Doctor,
}

#[derive(Subcommand)]
enum SearchCommand {
    /// Build the index anew from the database
    Reindex,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Why a command failed, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    #[error(transparent)]
    Store(#[from] luhuan_store::Error),
    #[error(transparent)]
    Accounts(#[from] luhuan_accounts::Error),
    #[error(transparent)]
    Listing(#[from] luhuan_listing::Error),
    #[error(transparent)]
    Ledger(#[from] luhuan_ledger::Error),
    #[error(transparent)]
    Search(#[from] luhuan_search::FeedError),
    #[error(transparent)]
    Demo(#[from] luhuan_demo::DemoError),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("database: {0}")]
    Database(#[from] sea_orm_migration::sea_orm::DbErr),
    #[error("{0}")]
    Other(String),
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let config = match configure(&cli) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("luhuan: {error}");
            return ExitCode::from(2);
        }
    };
    start_log(&config);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("luhuan: cannot start threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli, config)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("luhuan: {error}");
            ExitCode::FAILURE
        }
    }
}

fn configure(cli: &Cli) -> Result<Config, crate::config::ConfigError> {
    let mut flags: Vec<(&str, String)> =
        cli.set.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    let common = [
        ("data", &cli.common.data),
        ("database.url", &cli.common.database_url),
        ("search.url", &cli.common.search_url),
    ];
    flags.extend(common.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))));
    if let Command::Serve { listen: Some(listen), .. } = &cli.command {
        flags.push(("listen", listen.clone()));
    }
    Config::load(cli.config.as_deref(), std::env::vars(), &flags)
}

fn start_log(config: &Config) {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter = EnvFilter::try_new(config.text("log.filter")).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match config.text("log.format") {
        "json" => builder.json().flatten_event(true).init(),
        _ => builder.compact().init(),
    }
}

async fn dispatch(cli: Cli, config: Config) -> Result<ExitCode, CommandError> {
    match cli.command {
        Command::Serve { demo, demo_in_public, .. } => serve::serve(config, demo, demo_in_public).await,
        Command::Migrate => migrate(config).await,
        Command::Demo(command) => demo::demo(config, command).await,
        Command::Import(command) => exchange::import(config, command).await,
        Command::Export { file } => exchange::export(config, &file).await,
        Command::User(command) => accounts::user(config, command).await,
        Command::Certificate(command) => certificate::certificate(command).await,
        Command::Ledger(command) => ledger::ledger(config, command).await,
        Command::Search(SearchCommand::Reindex) => reindex(config).await,
        Command::Openapi => {
            print(&format!("{}\n", crate::server::document().to_pretty_json().unwrap_or_default()));
            Ok(ExitCode::SUCCESS)
        }
        Command::Config { json } => config::show(&config, json),
        Command::Backup { file } => backup::backup(config, &file).await,
        Command::Restore { file } => backup::restore(config, &file).await,
        Command::Doctor => doctor::doctor(config).await,
    }
}

/// Prints a text; a reader that has seen enough (`| head`) is no error.
pub(crate) fn print(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

async fn migrate(config: Config) -> Result<ExitCode, CommandError> {
    let contexts = Contexts::open(&config, Arc::new(SystemClock)).await?;
    contexts.store.ping().await?;
    eprintln!("the schema is up to date");
    Ok(ExitCode::SUCCESS)
}

async fn reindex(config: Config) -> Result<ExitCode, CommandError> {
    let app = App::open(config, false).await?;
    let documents = app.search.rebuild().await?;
    eprintln!("{documents} listings are in the index");
    Ok(ExitCode::SUCCESS)
}

/// The operator at the command line: the program itself, with every scope.
fn operator() -> Actor {
    Actor { roles: Role::all(), ..Actor::system("command line") }
}
