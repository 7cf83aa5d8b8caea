//! A mall's months: gaps, what looks wrong, and a year's use per area.

use serde::Serialize;

use super::{Carrier, Series};
use crate::model::calendar::Month;

/// What is doubtful in a carrier's months.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::Quality)]
pub struct Quality {
    /// Months between the first and the last reading that have none.
    pub gaps: Vec<Month>,
    /// Months that read zero.
    pub zeros: Vec<Month>,
    /// Months that differ from the median of their neighbours by more than the factor of three.
    pub spikes: Vec<Month>,
}

/// The months to either side that a reading is held against.
const NEIGHBOURS: i32 = 6;

/// What is doubtful in the months of a carrier.
#[must_use]
pub fn quality(series: &Series, carrier: Carrier) -> Quality {
    let read = |month: &Month| series.get(month).and_then(|row| row.used(carrier));
    let months: Vec<Month> = series.keys().copied().filter(|month| read(month).is_some()).collect();
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Quality::default() };
    let mut found = Quality::default();
    for month in first.through(*last) {
        let Some(value) = read(&month) else {
            found.gaps.push(month);
            continue;
        };
        if value == 0.0 {
            found.zeros.push(month);
            continue;
        }
        let mut near: Vec<f64> = month
            .plus(-NEIGHBOURS)
            .through(month.plus(NEIGHBOURS))
            .filter(|other| *other != month)
            .filter_map(|other| read(&other))
            .collect();
        near.sort_by(f64::total_cmp);
        let Some(median) = near.get(near.len() / 2).filter(|median| **median > 0.0 && near.len() >= 4) else {
            continue;
        };
        if value > median * 3.0 || value * 3.0 < *median {
            found.spikes.push(month);
        }
    }
    found
}

/// The most months in a row that have a reading of the carrier.
#[must_use]
pub fn longest_run(series: &Series, carrier: Carrier) -> u32 {
    let (mut best, mut run, mut before): (u32, u32, Option<Month>) = (0, 0, None);
    for month in series.iter().filter(|(_, row)| row.used(carrier).is_some()).map(|(month, _)| *month) {
        run = if before.is_some_and(|before| before.plus(1) == month) { run + 1 } else { 1 };
        best = best.max(run);
        before = Some(month);
    }
    best
}

/// Use per m² in the last twelve months of readings, if none of them is missing. The area is that of the months where they
/// say it, else the mall's.
#[must_use]
pub fn yearly(series: &Series, carrier: Carrier, area_m2: Option<f64>) -> Option<f64> {
    let last = series.iter().rev().find(|(_, row)| row.used(carrier).is_some()).map(|(month, _)| *month)?;
    let rows: Vec<_> = last.plus(-11).through(last).map(|month| series.get(&month)).collect::<Option<_>>()?;
    let used: f64 = rows.iter().map(|row| row.used(carrier)).sum::<Option<f64>>()?;
    let areas: Vec<f64> = rows.iter().filter_map(|row| row.area_m2).collect();
    #[expect(clippy::cast_precision_loss, reason = "at most twelve")]
    let area = if areas.is_empty() { area_m2? } else { areas.iter().sum::<f64>() / areas.len() as f64 };
    (area > 0.0).then(|| used / area)
}

#[cfg(test)]
mod tests {
    use super::{super::MonthRow, *};

    fn months(values: &[Option<f64>]) -> Series {
        let first = Month::parse("2025-01").unwrap();
        let row = |value: &Option<f64>| MonthRow { electricity: *value, ..MonthRow::default() };
        (0..).zip(values).map(|(n, value)| (first.plus(n), row(value))).collect()
    }

    #[test]
    fn gaps_zeros_and_spikes_are_flagged() {
        let mut values = vec![Some(100.0); 14];
        values[3] = None;
        values[6] = Some(0.0);
        values[9] = Some(1000.0);
        let found = quality(&months(&values), Carrier::Electricity);
        let text = |months: &[Month]| months.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(
            [text(&found.gaps), text(&found.zeros), text(&found.spikes)],
            ["2025-04", "2025-07", "2025-10"]
        );
    }

    #[test]
    fn a_year_counts_only_when_it_is_whole() {
        let whole = months(&[Some(1000.0); 12]);
        assert_eq!(yearly(&whole, Carrier::Electricity, Some(100.0)), Some(120.0));
        let mut values = vec![Some(1000.0); 13];
        values[5] = None;
        assert_eq!(yearly(&months(&values), Carrier::Electricity, Some(100.0)), None);
        assert_eq!(
            (longest_run(&whole, Carrier::Electricity), longest_run(&months(&values), Carrier::Electricity)),
            (12, 7)
        );
        assert_eq!(yearly(&whole, Carrier::Water, Some(100.0)), None);
    }
}
