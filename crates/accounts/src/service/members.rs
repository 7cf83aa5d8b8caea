//! Who belongs to an organisation, and as what. At least one owner, always.

use luhuan_kernel::{
    Actor, Cursor, Id, Limit, Message, Organisation, OrganisationRole, Page, Person, Timestamp,
};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    Accounts, locked,
    organisations::{load, place_member, role_in},
    throttle,
};
use crate::{
    AccountsEvent, Error,
    entity::{login, member, person},
    model::{ERASED_NAME, Login, SellerKind},
    policy,
};

/// Somebody to be taken in.
#[derive(Clone, Copy, Debug)]
pub struct AddMember {
    /// Who; found by login with [`Accounts::look_up`].
    pub person: Id<Person>,
    /// As what.
    pub role: OrganisationRole,
}

/// A member, for those who work beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    /// Who.
    pub person: Id<Person>,
    /// Their name.
    pub name: String,
    /// What they sign in with, masked.
    pub login: String,
    /// As what.
    pub role: OrganisationRole,
    /// Since when.
    pub joined_at: Timestamp,
}

impl Accounts {
    /// Finds the person with a login, to take them in somewhere. Opens and commits a unit of its own to count the
    /// look-up, since it tells whether a login exists.
    ///
    /// # Errors
    /// [`Error::Invalid`] when nobody has the login; [`Error::TooMany`].
    pub async fn look_up(&self, actor: &Actor, login: &str) -> Result<Id<Person>, Error> {
        let asker = policy::create_organisation(actor)?;
        let login = Login::parse(login).map_err(|message| Error::field("login", message))?;
        let counter = self.counter("look-up", &asker.to_string(), self.settings.limits.lookup_person);
        let uow = self.store.begin().await?;
        throttle::attempt(&uow, &[counter]).await?.map_err(|wait| Error::TooMany(wait.0))?;
        let found = login::Entity::find_by_id(login.expose()).one(uow.tx()).await?;
        uow.commit().await?;
        found
            .map(|row| row.person_id)
            .ok_or_else(|| Error::field("login", Message::new("accounts-login-unknown")))
    }

    /// Takes somebody in.
    ///
    /// # Errors
    /// [`Error::NotFound`] for strangers; [`Error::AlreadyMember`].
    pub async fn add_member(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        organisation: Id<Organisation>,
        input: AddMember,
    ) -> Result<MemberView, Error> {
        load(uow, organisation).await?;
        policy::manage_members(actor, role_in(uow, organisation, actor).await?)?;
        let person = super::load_person(uow, input.person).await?;
        if member::Entity::find_by_id((organisation, input.person)).one(uow.tx()).await?.is_some() {
            return Err(Error::AlreadyMember);
        }
        place_member(uow, organisation, input.person, input.role).await?;
        self.forget(input.person);
        let login = login::Entity::find().filter(login::Column::PersonId.eq(person.id)).one(uow.tx()).await?;
        Ok(MemberView {
            person: person.id,
            name: person.name,
            login: login.map(masked).unwrap_or_default(),
            role: input.role,
            joined_at: uow.now(),
        })
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such member; [`Error::LastOwner`].
    pub async fn change_member(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        organisation: Id<Organisation>,
        person: Id<Person>,
        role: OrganisationRole,
    ) -> Result<(), Error> {
        load(uow, organisation).await?;
        policy::manage_members(actor, role_in(uow, organisation, actor).await?)?;
        let row =
            member::Entity::find_by_id((organisation, person)).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        if role != OrganisationRole::Owner {
            another_owner(uow, &row).await?;
        }
        place_member(uow, organisation, person, role).await?;
        self.forget(person);
        Ok(())
    }

    /// Takes a member out; oneself, it is leaving.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such member; [`Error::LastOwner`].
    pub async fn remove_member(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        organisation: Id<Organisation>,
        person: Id<Person>,
    ) -> Result<(), Error> {
        load(uow, organisation).await?;
        let role = role_in(uow, organisation, actor).await?;
        if actor.is(person) {
            policy::leave_organisation(actor, role)?;
        } else {
            policy::manage_members(actor, role)?;
        }
        let row =
            member::Entity::find_by_id((organisation, person)).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        another_owner(uow, &row).await?;
        take_out(uow, organisation, person).await?;
        self.forget(person);
        Ok(())
    }

    /// The members of an organisation, by when they signed up.
    ///
    /// # Errors
    /// [`Error::NotFound`] for strangers; [`Error::Invalid`] when the cursor is none of this list.
    pub async fn members(
        &self,
        actor: &Actor,
        organisation: Id<Organisation>,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<MemberView>, Error> {
        // Whoever may see the organisation may see who belongs to it.
        self.organisation(actor, organisation).await?;
        let db = self.store.reader();
        let mut query = member::Entity::find()
            .filter(member::Column::OrganisationId.eq(organisation))
            .order_by_asc(member::Column::PersonId)
            .limit(limit.probe());
        if let Some(cursor) = after {
            let last: Id<Person> =
                cursor.key().map_err(|_| Error::field("after", Message::new("accounts-cursor")))?;
            query = query.filter(member::Column::PersonId.gt(last));
        }
        let page = Page::cut(query.all(db).await?, limit, |row| row.person_id);
        let ids: Vec<Id<Person>> = page.items.iter().map(|row| row.person_id).collect();
        let people = person::Entity::find().filter(person::Column::Id.is_in(ids.clone())).all(db).await?;
        let logins = login::Entity::find()
            .filter(login::Column::PersonId.is_in(ids))
            .order_by_asc(login::Column::CreatedAt)
            .all(db)
            .await?;
        Ok(page.map(|row| {
            let name =
                people.iter().find(|person| person.id == row.person_id).map(|person| person.name.clone());
            let login = logins.iter().find(|login| login.person_id == row.person_id).cloned();
            MemberView {
                person: row.person_id,
                name: name.unwrap_or_else(|| ERASED_NAME.to_owned()),
                login: login.map(masked).unwrap_or_default(),
                role: OrganisationRole::from_code(&row.role).unwrap_or(OrganisationRole::Clerk),
                joined_at: row.joined_at,
            }
        }))
    }
}

/// Refuses when this member is the only owner. The organisation's row is locked, so nobody else counts meanwhile.
pub(super) async fn another_owner(uow: &UnitOfWork, row: &member::Model) -> Result<(), Error> {
    let owner = OrganisationRole::Owner.code();
    if row.role != owner {
        return Ok(());
    }
    let owners = member::Entity::find()
        .filter(member::Column::OrganisationId.eq(row.organisation_id))
        .filter(member::Column::Role.eq(owner))
        .count(uow.tx())
        .await?;
    if owners > 1 { Ok(()) } else { Err(Error::LastOwner) }
}

/// Takes a member out. Who sold for the organisation is a private seller from then on.
pub(super) async fn take_out(
    uow: &UnitOfWork,
    organisation: Id<Organisation>,
    person: Id<Person>,
) -> Result<(), Error> {
    member::Entity::delete_by_id((organisation, person)).exec(uow.tx()).await?;
    let row = locked(uow, person::Entity::find_by_id(person)).one(uow.tx()).await?;
    if let Some(row) = row.filter(|row| row.seller_organisation == Some(organisation)) {
        let version = row.version;
        let mut row = row.into_active_model();
        row.seller_organisation = Set(None);
        row.seller_kind = Set(SellerKind::Private.code().to_owned());
        row.version = Set(version + 1);
        row.update(uow.tx()).await?;
        uow.emit(&AccountsEvent::SellerKindChanged { person, kind: SellerKind::Private }).await?;
    }
    uow.emit(&AccountsEvent::MemberRemoved { organisation, person }).await?;
    Ok(())
}

fn masked(row: login::Model) -> String {
    Login::stored(&row.kind, row.value).to_string()
}
