//! Where independent scores differ, and what the panel agrees on.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    answer::Answer,
    rubric::{Item, Rubric, Rule},
    scoring::{Points, raw_points},
};

/// How the panel's scores of one item lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::Spread)]
pub struct Spread {
    /// Which item.
    pub code: String,
    /// Each assessor's points, in the order of the sheets.
    pub points: Vec<Points>,
    /// Whether they differ so much, or on whether a gate is passed or the item applies, that a reason is owed.
    pub needs_reason: bool,
}

/// How the sealed sheets lie, item by item.
#[must_use]
pub fn spreads(rubric: &Rubric, sheets: &[BTreeMap<String, Answer>], gap_percent: u32) -> Vec<Spread> {
    let nothing = Answer::default();
    rubric
        .items()
        .map(|item| {
            let answers: Vec<&Answer> =
                sheets.iter().map(|sheet| sheet.get(&item.code).unwrap_or(&nothing)).collect();
            let points: Vec<Points> = answers.iter().map(|answer| raw_points(item, answer)).collect();
            Spread {
                code: item.code.clone(),
                needs_reason: differs(item, &answers, &points, gap_percent),
                points,
            }
        })
        .collect()
}

fn differs(item: &Item, answers: &[&Answer], points: &[Points], gap_percent: u32) -> bool {
    let alike = |pick: fn(&Answer) -> bool| answers.windows(2).all(|two| pick(two[0]) == pick(two[1]));
    if !alike(|answer| answer.not_applicable) || !alike(|answer| answer.passed == Some(true)) {
        return true;
    }
    let (low, high) = (points.iter().min(), points.iter().max());
    let gap = high.map_or(0, |points| points.0) - low.map_or(0, |points| points.0);
    gap * 100 > Points::whole(item.points).0 * i64::from(gap_percent)
}

/// What the panel agrees on where it says nothing else: the middle of the sheets (of an odd number there is one). For a
/// judged item the points, for a measured one the value, for a gate and for whether it applies the majority.
#[must_use]
pub fn middle(item: &Item, answers: &[&Answer]) -> Answer {
    let majority =
        |pick: fn(&Answer) -> bool| answers.iter().filter(|answer| pick(answer)).count() * 2 > answers.len();
    let notes: Vec<&str> =
        answers.iter().map(|answer| answer.note.trim()).filter(|note| !note.is_empty()).collect();
    let note = notes.join("\n");
    if item.not_applicable && majority(|answer| answer.not_applicable) {
        return Answer { not_applicable: true, note, ..Answer::default() };
    }
    let applying = || answers.iter().filter(|answer| !answer.not_applicable);
    match &item.rule {
        Rule::Gate => {
            Answer { passed: Some(majority(|answer| answer.passed == Some(true))), note, ..Answer::default() }
        }
        Rule::Judgement => {
            let mut points: Vec<Points> = applying().filter_map(|answer| answer.points).collect();
            points.sort();
            Answer { points: points.get(points.len() / 2).copied(), note, ..Answer::default() }
        }
        Rule::Step { .. } | Rule::Linear { .. } => {
            let mut values: Vec<f64> = applying().filter_map(|answer| answer.value).collect();
            values.sort_by(f64::total_cmp);
            Answer { value: values.get(values.len() / 2).copied(), note, ..Answer::default() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(points: i64) -> Answer {
        Answer { points: Some(Points(points)), note: "看过".into(), ..Answer::default() }
    }

    fn sheets(code: &str, answers: [Answer; 3]) -> Vec<BTreeMap<String, Answer>> {
        answers.into_iter().map(|answer| BTreeMap::from([(code.to_owned(), answer)])).collect()
    }

    fn owed(code: &str, answers: [Answer; 3]) -> bool {
        let rubric = Rubric::shipped().remove(0);
        let all = spreads(&rubric, &sheets(code, answers), 20);
        all.into_iter().find(|spread| spread.code == code).unwrap().needs_reason
    }

    #[test]
    fn more_than_a_fifth_of_the_points_apart_needs_a_reason() {
        // X103 has 5 points: a fifth is 1.
        assert!(!owed("X103", [judged(400), judged(500), judged(450)]));
        assert!(owed("X103", [judged(399), judged(500), judged(450)]));
    }

    #[test]
    fn a_gate_and_whether_an_item_applies_are_agreed_by_reason_alone() {
        let gate = |passed| Answer { passed: Some(passed), ..Answer::default() };
        assert!(owed("X101", [gate(true), gate(true), gate(false)]));
        assert!(!owed("X101", [gate(true), gate(true), gate(true)]));
        let not = Answer { not_applicable: true, note: "无".into(), ..Answer::default() };
        assert!(owed("X208", [judged(0), judged(0), not]));
    }

    #[test]
    fn the_middle_of_three_is_what_one_of_them_said() {
        let rubric = Rubric::shipped().remove(0);
        let item = rubric.item("X103").unwrap();
        let three = [judged(100), judged(500), judged(300)];
        assert_eq!(middle(item, &three.iter().collect::<Vec<_>>()).points, Some(Points(300)));
        let gate = rubric.item("X101").unwrap();
        let said = |passed| Answer { passed: Some(passed), ..Answer::default() };
        let two_to_one = [said(false), said(true), said(false)];
        assert_eq!(middle(gate, &two_to_one.iter().collect::<Vec<_>>()).passed, Some(false));
    }
}
