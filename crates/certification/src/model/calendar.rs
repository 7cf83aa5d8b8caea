//! Days, months and working days.

use std::{collections::BTreeSet, fmt, sync::LazyLock};

use luhuan_kernel::{Timestamp, Zone};
use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month as CivilMonth, Weekday};

/// A civil day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// Reads `2026-03-01`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        let month = CivilMonth::try_from(month.parse::<u8>().ok()?).ok()?;
        Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok().map(Self)
    }

    /// The day of an instant in Beijing.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        Self(at.at(Zone::SHANGHAI).date())
    }

    /// The day so many days later, or earlier.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(Duration::days(days)))
    }

    /// The same day so many years later; 29 February becomes the 28th.
    #[must_use]
    pub fn plus_years(self, years: i32) -> Self {
        let year = self.0.year() + years;
        let moved = self.0.replace_year(year).or_else(|_| (self.0 - Duration::DAY).replace_year(year));
        Self(moved.unwrap_or(self.0))
    }

    /// Whole months from this day to a later one.
    #[must_use]
    pub fn months_until(self, later: Self) -> i32 {
        let months = (later.0.year() - self.0.year()) * 12 + i32::from(u8::from(later.0.month()))
            - i32::from(u8::from(self.0.month()));
        months - i32::from(later.0.day() < self.0.day())
    }

    /// Midnight after it, in Beijing: the end of the day.
    #[must_use]
    pub fn end(self) -> Timestamp {
        let midnight = self.plus(1).0.midnight().assume_offset(time::macros::offset!(+8));
        Timestamp::from_micros(midnight.unix_timestamp() * 1_000_000)
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0.year()
    }

    /// Whether offices work on it.
    #[must_use]
    pub fn is_working(self) -> bool {
        let weekend = matches!(self.0.weekday(), Weekday::Saturday | Weekday::Sunday);
        HOLIDAYS.working.contains(&self) || !(weekend || HOLIDAYS.off.contains(&self))
    }

    /// The day so many working days later, this one not counted.
    #[must_use]
    pub fn plus_working(self, days: u32) -> Self {
        let mut day = self;
        for _ in 0..days {
            day = day.plus(1);
            while !day.is_working() {
                day = day.plus(1);
            }
        }
        day
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

/// A month, as readings and statistics have it; text `2026-03`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// Reads `2026-03`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        if year.len() != 4 || month.len() != 2 {
            return None;
        }
        let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
        ((1990..2200).contains(&year) && (1..=12).contains(&month)).then(|| Self(year * 12 + month - 1))
    }

    /// The month of an instant in Beijing.
    #[must_use]
    pub fn of(at: Timestamp) -> Self {
        let date = at.at(Zone::SHANGHAI).date();
        Self(date.year() * 12 + i32::from(u8::from(date.month())) - 1)
    }

    /// So many months later, or earlier.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Months from `earlier` to this one.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// Every month from this one to `last`, both in.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> + use<> {
        (self.0..=last.0).map(Self)
    }

    /// Days in it.
    #[must_use]
    pub fn days(self) -> u8 {
        let month = u8::try_from(self.0 % 12 + 1).ok().and_then(|m| CivilMonth::try_from(m).ok());
        month.map_or(30, |month| month.length(self.0 / 12))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }
}
impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a month is written 2026-03"))
    }
}
impl utoipa::PartialSchema for Month {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^[12][0-9]{3}-(0[1-9]|1[0-2])$"))
            .examples([serde_json::json!("2026-03")])
            .into()
    }
}
impl utoipa::ToSchema for Month {
    fn name() -> std::borrow::Cow<'static, str> {
        "certification.Month".into()
    }
}

struct Holidays {
    off: BTreeSet<Day>,
    working: BTreeSet<Day>,
}

static HOLIDAYS: LazyLock<Holidays> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        year: Vec<Year>,
    }
    #[derive(Deserialize)]
    struct Year {
        off: Vec<String>,
        working: Vec<String>,
    }
    let file: File = toml::from_str(include_str!("../../data/holidays.toml")).expect("the holidays read");
    let days = |pick: fn(&Year) -> &Vec<String>| {
        let texts = file.year.iter().flat_map(pick);
        texts.map(|text| Day::parse(text).expect("a holiday is a day")).collect()
    };
    Holidays { off: days(|year| &year.off), working: days(|year| &year.working) }
});

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays_and_keep_working_sundays() {
        // 2026-09-30 is a Wednesday; 1 to 7 October are off, Saturday the 10th is worked.
        assert_eq!(day("2026-09-30").plus_working(1), day("2026-10-08"));
        assert_eq!(day("2026-09-30").plus_working(3), day("2026-10-10"));
        assert_eq!(day("2026-09-30").plus_working(4), day("2026-10-12"));
        assert_eq!(day("2026-11-20").plus_working(1), day("2026-11-23"));
    }

    #[test]
    fn months_and_years_count_as_people_count() {
        assert_eq!(day("2025-11-25").months_until(day("2026-11-24")), 11);
        assert_eq!(day("2025-11-24").months_until(day("2026-11-24")), 12);
        assert_eq!(day("2028-02-29").plus_years(1), day("2029-02-28"));
        assert_eq!(Month::parse("2025-11").unwrap().plus(2).to_string(), "2026-01");
        assert_eq!(Month::parse("2024-02").unwrap().days(), 29);
        assert!(["2025-13", "2025-1", "x", "0000-01"].iter().all(|text| Month::parse(text).is_none()));
    }

    #[test]
    fn a_day_ends_at_midnight_in_beijing() {
        assert_eq!(day("2026-01-01").end().to_string(), "2026-01-01T16:00:00Z");
    }
}
