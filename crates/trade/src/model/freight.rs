//! Carriage that a buyer pays with the order.

use std::sync::OnceLock;

use luhuan_kernel::Timestamp;
use luhuan_listing::model::{Delivery, Freight};
use serde::Deserialize;

use super::clocks::day;

/// One version of the tariff, in fen an order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// The version.
    pub version: i32,
    effective_from: String,
    /// Where the numbers come from.
    pub source: String,
    pickup: i64,
    local: i64,
    express: i64,
}

/// All versions of the tariff.
#[derive(Clone, Copy, Debug)]
pub struct FreightRules;

#[derive(Deserialize)]
struct File {
    version: Vec<Tariff>,
}

impl FreightRules {
    /// The tariff in force at an instant.
    #[must_use]
    pub fn at(now: Timestamp) -> &'static Tariff {
        static VERSIONS: OnceLock<Vec<Tariff>> = OnceLock::new();
        let versions = VERSIONS.get_or_init(|| {
            let file: File = toml::from_str(include_str!("../../data/freight.toml"))
                .expect("the data file is part of the program, and tested");
            file.version
        });
        versions.iter().rev().find(|tariff| day(&tariff.effective_from) <= now).unwrap_or(&versions[0])
    }
}

impl Tariff {
    /// What the buyer pays with the order for a way of delivery, in fen: nothing when the seller carries it, or when it is
    /// paid to the carrier (到付).
    #[must_use]
    pub const fn fen(&self, delivery: Delivery, payer: Option<Freight>) -> i64 {
        match (payer, delivery) {
            (Some(Freight::BuyerPrepaid), Delivery::Local) => self.local,
            (Some(Freight::BuyerPrepaid), Delivery::Express) => self.express,
            (Some(Freight::BuyerPrepaid), Delivery::Pickup) => self.pickup,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buyer_pays_carriage_only_where_the_listing_says_so() {
        let tariff = FreightRules::at("2026-06-01T00:00:00Z".parse().unwrap());
        assert_eq!(tariff.fen(Delivery::Express, Some(Freight::BuyerPrepaid)), 1_200);
        assert_eq!(tariff.fen(Delivery::Express, Some(Freight::Seller)), 0);
        assert_eq!(tariff.fen(Delivery::Express, Some(Freight::BuyerCollect)), 0);
        assert_eq!(tariff.fen(Delivery::Pickup, None), 0);
    }
}
