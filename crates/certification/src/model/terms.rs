//! The numbers of the process that an authority may change: `data/process.toml`.

use std::sync::LazyLock;

use luhuan_kernel::Timestamp;
use serde::Deserialize;

use super::calendar::Day;
use crate::codes::codes;

codes! {
    /// A clock: how long a step may take.
    ClockName {
        /// The office checks that the file is complete.
        Completeness = "completeness",
        /// Assessors are drawn.
        Assignment = "assignment",
        /// They read the file.
        DeskReview = "desk_review",
        /// They visit.
        SiteAudit = "site_audit",
        /// The mall puts right what was found.
        Rectification = "rectification",
        /// They score, each alone.
        Scoring = "scoring",
        /// The committee votes.
        Committee = "committee",
        /// The public may object.
        Notice = "notice",
        /// An objection is answered.
        Objection = "objection",
        /// The mall may appeal.
        AppealWindow = "appeal_window",
        /// An appeal is decided.
        Appeal = "appeal",
        /// Marks of a suspended mall come off.
        MarksOff = "marks_off",
        /// A lost ★ is put right.
        StarFix = "star_fix",
    }
}

/// Which days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Without weekends and public holidays.
    Working,
    /// All.
    Natural,
}

/// A term of the process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockTerm {
    /// Which clock.
    pub name: ClockName,
    /// How many days.
    pub days: u32,
    /// Which days.
    pub kind: DayKind,
    /// Days before the end on which a reminder goes out.
    pub remind: u32,
}

/// How audits are staffed and compared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditTerms {
    /// Assessors of an audit at least; an odd number.
    pub assessors: usize,
    /// Years that a conflict of interest lasts.
    pub conflict_years: i32,
    /// Percent of an item's points by which scores may differ without a reason.
    pub score_gap_percent: u32,
    /// Where this comes from.
    pub source: String,
}

/// How the committee decides.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitteeTerms {
    /// Votes that must be cast.
    pub quorum: usize,
    /// Percent of the cast votes that must be for it.
    pub majority_percent: u32,
    /// Where this comes from.
    pub source: String,
}

/// What a certificate lasts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateTerms {
    /// Before its number.
    pub prefix: String,
    /// Years that it is valid.
    pub years: i32,
    /// Percent of the certificates that are audited again each year.
    pub re_audit_percent: u32,
    /// Days that the yearly report may take.
    pub annual_report_days: i64,
    /// Percent of change of the floor area from which a review is required.
    pub area_change_percent: u32,
    /// Years that a mall is barred after a revocation.
    pub barred_years: i32,
    /// Where this comes from.
    pub source: String,
}

/// A carrier of energy, or water.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarrierTerms {
    /// Its code.
    pub code: crate::energy::Carrier,
    /// The unit of its readings.
    pub unit: String,
    /// kWh that a unit holds.
    pub kwh: f64,
    /// kg CO₂e that a unit emits.
    pub kg_co2e: f64,
    /// Where the two come from.
    pub source: String,
}

/// How savings are judged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnergyTerms {
    /// Confidence of the uncertainty, percent.
    pub confidence_percent: f64,
    /// CV(RMSE) at most, percent.
    pub max_cv_rmse_percent: f64,
    /// R² at least.
    pub min_r_squared: f64,
    /// Uncertainty of the savings at most, percent of them.
    pub max_uncertainty_percent: f64,
    /// Studentised residuals from which a month is an outlier.
    pub outlier_residuals: f64,
    /// Months of a baseline at least.
    pub baseline_months: usize,
    /// Where this comes from.
    pub source: String,
    /// Carriers and their factors.
    pub carrier: Vec<CarrierTerms>,
}

/// Which goods save.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoodsTerms {
    /// The worst grade that counts.
    pub max_grade: u8,
    /// Where this comes from.
    pub source: String,
}

/// A stream of waste.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// Its code.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Whether it is kept out of landfill and furnace.
    pub recovered: bool,
}

/// The streams.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WasteTerms {
    /// All of them.
    pub stream: Vec<Stream>,
}

/// All terms, with their version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Counts editions.
    pub version: u32,
    /// First day.
    pub effective_from: String,
    /// Where they come from.
    pub source: String,
    /// Whether some are our draft.
    pub draft: bool,
    clock: Vec<ClockTerm>,
    /// Audits.
    pub audit: AuditTerms,
    /// The committee.
    pub committee: CommitteeTerms,
    /// Certificates.
    pub certificate: CertificateTerms,
    /// Energy.
    pub energy: EnergyTerms,
    /// Goods.
    pub goods: GoodsTerms,
    /// Waste.
    pub waste: WasteTerms,
}

/// When a step must be done, and when a reminder is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The end.
    pub due: Timestamp,
    /// The reminder.
    pub remind: Timestamp,
}

impl Terms {
    /// A clock's term.
    ///
    /// # Panics
    /// Never: a test sees to it that the file names every clock.
    #[must_use]
    pub fn clock(&self, name: ClockName) -> &ClockTerm {
        self.clock.iter().find(|clock| clock.name == name).expect("every clock has a term")
    }

    /// When a clock that starts now runs out: at the end of its last day in Beijing, the day of the start not counted.
    #[must_use]
    pub fn deadline(&self, name: ClockName, from: Timestamp) -> Deadline {
        let term = self.clock(name);
        let start = Day::of(from);
        let last = match term.kind {
            DayKind::Working => start.plus_working(term.days),
            DayKind::Natural => start.plus(i64::from(term.days)),
        };
        Deadline { due: last.end(), remind: last.plus(-i64::from(term.remind)).end() }
    }

    /// What a carrier holds and emits.
    ///
    /// # Panics
    /// Never: a test sees to it that the file names every carrier.
    #[must_use]
    pub fn carrier(&self, code: crate::energy::Carrier) -> &CarrierTerms {
        self.energy
            .carrier
            .iter()
            .find(|carrier| carrier.code == code)
            .expect("every carrier has its factors")
    }

    /// A stream of waste.
    #[must_use]
    pub fn stream(&self, code: &str) -> Option<&Stream> {
        self.waste.stream.iter().find(|stream| stream.code == code)
    }
}

static TERMS: LazyLock<Terms> =
    LazyLock::new(|| toml::from_str(include_str!("../../data/process.toml")).expect("the terms read"));

/// The terms in force.
#[must_use]
pub fn terms() -> &'static Terms {
    &TERMS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clock_and_carrier_has_its_terms() {
        assert!(ClockName::ALL.iter().all(|name| terms().clock(*name).days > 0));
        assert!(crate::energy::Carrier::ALL.iter().all(|code| !terms().carrier(*code).source.is_empty()));
        assert_eq!(terms().audit.assessors % 2, 1, "an odd number of assessors");
    }

    #[test]
    fn the_notice_lasts_seven_whole_days_after_the_day_it_begins() {
        let begun: Timestamp = "2026-03-02T02:00:00Z".parse().unwrap();
        let deadline = terms().deadline(ClockName::Notice, begun);
        assert_eq!(deadline.due.to_string(), "2026-03-09T16:00:00Z");
        assert_eq!(deadline.remind.to_string(), "2026-03-08T16:00:00Z");
    }
}
