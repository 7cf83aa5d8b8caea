//! Erasing an account (PIPL art. 47, E-Commerce Law art. 24).

use luhuan_kernel::{Actor, Id, Organisation, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};

use super::{
    Accounts, Proof, load_person,
    members::{another_owner, take_out},
    organisations, roles, sessions, tokens,
};
use crate::{
    AccountsEvent, Error,
    entity::{consent, login, member, one_time_code, organisation, person, person_role},
    model::{ERASED_NAME, SellerKind},
    policy,
};

impl Accounts {
    /// Erases the actor's account. Logins, names, identity, sessions and tokens are gone with the commit; the row
    /// stays as a pseudonym, so that orders and registers that the law keeps still point somewhere.
    ///
    /// # Errors
    /// [`Error::ProofOver`]; [`Error::LastOwner`] while an organisation with other members has no other owner;
    /// [`Error::LastAdministrator`]; [`Error::InTheWay`] while another context has something to be ended first.
    pub async fn erase(&self, uow: &UnitOfWork, actor: &Actor, proof: Proof) -> Result<(), Error> {
        let id = policy::erase(actor)?;
        proof.check(id, uow)?;
        forget_logins(uow, id).await?;
        leave_all(uow, id).await?;
        let row = load_person(uow, id).await?;
        roles::another_administrator(uow, id).await?;
        for contributor in self.contributors.iter() {
            let context = contributor.name();
            let failed = |reason| Error::Contributor { context, reason };
            if let Some(slug) = contributor.in_the_way(uow, id).await.map_err(failed)? {
                return Err(Error::InTheWay(slug));
            }
        }
        for contributor in self.contributors.iter() {
            let context = contributor.name();
            contributor.erase(uow, id).await.map_err(|reason| Error::Contributor { context, reason })?;
        }
        forget_credentials(uow, id).await?;
        forget_person(uow, row).await?;
        uow.emit(&AccountsEvent::PersonErased { person: id }).await?;
        self.forget(id);
        Ok(())
    }

    /// The organisations that would be left without an owner: what stands in the way of an erasure.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn erasure_blocked_by(&self, actor: &Actor) -> Result<Vec<super::OrganisationView>, Error> {
        policy::erase(actor)?;
        let mut blocking = Vec::new();
        for view in self.organisations(actor).await? {
            let owner = luhuan_kernel::OrganisationRole::Owner;
            if view.role != Some(owner) || view.members == 1 {
                continue;
            }
            let owners = member::Entity::find()
                .filter(member::Column::OrganisationId.eq(view.id))
                .filter(member::Column::Role.eq(owner.code()))
                .count(self.store.reader())
                .await?;
            if owners == 1 {
                blocking.push(view);
            }
        }
        Ok(blocking)
    }
}

/// Leaves every organisation. One that nobody is left in is closed, and its licence number forgotten.
async fn leave_all(uow: &UnitOfWork, id: Id<Person>) -> Result<(), Error> {
    let mine = member::Entity::find()
        .filter(member::Column::PersonId.eq(id))
        .order_by_asc(member::Column::OrganisationId)
        .all(uow.tx())
        .await?;
    for row in mine {
        let organisation = organisations::load(uow, row.organisation_id).await?;
        let members = member::Entity::find().filter(member::Column::OrganisationId.eq(organisation.id));
        if members.count(uow.tx()).await? == 1 {
            take_out(uow, organisation.id, id).await?;
            close(uow, organisation).await?;
        } else {
            another_owner(uow, &row).await?;
            take_out(uow, organisation.id, id).await?;
        }
    }
    Ok(())
}

async fn close(uow: &UnitOfWork, row: organisation::Model) -> Result<(), Error> {
    let (id, version): (Id<Organisation>, i64) = (row.id, row.version);
    let mut row = row.into_active_model();
    row.licence_sealed = Set(None);
    row.licence_mac = Set(None);
    row.licence_check = Set(None);
    row.closed_at = Set(Some(uow.now()));
    row.version = Set(version + 1);
    row.update(uow.tx()).await?;
    uow.emit(&AccountsEvent::OrganisationClosed { organisation: id }).await?;
    Ok(())
}

async fn forget_logins(uow: &UnitOfWork, id: Id<Person>) -> Result<(), Error> {
    let tx = uow.tx();
    let own = login::Entity::find().filter(login::Column::PersonId.eq(id));
    let values = own.all(tx).await?.into_iter().map(|login| login.value);
    one_time_code::Entity::delete_many().filter(one_time_code::Column::Login.is_in(values)).exec(tx).await?;
    login::Entity::delete_many().filter(login::Column::PersonId.eq(id)).exec(tx).await?;
    Ok(())
}

async fn forget_credentials(uow: &UnitOfWork, id: Id<Person>) -> Result<(), Error> {
    let tx = uow.tx();
    sessions::end_all(uow, id, None).await?;
    tokens::revoke_all(uow, id).await?;
    person_role::Entity::delete_many().filter(person_role::Column::PersonId.eq(id)).exec(tx).await?;
    // That a consent was given is kept without saying to whom it belonged: the row's person is a pseudonym now.
    consent::Entity::update_many()
        .set(consent::ActiveModel { withdrawn_at: Set(Some(uow.now())), ..Default::default() })
        .filter(consent::Column::PersonId.eq(id))
        .filter(consent::Column::WithdrawnAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

async fn forget_person(uow: &UnitOfWork, row: person::Model) -> Result<(), Error> {
    let version = row.version;
    let mut row = row.into_active_model();
    row.name = Set(ERASED_NAME.to_owned());
    row.subdistrict = Set(None);
    row.seller_kind = Set(SellerKind::Private.code().to_owned());
    row.seller_organisation = Set(None);
    row.password_hash = Set(None);
    row.real_name_sealed = Set(None);
    row.identity_sealed = Set(None);
    row.identity_mac = Set(None);
    row.erased_at = Set(Some(uow.now()));
    row.version = Set(version + 1);
    row.update(uow.tx()).await?;
    Ok(())
}
