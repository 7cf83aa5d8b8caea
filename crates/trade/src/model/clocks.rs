//! How long each step may take, by version.

use std::{collections::BTreeMap, sync::OnceLock};

use luhuan_kernel::{Timestamp, Zone};
use serde::Deserialize;

use super::State;

coded! {
    /// A span of time that the process knows by name; its length is data (`data/clocks.toml`).
    Clock {
        /// An unpaid order closes.
        Unpaid = "unpaid",
        /// The seller ships; then the buyer may call off.
        Ship = "ship",
        /// Paid, never shipped.
        Abandoned = "abandoned",
        /// To be handed over, never met.
        Meeting = "meeting",
        /// Both checked in at the place.
        BothThere = "both_there",
        /// Shipped, and the buyer says nothing.
        AutoConfirm = "auto_confirm",
        /// What an extension adds to it.
        Extension = "extension",
        /// From receipt to the seller's money.
        Settle = "settle",
        /// The same, where the buyer may return the goods for seven days.
        SettleReturnable = "settle_returnable",
        /// The seller answers a refund request made before shipping.
        Answer = "answer",
        /// The seller answers a refund request made after shipping.
        AnswerShipped = "answer_shipped",
        /// The buyer sends the goods back.
        SendBack = "send_back",
        /// The goods sent back reach the seller.
        ReturnArrived = "return_arrived",
        /// Both give evidence.
        Evidence = "evidence",
        /// The jury votes.
        JuryVote = "jury_vote",
        /// A ruling may be appealed against.
        Appeal = "appeal",
        /// Both may review.
        Review = "review",
        /// An offer waits for an answer.
        Offer = "offer",
        /// An accepted offer keeps the item for its buyer.
        OfferReserve = "offer_reserve",
    }
}

/// How long a clock runs, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// Hours.
    pub hours: i64,
    /// The source of the number.
    pub source: String,
}

/// One version of all clocks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clocks {
    /// The version.
    pub version: i32,
    effective_from: String,
    clock: BTreeMap<Clock, ClockRule>,
}

#[derive(Deserialize)]
struct File {
    version: Vec<Clocks>,
}

/// The start of a civil day in Beijing. For data files, whose tests read them.
pub(super) fn day(text: &str) -> Timestamp {
    format!("{text}T00:00:00+08:00").parse().expect("a day of a data file")
}

impl Clocks {
    fn versions() -> &'static [Self] {
        static VERSIONS: OnceLock<Vec<Clocks>> = OnceLock::new();
        VERSIONS.get_or_init(|| {
            let file: File = toml::from_str(include_str!("../../data/clocks.toml"))
                .expect("the data file is part of the program, and tested");
            file.version
        })
    }

    /// The version in force at an instant: the newest whose day has come.
    #[must_use]
    pub fn at(now: Timestamp) -> &'static Self {
        let versions = Self::versions();
        versions.iter().rev().find(|clocks| day(&clocks.effective_from) <= now).unwrap_or(&versions[0])
    }

    /// A version by its number; the first where the number is unknown.
    #[must_use]
    pub fn of_version(version: i32) -> &'static Self {
        let versions = Self::versions();
        versions.iter().find(|clocks| clocks.version == version).unwrap_or(&versions[0])
    }

    /// The length of a clock, in seconds.
    #[must_use]
    pub fn seconds(&self, clock: Clock) -> i64 {
        self.clock.get(&clock).map_or(0, |rule| rule.hours.saturating_mul(3600))
    }

    /// Every clock with its rule, for the page of rules.
    pub fn rules(&self) -> impl Iterator<Item = (Clock, &ClockRule)> {
        self.clock.iter().map(|(clock, rule)| (*clock, rule))
    }

    /// When a clock that started at an instant runs out.
    ///
    /// The seven days of a return are counted from the day after receipt (七日无理由退货暂行办法), to the end of a
    /// day in Beijing; all others from the instant.
    #[must_use]
    pub fn end(&self, clock: Clock, start: Timestamp) -> Timestamp {
        let start = if clock == Clock::SettleReturnable { next_midnight(start) } else { start };
        start.plus_seconds(self.seconds(clock))
    }
}

fn next_midnight(at: Timestamp) -> Timestamp {
    let civil = at.at(Zone::SHANGHAI);
    let into_day =
        i64::from(civil.hour()) * 3600 + i64::from(civil.minute()) * 60 + i64::from(civil.second());
    let micros = i64::from(civil.microsecond());
    Timestamp::from_micros(at.micros() - micros).plus_seconds(86_400 - into_day)
}

impl Clock {
    /// The clock that runs where the table names this one: some run longer for some orders.
    #[must_use]
    pub const fn for_order(self, returnable: bool, before: Option<State>) -> Self {
        match self {
            Self::Settle if returnable => Self::SettleReturnable,
            Self::Answer if !matches!(before, None | Some(State::Paid)) => Self::AnswerShipped,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_says_how_long_every_clock_runs_and_why() {
        for clocks in Clocks::versions() {
            for clock in Clock::ALL {
                let rule = clocks.clock.get(clock).unwrap();
                assert!(rule.hours >= 0 && !rule.source.is_empty(), "{clock}");
            }
        }
        let ordered =
            Clocks::versions().is_sorted_by_key(|clocks| (clocks.version, day(&clocks.effective_from)));
        assert!(ordered);
    }

    #[test]
    fn the_seven_days_begin_the_day_after_receipt() {
        let received: Timestamp = "2026-03-01T10:00:00+08:00".parse().unwrap();
        let end = Clocks::at(received).end(Clock::SettleReturnable, received);
        assert_eq!(end, "2026-03-09T00:00:00+08:00".parse().unwrap());
    }
}
