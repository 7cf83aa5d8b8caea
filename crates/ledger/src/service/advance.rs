//! Payments at a provider elsewhere: what is asked of it, and what becomes of what it says.
//!
//! Nothing is guessed. A command whose answer is lost leaves the payment `unknown`; the same command again carries the
//! same idempotency key, and whoever is asked first, job or webhook, settles it.

use luhuan_kernel::{Id, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{Ledger, post::Repeat};
use crate::{
    Error, Payment, PaymentEvent, PaymentState, Purpose,
    entity::payment,
    model::{MoneyRules, PaymentMove, Wanted},
    provider::{PaymentNews, PaymentOrder, PaymentStanding, ProviderError, RemoteProvider},
};

/// For how long a command is repeated with its idempotency key. Stripe keeps keys for 24 hours; an hour less, so that
/// the key still holds when the request arrives.
pub(super) const KEY_HOLDS_SECONDS: i64 = 23 * 3600;

/// What a payment needs of its provider next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Begin,
    Find,
    Capture,
    Cancel,
    Look,
}

impl Ledger {
    /// Takes a payment as far as it goes at its provider, in units of its own: to be called after the commit that asked
    /// for it. A payment that needs no provider is left as it is. A lost answer is no error here: it leaves the payment
    /// `unknown`, and the job goes on.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::ProviderOff`] when its provider is set up no more.
    pub async fn advance(&self, id: Id<Payment>) -> Result<payment::Model, Error> {
        let mut row =
            payment::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        // Begin, then what is wanted: never more than two steps.
        for _ in 0..2 {
            if row.state()?.is_final() || !self.is_remote(&row)? {
                break;
            }
            let remote = self.providers().remote(row.provider()?)?;
            let step = next(&row, self.store().clock().now())?;
            let answer = take(&*remote, step, &row).await;
            let uow = self.store().begin().await?;
            let current = self.load_payment(&uow, id).await?;
            row = self.apply_answer(&uow, &row, current, step, answer).await?;
            uow.commit().await?;
            let goes_on =
                row.wanted()? != Wanted::Nothing && step == Step::Begin && row.provider_ref.is_some();
            if !goes_on {
                break;
            }
        }
        Ok(row)
    }

    /// The job of a payment: takes it further and says when to come again, or `None` when it has ended.
    ///
    /// # Errors
    /// As for [`Ledger::advance`].
    pub async fn payment_job(&self, id: Id<Payment>) -> Result<Option<Timestamp>, Error> {
        self.give_up_late_top_up(id).await?;
        let row = self.advance(id).await?;
        if row.state()?.is_final() || !self.is_remote(&row)? {
            return Ok(None);
        }
        Ok(Some(again(&row, self.store().clock().now())?))
    }

    /// A top-up that its payer left alone is given up. Orders have clocks of their own.
    async fn give_up_late_top_up(&self, id: Id<Payment>) -> Result<(), Error> {
        let uow = self.store().begin().await?;
        let mut row = self.load_payment(&uow, id).await?;
        let age = uow.now().seconds_since(row.created_at);
        let late = age > MoneyRules::get().top_up.hours * 3600;
        let waits = row.state()? == PaymentState::ActionRequired && row.wanted()? == Wanted::Nothing;
        if late && waits && matches!(row.purpose()?, Purpose::TopUp(_)) {
            Wanted::Cancel.code().clone_into(&mut row.wanted);
            row.version += 1;
            row.updated_at = uow.now();
            row.into_active_model().reset_all().update(uow.tx()).await?;
            uow.commit().await?;
        }
        Ok(())
    }

    fn is_remote(&self, row: &payment::Model) -> Result<bool, Error> {
        Ok(self.providers().remote(row.provider()?).is_ok())
    }

    async fn apply_answer(
        &self,
        uow: &UnitOfWork,
        asked: &payment::Model,
        row: payment::Model,
        step: Step,
        answer: Result<Option<PaymentNews>, ProviderError>,
    ) -> Result<payment::Model, Error> {
        let error = match answer {
            Ok(Some(news)) => return self.apply_payment_news(uow, row, &news).await,
            Ok(None) => ProviderError::Refused { code: "never-begun".to_owned(), message: String::new() },
            Err(error) => error,
        };
        tracing::warn!(payment = %row.id, %error, ?step, "a payment provider did not do what it was asked");
        // Whoever changed the row meanwhile knows more than an answer that is wanting; and a mere look that fails tells
        // nothing new, while a command may have been done.
        if row.version != asked.version || step == Step::Look {
            return Ok(row);
        }
        match error {
            ProviderError::Refused { code, .. } if matches!(step, Step::Begin | Step::Find) => {
                self.move_payment(uow, row, PaymentMove::Fail, Some(code)).await
            }
            _ => self.move_payment(uow, row, PaymentMove::LoseSight, None).await,
        }
    }

    /// Takes a provider's news of a payment into account. Old news changes nothing.
    pub(super) async fn apply_payment_news(
        &self,
        uow: &UnitOfWork,
        mut row: payment::Model,
        news: &PaymentNews,
    ) -> Result<payment::Model, Error> {
        if row.provider_ref.as_deref().is_some_and(|known| known != news.reference) {
            tracing::error!(payment = %row.id, reference = news.reference, "news of a payment under another name");
            return Ok(row);
        }
        if news.taken.is_some_and(|taken| taken.minor != row.amount) {
            tracing::error!(payment = %row.id, taken = ?news.taken, "a provider took another amount");
            return self
                .move_payment(uow, row, PaymentMove::LoseSight, Some("amount-differs".to_owned()))
                .await;
        }
        if row.provider_ref.is_none() {
            row.provider_ref = Some(news.reference.clone());
            row.client_secret.clone_from(&news.client_secret);
            row.version += 1;
            row = row.into_active_model().reset_all().update(uow.tx()).await?;
        }
        let attempted = match news.standing {
            PaymentStanding::NeedsAction => PaymentMove::NeedAction,
            PaymentStanding::Authorised => PaymentMove::Authorise,
            PaymentStanding::Paid => PaymentMove::Succeed,
            PaymentStanding::Cancelled => PaymentMove::Cancel,
            PaymentStanding::Deciding => PaymentMove::LoseSight,
        };
        self.move_payment(uow, row, attempted, news.failure.clone()).await
    }

    /// Makes a move if it is one, books the money that it brings, saves and tells. A move that the state does not
    /// allow is old news; one that leads nowhere else is none, and leaves the row as it is, so that its age tells for
    /// how long nothing has happened.
    async fn move_payment(
        &self,
        uow: &UnitOfWork,
        mut row: payment::Model,
        attempted: PaymentMove,
        failure: Option<String>,
    ) -> Result<payment::Model, Error> {
        let from = row.state()?;
        let Ok(to) = from.after(attempted) else { return Ok(row) };
        let declined = failure.is_some() && failure != row.failure;
        if from == to && !declined {
            return Ok(row);
        }
        row.failure = failure;
        row.make(attempted, uow.now())?;
        if to == PaymentState::Succeeded {
            self.take_in(uow, &row, Repeat::Possible).await?;
        }
        if to.is_final() {
            Wanted::Nothing.code().clone_into(&mut row.wanted);
        }
        uow.emit(&PaymentEvent { declined: from == to, ..PaymentEvent::of(&row)? }).await?;
        Ok(row.into_active_model().reset_all().update(uow.tx()).await?)
    }
}

fn next(row: &payment::Model, now: Timestamp) -> Result<Step, Error> {
    let wanted = row.wanted()?;
    if row.provider_ref.is_none() {
        let key_holds = now.seconds_since(row.created_at) < KEY_HOLDS_SECONDS;
        return Ok(if key_holds { Step::Begin } else { Step::Find });
    }
    Ok(match (wanted, row.state()?) {
        (Wanted::Capture, PaymentState::Authorised | PaymentState::Unknown) => Step::Capture,
        (Wanted::Cancel, _) => Step::Cancel,
        _ => Step::Look,
    })
}

async fn take(
    remote: &dyn RemoteProvider,
    step: Step,
    row: &payment::Model,
) -> Result<Option<PaymentNews>, ProviderError> {
    let reference = row.provider_ref.as_deref().unwrap_or_default();
    let unreadable = |error: Error| ProviderError::Garbled(error.to_string());
    match step {
        Step::Begin => {
            let order = PaymentOrder {
                id: row.id,
                amount: row.money().map_err(unreadable)?,
                capture: row.capture().map_err(unreadable)?,
                purpose: row.purpose().map_err(unreadable)?.to_string(),
            };
            remote.begin(&order).await.map(Some)
        }
        Step::Find => remote.find_payment(row.id, row.created_at).await,
        // What cannot be done any more, because it went another way meanwhile, is looked at.
        Step::Capture => otherwise_look(remote, reference, remote.capture(row.id, reference).await).await,
        Step::Cancel => otherwise_look(remote, reference, remote.cancel(row.id, reference).await).await,
        Step::Look => remote.payment(reference).await.map(Some),
    }
}

async fn otherwise_look(
    remote: &dyn RemoteProvider,
    reference: &str,
    done: Result<PaymentNews, ProviderError>,
) -> Result<Option<PaymentNews>, ProviderError> {
    match done {
        Err(ProviderError::Refused { .. }) => remote.payment(reference).await.map(Some),
        other => other.map(Some),
    }
}

/// When to ask again: often at first, as the payer is at it or the answer was just lost, then ever more rarely.
fn again(row: &payment::Model, now: Timestamp) -> Result<Timestamp, Error> {
    let least = if row.state()? == PaymentState::Unknown { 5 } else { 30 };
    let age = now.seconds_since(row.updated_at);
    Ok(now.plus_seconds((age / 4).clamp(least, 3600)))
}
