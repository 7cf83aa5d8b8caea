//! What certification keeps about a person, for export and erasure (PIPL art. 45 to 47).

use async_trait::async_trait;
use luhuan_accounts::PersonalData;
use luhuan_kernel::{Id, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::Certification;
use crate::{
    Error,
    entity::{assessor, assignment, objection, tie, trail, vote},
};

#[async_trait]
impl PersonalData for Certification {
    fn name(&self) -> &'static str {
        "certification"
    }

    async fn export(&self, person: Id<Person>) -> Result<Value, String> {
        self.export_of(person).await.map_err(|error| error.to_string())
    }

    /// Names, contacts, employers and ties go. What was decided stays under the account's pseudonym: the audit trail is kept
    /// for the life of the system (our retention table), and names nobody.
    async fn erase(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), String> {
        erase_of(uow, person).await.map_err(|error| error.to_string())
    }
}

impl Certification {
    async fn export_of(&self, person: Id<Person>) -> Result<Value, Error> {
        let db = self.store().reader();
        let objections =
            objection::Entity::find().filter(objection::Column::PersonId.eq(person)).all(db).await?;
        let pool = assessor::Entity::find_by_id(person).one(db).await?;
        let ties = tie::Entity::find().filter(tie::Column::PersonId.eq(person)).all(db).await?;
        let seats =
            assignment::Entity::find().filter(assignment::Column::PersonId.eq(person)).all(db).await?;
        let votes = vote::Entity::find().filter(vote::Column::PersonId.eq(person)).all(db).await?;
        let acts = trail::Entity::find().filter(trail::Column::Actor.eq(person.to_string())).all(db).await?;
        Ok(json!({
            "objections": objections.iter().map(|row| json!({
                "id": row.id, "application": row.application_id, "name": row.name, "contact": row.contact,
                "words": row.words, "state": row.state, "answer": row.answer, "filed_at": row.filed_at,
            })).collect::<Vec<_>>(),
            "assessor": pool.map(|row| json!({
                "employer": row.employer, "field": row.field, "active": row.active, "joined_at": row.joined_at,
            })),
            "ties": ties.iter().map(|row| json!({
                "mall": row.mall_id, "reason": row.reason, "ended_on": row.ended_on,
            })).collect::<Vec<_>>(),
            "panels": seats.iter().map(|row| json!({
                "application": row.application_id, "round": row.round, "chair": row.chair,
                "assigned_at": row.assigned_at, "declared_at": row.declared_at, "sealed_at": row.sealed_at,
            })).collect::<Vec<_>>(),
            "votes": votes.iter().map(|row| json!({
                "application": row.application_id, "vote": row.vote, "reason": row.reason, "at": row.at,
            })).collect::<Vec<_>>(),
            "acts": acts.iter().map(|row| json!({
                "application": row.application_id, "act": row.act, "at": row.at,
            })).collect::<Vec<_>>(),
        }))
    }
}

async fn erase_of(uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
    let forgotten = objection::ActiveModel {
        name: Set(String::new()),
        contact: Set(String::new()),
        ..objection::ActiveModel::default()
    };
    objection::Entity::update_many()
        .set(forgotten)
        .filter(objection::Column::PersonId.eq(person))
        .exec(uow.tx())
        .await?;
    let retired = assessor::ActiveModel {
        employer: Set(String::new()),
        active: Set(false),
        ..assessor::ActiveModel::default()
    };
    assessor::Entity::update_many()
        .set(retired)
        .filter(assessor::Column::PersonId.eq(person))
        .exec(uow.tx())
        .await?;
    tie::Entity::delete_many().filter(tie::Column::PersonId.eq(person)).exec(uow.tx()).await?;
    Ok(())
}
