//! The rules, pure: no database, no HTTP, no clock.
//!
//! - [`Login`]: a phone number or e-mail address to sign in with;
//! - [`PasswordText`]: a password that is good enough to be hashed;
//! - [`DisplayName`]: a name that others see;
//! - [`TokenText`]: the secret a session or a program carries, and its hash;
//! - [`throttle`]: how often something may be tried;
//! - [`consents`]: what personal data is used for, and on which ground;
//! - [`Licence`], [`SellerKind`]: what an organisation and a seller show of themselves.

mod code;
mod consent;
mod device;
mod licence;
mod login;
mod name;
mod password;
mod seller;
pub mod throttle;
mod token;

pub use code::{CODE_DIGITS, CODE_MINUTES, CODE_TRIES, CodePurpose, RESEND_SECONDS, read_code};
pub use consent::{Basis, Purpose, consents, purpose};
pub use device::{coarse_address, device_label};
pub use licence::{Licence, LicenceCheck};
pub use login::{Login, LoginKind};
pub use name::{DisplayName, line};
pub use password::{PASSWORD_MAX, PASSWORD_MIN, PasswordText};
pub use seller::SellerKind;
pub use token::{Credential, TOKEN_MAX_DAYS, TokenHash, TokenText};

/// Marker of an API token's id.
pub struct ApiToken;
/// Marker of a one-time code's id.
pub struct Code;
/// Marker of a consent's id.
pub struct Consent;

/// What erased people are called from then on.
pub const ERASED_NAME: &str = "已注销用户";
