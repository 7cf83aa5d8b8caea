//! Goods to import: seeded, varied, in Chinese.

use std::{
    io::{self, BufWriter, Write},
    path::Path,
};

use luhuan_demo::{generate::Generator, people};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::json;

/// Writes listings as JSON Lines; their sellers are the demo's residents.
pub fn write(file: &Path, count: usize) -> io::Result<()> {
    let city = people::city(&mut ChaCha8Rng::seed_from_u64(20_170_919));
    let goods = Generator::new(ChaCha8Rng::seed_from_u64(1), city.sellers(), 2026);
    let logins: Vec<String> = luhuan_demo::accounts().into_iter().map(|account| account.login).collect();
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    for listing in goods.take(count) {
        let row = json!({
            "external_id": format!("bench-{}", listing.external_id),
            "seller": logins[listing.seller % people::RESIDENTS],
            "title": listing.title, "description": listing.description, "category": listing.category,
            "condition": listing.condition, "defects": listing.defects, "origin": listing.origin,
            "price_fen": listing.price_fen, "original_price_fen": listing.original_price_fen,
            "negotiable": listing.negotiable, "delivery": listing.delivery, "freight": listing.freight,
            "subdistrict": listing.subdistrict, "returns": listing.returns, "attributes": listing.attributes,
            "brand": listing.brand, "model": listing.model, "age_months": listing.age_months,
            "statements": listing.statements,
        });
        writeln!(out, "{row}")?;
    }
    out.flush()
}
