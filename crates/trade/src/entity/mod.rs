//! The tables.

pub mod conversation;
pub mod dispute;
pub mod evidence;
pub mod invoice;
pub mod juror;
pub mod jury_seat;
pub mod line;
pub mod message;
pub mod offer;
pub mod order;
pub mod person_block;
pub mod place;
pub mod refund_request;
pub mod report;
pub mod review;
pub mod ruling;
pub mod trade_photo;

use luhuan_store::Error as StoreError;
use serde::{Serialize, de::DeserializeOwned};

/// A code with its type back.
pub(crate) fn code<T: std::str::FromStr>(code: &str) -> Result<T, StoreError> {
    code.parse().map_err(|_| StoreError::Corrupt(format!("unknown code '{code}'")))
}

/// JSON text with its type back.
pub(crate) fn json<T: DeserializeOwned>(stored: &str) -> Result<T, StoreError> {
    serde_json::from_str(stored).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// JSON text of plain data, which cannot fail to serialise.
pub(crate) fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data serialises")
}
