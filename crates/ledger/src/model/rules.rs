//! The operator's numbers, from the data files.

use std::sync::LazyLock;

use luhuan_kernel::{Timestamp, Zone};
use serde::Deserialize;

/// What may be put into and taken out of a wallet at once.
#[derive(Clone, Debug, Deserialize)]
pub struct MoneyRules {
    /// The version of the file.
    pub version: String,
    /// Of putting in.
    pub top_up: TopUpRules,
    /// Of taking out.
    pub payout: PayoutRules,
}

/// What may be put in.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct TopUpRules {
    /// At least, in fen.
    pub least_fen: i64,
    /// At most, in fen.
    pub most_fen: i64,
    /// Hours that a payer has.
    pub hours: i64,
}

/// What may be taken out.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct PayoutRules {
    /// At least, in fen.
    pub least_fen: i64,
    /// At most, in fen.
    pub most_fen: i64,
}

/// How long points live and what they buy.
#[derive(Clone, Debug, Deserialize)]
pub struct PointsRules {
    /// The version of the file.
    pub version: String,
    /// Calendar months from earning to the end.
    pub months: u32,
    /// Days before the end at which the owner is told.
    pub notice_days: i64,
    /// Days that returned points live at least.
    pub returned_days: i64,
    /// What a point is worth, in fen.
    pub fen_per_point: i64,
}

impl MoneyRules {
    /// The rules in force.
    #[must_use]
    pub fn get() -> &'static Self {
        static RULES: LazyLock<MoneyRules> = LazyLock::new(|| {
            toml::from_str(include_str!("../../data/money.toml")).expect("the file of limits reads")
        });
        &RULES
    }
}

impl PointsRules {
    /// The rules in force.
    #[must_use]
    pub fn get() -> &'static Self {
        static RULES: LazyLock<PointsRules> = LazyLock::new(|| {
            toml::from_str(include_str!("../../data/points.toml")).expect("the file of points reads")
        });
        &RULES
    }

    /// When points that are earned now end: at the end of the same day of the month, so many months on; where that
    /// month is shorter, on its last day. Days are Beijing's.
    #[must_use]
    pub fn end_of(&self, earned: Timestamp) -> Timestamp {
        let date = earned.at(Zone::SHANGHAI).date();
        let months = u32::from(u8::from(date.month())) - 1 + self.months;
        let year = date.year() + i32::try_from(months / 12).unwrap_or_default();
        let month = time::Month::December.nth_next(u8::try_from(months % 12 + 1).unwrap_or(1));
        let day = date.day().min(month.length(year));
        let last = time::Date::from_calendar_date(year, month, day).unwrap_or(date);
        let midnight = last.next_day().unwrap_or(last).midnight().assume_offset(time::macros::offset!(+8));
        Timestamp::from_micros(midnight.unix_timestamp().saturating_mul(1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_read_and_make_sense() {
        let money = MoneyRules::get();
        assert!(money.top_up.least_fen > 0 && money.top_up.least_fen < money.top_up.most_fen);
        assert!(money.payout.least_fen > 0 && money.payout.least_fen < money.payout.most_fen);
        assert_eq!(PointsRules::get().months, 24);
    }

    #[test]
    fn points_end_with_the_day_two_years_on_or_the_last_of_a_shorter_month() {
        let end = |earned: &str| PointsRules::get().end_of(earned.parse().unwrap()).to_string();
        assert_eq!(end("2026-03-05T03:00:00Z"), "2028-03-05T16:00:00Z");
        // Already the 6th in Beijing.
        assert_eq!(end("2026-03-05T17:00:00Z"), "2028-03-06T16:00:00Z");
        assert_eq!(end("2028-02-29T03:00:00Z"), "2030-02-28T16:00:00Z");
        assert_eq!(end("2026-12-31T03:00:00Z"), "2028-12-31T16:00:00Z");
    }
}
