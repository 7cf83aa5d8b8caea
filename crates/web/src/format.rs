//! How numbers, money, distance and time are written on a page.

use time::{Date, OffsetDateTime, UtcOffset};

use crate::text::{Locale, Text};

/// An amount in fen, written the way prices are: ¥ small, yuan large, fen small and only when not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(pub i64);

impl Price {
    /// The sign and the whole yuan with thousands separators: `2,380`, `-15`.
    #[must_use]
    pub fn yuan(&self) -> String {
        let yuan = thousands(self.0 / 100);
        if self.0 < 0 && self.0 > -100 { format!("-{yuan}") } else { yuan }
    }

    /// The fen as `.50`, empty when zero.
    #[must_use]
    pub fn fen(&self) -> String {
        match self.0.unsigned_abs() % 100 {
            0 => String::new(),
            fen => format!(".{fen:02}"),
        }
    }

    /// The amount in one line of text: `¥2,380.50`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("¥{}{}", self.yuan(), self.fen())
    }

    /// The amount as a form field and a machine want it: `2380.50`, `2380`.
    #[must_use]
    pub fn plain(&self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{}{}", self.0.unsigned_abs() / 100, self.fen())
    }

    /// A range with an en dash: `¥2,200 – 2,560`; a single price when both ends are the same.
    #[must_use]
    pub fn range(low: Self, high: Self) -> String {
        if low == high { low.text() } else { format!("{} – {}{}", low.text(), high.yuan(), high.fen()) }
    }
}

/// A whole number with thousands separators: `12,043`.
#[must_use]
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count as people say it: exact with separators below ten thousand, then `1.2 万` or `12K`.
#[must_use]
pub fn count(text: &Text, number: &u64) -> String {
    let number = *number;
    if number < 10_000 {
        return thousands(i64::try_from(number).unwrap_or(i64::MAX));
    }
    let (unit, name) = match text.locale() {
        Locale::ZhCn => (10_000, " 万"),
        Locale::En => (1_000, "K"),
    };
    let tenths = number / (unit / 10);
    match (tenths % 10, tenths >= 1_000) {
        (0, _) | (_, true) => format!("{}{name}", thousands(i64::try_from(tenths / 10).unwrap_or(i64::MAX))),
        (tenth, false) => format!("{}.{tenth}{name}", tenths / 10),
    }
}

/// A distance in metres: `850 m`, `1.2 km`, `12 km`. Below a kilometre it is rounded to 50 m, since places are
/// shown only fuzzed to about 500 m and more digits would be a pretence.
#[must_use]
pub fn distance(metres: &u32) -> String {
    let metres = *metres;
    match metres {
        0..975 => format!("{} m", (metres + 25) / 50 * 50),
        975..9_950 => {
            let tenths = (metres + 50) / 100;
            if tenths.is_multiple_of(10) {
                format!("{} km", tenths / 10)
            } else {
                format!("{}.{} km", tenths / 10, tenths % 10)
            }
        }
        _ => format!("{} km", (metres + 500) / 1000),
    }
}

/// How long ago `then` was, in words: 刚刚, 12 分钟前, 1 小时前, 昨天, 3 天前, then the date. Both moments are Unix
/// seconds; `offset` is the wall clock's distance from UTC in seconds (28,800 for Asia/Shanghai), which decides
/// what counts as yesterday.
#[must_use]
pub fn ago(text: Text, then: i64, now: i64, offset: i32) -> String {
    let seconds = (now - then).max(0);
    let (Some(then_day), Some(now_day)) = (local_day(then, offset), local_day(now, offset)) else {
        return String::new();
    };
    let days = i64::from(now_day.to_julian_day() - then_day.to_julian_day());
    match seconds {
        0..60 => text.get("ago-now").into_owned(),
        60..3_600 => text.n("ago-minutes", seconds / 60).into_owned(),
        // This morning is hours away, and so is late last evening; the day before is yesterday.
        _ if days <= 0 || seconds < 6 * 3_600 => text.n("ago-hours", seconds / 3_600).into_owned(),
        _ if days == 1 => text.get("ago-yesterday").into_owned(),
        _ if days < 30 => text.n("ago-days", days).into_owned(),
        _ => date(text, then, now, offset),
    }
}

/// A date, with the year only when it is not this one: 5 月 3 日, 2025 年 5 月 3 日; 3 May, 3 May 2025.
#[must_use]
pub fn date(text: Text, then: i64, now: i64, offset: i32) -> String {
    let (Some(day), Some(today)) = (local_day(then, offset), local_day(now, offset)) else {
        return String::new();
    };
    let month = u8::from(day.month());
    match (text.locale(), day.year() == today.year()) {
        (Locale::ZhCn, true) => format!("{month} 月 {} 日", day.day()),
        (Locale::ZhCn, false) => format!("{} 年 {month} 月 {} 日", day.year(), day.day()),
        (Locale::En, true) => format!("{} {}", day.day(), day.month()),
        (Locale::En, false) => format!("{} {} {}", day.day(), day.month(), day.year()),
    }
}

/// How long is left until `then`, in the largest whole unit: 还剩 2 天, 还剩 5 小时, 还剩 12 分钟; empty once it has come.
#[must_use]
pub fn left(text: Text, then: i64, now: i64) -> String {
    match then - now {
        ..=0 => String::new(),
        // The last minute counts as one.
        seconds @ ..3_600 => text.n("left-minutes", (seconds + 59) / 60).into_owned(),
        // Two days are still told in hours: it matters whether it is this evening or tomorrow morning.
        seconds @ ..172_800 => text.n("left-hours", seconds / 3_600).into_owned(),
        seconds => text.n("left-days", seconds / 86_400).into_owned(),
    }
}

/// When exactly, in words near today: 今天 18:30, 明天 09:00, 周三 25 日 18:30, 12 月 3 日 18:30.
#[must_use]
pub fn on_day(text: Text, then: i64, now: i64, offset: i32) -> String {
    let (Some(at), Some(today)) = (local(then, offset), local_day(now, offset)) else { return String::new() };
    let days = i64::from(at.date().to_julian_day()) - i64::from(today.to_julian_day());
    let day = match days {
        0 => text.get("day-today").into_owned(),
        1 => text.get("day-tomorrow").into_owned(),
        -1 => text.get("ago-yesterday").into_owned(),
        2..7 => {
            let weekday = text.code("weekday", &at.weekday().number_from_monday().to_string());
            match text.locale() {
                Locale::ZhCn => format!("{weekday} {} 日", at.day()),
                Locale::En => format!("{weekday} {}", at.day()),
            }
        }
        _ => date(text, then, now, offset),
    };
    format!("{day} {:02}:{:02}", at.hour(), at.minute())
}

/// A date and the minute, as lists of devices and tokens show it: `2026-03-18 09:05`.
#[must_use]
pub fn minute(then: i64, offset: i32) -> String {
    local(then, offset).map_or_else(String::new, |moment| {
        format!(
            "{:04}-{:02}-{:02} {:02}:{:02}",
            moment.year(),
            u8::from(moment.month()),
            moment.day(),
            moment.hour(),
            moment.minute()
        )
    })
}

/// A moment as `<time datetime>` wants it: `2026-03-18T01:05:00Z`; empty when out of range.
#[must_use]
pub fn iso(then: i64) -> String {
    OffsetDateTime::from_unix_timestamp(then).map_or_else(
        |_| String::new(),
        |moment| {
            format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                moment.year(),
                u8::from(moment.month()),
                moment.day(),
                moment.hour(),
                moment.minute(),
                moment.second()
            )
        },
    )
}

fn local(then: i64, offset: i32) -> Option<OffsetDateTime> {
    let offset = UtcOffset::from_whole_seconds(offset).ok()?;
    OffsetDateTime::from_unix_timestamp(then).ok()?.checked_to_offset(offset)
}

fn local_day(then: i64, offset: i32) -> Option<Date> {
    local(then, offset).map(OffsetDateTime::date)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEIJING: i32 = 8 * 3600;
    /// 2026-03-18 10:00 in Beijing.
    const NOW: i64 = 1_773_799_200;

    #[test]
    fn money_shows_fen_only_when_there_are_some() {
        assert_eq!(Price(238_000).text(), "¥2,380");
        assert_eq!(Price(974).text(), "¥9.74");
        assert_eq!(Price(5).text(), "¥0.05");
        assert_eq!(Price(12_345_678_900).text(), "¥123,456,789");
        assert_eq!(Price(-50).text(), "¥-0.50");
        assert_eq!(Price(238_050).plain(), "2380.50");
        assert_eq!(Price(-7).plain(), "-0.07");
    }

    #[test]
    fn a_range_has_an_en_dash_and_one_sign() {
        assert_eq!(Price::range(Price(220_000), Price(256_000)), "¥2,200 – 2,560");
        assert_eq!(Price::range(Price(100), Price(100)), "¥1");
    }

    #[test]
    fn thousands_survive_the_extremes() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(-1_000), "-1,000");
        assert_eq!(thousands(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn counts_grow_into_words() {
        let (zh, en) = (Text::of(Locale::ZhCn), Text::of(Locale::En));
        assert_eq!(count(&zh, &9_999), "9,999");
        assert_eq!(count(&zh, &12_345), "1.2 万");
        assert_eq!(count(&zh, &20_000), "2 万");
        assert_eq!(count(&en, &12_345), "12.3K");
        assert_eq!(count(&zh, &12_345_678), "1,234 万");
    }

    #[test]
    fn distances_round_to_what_is_known() {
        assert_eq!(distance(&10), "0 m");
        assert_eq!(distance(&430), "450 m");
        assert_eq!(distance(&974), "950 m");
        assert_eq!(distance(&980), "1 km");
        assert_eq!(distance(&1_240), "1.2 km");
        assert_eq!(distance(&9_949), "9.9 km");
        assert_eq!(distance(&12_300), "12 km");
    }

    #[test]
    fn ago_speaks_of_the_readers_own_day() {
        let zh = Text::of(Locale::ZhCn);
        let said = |seconds: i64| ago(zh, NOW - seconds, NOW, BEIJING);
        assert_eq!(said(-5), "刚刚");
        assert_eq!(said(59), "刚刚");
        assert_eq!(said(12 * 60), "12 分钟前");
        assert_eq!(said(3_600), "1 小时前");
        // 09:00 is this morning; 22:00 is last evening, twelve hours ago, and so is yesterday.
        assert_eq!(said(9 * 3_600), "9 小时前");
        assert_eq!(said(12 * 3_600), "昨天");
        assert_eq!(said(3 * 86_400), "3 天前");
        assert_eq!(said(40 * 86_400), "2 月 6 日");
        assert_eq!(said(400 * 86_400), "2025 年 2 月 11 日");
        let en = Text::of(Locale::En);
        assert_eq!(ago(en, NOW - 60, NOW, BEIJING), "1 minute ago");
        assert_eq!(ago(en, NOW - 7_200, NOW, BEIJING), "2 hours ago");
        assert_eq!(ago(en, NOW - 400 * 86_400, NOW, BEIJING), "11 February 2025");
    }

    #[test]
    fn what_is_to_come_is_told_by_what_is_left_and_by_the_day() {
        let (zh, en) = (Text::of(Locale::ZhCn), Text::of(Locale::En));
        assert_eq!(left(zh, NOW, NOW), "");
        assert_eq!(left(zh, NOW + 61, NOW), "还剩 2 分钟");
        assert_eq!(left(zh, NOW + 47 * 3_600, NOW), "还剩 47 小时");
        assert_eq!(left(en, NOW + 3 * 86_400, NOW), "3 days left");
        assert_eq!(on_day(zh, NOW, NOW, BEIJING), "今天 10:00");
        assert_eq!(on_day(zh, NOW + 86_400, NOW, BEIJING), "明天 10:00");
        // 2026-03-18 is a Wednesday.
        assert_eq!(on_day(zh, NOW + 3 * 86_400, NOW, BEIJING), "周六 21 日 10:00");
        assert_eq!(on_day(en, NOW + 3 * 86_400, NOW, BEIJING), "Sat 21 10:00");
        assert_eq!(on_day(zh, NOW + 20 * 86_400, NOW, BEIJING), "4 月 7 日 10:00");
        assert_eq!(on_day(zh, NOW - 86_400, NOW, BEIJING), "昨天 10:00");
    }

    #[test]
    fn moments_for_machines_and_lists() {
        assert_eq!(minute(NOW, BEIJING), "2026-03-18 10:00");
        assert_eq!(iso(NOW), "2026-03-18T02:00:00Z");
        assert_eq!(iso(i64::MAX), "");
        assert_eq!(ago(Text::default(), i64::MIN / 2, NOW, BEIJING), "");
    }
}
