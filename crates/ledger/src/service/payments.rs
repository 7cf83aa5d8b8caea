//! Asking for a payment and what becomes of it.

use luhuan_kernel::{Actor, Id, Message, Money, Person};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Ledger, accounts::above_zero, post::Repeat};
use crate::{
    AccountKind, AccountOwner, Capture, Error, Payment, PaymentEvent, PaymentState, Provider, Purpose,
    Transaction, TransactionKind,
    entity::payment,
    model::{PaymentMove, Wanted},
    policy,
    provider::Course,
};

/// The job that sees to a payment at a provider elsewhere; its key is the payment's id.
pub const PAYMENT_JOB: &str = "ledger-payment";

/// Wrong codes that a face-to-face payment forgives.
const TRIES: i64 = 10;

/// The longest address that a payer's browser may come back to.
const MAX_RETURN_URL: usize = 2048;

/// A payment to ask for.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// What is paid for.
    pub purpose: Purpose,
    /// Who pays.
    pub payer: Id<Person>,
    /// Who will have it in the end.
    pub payee: AccountOwner,
    /// How much; above zero.
    pub amount: Money,
    /// By which provider.
    pub provider: Provider,
    /// When the money is taken. The wallet takes it at once: escrow is the reservation.
    pub capture: Capture,
    /// Where the payer's browser comes back to from the provider.
    pub return_url: Option<String>,
}

impl Ledger {
    /// Asks for a payment. From the wallet it is made in this very commit; face to face it waits for both codes; a
    /// provider elsewhere is asked after the commit, by [`Ledger::advance`] at once or by the job.
    ///
    /// # Errors
    /// [`Error::InsufficientFunds`] when the wallet holds too little; [`Error::ProviderOff`]; [`Error::Invalid`].
    pub async fn request_payment(&self, uow: &UnitOfWork, new: NewPayment) -> Result<payment::Model, Error> {
        above_zero(new.amount)?;
        let course = self.providers().course(new.provider)?;
        if matches!(new.purpose, Purpose::TopUp(_)) && !matches!(course, Course::Remote(_)) {
            return Err(Error::field("provider", Message::new("field-top-up-provider")));
        }
        if new.return_url.as_deref().is_some_and(|url| !is_address(url)) {
            return Err(Error::field("return_url", Message::new("field-return-url")));
        }
        let mut row = self.written_down(uow, new);
        match course {
            Course::AtOnce => {
                self.take_in(uow, &row, Repeat::Impossible).await?;
                row.make(PaymentMove::Succeed, uow.now())?;
            }
            Course::ByCodes => row.make(PaymentMove::NeedAction, uow.now())?,
            Course::Remote(_) => {
                jobs::schedule(uow, PAYMENT_JOB, &row.id.to_string(), uow.now()).await?;
            }
        }
        let inserted = row.clone().into_active_model().reset_all();
        payment::Entity::insert(inserted).exec_without_returning(uow.tx()).await?;
        uow.emit(&PaymentEvent::of(&row)?).await?;
        Ok(row)
    }

    fn written_down(&self, uow: &UnitOfWork, new: NewPayment) -> payment::Model {
        payment::Model {
            id: Id::new(self.store().clock()),
            purpose_kind: new.purpose.kind().to_owned(),
            purpose_id: new.purpose.id(),
            payer_id: new.payer,
            payee: new.payee.to_string(),
            amount: new.amount.minor,
            currency: new.amount.currency.code().to_owned(),
            provider: new.provider.code().to_owned(),
            capture: new.capture.code().to_owned(),
            state: PaymentState::Requested.code().to_owned(),
            wanted: Wanted::Nothing.code().to_owned(),
            return_url: new.return_url,
            provider_ref: None,
            client_secret: None,
            failure: None,
            refunded: 0,
            payer_confirmed_at: None,
            payee_confirmed_at: None,
            tries_left: TRIES,
            created_at: uow.now(),
            updated_at: uow.now(),
            settled_at: None,
            version: 1,
        }
    }

    /// The money of a payment comes in: from the payer's wallet or from what lies at the provider, into the escrow of
    /// the order or the payer's wallet. Once for each payment.
    pub(super) async fn take_in(
        &self,
        uow: &UnitOfWork,
        row: &payment::Model,
        repeat: Repeat,
    ) -> Result<(), Error> {
        let payer = AccountOwner::Person(row.payer_id);
        let from = match row.provider()? {
            Provider::Wallet => (payer.clone(), AccountKind::Available),
            // From hand to hand nothing passes through us.
            Provider::FaceToFace => return Ok(()),
            Provider::Stripe => (AccountOwner::Provider(Provider::Stripe), AccountKind::Clearing),
        };
        let (kind, to) = match row.purpose()? {
            Purpose::Order(order) => {
                (TransactionKind::Payment, (AccountOwner::Order(order), AccountKind::Escrow))
            }
            Purpose::TopUp(_) => (TransactionKind::TopUp, (payer, AccountKind::Available)),
        };
        let transaction = Transaction::moving(kind, row.id, row.money()?, from, to);
        self.enter(uow, transaction, repeat).await?;
        Ok(())
    }

    /// Has what a payment reserved taken; the job sees to it. Asking again changes nothing.
    ///
    /// # Errors
    /// [`Error::IllegalPaymentMove`] when nothing is reserved.
    pub async fn capture_payment(&self, uow: &UnitOfWork, id: Id<Payment>) -> Result<payment::Model, Error> {
        let row = self.load_payment(uow, id).await?;
        let state = row.state()?;
        if state == PaymentState::Succeeded {
            return Ok(row);
        }
        if state != PaymentState::Authorised {
            return Err(
                crate::model::IllegalPaymentMove { from: state, attempted: PaymentMove::Succeed }.into()
            );
        }
        self.want(uow, row, Wanted::Capture).await
    }

    /// Gives a payment up. One at a provider elsewhere is given up there, by the job; if it is paid before, it counts
    /// as paid, and whoever listens gives the money back. Asking again changes nothing.
    ///
    /// # Errors
    /// [`Error::IllegalPaymentMove`] when it is paid.
    pub async fn cancel_payment(&self, uow: &UnitOfWork, id: Id<Payment>) -> Result<payment::Model, Error> {
        let mut row = self.load_payment(uow, id).await?;
        let state = row.state()?;
        if matches!(state, PaymentState::Cancelled | PaymentState::Failed) {
            return Ok(row);
        }
        let elsewhere = matches!(self.providers().course(row.provider()?), Ok(Course::Remote(_)));
        if elsewhere && !state.is_final() {
            return self.want(uow, row, Wanted::Cancel).await;
        }
        row.make(PaymentMove::Cancel, uow.now())?;
        self.save_payment(uow, row).await
    }

    async fn want(
        &self,
        uow: &UnitOfWork,
        mut row: payment::Model,
        wanted: Wanted,
    ) -> Result<payment::Model, Error> {
        wanted.code().clone_into(&mut row.wanted);
        row.version += 1;
        row.updated_at = uow.now();
        jobs::schedule(uow, PAYMENT_JOB, &row.id.to_string(), uow.now()).await?;
        Ok(row.into_active_model().reset_all().update(uow.tx()).await?)
    }

    /// A payment, for whoever may see it.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, or not for the actor's eyes.
    pub async fn payment(&self, actor: &Actor, id: Id<Payment>) -> Result<payment::Model, Error> {
        let row = payment::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        policy::view_payment(actor, row.payer_id, &row.payee()?)?;
        Ok(row)
    }

    /// The payments of an order as this unit sees them, oldest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn payments_of(&self, uow: &UnitOfWork, order: Uuid) -> Result<Vec<payment::Model>, Error> {
        Ok(of_order(order).all(uow.tx()).await?)
    }

    /// The payments of an order, oldest first, for a page. The caller has decided that the order may be seen.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn payments_of_order(&self, order: Uuid) -> Result<Vec<payment::Model>, Error> {
        Ok(of_order(order).all(self.store().reader()).await?)
    }

    /// The payment to decide on, its row locked until the unit ends.
    pub(super) async fn load_payment(
        &self,
        uow: &UnitOfWork,
        id: Id<Payment>,
    ) -> Result<payment::Model, Error> {
        let mut query = payment::Entity::find_by_id(id);
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        query.one(uow.tx()).await?.ok_or(Error::NotFound)
    }

    /// Saves a payment that moved, and tells.
    pub(super) async fn save_payment(
        &self,
        uow: &UnitOfWork,
        row: payment::Model,
    ) -> Result<payment::Model, Error> {
        uow.emit(&PaymentEvent::of(&row)?).await?;
        Ok(row.into_active_model().reset_all().update(uow.tx()).await?)
    }
}

/// Whether a browser may be sent there: an address of the web, or of this site.
fn is_address(url: &str) -> bool {
    let of_the_web = url.starts_with("https://") || url.starts_with("http://");
    let of_this_site = url.starts_with('/') && !url.starts_with("//");
    url.len() <= MAX_RETURN_URL && (of_the_web || of_this_site) && !url.contains(char::is_control)
}

/// How many payments of one order are looked at; each is a try of its payer.
const PAYMENTS_OF_ORDER: u64 = 100;

pub(super) fn of_order(order: Uuid) -> sea_orm::Select<payment::Entity> {
    payment::Entity::find()
        .filter(payment::Column::PurposeKind.eq(Purpose::Order(order).kind()))
        .filter(payment::Column::PurposeId.eq(order))
        .order_by_asc(payment::Column::Id)
        .limit(PAYMENTS_OF_ORDER)
}
