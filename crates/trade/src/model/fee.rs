//! The platform's fee, by versioned rule.

use std::sync::OnceLock;

use luhuan_kernel::{Money, MoneyError, Rate, Timestamp};
use serde::{Deserialize, Serialize};

use super::clocks::day;

coded! {
    /// Whom a fee is asked of: equals pay alike.
    SellerClass {
        /// Private people and petty traders.
        Private = "private",
        /// Shops and registered merchants.
        Shop = "shop",
    }
}

/// The formula for one class of sellers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    /// Millionths of the price of the goods: 6000 is 0.6 %.
    pub rate_ppm: u32,
    /// The most for one order, in fen.
    pub cap_fen: i64,
}

/// One version of the rule.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRules {
    /// The version.
    pub version: i32,
    /// The day from which it holds.
    pub effective_from: String,
    /// Where the numbers come from.
    pub source: String,
    /// The rule in words, Chinese.
    pub zh: String,
    /// The rule in words, English.
    pub en: String,
    /// For private sellers.
    pub private: FeeRule,
    /// For shops.
    pub shop: FeeRule,
}

#[derive(Deserialize)]
struct File {
    version: Vec<FeeRules>,
}

/// A fee as it was reckoned: stored with the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fee {
    /// The version of the rule.
    pub version: i32,
    /// The price of the goods that it is reckoned from, in fen.
    pub base_fen: i64,
    /// Millionths of it.
    pub rate_ppm: u32,
    /// The most, in fen.
    pub cap_fen: i64,
    /// The fee, in fen, rounded half up.
    pub fee_fen: i64,
}

impl FeeRules {
    /// Every version, oldest first, for the page of rules.
    #[must_use]
    pub fn versions() -> &'static [Self] {
        static VERSIONS: OnceLock<Vec<FeeRules>> = OnceLock::new();
        VERSIONS.get_or_init(|| {
            let file: File = toml::from_str(include_str!("../../data/fees.toml"))
                .expect("the data file is part of the program, and tested");
            file.version
        })
    }

    /// The version in force at an instant.
    #[must_use]
    pub fn at(now: Timestamp) -> &'static Self {
        let versions = Self::versions();
        versions.iter().rev().find(|rules| day(&rules.effective_from) <= now).unwrap_or(&versions[0])
    }

    /// The fee for goods at a price.
    ///
    /// # Errors
    /// When the product does not fit 64 bits.
    pub fn fee(&self, class: SellerClass, goods_fen: i64) -> Result<Fee, MoneyError> {
        let rule = match class {
            SellerClass::Private => self.private,
            SellerClass::Shop => self.shop,
        };
        Fee { version: self.version, base_fen: 0, rate_ppm: rule.rate_ppm, cap_fen: rule.cap_fen, fee_fen: 0 }
            .on(goods_fen)
    }
}

impl Fee {
    /// The same formula on another price: what is left of the goods after a partial refund.
    ///
    /// # Errors
    /// When the product does not fit 64 bits.
    pub fn on(self, goods_fen: i64) -> Result<Self, MoneyError> {
        let base_fen = goods_fen.max(0);
        let fee = Money::cny(base_fen).at_rate(Rate(self.rate_ppm))?;
        Ok(Self { base_fen, fee_fen: fee.minor.min(self.cap_fen), ..self })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> &'static FeeRules {
        &FeeRules::versions()[0]
    }

    #[test]
    fn the_fee_is_rounded_half_up_and_capped() {
        let fee = |class, fen| rules().fee(class, fen).unwrap().fee_fen;
        assert_eq!(fee(SellerClass::Private, 76_000), 456);
        assert_eq!(fee(SellerClass::Private, 250), 2);
        assert_eq!(fee(SellerClass::Shop, 76_000), 1_216);
        assert_eq!(fee(SellerClass::Shop, 100_000_000), 6_000);
    }

    #[test]
    fn every_version_reads_and_they_are_in_order() {
        assert!(FeeRules::versions().is_sorted_by_key(|rules| (rules.version, day(&rules.effective_from))));
    }

    proptest! {
        #[test]
        fn a_fee_never_exceeds_the_goods_and_never_falls_as_they_grow(a in 0i64..1_000_000_000, b in 0i64..1_000_000_000) {
            let (low, high) = (a.min(b), a.max(b));
            let fee = |fen| rules().fee(SellerClass::Shop, fen).unwrap().fee_fen;
            prop_assert!(fee(low) <= low);
            prop_assert!(fee(low) <= fee(high));
        }
    }
}
