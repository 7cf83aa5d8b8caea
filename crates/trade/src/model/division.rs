//! Who gets how much of the money that is held for an order.

use luhuan_kernel::MoneyError;
use serde::Serialize;

use super::Fee;

/// What becomes of the money held, in fen. The three parts are exactly what was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Division {
    /// Back to the buyer.
    pub buyer_fen: i64,
    /// To the seller.
    pub seller_fen: i64,
    /// The platform's fee.
    pub fee_fen: i64,
}

/// Money cannot be divided like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DivisionError {
    /// More is to go back than is held, or less than nothing.
    #[error("{asked} of {held} fen cannot go back")]
    OutOfRange {
        /// What is to go back.
        asked: i64,
        /// What is held.
        held: i64,
    },
    /// Arithmetic.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Divides what is held for an order: `back_fen` to the buyer, the fee on the goods that remain sold to the platform, the
/// rest to the seller.
///
/// A refund comes out of the goods first, then out of the freight (domain §1.4), so the fee falls in proportion and is
/// nothing once the goods are refunded. `held_fen` is what is held now; `goods_fen` the price of the goods, `refunded_fen`
/// what went back before.
///
/// # Errors
/// [`DivisionError::OutOfRange`] when more is to go back than is held.
pub fn divide(
    held_fen: i64,
    back_fen: i64,
    goods_fen: i64,
    refunded_fen: i64,
    fee: Fee,
) -> Result<Division, DivisionError> {
    if back_fen < 0 || back_fen > held_fen {
        return Err(DivisionError::OutOfRange { asked: back_fen, held: held_fen });
    }
    let rest = held_fen - back_fen;
    let sold = (goods_fen - refunded_fen - back_fen).clamp(0, rest);
    // The formula stands with the order; a cap that was reached falls with the goods as well.
    let whole = fee.on(goods_fen)?.fee_fen;
    let proportional = if goods_fen > 0 { round_half_up(whole, sold, goods_fen) } else { 0 };
    let fee_fen = proportional.min(rest);
    Ok(Division { buyer_fen: back_fen, seller_fen: rest - fee_fen, fee_fen })
}

/// `amount` × `part` / `whole`, rounded half up, for amounts that are not negative.
fn round_half_up(amount: i64, part: i64, whole: i64) -> i64 {
    let product = i128::from(amount) * i128::from(part) * 2 + i128::from(whole);
    i64::try_from(product / (2 * i128::from(whole))).unwrap_or(amount)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{FeeRules, SellerClass};

    fn fee(goods: i64) -> Fee {
        FeeRules::versions()[0].fee(SellerClass::Private, goods).unwrap()
    }

    #[test]
    fn a_sale_that_stands_pays_the_whole_fee_and_a_refunded_one_none() {
        let stands = divide(77_200, 0, 76_000, 0, fee(76_000)).unwrap();
        assert_eq!(stands, Division { buyer_fen: 0, seller_fen: 76_744, fee_fen: 456 });
        let undone = divide(77_200, 77_200, 76_000, 0, fee(76_000)).unwrap();
        assert_eq!(undone, Division { buyer_fen: 77_200, seller_fen: 0, fee_fen: 0 });
    }

    #[test]
    fn a_partial_refund_keeps_the_fee_in_proportion() {
        let half = divide(76_000, 38_000, 76_000, 0, fee(76_000)).unwrap();
        assert_eq!(half.fee_fen, 228);
        let after_an_earlier_one = divide(38_000, 0, 76_000, 38_000, fee(76_000)).unwrap();
        assert_eq!(after_an_earlier_one.fee_fen, 228);
    }

    proptest! {
        #[test]
        fn parts_sum_to_what_is_held_and_none_is_negative(
            goods in 1i64..100_000_000, freight in 0i64..10_000, before in 0i64..1_000_000, back in 0i64..1_000_000,
        ) {
            let before = before.min(goods);
            let held = goods + freight - before;
            let back = back.min(held);
            let parts = divide(held, back, goods, before, fee(goods)).unwrap();
            prop_assert_eq!(parts.buyer_fen + parts.seller_fen + parts.fee_fen, held);
            prop_assert!(parts.buyer_fen >= 0 && parts.seller_fen >= 0 && parts.fee_fen >= 0);
        }
    }
}
