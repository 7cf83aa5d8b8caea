//! What need not be kept is forgotten (domain §5.7).

use luhuan_kernel::Actor;
use luhuan_store::UnitOfWork;
use sea_orm::{ConnectionTrait, Statement};

use super::Trade;
use crate::{Error, policy};

/// The standing job that forgets; once an hour.
pub const SWEEP_JOB: &str = "sweep-trade";

/// Conversations of one turn.
const BATCH: i64 = 500;

impl Trade {
    /// Forgets addresses of orders that ended a while ago, and conversations that led to no order.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but the program; when the store fails.
    pub async fn sweep(&self, uow: &UnitOfWork, actor: &Actor) -> Result<(), Error> {
        policy::run(actor)?;
        let addresses = "UPDATE trade_order SET address_sealed = NULL, code_sealed = NULL
                         WHERE address_sealed IS NOT NULL AND ended_at < $1";
        run(uow, addresses, [uow.now().plus_days(-self.settings().address_days).into()]).await?;
        // An open report keeps its conversation, and so does an order between the two about the listing.
        let stale = "SELECT c.id FROM conversation c WHERE c.last_at < $1
               AND NOT EXISTS (SELECT 1 FROM trade_report r WHERE r.conversation_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM trade_line l JOIN trade_order o ON o.id = l.order_id
                               WHERE l.listing_id = c.listing_id AND o.buyer_id = c.buyer_id)
             ORDER BY c.last_at LIMIT $2";
        let before = uow.now().plus_days(-self.settings().chat_days);
        let backend = uow.tx().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, stale, [before.into(), BATCH.into()]);
        for row in uow.tx().query_all_raw(statement).await? {
            let id: luhuan_kernel::Id<crate::Conversation> = row.try_get("", "id")?;
            for table in ["message", "trade_photo"] {
                run(uow, &format!("DELETE FROM {table} WHERE conversation_id = $1"), [id.into()]).await?;
            }
            run(uow, "DELETE FROM conversation WHERE id = $1", [id.into()]).await?;
        }
        Ok(())
    }
}

async fn run<const N: usize>(uow: &UnitOfWork, sql: &str, values: [sea_orm::Value; N]) -> Result<(), Error> {
    let backend = uow.tx().get_database_backend();
    uow.tx().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}
