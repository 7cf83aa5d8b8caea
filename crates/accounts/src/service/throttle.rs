//! Counting attempts, in the database, so that several gateways count together.

use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::{Accounts, locked};
use crate::{
    Client, Error,
    entity::throttle::{ActiveModel, Column, Entity, Model},
    model::throttle::{Rule, Tally, Wait},
};

/// After so many seconds without use a tally says nothing any more: longer than any window and pause.
const KEEP_SECONDS: i64 = 2 * 86_400;

/// What is counted, under which rule. The key is a keyed hash: the table names nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counter {
    key: String,
    rule: Rule,
}

impl Accounts {
    /// Counts by what is tried, such as a login.
    pub(crate) fn counter(&self, kind: &str, what: &str, rule: Rule) -> Counter {
        Counter { key: self.keys.mac(kind, what), rule }
    }

    /// Counts by where it is tried from, if that is counted at all.
    pub(crate) fn address_counter(&self, kind: &str, client: &Client, rule: Rule) -> Option<Counter> {
        client.counted().map(|address| self.counter(kind, &address, rule))
    }

    /// Whether an attempt would be refused, asked without writing: a locked key costs a guesser's flood no write.
    pub(crate) async fn check(&self, counters: &[Counter]) -> Result<(), Wait> {
        let keys = counters.iter().map(|counter| counter.key.as_str());
        let now = self.store.clock().now();
        let rows = Entity::find().filter(Column::Key.is_in(keys)).all(self.store.reader()).await;
        // A database that does not answer is found out by the attempt itself.
        rows.unwrap_or_default().iter().try_for_each(|row| tally(row).check(now))
    }
}

/// Counts an attempt by each counter. Refused by one, the caller drops the unit and nothing is counted.
///
/// Rows are locked in the order of their keys, so that two attempts with the same counters never wait for each other.
pub(crate) async fn attempt(uow: &UnitOfWork, counters: &[Counter]) -> Result<Result<(), Wait>, Error> {
    let mut counters: Vec<&Counter> = counters.iter().collect();
    counters.sort_by(|a, b| a.key.cmp(&b.key));
    for counter in counters {
        let row = load(uow, &counter.key).await?;
        match tally(&row).attempt(counter.rule, uow.now()) {
            Ok(next) => save(uow, row, next).await?,
            Err(wait) => return Ok(Err(wait)),
        }
    }
    Ok(Ok(()))
}

/// Gives an attempt back that succeeded.
pub(crate) async fn forgive(uow: &UnitOfWork, counter: &Counter) -> Result<(), Error> {
    let row = load(uow, &counter.key).await?;
    let next = tally(&row).forgive(counter.rule);
    save(uow, row, next).await
}

/// Somebody showed who they are: what was counted by what they showed is forgotten, and the attempt is given back to
/// their address. In the order of the keys, as [`attempt`] locks them.
pub(crate) async fn settle(
    uow: &UnitOfWork,
    by_what: &Counter,
    by_address: Option<&Counter>,
) -> Result<(), Error> {
    let address_first = by_address.filter(|address| address.key < by_what.key);
    let address_last = by_address.filter(|address| address.key >= by_what.key);
    if let Some(address) = address_first {
        forgive(uow, address).await?;
    }
    Entity::delete_by_id(&by_what.key).exec(uow.tx()).await?;
    if let Some(address) = address_last {
        forgive(uow, address).await?;
    }
    Ok(())
}

pub(super) async fn sweep(uow: &UnitOfWork) -> Result<u64, Error> {
    let before = uow.now().plus_seconds(-KEEP_SECONDS);
    Ok(Entity::delete_many().filter(Column::WindowStart.lt(before)).exec(uow.tx()).await?.rows_affected)
}

/// The row of a key, locked; made when there is none, so that there is something to lock.
async fn load(uow: &UnitOfWork, key: &str) -> Result<Model, Error> {
    let fresh = Tally::fresh(uow.now());
    let row = Model {
        key: key.to_owned(),
        window_start: fresh.window_start,
        count: fresh.count,
        locked_until: fresh.locked_until,
    };
    Entity::insert(row.clone().into_active_model())
        .on_conflict_do_nothing_on([Column::Key])
        .exec_without_returning(uow.tx())
        .await?;
    Ok(locked(uow, Entity::find_by_id(key)).one(uow.tx()).await?.unwrap_or(row))
}

async fn save(uow: &UnitOfWork, row: Model, next: Tally) -> Result<(), Error> {
    let mut row: ActiveModel = row.into();
    row.window_start = Set(next.window_start);
    row.count = Set(next.count);
    row.locked_until = Set(next.locked_until);
    row.update(uow.tx()).await?;
    Ok(())
}

fn tally(row: &Model) -> Tally {
    Tally { window_start: row.window_start, count: row.count, locked_until: row.locked_until }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn no_tally_is_swept_while_it_still_counts() {
        let Limits {
            sign_in_login,
            sign_in_address,
            sign_up_address,
            code_login,
            code_address,
            lookup_person,
        } = Limits::default();
        for rule in [sign_in_login, sign_in_address, sign_up_address, code_login, code_address, lookup_person]
        {
            assert!(rule.window_seconds + rule.pause_seconds < KEEP_SECONDS);
        }
    }
}
