//! Scores: each assessor alone, then the panel together.

use std::collections::BTreeMap;

use luhuan_kernel::{Actor, Id, Message, Person, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Certification, expect_version, from_json, reason, steps, to_json, trail};
use crate::{
    Application, Error,
    entity::{application, assignment, consensus, sheet},
    model::{
        Answer, Event, Rubric, State,
        consensus::{middle, spreads},
        process::Grounds,
        scoring::{Points, ScoreCard, Weighing, score},
        terms,
    },
    policy,
};

/// An assessor's own sheet.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::SheetView)]
pub struct SheetView {
    /// Item by item.
    pub answers: BTreeMap<String, Answer>,
    /// When it was sealed.
    pub sealed_at: Option<Timestamp>,
    /// What it comes to.
    pub card: ScoreCard,
}

/// How the sealed sheets lie for an item, and what the panel agreed.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::SpreadView)]
pub struct SpreadView {
    /// Which item.
    pub item: String,
    /// The sheets' points, without names.
    pub points: Vec<Points>,
    /// Whether a reason is owed.
    pub needs_reason: bool,
    /// What the panel agrees on.
    pub agreed: Answer,
    /// Why, when it was owed.
    pub reason: String,
}

/// The agreed score, as it is kept with the application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreed {
    /// Item by item.
    pub answers: BTreeMap<String, Answer>,
    /// What it comes to.
    pub card: ScoreCard,
}

impl Certification {
    /// Keeps an assessor's own scores, as far as they are. Nobody else sees them before all sheets are sealed.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the mall is their own; [`Error::Sealed`]; [`Error::NotNow`]; [`Error::Invalid`].
    pub async fn score(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        answers: &BTreeMap<String, Answer>,
    ) -> Result<SheetView, Error> {
        let row = self.load_shared(uow, id).await?;
        let place = self.own_sheet(uow, actor, &row).await?;
        let rubric = self.rubric(&row.rubric).await?;
        check_answers(&rubric, answers)?;
        for (item, answer) in answers {
            let kept = sheet::Model {
                application_id: id,
                round: row.round,
                person_id: place.person_id,
                item: item.clone(),
                body: to_json(answer),
                at: uow.now(),
            };
            use sheet::Column;
            let key =
                OnConflict::columns([Column::ApplicationId, Column::Round, Column::PersonId, Column::Item])
                    .update_columns([Column::Body, Column::At])
                    .to_owned();
            let insert = sheet::Entity::insert(kept.into_active_model().reset_all()).on_conflict(key);
            insert.exec_without_returning(uow.tx()).await?;
        }
        sheet_view(uow.tx(), &rubric, &row, &place).await
    }

    /// Seals an assessor's sheet: every item scored, every judgement with its reason. It does not change any more.
    ///
    /// # Errors
    /// [`Error::Incomplete`] with what is missing.
    pub async fn seal(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
    ) -> Result<SheetView, Error> {
        let row = self.load(uow, id).await?;
        let mut place = self.own_sheet(uow, actor, &row).await?;
        let rubric = self.rubric(&row.rubric).await?;
        let view = sheet_view(uow.tx(), &rubric, &row, &place).await?;
        let items: Vec<_> = view.card.blocking().map(|(item, lack)| (item.to_owned(), lack)).collect();
        if !items.is_empty() {
            return Err(Error::Incomplete { items, eligibility: Vec::new() });
        }
        place.sealed_at = Some(uow.now());
        let place = place.into_active_model().reset_all().update(uow.tx()).await?;
        trail::note(uow, actor, id, "seal", json!({ "earned": view.card.earned })).await?;
        Ok(SheetView { sealed_at: place.sealed_at, ..view })
    }

    async fn own_sheet(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        row: &application::Model,
    ) -> Result<assignment::Model, Error> {
        let seat = self.seat(uow, actor, row).await?;
        let person = policy::assess(actor, row.mall_id, seat)?;
        let state = row.state()?;
        if state != State::Verified {
            return Err(Error::NotNow(state));
        }
        let mut query = assignment::Entity::find_by_id((row.id, row.round, person));
        if uow.locks_rows() {
            query = sea_orm::QuerySelect::lock_exclusive(query);
        }
        let place = query.one(uow.tx()).await?.ok_or(Error::NotFound)?;
        if place.sealed_at.is_some() { Err(Error::Sealed) } else { Ok(place) }
    }

    /// The actor's own sheet.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the actor is not on the panel.
    pub async fn own_scores(&self, actor: &Actor, id: Id<Application>) -> Result<SheetView, Error> {
        let db = self.store().reader();
        let row = application::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        let seat = super::panel::seat_of(db, actor, &row).await?;
        let person = policy::assess(actor, row.mall_id, seat)?;
        let place =
            assignment::Entity::find_by_id((id, row.round, person)).one(db).await?.ok_or(Error::NotFound)?;
        let rubric = self.rubric(&row.rubric).await?;
        sheet_view(db, &rubric, &row, &place).await
    }

    /// How the sheets lie, once all are sealed: for the panel and the office.
    ///
    /// # Errors
    /// [`Error::NotNow`] before that: independent scores are independent.
    pub async fn score_spreads(&self, actor: &Actor, id: Id<Application>) -> Result<Vec<SpreadView>, Error> {
        let db = self.store().reader();
        let row = application::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        let seat = super::panel::seat_of(db, actor, &row).await?;
        if policy::administer(actor, row.mall_id).is_err() {
            policy::assess(actor, row.mall_id, seat)?;
        }
        let rubric = self.rubric(&row.rubric).await?;
        self.spreads_of(db, &row, &rubric).await?.ok_or(Error::NotNow(row.state()?))
    }

    /// How the sheets lie; none before all are sealed.
    pub(super) async fn spreads_of(
        &self,
        db: &impl ConnectionTrait,
        row: &application::Model,
        rubric: &Rubric,
    ) -> Result<Option<Vec<SpreadView>>, Error> {
        let Some(sheets) = sealed_sheets(db, row).await? else { return Ok(None) };
        let noted = noted(db, row).await?;
        let lie = spreads(rubric, &sheets, terms().audit.score_gap_percent);
        let agreed = agreed_answers(rubric, &sheets, &noted)?;
        let view = |spread: crate::model::consensus::Spread| SpreadView {
            agreed: agreed.get(&spread.code).cloned().unwrap_or_default(),
            reason: noted.get(&spread.code).map(|row| row.reason.clone()).unwrap_or_default(),
            item: spread.code,
            points: spread.points,
            needs_reason: spread.needs_reason,
        };
        Ok(Some(lie.into_iter().map(view).collect()))
    }

    /// Notes what the panel agrees on for an item, with the reason. The chair, once all sheets are sealed.
    ///
    /// # Errors
    /// When the actor may not; [`Error::NotNow`] before; [`Error::Invalid`].
    pub async fn note_consensus(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        item: &str,
        answer: &Answer,
        why: &str,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        let seat = self.seat(uow, actor, &row).await?;
        let person = policy::chair(actor, row.mall_id, seat)?;
        let state = row.state()?;
        if state != State::Verified || sealed_sheets(uow.tx(), &row).await?.is_none() {
            return Err(Error::NotNow(state));
        }
        let rubric = self.rubric(&row.rubric).await?;
        check_answers(&rubric, &BTreeMap::from([(item.to_owned(), answer.clone())]))?;
        let why = reason(why)?;
        let kept = consensus::Model {
            application_id: id,
            round: row.round,
            item: item.to_owned(),
            body: to_json(answer),
            reason: why.clone(),
            noted_by: person,
            noted_at: uow.now(),
        };
        use consensus::Column;
        let key = OnConflict::columns([Column::ApplicationId, Column::Round, Column::Item])
            .update_columns([Column::Body, Column::Reason, Column::NotedBy, Column::NotedAt])
            .to_owned();
        let insert = consensus::Entity::insert(kept.into_active_model().reset_all()).on_conflict(key);
        insert.exec_without_returning(uow.tx()).await?;
        trail::note(uow, actor, id, "consensus", json!({ "item": item, "reason": why })).await
    }

    /// Fixes the agreed score and hands the case to the committee. The chair signs.
    ///
    /// # Errors
    /// When the actor may not; when a sheet is not sealed or a reason is owed.
    pub async fn agree(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<ScoreCard, Error> {
        let row = self.load(uow, id).await?;
        let seat = self.seat(uow, actor, &row).await?;
        policy::chair(actor, row.mall_id, seat)?;
        expect_version(&row, expected)?;
        let rubric = self.rubric(&row.rubric).await?;
        let grounds = self.grounds(uow, &row).await?;
        let state = row.state()?;
        let sheets = sealed_sheets(uow.tx(), &row).await?;
        let noted = noted(uow.tx(), &row).await?;
        let answers = agreed_answers(&rubric, sheets.as_deref().unwrap_or_default(), &noted)?;
        let card = score(&rubric, &answers, Weighing::Verified);
        let complete = sheets.is_some() && card.blocking().next().is_none();
        let grounds = Grounds { passes: complete.then(|| card.passes()), ..grounds };
        let next = application::Model {
            passes: grounds.passes,
            score: Some(to_json(&Agreed { answers, card: card.clone() })),
            ..row
        };
        self.step(uow, actor, state, next, Event::Agree, &grounds, None).await?;
        let detail = json!({ "earned": card.earned, "available": card.available, "passes": card.passes() });
        trail::note(uow, actor, id, "score", detail).await?;
        Ok(card)
    }

    /// Items whose sealed scores differ too much and have no reason yet.
    pub(super) async fn unreasoned(
        &self,
        db: &impl ConnectionTrait,
        row: &application::Model,
        rubric: &Rubric,
    ) -> Result<usize, Error> {
        let Some(sheets) = sealed_sheets(db, row).await? else { return Ok(0) };
        let noted = noted(db, row).await?;
        let lie = spreads(rubric, &sheets, terms().audit.score_gap_percent);
        Ok(lie.iter().filter(|spread| spread.needs_reason && !noted.contains_key(&spread.code)).count())
    }
}

fn check_answers(rubric: &Rubric, answers: &BTreeMap<String, Answer>) -> Result<(), Error> {
    let mut problems = Vec::new();
    for (code, answer) in answers {
        match rubric.item(code) {
            Some(item) => problems.extend(answer.problems(item)),
            None => problems.push(luhuan_kernel::FieldProblem {
                field: format!("answers.{code}"),
                message: Message::new("certification-unknown-code"),
            }),
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

async fn sheet_view(
    db: &impl ConnectionTrait,
    rubric: &Rubric,
    row: &application::Model,
    place: &assignment::Model,
) -> Result<SheetView, Error> {
    let answers = sheet_of(db, row, place.person_id).await?;
    let card = score(rubric, &answers, Weighing::Verified);
    Ok(SheetView { answers, sealed_at: place.sealed_at, card })
}

async fn sheet_of(
    db: &impl ConnectionTrait,
    row: &application::Model,
    person: Id<Person>,
) -> Result<BTreeMap<String, Answer>, Error> {
    let rows = sheet::Entity::find()
        .filter(sheet::Column::ApplicationId.eq(row.id))
        .filter(sheet::Column::Round.eq(row.round))
        .filter(sheet::Column::PersonId.eq(person))
        .all(db)
        .await?;
    rows.into_iter().map(|row| Ok((row.item, from_json(&row.body)?))).collect()
}

/// All sheets of the round in the order of the panel's ids, when all are sealed.
async fn sealed_sheets(
    db: &impl ConnectionTrait,
    row: &application::Model,
) -> Result<Option<Vec<BTreeMap<String, Answer>>>, Error> {
    let mut seats = steps::panel(db, row.id, row.round).await?;
    if seats.is_empty() || seats.iter().any(|seat| seat.sealed_at.is_none()) {
        return Ok(None);
    }
    seats.sort_by_key(|seat| seat.person_id);
    let mut sheets = Vec::with_capacity(seats.len());
    for seat in seats {
        sheets.push(sheet_of(db, row, seat.person_id).await?);
    }
    Ok(Some(sheets))
}

async fn noted(
    db: &impl ConnectionTrait,
    row: &application::Model,
) -> Result<BTreeMap<String, consensus::Model>, Error> {
    let rows = consensus::Entity::find()
        .filter(consensus::Column::ApplicationId.eq(row.id))
        .filter(consensus::Column::Round.eq(row.round))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.item.clone(), row)).collect())
}

fn agreed_answers(
    rubric: &Rubric,
    sheets: &[BTreeMap<String, Answer>],
    noted: &BTreeMap<String, consensus::Model>,
) -> Result<BTreeMap<String, Answer>, Error> {
    let mut answers = BTreeMap::new();
    for item in rubric.items() {
        let agreed = match noted.get(&item.code) {
            Some(row) => from_json(&row.body)?,
            None => {
                middle(item, &sheets.iter().filter_map(|sheet| sheet.get(&item.code)).collect::<Vec<_>>())
            }
        };
        answers.insert(item.code.clone(), agreed);
    }
    Ok(answers)
}
