//! The one way in which money moves.

use std::collections::HashMap;

use luhuan_kernel::{Id, Money};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::Ledger;
use crate::{
    Entry, Error, Leg, Transaction,
    entity::{account, posting, transaction},
    model::AccountKey,
};

/// What came of posting a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// It is in the books now.
    Now(Id<Entry>),
    /// It was there before, with the same legs.
    Before(Id<Entry>),
}

impl Posted {
    /// The transaction.
    #[must_use]
    pub const fn id(self) -> Id<Entry> {
        match self {
            Self::Now(id) | Self::Before(id) => id,
        }
    }

    /// Whether it is in the books just now.
    #[must_use]
    pub const fn is_new(self) -> bool {
        matches!(self, Self::Now(_))
    }
}

/// Whether a transaction of this kind and reference may be in the books already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Perhaps: look.
    Possible,
    /// Its reference is an id that was made in this unit.
    Impossible,
}

impl Ledger {
    /// Posts a transaction, once for its kind and reference. Locks the accounts; opens those that are not there yet.
    ///
    /// # Errors
    /// [`Error::InsufficientFunds`] when an account would fall below zero that may not; [`Error::ReferenceReused`]
    /// when the same kind and reference were posted with other legs.
    pub async fn post(&self, uow: &UnitOfWork, transaction: Transaction) -> Result<Posted, Error> {
        self.enter(uow, transaction, Repeat::Possible).await
    }

    pub(super) async fn enter(
        &self,
        uow: &UnitOfWork,
        transaction: Transaction,
        repeat: Repeat,
    ) -> Result<Posted, Error> {
        transaction.check()?;
        let accounts = self.lock_accounts(uow, &transaction.legs).await?;
        // Looked for after locking: two at once that post the same come to the same accounts, one after the other.
        if repeat == Repeat::Possible
            && let Some(before) = find(uow, &transaction).await?
        {
            return same(uow, before, &transaction, &accounts).await;
        }
        let id = Id::new(self.store().clock());
        let postings = continue_accounts(uow, id, &transaction.legs, accounts)?;
        posting::Entity::insert_many(postings.into_iter().map(|row| row.into_active_model().reset_all()))
            .exec_without_returning(uow.tx())
            .await?;
        // Last: from here on the database holds that the postings balance, and takes no more of them.
        let row = transaction::Model {
            id,
            kind: transaction.kind.code().to_owned(),
            reference: transaction.reference,
            memo: transaction.memo,
            made_by: transaction.made_by,
            at: uow.now(),
        };
        transaction::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        Ok(Posted::Now(id))
    }

    /// The accounts of some legs by their code, locked, opened where there are none.
    async fn lock_accounts(
        &self,
        uow: &UnitOfWork,
        legs: &[Leg],
    ) -> Result<HashMap<String, account::Model>, Error> {
        let mut keys: Vec<(String, AccountKey)> =
            legs.iter().map(|leg| (leg.key().code(), leg.key())).collect();
        keys.sort_by(|(a, _), (b, _)| a.cmp(b));
        keys.dedup_by(|(a, _), (b, _)| a == b);
        let mut found = locked(uow, keys.iter().map(|(code, _)| code.as_str())).await?;
        if found.len() == keys.len() {
            return Ok(found);
        }
        let missing: Vec<account::Model> = keys
            .into_iter()
            .filter(|(code, _)| !found.contains_key(code))
            .map(|(code, key)| self.opened(uow, code, &key))
            .collect();
        let rows = missing.iter().cloned().map(|row| row.into_active_model().reset_all());
        let opened = account::Entity::insert_many(rows)
            .on_conflict(OnConflict::column(account::Column::Code).do_nothing().to_owned())
            .exec_without_returning(uow.tx())
            .await?;
        if u64::try_from(missing.len()) == Ok(opened) {
            found.extend(missing.into_iter().map(|row| (row.code.clone(), row)));
        } else {
            // Somebody else opened one of them meanwhile.
            found.extend(locked(uow, missing.iter().map(|row| row.code.as_str())).await?);
        }
        Ok(found)
    }

    fn opened(&self, uow: &UnitOfWork, code: String, key: &AccountKey) -> account::Model {
        account::Model {
            id: Id::new(self.store().clock()),
            code,
            owner: key.owner.to_string(),
            kind: key.kind.code().to_owned(),
            currency: key.currency.code().to_owned(),
            balance: 0,
            entries: 0,
            created_at: uow.now(),
        }
    }
}

/// Existing accounts, locked: those that everybody's money passes last, so that they are held for the shortest time.
async fn locked<'a>(
    uow: &UnitOfWork,
    codes: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, account::Model>, Error> {
    let mut query = account::Entity::find()
        .filter(account::Column::Code.is_in(codes))
        .order_by_asc(Expr::cust("CASE WHEN owner = 'platform' OR owner LIKE 'provider:%' THEN 1 ELSE 0 END"))
        .order_by_asc(account::Column::Id);
    if uow.locks_rows() {
        query = query.lock_exclusive();
    }
    Ok(query.all(uow.tx()).await?.into_iter().map(|row| (row.code.clone(), row)).collect())
}

async fn find(uow: &UnitOfWork, transaction: &Transaction) -> Result<Option<transaction::Model>, Error> {
    Ok(transaction::Entity::find()
        .filter(transaction::Column::Kind.eq(transaction.kind.code()))
        .filter(transaction::Column::Reference.eq(&transaction.reference))
        .one(uow.tx())
        .await?)
}

/// What was posted before must be what is posted now.
async fn same(
    uow: &UnitOfWork,
    before: transaction::Model,
    now: &Transaction,
    accounts: &HashMap<String, account::Model>,
) -> Result<Posted, Error> {
    let postings =
        posting::Entity::find().filter(posting::Column::TransactionId.eq(before.id)).all(uow.tx()).await?;
    let mut old: Vec<_> = postings.iter().map(|posting| (posting.account_id, posting.amount)).collect();
    let mut new: Vec<_> = now
        .legs
        .iter()
        .filter_map(|leg| Some((accounts.get(&leg.key().code())?.id, leg.amount.minor)))
        .collect();
    old.sort();
    new.sort();
    if old == new {
        Ok(Posted::Before(before.id))
    } else {
        Err(Error::ReferenceReused { kind: before.kind, reference: before.reference })
    }
}

/// The postings that continue each account, gains before what is given, so that none falls below zero in between.
fn continue_accounts(
    uow: &UnitOfWork,
    id: Id<Entry>,
    legs: &[Leg],
    mut accounts: HashMap<String, account::Model>,
) -> Result<Vec<posting::Model>, Error> {
    let mut order: Vec<&Leg> = legs.iter().collect();
    order.sort_by_key(|leg| leg.amount.minor < 0);
    let mut postings = Vec::with_capacity(order.len());
    for leg in order {
        let code = leg.key().code();
        let account = accounts
            .get_mut(&code)
            .ok_or_else(|| luhuan_store::Error::Corrupt(format!("no account {code}")))?;
        let held = Money { minor: account.balance, ..leg.amount };
        let balance = (held + leg.amount)?;
        if balance.minor < 0 && !leg.kind.may_be_negative() {
            let needed = Money { minor: -leg.amount.minor, ..leg.amount };
            return Err(Error::InsufficientFunds { kind: leg.kind, held, needed });
        }
        account.balance = balance.minor;
        account.entries += 1;
        postings.push(posting::Model {
            account_id: account.id,
            number: account.entries,
            transaction_id: id,
            amount: leg.amount.minor,
            balance_after: balance.minor,
            memo: leg.memo.clone(),
            at: uow.now(),
        });
    }
    Ok(postings)
}
