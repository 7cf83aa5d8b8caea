//! Sharing an amount without losing a fen.

use luhuan_kernel::Money;

/// Why an amount cannot be shared like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// There are no weights, or all are zero.
    #[error("there is nothing to share by")]
    NoWeights,
}

/// Shares an amount by weights. Each part is its exact share without the fraction of a fen, and what is left goes to
/// the largest weight (the first of several), so that the parts sum exactly and none has another sign than the whole
/// (domain rule §1.4).
///
/// # Errors
/// When there is no weight above zero.
///
/// ```
/// use luhuan_kernel::Money;
/// use luhuan_ledger::split;
///
/// assert_eq!(split(Money::cny(100), &[1, 2]), Ok(vec![Money::cny(33), Money::cny(67)]));
/// assert_eq!(split(Money::cny(100), &[1, 1, 1]), Ok(vec![Money::cny(34), Money::cny(33), Money::cny(33)]));
/// ```
pub fn split(amount: Money, weights: &[u64]) -> Result<Vec<Money>, SplitError> {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    if total == 0 {
        return Err(SplitError::NoWeights);
    }
    let (sign, magnitude) = (amount.minor.signum(), u128::from(amount.minor.unsigned_abs()));
    let mut parts: Vec<u64> = weights
        .iter()
        // At most the magnitude, which came from an i64.
        .map(|weight| u64::try_from(share(magnitude, u128::from(*weight), total)).unwrap_or(u64::MAX))
        .collect();
    let given: u64 = parts.iter().sum();
    let largest = (0..weights.len()).rev().max_by_key(|n| weights[*n]).unwrap_or_default();
    parts[largest] += amount.minor.unsigned_abs() - given;
    let part = |part: u64| Money { minor: i64::try_from(part).unwrap_or(i64::MAX) * sign, ..amount };
    Ok(parts.into_iter().map(part).collect())
}

/// `magnitude × weight / total` without the fraction. The product of two 64-bit numbers fits 128 bits.
const fn share(magnitude: u128, weight: u128, total: u128) -> u128 {
    magnitude * weight / total
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_shared_by_nothing() {
        assert_eq!(split(Money::cny(1), &[]), Err(SplitError::NoWeights));
        assert_eq!(split(Money::cny(1), &[0, 0]), Err(SplitError::NoWeights));
    }

    proptest! {
        #[test]
        fn parts_sum_exactly_and_keep_the_sign(
            minor in -1_000_000_000_000i64..1_000_000_000_000,
            weights in proptest::collection::vec(0u64..1_000_000, 1..30),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let parts = split(Money::cny(minor), &weights).unwrap();
            prop_assert_eq!(parts.iter().map(|part| part.minor).sum::<i64>(), minor);
            prop_assert!(parts.iter().all(|part| part.minor == 0 || part.minor.signum() == minor.signum()));
        }

        #[test]
        fn a_part_is_less_than_a_fen_off_unless_it_is_the_largest(
            minor in 0i64..1_000_000_000,
            weights in proptest::collection::vec(1u64..10_000, 1..12),
        ) {
            let parts = split(Money::cny(minor), &weights).unwrap();
            let total: u64 = weights.iter().sum();
            let largest = *weights.iter().max().unwrap();
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = minor as f64 * *weight as f64 / total as f64;
                let bound = if *weight == largest { weights.len() as f64 } else { 1.0 };
                prop_assert!((part.minor as f64 - exact).abs() <= bound);
            }
        }
    }
}
