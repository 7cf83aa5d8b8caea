//! What the ledger keeps about a person, for export and erasure (PIPL art. 45 to 47).
//!
//! The ledger stands beside the accounts of people, so the gateway hands these to whoever answers a person's request.

use luhuan_kernel::{Actor, Id, Person};
use luhuan_store::UnitOfWork;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde_json::{Value, json};

use super::Ledger;
use crate::{
    AccountOwner, Error, PayoutState,
    entity::{account, payment, payout},
};

impl Ledger {
    /// Everything that is kept about a person: accounts with their statements, payments, payouts, points.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn export_of(&self, person: Id<Person>) -> Result<Value, Error> {
        let owner = AccountOwner::Person(person);
        let system = Actor::system("export");
        let mut accounts = Vec::new();
        for row in self.accounts_of(&system, &owner).await? {
            let (_, lines) = self.statement(&system, row.id, None, None).await?;
            accounts.push(json!({
                "kind": row.kind, "currency": row.currency, "balance": row.balance, "since": row.created_at,
                "lines": lines,
            }));
        }
        let db = self.store().reader();
        let payments = payment::Entity::find()
            .filter(payment::Column::PayerId.eq(person))
            .order_by_asc(payment::Column::Id)
            .all(db)
            .await?;
        let payouts = payout::Entity::find()
            .filter(payout::Column::Owner.eq(owner.to_string()))
            .order_by_asc(payout::Column::Id)
            .all(db)
            .await?;
        let points = self.points_of(&owner).await?;
        Ok(json!({
            "accounts": accounts,
            "payments": payments.iter().map(payment_told).collect::<Vec<_>>(),
            "payouts": payouts.iter().map(|row| self.payout_told(row)).collect::<Result<Vec<_>, _>>()?,
            "points": points.iter().map(|(left, end)| json!({ "left": left, "end": end })).collect::<Vec<_>>(),
        }))
    }

    /// Erases what may go: the bank accounts of payouts that are over, and what a browser needed to complete a
    /// payment. The books stay under the account's pseudonym: trade information is kept for three years after
    /// completion (E-Commerce Law art. 31), accounts for longer (Accounting Archives Measures art. 14).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn erase_of(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
        payout::Entity::update_many()
            .col_expr(payout::Column::Destination, Expr::value(""))
            .col_expr(payout::Column::Shown, Expr::value(""))
            .filter(payout::Column::Owner.eq(AccountOwner::Person(person).to_string()))
            .filter(payout::Column::State.is_in([
                PayoutState::Paid.code(),
                PayoutState::Failed.code(),
                PayoutState::Cancelled.code(),
            ]))
            .exec(uow.tx())
            .await?;
        payment::Entity::update_many()
            .col_expr(payment::Column::ClientSecret, Expr::value(None::<String>))
            .col_expr(payment::Column::ReturnUrl, Expr::value(None::<String>))
            .filter(payment::Column::PayerId.eq(person))
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    fn payout_told(&self, row: &payout::Model) -> Result<Value, Error> {
        Ok(json!({
            "id": row.id, "method": row.method, "amount_fen": row.amount, "state": row.state, "at": row.created_at,
            "destination": self.opened_destination(row)?,
        }))
    }

    /// Whether a person still has money here, or on its way: an account should not be closed over it unasked.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has_money(&self, person: Id<Person>) -> Result<bool, Error> {
        let held = account::Entity::find()
            .filter(account::Column::Owner.eq(AccountOwner::Person(person).to_string()))
            .filter(account::Column::Currency.eq(luhuan_kernel::Currency::Cny.code()))
            .filter(account::Column::Balance.ne(0));
        Ok(held.one(self.store().reader()).await?.is_some())
    }
}

fn payment_told(row: &payment::Model) -> Value {
    json!({
        "id": row.id, "purpose": row.purpose_kind, "for": row.purpose_id, "provider": row.provider,
        "amount_fen": row.amount, "refunded_fen": row.refunded, "state": row.state, "at": row.created_at,
    })
}
