//! The tables. `cert_counter` and `cert_log` have none: their rows are only ever counted up, by one statement each.

mod audit;
mod mall;
mod register;

pub use audit::{assessor, assignment, consensus, finding, objection, sheet, site_check, tie, vote};
pub use mall::{
    answer, application, evidence, goods, label, month, retrofit, submission, waste, waste_place,
};
pub use register::{certificate, entry, head, rubric, surveillance, trail};
