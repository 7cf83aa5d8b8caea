//! Our books beside a provider's.

use std::collections::HashMap;

use luhuan_kernel::{Actor, Id, Timestamp};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::Ledger;
use crate::{
    Error, LedgerEvent, PaymentState, PayoutState, Provider, RefundState,
    entity::{payment, payout, reconciliation, refund},
    model::PayoutMethod,
    policy,
    provider::{Movement, MovementKind},
};

/// Rows of ours that one comparison looks at, at most; a wider window is for the caller to cut.
const ROWS: u64 = 50_000;

/// For how long after the window a provider may have begun what we began inside it.
const EDGE_SECONDS: i64 = 60;

/// Comparisons that are shown.
const SHOWN: u64 = 100;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Difference {
    /// What kind of movement.
    pub kind: MovementKind,
    /// How it differs.
    pub how: How,
    /// Our id, when there is one.
    pub ours: Option<String>,
    /// The provider's id, when there is one.
    pub reference: Option<String>,
    /// What our books hold, in fen.
    pub ours_fen: i64,
    /// What the provider's hold, in fen.
    pub theirs_fen: i64,
}

/// How a movement differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The provider has it, we do not, or not as done.
    MissingHere,
    /// We have it as done, the provider does not.
    MissingThere,
    /// Both have it, with other amounts.
    Amount,
}

/// What of ours is to be compared, by the provider's id where it is known and else by ours.
struct Ours {
    id: String,
    reference: Option<String>,
    fen: i64,
    done: bool,
}

impl Ledger {
    /// Compares what happened from an instant (inclusive) to another (exclusive), by when the provider began it, and
    /// keeps the outcome. In units of its own: the provider is asked in between.
    ///
    /// # Errors
    /// When the actor may not; [`Error::Provider`] when the provider does not answer.
    pub async fn reconcile(
        &self,
        actor: &Actor,
        provider: Provider,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<reconciliation::Model, Error> {
        policy::operate(actor)?;
        let remote = self.providers().remote(provider)?;
        let theirs = remote.movements(from, until).await?;
        let mut differences = Vec::new();
        let mut compared = 0;
        for kind in [MovementKind::Payment, MovementKind::Refund, MovementKind::Transfer] {
            let theirs: Vec<&Movement> = theirs.iter().filter(|movement| movement.kind == kind).collect();
            let ours = self.ours(provider, kind, from, until, &theirs).await?;
            compared += ours.len().max(theirs.len());
            differences.extend(compare(kind, &ours, &theirs));
        }
        let uow = self.store().begin().await?;
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let row = reconciliation::Model {
            id: Id::new(self.store().clock()),
            provider: provider.code().to_owned(),
            from_at: from,
            until_at: until,
            at: uow.now(),
            compared: count(compared),
            differences: serde_json::to_string(&differences)
                .map_err(|error| luhuan_store::Error::Corrupt(error.to_string()))?,
        };
        uow.emit(&LedgerEvent::Reconciled {
            provider,
            compared: row.compared,
            differences: count(differences.len()),
        })
        .await?;
        let row = row.into_active_model().reset_all().insert(uow.tx()).await?;
        uow.commit().await?;
        if !differences.is_empty() {
            tracing::error!(%provider, differences = differences.len(), "our books and a provider's differ");
        }
        Ok(row)
    }

    /// The last comparisons, newest first.
    ///
    /// # Errors
    /// When the actor may not see them.
    pub async fn reconciliations(
        &self,
        actor: &Actor,
        provider: Provider,
    ) -> Result<Vec<reconciliation::Model>, Error> {
        policy::operate(actor)?;
        Ok(reconciliation::Entity::find()
            .filter(reconciliation::Column::Provider.eq(provider.code()))
            .order_by_desc(reconciliation::Column::At)
            .order_by_desc(reconciliation::Column::Id)
            .limit(SHOWN)
            .all(self.store().reader())
            .await?)
    }

    /// Ours of one kind: what we began in the window, and whatever the provider names besides.
    async fn ours(
        &self,
        provider: Provider,
        kind: MovementKind,
        from: Timestamp,
        until: Timestamp,
        theirs: &[&Movement],
    ) -> Result<Vec<Ours>, Error> {
        let named: Vec<&str> = theirs.iter().map(|movement| movement.reference.as_str()).collect();
        let db = self.store().reader();
        let mut found: HashMap<String, Ours> = HashMap::new();
        // In parts: a database bounds the parameters of one statement.
        let parts = std::iter::once(None).chain(named.chunks(1_000).map(Some));
        for part in parts {
            let rows = match kind {
                MovementKind::Payment => {
                    let query = payment::Entity::find().filter(payment::Column::Provider.eq(provider.code()));
                    let query = match part {
                        Some(references) => {
                            query.filter(payment::Column::ProviderRef.is_in(references.iter().copied()))
                        }
                        None => query
                            .filter(payment::Column::State.eq(PaymentState::Succeeded.code()))
                            .filter(payment::Column::SettledAt.gte(from))
                            .filter(payment::Column::CreatedAt.gte(from))
                            .filter(payment::Column::CreatedAt.lt(until))
                            .limit(ROWS),
                    };
                    query.all(db).await?.into_iter().map(of_payment).collect::<Vec<_>>()
                }
                MovementKind::Refund => {
                    let query = refund::Entity::find();
                    let query = match part {
                        Some(references) => {
                            query.filter(refund::Column::ProviderRef.is_in(references.iter().copied()))
                        }
                        None => query
                            .filter(refund::Column::State.eq(RefundState::Succeeded.code()))
                            .filter(refund::Column::ProviderRef.is_not_null())
                            .filter(refund::Column::SettledAt.gte(from))
                            .filter(refund::Column::CreatedAt.gte(from))
                            .filter(refund::Column::CreatedAt.lt(until))
                            .limit(ROWS),
                    };
                    query.all(db).await?.into_iter().map(of_refund).collect()
                }
                MovementKind::Transfer => {
                    let query = payout::Entity::find()
                        .filter(payout::Column::Method.eq(PayoutMethod::StripeTransfer.code()));
                    let query = match part {
                        Some(references) => {
                            query.filter(payout::Column::ProviderRef.is_in(references.iter().copied()))
                        }
                        None => query
                            .filter(payout::Column::State.eq(PayoutState::Paid.code()))
                            .filter(payout::Column::SettledAt.gte(from))
                            .filter(payout::Column::CreatedAt.gte(from))
                            .filter(payout::Column::CreatedAt.lt(until))
                            .limit(ROWS),
                    };
                    query.all(db).await?.into_iter().map(of_payout).collect()
                }
            };
            found.extend(rows.into_iter().map(|row| (row.id.clone(), row)));
        }
        let mut rows: Vec<Ours> = found.into_values().collect();
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        self.without_edges(provider, kind, until, rows, theirs).await
    }

    /// What we began just inside the window, the provider may have begun just after it: before it counts as missing, a
    /// payment is asked for by name, and the rest is looked for in the minute that follows.
    async fn without_edges(
        &self,
        provider: Provider,
        kind: MovementKind,
        until: Timestamp,
        rows: Vec<Ours>,
        theirs: &[&Movement],
    ) -> Result<Vec<Ours>, Error> {
        let remote = self.providers().remote(provider)?;
        if kind != MovementKind::Payment {
            let named = |row: &Ours, movements: &[&Movement]| {
                movements.iter().any(|movement| row.reference.as_deref() == Some(&movement.reference))
            };
            if rows.iter().all(|row| !row.done || named(row, theirs)) {
                return Ok(rows);
            }
            // Providers count in whole seconds: the last one of the window is looked through again.
            let after = remote.movements(until.plus_seconds(-1), until.plus_seconds(EDGE_SECONDS)).await?;
            let after: Vec<&Movement> = after.iter().filter(|movement| movement.kind == kind).collect();
            let begun_later = |row: &Ours| {
                let same: Vec<_> =
                    after.iter().copied().filter(|movement| movement.amount.minor == row.fen).collect();
                row.done && !named(row, theirs) && named(row, &same)
            };
            return Ok(rows.into_iter().filter(|row| !begun_later(row)).collect());
        }
        let mut kept = Vec::with_capacity(rows.len());
        for row in rows {
            let there = theirs.iter().any(|movement| row.reference.as_deref() == Some(&movement.reference));
            if there || !row.done {
                kept.push(row);
                continue;
            }
            let asked = match &row.reference {
                Some(reference) => remote.payment(reference).await.ok(),
                None => None,
            };
            let paid_elsewhen = asked.is_some_and(|news| {
                news.standing == crate::PaymentStanding::Paid
                    && news.taken.is_some_and(|taken| taken.minor == row.fen)
            });
            if paid_elsewhen {
                tracing::debug!(payment = row.id, %until, "a payment at the edge of the window");
            } else {
                kept.push(row);
            }
        }
        Ok(kept)
    }
}

fn of_payment(row: payment::Model) -> Ours {
    let done = row.state == PaymentState::Succeeded.code();
    Ours { id: row.id.to_string(), reference: row.provider_ref, fen: row.amount, done }
}

fn of_refund(row: refund::Model) -> Ours {
    let done = row.state == RefundState::Succeeded.code();
    Ours { id: row.id.to_string(), reference: row.provider_ref, fen: row.amount, done }
}

fn of_payout(row: payout::Model) -> Ours {
    let done = row.state == PayoutState::Paid.code();
    Ours { id: row.id.to_string(), reference: row.provider_ref, fen: row.amount, done }
}

/// Every movement that is not the same on both sides.
fn compare(kind: MovementKind, ours: &[Ours], theirs: &[&Movement]) -> Vec<Difference> {
    let by_reference: HashMap<&str, &Ours> =
        ours.iter().filter_map(|row| Some((row.reference.as_deref()?, row))).collect();
    let mut differences = Vec::new();
    for movement in theirs {
        let mine = by_reference.get(movement.reference.as_str());
        let done = mine.filter(|row| row.done);
        let how = match done {
            None => How::MissingHere,
            Some(row) if row.fen != movement.amount.minor => How::Amount,
            Some(_) => continue,
        };
        differences.push(Difference {
            kind,
            how,
            ours: mine.map(|row| row.id.clone()).or_else(|| movement.ours.clone()),
            reference: Some(movement.reference.clone()),
            ours_fen: done.map_or(0, |row| row.fen),
            theirs_fen: movement.amount.minor,
        });
    }
    let named: std::collections::HashSet<&str> =
        theirs.iter().map(|movement| movement.reference.as_str()).collect();
    let missing = ours
        .iter()
        .filter(|row| row.done && !row.reference.as_deref().is_some_and(|name| named.contains(name)));
    differences.extend(missing.map(|row| Difference {
        kind,
        how: How::MissingThere,
        ours: Some(row.id.clone()),
        reference: row.reference.clone(),
        ours_fen: row.fen,
        theirs_fen: 0,
    }));
    differences
}

#[cfg(test)]
mod tests {
    use luhuan_kernel::Money;

    use super::*;

    fn mine(id: &str, fen: i64, done: bool) -> Ours {
        Ours { id: id.into(), reference: Some(format!("pi_{id}")), fen, done }
    }

    fn theirs(id: &str, fen: i64) -> Movement {
        Movement {
            kind: MovementKind::Payment,
            reference: format!("pi_{id}"),
            ours: None,
            amount: Money::cny(fen),
        }
    }

    #[test]
    fn each_kind_of_difference_is_named_and_what_agrees_is_not() {
        let ours =
            [mine("same", 1, true), mine("more", 5, true), mine("lost", 7, true), mine("open", 9, false)];
        let (same, more, open, new) =
            (theirs("same", 1), theirs("more", 6), theirs("open", 9), theirs("new", 3));
        let found = compare(MovementKind::Payment, &ours, &[&same, &more, &open, &new]);
        let told: Vec<_> = found
            .iter()
            .map(|d| (d.reference.as_deref().unwrap_or_default(), d.how, d.ours_fen, d.theirs_fen))
            .collect();
        assert_eq!(
            told,
            [
                ("pi_more", How::Amount, 5, 6),
                ("pi_open", How::MissingHere, 0, 9),
                ("pi_new", How::MissingHere, 0, 3),
                ("pi_lost", How::MissingThere, 7, 0),
            ]
        );
    }
}
