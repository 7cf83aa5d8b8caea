//! Asking again, before something grave.

use luhuan_kernel::{Actor, Id, Person, Secret, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{Accounts, codes, locked, throttle};
use crate::{
    Client, Error,
    entity::{login, person},
    model::{CodePurpose, Login},
    policy,
};

/// How long a proof is good, in seconds.
const GOOD_SECONDS: i64 = 300;

/// What somebody shows to prove that they are there.
#[derive(Clone)]
pub enum Confirmation {
    /// The password.
    Password(Secret<String>),
    /// A code for [`CodePurpose::Confirm`], sent to one of the person's logins.
    Code {
        /// The login it was sent to.
        login: String,
        /// The code.
        code: String,
    },
}

/// That a person was there just now. Made by [`Accounts::prove`] alone.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    person: Id<Person>,
    at: Timestamp,
}

impl Proof {
    /// Whether it is this person's and still good.
    pub(super) fn check(self, person: Id<Person>, uow: &UnitOfWork) -> Result<(), Error> {
        let fresh = uow.now().seconds_since(self.at) <= GOOD_SECONDS;
        if self.person == person && fresh { Ok(()) } else { Err(Error::ProofOver) }
    }
}

impl Accounts {
    /// Proves that the actor is there. Opens its units itself, as signing in does.
    ///
    /// # Errors
    /// [`Error::BadConfirmation`], [`Error::Locked`].
    pub async fn prove(
        &self,
        actor: &Actor,
        confirmation: Confirmation,
        client: &Client,
    ) -> Result<Proof, Error> {
        let person = policy::prove(actor)?;
        match confirmation {
            Confirmation::Password(password) => self.prove_by_password(person, &password, client).await?,
            Confirmation::Code { login, code } => self.prove_by_code(person, &login, &code).await?,
        }
        Ok(Proof { person, at: self.store.clock().now() })
    }

    /// Where a code to confirm with is sent when the person does not say: the login known longest to be their own,
    /// else the one they signed up with.
    ///
    /// # Errors
    /// When nobody is signed in, or the credential may not change the account.
    pub async fn confirmation_login(&self, actor: &Actor) -> Result<Login, Error> {
        let person = policy::prove(actor)?;
        let logins = login::Entity::find()
            .filter(login::Column::PersonId.eq(person))
            .order_by_asc(login::Column::CreatedAt)
            .order_by_asc(login::Column::Value)
            .all(self.store.reader())
            .await?;
        let own =
            logins.iter().filter(|login| login.verified_at.is_some()).min_by_key(|login| login.verified_at);
        let chosen = own.or(logins.first()).ok_or(Error::NotFound)?;
        Ok(Login::stored(&chosen.kind, chosen.value.clone()))
    }

    async fn prove_by_password(
        &self,
        id: Id<Person>,
        password: &Secret<String>,
        client: &Client,
    ) -> Result<(), Error> {
        let limits = self.settings.limits;
        let by_person = self.counter("prove", &id.to_string(), limits.sign_in_login);
        let by_address = self.address_counter("sign-in-address", client, limits.sign_in_address);
        self.count_attempt(&by_person, by_address.as_ref()).await?;
        let person = person::Entity::find_by_id(id).one(self.store.reader()).await?;
        let hash = person.and_then(|person| person.password_hash);
        if !self.passwords.fits(password, hash).await? {
            return Err(Error::BadConfirmation);
        }
        let uow = self.store.begin().await?;
        throttle::settle(&uow, &by_person, by_address.as_ref()).await?;
        uow.commit().await?;
        Ok(())
    }

    /// A code that comes back also shows that its login is the person's own.
    async fn prove_by_code(&self, person: Id<Person>, login: &str, code: &str) -> Result<(), Error> {
        let login = Login::parse(login).map_err(|message| Error::field("login", message))?;
        let uow = self.store.begin().await?;
        let fits = self.take_code(&uow, &login, CodePurpose::Confirm, code).await?;
        let owned = locked(&uow, login::Entity::find_by_id(login.expose())).one(uow.tx()).await?;
        // Of another's login nothing is counted: it is not the actor's to try.
        let owned = owned.filter(|row| row.person_id == person).ok_or(Error::BadConfirmation)?;
        if fits && owned.verified_at.is_none() {
            codes::verify(&uow, owned).await?;
        }
        uow.commit().await?;
        if fits { Ok(()) } else { Err(Error::BadConfirmation) }
    }
}
