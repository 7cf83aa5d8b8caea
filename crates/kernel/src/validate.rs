//! Numbers of identity and trade: read as people type them, checked, and put into one normal form.
//!
//! Each function takes what was typed (full-width digits, spaces and dashes included) and gives the normal form,
//! or an error whose case says what is wrong, so that a form can tell a slip of the finger from a wrong number.
//! None asks a registry: a number that passes is well formed, not proven to exist.
//!
//! - [`usc_code`]: 统一社会信用代码 of organisations (GB 32100);
//! - [`identity_number`]: 居民身份证 of persons (GB 11643), with the birth date in it;
//! - [`mobile`], [`landline`], [`email`]: where somebody is reached;
//! - [`imei`], [`invoice_number`]: what a phone and an electronic invoice are known by.
//!
//! ```
//! use luhuan_kernel::validate;
//!
//! assert_eq!(validate::mobile("+86 138-1234-5678"), Ok("13812345678".to_owned()));
//! assert_eq!(validate::usc_code("91110000101623741k"), Ok("91110000101623741K".to_owned()));
//! assert!(validate::imei("490154203237519").is_err());
//! ```

mod contact;
mod identity;
mod serial;
mod uscc;

pub use contact::{EmailError, LandlineError, MobileError, email, landline, mobile};
pub use identity::{IdentityNumber, IdentityNumberError, identity_number};
pub use serial::{ImeiError, InvoiceNumberError, imei, invoice_number};
pub use uscc::{UscCodeError, usc_code};

/// The half-width form of a full-width letter, digit, sign or space (U+FF01–U+FF5E, U+3000), as Chinese input
/// methods type them; any other character as it is.
#[must_use]
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' | '\u{a0}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// What people put between the groups of a number: spaces, dashes, dots and brackets of all kinds, and the
/// invisible marks that copying from a page or a chat brings along.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '.' | '·' | '(' | ')' | '_')
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
}

/// What was typed, in half width and without separators.
fn compact(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !is_separator(*c)).collect()
}

/// The first character that is not an ASCII digit, with its place counted from 1.
fn first_non_digit(text: &str) -> Option<(usize, char)> {
    text.chars().enumerate().find(|(_, c)| !c.is_ascii_digit()).map(|(index, c)| (index + 1, c))
}
