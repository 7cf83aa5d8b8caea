//! Money: whole minor units, never a float.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A currency. Green points are a currency of their own: they buy discounts, never cash.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[non_exhaustive]
pub enum Currency {
    /// Renminbi, in fen (分).
    #[serde(rename = "CNY")]
    Cny,
    /// Green points (绿豆), in whole points.
    #[serde(rename = "PTS")]
    Points,
}

impl Currency {
    /// The code that is stored and shown in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cny => "CNY",
            Self::Points => "PTS",
        }
    }
}

/// An amount in minor units of one currency. It may be negative (a debit).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Money {
    /// Minor units: fen for CNY.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// Why two amounts cannot be reckoned together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Amounts of two currencies do not add.
    #[error("amounts of two currencies do not add")]
    MixedCurrencies,
    /// The sum does not fit 64 bits.
    #[error("the amount is out of range")]
    OutOfRange,
}

/// A share in millionths (parts per million): 0.6 % is 6000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rate(pub u32);

impl Money {
    /// Renminbi, in fen.
    #[must_use]
    pub const fn cny(fen: i64) -> Self {
        Self { minor: fen, currency: Currency::Cny }
    }

    /// Renminbi from an amount in yuan as people write it: digits, at most two decimals, thousands separators and a
    /// sign of the currency allowed. `None` for anything else, and for what does not fit.
    #[must_use]
    pub fn cny_from_yuan(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches(['¥', '￥']).trim_end_matches('元').trim();
        let text = text.replace([',', '，'], "");
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || rest.len() > 2 || !digits(whole) || !digits(rest) {
            return None;
        }
        format!("{whole}{rest:0<2}").parse().ok().map(Self::cny)
    }

    /// This amount times a rate, rounded half up (四舍五入) away from zero, the only rounding in the system.
    ///
    /// # Errors
    /// When the product does not fit 64 bits.
    pub fn at_rate(self, rate: Rate) -> Result<Self, MoneyError> {
        let product = i128::from(self.minor) * i128::from(rate.0);
        let half = if product < 0 { -500_000 } else { 500_000 };
        let minor = i64::try_from((product + half) / 1_000_000).map_err(|_| MoneyError::OutOfRange)?;
        Ok(Self { minor, ..self })
    }

    fn combine(self, other: Self, op: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies);
        }
        let minor = op(self.minor, other.minor).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { minor, ..self })
    }
}

impl std::ops::Add for Money {
    type Output = Result<Self, MoneyError>;

    fn add(self, other: Self) -> Self::Output {
        self.combine(other, i64::checked_add)
    }
}
impl std::ops::Sub for Money {
    type Output = Result<Self, MoneyError>;

    fn sub(self, other: Self) -> Self::Output {
        self.combine(other, i64::checked_sub)
    }
}
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.currency {
            Currency::Cny => {
                let sign = if self.minor < 0 { "-" } else { "" };
                let minor = self.minor.unsigned_abs();
                write!(f, "{sign}{}.{:02} CNY", minor / 100, minor % 100)
            }
            Currency::Points => write!(f, "{} PTS", self.minor),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fee_rounds_half_up_on_both_sides_of_zero() {
        assert_eq!(Money::cny(250).at_rate(Rate(6_000)).unwrap(), Money::cny(2));
        assert_eq!(Money::cny(-250).at_rate(Rate(6_000)).unwrap(), Money::cny(-2));
        assert_eq!(Money::cny(249).at_rate(Rate(6_000)).unwrap(), Money::cny(1));
    }

    #[test]
    fn yuan_are_read_as_people_write_them() {
        let fen = |text| Money::cny_from_yuan(text).map(|money| money.minor);
        assert_eq!(fen("680.5"), Some(68_050));
        assert_eq!(fen("¥2,380"), Some(238_000));
        assert_eq!(fen("9.99元"), Some(999));
        for wrong in ["", "abc", "1.234", "-5", "1.2.3", "1e3", "99999999999999999999"] {
            assert_eq!(fen(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn currencies_do_not_mix() {
        let points = Money { minor: 1, currency: Currency::Points };
        assert_eq!(Money::cny(1) + points, Err(MoneyError::MixedCurrencies));
    }

    proptest! {
        #[test]
        fn what_is_added_can_be_taken_away(a in -1i64<<60..1i64<<60, b in -1i64<<60..1i64<<60) {
            let sum = (Money::cny(a) + Money::cny(b)).unwrap();
            prop_assert_eq!((sum - Money::cny(b)).unwrap(), Money::cny(a));
        }
    }
}
