//! The tables.

pub mod account;
pub mod payment;
pub mod payout;
pub mod points_lot;
pub mod points_use;
pub mod posting;
pub mod provider_account;
pub mod provider_event;
pub mod reconciliation;
pub mod refund;
pub mod transaction;

use luhuan_kernel::Currency;

use crate::Error;

/// A stored word that is none of ours.
fn corrupt(what: &str, word: &str) -> Error {
    luhuan_store::Error::Corrupt(format!("{what}: '{word}'")).into()
}

/// The currency with this code.
pub(crate) fn currency(code: &str) -> Result<Currency, Error> {
    [Currency::Cny, Currency::Points]
        .into_iter()
        .find(|currency| currency.code() == code)
        .ok_or_else(|| corrupt("a currency", code))
}
