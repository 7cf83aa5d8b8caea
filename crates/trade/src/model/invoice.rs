//! Invoices (数电票): what the tax office wants to see.

use std::sync::OnceLock;

use luhuan_kernel::{Money, MoneyError};
use serde::{Deserialize, Serialize};

coded! {
    /// Who invoices whom for what.
    InvoiceKind {
        /// The platform invoices its fee to the seller.
        PlatformFee = "platform_fee",
        /// A business seller invoices the goods to the buyer.
        Goods = "goods",
    }
}

coded! {
    /// Where an invoice stands.
    InvoiceState {
        /// Asked for; the issuer has not answered.
        Requested = "requested",
        /// Handed to the issuer as a file; the number follows.
        Exported = "exported",
        /// Issued, with its number.
        Issued = "issued",
        /// The issuer refused, with a reason.
        Failed = "failed",
    }
}

/// One line of an invoice, in fen; a red-letter invoice has negative amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InvoiceLine {
    /// The 19 digits of the tax category.
    pub tax_code: String,
    /// `*category*name`.
    pub name: String,
    /// Pieces.
    pub quantity: i32,
    /// Amount without tax.
    pub net_fen: i64,
    /// The rate in millionths.
    pub rate_ppm: u32,
    /// The tax.
    pub tax_fen: i64,
}

impl InvoiceLine {
    /// What is paid for the line.
    #[must_use]
    pub const fn gross_fen(&self) -> i64 {
        self.net_fen + self.tax_fen
    }
}

/// One kind of supply.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Supply {
    tax_code: String,
    zh: String,
    rate_ppm: u32,
}

/// The rules of `data/tax.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRules {
    /// The version.
    pub version: i32,
    /// The day from which it holds.
    pub effective_from: String,
    /// Where it comes from.
    pub source: String,
    platform_fee: Supply,
    goods: Supply,
}

impl TaxRules {
    /// The rules.
    #[must_use]
    pub fn load() -> &'static Self {
        static RULES: OnceLock<TaxRules> = OnceLock::new();
        RULES.get_or_init(|| {
            toml::from_str(include_str!("../../data/tax.toml"))
                .expect("the data file is part of the program, and tested")
        })
    }

    /// A line for an amount that includes the tax. The tax is rounded half up, and net and tax are the amount exactly.
    ///
    /// # Errors
    /// When the product does not fit 64 bits.
    pub fn line(&self, kind: InvoiceKind, name: &str, gross_fen: i64) -> Result<InvoiceLine, MoneyError> {
        let supply = match kind {
            InvoiceKind::PlatformFee => &self.platform_fee,
            InvoiceKind::Goods => &self.goods,
        };
        let tax_fen = included_tax(gross_fen, supply.rate_ppm)?;
        Ok(InvoiceLine {
            tax_code: supply.tax_code.clone(),
            name: format!("{}{name}", supply.zh),
            quantity: 1,
            net_fen: gross_fen - tax_fen,
            rate_ppm: supply.rate_ppm,
            tax_fen,
        })
    }
}

/// gross × rate / (1 + rate), half up away from zero.
fn included_tax(gross_fen: i64, rate_ppm: u32) -> Result<i64, MoneyError> {
    let whole = 1_000_000 + i128::from(rate_ppm);
    let product = i128::from(gross_fen) * i128::from(rate_ppm);
    let half = if product < 0 { -whole } else { whole };
    let tax = (product * 2 + half) / (2 * whole);
    i64::try_from(tax).map_err(|_| MoneyError::OutOfRange).map(|fen| Money::cny(fen).minor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tax_is_taken_out_of_the_price_and_rounded_half_up() {
        let line = TaxRules::load().line(InvoiceKind::PlatformFee, "", 456).unwrap();
        assert_eq!((line.net_fen, line.tax_fen), (430, 26));
        assert_eq!(line.tax_code.len(), 19);
    }

    proptest! {
        #[test]
        fn a_red_letter_line_is_the_exact_opposite(gross in 1i64..1_000_000_000) {
            let (blue, red) = (
                TaxRules::load().line(InvoiceKind::Goods, "x", gross).unwrap(),
                TaxRules::load().line(InvoiceKind::Goods, "x", -gross).unwrap(),
            );
            prop_assert_eq!(blue.gross_fen(), gross);
            prop_assert_eq!((blue.net_fen, blue.tax_fen), (-red.net_fen, -red.tax_fen));
        }
    }
}
