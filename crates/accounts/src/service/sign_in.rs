//! Signing in with a password.

use luhuan_kernel::Secret;
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::{
    Accounts, SignedIn, locked,
    passwords::HashedPassword,
    throttle::{self, Counter},
};
use crate::{
    Client, Error,
    entity::{login, person},
    model::{Login, PasswordText},
};

/// A login and a password.
#[derive(Clone)]
pub struct SignIn {
    /// Phone number or e-mail address.
    pub login: String,
    /// The password.
    pub password: Secret<String>,
}

impl Accounts {
    /// Signs in with a password.
    ///
    /// Opens its units itself: the attempt is counted in a first, so that it stays counted when the password turns out
    /// wrong; the hashing is done outside any; the session is opened, and the count given back, in a second.
    ///
    /// # Errors
    /// [`Error::BadCredentials`], whatever does not fit; [`Error::Locked`] after too many of those, also for the
    /// right password; [`Error::Invalid`] when the login cannot be one.
    pub async fn sign_in(&self, form: SignIn, client: &Client) -> Result<SignedIn, Error> {
        let login = Login::parse(&form.login).map_err(|message| Error::field("login", message))?;
        let limits = self.settings.limits;
        let by_login = self.counter("sign-in", login.expose(), limits.sign_in_login);
        let by_address = self.address_counter("sign-in-address", client, limits.sign_in_address);
        self.count_attempt(&by_login, by_address.as_ref()).await?;

        let hash = self.stored_password(&login).await?;
        if !self.passwords.fits(&form.password, hash.clone()).await? {
            return Err(Error::BadCredentials);
        }
        let hash = hash.ok_or(Error::BadCredentials)?;
        let renewed = self.renewed(&hash, &form.password).await?;

        let uow = self.store.begin().await?;
        throttle::settle(&uow, &by_login, by_address.as_ref()).await?;
        let person = reload(&uow, &login, &hash).await?;
        let signed_in = self.open_session(&uow, person.id, person.name.clone(), client).await?;
        if let Some(renewed) = renewed {
            let mut person: person::ActiveModel = person.into();
            person.password_hash = Set(Some(renewed.into_stored()));
            person.update(uow.tx()).await?;
        }
        uow.commit().await?;
        Ok(signed_in)
    }

    /// Counts an attempt to guess, in a unit of its own.
    pub(super) async fn count_attempt(
        &self,
        by_what: &Counter,
        by_address: Option<&Counter>,
    ) -> Result<(), Error> {
        let counters: Vec<Counter> = std::iter::once(by_what).chain(by_address).cloned().collect();
        self.check(&counters).await.map_err(|wait| Error::Locked(wait.0))?;
        let uow = self.store.begin().await?;
        throttle::attempt(&uow, &counters).await?.map_err(|wait| Error::Locked(wait.0))?;
        uow.commit().await?;
        Ok(())
    }

    async fn stored_password(&self, login: &Login) -> Result<Option<String>, Error> {
        let db = self.store.reader();
        let Some(login) = login::Entity::find_by_id(login.expose()).one(db).await? else { return Ok(None) };
        let person = person::Entity::find_by_id(login.person_id).one(db).await?;
        Ok(person.and_then(|person| person.password_hash))
    }

    /// The same password hashed with the parameters in force, when its hash has others.
    async fn renewed(&self, hash: &str, password: &Secret<String>) -> Result<Option<HashedPassword>, Error> {
        if !self.passwords.is_outdated(hash) {
            return Ok(None);
        }
        // A password set under a laxer rule stays as it is until its owner changes it.
        let Ok(password) = PasswordText::parse(password, None) else { return Ok(None) };
        self.passwords.hash(password).await.map(Some)
    }
}

/// The person, if login and password are still the ones that were looked at.
async fn reload(uow: &UnitOfWork, login: &Login, hash: &str) -> Result<person::Model, Error> {
    let login = locked(uow, login::Entity::find_by_id(login.expose())).one(uow.tx()).await?;
    let login = login.ok_or(Error::BadCredentials)?;
    let person = locked(uow, person::Entity::find_by_id(login.person_id)).one(uow.tx()).await?;
    person.filter(|person| person.password_hash.as_deref() == Some(hash)).ok_or(Error::BadCredentials)
}
