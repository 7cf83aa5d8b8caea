//! A rubric: what a mall is measured by. Versioned data, never code.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{canonical, codes::codes};

/// Two texts side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::Words)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One version of the rubric. An application is bound to the version it was begun under.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// Its name among versions, such as `2026-100`: letters, digits, dots and dashes.
    pub version: String,
    /// What it is called.
    pub name: Words,
    /// First day on which an application may be begun under it, ISO 8601.
    pub effective_from: String,
    /// Last such day, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// Whether some of it is our draft: users are told so.
    #[serde(default)]
    pub draft: bool,
    /// When a mall passes.
    pub pass: PassRules,
    /// What an item counts for when its evidence is weaker than asked.
    pub trust_share: TrustShare,
    /// Who may apply.
    pub eligibility: Eligibility,
    /// The categories, in order.
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
}

/// When a mall passes: all gates, and these shares of the applicable points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::PassRules)]
pub struct PassRules {
    /// Percent of all applicable points.
    pub total_percent: u32,
    /// Percent of the applicable points of each category that names none of its own.
    pub category_percent: u32,
    /// Measures without which a mall is refused, not scored zero.
    #[serde(default)]
    pub refuse_without: Vec<String>,
    /// Where the marks come from.
    pub source: String,
    /// Whether they are our draft.
    #[serde(default)]
    pub draft: bool,
}

/// Percent of an item's points that weaker evidence than asked still earns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::TrustShare)]
pub struct TrustShare {
    /// Said by the mall alone.
    pub self_declared: u32,
    /// Shown by a document.
    pub document: u32,
    /// Measured.
    pub measured: u32,
    /// Known to this program from its own records.
    pub verified_by_system: u32,
}

/// Who may apply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// Floor area from which a mall is large, m². Smaller ones are welcome.
    pub area_m2: f64,
    /// Months that it must have been open.
    pub months_open: u32,
    /// Months of electricity readings.
    pub meter_months: u32,
    /// Features that it must have, of those below.
    pub features: u32,
    /// Where this comes from.
    pub source: String,
    /// Features.
    pub feature: Vec<Check>,
    /// Statements that must hold.
    pub gate: Vec<Check>,
}

/// A feature or statement of the eligibility check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::Check)]
pub struct Check {
    /// Its code.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: String,
    /// Whether it is our draft.
    #[serde(default)]
    pub draft: bool,
}

/// What a category speaks of, for statistics.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = certification::Pillar)]
pub enum Pillar {
    /// Saving energy and water.
    Energy,
    /// Selling goods that save.
    Goods,
    /// Collecting waste.
    Waste,
    /// Rules, people, money.
    Management,
    /// Service to customers.
    Service,
}

impl Pillar {
    /// All, the three that the programme names first.
    pub const ALL: [Self; 5] = [Self::Energy, Self::Goods, Self::Waste, Self::Management, Self::Service];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Goods => "goods",
            Self::Waste => "waste",
            Self::Management => "management",
            Self::Service => "service",
        }
    }
}

/// A level-1 category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::Category)]
pub struct Category {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Words,
    /// Points in all: those of its items.
    pub points: u32,
    /// What it speaks of.
    pub pillar: Pillar,
    /// Percent of its applicable points that it needs, when not the rubric's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_percent: Option<u32>,
    /// Where it comes from.
    pub source: String,
    /// Whether its total is our draft.
    #[serde(default)]
    pub draft: bool,
    /// Its items, in order.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

/// One thing that is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::Item)]
pub struct Item {
    /// Its code, unique in the rubric.
    pub code: String,
    /// What is asked.
    pub name: Words,
    /// Points at most; 0 for a gate (★).
    pub points: u32,
    /// How it is scored.
    pub rule: Rule,
    /// Kinds of evidence that it needs, one of each.
    pub evidence: Vec<EvidenceKind>,
    /// How far that evidence must be trusted to count whole.
    pub trust: Trust,
    /// Whether it is looked at on site.
    #[serde(default)]
    pub site: bool,
    /// Whether it may be not applicable.
    #[serde(default)]
    pub not_applicable: bool,
    /// Where it comes from.
    pub source: String,
    /// Whether it is our draft.
    #[serde(default)]
    pub draft: bool,
}

/// How an item is scored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = certification::Rule)]
pub enum Rule {
    /// ★: passed or not; no points, and without it no certificate.
    Gate,
    /// Thresholds of a measure; the best that is met gives the points.
    Step {
        /// What is measured: a code that all versions share.
        measure: String,
        /// Its unit.
        unit: String,
        /// Which way is better.
        better: Better,
        /// The thresholds, best first.
        steps: Vec<Step>,
    },
    /// Points in proportion between two values of a measure.
    Linear {
        /// What is measured.
        measure: String,
        /// Its unit.
        unit: String,
        /// The value that earns nothing.
        from: f64,
        /// The value that earns all; may lie below `from`.
        to: f64,
    },
    /// A person's judgement, with a reason.
    Judgement,
}

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = certification::Better)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// A threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::Step)]
pub struct Step {
    /// Met from here on.
    pub at: f64,
    /// What it earns.
    pub points: u32,
}

codes! {
    /// What kind of evidence a file is.
    #[schema(as = certification::EvidenceKind)]
    EvidenceKind {
        /// A document: rules, contracts, records.
        Document = "document",
        /// A certificate or legality paper.
        Certificate = "certificate",
        /// A photo.
        Photo = "photo",
        /// Meter readings or bills.
        MeterData = "meter_data",
        /// A point-of-sale export.
        SalesData = "sales_data",
        /// An inventory of equipment or goods.
        Inventory = "inventory",
        /// A ledger or log.
        Ledger = "ledger",
        /// A record of this program.
        SystemRecord = "system_record",
    }
}

codes! {
    /// How far evidence is trusted, weakest first.
    #[schema(as = certification::Trust)]
    Trust {
        /// The mall says so.
        SelfDeclared = "self_declared",
        /// A document says so.
        Document = "document",
        /// It was measured.
        Measured = "measured",
        /// This program's own records say so.
        VerifiedBySystem = "verified_by_system",
    }
}

impl TrustShare {
    /// The share of a level, in percent.
    #[must_use]
    pub const fn of(self, trust: Trust) -> u32 {
        match trust {
            Trust::SelfDeclared => self.self_declared,
            Trust::Document => self.document,
            Trust::Measured => self.measured,
            Trust::VerifiedBySystem => self.verified_by_system,
        }
    }
}

impl Rule {
    /// The measure it rests on.
    #[must_use]
    pub fn measure(&self) -> Option<&str> {
        match self {
            Self::Step { measure, .. } | Self::Linear { measure, .. } => Some(measure),
            Self::Gate | Self::Judgement => None,
        }
    }

    /// The stable code of its type.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Step { .. } => "step",
            Self::Linear { .. } => "linear",
            Self::Judgement => "judgement",
        }
    }
}

impl Item {
    /// Whether it is a gate (★).
    #[must_use]
    pub const fn is_gate(&self) -> bool {
        matches!(self.rule, Rule::Gate)
    }
}

/// Something wrong with a rubric, at a place in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RubricFault {
    /// Where, dotted: `category.2.item.X203.points`.
    pub place: String,
    /// What: a stable code, a key of the translations with `certification-rubric-` before it.
    pub fault: &'static str,
}

/// Why a text is no rubric.
#[derive(Debug, thiserror::Error)]
pub enum RubricError {
    /// It does not read as one.
    #[error("the rubric cannot be read: {0}")]
    Unreadable(String),
    /// It reads, and is wrong.
    #[error("the rubric is wrong: {0:?}")]
    Faulty(Vec<RubricFault>),
}

/// Points that an item may have: sums over all items stay exact.
const MOST_POINTS: u32 = 10_000;

/// Items that a rubric may have: an editor's slip must not fill the database.
const MOST_ITEMS: usize = 500;

impl Rubric {
    /// Reads a rubric from TOML.
    ///
    /// # Errors
    /// When it does not read, or is wrong.
    pub fn from_toml(text: &str) -> Result<Self, RubricError> {
        let rubric: Self =
            toml::from_str(text).map_err(|error| RubricError::Unreadable(error.to_string()))?;
        rubric.checked()
    }

    /// Reads a rubric from JSON, as the editor and the database keep it.
    ///
    /// # Errors
    /// When it does not read, or is wrong.
    pub fn from_json(text: &str) -> Result<Self, RubricError> {
        let rubric: Self =
            serde_json::from_str(text).map_err(|error| RubricError::Unreadable(error.to_string()))?;
        rubric.checked()
    }

    fn checked(self) -> Result<Self, RubricError> {
        let faults = self.faults();
        if faults.is_empty() { Ok(self) } else { Err(RubricError::Faulty(faults)) }
    }

    /// The rubrics that ship with the program.
    ///
    /// # Panics
    /// When a shipped file is wrong; a test reads them.
    #[must_use]
    pub fn shipped() -> Vec<Self> {
        [include_str!("../../data/rubric-2026-100.toml"), include_str!("../../data/rubric-2018-600.toml")]
            .map(|text| Self::from_toml(text).expect("a shipped rubric is right"))
            .into()
    }

    /// All items, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.categories.iter().flat_map(|category| &category.items)
    }

    /// The item with a code.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items().find(|item| item.code == code)
    }

    /// Points in all.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.categories.iter().fold(0, |sum, category| sum.saturating_add(category.points))
    }

    /// The SHA-256 of its canonical JSON, in hex: what an application is bound to.
    ///
    /// # Panics
    /// Never: a rubric is plain data.
    #[must_use]
    pub fn hash(&self) -> String {
        let json = serde_json::to_string(self).expect("a rubric serialises");
        let value = serde_json::from_str(&json).expect("what was written reads");
        hex::encode(Sha256::digest(canonical::json(&value)))
    }

    /// Everything that is wrong with it, by place.
    #[must_use]
    pub fn faults(&self) -> Vec<RubricFault> {
        let mut faults = Faults::default();
        let version = &self.version;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        faults.when(
            version.is_empty() || version.len() > 40 || !version.chars().all(plain),
            "version",
            "version",
        );
        faults.words("name", &self.name);
        faults.when(!is_date(&self.effective_from), "effective_from", "date");
        faults.when(self.effective_to.as_ref().is_some_and(|day| !is_date(day)), "effective_to", "date");
        faults.percent("pass.total_percent", self.pass.total_percent);
        faults.percent("pass.category_percent", self.pass.category_percent);
        for trust in Trust::ALL {
            faults.percent(&format!("trust_share.{trust}"), self.trust_share.of(*trust));
        }
        let rising = Trust::ALL.is_sorted_by_key(|trust| self.trust_share.of(*trust));
        faults.when(!rising, "trust_share", "trust-order");
        let enough = self.eligibility.features as usize <= self.eligibility.feature.len();
        faults.when(!enough, "eligibility.features", "too-many-features");
        let count = self.items().count();
        faults.when(self.categories.is_empty() || count == 0, "category", "empty");
        faults.when(count > MOST_ITEMS, "category", "too-many-items");
        self.item_faults(&mut faults);
        let measures: BTreeSet<&str> = self.items().filter_map(|item| item.rule.measure()).collect();
        for measure in &self.pass.refuse_without {
            faults.when(!measures.contains(measure.as_str()), "pass.refuse_without", "unknown-measure");
        }
        faults.0
    }

    fn item_faults(&self, faults: &mut Faults) {
        let (mut codes, mut items) = (BTreeSet::new(), BTreeSet::new());
        for category in &self.categories {
            let at = format!("category.{}", category.code);
            faults.when(category.code.is_empty() || !codes.insert(&category.code), &at, "code");
            faults.words(&format!("{at}.name"), &category.name);
            let sum: u64 = category.items.iter().map(|item| u64::from(item.points)).sum();
            faults.when(sum != u64::from(category.points), &format!("{at}.points"), "sum");
            faults.when(category.points == 0, &format!("{at}.points"), "no-points");
            if let Some(percent) = category.pass_percent {
                faults.percent(&format!("{at}.pass_percent"), percent);
            }
            for item in &category.items {
                let at = format!("{at}.item.{}", item.code);
                faults.when(item.code.is_empty() || !items.insert(&item.code), &at, "code");
                faults.words(&format!("{at}.name"), &item.name);
                faults.when(item.is_gate() != (item.points == 0), &format!("{at}.points"), "gate-points");
                faults.when(item.points > MOST_POINTS, &format!("{at}.points"), "too-many-points");
                faults.when(item.is_gate() && item.not_applicable, &at, "gate-not-applicable");
                faults.when(item.evidence.is_empty(), &format!("{at}.evidence"), "no-evidence");
                rule_faults(faults, &at, item);
            }
        }
    }
}

fn rule_faults(faults: &mut Faults, at: &str, item: &Item) {
    match &item.rule {
        Rule::Gate | Rule::Judgement => {}
        Rule::Step { measure, better, steps, .. } => {
            faults.when(measure.is_empty(), &format!("{at}.rule.measure"), "measure");
            let finite = steps.iter().all(|step| step.at.is_finite());
            let falling = steps.is_sorted_by(|a, b| a.points > b.points);
            let ordered = match better {
                Better::Lower => steps.is_sorted_by(|a, b| a.at < b.at),
                Better::Higher => steps.is_sorted_by(|a, b| a.at > b.at),
            };
            faults.when(
                steps.is_empty() || !finite || !falling || !ordered,
                &format!("{at}.rule.steps"),
                "steps",
            );
            let best = steps.first().map_or(0, |step| step.points);
            faults.when(best != item.points, &format!("{at}.rule.steps"), "best-step");
        }
        Rule::Linear { measure, from, to, .. } => {
            faults.when(measure.is_empty(), &format!("{at}.rule.measure"), "measure");
            let sound = from.is_finite() && to.is_finite() && from != to;
            faults.when(!sound, &format!("{at}.rule"), "linear");
        }
    }
}

#[derive(Default)]
struct Faults(Vec<RubricFault>);

impl Faults {
    fn when(&mut self, wrong: bool, place: &str, fault: &'static str) {
        if wrong {
            self.0.push(RubricFault { place: place.to_owned(), fault });
        }
    }

    fn percent(&mut self, place: &str, percent: u32) {
        self.when(percent > 100, place, "percent");
    }

    fn words(&mut self, place: &str, words: &Words) {
        let long = words.zh.chars().count() > 300 || words.en.chars().count() > 300;
        self.when(words.zh.trim().is_empty() || words.en.trim().is_empty() || long, place, "words");
    }
}

fn is_date(text: &str) -> bool {
    super::calendar::Day::parse(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hundred() -> Rubric {
        Rubric::shipped().remove(0)
    }

    #[test]
    fn both_shipped_rubrics_read_and_have_their_points() {
        let points: Vec<_> = Rubric::shipped().iter().map(|r| (r.version.clone(), r.points())).collect();
        assert_eq!(points, [("2026-100".to_owned(), 100), ("2018-600".to_owned(), 600)]);
    }

    #[test]
    fn a_rubric_reads_back_from_json_with_the_same_hash() {
        for rubric in Rubric::shipped() {
            let back = Rubric::from_json(&serde_json::to_string(&rubric).unwrap()).unwrap();
            assert_eq!(back.hash(), rubric.hash());
        }
    }

    #[test]
    fn each_slip_of_an_editor_is_found_at_its_place() {
        type Slip = fn(&mut Rubric);
        let slips: [(&str, &str, Slip); 9] = [
            ("version", "version", |r| r.version = "a b".into()),
            ("effective_from", "date", |r| r.effective_from = "2026-13-01".into()),
            ("pass.total_percent", "percent", |r| r.pass.total_percent = 101),
            ("category.1.points", "sum", |r| r.categories[0].points = 14),
            ("category.1.item.X101.points", "gate-points", |r| {
                r.categories[0].items[0].points = 1;
                r.categories[0].points = 16;
            }),
            ("category.1.item.X102", "code", |r| {
                r.categories[0].items[2].code = "X102".into();
            }),
            ("trust_share", "trust-order", |r| r.trust_share.document = 10),
            ("category.1.item.X104.rule.steps", "steps", |r| {
                let Rule::Step { steps, .. } = &mut r.categories[0].items[3].rule else { panic!("a step") };
                steps[1].at = 1.0;
            }),
            ("pass.refuse_without", "unknown-measure", |r| r.pass.refuse_without = vec!["noise".into()]),
        ];
        for (place, fault, slip) in slips {
            let mut rubric = hundred();
            slip(&mut rubric);
            assert_eq!(rubric.faults(), [RubricFault { place: place.to_owned(), fault }]);
        }
    }
}
