//! The mall's file: begun, filled in by many, handed in, taken back.

use luhuan_kernel::{Actor, Id, Message, Organisation};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    SqlErr, sea_query::OnConflict,
};
use serde::Serialize;
use serde_json::json;

use super::{Certification, expect_version, plain, rubrics::is_in_force, to_json, trail};
use crate::{
    Application, CertificationEvent, Error,
    entity::{answer, application, certificate, submission},
    model::{
        Answer, CertificateState, Event, Facts, State,
        calendar::Day,
        process::Grounds,
        scoring::{Points, ScoreCard},
        terms,
    },
    policy,
};

/// One item's new answer.
#[derive(Clone, Debug)]
pub struct AnswerChange {
    /// Which item.
    pub item: String,
    /// What is said of it.
    pub answer: Answer,
    /// The version that was read, when the client says; 0 for none.
    pub expected: Option<i64>,
}

/// What to change; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// About the mall.
    pub facts: Option<Facts>,
    /// The application's version that was read, for the facts.
    pub expected: Option<i64>,
    /// Item by item.
    pub answers: Vec<AnswerChange>,
}

/// What came of an edit.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::Saved)]
pub struct Saved {
    /// The application's version.
    pub version: i64,
    /// The items' new versions.
    #[schema(value_type = Object)]
    pub items: std::collections::BTreeMap<String, i64>,
}

/// How far a file is, as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::Progress)]
pub struct Progress {
    /// Points earned, in hundredths.
    pub earned: Points,
    /// Points to be earned.
    pub available: Points,
    /// How many things are still missing before it can be handed in.
    pub missing: usize,
}

impl Certification {
    /// Begins an application of a mall under a version of the rubric. `renews` is the number of the certificate that it shall
    /// follow.
    ///
    /// # Errors
    /// [`Error::UnderWay`] when the mall has one; [`Error::Barred`] after a revocation; [`Error::Invalid`] when the version is
    /// not in force.
    pub async fn create(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        rubric: &str,
        renews: Option<&str>,
    ) -> Result<Id<Application>, Error> {
        let person = policy::create(actor, mall)?;
        let unknown = |error| match error {
            Error::NotFound => Error::field("rubric", "certification-unknown-rubric"),
            other => other,
        };
        let rubric = self.rubric(rubric).await.map_err(unknown)?;
        if !is_in_force(&rubric, Day::of(uow.now())) {
            return Err(Error::field("rubric", "certification-rubric-dates"));
        }
        self.expect_free(uow, mall).await?;
        if let Some(number) = renews {
            let found = match plain(number) {
                Ok(number) => certificate::Entity::find_by_id(number.to_owned()).one(uow.tx()).await?,
                Err(_) => None,
            };
            if found.is_none_or(|certificate| certificate.mall_id != mall) {
                return Err(Error::field("renews", "certification-unknown-certificate"));
            }
        }
        let name = self.accounts().public_profile(person, Some(mall)).await.map(|profile| profile.name);
        let name = name.unwrap_or_default();
        let facts = Facts { name: name.clone(), ..Facts::default() };
        let row = application::Model {
            id: Id::new(self.store().clock()),
            mall_id: mall,
            rubric: rubric.version.clone(),
            rubric_hash: rubric.hash(),
            renews: renews.map(str::to_owned),
            round: 1,
            state: State::Draft.code().to_owned(),
            version: 1,
            facts: to_json(&facts),
            name,
            district: None,
            due_at: None,
            remind_at: None,
            escalated_at: None,
            appealed: false,
            passes: None,
            score: None,
            reason: String::new(),
            created_by: person,
            created_at: uow.now(),
            updated_at: uow.now(),
            submitted_at: None,
            notice_at: None,
            decided_at: None,
        };
        // The index `cert_application_open` decides between two that begin at once.
        let row = row.into_active_model().reset_all().insert(uow.tx()).await.map_err(under_way)?;
        trail::note(uow, actor, row.id, "create", json!({ "rubric": row.rubric, "renews": renews })).await?;
        uow.emit(&CertificationEvent::Begun { application: row.id, mall }).await?;
        Ok(row.id)
    }

    /// A mall with an application under way begins no other; one whose certificate was revoked waits.
    async fn expect_free(&self, uow: &UnitOfWork, mall: Id<Organisation>) -> Result<(), Error> {
        let open = application::Entity::find().filter(application::Column::MallId.eq(mall)).filter(
            application::Column::State
                .is_not_in([State::Listed, State::Closed, State::Withdrawn].map(State::code)),
        );
        if open.count(uow.tx()).await? > 0 {
            return Err(Error::UnderWay);
        }
        let revoked =
            [CertificateState::Revoked, CertificateState::RevocationAppealed].map(CertificateState::code);
        let last = certificate::Entity::find()
            .filter(certificate::Column::MallId.eq(mall))
            .filter(certificate::Column::State.is_in(revoked))
            .order_by_desc(certificate::Column::GrantedAt)
            .one(uow.tx())
            .await?;
        let until = last.map(|row| Day::of(row.state_at).plus_years(terms().certificate.barred_years).end());
        match until {
            Some(until) if until > uow.now() => Err(Error::Barred(until)),
            _ => Ok(()),
        }
    }

    /// Changes what a mall says. Many may edit at once: each item has a version of its own, and the facts have the
    /// application's. Answers that are merely incomplete are kept as typed.
    ///
    /// # Errors
    /// [`Error::Frozen`] once it is handed in; [`Error::Stale`] and [`Error::StaleItems`] when somebody was faster;
    /// [`Error::Invalid`], field by field.
    pub async fn edit(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        change: Edit,
    ) -> Result<Saved, Error> {
        let mut row = match change.facts {
            Some(_) => self.load(uow, id).await?,
            None => self.load_shared(uow, id).await?,
        };
        policy::edit(actor, row.mall_id)?;
        let state = row.state()?;
        if !state.is_editable() {
            return Err(Error::Frozen(state));
        }
        let rubric = self.rubric(&row.rubric).await?;
        let mut problems = Vec::new();
        if let Some(facts) = &change.facts {
            problems.extend(facts.problems(&rubric));
        }
        for one in &change.answers {
            match rubric.item(&one.item) {
                Some(item) => problems.extend(one.answer.problems(item)),
                None => problems.push(luhuan_kernel::FieldProblem {
                    field: format!("answers.{}", one.item),
                    message: Message::new("certification-unknown-code"),
                }),
            }
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        if let Some(facts) = change.facts {
            expect_version(&row, change.expected)?;
            row.name.clone_from(&facts.name);
            row.district.clone_from(&facts.district);
            row.facts = to_json(&facts);
            row.version += 1;
            row.updated_at = uow.now();
            row = row.into_active_model().reset_all().update(uow.tx()).await?;
        }
        let items = self.put_answers(uow, actor, id, &change.answers).await?;
        Ok(Saved { version: row.version, items })
    }

    /// How far a file is: asked after an edit is committed, so that nobody waits for a writer who is adding up points.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes.
    pub async fn progress(&self, actor: &Actor, id: Id<Application>) -> Result<Progress, Error> {
        let row = self.visible(actor, id).await?;
        let rubric = self.rubric(&row.rubric).await?;
        let dossier = self.dossier(self.store().reader(), &row, self.store().clock().now()).await?;
        let card = dossier.score(&rubric);
        let missing = card.blocking().count();
        Ok(Progress { earned: card.earned, available: card.available, missing })
    }

    async fn put_answers(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        changes: &[AnswerChange],
    ) -> Result<std::collections::BTreeMap<String, i64>, Error> {
        let person = actor.person_id().ok_or(Error::Unauthenticated)?;
        let (mut items, mut stale) = (std::collections::BTreeMap::new(), Vec::new());
        // In one order for all, so that two who save several items at once do not wait for each other in a ring.
        let mut changes: Vec<&AnswerChange> = changes.iter().collect();
        changes.sort_by(|a, b| a.item.cmp(&b.item));
        for change in changes {
            let mut query = answer::Entity::find_by_id((id, change.item.clone()));
            if uow.locks_rows() {
                query = sea_orm::QuerySelect::lock_exclusive(query);
            }
            let found = query.one(uow.tx()).await?;
            let version = found.as_ref().map_or(0, |row| row.version);
            if change.expected.is_some_and(|expected| expected != version) {
                stale.push(change.item.clone());
                continue;
            }
            let row = answer::Model {
                application_id: id,
                item: change.item.clone(),
                body: to_json(&change.answer),
                version: version + 1,
                edited_by: person,
                edited_at: uow.now(),
            };
            let active = row.into_active_model().reset_all();
            if found.is_some() {
                active.update(uow.tx()).await?;
            } else {
                // Two that answer an item first: the second finds the first's row, and is told.
                let key = OnConflict::columns([answer::Column::ApplicationId, answer::Column::Item])
                    .do_nothing()
                    .to_owned();
                let insert = answer::Entity::insert(active).on_conflict(key);
                if insert.exec_without_returning(uow.tx()).await? == 0 {
                    stale.push(change.item.clone());
                    continue;
                }
            }
            items.insert(change.item.clone(), version + 1);
        }
        if stale.is_empty() { Ok(items) } else { Err(Error::StaleItems(stale)) }
    }

    /// Hands the file in: complete, eligible; frozen and hashed from now on. Returns the hash.
    ///
    /// # Errors
    /// [`Error::Incomplete`] with everything that is missing.
    pub async fn submit(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<String, Error> {
        let row = self.load(uow, id).await?;
        let person = policy::answer_for(actor, row.mall_id)?;
        expect_version(&row, expected)?;
        let rubric = self.rubric(&row.rubric).await?;
        if rubric.hash() != row.rubric_hash {
            return Err(super::corrupt(format!("rubric {} changed under application {id}", row.rubric)));
        }
        let state = row.state()?;
        let dossier = self.gather(uow.tx(), &row, uow.now()).await?;
        let card = dossier.score(&rubric);
        let lacking = lacking(&card, &dossier.eligible(&rubric, Day::of(uow.now())));
        if state == State::Draft && (!lacking.0.is_empty() || !lacking.1.is_empty()) {
            return Err(Error::Incomplete { items: lacking.0, eligibility: lacking.1 });
        }
        let grounds =
            Grounds { lacking: lacking.0.len() + lacking.1.len(), ..self.grounds(uow, &row).await? };
        self.step(uow, actor, state, row, Event::Submit, &grounds, None).await?;
        let before = submission::Entity::find()
            .filter(submission::Column::ApplicationId.eq(id))
            .count(uow.tx())
            .await?;
        let (body, sha256) = dossier.frozen();
        let number = i32::try_from(before).unwrap_or(i32::MAX - 1) + 1;
        let frozen = submission::Model {
            application_id: id,
            number,
            body,
            sha256: sha256.clone(),
            submitted_by: person,
            submitted_at: uow.now(),
        };
        frozen.into_active_model().reset_all().insert(uow.tx()).await?;
        trail::note(uow, actor, id, "freeze", json!({ "number": number, "sha256": sha256 })).await?;
        Ok(sha256)
    }

    /// Takes the application back before it is decided.
    ///
    /// # Errors
    /// When the actor may not, or it is decided.
    pub async fn withdraw(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        policy::answer_for(actor, row.mall_id)?;
        expect_version(&row, expected)?;
        let grounds = self.grounds(uow, &row).await?;
        self.step(uow, actor, row.state()?, row, Event::Withdraw, &grounds, None).await?;
        Ok(())
    }

    /// Appeals against a refusal, with the reason, while there is time and there was no appeal before.
    ///
    /// # Errors
    /// When the actor may not, there is no refusal, it is too late, or there was one.
    pub async fn appeal(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        policy::answer_for(actor, row.mall_id)?;
        expect_version(&row, expected)?;
        let grounds = self.grounds(uow, &row).await?;
        let next = application::Model { appealed: true, ..row.clone() };
        self.step(uow, actor, row.state()?, next, Event::Appeal, &grounds, Some(why)).await?;
        Ok(())
    }
}

type Lacking = (Vec<(String, crate::model::scoring::Lack)>, Vec<String>);

fn lacking(card: &ScoreCard, eligible: &crate::model::eligibility::Eligible) -> Lacking {
    let items = card.blocking().map(|(item, lack)| (item.to_owned(), lack)).collect();
    let points =
        eligible.points.iter().filter(|point| !point.holds).map(|point| point.code.clone()).collect();
    (items, points)
}

fn under_way(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::UnderWay,
        _ => error.into(),
    }
}
