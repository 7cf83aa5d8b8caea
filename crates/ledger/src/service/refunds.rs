//! Refunds at a provider elsewhere.

use luhuan_kernel::{Actor, Id, Timestamp};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect};

use super::{Ledger, advance::KEY_HOLDS_SECONDS, escrow::REFUND_JOB};
use crate::{
    AccountKind, AccountOwner, Error, Refund, RefundEvent, RefundState, Transaction, TransactionKind,
    entity::{payment, refund},
    model::RefundMove,
    policy,
    provider::{ProviderError, RefundNews, RefundOrder, RefundStanding, RemoteProvider},
};

/// What staff have done with a refund that the provider could not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Resolution {
    /// It is tried again.
    Retry,
    /// It goes to the payer's wallet.
    ToWallet,
}

impl Ledger {
    /// A refund, for staff and for whoever paid or was paid.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for the actor's eyes.
    pub async fn refund_view(&self, actor: &Actor, id: Id<Refund>) -> Result<refund::Model, Error> {
        let row = refund::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        self.payment(actor, row.payment_id).await?;
        Ok(row)
    }

    /// Takes a refund as far as it goes at its provider, in units of its own.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::ProviderOff`] when its provider is set up no more.
    pub async fn advance_refund(&self, id: Id<Refund>) -> Result<refund::Model, Error> {
        let db = self.store().reader();
        let row = refund::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound)?;
        if !row.state()?.is_open() {
            return Ok(row);
        }
        let payment = payment::Entity::find_by_id(row.payment_id).one(db).await?.ok_or(Error::NotFound)?;
        let remote = self.providers().remote(payment.provider()?)?;
        let reference = payment.provider_ref.clone().ok_or(Error::NotFound)?;
        let answer = ask(&*remote, &row, &reference, self.store().clock().now()).await;
        let uow = self.store().begin().await?;
        let payment = self.load_payment(&uow, payment.id).await?;
        let current = self.load_refund(&uow, id).await?;
        let changed = current.version != row.version;
        let row = match answer {
            Ok(news) => self.apply_refund_news(&uow, &payment, current, &news).await?,
            // Whoever changed the row meanwhile knows more than an answer that is wanting.
            Err(error) if changed => {
                tracing::warn!(refund = %id, %error, "a provider did not do what another asked it");
                current
            }
            Err(ProviderError::Refused { code, message }) => {
                tracing::warn!(refund = %id, code, message, "a provider refused a refund");
                self.move_refund(&uow, &payment, current, RefundMove::Fail, Some(code)).await?
            }
            Err(error) => {
                tracing::warn!(refund = %id, %error, "a provider did not answer about a refund");
                self.move_refund(&uow, &payment, current, RefundMove::LoseSight, None).await?
            }
        };
        uow.commit().await?;
        Ok(row)
    }

    /// The job of a refund; its key is the refund's id, with the number of the try behind a slash after the first.
    ///
    /// # Errors
    /// As for [`Ledger::advance_refund`].
    pub async fn refund_job(&self, id: Id<Refund>) -> Result<Option<Timestamp>, Error> {
        let row = self.advance_refund(id).await?;
        let now = self.store().clock().now();
        let age = now.seconds_since(row.updated_at);
        let again = now.plus_seconds((age / 4).clamp(10, 6 * 3600));
        Ok(row.state()?.is_open().then_some(again))
    }

    /// Staff decide what becomes of a refund that failed.
    ///
    /// # Errors
    /// [`Error::IllegalRefundMove`] when it did not fail.
    pub async fn resolve_refund(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Refund>,
        resolution: Resolution,
    ) -> Result<refund::Model, Error> {
        policy::operate(actor)?;
        let payment_id =
            refund::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?.payment_id;
        let payment = self.load_payment(uow, payment_id).await?;
        let mut row = self.load_refund(uow, id).await?;
        match resolution {
            Resolution::Retry => {
                row.attempt += 1;
                row.provider_ref = None;
                jobs::schedule(uow, REFUND_JOB, &format!("{id}/{}", row.attempt), uow.now()).await?;
                self.move_refund(uow, &payment, row, RefundMove::Retry, None).await
            }
            Resolution::ToWallet => self.move_refund(uow, &payment, row, RefundMove::PayToWallet, None).await,
        }
    }

    /// Takes a provider's news of a refund into account. Old news changes nothing.
    pub(super) async fn apply_refund_news(
        &self,
        uow: &UnitOfWork,
        payment: &payment::Model,
        mut row: refund::Model,
        news: &RefundNews,
    ) -> Result<refund::Model, Error> {
        if row.provider_ref.as_deref().is_some_and(|known| known != news.reference) {
            // News of an earlier try.
            return Ok(row);
        }
        if row.provider_ref.is_none() {
            row.provider_ref = Some(news.reference.clone());
            row.version += 1;
            row = row.into_active_model().reset_all().update(uow.tx()).await?;
        }
        let attempted = match news.standing {
            RefundStanding::Pending => RefundMove::Accept,
            RefundStanding::Done => RefundMove::Succeed,
            RefundStanding::Failed => RefundMove::Fail,
        };
        self.move_refund(uow, payment, row, attempted, news.failure.clone()).await
    }

    /// Makes a move if it is one, books what it means, saves and tells.
    async fn move_refund(
        &self,
        uow: &UnitOfWork,
        payment: &payment::Model,
        mut row: refund::Model,
        attempted: RefundMove,
        failure: Option<String>,
    ) -> Result<refund::Model, Error> {
        let from = row.state()?;
        let to = match from.after(attempted) {
            Ok(to) if to != from => to,
            // Staff are told what is not possible; a provider's old news is no error.
            Err(refused) if matches!(attempted, RefundMove::Retry | RefundMove::PayToWallet) => {
                return Err(refused.into());
            }
            _ => return Ok(row),
        };
        if let Some(transaction) = bookings(payment, &row, from, to)? {
            self.post(uow, transaction).await?;
        }
        row.failure = failure;
        row.make(attempted, uow.now())?;
        uow.emit(&RefundEvent::of(&row)?).await?;
        Ok(row.into_active_model().reset_all().update(uow.tx()).await?)
    }

    /// The refund to decide on, its row locked until the unit ends. Lock its payment first.
    pub(super) async fn load_refund(&self, uow: &UnitOfWork, id: Id<Refund>) -> Result<refund::Model, Error> {
        let mut query = refund::Entity::find_by_id(id);
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        query.one(uow.tx()).await?.ok_or(Error::NotFound)
    }
}

/// What a move of a refund means in the books; once for each try.
fn bookings(
    payment: &payment::Model,
    row: &refund::Model,
    from: RefundState,
    to: RefundState,
) -> Result<Option<Transaction>, Error> {
    let provider = AccountOwner::Provider(payment.provider()?);
    let under_way = (provider.clone(), AccountKind::Refunding);
    let there = (provider, AccountKind::Clearing);
    let reference = format!("{}/{}", row.id, row.attempt);
    let amount = row.money()?;
    Ok(match (from, to) {
        (_, RefundState::Succeeded) => {
            Some(Transaction::moving(TransactionKind::RefundSettled, reference, amount, under_way, there))
        }
        // It looked done, and the bank sent it back.
        (RefundState::Succeeded, RefundState::Failed) => {
            Some(Transaction::moving(TransactionKind::RefundReturned, reference, amount, there, under_way))
        }
        (_, RefundState::ToWallet) => {
            let wallet = (AccountOwner::Person(payment.payer_id), AccountKind::Available);
            let reference = format!("{}/wallet", row.id);
            Some(Transaction::moving(TransactionKind::RefundReturned, reference, amount, under_way, wallet))
        }
        _ => None,
    })
}

/// Asks for the refund, or how it stands. One that may be there already is looked for before it is asked for again:
/// an idempotency key does not hold for ever.
async fn ask(
    remote: &dyn RemoteProvider,
    row: &refund::Model,
    payment: &str,
    now: Timestamp,
) -> Result<RefundNews, ProviderError> {
    let unreadable = |error: Error| ProviderError::Garbled(error.to_string());
    let state = row.state().map_err(unreadable)?;
    // While it is only requested, its last change is the beginning of this try, and of its key.
    let key_holds = state == RefundState::Requested && now.seconds_since(row.updated_at) < KEY_HOLDS_SECONDS;
    if !key_holds {
        let there = remote.refunds_of(payment).await?.into_iter().find(|news| match &row.provider_ref {
            Some(known) => *known == news.reference,
            None => news.ours == Some(row.id) && news.standing != RefundStanding::Failed,
        });
        if let Some(news) = there {
            return Ok(news);
        }
        if let Some(known) = &row.provider_ref {
            return Err(ProviderError::Garbled(format!("refund {known} is not among those of {payment}")));
        }
    }
    let amount = row.money().map_err(unreadable)?;
    let order = RefundOrder { id: row.id, attempt: row.attempt, payment: payment.to_owned(), amount };
    remote.refund(&order).await
}
