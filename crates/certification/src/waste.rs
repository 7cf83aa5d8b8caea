//! Waste by stream: what a mall had collected, and how much of it was kept out of landfill and furnace.
//!
//! Kilograms collected by pickups at the mall come from the pickup context through [`CollectedWaste`] and are trusted as this
//! program's own records; others are entered from transfer notes (联单) and are documents.

use std::collections::BTreeMap;

use async_trait::async_trait;
use luhuan_kernel::{Grams, Id, Organisation, Timestamp};
use serde::Serialize;

use crate::model::terms::Terms;

/// One weighing of waste that was collected at a mall, as the pickup context knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collected {
    /// Its own reference there, unique: the same weighing is taken once.
    pub reference: String,
    /// Stream code, of `data/process.toml`.
    pub stream: String,
    /// How much.
    pub weight: Grams,
    /// When it was weighed.
    pub at: Timestamp,
}

/// What was collected at malls: a port to the pickup context, which the gateway fills.
#[async_trait]
pub trait CollectedWaste: Send + Sync + 'static {
    /// Weighings of a mall at or after an instant, oldest first, at most `limit`. Some may be asked for twice. A read of the
    /// database, not of the network: it is asked within a unit of work.
    ///
    /// # Errors
    /// A sentence for the log.
    async fn collected_at(
        &self,
        mall: Id<Organisation>,
        since: Timestamp,
        limit: u64,
    ) -> Result<Vec<Collected>, String>;
}

/// Where no pickups are run: nothing was collected.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPickups;

#[async_trait]
impl CollectedWaste for NoPickups {
    async fn collected_at(
        &self,
        _: Id<Organisation>,
        _: Timestamp,
        _: u64,
    ) -> Result<Vec<Collected>, String> {
        Ok(Vec::new())
    }
}

/// Waste of a period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::WasteTotals)]
pub struct WasteTotals {
    /// Grams by stream.
    pub streams: BTreeMap<String, i64>,
    /// Grams in all.
    pub total_grams: i64,
    /// Grams that were recovered.
    pub recovered_grams: i64,
    /// Grams that this program knows from its own pickups.
    pub verified_grams: i64,
    /// Recovered in percent of all; none without any.
    pub diversion_percent: Option<f64>,
    /// Recovered kg per 1,000 m².
    pub recovered_kg_per_1000_m2: Option<f64>,
}

/// Adds up waste: stream, grams, and whether it came from our own pickups.
#[must_use]
pub fn totals<'a>(
    entries: impl Iterator<Item = (&'a str, i64, bool)>,
    area_m2: Option<f64>,
    terms: &Terms,
) -> WasteTotals {
    let mut totals = WasteTotals::default();
    for (stream, grams, verified) in entries {
        *totals.streams.entry(stream.to_owned()).or_default() += grams;
        totals.total_grams += grams;
        if terms.stream(stream).is_some_and(|stream| stream.recovered) {
            totals.recovered_grams += grams;
        }
        if verified {
            totals.verified_grams += grams;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a share for people, of sums far below 2^52")]
    let (all, recovered) = (totals.total_grams as f64, totals.recovered_grams as f64);
    totals.diversion_percent = (totals.total_grams > 0).then(|| 100.0 * recovered / all);
    totals.recovered_kg_per_1000_m2 =
        area_m2.filter(|area| *area > 0.0 && totals.total_grams > 0).map(|area| recovered / area);
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::terms;

    #[test]
    fn what_is_recovered_counts_and_what_is_burnt_does_not() {
        let entries = [("paper", 600_000, true), ("food", 200_000, false), ("other", 1_200_000, false)];
        let found = totals(entries.into_iter(), Some(100_000.0), terms());
        assert_eq!(
            (found.total_grams, found.recovered_grams, found.verified_grams),
            (2_000_000, 800_000, 600_000)
        );
        // 800 kg of 2000 kg; 800 kg over 100 thousand m² are 8 kg per 1,000 m².
        assert_eq!((found.diversion_percent, found.recovered_kg_per_1000_m2), (Some(40.0), Some(8.0)));
        assert_eq!(totals([].into_iter(), None, terms()).diversion_percent, None);
    }
}
