//! What answers earn under a rubric. Pure: the same answers and the same rubric, the same score.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    answer::Answer,
    rubric::{Better, EvidenceKind, Item, Pillar, Rubric, Rule, Trust},
};

/// Points, in hundredths: a linear rule earns fractions, and sums must be exact.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(transparent)]
#[schema(as = certification::Points)]
pub struct Points(pub i64);

impl Points {
    /// None.
    pub const ZERO: Self = Self(0);

    /// Whole points.
    #[must_use]
    pub const fn whole(points: u32) -> Self {
        Self(points as i64 * 100)
    }

    /// A fraction of some points, half up (四舍五入).
    #[must_use]
    pub fn share(self, percent: u32) -> Self {
        Self((self.0 * i64::from(percent) + 50).div_euclid(100))
    }
}

impl std::ops::Add for Points {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self::ZERO, |sum, points| sum + points)
    }
}
impl std::fmt::Display for Points {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.abs() / 100, self.0.abs() % 100)
    }
}

/// A piece of evidence, as far as scoring cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Of what kind.
    pub kind: EvidenceKind,
    /// How far it is trusted.
    pub trust: Trust,
}

/// What each answer weighs.
#[derive(Clone, Copy, Debug)]
pub enum Weighing<'a> {
    /// A self-assessment: each item counts to the level of its weakest needed evidence.
    ByEvidence(&'a BTreeMap<String, Vec<Shown>>),
    /// The assessors have seen the evidence themselves: each item counts whole.
    Verified,
}

/// What an item still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "lacks", rename_all = "snake_case")]
#[schema(as = certification::Lack)]
pub enum Lack {
    /// It has no answer.
    Answer,
    /// Its answer needs a reason.
    Reason,
    /// Evidence of a kind is missing.
    Evidence {
        /// Which kind.
        kind: EvidenceKind,
    },
    /// Its evidence is trusted less than asked, and it counts less.
    Trust {
        /// What there is.
        level: Trust,
        /// What is asked.
        wanted: Trust,
    },
}

impl Lack {
    /// Whether an application that lacks it cannot be submitted. Weak evidence only earns less.
    #[must_use]
    pub const fn blocks(self) -> bool {
        !matches!(self, Self::Trust { .. })
    }
}

/// One item's score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = certification::ItemScore)]
pub struct ItemScore {
    /// Which.
    pub code: String,
    /// Whether it applies; one that does not leaves the denominator.
    pub applies: bool,
    /// What it may earn.
    pub available: Points,
    /// What it earns.
    pub earned: Points,
    /// A gate's answer.
    pub passed: Option<bool>,
    /// What it lacks.
    pub lacks: Vec<Lack>,
}

/// One category's score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = certification::CategoryScore)]
pub struct CategoryScore {
    /// Which.
    pub code: String,
    /// What it speaks of.
    pub pillar: Pillar,
    /// Applicable points.
    pub available: Points,
    /// Earned points.
    pub earned: Points,
    /// What it needs, in percent.
    pub needs_percent: u32,
    /// Whether it has it.
    pub passes: bool,
}

/// Why a mall does not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "short", rename_all = "snake_case")]
#[schema(as = certification::Shortfall)]
pub enum Shortfall {
    /// A gate (★) is not passed.
    Gate {
        /// Which item.
        code: String,
    },
    /// The total is too low.
    Total,
    /// A category is too low.
    Category {
        /// Which.
        code: String,
    },
    /// A measure without which a mall is refused.
    Measure {
        /// Which.
        measure: String,
    },
}

/// The whole score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = certification::ScoreCard)]
pub struct ScoreCard {
    /// Item by item, in the rubric's order.
    pub items: Vec<ItemScore>,
    /// Category by category.
    pub categories: Vec<CategoryScore>,
    /// Applicable points.
    pub available: Points,
    /// Earned points.
    pub earned: Points,
    /// Percent of the applicable points, in hundredths of a percent, rounded down: 79.996 is not 80.
    pub percent_hundredths: i64,
    /// Why it does not pass; empty when it does.
    pub shortfalls: Vec<Shortfall>,
}

impl ScoreCard {
    /// Whether it passes.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.shortfalls.is_empty()
    }

    /// What must be filled in before submission, item by item.
    pub fn blocking(&self) -> impl Iterator<Item = (&str, Lack)> {
        let blocks =
            |item: &ItemScore| item.lacks.iter().copied().filter(|lack| lack.blocks()).collect::<Vec<_>>();
        self.items
            .iter()
            .flat_map(move |item| blocks(item).into_iter().map(|lack| (item.code.as_str(), lack)))
    }

    /// Earned and applicable points of a pillar.
    #[must_use]
    pub fn pillar(&self, pillar: Pillar) -> (Points, Points) {
        let of_it = || self.categories.iter().filter(move |category| category.pillar == pillar);
        (of_it().map(|category| category.earned).sum(), of_it().map(|category| category.available).sum())
    }
}

/// Scores answers under a rubric.
#[must_use]
pub fn score(rubric: &Rubric, answers: &BTreeMap<String, Answer>, weighing: Weighing<'_>) -> ScoreCard {
    let nothing = Answer::default();
    let mut card = ScoreCard {
        items: Vec::new(),
        categories: Vec::new(),
        available: Points::ZERO,
        earned: Points::ZERO,
        percent_hundredths: 0,
        shortfalls: Vec::new(),
    };
    for category in &rubric.categories {
        let items: Vec<ItemScore> = category
            .items
            .iter()
            .map(|item| score_item(rubric, item, answers.get(&item.code).unwrap_or(&nothing), weighing))
            .collect();
        let gates = items.iter().filter(|item| item.passed == Some(false));
        card.shortfalls.extend(gates.map(|item| Shortfall::Gate { code: item.code.clone() }));
        let (available, earned) =
            (items.iter().map(|item| item.available).sum(), items.iter().map(|item| item.earned).sum());
        let needs_percent = category.pass_percent.unwrap_or(rubric.pass.category_percent);
        let passes = reaches(earned, available, needs_percent);
        if !passes {
            card.shortfalls.push(Shortfall::Category { code: category.code.clone() });
        }
        let code = category.code.clone();
        card.categories.push(CategoryScore {
            code,
            pillar: category.pillar,
            available,
            earned,
            needs_percent,
            passes,
        });
        card.available = card.available + available;
        card.earned = card.earned + earned;
        card.items.extend(items);
    }
    if !reaches(card.earned, card.available, rubric.pass.total_percent) {
        card.shortfalls.push(Shortfall::Total);
    }
    card.percent_hundredths = (card.earned.0 * 10_000).checked_div(card.available.0).unwrap_or_default();
    card.shortfalls.extend(missing_measures(rubric, answers));
    card
}

/// Exactly: earned / available ≥ percent / 100. A category in which nothing applies stands in nobody's way.
fn reaches(earned: Points, available: Points, percent: u32) -> bool {
    earned.0 * 100 >= available.0 * i64::from(percent)
}

fn missing_measures<'a>(
    rubric: &'a Rubric,
    answers: &'a BTreeMap<String, Answer>,
) -> impl Iterator<Item = Shortfall> + 'a {
    let measured = |measure: &str| {
        let on_it = rubric.items().filter(|item| item.rule.measure() == Some(measure));
        on_it.into_iter().any(|item| answers.get(&item.code).is_some_and(|answer| answer.value.is_some()))
    };
    let needed = rubric.pass.refuse_without.iter();
    needed
        .filter(move |measure| !measured(measure))
        .map(|measure| Shortfall::Measure { measure: measure.clone() })
}

fn score_item(rubric: &Rubric, item: &Item, answer: &Answer, weighing: Weighing<'_>) -> ItemScore {
    let code = item.code.clone();
    if answer.not_applicable && item.not_applicable {
        let lacks = if answer.note.trim().is_empty() { vec![Lack::Reason] } else { Vec::new() };
        let (available, earned) = (Points::ZERO, Points::ZERO);
        return ItemScore { code, applies: false, available, earned, passed: None, lacks };
    }
    let available = Points::whole(item.points);
    let mut lacks = Vec::new();
    if !answer.is_given(&item.rule) {
        lacks.push(Lack::Answer);
    }
    if matches!(item.rule, Rule::Judgement) && answer.points.is_some() && answer.note.trim().is_empty() {
        lacks.push(Lack::Reason);
    }
    let share = match weighing {
        Weighing::Verified => 100,
        Weighing::ByEvidence(evidence) => {
            let shown = evidence.get(&item.code).map_or(&[][..], Vec::as_slice);
            evidence_share(rubric, item, shown, &mut lacks)
        }
    };
    let passed = item.is_gate().then(|| answer.passed == Some(true) && share > 0);
    let earned = raw_points(item, answer).share(share);
    ItemScore { code, applies: true, available, earned, passed, lacks }
}

/// The percent that an item counts for: that of its weakest needed evidence (our draft, domain §4.4).
fn evidence_share(rubric: &Rubric, item: &Item, shown: &[Shown], lacks: &mut Vec<Lack>) -> u32 {
    let mut level = Trust::VerifiedBySystem;
    let mut missing = false;
    for kind in &item.evidence {
        // What this program knows by itself is evidence of any kind.
        let of_kind = |one: &&Shown| one.kind == *kind || one.trust == Trust::VerifiedBySystem;
        match shown.iter().filter(of_kind).map(|one| one.trust).max() {
            Some(best) => level = level.min(best),
            None => {
                missing = true;
                lacks.push(Lack::Evidence { kind: *kind });
            }
        }
    }
    if missing {
        return 0;
    }
    if level >= item.trust {
        return 100;
    }
    lacks.push(Lack::Trust { level, wanted: item.trust });
    rubric.trust_share.of(level)
}

/// What an answer earns by its rule alone.
#[must_use]
pub fn raw_points(item: &Item, answer: &Answer) -> Points {
    let most = Points::whole(item.points);
    match &item.rule {
        Rule::Gate => Points::ZERO,
        Rule::Judgement => answer.points.unwrap_or_default().clamp(Points::ZERO, most),
        Rule::Step { better, steps, .. } => {
            let Some(value) = answer.value.filter(|value| value.is_finite()) else { return Points::ZERO };
            let met = steps.iter().find(|step| match better {
                Better::Higher => value >= step.at,
                Better::Lower => value <= step.at,
            });
            met.map_or(Points::ZERO, |step| Points::whole(step.points))
        }
        Rule::Linear { from, to, .. } => {
            let Some(value) = answer.value.filter(|value| value.is_finite()) else { return Points::ZERO };
            let share = ((value - from) / (to - from)).clamp(0.0, 1.0);
            #[expect(clippy::cast_possible_truncation, reason = "between 0 and the points of an item")]
            #[expect(clippy::cast_precision_loss, reason = "points of an item are far below 2^52")]
            Points((share * most.0 as f64 + 0.5).floor() as i64)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rubric() -> Rubric {
        Rubric::shipped().remove(0)
    }

    /// Everything at its best.
    pub(crate) fn best(rubric: &Rubric) -> BTreeMap<String, Answer> {
        let answer = |item: &Item| match &item.rule {
            Rule::Gate => Answer { passed: Some(true), ..Answer::default() },
            Rule::Judgement => {
                Answer { points: Some(Points::whole(item.points)), note: "好".into(), ..Answer::default() }
            }
            Rule::Step { steps, .. } => Answer { value: Some(steps[0].at), ..Answer::default() },
            Rule::Linear { to, .. } => Answer { value: Some(*to), ..Answer::default() },
        };
        rubric.items().map(|item| (item.code.clone(), answer(item))).collect()
    }

    fn whole(rubric: &Rubric) -> BTreeMap<String, Vec<Shown>> {
        let shown =
            |item: &Item| item.evidence.iter().map(|kind| Shown { kind: *kind, trust: item.trust }).collect();
        rubric.items().map(|item| (item.code.clone(), shown(item))).collect()
    }

    #[test]
    fn the_best_mall_has_all_points_and_passes() {
        for rubric in Rubric::shipped() {
            let card = score(&rubric, &best(&rubric), Weighing::ByEvidence(&whole(&rubric)));
            assert_eq!(
                (card.earned, card.available),
                (Points::whole(rubric.points()), Points::whole(rubric.points()))
            );
            assert_eq!((card.passes(), card.percent_hundredths, card.blocking().count()), (true, 10_000, 0));
        }
    }

    #[test]
    fn each_rule_earns_what_its_words_say() {
        let rubric = rubric();
        let earn = |code: &str, value: f64| {
            raw_points(rubric.item(code).unwrap(), &Answer { value: Some(value), ..Answer::default() })
                .to_string()
        };
        // X104, step, lower is better: 120 → 5, 150 → 4 ... ; X203, linear from 50 to 100 %, 6 points.
        assert_eq!([earn("X104", 120.0), earn("X104", 120.1), earn("X104", 400.0)], ["5.00", "4.00", "0.00"]);
        assert_eq!(
            [earn("X203", 50.0), earn("X203", 62.5), earn("X203", 99.96), earn("X203", 120.0)],
            ["0.00", "1.50", "6.00", "6.00"]
        );
        // X204, step, higher is better.
        assert_eq!([earn("X204", 80.0), earn("X204", 79.9), earn("X204", 0.0)], ["8.00", "5.00", "0.00"]);
    }

    #[test]
    fn what_does_not_apply_leaves_the_denominator_when_there_is_a_reason() {
        let rubric = rubric();
        let mut answers = best(&rubric);
        answers.insert(
            "X208".into(),
            Answer { not_applicable: true, note: "屋顶不承重".into(), ..Answer::default() },
        );
        let card = score(&rubric, &answers, Weighing::Verified);
        assert_eq!((card.available, card.earned), (Points::whole(97), Points::whole(97)));
        answers.insert("X208".into(), Answer { not_applicable: true, ..Answer::default() });
        let card = score(&rubric, &answers, Weighing::Verified);
        assert_eq!(card.blocking().collect::<Vec<_>>(), [("X208", Lack::Reason)]);
        // One that always applies stays in it.
        answers
            .insert("X103".into(), Answer { not_applicable: true, note: "不想".into(), ..Answer::default() });
        assert_eq!(score(&rubric, &answers, Weighing::Verified).available, Points::whole(97));
    }

    #[test]
    fn an_item_counts_to_the_level_of_its_weakest_needed_evidence() {
        let rubric = rubric();
        let mut evidence = whole(&rubric);
        // X207 needs meter data and an inventory at `document`: 5 points.
        let weak = |trust| {
            vec![
                Shown { kind: EvidenceKind::MeterData, trust: Trust::Measured },
                Shown { kind: EvidenceKind::Inventory, trust },
            ]
        };
        for (trust, earned) in [(Trust::Document, 500), (Trust::SelfDeclared, 250)] {
            evidence.insert("X207".into(), weak(trust));
            let card = score(&rubric, &best(&rubric), Weighing::ByEvidence(&evidence));
            assert_eq!(card.items.iter().find(|item| item.code == "X207").unwrap().earned, Points(earned));
        }
        evidence.insert("X207".into(), vec![]);
        let card = score(&rubric, &best(&rubric), Weighing::ByEvidence(&evidence));
        let item = card.items.iter().find(|item| item.code == "X207").unwrap();
        assert_eq!((item.earned, item.lacks.len()), (Points::ZERO, 2));
    }

    #[test]
    fn a_mall_passes_at_exactly_its_mark_and_not_a_hundredth_below() {
        let rubric = rubric();
        let mut answers = best(&rubric);
        // Category 5 has 10 points and needs 60 %: 5 + 1 of judgement are 6.
        let judged =
            |points| Answer { points: Some(Points(points)), note: "评".into(), ..Answer::default() };
        answers.insert("X502".into(), judged(100));
        answers.insert("X503".into(), Answer { value: Some(0.0), ..Answer::default() });
        assert!(score(&rubric, &answers, Weighing::Verified).passes());
        answers.insert("X502".into(), judged(99));
        let card = score(&rubric, &answers, Weighing::Verified);
        assert_eq!(card.shortfalls, [Shortfall::Category { code: "5".into() }]);
    }

    #[test]
    fn no_readings_is_a_refusal_and_not_a_zero() {
        let rubric = rubric();
        let mut answers = best(&rubric);
        answers.remove("X104");
        let card = score(&rubric, &answers, Weighing::Verified);
        assert_eq!(card.shortfalls, [Shortfall::Measure { measure: "kwh_per_m2".into() }]);
    }

    proptest! {
        #[test]
        fn one_gate_that_fails_fails_the_whole(which in 0usize..3, rest in proptest::collection::vec(0i64..=100, 29)) {
            let rubric = rubric();
            let mut answers = best(&rubric);
            for (answer, share) in answers.values_mut().zip(rest) {
                if let Some(points) = &mut answer.points { points.0 = points.0 * share / 100; }
            }
            let gates: Vec<_> = rubric.items().filter(|item| item.is_gate()).map(|item| item.code.clone()).collect();
            answers.insert(gates[which].clone(), Answer { passed: Some(false), ..Answer::default() });
            let card = score(&rubric, &answers, Weighing::Verified);
            prop_assert!(!card.passes());
            let named = card.shortfalls.contains(&Shortfall::Gate { code: gates[which].clone() });
            prop_assert!(named);
        }

        #[test]
        fn a_score_never_leaves_its_bounds(values in proptest::collection::vec(-1e6f64..1e6, 29)) {
            let rubric = rubric();
            let mut answers = best(&rubric);
            for (answer, value) in answers.values_mut().zip(values) {
                if answer.value.is_some() { answer.value = Some(value); }
            }
            let card = score(&rubric, &answers, Weighing::Verified);
            for item in &card.items {
                prop_assert!(item.earned >= Points::ZERO && item.earned <= item.available);
            }
            prop_assert_eq!(card.earned, card.items.iter().map(|item| item.earned).sum::<Points>());
        }
    }
}
