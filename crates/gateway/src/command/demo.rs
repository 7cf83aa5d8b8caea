//! `luhuan demo`.

use std::{process::ExitCode, sync::Arc};

use clap::Subcommand;
use luhuan_kernel::ManualClock;

use super::CommandError;
use crate::{
    app::{App, Contexts},
    config::Config,
};

#[derive(Subcommand)]
pub(super) enum Demo {
    /// Load the demo city; loading it again changes nothing
    Load,
    /// Show every demo account
    Accounts {
        /// As a JSON list of {role, login, password}
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn demo(config: Config, command: Demo) -> Result<ExitCode, CommandError> {
    match command {
        Demo::Load => {
            let app = App::open(config, true).await?;
            load(&app).await?;
        }
        Demo::Accounts { json } => accounts(json),
    }
    Ok(ExitCode::SUCCESS)
}

/// Loads what is not there yet.
pub(super) async fn load(app: &App) -> Result<(), CommandError> {
    let now = app.store.clock().now();
    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
    let contexts = Contexts::open(&app.config, Arc::clone(&clock) as _).await?;
    let past = luhuan_demo::Past { clock, accounts: contexts.accounts, listings: contexts.listings };
    let loaded = luhuan_demo::load(&past, now).await?;
    tracing::info!(people = loaded.people, listings = loaded.listings, "the demo city is loaded");
    Ok(())
}

fn accounts(json: bool) {
    let accounts = luhuan_demo::accounts();
    if json {
        let list: Vec<_> = accounts
            .iter()
            .map(|account| {
                serde_json::json!({ "role": account.role, "login": account.login, "password": account.password })
            })
            .collect();
        println!("{}", serde_json::Value::Array(list));
        return;
    }
    for account in accounts {
        println!("{:<24} {:<28} {}", account.role, account.login, account.password);
    }
}
