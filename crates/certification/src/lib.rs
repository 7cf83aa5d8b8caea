//! Green malls (绿色商场): from a self-assessment to a certificate that anyone can verify.
//!
//! A mall proves three things: that it saves energy, that it sells goods that save, and that its waste is collected. It
//! answers a rubric item by item and shows evidence; the office checks the file and draws assessors by lot; they read,
//! visit, and score each alone before they agree; a committee votes; the public may object; then there is a certificate,
//! or there is not, with reasons. Afterwards it is watched, and if need be suspended or revoked. Every change is an entry
//! of a public log that nobody can back-date or quietly shorten.
//!
//! Glossary:
//! - **rubric**: what a mall is measured by, in a version; **item**, **gate** (★), **evidence**, **trust**: its parts.
//! - **application**: a mall's way through the process ([`model::process`]); **submission**: its frozen self-assessment.
//! - **panel**: the assessors of an audit; **round**: one passage of a panel; an admitted appeal begins another.
//! - **finding**: something to be put right; **sheet**: one assessor's scores, sealed; **consensus**: what the panel agrees on.
//! - **notice** (公示): seven days in which anyone may object by name; **objection**: a case with an answer.
//! - **certificate**, **credential**: the right to the name, and the signed file that proves it offline.
//! - **register**: the public log; **entry**, **head**, **proof**: its parts (RFC 9162).
//! - **surveillance**: the yearly report and the random re-audit.
//! - **terms**: the numbers of the process, `data/process.toml`; what has no binding source is marked as our draft.
//!
//! ```
//! use luhuan_certification::model::{Event, State, process::{Grounds, attempt}};
//!
//! let nothing = Grounds::default();
//! let submitted = attempt(State::Draft, Event::Submit, &nothing).map(|row| row.to);
//! assert_eq!(submitted, Ok(State::Submitted));
//! let refusal = attempt(State::Draft, Event::Grant, &nothing).unwrap_err();
//! assert_eq!(refusal.to_string(), "an application that is draft cannot grant");
//! ```

pub mod api;
pub mod canonical;
mod codes;
pub mod credential;
pub mod energy;
mod entity;
mod error;
mod event;
pub mod goods;
pub mod merkle;
pub mod model;
pub mod picture;
pub mod policy;
mod service;
pub mod verify;
pub mod waste;

pub use error::Error;
pub use event::CertificationEvent;
pub use service::*;

use luhuan_kernel::{Locale, text::Source};

/// Marker of an application's id.
pub struct Application;
/// Marker of an evidence file's id.
pub struct Evidence;
/// Marker of a finding's id.
pub struct Finding;
/// Marker of an objection's id.
pub struct Objection;
/// Marker of a retrofit measure's id.
pub struct Retrofit;
/// Marker of a surveillance case's id.
pub struct Surveillance;

/// This context's sentences.
pub const TEXTS: [Source; 2] = [
    Source { locale: Locale::ZhCn, ftl: include_str!("../i18n/zh-CN.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../i18n/en.ftl") },
];
