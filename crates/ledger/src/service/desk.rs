//! What waits for an operator: payouts by where they stand, refunds that did not come to their end.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Page, Problem, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{Ledger, Report, statement::invalid_cursor};
use crate::{
    Error, Payout, PayoutState, Refund, RefundState,
    entity::{payout, refund},
    model::PayoutMethod,
    policy,
};

impl Ledger {
    /// The payouts by the bank that stand somewhere, the longest waiting first.
    ///
    /// # Errors
    /// When the actor may not see them; 422 for a cursor that is not of this list.
    pub async fn payouts_by_bank(
        &self,
        actor: &Actor,
        state: PayoutState,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<payout::Model>, Problem> {
        policy::operate(actor)?;
        let mut query = payout::Entity::find()
            .filter(payout::Column::Method.eq(PayoutMethod::Bank.code()))
            .filter(payout::Column::State.eq(state.code()));
        if let Some(cursor) = after {
            let (at, id): (Timestamp, Id<Payout>) = cursor.key().map_err(|_| invalid_cursor())?;
            let row = Expr::tuple([Expr::col(payout::Column::CreatedAt), Expr::col(payout::Column::Id)]);
            query = query.filter(row.gt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        let rows = query
            .order_by_asc(payout::Column::CreatedAt)
            .order_by_asc(payout::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        Ok(Page::cut(rows, limit, |row| (row.created_at, row.id)))
    }

    /// The refunds whose provider could not give them, or has not said how they came out; the oldest first.
    ///
    /// # Errors
    /// When the actor may not see them; 422 for a cursor that is not of this list.
    pub async fn refunds_unresolved(
        &self,
        actor: &Actor,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<refund::Model>, Problem> {
        policy::operate(actor)?;
        let states = [RefundState::Failed.code(), RefundState::Unknown.code()];
        let mut query = refund::Entity::find().filter(refund::Column::State.is_in(states));
        if let Some(cursor) = after {
            let (at, id): (Timestamp, Id<Refund>) = cursor.key().map_err(|_| invalid_cursor())?;
            let row = Expr::tuple([Expr::col(refund::Column::CreatedAt), Expr::col(refund::Column::Id)]);
            query = query.filter(row.gt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        let rows = query
            .order_by_asc(refund::Column::CreatedAt)
            .order_by_asc(refund::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        Ok(Page::cut(rows, limit, |row| (row.created_at, row.id)))
    }

    /// Whether the books are right, for an operator who asks.
    ///
    /// # Errors
    /// When the actor may not ask; when the store fails.
    pub async fn audit(&self, actor: &Actor) -> Result<Report, Error> {
        policy::operate(actor)?;
        self.verify().await
    }
}
