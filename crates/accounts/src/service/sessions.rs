//! Devices that are signed in.

use luhuan_kernel::{Actor, Id, Person, Secret, Session, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Accounts, locked};
use crate::{
    AccountsEvent, Client, Error,
    entity::session::{ActiveModel, Column, Entity, Model},
    model::{Credential, TokenText},
    policy,
};

/// Devices at most; the one not used for longest makes room.
const MOST: u64 = 100;

/// Somebody is signed in now.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// What the device carries from now on; shown once.
    pub token: Secret<String>,
    /// The session.
    pub session: Id<Session>,
    /// When it ends, unless it is used.
    pub expires_at: Timestamp,
    /// Who.
    pub person: Id<Person>,
    /// Their name.
    pub name: String,
    /// Whether a password set before the login was verified has been taken away: whoever set it had not shown
    /// that the login is theirs.
    pub password_dropped: bool,
}

/// A device, for its owner's eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// The session.
    pub id: Id<Session>,
    /// The device in words.
    pub device: String,
    /// Where it signed in from, coarse.
    pub address: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to 5 minutes.
    pub last_seen_at: Timestamp,
    /// When it ends, unless it is used.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl Accounts {
    /// Signs a device in: for whoever has just shown who they are, or has just signed up.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open_session(
        &self,
        uow: &UnitOfWork,
        person: Id<Person>,
        name: String,
        client: &Client,
    ) -> Result<SignedIn, Error> {
        make_room(uow, person).await?;
        let token = TokenText::new(Credential::Session);
        let id = Id::new(self.store.clock());
        let expires_at = uow.now().plus_days(self.settings.session_days);
        let row = ActiveModel {
            id: Set(id),
            token_hash: Set(token.hash().to_vec()),
            person_id: Set(person),
            device: Set(client.device()),
            address: Set(client.coarse_address()),
            created_at: Set(uow.now()),
            last_seen_at: Set(uow.now()),
            expires_at: Set(expires_at),
        };
        if self.is_new_device(uow, person, &client.device()).await? {
            uow.emit(&AccountsEvent::SignedIn { person }).await?;
        }
        Entity::insert(row).exec_without_returning(uow.tx()).await?;
        Ok(SignedIn {
            token: token.into_secret(),
            session: id,
            expires_at,
            person,
            name,
            password_dropped: false,
        })
    }

    /// Whether a person is signed in, and on no device of this kind. A first sign-in is news to nobody.
    async fn is_new_device(&self, uow: &UnitOfWork, person: Id<Person>, device: &str) -> Result<bool, Error> {
        let devices: Vec<String> = Entity::find()
            .select_only()
            .column(Column::Device)
            .filter(Column::PersonId.eq(person))
            .filter(Column::ExpiresAt.gt(uow.now()))
            .into_tuple()
            .all(uow.tx())
            .await?;
        Ok(!devices.is_empty() && devices.iter().all(|known| known != device))
    }

    /// The actor's devices, the last used first.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<SessionView>, Error> {
        let person = policy::view_sessions(actor)?;
        let rows = Entity::find()
            .filter(Column::PersonId.eq(person))
            .filter(Column::ExpiresAt.gt(self.store.clock().now()))
            .order_by_desc(Column::LastSeenAt)
            .order_by_desc(Column::Id)
            .limit(MOST)
            .all(self.store.reader())
            .await?;
        Ok(rows.into_iter().map(|row| view(row, actor)).collect())
    }

    /// Signs a device out.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not the actor's.
    pub async fn end_session(&self, uow: &UnitOfWork, actor: &Actor, id: Id<Session>) -> Result<(), Error> {
        let found = locked(uow, Entity::find_by_id(id)).one(uow.tx()).await?;
        let Some(row) = found else { return policy::view_sessions(actor).and(Err(Error::NotFound)) };
        policy::end_session(actor, row.person_id)?;
        Entity::delete_by_id(id).exec(uow.tx()).await?;
        self.forget(row.person_id);
        Ok(())
    }

    /// Signs this device out. With nobody signed in, nothing happens.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sign_out(&self, uow: &UnitOfWork, actor: &Actor) -> Result<(), Error> {
        let (Some(session), Some(person)) = (actor.session, actor.person_id()) else { return Ok(()) };
        Entity::delete_by_id(session).exec(uow.tx()).await?;
        self.forget(person);
        Ok(())
    }

    /// Signs every device out but the one that asks. Says how many.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn end_other_sessions(&self, uow: &UnitOfWork, actor: &Actor) -> Result<u64, Error> {
        let person = policy::view_sessions(actor)?;
        let ended = end_all(uow, person, actor.session).await?;
        self.forget(person);
        Ok(ended)
    }
}

/// Ends a person's sessions but one.
pub(super) async fn end_all(
    uow: &UnitOfWork,
    person: Id<Person>,
    but: Option<Id<Session>>,
) -> Result<u64, Error> {
    let mut query = Entity::delete_many().filter(Column::PersonId.eq(person));
    if let Some(kept) = but {
        query = query.filter(Column::Id.ne(kept));
    }
    Ok(query.exec(uow.tx()).await?.rows_affected)
}

async fn make_room(uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
    let surplus: Vec<Id<Session>> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::PersonId.eq(person))
        .order_by_desc(Column::LastSeenAt)
        .order_by_desc(Column::Id)
        .offset(MOST - 1)
        .limit(MOST)
        .into_tuple()
        .all(uow.tx())
        .await?;
    if !surplus.is_empty() {
        Entity::delete_many().filter(Column::Id.is_in(surplus)).exec(uow.tx()).await?;
    }
    Ok(())
}

pub(super) async fn sweep(uow: &UnitOfWork) -> Result<u64, Error> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(uow.now())).exec(uow.tx()).await?.rows_affected)
}

fn view(row: Model, actor: &Actor) -> SessionView {
    SessionView {
        current: actor.session == Some(row.id),
        id: row.id,
        device: row.device,
        address: row.address,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
    }
}
