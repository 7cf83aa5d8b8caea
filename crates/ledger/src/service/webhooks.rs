//! What providers tell: kept as it came, once for each event, then taken into account.

use luhuan_kernel::Timestamp;
use luhuan_store::{
    UnitOfWork,
    jobs::{self, Job},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::Ledger;
use crate::{
    Error, Provider,
    entity::{payment, payout, provider_event, refund},
    provider::{PaymentNews, ProviderEvent, RefundNews, Subject, TransferNews},
};

/// The job that takes an event into account, should the process die in between; its key is `provider:event`.
pub const EVENT_JOB: &str = "ledger-provider-event";

/// Seconds after which the job takes an event over from the process that kept it.
const GRACE_SECONDS: i64 = 5;

/// How long the raw text is kept, in days; the event's id stays, so that a late repetition is still known.
const KEEP_RAW_DAYS: i64 = 90;

/// Texts that one turn of the upkeep empties at most.
const FORGET_AT_ONCE: u64 = 1_000;

/// What became of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is taken into account.
    First,
    /// It was before.
    Again,
}

impl Ledger {
    /// Takes a webhook in: believed only if it is signed, kept as it came, and then taken into account. In two units of
    /// its own, with a job between them: once this has answered, the event is not lost.
    ///
    /// # Errors
    /// [`Error::Webhook`] when it is not signed as it should be; [`Error::ProviderOff`].
    pub async fn receive_webhook(
        &self,
        provider: Provider,
        signature: &str,
        body: &[u8],
    ) -> Result<Received, Error> {
        let (received, id) = self.keep_webhook(provider, signature, body).await?;
        if received == Received::First {
            self.process_event(provider, &id).await?;
        }
        Ok(received)
    }

    /// The first half of it: keeps a signed webhook, with the job that takes it into account. Returns the event's id.
    ///
    /// # Errors
    /// As for [`Ledger::receive_webhook`].
    pub async fn keep_webhook(
        &self,
        provider: Provider,
        signature: &str,
        body: &[u8],
    ) -> Result<(Received, String), Error> {
        let remote = self.providers().remote(provider)?;
        let event = remote.read_webhook(signature, body, self.store().clock().now())?;
        let uow = self.store().begin().await?;
        let id = event.id.clone();
        let row = provider_event::Model {
            provider: provider.code().to_owned(),
            id: event.id,
            kind: event.kind,
            object: event.object,
            created_at: event.created_at,
            received_at: uow.now(),
            processed_at: None,
            outcome: None,
            body: String::from_utf8_lossy(body).into_owned(),
        };
        let unless_there =
            OnConflict::columns([provider_event::Column::Provider, provider_event::Column::Id])
                .do_nothing()
                .to_owned();
        provider_event::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(unless_there)
            .exec_without_returning(uow.tx())
            .await?;
        if is_processed(&uow, provider, &id).await? {
            return Ok((Received::Again, id));
        }
        let job = job(provider, &id);
        jobs::schedule(&uow, &job.kind, &job.key, uow.now().plus_seconds(GRACE_SECONDS)).await?;
        uow.commit().await?;
        Ok((Received::First, id))
    }

    /// Takes a kept event into account; again, it changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] when no such event came.
    pub async fn process_event(&self, provider: Provider, id: &str) -> Result<(), Error> {
        let remote = self.providers().remote(provider)?;
        let uow = self.store().begin().await?;
        let mut query = provider_event::Entity::find_by_id((provider.code().to_owned(), id.to_owned()));
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        let mut row = query.one(uow.tx()).await?.ok_or(Error::NotFound)?;
        if row.processed_at.is_some() {
            return Ok(());
        }
        let event = remote.reread_webhook(row.body.as_bytes())?;
        let concerned = self.take_into_account(&uow, provider, &event).await?;
        row.processed_at = Some(uow.now());
        row.outcome = Some(if concerned { "applied" } else { "not-ours" }.to_owned());
        row.into_active_model().reset_all().update(uow.tx()).await?;
        jobs::finish(&uow, &job(provider, id)).await?;
        uow.commit().await?;
        Ok(())
    }

    /// Whether it concerned something of ours.
    async fn take_into_account(
        &self,
        uow: &UnitOfWork,
        provider: Provider,
        event: &ProviderEvent,
    ) -> Result<bool, Error> {
        match &event.subject {
            Subject::Payment(news) => self.hear_of_payment(uow, provider, news).await,
            Subject::Refund(news) => self.hear_of_refund(uow, news).await,
            Subject::Account(news) => self.apply_account_news(uow, news).await,
            Subject::Transfer(news) => self.hear_of_transfer(uow, news).await,
            Subject::Other => Ok(false),
        }
    }

    async fn hear_of_payment(
        &self,
        uow: &UnitOfWork,
        provider: Provider,
        news: &PaymentNews,
    ) -> Result<bool, Error> {
        // By our own id first: the event may be here before the answer that tells theirs.
        let mut query = payment::Entity::find().filter(payment::Column::Provider.eq(provider.code()));
        query = match news.ours {
            Some(id) => query.filter(payment::Column::Id.eq(id)),
            None => query.filter(payment::Column::ProviderRef.eq(&news.reference)),
        };
        let Some(found) = query.one(uow.tx()).await? else { return Ok(false) };
        let row = self.load_payment(uow, found.id).await?;
        self.apply_payment_news(uow, row, news).await?;
        Ok(true)
    }

    async fn hear_of_refund(&self, uow: &UnitOfWork, news: &RefundNews) -> Result<bool, Error> {
        let query = match news.ours {
            Some(id) => refund::Entity::find_by_id(id),
            None => refund::Entity::find().filter(refund::Column::ProviderRef.eq(&news.reference)),
        };
        let Some(found) = query.one(uow.tx()).await? else { return Ok(false) };
        let payment = self.load_payment(uow, found.payment_id).await?;
        let row = self.load_refund(uow, found.id).await?;
        self.apply_refund_news(uow, &payment, row, news).await?;
        Ok(true)
    }

    async fn hear_of_transfer(&self, uow: &UnitOfWork, news: &TransferNews) -> Result<bool, Error> {
        let Some(id) = news.ours else { return Ok(false) };
        if payout::Entity::find_by_id(id).one(uow.tx()).await?.is_none() {
            return Ok(false);
        }
        let row = self.load_payout(uow, id).await?;
        self.apply_transfer_news(uow, row, news).await?;
        Ok(true)
    }

    /// Empties raw texts that are older than 90 days. Returns how many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_old_events(&self, uow: &UnitOfWork) -> Result<u64, Error> {
        let before: Timestamp = uow.now().plus_days(-KEEP_RAW_DAYS);
        let old = provider_event::Entity::find()
            .select_only()
            .column(provider_event::Column::Id)
            .filter(provider_event::Column::ReceivedAt.lt(before))
            .filter(provider_event::Column::ProcessedAt.is_not_null())
            .filter(provider_event::Column::Body.ne(""))
            .limit(FORGET_AT_ONCE)
            .into_tuple::<String>()
            .all(uow.tx())
            .await?;
        let emptied = provider_event::Entity::update_many()
            .col_expr(provider_event::Column::Body, Expr::value(""))
            .filter(provider_event::Column::Id.is_in(old))
            .filter(provider_event::Column::ReceivedAt.lt(before))
            .exec(uow.tx())
            .await?;
        Ok(emptied.rows_affected)
    }
}

fn job(provider: Provider, id: &str) -> Job {
    Job { kind: EVENT_JOB.to_owned(), key: format!("{provider}:{id}"), attempts: 0 }
}

async fn is_processed(uow: &UnitOfWork, provider: Provider, id: &str) -> Result<bool, Error> {
    let row =
        provider_event::Entity::find_by_id((provider.code().to_owned(), id.to_owned())).one(uow.tx()).await?;
    Ok(row.is_some_and(|row| row.processed_at.is_some()))
}
