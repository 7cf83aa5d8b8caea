//! The visit: what was seen, what must be put right, and how it was.

use luhuan_kernel::{Actor, Id, Person, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Certification, code, expect_version, line, reason, trail, words};
use crate::{
    Application, Error, Finding,
    codes::codes,
    entity::{application, finding, site_check},
    model::{Event, State},
    policy,
};

codes! {
    /// What was seen of an item.
    #[schema(as = certification::CheckOutcome)]
    CheckOutcome {
        /// As it was said.
        Conforms = "conforms",
        /// Not as it was said; there should be a finding.
        Deviates = "deviates",
        /// Does not apply here.
        NotApplicable = "not_applicable",
    }
}

codes! {
    /// How grave a finding is.
    #[schema(as = certification::Severity)]
    Severity {
        /// To be put right.
        Minor = "minor",
        /// Stands in the way of a certificate.
        Major = "major",
    }
}

codes! {
    /// Where a finding stands.
    #[schema(as = certification::FindingState)]
    FindingState {
        /// To be answered by the mall.
        Open = "open",
        /// Answered, to be looked at.
        Answered = "answered",
        /// Put right.
        Closed = "closed",
    }
}

/// An item as it was seen. Sent again, it replaces what was sent before: a phone without a network may repeat itself.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::SiteCheck)]
pub struct SiteCheck {
    /// Which item.
    pub item: String,
    /// What was seen.
    pub outcome: CheckOutcome,
    /// More.
    #[serde(default)]
    #[schema(max_length = 2000)]
    pub note: String,
    /// When it was seen, by the phone's clock.
    pub seen_at: Timestamp,
}

/// An item as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::CheckView)]
pub struct CheckView {
    /// Which item.
    pub item: String,
    /// What was seen.
    pub outcome: CheckOutcome,
    /// More.
    pub note: String,
    /// By whom.
    #[schema(value_type = String, format = "uuid")]
    pub seen_by: Id<Person>,
    /// When.
    pub seen_at: Timestamp,
}

/// Something to be put right. The id comes from the assessor's phone, so that sending it again does not note it twice.
#[derive(Clone, Debug)]
pub struct NoteFinding {
    /// Its id, if the sender made one.
    pub id: Option<Id<Finding>>,
    /// Of which item.
    pub item: String,
    /// How grave.
    pub severity: Severity,
    /// What must be put right.
    pub words: String,
}

/// Something to be put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::FindingView)]
pub struct FindingView {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Finding>,
    /// Of which item.
    pub item: String,
    /// How grave.
    pub severity: Severity,
    /// What must be put right.
    pub words: String,
    /// Where it stands.
    pub state: FindingState,
    /// The mall's answer.
    pub answer: String,
    /// When it was noted.
    pub raised_at: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// What the panel said at that.
    pub closing: String,
}

/// Findings of an audit at most.
const MOST_FINDINGS: u64 = 500;

impl Certification {
    /// Opens the visit: all members have declared. The chair.
    ///
    /// # Errors
    /// When the actor may not, or a declaration is missing.
    pub async fn begin_audit(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.chair_step(uow, actor, id, expected, Event::BeginAudit).await
    }

    /// Closes the visit: to rectification when findings are open, else to scoring. The chair.
    ///
    /// # Errors
    /// When the actor may not, or an item to be seen on site was not.
    pub async fn finish_audit(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        let event = if self.open_findings(uow.tx(), &row).await? > 0 {
            Event::RequestRectification
        } else {
            Event::FinishAudit
        };
        self.chair_step(uow, actor, id, expected, event).await
    }

    /// Says that everything found is put right. The chair.
    ///
    /// # Errors
    /// When the actor may not, or a finding is open.
    pub async fn verify_rectification(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.chair_step(uow, actor, id, expected, Event::Verify).await
    }

    pub(super) async fn chair_step(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        event: Event,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        let seat = self.seat(uow, actor, &row).await?;
        policy::chair(actor, row.mall_id, seat)?;
        expect_version(&row, expected)?;
        let grounds = self.grounds(uow, &row).await?;
        self.step(uow, actor, row.state()?, row, event, &grounds, None).await?;
        Ok(())
    }

    /// Keeps what was seen of items on site. A member of the panel.
    ///
    /// # Errors
    /// When the actor may not, or the visit is not open; [`Error::Invalid`] for an unknown item.
    pub async fn check_items(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        checks: &[SiteCheck],
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        let seat = self.seat(uow, actor, &row).await?;
        let person = policy::assess(actor, row.mall_id, seat)?;
        let state = row.state()?;
        if state != State::SiteAudit {
            return Err(Error::NotNow(state));
        }
        let rubric = self.rubric(&row.rubric).await?;
        let there = checks_of(uow.tx(), &row).await?;
        for check in checks {
            if rubric.item(&check.item).is_none() {
                return Err(Error::field("item", "certification-unknown-code"));
            }
            // What an offline phone sends late does not replace what was seen later.
            if there.iter().any(|kept| kept.item == check.item && kept.seen_at > check.seen_at) {
                continue;
            }
            let kept = site_check::Model {
                application_id: id,
                round: row.round,
                item: check.item.clone(),
                outcome: check.outcome.code().to_owned(),
                note: words("note", &check.note)?,
                seen_by: person,
                seen_at: check.seen_at.min(uow.now()),
                saved_at: uow.now(),
            };
            use site_check::Column;
            let key = OnConflict::columns([Column::ApplicationId, Column::Round, Column::Item])
                .update_columns([
                    Column::Outcome,
                    Column::Note,
                    Column::SeenBy,
                    Column::SeenAt,
                    Column::SavedAt,
                ])
                .to_owned();
            let insert = site_check::Entity::insert(kept.into_active_model().reset_all()).on_conflict(key);
            insert.exec_without_returning(uow.tx()).await?;
        }
        let items: Vec<&str> = checks.iter().map(|check| check.item.as_str()).collect();
        trail::note(uow, actor, id, "check", json!({ "items": items })).await
    }

    /// Notes something to be put right. A member of the panel, during the visit; the same id again changes nothing.
    ///
    /// # Errors
    /// When the actor may not, or the visit is not open; [`Error::Invalid`], field by field.
    pub async fn note_finding(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        input: NoteFinding,
    ) -> Result<FindingView, Error> {
        let row = self.load(uow, id).await?;
        let seat = self.seat(uow, actor, &row).await?;
        let person = policy::assess(actor, row.mall_id, seat)?;
        let which = input.id.unwrap_or_else(|| Id::new(self.store().clock()));
        if let Some(there) = finding::Entity::find_by_id(which).one(uow.tx()).await? {
            return if there.application_id == id { FindingView::of(there) } else { Err(Error::NotFound) };
        }
        let state = row.state()?;
        if state != State::SiteAudit {
            return Err(Error::NotNow(state));
        }
        let rubric = self.rubric(&row.rubric).await?;
        if rubric.item(&input.item).is_none() {
            return Err(Error::field("item", "certification-unknown-code"));
        }
        let of_it = finding::Entity::find().filter(finding::Column::ApplicationId.eq(id));
        if of_it.count(uow.tx()).await? >= MOST_FINDINGS {
            return Err(Error::field("item", "certification-too-many"));
        }
        let noted = finding::Model {
            id: which,
            application_id: id,
            round: row.round,
            item: input.item,
            severity: input.severity.code().to_owned(),
            words: line("words", &input.words, 2_000)?,
            state: FindingState::Open.code().to_owned(),
            answer: String::new(),
            raised_by: person,
            raised_at: uow.now(),
            answered_at: None,
            closed_by: None,
            closed_at: None,
            closing: String::new(),
        };
        let noted = noted.into_active_model().reset_all().insert(uow.tx()).await?;
        let detail = json!({ "finding": which, "item": noted.item, "severity": noted.severity });
        trail::note(uow, actor, id, "find", detail).await?;
        FindingView::of(noted)
    }

    /// Answers a finding: what was done. The mall's people, during rectification.
    ///
    /// # Errors
    /// When the actor may not, or it is not the time; [`Error::NotFound`].
    pub async fn answer_finding(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        which: Id<Finding>,
        answer: &str,
    ) -> Result<FindingView, Error> {
        let row = self.load(uow, id).await?;
        policy::edit(actor, row.mall_id)?;
        let state = row.state()?;
        if state != State::Rectification {
            return Err(Error::NotNow(state));
        }
        let mut found = self.finding_of(uow, &row, which).await?;
        if found.state == FindingState::Closed.code() {
            return Err(Error::NotNow(state));
        }
        found.answer = reason(answer)?;
        found.answered_at = Some(uow.now());
        FindingState::Answered.code().clone_into(&mut found.state);
        let found = found.into_active_model().reset_all().update(uow.tx()).await?;
        trail::note(uow, actor, id, "answer_finding", json!({ "finding": which })).await?;
        FindingView::of(found)
    }

    /// Closes a finding as put right, or opens it again as not, with the reason. A member of the panel.
    ///
    /// # Errors
    /// When the actor may not, or it is not the time; [`Error::NotFound`].
    pub async fn settle_finding(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        which: Id<Finding>,
        put_right: PutRight,
        why: &str,
    ) -> Result<FindingView, Error> {
        let row = self.load(uow, id).await?;
        let seat = self.seat(uow, actor, &row).await?;
        let person = policy::assess(actor, row.mall_id, seat)?;
        let state = row.state()?;
        if !matches!(state, State::SiteAudit | State::Rectification) {
            return Err(Error::NotNow(state));
        }
        let mut found = self.finding_of(uow, &row, which).await?;
        let to = match put_right {
            PutRight::Yes => FindingState::Closed,
            PutRight::No => FindingState::Open,
        };
        found.closing = reason(why)?;
        found.closed_by = (to == FindingState::Closed).then_some(person);
        found.closed_at = (to == FindingState::Closed).then(|| uow.now());
        to.code().clone_into(&mut found.state);
        let found = found.into_active_model().reset_all().update(uow.tx()).await?;
        trail::note(uow, actor, id, "settle_finding", json!({ "finding": which, "state": to })).await?;
        FindingView::of(found)
    }

    async fn finding_of(
        &self,
        uow: &UnitOfWork,
        row: &application::Model,
        which: Id<Finding>,
    ) -> Result<finding::Model, Error> {
        let found = finding::Entity::find_by_id(which).one(uow.tx()).await?;
        found
            .filter(|found| found.application_id == row.id && found.round == row.round)
            .ok_or(Error::NotFound)
    }

    async fn open_findings(&self, db: &impl ConnectionTrait, row: &application::Model) -> Result<u64, Error> {
        let open = finding::Entity::find()
            .filter(finding::Column::ApplicationId.eq(row.id))
            .filter(finding::Column::Round.eq(row.round))
            .filter(finding::Column::State.ne(FindingState::Closed.code()));
        Ok(open.count(db).await?)
    }
}

/// Whether a finding is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutRight {
    /// It is.
    Yes,
    /// It is not.
    No,
}

/// Findings of a round, oldest first.
pub(super) async fn findings(
    db: &impl ConnectionTrait,
    row: &application::Model,
) -> Result<Vec<FindingView>, Error> {
    let rows = finding::Entity::find()
        .filter(finding::Column::ApplicationId.eq(row.id))
        .filter(finding::Column::Round.eq(row.round))
        .order_by_asc(finding::Column::RaisedAt)
        .order_by_asc(finding::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(FindingView::of).collect()
}

/// What was seen in a round.
pub(super) async fn checks_of(
    db: &impl ConnectionTrait,
    row: &application::Model,
) -> Result<Vec<CheckView>, Error> {
    let rows = site_check::Entity::find()
        .filter(site_check::Column::ApplicationId.eq(row.id))
        .filter(site_check::Column::Round.eq(row.round))
        .order_by_asc(site_check::Column::Item)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(CheckView {
                outcome: code(&row.outcome)?,
                item: row.item,
                note: row.note,
                seen_by: row.seen_by,
                seen_at: row.seen_at,
            })
        })
        .collect()
}

impl FindingView {
    fn of(row: finding::Model) -> Result<Self, Error> {
        Ok(Self {
            severity: code(&row.severity)?,
            state: code(&row.state)?,
            id: row.id,
            item: row.item,
            words: row.words,
            answer: row.answer,
            raised_at: row.raised_at,
            answered_at: row.answered_at,
            closed_at: row.closed_at,
            closing: row.closing,
        })
    }
}
