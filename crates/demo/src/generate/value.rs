//! What a used thing is worth, and what its seller asks.

use rand::{Rng, RngExt};

use super::Thing;

/// What is left of the price of a new one, for the condition alone. Drawn between the two.
fn condition_factor(condition: &str) -> (f64, f64) {
    match condition {
        "N" => (0.80, 0.95),
        "99" => (0.66, 0.82),
        "95" => (0.55, 0.72),
        "90" => (0.44, 0.60),
        "80" => (0.33, 0.48),
        "70" => (0.20, 0.32),
        _ => (0.06, 0.16),
    }
}

/// Nothing that works falls below this share of its price when new.
const SCRAP: f64 = 0.05;

/// The asking price in whole yuan.
pub(super) fn asking(thing: &Thing, rng: &mut impl Rng) -> i64 {
    let age = thing.now - thing.model.year.unwrap_or(thing.bought);
    let (low, high) = condition_factor(thing.condition);
    // What does not lose value with age (coins, old instruments) loses less with wear, too.
    let worn = rng.random_range(low..high).powf(if thing.leaf.decay < 0.025 { 0.4 } else { 1.0 });
    let aged = (-thing.leaf.decay * f64::from(age)).exp();
    tidy(capacity_price(thing) * (worn * aged).max(SCRAP), rng)
}

/// The price when new, with what more storage costs: each step above the least that the model came with adds 12 %.
fn capacity_price(thing: &Thing) -> f64 {
    const CAPACITIES: [&str; 9] = ["32gb", "64gb", "128gb", "256gb", "512gb", "1tb", "2tb", "4tb", "8tb"];
    let step = |code: &str| CAPACITIES.iter().position(|capacity| *capacity == code);
    let extra = ["storage", "drive"].iter().find_map(|code| {
        let mine = step(thing.attributes.get(*code)?.as_str()?)?;
        let least =
            thing.model.fixed.iter().find(|(name, _)| name == code).and_then(
                |(_, choices)| match choices {
                    crate::catalogue::Choices::OneOf(values) => {
                        values.iter().filter_map(|value| step(value.as_str()?)).min()
                    }
                    crate::catalogue::Choices::Between(..) => None,
                },
            )?;
        Some(mine.saturating_sub(least))
    });
    thing.model.price * 1.12_f64.powi(i32::try_from(extra.unwrap_or(0)).unwrap_or(0))
}

/// A price as people write it: to the yuan below twenty, to five below two hundred, then to ten or fifty, and
/// now and then ending in 8 or 9.
fn tidy(price: f64, rng: &mut impl Rng) -> i64 {
    let step = match price {
        ..20.0 => 1.0,
        20.0..200.0 => 5.0,
        200.0..2_000.0 => 10.0,
        2_000.0..20_000.0 => 50.0,
        _ => 100.0,
    };
    let round = ((price / step).round() * step) as i64;
    let odd = match rng.random_range(0..10) {
        0 if round >= 30 => round - 1,
        1 if round >= 30 => round - 2,
        2 if round >= 1_000 => round - 12,
        _ => round,
    };
    odd.max(1)
}

/// What it cost new, in fen, if the seller says so: a price that is above what is asked.
pub(super) fn original(thing: &Thing, asking: i64, rng: &mut impl Rng) -> Option<i64> {
    let new = capacity_price(thing).round() as i64;
    (new > asking && rng.random_bool(0.7)).then_some(new * 100)
}
