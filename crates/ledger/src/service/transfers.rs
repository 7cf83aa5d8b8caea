//! Payouts by a transfer to a connected account.

use luhuan_kernel::{Id, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::EntityTrait;

use super::{Ledger, advance::KEY_HOLDS_SECONDS};
use crate::{
    Error, Payout, Provider,
    entity::payout,
    model::{PayoutMethod, PayoutMove},
    provider::{ProviderError, RemoteProvider, TransferNews, TransferOrder},
};

impl Ledger {
    /// Takes a transfer as far as it goes, in units of its own.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::ProviderOff`] when Stripe is set up no more.
    pub async fn advance_payout(&self, id: Id<Payout>) -> Result<payout::Model, Error> {
        let row = payout::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        if row.state()?.is_final() || row.method()? != PayoutMethod::StripeTransfer {
            return Ok(row);
        }
        let remote = self.providers().remote(Provider::Stripe)?;
        let answer = ask(&*remote, &row, self.store().clock().now()).await;
        let uow = self.store().begin().await?;
        let current = self.load_payout(&uow, id).await?;
        let changed = current.version != row.version;
        let row = match answer {
            Ok(news) => self.apply_transfer_news(&uow, current, &news).await?,
            // Whoever changed the row meanwhile knows more than an answer that is wanting.
            Err(error) if changed => {
                tracing::warn!(payout = %id, %error, "a provider did not do what another asked it");
                current
            }
            Err(ProviderError::Refused { code, message }) => {
                tracing::warn!(payout = %id, code, message, "a provider refused a transfer");
                self.move_payout(&uow, current, PayoutMove::Fail, Some(code)).await?
            }
            Err(error) => {
                tracing::warn!(payout = %id, %error, "a provider did not answer about a transfer");
                self.move_payout(&uow, current, PayoutMove::LoseSight, None).await?
            }
        };
        uow.commit().await?;
        Ok(row)
    }

    /// The job of a transfer.
    ///
    /// # Errors
    /// As for [`Ledger::advance_payout`].
    pub async fn payout_job(&self, id: Id<Payout>) -> Result<Option<Timestamp>, Error> {
        let row = self.advance_payout(id).await?;
        let now = self.store().clock().now();
        let age = now.seconds_since(row.updated_at);
        let again = now.plus_seconds((age / 4).clamp(10, 3600));
        Ok((!row.state()?.is_final()).then_some(again))
    }

    /// Takes a provider's news of a transfer into account. A transfer that is made has arrived: it is a movement
    /// between two accounts at the provider.
    pub(super) async fn apply_transfer_news(
        &self,
        uow: &UnitOfWork,
        mut row: payout::Model,
        news: &TransferNews,
    ) -> Result<payout::Model, Error> {
        row.provider_ref = Some(news.reference.clone());
        let attempted = if news.reversed { PayoutMove::Fail } else { PayoutMove::Pay };
        let failure = news.reversed.then(|| "reversed".to_owned());
        self.move_payout(uow, row, attempted, failure).await
    }
}

/// Asks for the transfer. One that may be there already, and whose key may hold no more, is looked for first.
async fn ask(
    remote: &dyn RemoteProvider,
    row: &payout::Model,
    now: Timestamp,
) -> Result<TransferNews, ProviderError> {
    if now.seconds_since(row.created_at) >= KEY_HOLDS_SECONDS
        && let Some(there) = remote.find_transfer(row.id, &row.destination, row.created_at).await?
    {
        return Ok(there);
    }
    let amount = row.money().map_err(|error| ProviderError::Garbled(error.to_string()))?;
    let order = TransferOrder { id: row.id, account: row.destination.clone(), amount };
    remote.transfer(&order).await
}
