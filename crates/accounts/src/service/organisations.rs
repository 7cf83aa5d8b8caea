//! Shops, recyclers, malls, markets, packaging operators.

use luhuan_kernel::{
    Actor, FieldProblem, Id, Organisation, OrganisationKind, OrganisationRole, Person, Timestamp,
};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};

use super::{Accounts, load_person, locked};
use crate::{
    AccountsEvent, Error,
    entity::{
        member,
        organisation::{Column, Entity, Model},
    },
    model::{DisplayName, Licence, LicenceCheck},
    policy,
};

/// Organisations that one person may work for.
const MOST: u64 = 100;

/// An organisation to be founded.
#[derive(Clone, Debug)]
pub struct CreateOrganisation {
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// Its 统一社会信用代码, if it has one.
    pub licence: Option<String>,
}

/// What to change; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct ChangeOrganisation {
    /// Its name.
    pub name: Option<String>,
    /// Its 统一社会信用代码. A licence is replaced, never taken off: sellers stand on it.
    pub licence: Option<String>,
}

/// An organisation, for those who work for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationView {
    /// Which.
    pub id: Id<Organisation>,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// Its licence number, masked, and what its check character says.
    pub licence: Option<(String, LicenceCheck)>,
    /// The asker's role in it.
    pub role: Option<OrganisationRole>,
    /// How many belong to it.
    pub members: u64,
    /// Since when.
    pub created_at: Timestamp,
    /// Counts changes.
    pub version: i64,
}

impl Accounts {
    /// Founds an organisation; the actor is its owner.
    ///
    /// # Errors
    /// [`Error::Invalid`], field by field.
    pub async fn create_organisation(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        input: CreateOrganisation,
    ) -> Result<OrganisationView, Error> {
        let person = policy::create_organisation(actor)?;
        let (name, licence) = read(Some(&input.name), input.licence.as_deref())?;
        load_person(uow, person).await?;
        let works_for =
            member::Entity::find().filter(member::Column::PersonId.eq(person)).count(uow.tx()).await?;
        if works_for >= MOST {
            return Err(Error::Forbidden);
        }
        let id = Id::new(self.store.clock());
        let mut row = Model {
            id,
            kind: input.kind.code().to_owned(),
            name: name.unwrap_or_default(),
            licence_sealed: None,
            licence_mac: None,
            licence_check: None,
            created_at: uow.now(),
            closed_at: None,
            version: 1,
        };
        if let Some(licence) = licence {
            self.put_licence(&mut row, &licence)?;
        }
        Entity::insert(row.clone().into_active_model().reset_all()).exec_without_returning(uow.tx()).await?;
        place_member(uow, id, person, OrganisationRole::Owner).await?;
        uow.emit(&AccountsEvent::OrganisationCreated { organisation: id, kind: input.kind }).await?;
        self.forget(person);
        self.view(row, Some(OrganisationRole::Owner), 1)
    }

    /// Changes an organisation. `expected` is the version that was read, when the client says.
    ///
    /// # Errors
    /// [`Error::NotFound`] for strangers; [`Error::Stale`]; [`Error::Invalid`].
    pub async fn change_organisation(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Organisation>,
        change: ChangeOrganisation,
        expected: Option<i64>,
    ) -> Result<OrganisationView, Error> {
        let mut row = load(uow, id).await?;
        let role = role_in(uow, id, actor).await?;
        policy::change_organisation(actor, role)?;
        if expected.is_some_and(|version| version != row.version) {
            return Err(Error::Stale);
        }
        let (name, licence) = read(change.name.as_deref(), change.licence.as_deref())?;
        if let Some(name) = name {
            row.name = name;
        }
        if let Some(licence) = licence {
            self.put_licence(&mut row, &licence)?;
        }
        row.version += 1;
        row.clone().into_active_model().reset_all().update(uow.tx()).await?;
        uow.emit(&AccountsEvent::OrganisationChanged { organisation: id }).await?;
        let members =
            member::Entity::find().filter(member::Column::OrganisationId.eq(id)).count(uow.tx()).await?;
        self.view(row, role, members)
    }

    /// An organisation, for its members and the staff that answers for organisations.
    ///
    /// # Errors
    /// [`Error::NotFound`] for others.
    pub async fn organisation(&self, actor: &Actor, id: Id<Organisation>) -> Result<OrganisationView, Error> {
        let db = self.store.reader();
        let row = Entity::find_by_id(id).one(db).await?.filter(|row| row.closed_at.is_none());
        let role = match actor.person_id() {
            Some(person) => member::Entity::find_by_id((id, person)).one(db).await?,
            None => None,
        };
        let role = role.and_then(|row| OrganisationRole::from_code(&row.role));
        policy::view_organisation(actor, role)?;
        let row = row.ok_or(Error::NotFound)?;
        let members = member::Entity::find().filter(member::Column::OrganisationId.eq(id)).count(db).await?;
        self.view(row, role, members)
    }

    /// The organisations that the actor works for, by name.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn organisations(&self, actor: &Actor) -> Result<Vec<OrganisationView>, Error> {
        let person = policy::view_organisations(actor)?;
        let db = self.store.reader();
        let mine = member::Entity::find().filter(member::Column::PersonId.eq(person)).all(db).await?;
        let ids = mine.iter().map(|row| row.organisation_id);
        let rows = Entity::find()
            .filter(Column::Id.is_in(ids))
            .filter(Column::ClosedAt.is_null())
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .all(db)
            .await?;
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let role = mine.iter().find(|member| member.organisation_id == row.id);
            let role = role.and_then(|member| OrganisationRole::from_code(&member.role));
            let of_it = member::Entity::find().filter(member::Column::OrganisationId.eq(row.id));
            views.push(self.view(row, role, of_it.count(db).await?)?);
        }
        Ok(views)
    }

    fn put_licence(&self, row: &mut Model, licence: &Licence) -> Result<(), Error> {
        row.licence_sealed = Some(self.keys.seal(&place(row.id), licence.expose())?);
        row.licence_mac = Some(self.keys.mac("licence", licence.expose()));
        row.licence_check = Some(licence.check().code().to_owned());
        Ok(())
    }

    /// The licence number of a row, masked.
    pub(super) fn licence_of(&self, row: &Model) -> Result<Option<(String, LicenceCheck)>, Error> {
        let Some(sealed) = &row.licence_sealed else { return Ok(None) };
        let number = self.keys.open(&place(row.id), sealed)?;
        let check = if row.licence_check.as_deref() == Some(LicenceCheck::Fits.code()) {
            LicenceCheck::Fits
        } else {
            LicenceCheck::Odd
        };
        Ok(Some((luhuan_kernel::Masked::Number(number.expose().clone()).to_string(), check)))
    }

    /// The licence number of a shop in full, for the page on which it sells: an operator shows its licence there
    /// (E-Commerce Law art. 15). Of other organisations, and everywhere else, it is masked.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn licence_shown(&self, shop: Id<Organisation>) -> Result<Option<String>, Error> {
        let Some(row) = Entity::find_by_id(shop).one(self.store.reader()).await? else { return Ok(None) };
        if row.kind != OrganisationKind::SellerShop.code() || row.closed_at.is_some() {
            return Ok(None);
        }
        let Some(sealed) = &row.licence_sealed else { return Ok(None) };
        Ok(Some(self.keys.open(&place(row.id), sealed)?.expose().clone()))
    }

    fn view(
        &self,
        row: Model,
        role: Option<OrganisationRole>,
        members: u64,
    ) -> Result<OrganisationView, Error> {
        let kind = OrganisationKind::from_code(&row.kind)
            .ok_or_else(|| luhuan_store::Error::Corrupt(format!("organisation kind {}", row.kind)))?;
        Ok(OrganisationView {
            id: row.id,
            kind,
            licence: self.licence_of(&row)?,
            name: row.name,
            role,
            members,
            created_at: row.created_at,
            version: row.version,
        })
    }
}

/// An organisation's row, locked: whoever decides on its members holds it first. A closed one is not there.
pub(super) async fn load(uow: &UnitOfWork, id: Id<Organisation>) -> Result<Model, Error> {
    let found = locked(uow, Entity::find_by_id(id)).one(uow.tx()).await?;
    found.filter(|row| row.closed_at.is_none()).ok_or(Error::NotFound)
}

/// The actor's role in it as it is now, not as the credential was read seconds ago.
pub(super) async fn role_in(
    uow: &UnitOfWork,
    id: Id<Organisation>,
    actor: &Actor,
) -> Result<Option<OrganisationRole>, Error> {
    let Some(person) = actor.person_id() else { return Ok(None) };
    let row = member::Entity::find_by_id((id, person)).one(uow.tx()).await?;
    Ok(row.and_then(|row| OrganisationRole::from_code(&row.role)))
}

/// Writes a membership down, new or changed, and tells it.
pub(super) async fn place_member(
    uow: &UnitOfWork,
    organisation: Id<Organisation>,
    person: Id<Person>,
    role: OrganisationRole,
) -> Result<(), Error> {
    let row = member::ActiveModel {
        organisation_id: Set(organisation),
        person_id: Set(person),
        role: Set(role.code().to_owned()),
        joined_at: Set(uow.now()),
    };
    let mut on_conflict =
        sea_orm::sea_query::OnConflict::columns([member::Column::OrganisationId, member::Column::PersonId]);
    on_conflict.update_column(member::Column::Role);
    member::Entity::insert(row).on_conflict(on_conflict).exec_without_returning(uow.tx()).await?;
    uow.emit(&AccountsEvent::MemberPlaced { organisation, person, role }).await?;
    Ok(())
}

fn read(name: Option<&str>, licence: Option<&str>) -> Result<(Option<String>, Option<Licence>), Error> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, message| wrong.push(FieldProblem { field: field.to_owned(), message });
    let name =
        name.map(DisplayName::parse).transpose().map_err(|message| refuse("name", message)).ok().flatten();
    let licence = licence.map(str::trim).filter(|text| !text.is_empty()).map(Licence::parse).transpose();
    let licence = licence.map_err(|message| refuse("licence", message)).ok().flatten();
    if wrong.is_empty() {
        Ok((name.map(DisplayName::into_string), licence))
    } else {
        Err(Error::Invalid(wrong))
    }
}

fn place(id: Id<Organisation>) -> String {
    format!("organisation.licence:{id}")
}
