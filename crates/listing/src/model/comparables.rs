//! What similar goods ask: the price hint.

use serde::Serialize;

/// A comparable listing, as the price hint sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparable {
    /// Asking or selling price in fen.
    pub price_fen: i64,
    /// Whether it was sold: a price that somebody paid says more than one that somebody hopes for.
    pub sold: bool,
}

/// The middle half of comparable prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PriceHint {
    /// First quartile, in fen.
    pub low_fen: i64,
    /// Median, in fen.
    pub median_fen: i64,
    /// Third quartile, in fen.
    pub high_fen: i64,
    /// Listings it rests on.
    pub count: u32,
    /// How many of them were sold.
    pub sold: u32,
}

impl PriceHint {
    /// Fewer than this say nothing.
    pub const FEWEST: usize = 3;

    /// The hint of some comparables; `None` when they are too few. Sold ones alone when they suffice.
    ///
    /// Quartiles by linear interpolation between order statistics (Hyndman & Fan 1996, type 7), rounded half up.
    #[must_use]
    pub fn of(comparables: &[Comparable]) -> Option<Self> {
        let sold: Vec<i64> = comparables.iter().filter(|c| c.sold).map(|c| c.price_fen).collect();
        let enough_sold = sold.len() >= Self::FEWEST;
        let mut prices =
            if enough_sold { sold.clone() } else { comparables.iter().map(|c| c.price_fen).collect() };
        if prices.len() < Self::FEWEST {
            return None;
        }
        prices.sort_unstable();
        Some(Self {
            low_fen: quantile(&prices, 1),
            median_fen: quantile(&prices, 2),
            high_fen: quantile(&prices, 3),
            count: u32::try_from(prices.len()).unwrap_or(u32::MAX),
            sold: u32::try_from(sold.len()).unwrap_or(u32::MAX),
        })
    }
}

/// The `quarter`-th quartile of sorted values, in whole fen.
fn quantile(sorted: &[i64], quarter: usize) -> i64 {
    let scaled = (sorted.len() - 1) * quarter;
    let (index, rest) = (scaled / 4, i64::try_from(scaled % 4).unwrap_or_default());
    let low = sorted[index];
    let high = sorted.get(index + 1).copied().unwrap_or(low);
    low + ((high - low) * rest + 2) / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(prices: &[i64]) -> Vec<Comparable> {
        prices.iter().map(|price_fen| Comparable { price_fen: *price_fen, sold: false }).collect()
    }

    #[test]
    fn the_hint_is_the_middle_half() {
        let hint = PriceHint::of(&asked(&[500, 100, 300, 200, 400])).unwrap();
        assert_eq!((hint.low_fen, hint.median_fen, hint.high_fen, hint.count), (200, 300, 400, 5));
    }

    #[test]
    fn quartiles_fall_between_values_as_the_paper_says() {
        let hint = PriceHint::of(&asked(&[1, 2, 3, 4])).unwrap();
        assert_eq!((hint.low_fen, hint.median_fen, hint.high_fen), (2, 3, 3));
    }

    #[test]
    fn two_prices_say_nothing() {
        assert_eq!(PriceHint::of(&asked(&[1, 2])), None);
    }

    #[test]
    fn what_was_paid_outweighs_what_is_hoped_for() {
        let mut comparables = asked(&[9000; 10]);
        comparables.extend([Comparable { price_fen: 100, sold: true }; 3]);
        assert_eq!(PriceHint::of(&comparables).unwrap().median_fen, 100);
    }
}
