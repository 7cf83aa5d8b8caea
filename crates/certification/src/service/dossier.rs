//! All that a mall says and shows, gathered: scored while it is a draft, frozen and hashed when it is handed in.

use std::collections::BTreeMap;

use luhuan_kernel::{Id, Organisation, Timestamp};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Certification, Measures, RetrofitView, code, corrupt, from_json, measured};
use crate::{
    Application, Error, Evidence, canonical,
    energy::{Carrier, EnergyPlan, Savings, SavingsError, Series, assess, longest_run},
    entity::{answer, application, evidence, submission},
    goods::GoodsReport,
    model::{
        Answer, EvidenceKind, Facts, Rubric, State, Trust,
        calendar::Day,
        eligibility::{self, Eligible},
        scoring::{ScoreCard, Shown, Weighing, score},
        terms,
    },
};

/// A file as the dossier names it: by its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = certification::FrozenEvidence)]
pub struct FrozenEvidence {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Evidence>,
    /// For which item.
    pub item: String,
    /// Of what kind.
    pub kind: EvidenceKind,
    /// How far it was trusted.
    pub trust: Trust,
    /// What it was called.
    pub file_name: String,
    /// How long it is.
    pub bytes: i64,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Which period it is of, in the mall's words.
    pub period: String,
}

/// All that a mall says and shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// Whose application.
    pub application: Id<Application>,
    /// Of which mall.
    pub mall: Id<Organisation>,
    /// Under which version.
    pub rubric: String,
    /// The version's hash.
    pub rubric_hash: String,
    /// About the mall.
    pub facts: Facts,
    /// Item by item.
    pub answers: BTreeMap<String, Answer>,
    /// The files.
    pub evidence: Vec<FrozenEvidence>,
    /// Months of readings.
    pub months: Series,
    /// Whether the readings came from a meter's export rather than a form.
    pub metered: bool,
    /// Retrofit measures.
    pub retrofits: Vec<RetrofitView>,
    /// What the till said.
    pub goods: Option<GoodsReport>,
    /// Grams by stream of the last twelve months: in all, and of them by our own pickups.
    pub waste: BTreeMap<String, (i64, i64)>,
    /// What the program reckons from these.
    pub measures: Measures,
}

/// A frozen self-assessment.
#[derive(Clone, Debug, PartialEq)]
pub struct SubmissionView {
    /// Which of the application, from 1.
    pub number: i32,
    /// SHA-256 of its canonical JSON, hex.
    pub sha256: String,
    /// When it was handed in.
    pub submitted_at: Timestamp,
    /// What it says.
    pub dossier: Dossier,
}

impl Dossier {
    /// Its canonical JSON and the SHA-256 over it.
    #[must_use]
    pub fn frozen(&self) -> (String, String) {
        let body = canonical::json(&serde_json::to_value(self).expect("plain data serialises"));
        let sha256 = hex::encode(Sha256::digest(&body));
        (body, sha256)
    }

    /// The answers, with what the program has reckoned in place of what was typed.
    #[must_use]
    pub fn effective_answers(&self, rubric: &Rubric) -> BTreeMap<String, Answer> {
        let mut answers = self.answers.clone();
        for item in rubric.items() {
            if let Some(value) = item.rule.measure().and_then(|measure| self.measures.values.get(measure)) {
                answers.entry(item.code.clone()).or_default().value = Some(*value);
            }
        }
        answers
    }

    /// What it earns by its evidence.
    #[must_use]
    pub fn score(&self, rubric: &Rubric) -> ScoreCard {
        score(rubric, &self.effective_answers(rubric), Weighing::ByEvidence(&self.shown(rubric)))
    }

    /// What is shown for each item: the files, and what this program knows itself.
    fn shown(&self, rubric: &Rubric) -> BTreeMap<String, Vec<Shown>> {
        let mut shown: BTreeMap<String, Vec<Shown>> = BTreeMap::new();
        for file in &self.evidence {
            shown.entry(file.item.clone()).or_default().push(Shown { kind: file.kind, trust: file.trust });
        }
        for item in rubric.items() {
            let Some(measure) = item.rule.measure() else { continue };
            if let Some(trust) = self.trust_of(measure) {
                let own = match measure {
                    "diversion_percent" => EvidenceKind::SystemRecord,
                    "labelled_sales_percent" => EvidenceKind::SalesData,
                    "labelled_sku_percent" => EvidenceKind::Inventory,
                    _ => EvidenceKind::MeterData,
                };
                shown.entry(item.code.clone()).or_default().push(Shown { kind: own, trust });
            }
        }
        shown
    }

    /// How far a reckoned measure is trusted: by what it was reckoned from.
    fn trust_of(&self, measure: &str) -> Option<Trust> {
        self.measures.values.get(measure)?;
        Some(match measure {
            "diversion_percent" => {
                let (all, own) = self.waste.values().fold((0, 0), |(a, o), (all, own)| (a + all, o + own));
                if all == own { Trust::VerifiedBySystem } else { Trust::Document }
            }
            "labelled_sales_percent" | "labelled_sku_percent" => Trust::Measured,
            _ if self.metered => Trust::Measured,
            _ => Trust::SelfDeclared,
        })
    }

    /// Whether the mall may apply.
    #[must_use]
    pub fn eligible(&self, rubric: &Rubric, today: Day) -> Eligible {
        eligibility::check(rubric, &self.facts, longest_run(&self.months, Carrier::Electricity), today)
    }

    /// What was saved, by the mall's plan.
    ///
    /// # Errors
    /// When there is not enough to go by.
    pub fn savings(&self) -> Option<(EnergyPlan, Result<Savings, SavingsError>)> {
        let plan = self.facts.energy.clone()?;
        let savings = assess(&self.months, &plan, terms());
        Some((plan, savings))
    }
}

impl Certification {
    /// The dossier as the rows have it now.
    pub(super) async fn gather(
        &self,
        db: &impl ConnectionTrait,
        row: &application::Model,
        now: Timestamp,
    ) -> Result<Dossier, Error> {
        let facts: Facts = from_json(&row.facts)?;
        let mut answers = BTreeMap::new();
        let of_it = answer::Entity::find().filter(answer::Column::ApplicationId.eq(row.id));
        for one in of_it.all(db).await? {
            answers.insert(one.item, from_json(&one.body)?);
        }
        let files = evidence::Entity::find()
            .filter(evidence::Column::ApplicationId.eq(row.id))
            .filter(evidence::Column::RemovedAt.is_null())
            .filter(evidence::Column::FindingId.is_null())
            .order_by_asc(evidence::Column::Item)
            .order_by_asc(evidence::Column::UploadedAt)
            .order_by_asc(evidence::Column::Id)
            .all(db)
            .await?;
        let evidence = files.into_iter().map(frozen_file).collect::<Result<_, _>>()?;
        let read = measured::read(db, row.mall_id, facts.area_m2, now).await?;
        Ok(Dossier {
            application: row.id,
            mall: row.mall_id,
            rubric: row.rubric.clone(),
            rubric_hash: row.rubric_hash.clone(),
            facts,
            answers,
            evidence,
            months: read.months,
            metered: read.metered,
            retrofits: read.retrofits,
            goods: read.goods,
            waste: read.waste,
            measures: read.measures,
        })
    }

    /// The newest submission, its hash checked.
    pub(super) async fn submission(
        &self,
        db: &impl ConnectionTrait,
        id: Id<Application>,
    ) -> Result<Option<SubmissionView>, Error> {
        let newest = submission::Entity::find()
            .filter(submission::Column::ApplicationId.eq(id))
            .order_by_desc(submission::Column::Number)
            .one(db)
            .await?;
        let Some(row) = newest else { return Ok(None) };
        if hex::encode(Sha256::digest(&row.body)) != row.sha256 {
            return Err(corrupt(format!("submission {} of {id} does not fit its hash", row.number)));
        }
        let dossier = from_json(&row.body)?;
        Ok(Some(SubmissionView {
            number: row.number,
            sha256: row.sha256,
            submitted_at: row.submitted_at,
            dossier,
        }))
    }

    /// What counts for an application as it stands: the rows while it is a draft, then the frozen submission.
    pub(super) async fn dossier(
        &self,
        db: &impl ConnectionTrait,
        row: &application::Model,
        now: Timestamp,
    ) -> Result<Dossier, Error> {
        if row.state()? != State::Draft
            && let Some(submission) = self.submission(db, row.id).await?
        {
            return Ok(submission.dossier);
        }
        self.gather(db, row, now).await
    }
}

fn frozen_file(row: evidence::Model) -> Result<FrozenEvidence, Error> {
    Ok(FrozenEvidence {
        kind: code(&row.kind)?,
        trust: code(&row.trust)?,
        id: row.id,
        item: row.item,
        file_name: row.file_name,
        bytes: row.bytes,
        sha256: row.sha256,
        period: row.period,
    })
}
