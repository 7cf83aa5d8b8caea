//! The committee's votes, and the public's objections.

use luhuan_kernel::{Actor, Id, Masked, Person, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Certification, code, line, reason, trail, words};
use crate::{
    Application, CertificationEvent, Error, Objection,
    codes::codes,
    entity::{application, objection, vote},
    model::{State, terms, terms::ClockName},
    policy,
};

codes! {
    /// A vote.
    #[schema(as = certification::Vote)]
    Vote {
        /// For listing.
        For = "for",
        /// Against it.
        Against = "against",
        /// Neither; it counts towards the quorum.
        Abstain = "abstain",
    }
}

codes! {
    /// Where an objection stands.
    #[schema(as = certification::ObjectionState)]
    ObjectionState {
        /// To be answered.
        Open = "open",
        /// It is right.
        Upheld = "upheld",
        /// It is not.
        Dismissed = "dismissed",
    }
}

/// A vote that was cast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::VoteView)]
pub struct VoteView {
    /// By whom.
    #[schema(value_type = String, format = "uuid")]
    pub person: Id<Person>,
    /// Which.
    pub vote: Vote,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// An objection to be filed. By name: nobody objects in secret, and nobody's name is shown to the mall.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "张三", "contact": "13812345678", "words": "公示材料中的回收量与现场不符。" }))]
pub struct FileObjection {
    /// The objector's name.
    #[schema(max_length = 60)]
    pub name: String,
    /// Where the answer reaches them.
    #[schema(max_length = 120)]
    pub contact: String,
    /// What is wrong, and how that can be seen.
    #[schema(max_length = 2000)]
    pub words: String,
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::ObjectionView)]
pub struct ObjectionView {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Objection>,
    /// What is wrong.
    pub words: String,
    /// Who says so: for the office and themselves; nobody else is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the answer reaches them, masked: for the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Where it stands.
    pub state: ObjectionState,
    /// The answer.
    pub answer: String,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When it must be answered.
    pub due_at: Timestamp,
    /// When it was.
    pub answered_at: Option<Timestamp>,
}

/// Objections of one person to one application at most.
const MOST: u64 = 5;

impl Certification {
    /// Casts a vote, or changes one's own while the committee sits. Whoever scored the mall does not vote on it.
    ///
    /// # Errors
    /// When the actor may not; [`Error::Conflict`] for its assessors and its own people; [`Error::NotNow`].
    pub async fn vote(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        choice: Vote,
        why: &str,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        let person = policy::administer(actor, row.mall_id)?;
        let state = row.state()?;
        if state != State::Committee {
            return Err(Error::NotNow(state));
        }
        if self.seat(uow, actor, &row).await?.on_panel {
            return Err(Error::Conflict);
        }
        let why = if choice == Vote::Against { reason(why)? } else { words("reason", why)? };
        let cast = vote::Model {
            application_id: id,
            round: row.round,
            person_id: person,
            vote: choice.code().to_owned(),
            reason: why,
            at: uow.now(),
        };
        use vote::Column;
        let key = OnConflict::columns([Column::ApplicationId, Column::Round, Column::PersonId])
            .update_columns([Column::Vote, Column::Reason, Column::At])
            .to_owned();
        let insert = vote::Entity::insert(cast.into_active_model().reset_all()).on_conflict(key);
        insert.exec_without_returning(uow.tx()).await?;
        trail::note(uow, actor, id, "vote", json!({ "vote": choice })).await
    }

    /// Objects by name: during the notice to the listing, afterwards to the certificate. A case with a clock.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing public is there to object to; [`Error::Invalid`], field by field.
    pub async fn object(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        input: FileObjection,
    ) -> Result<ObjectionView, Error> {
        let person = policy::object(actor)?;
        let row = self.load(uow, id).await?;
        if !row.state()?.is_public() {
            return Err(Error::NotFound);
        }
        if actor.role_in(row.mall_id).is_some() {
            return Err(Error::Conflict);
        }
        let own = objection::Entity::find()
            .filter(objection::Column::ApplicationId.eq(id))
            .filter(objection::Column::PersonId.eq(person));
        if own.count(uow.tx()).await? >= MOST {
            return Err(Error::field("words", "certification-too-many"));
        }
        let filed = objection::Model {
            id: Id::new(self.store().clock()),
            application_id: id,
            round: row.round,
            person_id: person,
            name: line("name", &input.name, 60)?,
            contact: line("contact", &input.contact, 120)?,
            words: words("words", &line("words", &input.words.replace(['\n', '\r', '\t'], " "), 2_000)?)?,
            state: ObjectionState::Open.code().to_owned(),
            answer: String::new(),
            due_at: terms().deadline(ClockName::Objection, uow.now()).due,
            escalated_at: None,
            filed_at: uow.now(),
            answered_by: None,
            answered_at: None,
        };
        let filed = filed.into_active_model().reset_all().insert(uow.tx()).await?;
        // The trail names the case, not the person: it is for the life of the system.
        trail::note(uow, &Actor::system("objection"), id, "object", json!({ "objection": filed.id })).await?;
        uow.emit(&CertificationEvent::Objected { application: id, objection: filed.id }).await?;
        view(filed, Eyes::Own)
    }

    /// Answers an objection: upheld or dismissed, with the reason.
    ///
    /// # Errors
    /// When the actor may not; [`Error::NotFound`]; [`Error::NotNow`] when it is answered.
    pub async fn answer_objection(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        which: Id<Objection>,
        outcome: ObjectionState,
        why: &str,
    ) -> Result<ObjectionView, Error> {
        let found = objection::Entity::find_by_id(which).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let row = self.load(uow, found.application_id).await?;
        let person = policy::administer(actor, row.mall_id)?;
        // Read again: another may have answered while this one waited for the row.
        let mut found = objection::Entity::find_by_id(which).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        if found.state != ObjectionState::Open.code() || outcome == ObjectionState::Open {
            return Err(Error::NotNow(row.state()?));
        }
        found.answer = reason(why)?;
        outcome.code().clone_into(&mut found.state);
        found.answered_by = Some(person);
        found.answered_at = Some(uow.now());
        let found = found.into_active_model().reset_all().update(uow.tx()).await?;
        let detail = json!({ "objection": which, "outcome": outcome, "reason": found.answer });
        trail::note(uow, actor, row.id, "answer_objection", detail).await?;
        view(found, Eyes::Office)
    }

    /// The votes of the running round: for the office.
    pub(super) async fn votes(
        &self,
        db: &impl ConnectionTrait,
        row: &application::Model,
    ) -> Result<Vec<VoteView>, Error> {
        let rows = vote::Entity::find()
            .filter(vote::Column::ApplicationId.eq(row.id))
            .filter(vote::Column::Round.eq(row.round))
            .order_by_asc(vote::Column::At)
            .order_by_asc(vote::Column::PersonId)
            .all(db)
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(VoteView { vote: code(&row.vote)?, person: row.person_id, reason: row.reason, at: row.at })
            })
            .collect()
    }

    /// Objections to an application and its certificate, oldest first, as far as the eyes may see.
    pub(super) async fn objections(
        &self,
        db: &impl ConnectionTrait,
        id: Id<Application>,
        eyes: Eyes,
    ) -> Result<Vec<ObjectionView>, Error> {
        let rows = objection::Entity::find()
            .filter(objection::Column::ApplicationId.eq(id))
            .order_by_asc(objection::Column::FiledAt)
            .order_by_asc(objection::Column::Id)
            .all(db)
            .await?;
        rows.into_iter().map(|row| view(row, eyes)).collect()
    }

    /// One's own objections, with their answers.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn own_objections(
        &self,
        actor: &Actor,
    ) -> Result<Vec<(Id<Application>, ObjectionView)>, Error> {
        let person = actor.person_id().ok_or(Error::Unauthenticated)?;
        let rows = objection::Entity::find()
            .filter(objection::Column::PersonId.eq(person))
            .order_by_desc(objection::Column::FiledAt)
            .all(self.store().reader())
            .await?;
        rows.into_iter().map(|row| Ok((row.application_id, view(row, Eyes::Own)?))).collect()
    }
}

/// Who looks at an objection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eyes {
    /// The office.
    Office,
    /// Whoever filed it.
    Own,
    /// Anyone else: what it says, not who.
    Others,
}

fn view(row: objection::Model, eyes: Eyes) -> Result<ObjectionView, Error> {
    let contact = match eyes {
        Eyes::Office => Some(Masked::Phone(row.contact).to_string()),
        Eyes::Own => Some(row.contact),
        Eyes::Others => None,
    };
    Ok(ObjectionView {
        id: row.id,
        words: row.words,
        name: (eyes != Eyes::Others).then_some(row.name),
        contact,
        state: code(&row.state)?,
        answer: row.answer,
        filed_at: row.filed_at,
        due_at: row.due_at,
        answered_at: row.answered_at,
    })
}
