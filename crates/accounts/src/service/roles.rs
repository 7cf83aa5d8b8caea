//! City-wide roles. At least one administrator, always.

use luhuan_kernel::{Actor, Id, Person, Role};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, TryInsertResult};

use super::{Accounts, load_person, locked};
use crate::{
    AccountsEvent, Error,
    entity::person_role::{ActiveModel, Column, Entity},
    policy,
};

impl Accounts {
    /// Grants a role. Held already, nothing happens.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such person.
    pub async fn grant_role(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        person: Id<Person>,
        role: Role,
    ) -> Result<(), Error> {
        policy::manage_roles(actor)?;
        load_person(uow, person).await?;
        let row = ActiveModel {
            person_id: Set(person),
            role: Set(role.code().to_owned()),
            granted_by: Set(actor.label()),
            granted_at: Set(uow.now()),
        };
        let insert = Entity::insert(row).on_conflict_do_nothing_on([Column::PersonId, Column::Role]);
        if let TryInsertResult::Inserted(1) = insert.exec_without_returning(uow.tx()).await? {
            uow.emit(&AccountsEvent::RoleGranted { person, role }).await?;
        }
        self.forget(person);
        Ok(())
    }

    /// Takes a role back. Not held, nothing happens.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such person; [`Error::LastAdministrator`].
    pub async fn revoke_role(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        person: Id<Person>,
        role: Role,
    ) -> Result<(), Error> {
        policy::manage_roles(actor)?;
        load_person(uow, person).await?;
        if role == Role::Administrator {
            another_administrator(uow, person).await?;
        }
        let gone = Entity::delete_by_id((person, role.code().to_owned())).exec(uow.tx()).await?.rows_affected;
        if gone > 0 {
            uow.emit(&AccountsEvent::RoleRevoked { person, role }).await?;
        }
        self.forget(person);
        Ok(())
    }
}

/// Refuses when this person is the only administrator. All administrators' rows are locked, in one order, so that two
/// who take the role from each other at once do not both succeed.
pub(super) async fn another_administrator(uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
    let query =
        Entity::find().filter(Column::Role.eq(Role::Administrator.code())).order_by_asc(Column::PersonId);
    let administrators = locked(uow, query).all(uow.tx()).await?;
    let is_one = administrators.iter().any(|row| row.person_id == person);
    if is_one && administrators.len() == 1 { Err(Error::LastAdministrator) } else { Ok(()) }
}
