//! `luhuan ledger`.

use std::{process::ExitCode, sync::Arc};

use clap::Subcommand;
use luhuan_kernel::{Money, SystemClock};
use luhuan_ledger::{AccountOwner, Difference};

use super::{CommandError, operator, print};
use crate::{app::Contexts, config::Config};

#[derive(Subcommand)]
pub(super) enum Ledger {
    /// Reckon every balance anew from its postings; exit code 1 when one fen does not fit
    Verify,
    /// Put opening funds into a person's wallet, from the platform's own; safe to repeat by its reference
    Grant {
        /// Phone number or e-mail address
        login: String,
        /// How much, in yuan, such as 200 or 99.90
        amount: String,
        /// What it is for: the same reference is granted once
        #[arg(long)]
        reference: String,
    },
    /// Compare our books with the payment providers' now, and list each difference; exit code 1 when there is one
    Reconcile {
        /// Days back
        #[arg(long, default_value_t = 7)]
        days: i64,
    },
}

pub(super) async fn ledger(config: Config, command: Ledger) -> Result<ExitCode, CommandError> {
    let app = Contexts::open(&config, Arc::new(SystemClock)).await?;
    match command {
        Ledger::Verify => verify(&app).await,
        Ledger::Grant { login, amount, reference } => grant(&app, &login, &amount, &reference).await,
        Ledger::Reconcile { days } => reconcile(&app, days).await,
    }
}

async fn verify(app: &Contexts) -> Result<ExitCode, CommandError> {
    let report = app.ledger.verify().await?;
    print(&report.to_string());
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn grant(app: &Contexts, login: &str, amount: &str, reference: &str) -> Result<ExitCode, CommandError> {
    let amount = Money::cny_from_yuan(amount)
        .ok_or_else(|| CommandError::Other(format!("'{amount}' is no amount in yuan")))?;
    let Some(person) = app.accounts.person_by_login(login).await? else {
        return Err(CommandError::Other(format!("nobody signs in as {login}")));
    };
    let uow = app.store.begin().await?;
    let owner = AccountOwner::Person(person);
    let posted = app.ledger.grant(&uow, &operator(), &owner, amount, reference).await?;
    uow.commit().await?;
    print(if posted.is_new() {
        "granted\n"
    } else {
        "granted before under this reference; nothing changed\n"
    });
    Ok(ExitCode::SUCCESS)
}

async fn reconcile(app: &Contexts, days: i64) -> Result<ExitCode, CommandError> {
    let until = app.store.clock().now();
    let mut differences = 0;
    for provider in app.ledger.providers().remotes() {
        let run = app.ledger.reconcile(&operator(), provider, until.plus_days(-days), until).await?;
        let found: Vec<Difference> = serde_json::from_str(&run.differences)
            .map_err(|error| CommandError::Other(format!("the comparison cannot be read back: {error}")))?;
        print(&format!("{provider}: {} compared, {} differ\n", run.compared, found.len()));
        for Difference { kind, how, ours, reference, ours_fen, theirs_fen } in &found {
            let (ours, theirs) = (ours.as_deref().unwrap_or("-"), reference.as_deref().unwrap_or("-"));
            print(&format!(
                "  {kind:?} {how:?}: ours {ours} {ours_fen} fen, theirs {theirs} {theirs_fen} fen\n"
            ));
        }
        differences += found.len();
    }
    Ok(if differences == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
