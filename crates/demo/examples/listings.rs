//! Prints listings as JSON Lines, a shape that `luhuan import listings` reads.
//!
//!     cargo run --release -p luhuan-demo --example listings -- 100000 > listings.jsonl

use std::io::{BufWriter, Write};

use luhuan_demo::{
    generate::{GeneratedListing, Generator},
    people,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

/// The year that the listings are seen in.
const YEAR: i32 = 2026;

fn main() -> std::io::Result<()> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000);
    let seed = std::env::args().nth(2).and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let city = people::city(&mut ChaCha8Rng::seed_from_u64(seed));
    let mut out = BufWriter::new(std::io::stdout().lock());
    for listing in Generator::new(ChaCha8Rng::seed_from_u64(seed + 1), city.sellers(), YEAR).take(count) {
        serde_json::to_writer(&mut out, &row(&listing))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// The fields of an import, without what only the demo knows.
fn row(listing: &GeneratedListing) -> serde_json::Value {
    json!({
        "external_id": listing.external_id,
        "category": listing.category,
        "title": listing.title,
        "description": listing.description,
        "condition": listing.condition,
        "defects": listing.defects,
        "origin": listing.origin,
        "price_fen": listing.price_fen,
        "original_price_fen": listing.original_price_fen,
        "negotiable": listing.negotiable,
        "delivery": listing.delivery,
        "freight": listing.freight,
        "subdistrict": listing.subdistrict,
        "returns": listing.returns,
        "statements": listing.statements,
        "attributes": listing.attributes,
        "brand": listing.brand,
        "model": listing.model,
        "age_months": listing.age_months,
    })
}
