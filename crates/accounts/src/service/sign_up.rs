//! How an account comes to be.

use luhuan_kernel::{Actor, FieldProblem, Id, Locale, Message, Person, Secret, geo};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveValue::Set, EntityTrait, TryInsertResult};

use super::{Accounts, HashedPassword, consents, throttle};
use crate::{
    AccountsEvent, Client, Error,
    entity::{login, person},
    model::{self, DisplayName, Login, SellerKind},
    policy,
};

/// What somebody fills in to sign up.
#[derive(Clone)]
pub struct SignUpForm {
    /// Phone number or e-mail address.
    pub login: String,
    /// The password.
    pub password: Secret<String>,
    /// The name others see; one is made up when none is given.
    pub name: Option<String>,
    /// Agreement to the terms and the privacy notice, ticked by hand.
    pub consent: bool,
    /// The version of the privacy notice that was shown; the one in force when not said.
    pub privacy_version: Option<String>,
    /// The language to write to them in.
    pub locale: Locale,
    /// Where they live, if they say.
    pub subdistrict: Option<String>,
}

/// A sign-up that is ready: read, counted and hashed. Made by [`Accounts::prepare_sign_up`] alone.
#[derive(Clone, Debug)]
pub struct SignUp {
    login: Login,
    password: HashedPassword,
    name: String,
    locale: Locale,
    subdistrict: Option<String>,
}

impl Accounts {
    /// Reads the form, counts the attempt against its address and hashes the password: what must be done before the
    /// unit of work is opened. Opens and commits a unit of its own for the count.
    ///
    /// # Errors
    /// [`Error::Invalid`], field by field; [`Error::TooMany`].
    pub async fn prepare_sign_up(&self, form: SignUpForm, client: &Client) -> Result<SignUp, Error> {
        let (login, name) = read(&form)?;
        if let Some(counter) = self.address_counter("sign-up", client, self.settings.limits.sign_up_address) {
            let uow = self.store.begin().await?;
            throttle::attempt(&uow, &[counter]).await?.map_err(|wait| Error::TooMany(wait.0))?;
            uow.commit().await?;
        }
        let password = self.hash_password("password", &form.password, Some(&login)).await?;
        Ok(SignUp { name, login, password, locale: form.locale, subdistrict: form.subdistrict })
    }

    /// Signs somebody up. Their login counts as unverified until a code sent to it comes back.
    ///
    /// # Errors
    /// [`Error::LoginTaken`].
    pub async fn sign_up(&self, uow: &UnitOfWork, actor: &Actor, input: SignUp) -> Result<Id<Person>, Error> {
        policy::sign_in(actor)?;
        let id = Id::new(self.store.clock());
        insert_person(
            uow,
            NewPerson {
                id,
                name: input.name,
                locale: input.locale,
                subdistrict: input.subdistrict,
                seller_kind: SellerKind::Private,
                password: Some(input.password),
            },
        )
        .await?;
        insert_login(uow, id, &input.login, Verified::No).await?;
        for purpose in model::consents().iter().filter(|purpose| purpose.required) {
            consents::record(uow, self.store.clock(), id, purpose).await?;
        }
        uow.emit(&AccountsEvent::PersonSignedUp { person: id }).await?;
        Ok(id)
    }
}

/// Reads a form, all fields at once, so that a person corrects it in one go.
fn read(form: &SignUpForm) -> Result<(Login, String), Error> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, message| wrong.push(FieldProblem { field: field.to_owned(), message });
    let login = Login::parse(&form.login).map_err(|message| refuse("login", message)).ok();
    if let Err(message) = model::PasswordText::parse(&form.password, login.as_ref()) {
        refuse("password", message);
    }
    let given = form.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let name =
        given.map(DisplayName::parse).transpose().map_err(|message| refuse("name", message)).ok().flatten();
    if form.subdistrict.as_deref().is_some_and(|code| geo::subdistrict(code).is_none()) {
        refuse("subdistrict", Message::new("accounts-subdistrict"));
    }
    let in_force = model::purpose("privacy").map(|purpose| purpose.version.as_str());
    if !form.consent {
        refuse("consent", Message::new("accounts-consent"));
    } else if form.privacy_version.is_some() && form.privacy_version.as_deref() != in_force {
        refuse("privacy_version", Message::new("accounts-privacy-version"));
    }
    match login {
        Some(login) if wrong.is_empty() => {
            let name = name.map_or_else(|| login.default_name(), DisplayName::into_string);
            Ok((login, name))
        }
        _ => Err(Error::Invalid(wrong)),
    }
}

/// A row of `person` to be.
pub(super) struct NewPerson {
    pub(super) id: Id<Person>,
    pub(super) name: String,
    pub(super) locale: Locale,
    pub(super) subdistrict: Option<String>,
    pub(super) seller_kind: SellerKind,
    pub(super) password: Option<HashedPassword>,
}

pub(super) async fn insert_person(uow: &UnitOfWork, new: NewPerson) -> Result<(), Error> {
    let row = person::ActiveModel {
        id: Set(new.id),
        name: Set(new.name),
        locale: Set(new.locale.tag().to_owned()),
        subdistrict: Set(new.subdistrict),
        seller_kind: Set(new.seller_kind.code().to_owned()),
        password_hash: Set(new.password.map(HashedPassword::into_stored)),
        created_at: Set(uow.now()),
        version: Set(1),
        ..Default::default()
    };
    person::Entity::insert(row).exec_without_returning(uow.tx()).await?;
    Ok(())
}

/// Whether a login is known to be its person's own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Verified {
    Yes,
    No,
}

/// Takes a login. Two at once: the database lets one have it (the other waits for the first to commit).
pub(super) async fn insert_login(
    uow: &UnitOfWork,
    id: Id<Person>,
    login: &Login,
    verified: Verified,
) -> Result<(), Error> {
    let row = login::ActiveModel {
        value: Set(login.expose().to_owned()),
        kind: Set(login.kind().code().to_owned()),
        person_id: Set(id),
        created_at: Set(uow.now()),
        verified_at: Set((verified == Verified::Yes).then(|| uow.now())),
    };
    let insert = login::Entity::insert(row).on_conflict_do_nothing_on([login::Column::Value]);
    match insert.exec_without_returning(uow.tx()).await? {
        TryInsertResult::Inserted(1) => Ok(()),
        _ => Err(Error::LoginTaken),
    }
}
