//! One-time codes: made, sent, taken in.

use luhuan_kernel::{Actor, Id, Locale, Secret, random};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    TryInsertResult,
};
use serde::{Deserialize, Serialize};

use super::{Accounts, SignedIn, locked, sessions, throttle, tokens};
use crate::{
    AccountsEvent, Client, CodeMessage, Error,
    entity::{
        login,
        one_time_code::{ActiveModel, Column, Entity, Model},
        person,
    },
    model::{CODE_DIGITS, CODE_MINUTES, CODE_TRIES, Code, CodePurpose, Login, RESEND_SECONDS, read_code},
    policy,
};

/// The kind of the job that sends a code; its key is the code's id, for [`Accounts::send_code`].
pub const SEND_CODE: &str = "accounts.send-code";

/// A code is on its way, or looks as if it were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSent {
    /// To whom, masked.
    pub sent_to: String,
    /// For how many minutes it holds.
    pub minutes: i64,
    /// How many figures it has.
    pub digits: usize,
    /// After how many seconds another may be asked for.
    pub again_after_seconds: i64,
}

/// What is kept, sealed, until the code is sent.
#[derive(Serialize, Deserialize)]
struct Outgoing {
    code: String,
    locale: Locale,
}

impl Accounts {
    /// Has a code sent to a login. Of a login that nobody has, the answer is the same and nothing is sent.
    ///
    /// # Errors
    /// [`Error::TooMany`]; [`Error::Invalid`] when the login cannot be one; [`Error::NotFound`] for a code to confirm
    /// with, when the login is not the actor's.
    pub async fn request_code(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        login: &str,
        purpose: CodePurpose,
        client: &Client,
    ) -> Result<CodeSent, Error> {
        policy::request_code(actor, purpose)?;
        let login = Login::parse(login).map_err(|message| Error::field("login", message))?;
        let owner = login::Entity::find_by_id(login.expose()).one(uow.tx()).await?.map(|row| row.person_id);
        if purpose == CodePurpose::Confirm && owner != actor.person_id() {
            return Err(Error::NotFound);
        }
        let limits = self.settings.limits;
        let mut counters = vec![self.counter("code", login.expose(), limits.code_login)];
        counters.extend(self.address_counter("code-address", client, limits.code_address));
        throttle::attempt(uow, &counters).await?.map_err(|wait| Error::TooMany(wait.0))?;

        let id = Id::new(self.store.clock());
        let code = random::digits(CODE_DIGITS);
        let row = Model {
            login: login.expose().to_owned(),
            purpose: purpose.code().to_owned(),
            id,
            code_mac: self.keys.mac("code", &format!("{id} {code}")),
            tries_left: CODE_TRIES,
            message: owner.map(|_| self.seal_outgoing(id, code, actor.locale)).transpose()?,
            created_at: uow.now(),
            expires_at: uow.now().plus_seconds(CODE_MINUTES * 60),
        };
        replace(uow, row).await?;
        if owner.is_some() {
            jobs::schedule(uow, SEND_CODE, &id.to_string(), uow.now()).await?;
        }
        Ok(CodeSent {
            sent_to: login.to_string(),
            minutes: CODE_MINUTES,
            digits: CODE_DIGITS,
            again_after_seconds: RESEND_SECONDS,
        })
    }

    /// Sends a code that waits: what a job of kind [`SEND_CODE`] does with its key. A code that is used, over or
    /// replaced is not sent.
    ///
    /// # Errors
    /// [`Error::Send`] when the sender did not take it over: the job comes again.
    pub async fn send_code(&self, key: &str) -> Result<(), Error> {
        let Ok(id) = key.parse::<Id<Code>>() else { return Ok(()) };
        let row = Entity::find().filter(Column::Id.eq(id)).one(self.store.reader()).await?;
        let Some(row) = row.filter(|row| self.store.clock().now() < row.expires_at) else { return Ok(()) };
        let Some(message) = self.message_of(&row).await? else { return Ok(()) };
        self.sender.send(&message).await?;
        // The code is not kept longer than needed. Fails this, it is sent twice at worst.
        let uow = self.store.begin().await?;
        Entity::update_many()
            .set(ActiveModel { message: Set(None), ..Default::default() })
            .filter(Column::Id.eq(id))
            .exec(uow.tx())
            .await?;
        uow.commit().await?;
        Ok(())
    }

    async fn message_of(&self, row: &Model) -> Result<Option<CodeMessage>, Error> {
        let Some(sealed) = &row.message else { return Ok(None) };
        let outgoing = self.keys.open(&place(row.id), sealed)?;
        let outgoing: Outgoing =
            serde_json::from_str(outgoing.expose()).map_err(|_| crate::SealError::Broken)?;
        let owner = login::Entity::find_by_id(row.login.as_str()).one(self.store.reader()).await?;
        Ok(owner.map(|owner| CodeMessage {
            id: row.id.to_string(),
            login: Login::stored(&owner.kind, owner.value),
            code: Secret::new(outgoing.code),
            purpose: if row.purpose == CodePurpose::SignIn.code() {
                CodePurpose::SignIn
            } else {
                CodePurpose::Confirm
            },
            locale: outgoing.locale,
            expires_at: row.expires_at,
        }))
    }

    /// Signs in with a code, which shows that the login is one's own.
    ///
    /// Opens its unit itself: a wrong try must stay counted although it fails.
    ///
    /// The first code that comes back for a login takes away the password, sessions and tokens that were set before,
    /// unless the actor is that person already: whoever set them may have typed another's number.
    ///
    /// # Errors
    /// [`Error::BadCode`], whatever does not fit; [`Error::Locked`] after too many of those from one address.
    pub async fn sign_in_with_code(
        &self,
        actor: &Actor,
        login: &str,
        code: &str,
        client: &Client,
    ) -> Result<SignedIn, Error> {
        policy::sign_in(actor)?;
        let login = Login::parse(login).map_err(|message| Error::field("login", message))?;
        let by_address =
            self.address_counter("sign-in-address", client, self.settings.limits.sign_in_address);
        let uow = self.store.begin().await?;
        throttle::attempt(&uow, by_address.as_slice()).await?.map_err(|wait| Error::Locked(wait.0))?;
        let fits = self.take_code(&uow, &login, CodePurpose::SignIn, code).await?;
        let owner = locked(&uow, login::Entity::find_by_id(login.expose())).one(uow.tx()).await?;
        let (true, Some(owner)) = (fits, owner) else {
            uow.commit().await?;
            return Err(Error::BadCode);
        };
        let person = super::load_person(&uow, owner.person_id).await?;
        let name = person.name.clone();
        let first = owner.verified_at.is_none();
        let password_dropped = first && !actor.is(person.id) && self.drop_unproven(&uow, &person).await?;
        if first {
            verify(&uow, owner).await?;
        }
        if let Some(counter) = &by_address {
            throttle::forgive(&uow, counter).await?;
        }
        let signed_in = self.open_session(&uow, person.id, name, client).await?;
        uow.commit().await?;
        Ok(SignedIn { password_dropped, ..signed_in })
    }

    /// Whether the code is right; then it is used up. A wrong one costs a try. The caller commits either way.
    pub(super) async fn take_code(
        &self,
        uow: &UnitOfWork,
        login: &Login,
        purpose: CodePurpose,
        code: &str,
    ) -> Result<bool, Error> {
        let key = (login.expose().to_owned(), purpose.code().to_owned());
        let Some(row) = locked(uow, Entity::find_by_id(key.clone())).one(uow.tx()).await? else {
            return Ok(false);
        };
        if uow.now() >= row.expires_at || row.tries_left <= 0 {
            return Ok(false);
        }
        let fits = read_code(code)
            .is_some_and(|code| self.keys.mac_fits("code", &format!("{} {code}", row.id), &row.code_mac));
        if fits {
            Entity::delete_by_id(key).exec(uow.tx()).await?;
        } else {
            let tries_left = row.tries_left - 1;
            let mut row = row.into_active_model();
            row.tries_left = Set(tries_left);
            row.update(uow.tx()).await?;
        }
        Ok(fits)
    }

    /// Takes away what was set by somebody who had not shown that the login is theirs. Says whether a password went.
    async fn drop_unproven(&self, uow: &UnitOfWork, person: &person::Model) -> Result<bool, Error> {
        // A login verified earlier vouches for the account: this is a second one.
        let logins =
            login::Entity::find().filter(login::Column::PersonId.eq(person.id)).all(uow.tx()).await?;
        if logins.iter().any(|login| login.verified_at.is_some()) {
            return Ok(false);
        }
        sessions::end_all(uow, person.id, None).await?;
        tokens::revoke_all(uow, person.id).await?;
        self.forget(person.id);
        let had_password = person.password_hash.is_some();
        if had_password {
            let mut person = person.clone().into_active_model();
            person.password_hash = Set(None);
            person.update(uow.tx()).await?;
        }
        Ok(had_password)
    }

    fn seal_outgoing(&self, id: Id<Code>, code: String, locale: Locale) -> Result<String, Error> {
        let outgoing =
            serde_json::to_string(&Outgoing { code, locale }).map_err(|_| crate::SealError::Broken)?;
        Ok(self.keys.seal(&place(id), &outgoing)?)
    }
}

/// Marks a login as shown to be its person's own.
pub(super) async fn verify(uow: &UnitOfWork, login: login::Model) -> Result<(), Error> {
    let person = login.person_id;
    let mut login: login::ActiveModel = login.into();
    login.verified_at = Set(Some(uow.now()));
    login.update(uow.tx()).await?;
    uow.emit(&AccountsEvent::LoginVerified { person }).await?;
    Ok(())
}

/// Puts the new code in the place of the old: one live code per login and purpose. Two at once: one is sent.
async fn replace(uow: &UnitOfWork, row: Model) -> Result<(), Error> {
    let key = (row.login.clone(), row.purpose.clone());
    if let Some(old) = locked(uow, Entity::find_by_id(key.clone())).one(uow.tx()).await? {
        let age = uow.now().seconds_since(old.created_at);
        if age < RESEND_SECONDS {
            return Err(Error::TooMany(u64::try_from(RESEND_SECONDS - age).unwrap_or(1)));
        }
        Entity::delete_by_id(key).exec(uow.tx()).await?;
    }
    let insert =
        Entity::insert(row.into_active_model()).on_conflict_do_nothing_on([Column::Login, Column::Purpose]);
    match insert.exec_without_returning(uow.tx()).await? {
        TryInsertResult::Inserted(1) => Ok(()),
        _ => Err(Error::TooMany(u64::try_from(RESEND_SECONDS).unwrap_or(60))),
    }
}

pub(super) async fn sweep(uow: &UnitOfWork) -> Result<u64, Error> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(uow.now())).exec(uow.tx()).await?.rows_affected)
}

fn place(id: Id<Code>) -> String {
    format!("one_time_code.message:{id}")
}
