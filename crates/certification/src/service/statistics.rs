//! Figures by district and pillar, from the certificates themselves.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;

use super::{Certification, code, from_json};
use crate::{
    Error,
    entity::{application, certificate},
    model::{CertificateState, Pillar, Points, State, terms},
};

/// Points of a pillar over all certificates in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::PillarStatistics)]
pub struct PillarStatistics {
    /// Which.
    pub pillar: Pillar,
    /// Points earned.
    pub earned: Points,
    /// Points to be earned.
    pub available: Points,
}

/// A district.
#[derive(Clone, Debug, Default, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DistrictStatistics {
    /// District code.
    pub district: String,
    /// Certificates in force.
    pub in_force: usize,
    /// Certificates suspended or revoked.
    pub struck: usize,
    /// Floor area of malls in force, m².
    pub area_m2: f64,
    /// kWh saved a year, by the malls' baselines.
    pub saved_kwh: f64,
    /// kg CO₂e kept out of the air a year.
    pub saved_kg_co2e: f64,
    /// kWh per m² and year, by area over the malls that say it.
    pub kwh_per_m2: Option<f64>,
    /// Grams of waste a year.
    pub waste_grams: i64,
    /// Grams of it that were recovered.
    pub recovered_grams: i64,
    /// Recovered in percent.
    pub diversion_percent: Option<f64>,
}

/// The figures of the city.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::Statistics)]
pub struct Statistics {
    /// Applications by state.
    #[schema(value_type = Object)]
    pub applications: BTreeMap<String, i64>,
    /// Of the decided ones, how many were listed, in percent.
    pub pass_percent: Option<f64>,
    /// By district code.
    pub districts: Vec<DistrictStatistics>,
    /// By pillar.
    pub pillars: Vec<PillarStatistics>,
    /// Where the emission factor of electricity comes from.
    pub factor_source: String,
}

#[derive(FromQueryResult)]
struct StateCount {
    state: String,
    count: i64,
}

impl Certification {
    /// The figures, for anyone. Each traces to certificates of the register.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn statistics(&self) -> Result<Statistics, Error> {
        let db = self.store().reader();
        let counts: Vec<StateCount> = application::Entity::find()
            .select_only()
            .column(application::Column::State)
            .column_as(Expr::col(application::Column::Id).count(), "count")
            .filter(application::Column::State.ne(State::Draft.code()))
            .group_by(application::Column::State)
            .into_model()
            .all(db)
            .await?;
        let applications: BTreeMap<String, i64> =
            counts.into_iter().map(|row| (row.state, row.count)).collect();
        let count = |state: State| applications.get(state.code()).copied().unwrap_or_default();
        let listed = count(State::Listed);
        let decided = listed + count(State::Refused) + count(State::Closed) + count(State::Appealed);
        let rows = certificate::Entity::find().all(db).await?;
        let mut districts: BTreeMap<String, District> = BTreeMap::new();
        let mut pillars: BTreeMap<Pillar, (i64, i64)> = BTreeMap::new();
        for row in &rows {
            let state: CertificateState = code(&row.state)?;
            districts.entry(row.district.clone()).or_default().add(row, state);
            if state.is_in_force() {
                let points: BTreeMap<Pillar, (Points, Points)> = from_json(&row.pillars)?;
                for (pillar, (earned, available)) in points {
                    let sum = pillars.entry(pillar).or_default();
                    *sum = (sum.0 + earned.0, sum.1 + available.0);
                }
            }
        }
        Ok(Statistics {
            pass_percent: percent(listed, decided),
            applications,
            districts: districts.into_iter().map(|(code, district)| district.finish(code)).collect(),
            pillars: pillars
                .into_iter()
                .map(|(pillar, (earned, available))| PillarStatistics {
                    pillar,
                    earned: Points(earned),
                    available: Points(available),
                })
                .collect(),
            factor_source: terms().carrier(crate::energy::Carrier::Electricity).source.clone(),
        })
    }
}

#[derive(Default)]
struct District {
    figures: DistrictStatistics,
    metered_area: f64,
    metered_kwh: f64,
}

impl District {
    fn add(&mut self, row: &certificate::Model, state: CertificateState) {
        match state {
            CertificateState::Suspended
            | CertificateState::Revoked
            | CertificateState::RevocationAppealed => {
                self.figures.struck += 1;
            }
            CertificateState::Active | CertificateState::UnderReview => {
                self.figures.in_force += 1;
                self.figures.area_m2 += row.area_m2;
                self.figures.saved_kwh += row.saved_kwh;
                self.figures.saved_kg_co2e += row.saved_kg_co2e;
                self.figures.waste_grams += row.waste_grams;
                self.figures.recovered_grams += row.recovered_grams;
                if let Some(intensity) = row.kwh_per_m2 {
                    self.metered_area += row.area_m2;
                    self.metered_kwh += intensity * row.area_m2;
                }
            }
            CertificateState::Expired | CertificateState::Renewed => {}
        }
    }

    fn finish(self, district: String) -> DistrictStatistics {
        DistrictStatistics {
            district,
            kwh_per_m2: (self.metered_area > 0.0).then(|| self.metered_kwh / self.metered_area),
            diversion_percent: percent(self.figures.recovered_grams, self.figures.waste_grams),
            ..self.figures
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}
