//! Versions of the rubric: those that ship, and those that the office makes.

use std::sync::Arc;

use luhuan_kernel::{Actor, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QueryOrder, QuerySelect};
use serde::Serialize;

use super::{Certification, code, from_json, plain, to_json};
use crate::{
    Error,
    codes::codes,
    entity::rubric,
    model::{
        Rubric,
        calendar::Day,
        compare::{Difference, compare},
        rubric::RubricError,
    },
    policy,
};

codes! {
    /// Where a version stands.
    RubricState {
        /// Being written; nobody applies under it.
        Draft = "draft",
        /// In force within its dates; it never changes again.
        Published = "published",
    }
}

/// A version in the list.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RubricVersion {
    /// The rubric.
    pub rubric: Rubric,
    /// Where it stands.
    pub state: RubricState,
    /// Whether it ships with the program.
    pub shipped: bool,
    /// Its hash.
    pub hash: String,
    /// Counts the edits of a draft.
    pub edition: i64,
    /// When it was last changed, if the office made it.
    pub updated_at: Option<Timestamp>,
}

impl From<RubricError> for Error {
    fn from(error: RubricError) -> Self {
        match error {
            RubricError::Unreadable(what) => Self::RubricUnreadable(what),
            RubricError::Faulty(faults) => Self::Rubric(faults),
        }
    }
}

impl Certification {
    /// All versions that the actor may see: published ones, and for the office the drafts as well. Newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn rubrics(&self, actor: &Actor) -> Result<Vec<RubricVersion>, Error> {
        let office = policy::office(actor).is_ok();
        let rows = rubric::Entity::find()
            .order_by_desc(rubric::Column::CreatedAt)
            .all(self.store().reader())
            .await?;
        let mut versions = Vec::new();
        for row in rows {
            let state: RubricState = code(&row.state)?;
            if state == RubricState::Published || office {
                versions.push(RubricVersion {
                    rubric: from_json(&row.body)?,
                    state,
                    shipped: false,
                    hash: row.hash,
                    edition: row.edition,
                    updated_at: Some(row.updated_at),
                });
            }
        }
        versions.extend(Rubric::shipped().into_iter().map(|rubric| RubricVersion {
            state: RubricState::Published,
            shipped: true,
            hash: rubric.hash(),
            edition: 1,
            updated_at: None,
            rubric,
        }));
        Ok(versions)
    }

    /// A published version.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that name.
    pub async fn rubric(&self, version: &str) -> Result<Arc<Rubric>, Error> {
        if let Some(known) = self.remembered(version) {
            return Ok(known);
        }
        let row = rubric::Entity::find_by_id(plain(version)?.to_owned()).one(self.store().reader()).await?;
        let row = row.filter(|row| row.state == RubricState::Published.code()).ok_or(Error::NotFound)?;
        let rubric = Arc::new(from_json::<Rubric>(&row.body)?);
        self.remember(&rubric);
        Ok(rubric)
    }

    /// Keeps a draft of a version: the office. `expected` is the edition that was read.
    ///
    /// # Errors
    /// [`Error::Rubric`] with everything that is wrong; [`Error::RubricPublished`] when it is published.
    pub async fn save_rubric(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        version: &str,
        rubric: &Rubric,
        expected: Option<i64>,
    ) -> Result<RubricVersion, Error> {
        let person = policy::office(actor)?;
        if rubric.version != version {
            return Err(Error::field("version", "certification-unknown-rubric"));
        }
        let faults = rubric.faults();
        if !faults.is_empty() {
            return Err(Error::Rubric(faults));
        }
        if Rubric::shipped().iter().any(|shipped| shipped.version == rubric.version) {
            return Err(Error::RubricPublished);
        }
        let found = self.load_rubric(uow, &rubric.version).await?;
        let edition = found.as_ref().map_or(1, |row| row.edition + 1);
        if let Some(row) = &found {
            if row.state != RubricState::Draft.code() {
                return Err(Error::RubricPublished);
            }
            if expected.is_some_and(|edition| edition != row.edition) {
                return Err(Error::Stale);
            }
        }
        let row = rubric::Model {
            version: rubric.version.clone(),
            state: RubricState::Draft.code().to_owned(),
            body: to_json(rubric),
            hash: rubric.hash(),
            edition,
            created_by: found.as_ref().map_or(person, |row| row.created_by),
            created_at: found.as_ref().map_or(uow.now(), |row| row.created_at),
            updated_at: uow.now(),
            published_at: None,
        };
        let active = row.clone().into_active_model().reset_all();
        if found.is_some() {
            active.update(uow.tx()).await?
        } else {
            active.insert(uow.tx()).await?
        };
        Ok(RubricVersion {
            rubric: rubric.clone(),
            state: RubricState::Draft,
            shipped: false,
            hash: row.hash,
            edition,
            updated_at: Some(uow.now()),
        })
    }

    /// Publishes a draft: from now on it does not change, and malls may apply under it within its dates.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::RubricPublished`].
    pub async fn publish_rubric(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        version: &str,
    ) -> Result<Rubric, Error> {
        policy::office(actor)?;
        let mut row = self.load_rubric(uow, version).await?.ok_or(Error::NotFound)?;
        if row.state != RubricState::Draft.code() {
            return Err(Error::RubricPublished);
        }
        let rubric = Rubric::from_json(&row.body)?;
        RubricState::Published.code().clone_into(&mut row.state);
        row.published_at = Some(uow.now());
        row.updated_at = uow.now();
        row.into_active_model().reset_all().update(uow.tx()).await?;
        Ok(rubric)
    }

    /// How two versions differ, drafts of the office among them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the actor knows one of them not.
    pub async fn compare_rubrics(
        &self,
        actor: &Actor,
        before: &str,
        after: &str,
    ) -> Result<Vec<Difference>, Error> {
        let versions = self.rubrics(actor).await?;
        let find = |version: &str| {
            let found = versions.iter().find(|one| one.rubric.version == version);
            found.map(|one| &one.rubric).ok_or(Error::NotFound)
        };
        Ok(compare(find(before)?, find(after)?))
    }

    async fn load_rubric(&self, uow: &UnitOfWork, version: &str) -> Result<Option<rubric::Model>, Error> {
        let mut query = rubric::Entity::find_by_id(plain(version)?.to_owned());
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        Ok(query.one(uow.tx()).await?)
    }
}

/// Whether a mall may begin under a version on a day.
pub(super) fn is_in_force(rubric: &Rubric, today: Day) -> bool {
    let from = Day::parse(&rubric.effective_from);
    let to = rubric.effective_to.as_deref().and_then(Day::parse);
    from.is_some_and(|from| from <= today) && to.is_none_or(|to| today <= to)
}
