//! The pool of assessors, the draw of a panel, and the declarations of its members.

use std::collections::HashMap;

use luhuan_kernel::{Actor, Id, Organisation, Person, Timestamp, random};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};
use serde::Serialize;
use serde_json::json;

use super::{Certification, expect_version, line, steps, trail};
use crate::{
    Application, Error,
    entity::{application, assessor, assignment, tie},
    model::{
        Event, State,
        assessors::{PoolMember, draw},
        calendar::Day,
        process::Grounds,
        terms,
    },
    policy::{self, Seat},
};

/// Somebody to be taken into the pool.
#[derive(Clone, Debug)]
pub struct AddAssessor {
    /// Who.
    pub person: Id<Person>,
    /// For whom they work.
    pub employer: String,
    /// What they know: energy, goods, waste.
    pub field: String,
    /// Whether they may be drawn.
    pub active: bool,
}

/// Somebody of the pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AssessorView {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    pub person: Id<Person>,
    /// The name others see.
    pub name: String,
    /// For whom they work.
    pub employer: String,
    /// What they know.
    pub field: String,
    /// Whether they may be drawn.
    pub active: bool,
    /// How many ties to malls they have told.
    pub ties: usize,
}

/// Somebody on a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::PanelMember)]
pub struct PanelMember {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    pub person: Id<Person>,
    /// The name others see.
    pub name: String,
    /// Whether they chair.
    pub chair: bool,
    /// When they declared to have no conflict.
    pub declared_at: Option<Timestamp>,
    /// When they sealed their scores.
    pub sealed_at: Option<Timestamp>,
}

impl Certification {
    /// Takes somebody into the pool, or changes what is known of them: the office.
    ///
    /// # Errors
    /// When the actor may not; [`Error::Invalid`], field by field.
    pub async fn keep_assessor(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        input: AddAssessor,
    ) -> Result<(), Error> {
        policy::office(actor)?;
        let row = assessor::Model {
            person_id: input.person,
            employer: line("employer", &input.employer, 120)?,
            field: line("field", &input.field, 60)?,
            active: input.active,
            joined_at: uow.now(),
        };
        let columns = [assessor::Column::Employer, assessor::Column::Field, assessor::Column::Active];
        let key = OnConflict::column(assessor::Column::PersonId).update_columns(columns).to_owned();
        let insert = assessor::Entity::insert(row.into_active_model().reset_all()).on_conflict(key);
        insert.exec_without_returning(uow.tx()).await?;
        Ok(())
    }

    /// Notes a tie of an assessor to a mall: employment, contract, kin. The office, or the assessor about themselves. `ended_on`
    /// is the day it ended, if it did; it counts for three years after (our draft).
    ///
    /// # Errors
    /// When the actor may not; [`Error::NotFound`] when the person is not in the pool; [`Error::Invalid`].
    pub async fn note_tie(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        person: Id<Person>,
        mall: Id<Organisation>,
        why: &str,
        ended_on: Option<&str>,
    ) -> Result<(), Error> {
        if !actor.is(person) {
            policy::office(actor)?;
        }
        assessor::Entity::find_by_id(person).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        if ended_on.is_some_and(|day| Day::parse(day).is_none()) {
            return Err(Error::field("ended_on", "certification-day"));
        }
        let row = tie::Model {
            person_id: person,
            mall_id: mall,
            reason: line("reason", why, 200)?,
            ended_on: ended_on.map(str::to_owned),
            noted_at: uow.now(),
        };
        let columns = [tie::Column::Reason, tie::Column::EndedOn, tie::Column::NotedAt];
        let key = OnConflict::columns([tie::Column::PersonId, tie::Column::MallId])
            .update_columns(columns)
            .to_owned();
        let insert = tie::Entity::insert(row.into_active_model().reset_all()).on_conflict(key);
        insert.exec_without_returning(uow.tx()).await?;
        Ok(())
    }

    /// The pool, for the office.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn assessors(&self, actor: &Actor) -> Result<Vec<AssessorView>, Error> {
        policy::office(actor)?;
        let db = self.store().reader();
        let rows = assessor::Entity::find().order_by_asc(assessor::Column::PersonId).all(db).await?;
        let ties = tie::Entity::find().all(db).await?;
        let names = self.names(&rows.iter().map(|row| row.person_id).collect::<Vec<_>>()).await?;
        Ok(rows
            .into_iter()
            .map(|row| AssessorView {
                name: names.get(&row.person_id).cloned().unwrap_or_default(),
                ties: ties.iter().filter(|tie| tie.person_id == row.person_id).count(),
                person: row.person_id,
                employer: row.employer,
                field: row.field,
                active: row.active,
            })
            .collect())
    }

    /// Draws the panel by lot from those of the pool who are free of conflicts and were on no earlier panel of the case. The
    /// seed is noted, so that the draw can be repeated. Whoever may not be drawn is left out by rule, not by choice.
    ///
    /// # Errors
    /// [`Error::Pool`] when too few are free.
    pub async fn assign(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<Vec<Id<Person>>, Error> {
        let row = self.load(uow, id).await?;
        policy::administer(actor, row.mall_id)?;
        expect_version(&row, expected)?;
        let state = row.state()?;
        let needed = terms().audit.assessors;
        let free = self.free_assessors(uow.tx(), &row, Day::of(uow.now())).await?;
        let seed = random::bytes::<32>();
        // The state first: a draw for a case that is not there to be assigned would be a leak of the lot.
        crate::model::process::attempt(
            state,
            Event::Assign,
            &Grounds { assessors: needed, assessors_needed: needed, ..Grounds::default() },
        )?;
        let drawn = draw(&free, needed, &seed)?;
        let (seed, round) = (hex::encode(seed), row.round);
        let grounds = Grounds { assessors: drawn.len(), conflicted: 0, ..self.grounds(uow, &row).await? };
        self.step(uow, actor, state, row, Event::Assign, &grounds, None).await?;
        for (n, person) in drawn.iter().enumerate() {
            self.seat_assessor(uow, id, round, *person, n == 0, &seed).await?;
        }
        trail::note(uow, actor, id, "draw", json!({ "seed": seed, "pool": free, "drawn": drawn })).await?;
        Ok(drawn)
    }

    async fn seat_assessor(
        &self,
        uow: &UnitOfWork,
        application_id: Id<Application>,
        round: i32,
        person_id: Id<Person>,
        chair: bool,
        seed: &str,
    ) -> Result<(), Error> {
        let seat = assignment::Model {
            application_id,
            round,
            person_id,
            chair,
            seed: seed.to_owned(),
            assigned_at: uow.now(),
            declared_at: None,
            sealed_at: None,
            removed_at: None,
        };
        seat.into_active_model().reset_all().insert(uow.tx()).await?;
        Ok(())
    }

    /// Members of a panel who have a tie to the mall, told before or after the draw.
    pub(super) async fn conflicted(
        &self,
        db: &impl ConnectionTrait,
        row: &application::Model,
        today: Day,
    ) -> Result<usize, Error> {
        let panel = steps::panel(db, row.id, row.round).await?;
        let ties = tie::Entity::find().filter(tie::Column::MallId.eq(row.mall_id)).all(db).await?;
        let years = terms().audit.conflict_years;
        let tied = |seat: &&assignment::Model| {
            let own = ties.iter().filter(|tie| tie.person_id == seat.person_id);
            let ties = own.map(|tie| (tie.mall_id, tie.ended_on.as_deref().and_then(Day::parse))).collect();
            PoolMember { person: seat.person_id, ties }.bar(row.mall_id, &[], today, years).is_some()
        };
        Ok(panel.iter().filter(tied).count())
    }

    /// Those of the pool who may be drawn for a case.
    async fn free_assessors(
        &self,
        db: &impl ConnectionTrait,
        row: &application::Model,
        today: Day,
    ) -> Result<Vec<Id<Person>>, Error> {
        let pool = assessor::Entity::find().filter(assessor::Column::Active.eq(true)).all(db).await?;
        let ties = tie::Entity::find().filter(tie::Column::MallId.eq(row.mall_id)).all(db).await?;
        let earlier: Vec<Id<Person>> = assignment::Entity::find()
            .filter(assignment::Column::ApplicationId.eq(row.id))
            .all(db)
            .await?
            .into_iter()
            .map(|seat| seat.person_id)
            .collect();
        let mut free = Vec::new();
        for one in pool {
            let own = ties.iter().filter(|tie| tie.person_id == one.person_id);
            let member = PoolMember {
                person: one.person_id,
                ties: own.map(|tie| (tie.mall_id, tie.ended_on.as_deref().and_then(Day::parse))).collect(),
            };
            if member.bar(row.mall_id, &earlier, today, terms().audit.conflict_years).is_none() {
                free.push(one.person_id);
            }
        }
        Ok(free)
    }

    /// Declares to have no conflict with the mall, or one. Whoever has one leaves the panel, and another is drawn in their place.
    ///
    /// # Errors
    /// When the actor is not on the panel; [`Error::Conflict`] when the mall is their own; [`Error::Pool`] when nobody is left
    /// to take the place.
    pub async fn declare(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        conflict: Option<&str>,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        let seat = self.seat(uow, actor, &row).await?;
        let own = policy::declare(actor, row.mall_id, seat);
        let state = row.state()?;
        let (person, why) = match (own, conflict) {
            (Ok(person), None) => (person, None),
            (Ok(person), Some(why)) => (person, Some(line("conflict", why, 200)?)),
            // A member of the mall cannot declare to be free of it, but can leave.
            (Err(Error::Conflict), Some(why)) => {
                (actor.person_id().ok_or(Error::Unauthenticated)?, Some(line("conflict", why, 200)?))
            }
            (Err(error), _) => return Err(error),
        };
        // A conflict may come up as long as the panel works; to be free of one is said at the beginning, or by who comes later.
        if !matches!(state, State::DeskReview | State::SiteAudit | State::Rectification | State::Verified) {
            return Err(Error::NotNow(state));
        }
        let found = assignment::Entity::find_by_id((id, row.round, person)).one(uow.tx()).await?;
        let mut place = found.ok_or(Error::NotFound)?;
        let Some(why) = why else {
            place.declared_at = Some(uow.now());
            place.into_active_model().reset_all().update(uow.tx()).await?;
            return trail::note(uow, actor, id, "declare", json!({ "conflict": false })).await;
        };
        let chair = place.chair;
        place.removed_at = Some(uow.now());
        place.into_active_model().reset_all().update(uow.tx()).await?;
        trail::note(uow, actor, id, "declare", json!({ "conflict": true, "reason": why })).await?;
        let free = self.free_assessors(uow.tx(), &row, Day::of(uow.now())).await?;
        let seed = random::bytes::<32>();
        let drawn = draw(&free, 1, &seed)?;
        let seed = hex::encode(seed);
        self.seat_assessor(uow, id, row.round, drawn[0], chair, &seed).await?;
        trail::note(uow, actor, id, "draw", json!({ "seed": seed, "pool": free, "drawn": drawn })).await
    }

    /// The actor's place on the panel of the running round.
    pub(super) async fn seat(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        row: &application::Model,
    ) -> Result<Seat, Error> {
        seat_of(uow.tx(), actor, row).await
    }

    /// The panel of the running round, the chair first.
    pub(super) async fn panel_members(
        &self,
        db: &impl ConnectionTrait,
        row: &application::Model,
    ) -> Result<Vec<PanelMember>, Error> {
        let mut seats = steps::panel(db, row.id, row.round).await?;
        seats.sort_by_key(|seat| (!seat.chair, seat.person_id));
        let names = self.names(&seats.iter().map(|seat| seat.person_id).collect::<Vec<_>>()).await?;
        Ok(seats
            .into_iter()
            .map(|seat| PanelMember {
                person: seat.person_id,
                name: names.get(&seat.person_id).cloned().unwrap_or_default(),
                chair: seat.chair,
                declared_at: seat.declared_at,
                sealed_at: seat.sealed_at,
            })
            .collect())
    }

    /// The names that others see of people.
    pub(super) async fn names(&self, people: &[Id<Person>]) -> Result<HashMap<Id<Person>, String>, Error> {
        let cards = self.accounts().sellers(people).await?;
        Ok(cards.into_iter().map(|(person, card)| (person, card.name)).collect())
    }
}

/// The actor's place on the panel of the running round.
pub(super) async fn seat_of(
    db: &impl ConnectionTrait,
    actor: &Actor,
    row: &application::Model,
) -> Result<Seat, Error> {
    let Some(person) = actor.person_id() else { return Ok(Seat::default()) };
    let found = assignment::Entity::find_by_id((row.id, row.round, person)).one(db).await?;
    let found = found.filter(|seat| seat.removed_at.is_none());
    Ok(found.map_or_else(Seat::default, |seat| Seat {
        on_panel: true,
        chair: seat.chair,
        declared: seat.declared_at.is_some(),
    }))
}
