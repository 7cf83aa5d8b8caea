//! Hearing of payments: what came through at a provider moves the order, or goes back when it came too late.
//!
//! The place up to which the outbox is read is a row of ours, locked while a batch is worked on and moved in the same
//! commit: two gateways take turns, and no payment is heard twice.

use std::time::Duration;

use luhuan_kernel::{Event as Told, Id, Position};
use luhuan_ledger::{PaymentEvent, Provider, Purpose};
use luhuan_store::{UnitOfWork, outbox};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, sea_query::OnConflict};
use tokio::sync::watch;

use super::{Trade, ledger_id, locked};
use crate::{Error, Order, entity::place, model::State};

/// The name of our place.
const READER: &str = "trade-payments";

/// Events of one batch: the orders that they move are locked until it ends.
const BATCH: u64 = 50;

/// How long to wait when nothing wakes us: the bound on what another gateway's commit may lag.
const IDLE: Duration = Duration::from_millis(250);

/// How long to wait before trying again when the database is away.
const AWAY: Duration = Duration::from_secs(2);

/// After something was committed, how long to wait for more of it before looking.
const GATHER: Duration = Duration::from_millis(20);

/// Events that are no business of ours after which the place is written down all the same.
const SKIP_MOST: usize = 1_000;

/// How far a follower has looked, which may be further than what is written down.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heard {
    upto: Position,
    skipped: usize,
}

impl Trade {
    /// Follows the ledger's payments until told to stop.
    pub async fn run_payments(self, mut stop: watch::Receiver<bool>) {
        let committed = self.store().committed();
        let mut heard = Heard::default();
        while !*stop.borrow() {
            // Registered before the outbox is read, so that a commit in between is not slept through.
            let woken = committed.notified();
            let wait = match self.hear_payments(&mut heard).await {
                Ok(0) => IDLE,
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(%error, "orders wait to hear of their payments");
                    AWAY
                }
            };
            tokio::select! {
                () = woken => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(wait) => {}
                _ = stop.changed() => break,
            }
        }
    }

    /// One batch; how many events were looked at. What the wallet paid has moved its order already, so that only what came
    /// through a provider elsewhere costs a write.
    ///
    /// # Errors
    /// When the store or the ledger fails: nothing of the batch is done then.
    pub async fn hear_payments(&self, heard: &mut Heard) -> Result<usize, Error> {
        if heard.upto == Position::default() {
            let known = place::Entity::find_by_id(READER.to_owned()).one(self.store().reader()).await?;
            heard.upto = known.as_ref().map_or(Position::default(), position);
        }
        let events = outbox::read(self.store(), heard.upto, "payment.", BATCH).await?;
        let Some(last) = events.last().map(|event| event.position) else { return Ok(0) };
        if !events.iter().any(concerns) && heard.skipped < SKIP_MOST {
            heard.upto = last;
            heard.skipped += events.len();
            return Ok(events.len());
        }
        let uow = self.store().begin().await?;
        let written = self.my_place(&uow).await?;
        // Another gateway may have heard some of it meanwhile.
        for event in events.iter().filter(|event| event.position > written && concerns(event)) {
            self.hear(&uow, event).await?;
        }
        let to = last.max(written);
        let row = place::ActiveModel {
            name: Set(READER.to_owned()),
            tx: Set(to.transaction),
            sequence: Set(to.sequence),
        };
        row.update(uow.tx()).await?;
        uow.commit().await?;
        *heard = Heard { upto: last, skipped: 0 };
        Ok(events.len())
    }

    async fn my_place(&self, uow: &UnitOfWork) -> Result<Position, Error> {
        let start = place::Model { name: READER.to_owned(), tx: 0, sequence: 0 };
        place::Entity::insert(start.into_active_model().reset_all())
            .on_conflict(OnConflict::column(place::Column::Name).do_nothing().to_owned())
            .exec_without_returning(uow.tx())
            .await?;
        let row = locked(uow, place::Entity::find_by_id(READER.to_owned())).one(uow.tx()).await?;
        Ok(row.as_ref().map_or(Position::default(), position))
    }

    async fn hear(&self, uow: &UnitOfWork, event: &Told) -> Result<(), Error> {
        let Ok(payment) = serde_json::from_value::<PaymentEvent>(event.payload.clone()) else {
            tracing::error!(name = event.name, "an event of the ledger cannot be read");
            return Ok(());
        };
        match Purpose::of(&payment.purpose_kind, payment.purpose_id) {
            Some(Purpose::Order(order)) => self.came_through(uow, Id::from_uuid(order), &payment).await,
            _ => Ok(()),
        }
    }

    /// Money of a payment is in an order's escrow: the order is paid, or the money goes back.
    async fn came_through(
        &self,
        uow: &UnitOfWork,
        order: Id<Order>,
        payment: &PaymentEvent,
    ) -> Result<(), Error> {
        let mut moving = match self.open(uow, order).await {
            Ok(moving) => moving,
            // Escrow is used by other contexts too, whose orders are not ours.
            Err(Error::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        let row = &moving.row;
        if row.payment_id == Some(payment.payment) && row.paid_at.is_some() {
            return Ok(());
        }
        if row.state()? == State::Created && payment.amount_fen == row.total_fen {
            moving.row.payment_id = Some(payment.payment);
            moving.row.provider = Some(payment.provider.code().to_owned());
            self.paid(uow, &mut moving).await?;
            self.close(uow, moving).await?;
            return Ok(());
        }
        // Too late, or twice: all of it goes back.
        tracing::info!(order = %ledger_id(order), payment = %payment.payment, "a late payment goes back");
        let reference = format!("late {}", payment.payment);
        self.ledger().refund_payment(uow, payment.payment, "late", &reference).await?;
        Ok(())
    }
}

fn position(row: &place::Model) -> Position {
    Position { transaction: row.tx, sequence: row.sequence }
}

/// Whether an event may move an order: a payment that came through at a provider elsewhere. The wallet's moved it in its
/// own commit, and from hand to hand nothing passed through us.
fn concerns(event: &Told) -> bool {
    let provider = event.payload.get("provider").and_then(serde_json::Value::as_str);
    let here = [Provider::Wallet.code(), Provider::FaceToFace.code()];
    event.name == "payment.succeeded" && provider.is_some_and(|provider| !here.contains(&provider))
}
