//! Instants and where they come from.

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
};

use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// An instant in UTC, to the microsecond.
///
/// In the database a BIGINT of microseconds since 1970, alike on SQLite and PostgreSQL: it sorts, compares and
/// pages exactly (docs/src/decisions/0003). In the API RFC 3339 text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This instant moved by a number of seconds, forward or back.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This instant moved by a number of days of 24 hours.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Whole seconds from `earlier` to this instant; negative when `earlier` is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1_000_000
    }

    /// The civil date and time in a zone.
    ///
    /// # Panics
    /// Outside the years ±9999, which no clock of ours reaches.
    #[must_use]
    pub fn at(self, zone: Zone) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .expect("a timestamp lies within the calendar")
            .to_offset(zone.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.at(Zone::UTC).format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl std::str::FromStr for Timestamp {
    type Err = time::error::Parse;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = OffsetDateTime::parse(text, &Rfc3339)?;
        Ok(Self(i64::try_from(moment.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)))
    }
}
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)))
            .into()
    }
}
impl utoipa::ToSchema for Timestamp {}

/// A civil time zone with a fixed offset. China has kept UTC+8 without summer time since 1991.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(UtcOffset);

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(UtcOffset::UTC);

    /// Asia/Shanghai, the zone of windows, days and pages.
    pub const SHANGHAI: Self = Self(time::macros::offset!(+8));

    /// A zone by its offset in minutes east of UTC; `None` beyond ±24 h.
    #[must_use]
    pub fn from_minutes(minutes: i32) -> Option<Self> {
        UtcOffset::from_whole_seconds(minutes.checked_mul(60)?).ok().map(Self)
    }
}

/// Where instants come from. Code asks a clock instead of the system, so that a test can be any day.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's time enters")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that a test sets and moves.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock standing at an RFC 3339 instant.
    ///
    /// # Panics
    /// When the text is no such instant.
    #[must_use]
    pub fn at(instant: &str) -> Self {
        let at: Timestamp = instant.parse().expect("an RFC 3339 instant");
        Self(AtomicI64::new(at.0))
    }

    /// Moves the clock.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_keeps_its_microseconds_through_text() {
        let at = Timestamp::from_micros(1_767_225_600_123_456);
        assert_eq!(at.to_string(), "2026-01-01T00:00:00.123456Z");
        assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
    }

    #[test]
    fn a_day_in_beijing_starts_eight_hours_before_utc() {
        let at: Timestamp = "2026-01-01T16:30:00Z".parse().unwrap();
        assert_eq!(at.at(Zone::SHANGHAI).day(), 2);
    }
}
