//! What goes in and out. Apart from the tables, so that either may change alone.

use std::collections::BTreeMap;

use luhuan_kernel::{Id, Organisation, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    AnswerChange, AnswerView, Application, ApplicationView, CheckView, Edit, EvidenceView, FindingView,
    Measures, ObjectionView, PanelMember, SpreadView, VoteView,
    model::{Answer, Event, Facts, ScoreCard, State, eligibility::Eligible},
};

/// An application to be begun.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "mall": "0199b2c4-7a00-7000-8000-000000000001", "rubric": "2026-100" }))]
pub struct ApplicationInput {
    /// The mall's organisation.
    #[schema(value_type = String, format = "uuid")]
    pub mall: Id<Organisation>,
    /// The version of the rubric.
    #[schema(max_length = 40)]
    pub rubric: String,
    /// The number of the certificate that it shall follow.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub renews: Option<String>,
}

/// One item's new answer.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::AnswerInput)]
pub struct AnswerInput {
    /// What is said.
    pub answer: Answer,
    /// The version that you read; 0 for none. Left out, the newest is replaced.
    #[serde(default)]
    pub version: Option<i64>,
}

/// What to change; what is not named stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "answers": { "X102": { "answer": { "passed": true, "note": "培训计划已落实" }, "version": 0 } } }))]
pub struct ApplicationPatch {
    /// About the mall, whole. Name the application's version in `If-Match`.
    pub facts: Option<Facts>,
    /// Item by item.
    #[schema(value_type = Object)]
    pub answers: BTreeMap<String, AnswerInput>,
}

impl ApplicationPatch {
    /// As the command takes it.
    #[must_use]
    pub fn into_edit(self, expected: Option<i64>) -> Edit {
        let change = |(item, input): (String, AnswerInput)| AnswerChange {
            item,
            answer: input.answer,
            expected: input.version,
        };
        Edit { facts: self.facts, expected, answers: self.answers.into_iter().map(change).collect() }
    }
}

/// An assessor's scores.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "answers": { "X103": { "points": 450, "note": "制度齐全，缺一份修订记录" } }, "seal": false }))]
#[schema(as = certification::AnswersInput)]
pub struct AnswersInput {
    /// Item by item.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub answers: BTreeMap<String, Answer>,
    /// Whether the sheet is sealed with this.
    #[serde(default)]
    pub seal: bool,
}

/// Why.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "材料已补齐，请复核" }))]
#[schema(as = certification::ReasonInput)]
pub struct ReasonInput {
    /// The reason, which will be read.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// An application, as far as you may see.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ApplicationDocument {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Application>,
    /// Of which mall.
    #[schema(value_type = String, format = "uuid")]
    pub mall: Id<Organisation>,
    /// Where it stands.
    pub state: State,
    /// Counts changes.
    pub version: i64,
    /// Which passage of a panel.
    pub round: i32,
    /// The version of the rubric that it is bound to.
    pub rubric: String,
    /// The certificate that it shall follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renews: Option<String>,
    /// About the mall.
    pub facts: Facts,
    /// Item by item.
    #[schema(value_type = Object)]
    pub answers: BTreeMap<String, AnswerView>,
    /// The files.
    pub evidence: Vec<EvidenceView>,
    /// What the program reckons.
    #[schema(value_type = Object)]
    pub measures: Measures,
    /// What the self-assessment earns, and what it lacks.
    pub self_score: ScoreCard,
    /// Whether the mall may apply.
    pub eligibility: Eligible,
    /// What was handed in: its number and the SHA-256 of its canonical JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submission: Option<SubmissionDocument>,
    /// The panel.
    pub panel: Vec<PanelMember>,
    /// What was seen on site.
    pub checks: Vec<CheckView>,
    /// What must be put right.
    pub findings: Vec<FindingView>,
    /// How the sealed sheets lie.
    pub spreads: Vec<SpreadView>,
    /// What the panel agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed: Option<ScoreCard>,
    /// The committee's votes.
    pub votes: Vec<VoteView>,
    /// Objections.
    pub objections: Vec<ObjectionView>,
    /// Why it stands where it stands.
    pub reason: String,
    /// When the step must be done.
    pub due_at: Option<Timestamp>,
    /// When the notice began.
    pub notice_at: Option<Timestamp>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
    /// The events that you could cause in this state.
    pub events: Vec<Event>,
}

/// A frozen self-assessment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SubmissionDocument {
    /// Which, from 1.
    pub number: i32,
    /// SHA-256 of its canonical JSON, hex.
    pub sha256: String,
}

impl ApplicationDocument {
    /// Of a view.
    #[must_use]
    pub fn of(view: ApplicationView) -> Self {
        Self {
            id: view.id,
            mall: view.mall,
            state: view.state,
            version: view.version,
            round: view.round,
            rubric: view.rubric.version.clone(),
            renews: view.renews,
            facts: view.facts,
            answers: view.answers,
            evidence: view.evidence,
            measures: view.measures,
            self_score: view.self_score,
            eligibility: view.eligible,
            submission: view.submission.map(|(number, sha256)| SubmissionDocument { number, sha256 }),
            panel: view.panel,
            checks: view.checks,
            findings: view.findings,
            spreads: view.spreads,
            agreed: view.agreed,
            votes: view.votes,
            objections: view.objections,
            reason: view.reason,
            due_at: view.due_at,
            notice_at: view.notice_at,
            created_at: view.created_at,
            updated_at: view.updated_at,
            events: view.events,
        }
    }
}
