//! `luhuan import` and `luhuan export`.

use std::{
    collections::HashMap,
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use luhuan_kernel::{Id, Locale, Person, Problem, SystemClock};
use luhuan_listing::{CreateListing, ImportMode, ImportOutcome, Listings, api::ListingDocument, exchange};

use super::{CommandError, accounts, operator};
use crate::{app::Contexts, config::Config};

#[derive(Subcommand)]
pub(super) enum Import {
    /// Import listings from a CSV or JSON Lines file; bad rows are reported, good ones kept, and repeating it by
    /// external_id doubles nothing
    Listings {
        /// .csv, .jsonl or .ndjson
        file: PathBuf,
        /// Login of the seller of rows that name none
        #[arg(long, value_name = "LOGIN")]
        seller: Option<String>,
        /// Where to write the bad rows' lines and reasons as well, as CSV
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
    },
}

/// Bad rows shown on the terminal at most; the report has them all.
const SHOWN: usize = 50;

#[derive(Default)]
struct Tally {
    created: u64,
    updated: u64,
    unchanged: u64,
    bad: Vec<(u64, String)>,
}

struct Importer<'a> {
    app: &'a Contexts,
    seller: Option<String>,
    sellers: HashMap<String, Result<Id<Person>, String>>,
    batch: Vec<(u64, Id<Person>, CreateListing)>,
    tally: Tally,
}

/// A seller's rows of a batch, each with its line.
type OfSeller = (Id<Person>, Vec<(u64, CreateListing)>);

pub(super) async fn import(config: Config, command: Import) -> Result<ExitCode, CommandError> {
    let Import::Listings { file, seller, report } = command;
    let app = Contexts::open(&config, Arc::new(SystemClock)).await?;
    let mut importer =
        Importer { app: &app, seller, sellers: HashMap::new(), batch: Vec::new(), tally: Tally::default() };
    let bar = progress_bar(std::fs::metadata(&file)?.len());
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "csv" => importer.read_csv(&file, &bar).await?,
        "jsonl" | "ndjson" | "json" => importer.read_json_lines(&file, &bar).await?,
        other => return Err(CommandError::Other(format!("'{other}' is not csv, jsonl or ndjson"))),
    }
    importer.flush().await?;
    bar.finish_and_clear();
    importer.tally.report(report.as_deref())
}

fn progress_bar(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent}% {bytes}/{total_bytes} {elapsed} {msg}");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

impl Importer<'_> {
    async fn read_json_lines(&mut self, file: &Path, bar: &ProgressBar) -> Result<(), CommandError> {
        let mut reader = BufReader::new(File::open(file)?);
        let (mut line, mut number) = (Vec::new(), 0);
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(());
            }
            number += 1;
            bar.inc(read as u64);
            match std::str::from_utf8(&line) {
                Ok(text) if text.trim().is_empty() => {}
                Ok(text) => self.take(number, exchange::read_json(text)).await?,
                Err(_) => self.tally.bad.push((number, "not UTF-8".to_owned())),
            }
        }
    }

    async fn read_csv(&mut self, file: &Path, bar: &ProgressBar) -> Result<(), CommandError> {
        let broken = |error: csv::Error| CommandError::Other(format!("{}: {error}", file.display()));
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file).map_err(broken)?;
        let headers = reader.headers().map_err(broken)?.clone();
        let mut record = csv::StringRecord::new();
        loop {
            let line = reader.position().line();
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) if record.len() != headers.len() => {
                    let reason = format!("{} columns, but the header has {}", record.len(), headers.len());
                    self.tally.bad.push((line, reason));
                }
                Ok(true) => {
                    let line = record.position().map_or(line, csv::Position::line);
                    self.take(line, exchange::read_csv(headers.iter().zip(record.iter()))).await?;
                }
                Err(error) => self.tally.bad.push((line, error.to_string())),
            }
            bar.set_position(reader.position().byte());
        }
    }

    async fn take(
        &mut self,
        line: u64,
        row: Result<exchange::Row, exchange::RowError>,
    ) -> Result<(), CommandError> {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                self.tally.bad.push((line, error.to_string()));
                return Ok(());
            }
        };
        let Some(login) = row.seller.or_else(|| self.seller.clone()) else {
            self.tally.bad.push((line, "no seller: add a column 'seller' or give --seller LOGIN".to_owned()));
            return Ok(());
        };
        match self.find(&login).await {
            Ok(seller) => self.batch.push((line, seller, row.listing)),
            Err(reason) => self.tally.bad.push((line, reason)),
        }
        if self.batch.len() >= Listings::IMPORT_BATCH { self.flush().await } else { Ok(()) }
    }

    async fn find(&mut self, login: &str) -> Result<Id<Person>, String> {
        if let Some(known) = self.sellers.get(login) {
            return known.clone();
        }
        let found = accounts::find(self.app, login).await.map_err(|error| error.to_string());
        self.sellers.insert(login.to_owned(), found.clone());
        found
    }

    /// Writes the batch, seller by seller, in one unit of work.
    async fn flush(&mut self) -> Result<(), CommandError> {
        let mut by_seller: Vec<OfSeller> = Vec::new();
        for (line, seller, listing) in self.batch.drain(..) {
            match by_seller.iter_mut().find(|(known, _)| *known == seller) {
                Some((_, rows)) => rows.push((line, listing)),
                None => by_seller.push((seller, vec![(line, listing)])),
            }
        }
        let uow = self.app.store.begin().await?;
        for (seller, rows) in by_seller {
            let (lines, listings): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
            let outcomes = self
                .app
                .listings
                .import(&uow, &operator(), seller, listings, ImportMode::CreateOrUpdate)
                .await?;
            for (line, outcome) in lines.into_iter().zip(outcomes) {
                match outcome {
                    Ok(ImportOutcome::Created(_)) => self.tally.created += 1,
                    Ok(ImportOutcome::Updated(_)) => self.tally.updated += 1,
                    Ok(ImportOutcome::Unchanged(_)) => self.tally.unchanged += 1,
                    Err(error) => self.tally.bad.push((line, explain(self.app, error))),
                }
            }
        }
        uow.commit().await?;
        Ok(())
    }
}

fn explain(app: &Contexts, error: luhuan_listing::Error) -> String {
    let problem = Problem::from(error);
    let fields: Vec<String> = problem
        .fields()
        .iter()
        .map(|field| format!("{}: {}", field.field, field.message.render(&app.texts, Locale::En)))
        .collect();
    if fields.is_empty() { problem.detail(&app.texts, Locale::En) } else { fields.join("; ") }
}

impl Tally {
    fn report(mut self, file: Option<&Path>) -> Result<ExitCode, CommandError> {
        self.bad.sort_by_key(|(line, _)| *line);
        for (line, reason) in self.bad.iter().take(SHOWN) {
            eprintln!("line {line}: {reason}");
        }
        if self.bad.len() > SHOWN {
            eprintln!("… and {} more; --report FILE writes them all", self.bad.len() - SHOWN);
        }
        if let Some(file) = file {
            let broken = |error: csv::Error| CommandError::Other(error.to_string());
            let mut writer = csv::Writer::from_path(file).map_err(broken)?;
            writer.write_record(["line", "reason"]).map_err(broken)?;
            for (line, reason) in &self.bad {
                writer.write_record([line.to_string().as_str(), reason]).map_err(broken)?;
            }
            writer.flush()?;
        }
        println!(
            "{} created, {} updated, {} unchanged, {} bad",
            self.created,
            self.updated,
            self.unchanged,
            self.bad.len()
        );
        Ok(if self.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Listings read at once.
const PAGE: u64 = 500;

pub(super) async fn export(config: Config, file: &str) -> Result<ExitCode, CommandError> {
    let app = Contexts::open(&config, Arc::new(SystemClock)).await?;
    let mut output: Box<dyn Write> =
        if file == "-" { Box::new(std::io::stdout().lock()) } else { Box::new(File::create(file)?) };
    let (mut after, mut count) = (None, 0_u64);
    loop {
        let views = app.listings.export(&operator(), after, PAGE).await?;
        let Some(last) = views.last() else { break };
        after = Some(last.row.id);
        for view in views {
            let document = ListingDocument::of(view)?;
            let line =
                serde_json::to_string(&document).map_err(|error| CommandError::Other(error.to_string()))?;
            writeln!(output, "{line}")?;
            count += 1;
        }
    }
    output.flush()?;
    eprintln!("{count} listings");
    Ok(ExitCode::SUCCESS)
}
