//! The identity number: sensitive, so with a consent of its own, sealed, and shown masked (PIPL art. 28, 29).

use luhuan_kernel::{Actor, FieldProblem, Id, Message, Person, Secret, Zone, validate};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{Accounts, consents, load_person};
use crate::{
    AccountsEvent, Error,
    entity::person::{ActiveModel, Column, Entity, Model},
    model::{self, SellerKind, line},
    policy,
};

/// The purpose whose consent covers it.
pub(super) const PURPOSE: &str = "identity";
/// Under this age a guardian must consent, for which there is no way here (PIPL art. 31).
const AGE_MIN: u8 = 14;

/// An identity to put on file.
#[derive(Clone, Debug)]
pub struct GiveIdentity {
    /// The name on the identity card.
    pub real_name: Secret<String>,
    /// The number on it.
    pub number: Secret<String>,
    /// The separate consent, ticked by hand for this alone.
    pub consent: bool,
}

/// An identity on file.
pub(super) struct Identity {
    pub(super) real_name: Secret<String>,
    pub(super) number: Secret<String>,
}

impl Accounts {
    /// Puts the actor's identity on file. The number is well formed, not proven to be theirs.
    ///
    /// # Errors
    /// [`Error::ConsentMissing`]; [`Error::Invalid`]; [`Error::IdentityTaken`] when another account has the number.
    pub async fn give_identity(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        input: GiveIdentity,
    ) -> Result<(), Error> {
        let id = policy::change_identity(actor)?;
        if !input.consent {
            return Err(Error::ConsentMissing(PURPOSE));
        }
        let (name, number) = read(&input, uow)?;
        let row = load_person(uow, id).await?;
        let mac = self.keys.mac("identity", number.expose());
        let other = Entity::find().filter(Column::IdentityMac.eq(&mac)).filter(Column::Id.ne(id));
        if other.one(uow.tx()).await?.is_some() {
            return Err(Error::IdentityTaken);
        }
        if let Some(purpose) = model::purpose(PURPOSE) {
            consents::record(uow, self.store.clock(), id, purpose).await?;
        }
        let version = row.version;
        let mut row = row.into_active_model();
        row.real_name_sealed = Set(Some(self.keys.seal(&place("real_name", id), &name)?));
        row.identity_sealed = Set(Some(self.keys.seal(&place("identity", id), number.expose())?));
        row.identity_mac = Set(Some(mac));
        row.version = Set(version + 1);
        // Two accounts at once with one number: the look above sees neither, the unique index one.
        row.update(uow.tx()).await.map_err(|error| match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Error::IdentityTaken,
            _ => error.into(),
        })?;
        uow.emit(&AccountsEvent::ProfileChanged { person: id }).await?;
        Ok(())
    }

    /// Takes the actor's identity off file and withdraws the consent.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn forget_identity(&self, uow: &UnitOfWork, actor: &Actor) -> Result<(), Error> {
        policy::change_identity(actor)?;
        self.withdraw_consent(uow, actor, PURPOSE).await
    }

    /// The identity on file of a person, opened.
    pub(super) fn identity_of(&self, row: &Model) -> Result<Option<Identity>, Error> {
        let (Some(name), Some(number)) = (&row.real_name_sealed, &row.identity_sealed) else {
            return Ok(None);
        };
        let real_name = self.keys.open(&place("real_name", row.id), name)?;
        Ok(Some(Identity { real_name, number: self.keys.open(&place("identity", row.id), number)? }))
    }
}

/// Takes an identity off a locked row. A seller who needs one on file is a private seller from then on.
pub(super) async fn forget(uow: &UnitOfWork, row: Model) -> Result<(), Error> {
    let (id, version) = (row.id, row.version);
    let demoted = SellerKind::from_code(&row.seller_kind).needs_identity();
    let mut row: ActiveModel = row.into();
    row.real_name_sealed = Set(None);
    row.identity_sealed = Set(None);
    row.identity_mac = Set(None);
    row.version = Set(version + 1);
    if demoted {
        row.seller_kind = Set(SellerKind::Private.code().to_owned());
        uow.emit(&AccountsEvent::SellerKindChanged { person: id, kind: SellerKind::Private }).await?;
    }
    row.update(uow.tx()).await?;
    Ok(())
}

fn read(input: &GiveIdentity, uow: &UnitOfWork) -> Result<(String, validate::IdentityNumber), Error> {
    use validate::IdentityNumberError as E;
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, message| wrong.push(FieldProblem { field: field.to_owned(), message });
    let name = line(input.real_name.expose(), 60).map_err(|message| refuse("real_name", message)).ok();
    let typed = input.number.expose();
    let number = if typed.chars().count() > 100 {
        Err(E::Length { found: typed.len() })
    } else {
        validate::identity_number(typed)
    };
    let today = uow.now().at(Zone::SHANGHAI).date();
    let number = match number {
        Ok(number) => match number.age_on(today) {
            None => Err(Message::new("accounts-identity-date")),
            Some(age) if age < AGE_MIN => Err(Message::new("accounts-identity-age").with("min", AGE_MIN)),
            Some(_) => Ok(number),
        },
        Err(E::Length { found }) => Err(Message::new("accounts-identity-length").with("found", found)),
        Err(E::Character { at }) => Err(Message::new("accounts-identity-character").with("at", at)),
        Err(E::BirthDate) => Err(Message::new("accounts-identity-date")),
        Err(E::Region | E::Check) => Err(Message::new("accounts-identity-check")),
    };
    let number = number.map_err(|message| refuse("number", message)).ok();
    match (name, number) {
        (Some(name), Some(number)) => Ok((name, number)),
        _ => Err(Error::Invalid(wrong)),
    }
}

fn place(column: &str, id: Id<Person>) -> String {
    format!("person.{column}:{id}")
}
