//! Moving an application: every move goes through here, and through the table.

use luhuan_kernel::{Actor, Id};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use serde_json::json;

use super::{
    Certification,
    audit::FindingState,
    committee::{ObjectionState, Vote},
    expect_version, reason, trail,
};
use crate::{
    Application, CertificationEvent, Error,
    entity::{application, assignment, finding, objection, site_check, vote},
    model::{
        Event, Rubric, State,
        calendar::Day,
        process::{Grounds, attempt},
        terms,
    },
    policy,
};

impl Certification {
    /// Takes a file as complete.
    ///
    /// # Errors
    /// When the actor may not, or the state does not allow it.
    pub async fn accept(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.office_step(uow, actor, id, expected, Event::Accept, None).await
    }

    /// Gives a file back as incomplete, with the reason.
    ///
    /// # Errors
    /// When the actor may not, the state does not allow it, or there is no reason.
    pub async fn give_back(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<(), Error> {
        self.office_step(uow, actor, id, expected, Event::Return, Some(why)).await
    }

    /// Refuses before an audit, with the reason.
    ///
    /// # Errors
    /// When the actor may not, the state does not allow it, or there is no reason.
    pub async fn reject(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<(), Error> {
        self.office_step(uow, actor, id, expected, Event::Reject, Some(why)).await
    }

    /// Announces the intended listing: the score passes and the committee carried it.
    ///
    /// # Errors
    /// When the actor may not, or one of these is not so.
    pub async fn announce(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.office_step(uow, actor, id, expected, Event::Announce, None).await
    }

    /// Refuses what the committee does not carry or whose score does not pass, with the reason.
    ///
    /// # Errors
    /// When the actor may not, or it was carried.
    pub async fn decline(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<(), Error> {
        self.office_step(uow, actor, id, expected, Event::Decline, Some(why)).await
    }

    /// Refuses because an objection is upheld, with the reason.
    ///
    /// # Errors
    /// When the actor may not, or none is.
    pub async fn refuse(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<(), Error> {
        self.office_step(uow, actor, id, expected, Event::Refuse, Some(why)).await
    }

    /// Dismisses an appeal, with the reason: the refusal stands.
    ///
    /// # Errors
    /// When the actor may not, or there is no appeal.
    pub async fn dismiss_appeal(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<(), Error> {
        self.office_step(uow, actor, id, expected, Event::Dismiss, Some(why)).await
    }

    /// Admits an appeal, with the reason: a new round with a new panel.
    ///
    /// # Errors
    /// When the actor may not, or there is no appeal.
    pub async fn admit_appeal(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        policy::administer(actor, row.mall_id)?;
        expect_version(&row, expected)?;
        let grounds = self.grounds(uow, &row).await?;
        let mut next = row.clone();
        next.round += 1;
        next.passes = None;
        next.score = None;
        next.notice_at = None;
        self.step(uow, actor, row.state()?, next, Event::Admit, &grounds, Some(why)).await?;
        Ok(())
    }

    async fn office_step(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        event: Event,
        why: Option<&str>,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        policy::administer(actor, row.mall_id)?;
        expect_version(&row, expected)?;
        let grounds = self.grounds(uow, &row).await?;
        self.step(uow, actor, row.state()?, row, event, &grounds, why).await?;
        Ok(())
    }

    /// Makes a move of the table, with what belongs to it: reason, clock, trail, event. `row` is as it shall be but for what
    /// the move itself changes.
    #[expect(clippy::too_many_arguments, reason = "one move, named once; each argument is a part of it")]
    pub(super) async fn step(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        from: State,
        mut row: application::Model,
        event: Event,
        grounds: &Grounds,
        why: Option<&str>,
    ) -> Result<application::Model, Error> {
        let found = attempt(from, event, grounds)?;
        row.reason = why.map(reason).transpose()?.unwrap_or_default();
        let deadline = found.clock.map(|clock| terms().deadline(clock, uow.now()));
        row.due_at = deadline.map(|deadline| deadline.due);
        row.remind_at = deadline.map(|deadline| deadline.remind).filter(|remind| *remind > uow.now());
        row.escalated_at = None;
        match found.to {
            State::Submitted => row.submitted_at = Some(uow.now()),
            State::PublicNotice => row.notice_at = Some(uow.now()),
            State::Listed | State::Refused => row.decided_at = Some(uow.now()),
            _ => {}
        }
        found.to.code().clone_into(&mut row.state);
        row.version += 1;
        row.updated_at = uow.now();
        let (id, mall, round) = (row.id, row.mall_id, row.round);
        let said = row.reason.clone();
        let row = row.into_active_model().reset_all().update(uow.tx()).await?;
        let detail =
            json!({ "from": from, "to": found.to, "round": round, "reason": said, "due": row.due_at });
        trail::note(uow, actor, id, event.code(), detail).await?;
        uow.emit(&CertificationEvent::Moved { application: id, mall, from, to: found.to }).await?;
        Ok(row)
    }

    /// Everything that the guards look at, but for what only the submission asks.
    pub(super) async fn grounds(&self, uow: &UnitOfWork, row: &application::Model) -> Result<Grounds, Error> {
        let rubric = self.rubric(&row.rubric).await?;
        let mut grounds = grounds(uow.tx(), row, &rubric).await?;
        grounds.conflicted = self.conflicted(uow.tx(), row, Day::of(uow.now())).await?;
        grounds.unreasoned = self.unreasoned(uow.tx(), row, &rubric).await?;
        grounds.now = Some(uow.now());
        Ok(grounds)
    }
}

/// The people on the panel of a round.
pub(super) async fn panel(
    db: &impl ConnectionTrait,
    id: Id<Application>,
    round: i32,
) -> Result<Vec<assignment::Model>, Error> {
    let of_round = assignment::Entity::find()
        .filter(assignment::Column::ApplicationId.eq(id))
        .filter(assignment::Column::Round.eq(round))
        .filter(assignment::Column::RemovedAt.is_null());
    Ok(of_round.all(db).await?)
}

/// What the guards look at, as the rows have it.
async fn grounds(
    db: &impl ConnectionTrait,
    row: &application::Model,
    rubric: &Rubric,
) -> Result<Grounds, Error> {
    let (id, round) = (row.id, row.round);
    let panel = panel(db, id, round).await?;
    let seen: Vec<String> = site_check::Entity::find()
        .filter(site_check::Column::ApplicationId.eq(id))
        .filter(site_check::Column::Round.eq(round))
        .all(db)
        .await?
        .into_iter()
        .map(|check| check.item)
        .collect();
    let unseen = rubric.items().filter(|item| item.site && !seen.contains(&item.code)).count();
    let open_findings = finding::Entity::find()
        .filter(finding::Column::ApplicationId.eq(id))
        .filter(finding::Column::Round.eq(round))
        .filter(finding::Column::State.ne(FindingState::Closed.code()))
        .count(db)
        .await?;
    let votes = vote::Entity::find()
        .filter(vote::Column::ApplicationId.eq(id))
        .filter(vote::Column::Round.eq(round))
        .all(db)
        .await?;
    let objections = objection::Entity::find()
        .filter(objection::Column::ApplicationId.eq(id))
        .filter(objection::Column::Round.eq(round))
        .all(db)
        .await?;
    let in_state = |state: ObjectionState| objections.iter().filter(|one| one.state == state.code()).count();
    let terms = terms();
    Ok(Grounds {
        assessors: panel.len(),
        assessors_needed: terms.audit.assessors,
        declared: panel.iter().filter(|seat| seat.declared_at.is_some()).count(),
        sealed: panel.iter().filter(|seat| seat.sealed_at.is_some()).count(),
        unseen,
        open_findings: usize::try_from(open_findings).unwrap_or(usize::MAX),
        passes: row.passes,
        votes_for: votes.iter().filter(|one| one.vote == Vote::For.code()).count(),
        votes_cast: votes.len(),
        quorum: terms.committee.quorum,
        majority_percent: terms.committee.majority_percent as usize,
        open_objections: in_state(ObjectionState::Open),
        upheld_objections: in_state(ObjectionState::Upheld),
        due: row.due_at,
        appealed: row.appealed,
        ..Grounds::default()
    })
}
