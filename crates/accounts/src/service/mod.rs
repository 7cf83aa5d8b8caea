//! Commands and queries.
//!
//! A command is a method that takes the open unit of work and the actor: policy, load (rows locked), decide with the
//! model, save, emit. The caller commits. A query reads beside the units.
//!
//! On PostgreSQL rows are locked in one order, so that no two commands wait for each other: tallies of attempts (by
//! key), codes, logins, organisations, persons, roles.
//!
//! - `sign_up`, `users`: how an account comes to be;
//! - `sign_in`, `codes`, `proof`: how somebody shows who they are; `passwords`, `throttle`: how guessing is slowed;
//! - `authenticate`, `sessions`, `tokens`: what a request carries;
//! - `profile`, `identity`, `consents`, `export`, `erase`: what one decides about oneself;
//! - `organisations`, `members`, `roles`: who works for whom.

mod authenticate;
mod codes;
mod consents;
mod erase;
mod export;
mod identity;
mod members;
mod organisations;
mod passwords;
mod profile;
mod proof;
mod roles;
mod sellers;
mod sessions;
mod sign_in;
mod sign_up;
mod throttle;
mod tokens;
mod users;

use std::sync::Arc;

use luhuan_kernel::{Id, Person};
use luhuan_store::{Store, UnitOfWork};
use sea_orm::{EntityTrait, QuerySelect, Select};

pub use codes::{CodeSent, SEND_CODE};
pub use consents::ConsentView;
pub use export::PersonalData;
pub use identity::GiveIdentity;
pub use members::{AddMember, MemberView};
pub use organisations::{ChangeOrganisation, CreateOrganisation, OrganisationView};
pub use passwords::HashedPassword;
pub use profile::{ChangeProfile, LoginView, Profile};
pub use proof::{Confirmation, Proof};
pub use sellers::{OrganisationSummary, PublicProfile, SellerCard};
pub use sessions::{SessionView, SignedIn};
pub use sign_in::SignIn;
pub use sign_up::{SignUp, SignUpForm};
pub use tokens::{CreateToken, MintedToken, TokenView};
pub use users::NewUser;

use crate::{CodeSender, Error, Keys, Settings, entity::person};
use authenticate::Remembered;
use passwords::Passwords;

/// The accounts. Cheap to clone.
#[derive(Clone)]
pub struct Accounts {
    store: Store,
    sender: Arc<dyn CodeSender>,
    keys: Arc<Keys>,
    settings: Settings,
    passwords: Passwords,
    remembered: Arc<Remembered>,
    contributors: Arc<Vec<Arc<dyn PersonalData>>>,
}

impl Accounts {
    /// The accounts of a database.
    #[must_use]
    pub fn new(store: Store, sender: Arc<dyn CodeSender>, keys: Keys, settings: Settings) -> Self {
        Self {
            store,
            sender,
            keys: Arc::new(keys),
            settings,
            passwords: Passwords::new(settings.hashing, settings.hashes_at_once),
            remembered: Arc::new(Remembered::new(settings.remember_seconds)),
            contributors: Arc::default(),
        }
    }

    /// The same, with another context that keeps personal data: it is exported and erased along.
    #[must_use]
    pub fn with_contributor(mut self, contributor: Arc<dyn PersonalData>) -> Self {
        Arc::make_mut(&mut self.contributors).push(contributor);
        self
    }

    /// The database, to open units of work in.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// A keyed hash of a request body, to remember a repeatable command by: a plain hash of a body with a password
    /// in it could be guessed back.
    #[must_use]
    pub fn fingerprint(&self, body: &str) -> String {
        self.keys.mac("request", body)
    }

    /// Forgets what is over: attempts, codes, sessions, tokens. A standing job calls it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sweep(&self, uow: &UnitOfWork) -> Result<u64, Error> {
        let mut swept = throttle::sweep(uow).await?;
        swept += codes::sweep(uow).await?;
        swept += sessions::sweep(uow).await?;
        swept += tokens::sweep(uow).await?;
        Ok(swept)
    }
}

/// A query that locks the rows it finds, where rows are what is locked.
pub(crate) fn locked<E: EntityTrait>(uow: &UnitOfWork, query: Select<E>) -> Select<E> {
    if uow.locks_rows() { query.lock_exclusive() } else { query }
}

/// A person's row, locked; an erased one is not there.
pub(crate) async fn load_person(uow: &UnitOfWork, id: Id<Person>) -> Result<person::Model, Error> {
    let found = locked(uow, person::Entity::find_by_id(id)).one(uow.tx()).await?;
    found.filter(|person| person.erased_at.is_none()).ok_or(Error::NotFound)
}
