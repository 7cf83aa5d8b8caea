//! What a retrofit saved (IPMVP option C, whole facility), with its uncertainty (ASHRAE Guideline 14).

use serde::Serialize;

use super::{
    EnergyPlan, MonthRow, Series,
    regression::{Fit, FitError, fit, student_t},
};
use crate::model::{calendar::Month, terms::Terms};

/// ASHRAE Guideline 14's factor in the uncertainty of models with several drivers (from memory of its equation 5-7; the exact
/// error of the sum is reckoned beside it).
const GUIDELINE_FACTOR: f64 = 1.26;

/// A coefficient of the baseline model.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::ModelTerm)]
pub struct ModelTerm {
    /// The driver's code; `constant` for the base load.
    pub name: String,
    /// Units of the carrier per unit of the driver.
    pub coefficient: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// One month after the retrofit.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::MonthSaving)]
pub struct MonthSaving {
    /// Which month.
    #[schema(value_type = String)]
    pub month: Month,
    /// What the model says would have been used.
    pub expected: f64,
    /// What was used.
    pub used: f64,
    /// The difference; negative when more was used.
    pub saved: f64,
}

/// The savings of a carrier.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::Savings)]
pub struct Savings {
    /// The model, the constant first.
    pub model: Vec<ModelTerm>,
    /// Baseline months: what was used, and what the model says.
    #[schema(value_type = Vec<MonthSaving>)]
    pub baseline: Vec<MonthSaving>,
    /// R² of the model.
    pub r_squared: f64,
    /// CV(RMSE) of the model, percent.
    pub cv_rmse_percent: f64,
    /// Months after the retrofit.
    pub months: Vec<MonthSaving>,
    /// Months of either period without a reading or a driver, and left out.
    #[schema(value_type = Vec<String>)]
    pub gaps: Vec<Month>,
    /// Baseline months whose residual is an outlier. They are not left out: that is the mall's to explain.
    #[schema(value_type = Vec<String>)]
    pub outliers: Vec<Month>,
    /// Saved in all, in the carrier's unit.
    pub saved: f64,
    /// Saved in percent of what was expected.
    pub saved_percent: f64,
    /// Half the width of the interval, in the carrier's unit, at `confidence_percent`.
    pub uncertainty: f64,
    /// The same in percent of the savings.
    pub uncertainty_percent: f64,
    /// Half the width by the exact error of the sum of predictions, for comparison.
    pub exact_uncertainty: f64,
    /// The confidence of both.
    pub confidence_percent: f64,
    /// Saved, in kWh.
    pub kwh: f64,
    /// Kept out of the air, in kg CO₂e.
    pub kg_co2e: f64,
    /// Where the factor comes from.
    pub factor_source: String,
    /// Why the model is weak; empty when it is within the terms.
    pub weak: Vec<&'static str>,
}

/// Why savings cannot be reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SavingsError {
    /// Too few whole months in the baseline.
    #[error("the baseline has {found} whole months, {needed} are needed")]
    Baseline {
        /// Whole months.
        found: usize,
        /// Needed.
        needed: usize,
    },
    /// No whole month after the retrofit.
    #[error("there is no whole month after the retrofit")]
    Reporting,
    /// A driver is constant, or follows from the others.
    #[error("the drivers are not independent")]
    Drivers,
}

struct Observed {
    months: Vec<Month>,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
}

/// Reckons the savings of a plan.
///
/// # Errors
/// When there is not enough to go by.
pub fn assess(series: &Series, plan: &EnergyPlan, terms: &Terms) -> Result<Savings, SavingsError> {
    let mut gaps = Vec::new();
    let before = observe(series, plan, plan.baseline.months(), &mut gaps);
    let needed = terms.energy.baseline_months.max(plan.drivers.len() + 2);
    if before.months.len() < needed {
        return Err(SavingsError::Baseline { found: before.months.len(), needed });
    }
    let after = observe(series, plan, plan.reporting.months(), &mut gaps);
    if after.months.is_empty() {
        return Err(SavingsError::Reporting);
    }
    let fit = fit(&before.x, &before.y).map_err(|error| match error {
        FitError::TooFew => SavingsError::Baseline { found: before.months.len(), needed },
        FitError::Dependent => SavingsError::Drivers,
    })?;
    Ok(report(plan, terms, &fit, &before, &after, gaps))
}

fn observe(
    series: &Series,
    plan: &EnergyPlan,
    months: impl Iterator<Item = Month>,
    gaps: &mut Vec<Month>,
) -> Observed {
    let mut observed = Observed { months: Vec::new(), x: Vec::new(), y: Vec::new() };
    let nothing = MonthRow::default();
    for month in months {
        let row = series.get(&month).unwrap_or(&nothing);
        let drivers: Option<Vec<f64>> =
            plan.drivers.iter().map(|driver| row.driver(month, *driver)).collect();
        match (row.used(plan.carrier), drivers) {
            (Some(used), Some(drivers)) => {
                observed.months.push(month);
                observed.x.push(drivers);
                observed.y.push(used);
            }
            _ => gaps.push(month),
        }
    }
    observed
}

fn report(
    plan: &EnergyPlan,
    terms: &Terms,
    fit: &Fit,
    before: &Observed,
    after: &Observed,
    gaps: Vec<Month>,
) -> Savings {
    let compared = |observed: &Observed| -> Vec<MonthSaving> {
        let rows = observed.months.iter().zip(&observed.x).zip(&observed.y);
        rows.map(|((month, x), used)| {
            let expected = fit.predict(x);
            MonthSaving { month: *month, expected, used: *used, saved: expected - used }
        })
        .collect()
    };
    let months = compared(after);
    let expected: f64 = months.iter().map(|month| month.expected).sum();
    let saved: f64 = months.iter().map(|month| month.saved).sum();
    let t = student_t(terms.energy.confidence_percent / 100.0, fit.degrees);
    let cv_rmse = fit.rmse / fit.mean;
    #[expect(clippy::cast_precision_loss, reason = "months, far below 2^52")]
    let (n, m) = (before.y.len() as f64, after.y.len() as f64);
    // Guideline 14: ΔE / E_saved = 1.26 t CV(RMSE) / F · √((1 + 2/n) / m), with F = E_saved / E_expected.
    let uncertainty = t * GUIDELINE_FACTOR * cv_rmse * expected.abs() * ((1.0 + 2.0 / n) / m).sqrt();
    let percent_of = |part: f64, whole: f64| if whole == 0.0 { f64::INFINITY } else { 100.0 * part / whole };
    let uncertainty_percent = percent_of(uncertainty, saved.abs()).min(9_999.0);
    let outliers = before.months.iter().zip(&fit.studentised);
    let outliers = outliers.filter(|(_, residual)| residual.abs() > terms.energy.outlier_residuals);
    let names = std::iter::once("constant".to_owned()).chain(plan.drivers.iter().map(ToString::to_string));
    let coefficients = fit.coefficients.iter().zip(&fit.standard_errors);
    let model = names
        .zip(coefficients)
        .map(|(name, (coefficient, standard_error))| ModelTerm {
            name,
            coefficient: *coefficient,
            standard_error: *standard_error,
        })
        .collect();
    let factor = terms.carrier(plan.carrier);
    let mut weak = Vec::new();
    let mut weak_when = |is: bool, why| {
        if is {
            weak.push(why);
        }
    };
    weak_when(100.0 * cv_rmse > terms.energy.max_cv_rmse_percent, "cv-rmse");
    weak_when(fit.r_squared < terms.energy.min_r_squared && !plan.drivers.is_empty(), "r-squared");
    weak_when(uncertainty_percent > terms.energy.max_uncertainty_percent, "uncertainty");
    weak_when(!gaps.is_empty(), "gaps");
    Savings {
        model,
        baseline: compared(before),
        r_squared: fit.r_squared,
        cv_rmse_percent: 100.0 * cv_rmse,
        outliers: outliers.map(|(month, _)| *month).collect(),
        gaps,
        saved,
        saved_percent: percent_of(saved, expected).clamp(-9_999.0, 9_999.0),
        uncertainty,
        uncertainty_percent,
        exact_uncertainty: t * fit.sum_error(&after.x),
        confidence_percent: terms.energy.confidence_percent,
        kwh: saved * factor.kwh,
        kg_co2e: saved * factor.kg_co2e,
        factor_source: factor.source.clone(),
        weak,
        months,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Carrier, Driver, Period},
        *,
    };
    use crate::model::terms;

    fn month(text: &str) -> Month {
        Month::parse(text).unwrap()
    }

    pub(crate) fn plan() -> EnergyPlan {
        EnergyPlan {
            carrier: Carrier::Electricity,
            baseline: Period { from: month("2024-01"), to: month("2024-12") },
            reporting: Period { from: month("2025-01"), to: month("2025-12") },
            drivers: vec![Driver::CoolingDegreeDays, Driver::HeatingDegreeDays],
        }
    }

    /// Two made-up years of a mall: kWh, HDD18, CDD26 from January 2024 on.
    const YEARS: [(f64, f64, f64); 24] = [
        (905_000.0, 590.0, 0.0),
        (861_000.0, 470.0, 0.0),
        (790_500.0, 300.0, 0.0),
        (702_000.0, 95.0, 0.0),
        (668_200.0, 10.0, 12.0),
        (801_300.0, 0.0, 68.0),
        (921_000.0, 0.0, 120.0),
        (868_400.0, 0.0, 95.0),
        (684_900.0, 15.0, 20.0),
        (703_900.0, 110.0, 0.0),
        (806_000.0, 340.0, 0.0),
        (886_100.0, 540.0, 0.0),
        (792_000.0, 560.0, 0.0),
        (766_400.0, 490.0, 0.0),
        (689_000.0, 270.0, 0.0),
        (607_100.0, 80.0, 2.0),
        (593_000.0, 5.0, 18.0),
        (739_800.0, 0.0, 80.0),
        (845_500.0, 0.0, 131.0),
        (781_000.0, 0.0, 102.0),
        (598_800.0, 10.0, 15.0),
        (622_500.0, 125.0, 0.0),
        (701_000.0, 310.0, 0.0),
        (795_000.0, 565.0, 0.0),
    ];

    fn series() -> Series {
        let row = |(kwh, hdd, cdd): (f64, f64, f64)| MonthRow {
            electricity: Some(kwh),
            hdd: Some(hdd),
            cdd: Some(cdd),
            ..MonthRow::default()
        };
        (0..).zip(YEARS).map(|(n, values)| (month("2024-01").plus(n), row(values))).collect()
    }

    /// The figures were got with numpy 2.4.6 (linalg.lstsq on [1, CDD, HDD]) and scipy 1.17.1 (stats.t.ppf(0.95, 9)), from
    /// the formulas of the guideline written out again there.
    #[test]
    fn a_worked_example_agrees_with_numpy_and_scipy() {
        let found = assess(&series(), &plan(), terms()).unwrap();
        let near =
            |found: f64, wanted: f64| assert!((found / wanted - 1.0).abs() < 1e-9, "{found} is not {wanted}");
        near(found.model[0].coefficient, 647_741.980_454_246_5);
        near(found.model[1].coefficient, 2_273.124_180_164_403_2);
        near(found.model[2].coefficient, 449.134_460_646_664_5);
        near(found.r_squared, 0.991_933_483_099_023_7);
        near(found.cv_rmse_percent, 1.129_494_895_364_015);
        near(found.saved, 1_117_510.702_609_855_7);
        near(found.saved_percent, 11.582_089_246_357_302);
        near(found.uncertainty_percent, 7.023_278_718_504_98);
        near(found.uncertainty, 78_485.891_353_413_48);
        near(found.exact_uncertainty, 81_233.587_058_779_89);
        assert!(found.weak.is_empty() && found.gaps.is_empty() && found.outliers.is_empty());
        near(found.kg_co2e, 1_117_510.702_609_855_7 * 0.5366);
    }

    #[test]
    fn a_mall_that_changed_nothing_saved_nothing_within_its_uncertainty() {
        let mut same = series();
        for n in 0..12 {
            let baseline = same[&month("2024-01").plus(n)].clone();
            same.insert(month("2025-01").plus(n), baseline);
        }
        let found = assess(&same, &plan(), terms()).unwrap();
        assert!(found.saved.abs() < 1e-3 && found.uncertainty > 10_000.0);
        assert!(found.weak.contains(&"uncertainty"));
    }

    #[test]
    fn a_month_without_a_reading_is_a_gap_and_a_wild_one_an_outlier() {
        let mut doubtful = series();
        doubtful.remove(&month("2025-03"));
        doubtful.get_mut(&month("2024-08")).unwrap().electricity = Some(1_500_000.0);
        let found = assess(&doubtful, &plan(), terms()).unwrap();
        assert_eq!(
            (found.gaps.clone(), found.outliers.clone()),
            (vec![month("2025-03")], vec![month("2024-08")])
        );
        assert!(found.weak.contains(&"gaps") && found.weak.contains(&"r-squared"));
        doubtful.remove(&month("2024-02"));
        let short = assess(&doubtful, &plan(), terms());
        assert_eq!(short, Err(SavingsError::Baseline { found: 11, needed: 12 }));
    }
}
