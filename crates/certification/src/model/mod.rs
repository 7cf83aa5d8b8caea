//! The domain: pure, without database, clock or HTTP.
//!
//! - `rubric`, `compare`: what a mall is measured by, and how two versions differ;
//! - `answer`, `scoring`: what was answered and what it earns;
//! - `process`: the life of an application and of a certificate, as tables; `clocks`, `calendar`: how long each step may take;
//! - `assessors`: the draw from the pool; `consensus`: where scores differ;
//! - `eligibility`: who may apply; `terms`: the numbers that may change.

pub mod answer;
pub mod assessors;
pub mod calendar;
pub mod compare;
pub mod consensus;
pub mod eligibility;
pub mod process;
pub mod rubric;
pub mod scoring;
pub mod terms;

pub use answer::{Answer, Facts, MallFormat};
pub use process::{CertificateEvent, CertificateState, Event, State};
pub use rubric::{EvidenceKind, Item, Pillar, Rubric, Rule, Trust, Words};
pub use scoring::{Points, ScoreCard};
pub use terms::{Terms, terms};
