//! What `cargo xtask bench` runs. Every figure is a ratio to a bare axum handler in the same run, on the same machine,
//! under the same load: absolute numbers say more about the machine.

mod bare;
mod goods;
mod http;
mod load;
mod relevance;
mod trade;

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;

#[derive(Parser)]
#[command(about = "The benchmarks; run them through `cargo xtask bench`")]
enum Bench {
    /// Import 100,000 listings, then read, search and suggest under load; prints a table
    Http {
        /// Listings to import
        #[arg(long, default_value_t = 100_000)]
        listings: usize,
        /// Seconds of load for each line of the table
        #[arg(long, default_value_t = 8)]
        seconds: u32,
    },
    /// Orders a second beside the same statements by hand, and whole purchases over HTTP, on each database there is
    Trade {
        /// Orders of each kind
        #[arg(long, default_value_t = 4_000)]
        orders: usize,
        /// Seconds of purchases over HTTP
        #[arg(long, default_value_t = 8)]
        seconds: u32,
    },
    /// nDCG@10 of the judged queries, on each index there is (MEILI_URL for Meilisearch)
    Search,
    /// Write generated listings as JSON Lines, as the http bench imports them
    Generate {
        /// The file to write
        file: PathBuf,
        /// How many
        #[arg(default_value_t = 100_000)]
        count: usize,
    },
    /// Serve one fixed answer of a size from a bare axum handler
    Bare {
        /// Bytes of the answer
        #[arg(long, default_value_t = 1600)]
        bytes: usize,
    },
}

fn main() -> ExitCode {
    let outcome = match Bench::parse() {
        Bench::Http { listings, seconds } => http::run(listings, seconds),
        Bench::Trade { orders, seconds } => trade::run(orders, seconds),
        Bench::Search => relevance::run(),
        Bench::Generate { file, count } => goods::write(&file, count),
        Bench::Bare { bytes } => bare::serve(bytes),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
