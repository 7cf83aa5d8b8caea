//! What wallets and staff ask of trade: money that is held, and the newest reviews.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Organisation, Page, Problem};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement};

use super::{ReviewView, Trade};
use crate::{
    Error, Report, ReportView, Review,
    entity::{report, review},
    policy,
};

/// What is held in the orders of an owner, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeldMoney {
    /// Paid by the owner and held until the goods are there.
    pub paid_fen: i64,
    /// Paid to the owner by others and held for the same reason; the fee comes off it yet.
    pub awaited_fen: i64,
}

#[derive(FromQueryResult)]
struct Sum {
    fen: i64,
}

impl Trade {
    /// What is held in the actor's orders, or in those of a shop that the actor sells for.
    ///
    /// # Errors
    /// When nobody is signed in; [`Error::NotFound`] for another's shop.
    pub async fn held_money(
        &self,
        actor: &Actor,
        shop: Option<Id<Organisation>>,
    ) -> Result<HeldMoney, Error> {
        let person = policy::view_own(actor)?;
        let Some(shop) = shop else {
            return Ok(HeldMoney {
                paid_fen: self.held_sum("buyer_id = $1", person.into()).await?,
                awaited_fen: self.held_sum("seller_id = $1 AND seller_shop IS NULL", person.into()).await?,
            });
        };
        if actor.role_in(shop).is_none() {
            return Err(Error::NotFound);
        }
        // A shop only sells: whoever buys for it buys as a person.
        Ok(HeldMoney { paid_fen: 0, awaited_fen: self.held_sum("seller_shop = $1", shop.into()).await? })
    }

    async fn held_sum(&self, whose: &str, id: sea_orm::Value) -> Result<i64, Error> {
        let db = self.store().reader();
        let sql = format!(
            "SELECT CAST(COALESCE(SUM(held_fen), 0) AS bigint) AS fen FROM trade_order WHERE {whose} AND held_fen > 0"
        );
        let backend = sea_orm::ConnectionTrait::get_database_backend(db);
        let found =
            Sum::find_by_statement(Statement::from_sql_and_values(backend, sql, [id])).one(db).await?;
        Ok(found.map_or(0, |sum| sum.fen))
    }

    /// The reviews that can be read, the newest first, whoever they are about: for a moderator.
    ///
    /// # Errors
    /// 403 for anyone but a moderator; 422 for a cursor that is not of this list.
    pub async fn newest_reviews(
        &self,
        actor: &Actor,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<ReviewView>, Problem> {
        policy::moderate(actor)?;
        let mut query = review::Entity::find().filter(review::Column::ShownAt.is_not_null());
        if let Some(id) = super::query::key::<Id<Review>>(after)? {
            query = query.filter(review::Column::Id.lt(id));
        }
        let rows = query
            .order_by_desc(review::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| row.id);
        let items = page.items.into_iter().map(ReviewView::of).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }

    /// A report that waits.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but a moderator; [`Error::NotFound`] when it is decided already.
    pub async fn open_report(&self, actor: &Actor, id: Id<Report>) -> Result<ReportView, Error> {
        policy::moderate(actor)?;
        let found = report::Entity::find_by_id(id).one(self.store().reader()).await?;
        let row = found.filter(|row| row.state == "open").ok_or(Error::NotFound)?;
        let names = self.names(&[row.about_id], &[]).await?;
        Ok(ReportView {
            about_name: names.of(row.about_id, None),
            id: row.id,
            conversation: row.conversation_id,
            message: row.message_id,
            about: row.about_id,
            reason: row.reason,
            words: row.words,
            created_at: row.created_at,
        })
    }
}
