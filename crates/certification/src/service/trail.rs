//! What was done, in a chain of hashes: whoever changes or drops a line breaks the chain after it.

use luhuan_kernel::{Actor, Id, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Certification, corrupt, from_json};
use crate::{
    Application, Error, canonical,
    entity::{application, trail},
    policy,
};

/// A line of the trail.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::TrailEntry)]
pub struct TrailEntry {
    /// Its number, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who: a person's id, or `system:` and what part of the program.
    pub actor: String,
    /// What was done: a stable code.
    pub act: String,
    /// The particulars.
    pub detail: Value,
    /// The hash over the line and the hash before it.
    pub hash: String,
}

/// The hash of a line: SHA-256 over the hash before it and the canonical JSON of the line.
fn hash(before: &str, seq: i64, at: Timestamp, actor: &str, act: &str, detail: &Value) -> String {
    let line = json!({ "seq": seq, "at": at.to_string(), "actor": actor, "act": act, "detail": detail });
    hex::encode(Sha256::digest(format!("{before}{}", canonical::json(&line))))
}

/// Notes an act. The caller holds the application's row, so that lines come one after the other.
pub(super) async fn note(
    uow: &UnitOfWork,
    actor: &Actor,
    application: Id<Application>,
    act: &str,
    detail: Value,
) -> Result<(), Error> {
    let last = trail::Entity::find()
        .filter(trail::Column::ApplicationId.eq(application))
        .order_by_desc(trail::Column::Seq)
        .one(uow.tx())
        .await?;
    let (seq, before) = last.map_or((1, String::new()), |line| (line.seq + 1, line.hash));
    let actor = actor.label();
    let line = trail::Model {
        application_id: application,
        seq,
        at: uow.now(),
        hash: hash(&before, seq, uow.now(), &actor, act, &detail),
        actor,
        act: act.to_owned(),
        detail: detail.to_string(),
    };
    line.into_active_model().reset_all().insert(uow.tx()).await?;
    Ok(())
}

impl Certification {
    /// The trail of an application, whole and checked: for the office.
    ///
    /// # Errors
    /// When the actor may not; when the chain is broken, which the log then says.
    pub async fn trail(&self, actor: &Actor, id: Id<Application>) -> Result<Vec<TrailEntry>, Error> {
        policy::office(actor)?;
        let db = self.store().reader();
        let row = application::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        policy::administer(actor, row.mall_id)?;
        let lines = trail::Entity::find()
            .filter(trail::Column::ApplicationId.eq(id))
            .order_by_asc(trail::Column::Seq)
            .all(db)
            .await?;
        let (mut entries, mut before) = (Vec::with_capacity(lines.len()), String::new());
        for (expected, line) in (1..).zip(lines) {
            let detail: Value = from_json(&line.detail)?;
            let sound = line.seq == expected
                && line.hash == hash(&before, line.seq, line.at, &line.actor, &line.act, &detail);
            if !sound {
                return Err(corrupt(format!("the trail of {id} is broken at {}", line.seq)));
            }
            before.clone_from(&line.hash);
            let trail::Model { seq, at, actor, act, hash, .. } = line;
            entries.push(TrailEntry { seq, at, actor, act, detail, hash });
        }
        Ok(entries)
    }
}
