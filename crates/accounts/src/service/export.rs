//! Everything that is kept about a person, for that person (PIPL art. 45).

use async_trait::async_trait;
use luhuan_kernel::{Actor, Id, Person, Scope};
use luhuan_store::UnitOfWork;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value, json};

use super::{Accounts, consents};
use crate::{
    Error,
    entity::{api_token, login, person, session},
    policy,
};

/// A context that keeps personal data of its own: an extension point.
#[async_trait]
pub trait PersonalData: Send + Sync + 'static {
    /// The member of the export that holds it, such as `listing`.
    fn name(&self) -> &'static str;

    /// What is kept about a person, for their own eyes: whole, not masked.
    ///
    /// # Errors
    /// A sentence for the log.
    async fn export(&self, person: Id<Person>) -> Result<Value, String>;

    /// What must be ended before the account may be: the slug of a problem whose text says what to do.
    ///
    /// # Errors
    /// A sentence for the log.
    async fn in_the_way(
        &self,
        _uow: &UnitOfWork,
        _person: Id<Person>,
    ) -> Result<Option<&'static str>, String> {
        Ok(None)
    }

    /// Forgets the person in the open unit; what must be kept stays under a pseudonym (domain: retention table).
    ///
    /// # Errors
    /// A sentence for the log; then nothing of the erasure happens.
    async fn erase(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), String>;
}

impl Accounts {
    /// Everything that is kept about the actor, by context, machine-readable, with a list of contents.
    ///
    /// # Errors
    /// When the actor may not, or a context cannot gather its part.
    pub async fn export(&self, actor: &Actor) -> Result<Value, Error> {
        let id = policy::export(actor)?;
        let mut parts = Map::new();
        parts.insert("accounts".to_owned(), self.export_own(actor, id).await?);
        for contributor in self.contributors.iter() {
            let context = contributor.name();
            let part =
                contributor.export(id).await.map_err(|reason| Error::Contributor { context, reason })?;
            parts.insert(context.to_owned(), part);
        }
        Ok(json!({
            "format": "luhuan-personal-data/1",
            "generated_at": self.store.clock().now(),
            "person": id,
            "contents": parts.keys().collect::<Vec<_>>(),
            "data": parts,
        }))
    }

    async fn export_own(&self, actor: &Actor, id: Id<Person>) -> Result<Value, Error> {
        let db = self.store.reader();
        let row = person::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        let identity = self.identity_of(&row)?;
        let logins = login::Entity::find().filter(login::Column::PersonId.eq(id)).all(db).await?;
        let sessions = session::Entity::find().filter(session::Column::PersonId.eq(id)).all(db).await?;
        let tokens = api_token::Entity::find().filter(api_token::Column::PersonId.eq(id)).all(db).await?;
        let reader = Actor { scopes: Scope::all(), ..actor.clone() };
        let organisations = self.organisations(&reader).await?;
        Ok(json!({
            "profile": {
                "name": row.name, "locale": row.locale, "subdistrict": row.subdistrict,
                "seller_kind": row.seller_kind, "seller_organisation": row.seller_organisation,
                "has_password": row.password_hash.is_some(), "created_at": row.created_at,
                "real_name": identity.as_ref().map(|on_file| on_file.real_name.expose()),
                "identity_number": identity.as_ref().map(|on_file| on_file.number.expose()),
            },
            "logins": logins.iter().map(|row| json!({
                "kind": row.kind, "value": row.value, "created_at": row.created_at, "verified_at": row.verified_at,
            })).collect::<Vec<_>>(),
            "roles": self.roles_of(id).await?,
            "consents": consents::history(db, id).await?.iter().map(|row| json!({
                "purpose": row.purpose, "version": row.version, "basis": row.basis,
                "given_at": row.given_at, "withdrawn_at": row.withdrawn_at,
            })).collect::<Vec<_>>(),
            "sessions": sessions.iter().map(|row| json!({
                "id": row.id, "device": row.device, "address": row.address, "created_at": row.created_at,
                "last_seen_at": row.last_seen_at, "expires_at": row.expires_at,
            })).collect::<Vec<_>>(),
            "tokens": tokens.iter().map(|row| json!({
                "id": row.id, "name": row.name, "scopes": row.scopes, "created_at": row.created_at,
                "expires_at": row.expires_at, "last_used_at": row.last_used_at,
            })).collect::<Vec<_>>(),
            "organisations": organisations.iter().map(|view| json!({
                "id": view.id, "kind": view.kind, "name": view.name, "role": view.role,
            })).collect::<Vec<_>>(),
        }))
    }
}
