//! The money of an order: what is held, to whom it goes, and back.

use luhuan_kernel::{Currency, Id, Money};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{
    Ledger, Posted,
    accounts::{above_zero, balance_of},
    payments::of_order,
    post::Repeat,
};
use crate::{
    AccountKind, AccountOwner, Error, Leg, Payment, PaymentState, Provider, Purpose, RefundEvent,
    RefundState, Transaction, TransactionKind,
    entity::{payment, refund},
    model::RefundMove,
};

/// The job that sees to a refund at a provider elsewhere; its key begins with the refund's id.
pub const REFUND_JOB: &str = "ledger-refund";

/// A part of an escrow and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// To whom.
    pub to: AccountOwner,
    /// Into which of their accounts.
    pub kind: AccountKind,
    /// How much; nothing is left out.
    pub amount: Money,
    /// What the statement says beside it.
    pub memo: String,
}

impl Share {
    /// What the seller may spend or withdraw.
    #[must_use]
    pub fn to_seller(seller: AccountOwner, amount: Money, memo: impl Into<String>) -> Self {
        Self { to: seller, kind: AccountKind::Available, amount, memo: memo.into() }
    }

    /// What the platform earns.
    #[must_use]
    pub fn fee(amount: Money, memo: impl Into<String>) -> Self {
        Self { to: AccountOwner::Platform, kind: AccountKind::Fees, amount, memo: memo.into() }
    }
}

/// Money to give back.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// Of which order.
    pub order: Uuid,
    /// How much; above zero.
    pub amount: Money,
    /// Why, as told to the payer.
    pub reason: String,
    /// By what it is known among the refunds of this order: asked for again, it is given once.
    pub reference: String,
}

impl Ledger {
    /// What is held for an order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn escrow_balance(&self, uow: &UnitOfWork, order: Uuid) -> Result<Money, Error> {
        balance_of(uow.tx(), &AccountOwner::Order(order), AccountKind::Escrow, Currency::Cny).await
    }

    /// Hands parts of an escrow to whom they are due, once for each reference. Empty parts are left out; with none
    /// left nothing is posted. Of an order that was paid through Stripe, what a seller with a connected account gets
    /// goes on there by a transfer.
    ///
    /// # Errors
    /// [`Error::InsufficientFunds`] when less is held; [`Error::ReferenceReused`] when this reference of the order
    /// was released differently.
    pub async fn release(
        &self,
        uow: &UnitOfWork,
        order: Uuid,
        reference: &str,
        shares: &[Share],
    ) -> Result<Option<Posted>, Error> {
        let mut transaction = Transaction::new(TransactionKind::Release, format!("{order} {reference}"));
        let mut total = Money::cny(0);
        for share in shares.iter().filter(|share| share.amount.minor != 0) {
            above_zero(share.amount)?;
            total = (total + share.amount)?;
            let memo = share.memo.clone();
            transaction.legs.push(Leg { memo, ..Leg::new(share.to.clone(), share.kind, share.amount) });
        }
        if total.minor == 0 {
            return Ok(None);
        }
        let taken = Money::cny(-total.minor);
        let transaction = transaction.leg(AccountOwner::Order(order), AccountKind::Escrow, taken);
        let posted = self.post(uow, transaction).await?;
        if posted.is_new() {
            self.transfer_shares(uow, order, reference, shares).await?;
        }
        Ok(Some(posted))
    }

    /// Gives money of an order back the way it came, once for each reference: into the wallet in this very commit,
    /// through a provider elsewhere by the job. From hand to hand nothing passed through us, and nothing can be given
    /// back by us.
    ///
    /// # Errors
    /// [`Error::RefundTooLarge`] when no payment of the order has so much left; [`Error::InsufficientFunds`] when
    /// less is held.
    pub async fn refund(&self, uow: &UnitOfWork, new: NewRefund) -> Result<refund::Model, Error> {
        above_zero(new.amount)?;
        let mut query = of_order(new.order);
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        let payments = query.all(uow.tx()).await?;
        if let Some(before) = find(uow, &payments, &new.reference).await? {
            return Ok(before);
        }
        let payment = with_room(payments, new.amount)?;
        self.give_back(uow, payment, new).await
    }

    /// Gives one payment back in full, whatever else became of its order: for one that came too late.
    ///
    /// # Errors
    /// As for [`Ledger::refund`]; [`Error::NotFound`] when there is no such payment.
    pub async fn refund_payment(
        &self,
        uow: &UnitOfWork,
        id: Id<Payment>,
        reason: &str,
        reference: &str,
    ) -> Result<refund::Model, Error> {
        let payment = self.load_payment(uow, id).await?;
        if let Some(before) = find(uow, std::slice::from_ref(&payment), reference).await? {
            return Ok(before);
        }
        let order = match payment.purpose()? {
            Purpose::Order(order) => order,
            Purpose::TopUp(_) => return Err(Error::NotFound),
        };
        let amount = left(&payment)?;
        let payment = with_room(vec![payment], amount)?;
        let (reason, reference) = (reason.to_owned(), reference.to_owned());
        self.give_back(uow, payment, NewRefund { order, amount, reason, reference }).await
    }

    async fn give_back(
        &self,
        uow: &UnitOfWork,
        mut payment: payment::Model,
        new: NewRefund,
    ) -> Result<refund::Model, Error> {
        let mut row = refund::Model {
            id: Id::new(self.store().clock()),
            payment_id: payment.id,
            purpose_kind: payment.purpose_kind.clone(),
            purpose_id: payment.purpose_id,
            reference: new.reference,
            amount: new.amount.minor,
            currency: new.amount.currency.code().to_owned(),
            reason: new.reason,
            state: RefundState::Requested.code().to_owned(),
            attempt: 1,
            provider_ref: None,
            failure: None,
            created_at: uow.now(),
            updated_at: uow.now(),
            settled_at: None,
            version: 1,
        };
        payment.refunded += new.amount.minor;
        payment.updated_at = uow.now();
        payment.version += 1;
        let provider = payment.provider()?;
        let to = match provider {
            Provider::Wallet => (AccountOwner::Person(payment.payer_id), AccountKind::Available),
            other => (AccountOwner::Provider(other), AccountKind::Refunding),
        };
        payment.into_active_model().reset_all().update(uow.tx()).await?;
        let from = (AccountOwner::Order(new.order), AccountKind::Escrow);
        let transaction = Transaction::moving(TransactionKind::Refund, row.id, new.amount, from, to);
        self.enter(uow, transaction, Repeat::Impossible).await?;
        if provider == Provider::Wallet {
            row.make(RefundMove::Succeed, uow.now())?;
        } else {
            jobs::schedule(uow, REFUND_JOB, &row.id.to_string(), uow.now()).await?;
        }
        uow.emit(&RefundEvent::of(&row)?).await?;
        Ok(row.into_active_model().reset_all().insert(uow.tx()).await?)
    }

    /// The refunds of an order, oldest first. The caller has decided that the order may be seen.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refunds_of(&self, order: Uuid) -> Result<Vec<refund::Model>, Error> {
        let query = refund::Entity::find()
            .filter(refund::Column::PurposeKind.eq(Purpose::Order(order).kind()))
            .filter(refund::Column::PurposeId.eq(order))
            .order_by_asc(refund::Column::Id);
        Ok(query.limit(REFUNDS_OF_ORDER).all(self.store().reader()).await?)
    }
}

/// How many refunds of one order are shown.
const REFUNDS_OF_ORDER: u64 = 100;

async fn find(
    uow: &UnitOfWork,
    payments: &[payment::Model],
    reference: &str,
) -> Result<Option<refund::Model>, Error> {
    Ok(refund::Entity::find()
        .filter(refund::Column::PaymentId.is_in(payments.iter().map(|payment| payment.id)))
        .filter(refund::Column::Reference.eq(reference))
        .one(uow.tx())
        .await?)
}

/// What of a payment is neither refunded nor asked to be.
fn left(payment: &payment::Model) -> Result<Money, Error> {
    Ok((payment.money()? - Money::cny(payment.refunded))?)
}

/// The newest payment that has so much left and passed through us.
fn with_room(payments: Vec<payment::Model>, amount: Money) -> Result<payment::Model, Error> {
    let mut most = Money::cny(0);
    for payment in payments.into_iter().rev() {
        let held = payment.provider()? != Provider::FaceToFace && payment.state()? == PaymentState::Succeeded;
        if !held {
            continue;
        }
        let left = left(&payment)?;
        if left.minor >= amount.minor && amount.minor > 0 {
            return Ok(payment);
        }
        most.minor = most.minor.max(left.minor);
    }
    Err(Error::RefundTooLarge { left: most })
}
