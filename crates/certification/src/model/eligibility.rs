//! Who may apply (domain §4.2). A small mall is welcome; what must hold must hold.

use serde::Serialize;

use super::{answer::Facts, calendar::Day, rubric::Rubric};

/// One point of the eligibility check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct EligibilityPoint {
    /// Which: `facts`, `open`, `meters`, `features`, or the code of a statement.
    pub code: String,
    /// Whether it holds.
    pub holds: bool,
    /// What there is.
    pub found: String,
    /// What is asked.
    pub wanted: String,
}

/// The outcome of the check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Eligible {
    /// Point by point.
    pub points: Vec<EligibilityPoint>,
    /// Whether it is a large mall, of the programme's core.
    pub large: bool,
}

impl Eligible {
    /// Whether all holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.points.iter().all(|point| point.holds)
    }
}

/// Checks a mall's facts; `meter_months` are the months of electricity readings that there are without a gap.
#[must_use]
pub fn check(rubric: &Rubric, facts: &Facts, meter_months: u32, today: Day) -> Eligible {
    let rules = &rubric.eligibility;
    let mut points = Vec::new();
    let mut point = |code: &str, holds: bool, found: String, wanted: String| {
        points.push(EligibilityPoint { code: code.to_owned(), holds, found, wanted });
    };
    let blank = [&facts.name, &facts.legal_person, &facts.uscc, &facts.address]
        .into_iter()
        .filter(|t| t.trim().is_empty());
    let missing = blank.count()
        + [
            facts.district.is_none(),
            facts.format.is_none(),
            facts.area_m2.is_none(),
            facts.opened_on.is_none(),
        ]
        .into_iter()
        .filter(|missing| *missing)
        .count();
    point("facts", missing == 0, (8 - missing).to_string(), "8".to_owned());
    let open =
        facts.opened_on.as_deref().and_then(Day::parse).map_or(0, |day| day.months_until(today).max(0));
    point(
        "open",
        open >= i32::try_from(rules.months_open).unwrap_or(i32::MAX),
        open.to_string(),
        rules.months_open.to_string(),
    );
    point(
        "meters",
        meter_months >= rules.meter_months,
        meter_months.to_string(),
        rules.meter_months.to_string(),
    );
    let features = rules.feature.iter().filter(|feature| facts.features.contains(&feature.code)).count();
    point("features", features >= rules.features as usize, features.to_string(), rules.features.to_string());
    for gate in &rules.gate {
        let said = facts.statements.get(&gate.code).copied();
        point(
            &gate.code,
            said == Some(true),
            said.map_or_else(String::new, |yes| yes.to_string()),
            "true".to_owned(),
        );
    }
    Eligible { points, large: facts.area_m2.is_some_and(|area| area >= rules.area_m2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(rubric: &Rubric) -> Facts {
        Facts {
            name: "绿环广场".into(),
            legal_person: "北京绿环商业管理有限公司".into(),
            uscc: "91110000101623741K".into(),
            district: Some("110105".into()),
            address: "双井 1 号".into(),
            format: Some(super::super::MallFormat::ShoppingCentre),
            area_m2: Some(100_000.0),
            opened_on: Some("2025-03-01".into()),
            features: ["ev-chargers", "renewable", "chain"].map(str::to_owned).into(),
            statements: rubric.eligibility.gate.iter().map(|gate| (gate.code.clone(), true)).collect(),
            ..Facts::default()
        }
    }

    #[test]
    fn a_mall_that_has_all_may_apply_and_one_point_less_may_not() {
        let rubric = Rubric::shipped().remove(0);
        let today = Day::parse("2026-03-01").unwrap();
        let good = facts(&rubric);
        assert!(check(&rubric, &good, 12, today).holds() && check(&rubric, &good, 12, today).large);
        assert!(!check(&rubric, &good, 11, today).holds());
        assert!(!check(&rubric, &good, 12, Day::parse("2026-02-28").unwrap()).holds());
        let mut fewer = good.clone();
        fewer.features.remove("chain");
        assert!(!check(&rubric, &fewer, 12, today).holds());
        let mut accident = good.clone();
        accident.statements.insert("no-accident".into(), false);
        assert!(!check(&rubric, &accident, 12, today).holds());
        let small = Facts { area_m2: Some(99_999.0), ..good };
        assert!(check(&rubric, &small, 12, today).holds() && !check(&rubric, &small, 12, today).large);
    }
}
