//! Goods that save: their share of sales and its growth, from a till's export against the label register.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::{
    codes::codes,
    energy::{CsvFault, column, yuan_to_fen},
    model::calendar::Month,
};

codes! {
    /// What a label speaks of.
    #[schema(as = certification::Scheme)]
    Scheme {
        /// China energy label, grade 1 to 5.
        Energy = "energy",
        /// China water label, grade 1 to 3.
        Water = "water",
        /// Green product mark.
        Green = "green",
        /// Organic mark.
        Organic = "organic",
    }
}

/// A product's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Of which scheme.
    pub scheme: Scheme,
    /// Its grade, 1 the best; marks without grades are 1.
    pub grade: u8,
}

/// Labels by barcode.
pub type Labels = HashMap<String, Vec<Label>>;

/// A line of a till's export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// Which month.
    pub month: Month,
    /// Which product.
    pub barcode: String,
    /// What was paid, in fen; negative for returns.
    pub fen: i64,
}

/// One month's sales.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = certification::MonthShare)]
pub struct MonthShare {
    /// All sales, in fen.
    pub total_fen: i64,
    /// Of them, goods that save.
    pub labelled_fen: i64,
}

/// What the export says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GoodsReport {
    /// Month by month.
    #[schema(value_type = Object)]
    pub months: BTreeMap<Month, MonthShare>,
    /// Share of labelled goods in the last twelve months, percent.
    pub share_percent: Option<f64>,
    /// Growth of the sales of labelled goods over the twelve months before, percent; none without both whole years.
    pub growth_percent: Option<f64>,
    /// Different products sold, and of them with a label that counts, in the last twelve months.
    pub products: usize,
    /// Of them, with a label that counts.
    pub labelled_products: usize,
    /// Share of products, percent.
    pub product_share_percent: Option<f64>,
}

const SALES: &[(&str, &[&str])] = &[
    ("month", &["month", "date", "月份", "日期", "销售日期"]),
    ("barcode", &["barcode", "sku", "条码", "商品条码"]),
    ("amount", &["amount", "amount_yuan", "金额", "销售额"]),
];
const LABELS: &[(&str, &[&str])] = &[
    ("barcode", &["barcode", "条码", "商品条码"]),
    ("scheme", &["scheme", "标识", "标识类型"]),
    ("grade", &["grade", "等级"]),
];

/// Lines of a file at most.
const MOST: usize = 2_000_000;

/// Reads a till's export: month or day, barcode, amount in yuan.
///
/// # Errors
/// The first hundred faults.
pub fn parse_sales(bytes: &[u8]) -> Result<Vec<Sale>, Vec<CsvFault>> {
    rows(bytes, SALES, &["month", "barcode", "amount"], |cell| {
        let day = cell("month").replace('/', "-");
        let month = Month::parse(day.get(..7).unwrap_or(&day)).ok_or(("month", "month"))?;
        let barcode = cell("barcode");
        if !is_barcode(barcode) {
            return Err(("barcode", "barcode"));
        }
        let fen = yuan_to_fen(cell("amount")).ok_or(("amount", "number"))?;
        Ok(Sale { month, barcode: barcode.to_owned(), fen })
    })
}

/// Reads an extract of the label register: barcode, scheme, grade.
///
/// # Errors
/// The first hundred faults.
pub fn parse_labels(bytes: &[u8]) -> Result<Vec<(String, Label)>, Vec<CsvFault>> {
    rows(bytes, LABELS, &["barcode", "scheme", "grade"], |cell| {
        let barcode = cell("barcode");
        if !is_barcode(barcode) {
            return Err(("barcode", "barcode"));
        }
        let scheme = match cell("scheme") {
            "能效" => Scheme::Energy,
            "水效" => Scheme::Water,
            "绿色" => Scheme::Green,
            "有机" => Scheme::Organic,
            code => code.parse().map_err(|()| ("scheme", "scheme"))?,
        };
        let grade = match cell("grade") {
            "" if matches!(scheme, Scheme::Green | Scheme::Organic) => 1,
            text => text.parse().ok().filter(|grade| (1..=5).contains(grade)).ok_or(("grade", "grade"))?,
        };
        Ok((barcode.to_owned(), Label { scheme, grade }))
    })
}

/// What a product is known by: up to 64 visible characters.
fn is_barcode(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && !text.chars().any(char::is_control)
}

type CellFault = (&'static str, &'static str);

/// Reads the lines of a file whose columns have these names; `read` takes a cell by its column.
fn rows<T>(
    bytes: &[u8],
    columns: &'static [(&'static str, &'static [&'static str])],
    needed: &[&'static str],
    read: impl for<'r> Fn(&dyn Fn(&str) -> &'r str) -> Result<T, CellFault>,
) -> Result<Vec<T>, Vec<CsvFault>> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).trim(::csv::Trim::All).from_reader(bytes);
    let fault = |line: u64, column: &str, fault| CsvFault { line, column: column.to_owned(), fault };
    let heads = reader.headers().map_err(|_| vec![fault(1, "", "unreadable")])?.clone();
    let places: HashMap<&'static str, usize> =
        heads.iter().enumerate().filter_map(|(at, head)| Some((column(columns, head)?, at))).collect();
    if let Some(missing) = needed.iter().find(|column| !places.contains_key(*column)) {
        return Err(vec![fault(1, missing, "missing")]);
    }
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (n, record) in reader.records().enumerate() {
        let line = n as u64 + 2;
        let Ok(record) = record else {
            faults.push(fault(line, "", "unreadable"));
            continue;
        };
        if n >= MOST {
            faults.push(fault(line, "", "too-many"));
        } else {
            let cell = |name: &str| places.get(name).and_then(|at| record.get(*at)).unwrap_or_default();
            match read(&cell) {
                Ok(row) => found.push(row),
                Err((column, why)) => faults.push(fault(line, column, why)),
            }
        }
        if faults.len() >= 100 {
            break;
        }
    }
    if found.is_empty() && faults.is_empty() {
        faults.push(fault(1, "", "empty"));
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// What the sales say, by the labels.
#[must_use]
pub fn report(sales: &[Sale], labels: &Labels, max_grade: u8) -> GoodsReport {
    let counts = |barcode: &str| {
        labels.get(barcode).is_some_and(|all| all.iter().any(|label| label.grade <= max_grade))
    };
    let mut months: BTreeMap<Month, MonthShare> = BTreeMap::new();
    for sale in sales {
        let month = months.entry(sale.month).or_default();
        month.total_fen += sale.fen;
        if counts(&sale.barcode) {
            month.labelled_fen += sale.fen;
        }
    }
    let last = months.keys().next_back().copied();
    let year = |ago: i32| {
        let last = last?.plus(-12 * ago);
        let year: Vec<&MonthShare> =
            last.plus(-11).through(last).filter_map(|month| months.get(&month)).collect();
        (year.len() == 12).then_some(())?;
        let sum = |pick: fn(&MonthShare) -> i64| year.iter().map(|month| pick(month)).sum::<i64>();
        Some((sum(|month| month.total_fen), sum(|month| month.labelled_fen)))
    };
    let (this, before) = (year(0), year(1));
    let recent: BTreeSet<&str> = sales
        .iter()
        .filter(|sale| last.is_some_and(|last| sale.month > last.plus(-12)) && sale.fen > 0)
        .map(|sale| sale.barcode.as_str())
        .collect();
    let labelled_products = recent.iter().filter(|barcode| counts(barcode)).count();
    GoodsReport {
        share_percent: this.and_then(|(total, labelled)| percent(labelled, total)),
        growth_percent: this.zip(before).and_then(|((_, now), (_, then))| percent(now - then, then)),
        product_share_percent: percent(count(labelled_products), count(recent.len())),
        products: recent.len(),
        labelled_products,
        months,
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a share for people, of sums far below 2^52")]
fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Labels {
        let mut labels = Labels::new();
        for (barcode, label) in parse_labels(text.as_bytes()).unwrap() {
            labels.entry(barcode).or_default().push(label);
        }
        labels
    }

    #[test]
    fn share_and_growth_come_from_two_whole_years() {
        // Each month of 2024: 80 of 1000 yuan labelled; of 2025: 100 of 1000. Growth 25 %, share 10 %.
        let mut text = "日期,商品条码,销售额\n".to_owned();
        for (year, labelled) in [(2024, 80), (2025, 100)] {
            for month in 1..=12 {
                text += &format!(
                    "{year}-{month:02}-15,690A,{labelled}.00\n{year}-{month:02}-16,690B,{}\n",
                    1000 - labelled
                );
            }
        }
        let sales = parse_sales(text.as_bytes()).unwrap();
        let found = report(&sales, &labels("barcode,scheme,grade\n690A,energy,2\n690B,energy,3\n"), 2);
        assert_eq!((found.share_percent, found.growth_percent), (Some(10.0), Some(25.0)));
        assert_eq!(
            (found.products, found.labelled_products, found.product_share_percent),
            (2, 1, Some(50.0))
        );
    }

    #[test]
    fn a_year_with_a_month_missing_says_nothing_and_returns_lower_sales() {
        let sales = parse_sales(b"month,barcode,amount\n2025-01,690A,100\n2025-01,690A,-40.50\n").unwrap();
        let found = report(&sales, &labels("barcode,scheme,grade\n690A,\u{6c34}\u{6548},1\n"), 2);
        assert_eq!(found.months.values().next().unwrap().labelled_fen, 5950);
        assert_eq!((found.share_percent, found.growth_percent), (None, None));
    }

    #[test]
    fn faults_are_named_by_line() {
        let faults =
            parse_labels(b"barcode,scheme,grade\n690A,energy,9\n,energy,1\n690C,noise,1\n690D,green,\n")
                .unwrap_err();
        let found: Vec<_> = faults.iter().map(|f| (f.line, f.fault)).collect();
        assert_eq!(found, [(2, "grade"), (3, "barcode"), (4, "scheme")]);
        assert_eq!(parse_sales(b"month,amount\n").unwrap_err()[0].fault, "missing");
    }
}
