//! Paying for an order, and confirming its flaws before.

use luhuan_kernel::{Actor, Id, Message, Money};
use luhuan_ledger::{Capture, NewPayment, PaymentState, Provider, Purpose, entity::payment};
use luhuan_listing::model::Delivery;
use luhuan_store::UnitOfWork;

use super::{
    Trade, expect_version, ledger_id, payee,
    steps::{Move, Moving},
};
use crate::{
    Error, Order,
    entity::order,
    model::{By, Event, IllegalStep, State},
    policy,
};

/// How to pay.
#[derive(Clone, Debug)]
pub(super) struct Paying {
    pub(super) provider: Provider,
    pub(super) return_url: Option<String>,
}

impl Trade {
    /// The buyer has read each flaw that the listing states and takes the goods with them: a step of its own, without
    /// which nothing is paid (七日无理由退货暂行办法 art. 7).
    ///
    /// # Errors
    /// [`Error::IllegalStep`] once it is paid.
    pub async fn confirm_flaws(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
    ) -> Result<order::Model, Error> {
        let mut moving = self.open(uow, id).await?;
        policy::pay(actor, moving.row.parties())?;
        if moving.row.flaws_confirmed_at.is_some() {
            return Ok(moving.row);
        }
        unpaid(&moving.row)?;
        moving.row.flaws_confirmed_at = Some(uow.now());
        moving.touch(uow.now());
        self.close(uow, moving).await
    }

    /// Pays: from the wallet in this very commit; at the handover; or through a provider elsewhere, whose payment is
    /// advanced after the commit ([`luhuan_ledger::Ledger::advance`]) and moves the order when it comes through.
    ///
    /// Asking again while such a payment waits for its payer gives the same payment back.
    ///
    /// # Errors
    /// [`Error::FlawsUnconfirmed`]; [`Error::PaymentPending`] while nobody knows how an earlier payment came out;
    /// the ledger's refusals.
    pub async fn pay(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        provider: Provider,
        return_url: Option<String>,
    ) -> Result<(order::Model, payment::Model), Error> {
        let mut moving = self.open(uow, id).await?;
        policy::pay(actor, moving.row.parties())?;
        expect_version(moving.row.version, expected)?;
        unpaid(&moving.row)?;
        if let Some(under_way) = self.under_way(uow, &moving.row, provider).await? {
            return Ok((moving.row, under_way));
        }
        let payment = self.pay_for(uow, &mut moving, Paying { provider, return_url }).await?;
        Ok((self.close(uow, moving).await?, payment))
    }

    /// A payment by the same provider that still waits for its payer. One by another provider is given up first.
    async fn under_way(
        &self,
        uow: &UnitOfWork,
        row: &order::Model,
        provider: Provider,
    ) -> Result<Option<payment::Model>, Error> {
        let Some(id) = row.payment_id else { return Ok(None) };
        let payments = self.ledger().payments_of(uow, ledger_id(row.id)).await?;
        let Some(payment) = payments.into_iter().find(|payment| payment.id == id) else { return Ok(None) };
        let state = payment.state()?;
        if state.is_final() {
            return Ok(None);
        }
        if payment.provider()? == provider {
            return Ok(Some(payment));
        }
        match state {
            PaymentState::ActionRequired => {
                self.ledger().cancel_payment(uow, id).await?;
                Ok(None)
            }
            // Never charged twice: what nobody knows the outcome of is settled first.
            other => Err(Error::PaymentPending(other)),
        }
    }

    /// Asks the ledger for a payment and moves the order as far as it goes.
    pub(super) async fn pay_for(
        &self,
        uow: &UnitOfWork,
        moving: &mut Moving,
        paying: Paying,
    ) -> Result<payment::Model, Error> {
        let row = &mut moving.row;
        if row.flaws_confirmed_at.is_none() {
            return Err(Error::FlawsUnconfirmed(row.flaws()?));
        }
        let in_person = paying.provider == Provider::FaceToFace;
        if in_person && row.delivery != Delivery::Pickup.code() {
            return Err(Error::field("provider", Message::new("trade-face-to-face")));
        }
        let payment = self
            .ledger()
            .request_payment(
                uow,
                NewPayment {
                    purpose: Purpose::Order(ledger_id(row.id)),
                    payer: row.buyer_id,
                    payee: payee(row.seller_id, row.seller_shop),
                    amount: Money::cny(row.total_fen),
                    provider: paying.provider,
                    capture: Capture::Automatic,
                    return_url: paying.return_url,
                },
            )
            .await?;
        row.payment_id = Some(payment.id);
        row.provider = Some(paying.provider.code().to_owned());
        match payment.state()? {
            PaymentState::Succeeded => self.paid(uow, moving).await?,
            _ if in_person => self.take(uow, moving, Move::new(Event::PayAtHandover, By::Buyer)).await?,
            _ => moving.touch(uow.now()),
        }
        Ok(payment)
    }

    /// The money is in the order's escrow.
    pub(super) async fn paid(&self, uow: &UnitOfWork, moving: &mut Moving) -> Result<(), Error> {
        let fen = moving.row.total_fen;
        self.take(uow, moving, Move::new(Event::Pay, By::Payment).holding(fen)).await
    }
}

fn unpaid(row: &order::Model) -> Result<(), Error> {
    let from = row.state()?;
    if from == State::Created {
        Ok(())
    } else {
        Err(IllegalStep { from, event: Event::Pay, by: By::Buyer }.into())
    }
}
