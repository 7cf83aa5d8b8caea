//! From the secret that a request carries to the actor who asks.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use luhuan_kernel::{
    Actor, Id, Locale, Membership, OrganisationKind, OrganisationRole, Person, Role, Scope, Session,
    Timestamp, Who,
};
use quick_cache::sync::Cache;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::Accounts;
use crate::{
    Error,
    entity::{api_token, member, organisation, person, person_role, session},
    model::{Credential, TokenHash, TokenText},
};

/// Credentials remembered at once; about 1 KiB each.
const CAPACITY: usize = 10_000;
/// After a change, how long the database is asked every time: longer than any unit of work stays open after it.
const DISTRUST_SECONDS: i64 = 60;
/// When a credential was last used is written down at most this often, in seconds.
const SEEN_EVERY_SECONDS: i64 = 300;

/// What was lately read of credentials.
///
/// An entry is used for a few seconds, so that most requests ask the database nothing; a revocation in another
/// process is felt after as long. In this process it is felt at once: a command that changes a person marks them, and
/// marked people are read from the database every time until the command has surely been committed or undone.
pub(crate) struct Remembered {
    entries: Cache<TokenHash, Arc<Entry>>,
    marked: RwLock<HashMap<Id<Person>, Timestamp>>,
    seconds: i64,
}

struct Entry {
    actor: Actor,
    person: Id<Person>,
    read_at: Timestamp,
    expires_at: Timestamp,
    last_used_at: Timestamp,
}

impl Remembered {
    pub(super) fn new(seconds: i64) -> Self {
        Self { entries: Cache::new(CAPACITY), marked: RwLock::default(), seconds: seconds.clamp(0, 5) }
    }

    fn get(&self, hash: &TokenHash, now: Timestamp) -> Option<Arc<Entry>> {
        let entry = self.entries.get(hash)?;
        let fresh = now < entry.read_at.plus_seconds(self.seconds) && now < entry.expires_at;
        (fresh && !self.is_marked(entry.person, now)).then_some(entry)
    }

    fn is_marked(&self, person: Id<Person>, now: Timestamp) -> bool {
        let marked = self.marked.read().unwrap_or_else(PoisonError::into_inner);
        marked.get(&person).is_some_and(|until| now < *until)
    }

    fn mark(&self, person: Id<Person>, now: Timestamp) {
        let mut marked = self.marked.write().unwrap_or_else(PoisonError::into_inner);
        marked.retain(|_, until| now < *until);
        marked.insert(person, now.plus_seconds(DISTRUST_SECONDS));
    }
}

impl Accounts {
    /// Who carries a session's or an API token's secret; nobody when it is unknown, over or revoked.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn authenticate_bearer(&self, token: &str, locale: Locale) -> Result<Option<Actor>, Error> {
        let Some(token) = TokenText::read(token) else { return Ok(None) };
        let (hash, now) = (token.hash(), self.store.clock().now());
        if let Some(entry) = self.remembered.get(&hash, now) {
            return Ok(Some(Actor { locale, ..entry.actor.clone() }));
        }
        let entry = match token.credential() {
            Credential::Session => self.read_session(&hash, now).await?,
            Credential::ApiToken => self.read_api_token(&hash, now).await?,
        };
        let Some(entry) = entry else {
            self.remembered.entries.remove(&hash);
            return Ok(None);
        };
        if now.seconds_since(entry.last_used_at) >= SEEN_EVERY_SECONDS {
            self.note_use(token.credential(), hash, now);
        }
        let actor = Actor { locale, ..entry.actor.clone() };
        self.remembered.entries.insert(hash, Arc::new(entry));
        Ok(Some(actor))
    }

    /// A command changed what a person may do, or what carries them: the database is asked again.
    pub(crate) fn forget(&self, person: Id<Person>) {
        self.remembered.mark(person, self.store.clock().now());
    }

    async fn read_session(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<Entry>, Error> {
        let query = session::Entity::find().filter(session::Column::TokenHash.eq(hash.as_slice()));
        let Some(row) = query.one(self.store.reader()).await?.filter(|row| now < row.expires_at) else {
            return Ok(None);
        };
        let actor = self.read_actor(row.person_id, Scope::all(), Some(row.id)).await?;
        Ok(actor.map(|actor| Entry {
            actor,
            person: row.person_id,
            read_at: now,
            expires_at: row.expires_at,
            last_used_at: row.last_seen_at,
        }))
    }

    async fn read_api_token(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<Entry>, Error> {
        let query = api_token::Entity::find().filter(api_token::Column::TokenHash.eq(hash.as_slice()));
        let Some(row) = query.one(self.store.reader()).await?.filter(|row| now < row.expires_at) else {
            return Ok(None);
        };
        let actor = self.read_actor(row.person_id, super::tokens::scopes(&row.scopes), None).await?;
        Ok(actor.map(|actor| Entry {
            actor,
            person: row.person_id,
            read_at: now,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at.unwrap_or(Timestamp::from_micros(0)),
        }))
    }

    async fn read_actor(
        &self,
        id: Id<Person>,
        scopes: BTreeSet<Scope>,
        session: Option<Id<Session>>,
    ) -> Result<Option<Actor>, Error> {
        let db = self.store.reader();
        let found = person::Entity::find_by_id(id).one(db).await?;
        let Some(person) = found.filter(|person| person.erased_at.is_none()) else { return Ok(None) };
        // A role is in force only through a credential that may use it.
        let roles = if scopes.contains(&Scope::Staff) { self.roles_of(id).await? } else { BTreeSet::new() };
        Ok(Some(Actor {
            who: Who::Person(id),
            name: person.name,
            roles,
            memberships: self.memberships_of(id).await?,
            scopes,
            session,
            locale: Locale::default(),
        }))
    }

    /// A person's city-wide roles.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn roles_of(&self, person: Id<Person>) -> Result<BTreeSet<Role>, Error> {
        let rows = person_role::Entity::find()
            .filter(person_role::Column::PersonId.eq(person))
            .all(self.store.reader())
            .await?;
        Ok(rows.iter().filter_map(|row| Role::from_code(&row.role)).collect())
    }

    async fn memberships_of(&self, person: Id<Person>) -> Result<Vec<Membership>, Error> {
        let members = member::Entity::find()
            .filter(member::Column::PersonId.eq(person))
            .all(self.store.reader())
            .await?;
        if members.is_empty() {
            return Ok(Vec::new());
        }
        let ids = members.iter().map(|row| row.organisation_id);
        let organisations = organisation::Entity::find()
            .filter(organisation::Column::Id.is_in(ids))
            .filter(organisation::Column::ClosedAt.is_null())
            .all(self.store.reader())
            .await?;
        let kinds: HashMap<_, _> = organisations.into_iter().map(|row| (row.id, row.kind)).collect();
        Ok(members
            .iter()
            .filter_map(|row| {
                Some(Membership {
                    organisation: row.organisation_id,
                    kind: OrganisationKind::from_code(kinds.get(&row.organisation_id)?)?,
                    role: OrganisationRole::from_code(&row.role)?,
                })
            })
            .collect())
    }

    /// Writes down that a credential is in use, beside the request: it must not wait for the writer. A write that
    /// fails is made up for by the next one.
    fn note_use(&self, credential: Credential, hash: TokenHash, now: Timestamp) {
        let accounts = self.clone();
        tokio::spawn(async move {
            if let Err(error) = accounts.write_use(credential, hash, now).await {
                tracing::warn!(%error, "the use of a credential was not written down");
            }
        });
    }

    async fn write_use(&self, credential: Credential, hash: TokenHash, now: Timestamp) -> Result<(), Error> {
        let long_ago = now.plus_seconds(-SEEN_EVERY_SECONDS);
        let uow = self.store.begin().await?;
        match credential {
            Credential::Session => {
                use session::Column;
                session::Entity::update_many()
                    .col_expr(Column::LastSeenAt, Expr::value(now))
                    .col_expr(Column::ExpiresAt, Expr::value(now.plus_days(self.settings.session_days)))
                    .filter(Column::TokenHash.eq(hash.as_slice()))
                    .filter(Column::LastSeenAt.lte(long_ago))
                    .exec(uow.tx())
                    .await?;
            }
            Credential::ApiToken => {
                use api_token::{ActiveModel, Column};
                api_token::Entity::update_many()
                    .set(ActiveModel { last_used_at: Set(Some(now)), ..Default::default() })
                    .filter(Column::TokenHash.eq(hash.as_slice()))
                    .exec(uow.tx())
                    .await?;
            }
        }
        uow.commit().await?;
        Ok(())
    }
}
