//! Credentials for programs.

use std::collections::BTreeSet;

use luhuan_kernel::{Actor, FieldProblem, Id, Message, Person, Scope, Secret, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{Accounts, load_person, locked};
use crate::{
    Error,
    entity::api_token::{ActiveModel, Column, Entity, Model},
    model::{ApiToken, Credential, TOKEN_MAX_DAYS, TokenText, line},
    policy,
};

/// Live tokens of one person at most.
const MOST: u64 = 50;
/// Characters in a token's name at most.
const NAME_MAX: usize = 60;

/// What a token is to be.
#[derive(Clone, Debug)]
pub struct CreateToken {
    /// What it is for, in its owner's words.
    pub name: String,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// After how many days it ends: 1 to 366.
    pub expires_in_days: i64,
}

/// A token just made.
#[derive(Clone, Debug)]
pub struct MintedToken {
    /// What the program carries; shown this once.
    pub token: Secret<String>,
    /// What is shown of it from then on.
    pub view: TokenView,
}

/// A token, for its owner's eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenView {
    /// The token's id.
    pub id: Id<ApiToken>,
    /// What it is for.
    pub name: String,
    /// Its first characters, to tell it by.
    pub prefix: String,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was last used, to 5 minutes.
    pub last_used_at: Option<Timestamp>,
}

impl Accounts {
    /// Makes an API token.
    ///
    /// # Errors
    /// [`Error::Invalid`], field by field; [`Error::TooManyTokens`].
    pub async fn create_token(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        input: CreateToken,
    ) -> Result<MintedToken, Error> {
        let person = policy::create_token(actor, &input.scopes)?;
        let name = check(&input)?;
        load_person(uow, person).await?;
        let live = Entity::find().filter(Column::PersonId.eq(person)).filter(Column::ExpiresAt.gt(uow.now()));
        if live.count(uow.tx()).await? >= MOST {
            return Err(Error::TooManyTokens);
        }
        let token = TokenText::new(Credential::ApiToken);
        let row = Model {
            id: Id::new(self.store.clock()),
            token_hash: token.hash().to_vec(),
            prefix: token.hint(),
            person_id: person,
            name,
            scopes: input.scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" "),
            created_at: uow.now(),
            expires_at: uow.now().plus_days(input.expires_in_days),
            last_used_at: None,
        };
        Entity::insert(active(row.clone())).exec_without_returning(uow.tx()).await?;
        Ok(MintedToken { token: token.into_secret(), view: view(row) })
    }

    /// The actor's API tokens, the newest first; those that are over stay in sight until they are swept.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<TokenView>, Error> {
        let person = policy::view_tokens(actor)?;
        let query =
            Entity::find().filter(Column::PersonId.eq(person)).order_by_desc(Column::Id).limit(2 * MOST);
        Ok(query.all(self.store.reader()).await?.into_iter().map(view).collect())
    }

    /// Revokes an API token.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not the actor's.
    pub async fn revoke_token(&self, uow: &UnitOfWork, actor: &Actor, id: Id<ApiToken>) -> Result<(), Error> {
        let found = locked(uow, Entity::find_by_id(id)).one(uow.tx()).await?;
        let Some(row) = found else { return policy::view_tokens(actor).and(Err(Error::NotFound)) };
        policy::revoke_token(actor, row.person_id)?;
        Entity::delete_by_id(id).exec(uow.tx()).await?;
        self.forget(row.person_id);
        Ok(())
    }
}

fn check(input: &CreateToken) -> Result<String, Error> {
    let mut wrong = Vec::new();
    let mut refuse = |field: &str, message| wrong.push(FieldProblem { field: field.to_owned(), message });
    let name = line(&input.name, NAME_MAX).map_err(|message| refuse("name", message)).unwrap_or_default();
    if input.scopes.is_empty() {
        refuse("scopes", Message::new("accounts-scopes-empty"));
    }
    if !(1..=TOKEN_MAX_DAYS).contains(&input.expires_in_days) {
        refuse("expires_in_days", Message::new("accounts-token-days").with("max", TOKEN_MAX_DAYS));
    }
    if wrong.is_empty() { Ok(name) } else { Err(Error::Invalid(wrong)) }
}

pub(super) async fn revoke_all(uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
    Entity::delete_many().filter(Column::PersonId.eq(person)).exec(uow.tx()).await?;
    Ok(())
}

/// Scopes as stored. A code that this program does not know permits nothing.
pub(super) fn scopes(stored: &str) -> BTreeSet<Scope> {
    stored.split_whitespace().filter_map(Scope::from_code).collect()
}

/// Tokens that were over for 30 days, so that their owner sees for a while why a program stopped working.
pub(super) async fn sweep(uow: &UnitOfWork) -> Result<u64, Error> {
    let before = uow.now().plus_days(-30);
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(before)).exec(uow.tx()).await?.rows_affected)
}

fn active(row: Model) -> ActiveModel {
    ActiveModel {
        id: Set(row.id),
        token_hash: Set(row.token_hash),
        prefix: Set(row.prefix),
        person_id: Set(row.person_id),
        name: Set(row.name),
        scopes: Set(row.scopes),
        created_at: Set(row.created_at),
        expires_at: Set(row.expires_at),
        last_used_at: Set(row.last_used_at),
    }
}

fn view(row: Model) -> TokenView {
    TokenView {
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        scopes: scopes(&row.scopes),
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    }
}
