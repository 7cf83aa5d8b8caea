//! What somebody says of themselves.

use std::collections::BTreeSet;

use luhuan_kernel::{
    Actor, FieldProblem, Id, Locale, Masked, Message, Organisation, Person, Role, Timestamp, geo,
};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder,
};

use super::{Accounts, HashedPassword, Proof, load_person, sessions};
use crate::{
    AccountsEvent, Error,
    entity::{login, member, organisation, person, person_role},
    model::{DisplayName, Login, LoginKind, SellerKind},
    policy,
};

/// A login, for its owner's eyes: masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginView {
    /// Phone or e-mail.
    pub kind: LoginKind,
    /// The login, masked.
    pub masked: String,
    /// Since when it is known to be the person's own.
    pub verified_at: Option<Timestamp>,
}

/// A person, for their own eyes: numbers masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Who.
    pub id: Id<Person>,
    /// The name others see.
    pub name: String,
    /// The language to write to them in.
    pub locale: Locale,
    /// Where they live, if they said.
    pub subdistrict: Option<String>,
    /// As what they sell.
    pub seller_kind: SellerKind,
    /// For which shop, when they are a registered merchant.
    pub seller_organisation: Option<Id<Organisation>>,
    /// What they sign in with.
    pub logins: Vec<LoginView>,
    /// City-wide roles.
    pub roles: BTreeSet<Role>,
    /// Whether there is a password.
    pub has_password: bool,
    /// The real name, masked, when it is on file.
    pub real_name: Option<String>,
    /// The identity number, masked, when it is on file.
    pub identity_number: Option<String>,
    /// Since when they are here.
    pub created_at: Timestamp,
    /// Counts changes.
    pub version: i64,
}

/// What to change; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct ChangeProfile {
    /// The name others see.
    pub name: Option<String>,
    /// The language to write in.
    pub locale: Option<Locale>,
    /// Where they live; `Some(None)` takes it back.
    pub subdistrict: Option<Option<String>>,
    /// As what they sell.
    pub seller_kind: Option<SellerKind>,
    /// For which shop, with [`SellerKind::RegisteredMerchant`].
    pub seller_organisation: Option<Id<Organisation>>,
}

impl Accounts {
    /// The actor's profile.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn profile(&self, actor: &Actor) -> Result<Profile, Error> {
        let person = policy::view_profile(actor)?;
        self.profile_in(self.store.reader(), person).await
    }

    /// A person's profile as an open unit sees it, for whoever has just made or changed it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn profile_in(&self, db: &impl ConnectionTrait, id: Id<Person>) -> Result<Profile, Error> {
        let found = person::Entity::find_by_id(id).one(db).await?;
        let row = found.filter(|person| person.erased_at.is_none()).ok_or(Error::NotFound)?;
        let logins = login::Entity::find()
            .filter(login::Column::PersonId.eq(id))
            .order_by_asc(login::Column::CreatedAt)
            .order_by_asc(login::Column::Value)
            .all(db)
            .await?;
        let roles = person_role::Entity::find().filter(person_role::Column::PersonId.eq(id)).all(db).await?;
        let identity = self.identity_of(&row)?;
        Ok(Profile {
            id,
            locale: row.locale.parse().unwrap_or_default(),
            seller_kind: SellerKind::from_code(&row.seller_kind),
            seller_organisation: row.seller_organisation,
            logins: logins.into_iter().map(login_view).collect(),
            roles: roles.iter().filter_map(|row| Role::from_code(&row.role)).collect(),
            has_password: row.password_hash.is_some(),
            real_name: identity
                .as_ref()
                .map(|on_file| Masked::Name(on_file.real_name.expose().clone()).to_string()),
            identity_number: identity
                .map(|on_file| Masked::Number(on_file.number.expose().clone()).to_string()),
            name: row.name,
            subdistrict: row.subdistrict,
            created_at: row.created_at,
            version: row.version,
        })
    }

    /// Changes the actor's profile. `expected` is the version that was read, when the client says.
    ///
    /// # Errors
    /// [`Error::Stale`]; [`Error::Invalid`]; [`Error::IdentityNeeded`] or [`Error::LicenceNeeded`] when the seller
    /// kind asks for more than is on file.
    pub async fn change_profile(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        change: ChangeProfile,
        expected: Option<i64>,
    ) -> Result<Profile, Error> {
        let id = policy::change_profile(actor)?;
        let row = load_person(uow, id).await?;
        if expected.is_some_and(|version| version != row.version) {
            return Err(Error::Stale);
        }
        let name = check(&change)?;
        let before = SellerKind::from_code(&row.seller_kind);
        let kind = change.seller_kind.unwrap_or(before);
        let shop = seller_shop(uow, &row, kind, change.seller_organisation).await?;

        let version = row.version;
        let mut row = row.into_active_model();
        if let Some(name) = name {
            row.name = Set(name);
        }
        if let Some(locale) = change.locale {
            row.locale = Set(locale.tag().to_owned());
        }
        if let Some(subdistrict) = change.subdistrict {
            row.subdistrict = Set(subdistrict);
        }
        row.seller_kind = Set(kind.code().to_owned());
        row.seller_organisation = Set(shop);
        row.version = Set(version + 1);
        row.update(uow.tx()).await?;
        uow.emit(&AccountsEvent::ProfileChanged { person: id }).await?;
        if kind != before {
            uow.emit(&AccountsEvent::SellerKindChanged { person: id, kind }).await?;
        }
        self.forget(id);
        self.profile_in(uow.tx(), id).await
    }

    /// Sets another password and signs the other devices out.
    ///
    /// # Errors
    /// [`Error::ProofOver`] when the proof is not the actor's or too old.
    pub async fn change_password(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        proof: Proof,
        password: HashedPassword,
    ) -> Result<(), Error> {
        let id = policy::change_password(actor)?;
        proof.check(id, uow)?;
        let mut row = load_person(uow, id).await?.into_active_model();
        row.password_hash = Set(Some(password.into_stored()));
        row.update(uow.tx()).await?;
        sessions::end_all(uow, id, actor.session).await?;
        self.forget(id);
        Ok(())
    }
}

fn check(change: &ChangeProfile) -> Result<Option<String>, Error> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, message| wrong.push(FieldProblem { field: field.to_owned(), message });
    let name = change.name.as_deref().map(DisplayName::parse).transpose();
    let name = name.map_err(|message| refuse("name", message)).ok().flatten();
    if let Some(Some(code)) = &change.subdistrict
        && geo::subdistrict(code).is_none()
    {
        refuse("subdistrict", Message::new("accounts-subdistrict"));
    }
    if wrong.is_empty() { Ok(name.map(DisplayName::into_string)) } else { Err(Error::Invalid(wrong)) }
}

/// The shop behind a seller of a kind, when what the kind asks for is on file (E-Commerce Law art. 10, 15, 27).
async fn seller_shop(
    uow: &UnitOfWork,
    person: &person::Model,
    kind: SellerKind,
    named: Option<Id<Organisation>>,
) -> Result<Option<Id<Organisation>>, Error> {
    if kind.needs_identity() && person.identity_sealed.is_none() {
        return Err(Error::IdentityNeeded);
    }
    if !kind.needs_licence() {
        return Ok(None);
    }
    let shop = named.or(person.seller_organisation).ok_or(Error::LicenceNeeded)?;
    let member = member::Entity::find_by_id((shop, person.id)).one(uow.tx()).await?;
    let organisation = organisation::Entity::find_by_id(shop).one(uow.tx()).await?;
    let licensed = organisation.is_some_and(|row| row.licence_sealed.is_some() && row.closed_at.is_none());
    if member.is_some() && licensed { Ok(Some(shop)) } else { Err(Error::LicenceNeeded) }
}

fn login_view(row: login::Model) -> LoginView {
    let login = Login::stored(&row.kind, row.value);
    LoginView { kind: login.kind(), masked: login.to_string(), verified_at: row.verified_at }
}
