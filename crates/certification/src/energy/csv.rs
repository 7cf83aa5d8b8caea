//! Reading monthly readings from CSV: one line a month, by the names of its columns, in English or Chinese.

use std::collections::HashMap;

use serde::Serialize;

use super::{MonthRow, Series};
use crate::model::calendar::Month;

/// Something wrong with a line. Line 1 is the head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::CsvFault)]
pub struct CsvFault {
    /// Which line.
    pub line: u64,
    /// Which column, by its name in the file.
    pub column: String,
    /// What: a stable code, a key of the translations with `certification-csv-` before it.
    pub fault: &'static str,
}

/// Lines of a file at most: two centuries of months.
const MOST: usize = 2_400;

/// Names of the columns.
const COLUMNS: &[(&str, &[&str])] = &[
    ("month", &["month", "月份", "年月"]),
    ("electricity", &["electricity", "electricity_kwh", "电", "用电量", "用电量（kWh）", "用电量(kWh)"]),
    ("gas", &["gas", "gas_m3", "燃气", "用气量", "用气量(m3)"]),
    ("heat", &["heat", "heat_gj", "热", "用热量", "用热量(GJ)"]),
    ("water", &["water", "water_m3", "水", "用水量", "用水量(m3)"]),
    ("area_m2", &["area", "area_m2", "面积", "建筑面积"]),
    ("hours", &["hours", "营业小时", "营业时间"]),
    ("hdd", &["hdd", "hdd18", "采暖度日"]),
    ("cdd", &["cdd", "cdd26", "制冷度日", "空调度日"]),
    ("turnover", &["turnover", "turnover_yuan", "营业额"]),
    ("visitors", &["visitors", "客流", "客流量"]),
];

/// The column that a head means.
pub(crate) fn column(columns: &[(&'static str, &[&str])], head: &str) -> Option<&'static str> {
    let head = head.trim().trim_start_matches('\u{feff}').to_ascii_lowercase();
    columns
        .iter()
        .find(|(_, names)| names.iter().any(|name| name.to_ascii_lowercase() == head))
        .map(|(column, _)| *column)
}

/// Reads the file. An empty cell is a gap, not a zero.
///
/// # Errors
/// Every fault, by line and column; then nothing is to be taken from the file.
pub fn parse(bytes: &[u8]) -> Result<Series, Vec<CsvFault>> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).trim(::csv::Trim::All).from_reader(bytes);
    let fault = |line: u64, column: &str, fault| CsvFault { line, column: column.to_owned(), fault };
    let heads = reader.headers().map_err(|_| vec![fault(1, "", "unreadable")])?.clone();
    let mut places: HashMap<&'static str, usize> = HashMap::new();
    for (place, head) in heads.iter().enumerate() {
        if let Some(column) = column(COLUMNS, head)
            && places.insert(column, place).is_some()
        {
            return Err(vec![fault(1, head, "twice")]);
        }
    }
    let Some(month_at) = places.get("month").copied() else { return Err(vec![fault(1, "month", "missing")]) };
    let (mut series, mut faults) = (Series::new(), Vec::new());
    for (n, record) in reader.records().enumerate() {
        let line = n as u64 + 2;
        let Ok(record) = record else {
            faults.push(fault(line, "", "unreadable"));
            continue;
        };
        if n >= MOST {
            faults.push(fault(line, "", "too-many"));
            break;
        }
        let text = record.get(month_at).unwrap_or_default();
        let Some(month) = Month::parse(&text.replace('/', "-")) else {
            faults.push(fault(line, &heads[month_at], "month"));
            continue;
        };
        let mut row = MonthRow::default();
        for (name, value) in row.columns() {
            let Some(place) = places.get(name) else { continue };
            match number(record.get(*place).unwrap_or_default()) {
                Ok(found) => *value = found,
                Err(why) => faults.push(fault(line, &heads[*place], why)),
            }
        }
        if series.insert(month, row).is_some() {
            faults.push(fault(line, &heads[month_at], "twice"));
        }
    }
    if series.is_empty() && faults.is_empty() {
        faults.push(fault(1, "", "empty"));
    }
    if faults.is_empty() { Ok(series) } else { Err(faults) }
}

/// A number as people type it, thousands separated or not; none when the cell is empty.
fn number(text: &str) -> Result<Option<f64>, &'static str> {
    let text: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    if text.is_empty() {
        return Ok(None);
    }
    let value: f64 = text.parse().map_err(|_| "number")?;
    if !value.is_finite() || value.abs() > 1e12 {
        return Err("number");
    }
    if value < 0.0 { Err("negative") } else { Ok(Some(value)) }
}

/// Amounts at most, in fen: ten billion yuan. Sums over millions of lines stay within 64 bits.
const MOST_FEN: i64 = 1_000_000_000_000;

/// Yuan with at most two decimals, as whole fen: no float touches money.
#[must_use]
pub fn yuan_to_fen(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '¥' | '￥')).collect();
    let (negative, text) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
    let (yuan, fen) = text.split_once('.').unwrap_or((text, ""));
    if yuan.is_empty() || fen.len() > 2 || !yuan.bytes().chain(fen.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fen: i64 = format!("{fen:0<2}").parse().ok()?;
    let sum = yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen)?;
    (sum <= MOST_FEN).then_some(if negative { -sum } else { sum })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn months_read_by_the_names_of_their_columns_in_both_languages() {
        let text = "\u{feff}月份,用电量,用水量,hdd18\n2025-01,\"1,234.5\",,600\n2025/02,1200,80,500.5\n";
        let series = parse(text.as_bytes()).unwrap();
        let january = &series[&Month::parse("2025-01").unwrap()];
        assert_eq!((january.electricity, january.water, january.hdd), (Some(1234.5), None, Some(600.0)));
        assert_eq!(series[&Month::parse("2025-02").unwrap()].water, Some(80.0));
    }

    #[test]
    fn every_fault_is_named_by_line_and_column() {
        let text = "month,electricity,gas\n2025-01,x,-1\n2025-13,1,1\n2025-01,1,1\n";
        let faults = parse(text.as_bytes()).unwrap_err();
        let found: Vec<_> = faults.iter().map(|f| (f.line, f.column.as_str(), f.fault)).collect();
        assert_eq!(
            found,
            [
                (2, "electricity", "number"),
                (2, "gas", "negative"),
                (3, "month", "month"),
                (4, "month", "twice"),
            ]
        );
        assert_eq!(parse(b"a,b\n1,2\n").unwrap_err()[0].fault, "missing");
        assert_eq!(parse(b"month\n").unwrap_err()[0].fault, "empty");
    }

    #[test]
    fn yuan_become_fen_exactly() {
        let fen = ["1", "1.5", "1.05", "-3.20", "¥1,234.56", "0.1"].map(yuan_to_fen);
        assert_eq!(fen, [100, 150, 105, -320, 123_456, 10].map(Some));
        assert!(["", "1.005", "x", "..", "1e3"].iter().all(|text| yuan_to_fen(text).is_none()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_series_or_a_clean_refusal(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse(&bytes);
        }

        #[test]
        fn any_text_after_a_head_is_a_series_or_a_clean_refusal(text in "month,electricity\n(.{0,20},.{0,20}\n){0,5}") {
            let _ = parse(text.as_bytes());
        }
    }
}
