//! What somebody agreed to, and took back.

use luhuan_kernel::{Actor, Clock, Id, Message, Person, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};

use super::{Accounts, identity, load_person, locked};
use crate::{
    AccountsEvent, Error,
    entity::consent::{ActiveModel, Column, Entity, Model},
    model::{self, Basis, Purpose},
    policy,
};

/// A purpose, and how the person stands to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentView {
    /// The purpose's code; its sentences are `accounts-consent-{code}`.
    pub purpose: String,
    /// The version of the notice in force.
    pub version: String,
    /// On which ground the data is used.
    pub basis: Basis,
    /// Whether the service cannot be rendered without it.
    pub required: bool,
    /// Since when it is given, in the version that was given; nothing when it is not.
    pub given: Option<(String, Timestamp)>,
}

impl Accounts {
    /// Every purpose in force, and how the actor stands to it.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn consents(&self, actor: &Actor) -> Result<Vec<ConsentView>, Error> {
        let person = policy::view_consents(actor)?;
        let rows = standing(self.store.reader(), person).await?;
        Ok(model::consents().iter().map(|purpose| view(purpose, &rows)).collect())
    }

    /// Gives a consent, in the version in force. Given already, it stays as it was.
    ///
    /// # Errors
    /// [`Error::Invalid`] when there is no such purpose.
    pub async fn give_consent(&self, uow: &UnitOfWork, actor: &Actor, purpose: &str) -> Result<(), Error> {
        let person = policy::change_consents(actor)?;
        let purpose = model::purpose(purpose).ok_or_else(unknown)?;
        load_person(uow, person).await?;
        record(uow, self.store.clock(), person, purpose).await
    }

    /// Withdraws a consent; what rests on it stops at once. Not given, nothing happens.
    ///
    /// # Errors
    /// [`Error::ConsentRequired`] when the account rests on it.
    pub async fn withdraw_consent(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        purpose: &str,
    ) -> Result<(), Error> {
        let person = policy::change_consents(actor)?;
        let purpose = model::purpose(purpose).ok_or_else(unknown)?;
        if purpose.required {
            return Err(Error::ConsentRequired(purpose.code.clone()));
        }
        let row = load_person(uow, person).await?;
        let given = locked(uow, Entity::find())
            .filter(Column::PersonId.eq(person))
            .filter(Column::Purpose.eq(&purpose.code))
            .filter(Column::WithdrawnAt.is_null())
            .all(uow.tx())
            .await?;
        if given.is_empty() {
            return Ok(());
        }
        for consent in given {
            let mut consent: ActiveModel = consent.into();
            consent.withdrawn_at = Set(Some(uow.now()));
            consent.update(uow.tx()).await?;
        }
        if purpose.code == identity::PURPOSE {
            identity::forget(uow, row).await?;
        }
        uow.emit(&AccountsEvent::ConsentWithdrawn { person, purpose: purpose.code.clone() }).await?;
        Ok(())
    }

    /// Whether a person's consent to a purpose stands, for the contexts that rely on it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn has_consented(&self, person: Id<Person>, purpose: &str) -> Result<bool, Error> {
        Ok(standing(self.store.reader(), person).await?.iter().any(|row| row.purpose == purpose))
    }
}

/// Records a consent in the version in force; an older one of the same purpose ends with it. The person's row is
/// locked by the caller, or new.
pub(super) async fn record(
    uow: &UnitOfWork,
    clock: &dyn Clock,
    person: Id<Person>,
    purpose: &Purpose,
) -> Result<(), Error> {
    for old in standing(uow.tx(), person).await?.into_iter().filter(|row| row.purpose == purpose.code) {
        if old.version == purpose.version {
            return Ok(());
        }
        let mut old: ActiveModel = old.into();
        old.withdrawn_at = Set(Some(uow.now()));
        old.update(uow.tx()).await?;
    }
    let row = ActiveModel {
        id: Set(Id::new(clock)),
        person_id: Set(person),
        purpose: Set(purpose.code.clone()),
        version: Set(purpose.version.clone()),
        basis: Set(purpose.basis.code().to_owned()),
        given_at: Set(uow.now()),
        withdrawn_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(uow.tx()).await?;
    let (purpose, version) = (purpose.code.clone(), purpose.version.clone());
    uow.emit(&AccountsEvent::ConsentGiven { person, purpose, version }).await?;
    Ok(())
}

/// Every consent ever given, for the person's own eyes.
pub(super) async fn history(db: &impl ConnectionTrait, person: Id<Person>) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().filter(Column::PersonId.eq(person)).order_by_asc(Column::Id).all(db).await?)
}

async fn standing(db: &impl ConnectionTrait, person: Id<Person>) -> Result<Vec<Model>, Error> {
    let query = Entity::find().filter(Column::PersonId.eq(person)).filter(Column::WithdrawnAt.is_null());
    Ok(query.all(db).await?)
}

fn view(purpose: &Purpose, rows: &[Model]) -> ConsentView {
    let given = rows.iter().find(|row| row.purpose == purpose.code);
    ConsentView {
        purpose: purpose.code.clone(),
        version: purpose.version.clone(),
        basis: purpose.basis,
        required: purpose.required,
        given: given.map(|row| (row.version.clone(), row.given_at)),
    }
}

fn unknown() -> Error {
    Error::field("purpose", Message::new("accounts-purpose"))
}
