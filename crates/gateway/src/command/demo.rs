//! `luhuan demo`.

use std::{process::ExitCode, sync::Arc};

use clap::Subcommand;
use luhuan_kernel::{Clock, ManualClock, SystemClock};

use super::CommandError;
use crate::{app::Contexts, config::Config};

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
            load(&config).await?;
        }
        Demo::Accounts { json } => accounts(json),
    }
    Ok(ExitCode::SUCCESS)
}

/// Loads what is not there yet.
pub(super) async fn load(config: &Config) -> Result<(), CommandError> {
    let now = SystemClock.now();
    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
    let contexts = Contexts::open(config, Arc::clone(&clock) as _).await?;
    let past = luhuan_demo::Past {
        clock,
        accounts: contexts.accounts,
        listings: contexts.listings,
        ledger: contexts.ledger,
        trade: contexts.trade,
    };
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
        super::print(&format!("{}\n", serde_json::Value::Array(list)));
        return;
    }
    let lines = accounts.iter().map(|it| format!("{:<24} {:<28} {}\n", it.role, it.login, it.password));
    super::print(&lines.collect::<String>());
}
