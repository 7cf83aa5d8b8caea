//! Accounts made and opened from outside: by the command line, by a demo, by an administrator.

use std::collections::BTreeSet;

use luhuan_kernel::{Actor, Id, Locale, Message, Person, Role, geo};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::{
    Accounts, HashedPassword, consents, load_person, sessions,
    sign_up::{NewPerson, Verified, insert_login, insert_person},
    tokens,
};
use crate::{
    AccountsEvent, Error,
    model::{self, DisplayName, Login, SellerKind},
    policy,
};

/// An account to be made for somebody.
#[derive(Clone)]
pub struct NewUser {
    /// Its id, when it must follow from something (a demo loaded twice); a fresh one otherwise.
    pub id: Option<Id<Person>>,
    /// Phone number or e-mail address; it counts as verified.
    pub login: String,
    /// The name others see.
    pub name: String,
    /// The password; without one, its owner signs in by code.
    pub password: Option<HashedPassword>,
    /// City-wide roles.
    pub roles: BTreeSet<Role>,
    /// The language to write in.
    pub locale: Locale,
    /// Where they live.
    pub subdistrict: Option<String>,
}

impl Accounts {
    /// Makes an account for somebody, with roles. The consents that the account rests on are recorded: whoever has
    /// it made answers for having them.
    ///
    /// # Errors
    /// [`Error::LoginTaken`]; [`Error::Invalid`].
    pub async fn create_user(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        input: NewUser,
    ) -> Result<Id<Person>, Error> {
        policy::create_user(actor)?;
        let login = Login::parse(&input.login).map_err(|message| Error::field("login", message))?;
        let name = DisplayName::parse(&input.name).map_err(|message| Error::field("name", message))?;
        if input.subdistrict.as_deref().is_some_and(|code| geo::subdistrict(code).is_none()) {
            return Err(Error::field("subdistrict", Message::new("accounts-subdistrict")));
        }
        let id = input.id.unwrap_or_else(|| Id::new(self.store.clock()));
        insert_person(
            uow,
            NewPerson {
                id,
                name: name.into_string(),
                locale: input.locale,
                subdistrict: input.subdistrict,
                seller_kind: SellerKind::Private,
                password: input.password,
            },
        )
        .await?;
        insert_login(uow, id, &login, Verified::Yes).await?;
        for purpose in model::consents().iter().filter(|purpose| purpose.required) {
            consents::record(uow, self.store.clock(), id, purpose).await?;
        }
        uow.emit(&AccountsEvent::PersonSignedUp { person: id }).await?;
        for role in input.roles {
            self.grant_role(uow, actor, id, role).await?;
        }
        Ok(id)
    }

    /// Sets a person's password from the command line, and ends their sessions and tokens: whoever needs this may
    /// have lost them to somebody.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn reset_password(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        person: Id<Person>,
        password: HashedPassword,
    ) -> Result<(), Error> {
        policy::reset_password(actor)?;
        let mut row = load_person(uow, person).await?.into_active_model();
        row.password_hash = Set(Some(password.into_stored()));
        row.update(uow.tx()).await?;
        sessions::end_all(uow, person, None).await?;
        tokens::revoke_all(uow, person).await?;
        self.forget(person);
        Ok(())
    }
}
