//! The engine of the process: takes a step of the table, does what belongs to it, and sets the clock of the new state.

use luhuan_kernel::{Id, Money, Timestamp, random};
use luhuan_ledger::{AccountKind, AccountOwner, NewRefund, Share, Transaction, TransactionKind};
use luhuan_listing::{Listing, model::Move as GoodsMove};
use luhuan_store::{Error as StoreError, UnitOfWork};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{Trade, ledger_id, locked, payee};
use crate::{
    Error, Order, OrderEvent,
    entity::{line, order, order::Step, text},
    model::{By, Clock, Division, Effect, Event, State, To, Transition, When, divide},
};

/// A step to take.
#[derive(Clone, Debug)]
pub(super) struct Move {
    event: Event,
    by: By,
    words: String,
    /// Which of several steps the clock of the new state will take.
    next: Option<Event>,
    /// What goes back to the buyer, where the step says how much.
    back_fen: i64,
    /// What comes into the escrow with the step.
    held_fen: i64,
}

impl Move {
    pub(super) const fn new(event: Event, by: By) -> Self {
        Self { event, by, words: String::new(), next: None, back_fen: 0, held_fen: 0 }
    }

    pub(super) fn words(mut self, words: &str) -> Self {
        words.clone_into(&mut self.words);
        self
    }

    pub(super) const fn next(mut self, event: Event) -> Self {
        self.next = Some(event);
        self
    }

    pub(super) const fn back(mut self, fen: i64) -> Self {
        self.back_fen = fen;
        self
    }

    pub(super) const fn holding(mut self, fen: i64) -> Self {
        self.held_fen = fen;
        self
    }
}

/// An order being moved: its row as it was and as it is, and what is to be told.
pub(super) struct Moving {
    before: Option<order::Model>,
    pub(super) row: order::Model,
    told: Vec<OrderEvent>,
}

impl Moving {
    /// An order that does not exist yet.
    pub(super) fn submitted(row: order::Model, first: Id<Listing>) -> Self {
        let told = vec![OrderEvent::submitted(&row, first)];
        Self { before: None, row, told }
    }

    /// Something about it changed without a step.
    pub(super) fn touch(&mut self, now: Timestamp) {
        self.row.version += 1;
        self.row.updated_at = now;
    }
}

impl Trade {
    /// The order to decide on, its row locked until the unit ends.
    pub(super) async fn open(&self, uow: &UnitOfWork, id: Id<Order>) -> Result<Moving, Error> {
        let row = locked(uow, order::Entity::find_by_id(id)).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        Ok(Moving { before: Some(row.clone()), row, told: Vec::new() })
    }

    /// Takes a step of the table: its effects, the new state and its clock, a line in the history.
    pub(super) async fn take(&self, uow: &UnitOfWork, moving: &mut Moving, step: Move) -> Result<(), Error> {
        let row = &mut moving.row;
        let from = row.state()?;
        let transition = from.step(step.event, step.by)?;
        allowed(row, transition, step.by, uow.now())?;
        let before = (row.held_fen, row.refunded_fen, row.seller_fen);
        row.held_fen += step.held_fen;
        for effect in transition.effects {
            self.effect(uow, row, *effect, &step).await?;
        }
        match transition.to {
            To::State(to) => enter(row, from, to, uow.now(), step.next)?,
            To::Back => return_to(row, uow.now())?,
            To::Stay => {}
        }
        let to = row.state()?;
        note(row, &step, to, uow.now())?;
        moving.told.push(OrderEvent {
            event: Some(step.event),
            by: step.by,
            from: Some(from),
            to,
            amount_fen: moved(before, row),
            ..OrderEvent::submitted(row, row.listing_id)
        });
        Ok(())
    }

    /// Takes the steps of clocks that need no waiting, saves and tells.
    pub(super) async fn close(&self, uow: &UnitOfWork, mut moving: Moving) -> Result<order::Model, Error> {
        while moving.row.due_at.is_some_and(|due| due <= uow.now()) && !moving.told.is_empty() {
            let step = self.clock_step(uow, &moving.row).await?;
            self.take(uow, &mut moving, step).await?;
        }
        let Moving { before, row, told } = moving;
        match before {
            Some(before) => save(uow, &before, row.clone()).await?,
            None => {
                let new = row.clone().into_active_model().reset_all();
                order::Entity::insert(new).exec_without_returning(uow.tx()).await?;
            }
        }
        if !told.is_empty() {
            uow.emit_all(&told).await?;
        }
        Ok(row)
    }

    /// The step that the order's clock takes, with the amount that belongs to it.
    pub(super) async fn clock_step(&self, uow: &UnitOfWork, row: &order::Model) -> Result<Move, Error> {
        let event =
            row.due_event()?.ok_or_else(|| StoreError::Corrupt("a clock without its event".into()))?;
        let step = Move::new(event, By::Clock);
        Ok(match event {
            Event::GrantRefund | Event::GrantKeep | Event::GrantPart | Event::AcceptReturn => {
                let request = self.open_request(uow, row.id).await?.ok_or(Error::NotFound)?;
                self.close_request(uow, request.clone()).await?;
                step.back(request.amount_fen.min(row.held_fen))
            }
            Event::GrantReturn => {
                let request = self.open_request(uow, row.id).await?.ok_or(Error::NotFound)?;
                self.agree_request(uow, request).await?;
                step
            }
            Event::Abandon if row.state()? == State::Returning => {
                let request = self.open_request(uow, row.id).await?.ok_or(Error::NotFound)?;
                self.withdraw_request(uow, request).await?;
                step
            }
            Event::ExecuteRefund | Event::ExecuteSplit => {
                let fen = self.execute_ruling(uow, row.id).await?;
                step.back(fen.min(row.held_fen))
            }
            _ => step,
        })
    }

    async fn effect(
        &self,
        uow: &UnitOfWork,
        row: &mut order::Model,
        effect: Effect,
        step: &Move,
    ) -> Result<(), Error> {
        match effect {
            Effect::ReleaseGoods => self.move_goods(uow, row, GoodsMove::Release).await,
            Effect::SellGoods => self.move_goods(uow, row, GoodsMove::Sell).await,
            Effect::WithdrawGoods => {
                self.move_goods(uow, row, GoodsMove::Release).await?;
                self.withdraw_goods(uow, row).await
            }
            Effect::RefundAll => self.give_back(uow, row, row.held_fen, step.event).await,
            Effect::RefundAgreed => self.give_back(uow, row, step.back_fen, step.event).await,
            Effect::Divide => {
                self.give_back(uow, row, step.back_fen, step.event).await?;
                self.release(uow, row).await
            }
            Effect::TakeBack => self.take_back(uow, row, step.back_fen).await,
            Effect::ReleaseMoney => self.release(uow, row).await,
            Effect::MakeCode => self.make_code(row),
            Effect::CancelPayment => self.cancel_payment(uow, row).await,
            Effect::ShowReviews => self.show_reviews(uow, row.id).await,
            Effect::DrawJury => self.draw_jury(uow, row).await,
        }
    }

    /// Money back to the buyer, the way it came.
    async fn give_back(
        &self,
        uow: &UnitOfWork,
        row: &mut order::Model,
        fen: i64,
        event: Event,
    ) -> Result<(), Error> {
        if fen == 0 || row.held_fen == 0 {
            return Ok(());
        }
        if fen < 0 || fen > row.held_fen {
            return Err(crate::model::DivisionError::OutOfRange { asked: fen, held: row.held_fen }.into());
        }
        let refund = NewRefund {
            order: ledger_id(row.id),
            amount: Money::cny(fen),
            reason: event.code().to_owned(),
            reference: format!("{} {}", event.code(), row.version),
        };
        self.ledger().refund(uow, refund).await?;
        row.held_fen -= fen;
        row.refunded_fen += fen;
        self.red_letter(uow, row).await
    }

    /// What is held goes to the seller, less the fee on what stays sold.
    async fn release(&self, uow: &UnitOfWork, row: &mut order::Model) -> Result<(), Error> {
        if row.held_fen == 0 {
            return Ok(());
        }
        let Division { seller_fen, fee_fen, .. } =
            divide(row.held_fen, 0, row.goods_fen, row.refunded_fen, row.fee())?;
        let shares = [
            Share::to_seller(payee(row.seller_id, row.seller_shop), Money::cny(seller_fen), "sale"),
            Share::fee(Money::cny(fee_fen), "fee"),
        ];
        self.ledger().release(uow, ledger_id(row.id), "settled", &shares).await?;
        row.held_fen = 0;
        row.seller_fen += seller_fen;
        row.charged_fen += fee_fen;
        Ok(())
    }

    /// What the seller was paid comes back into the order's escrow, and with it the fee on what stays sold no more.
    async fn take_back(&self, uow: &UnitOfWork, row: &mut order::Model, fen: i64) -> Result<(), Error> {
        let (held, kept) = (row.seller_fen + row.charged_fen, row.total_fen - row.refunded_fen);
        if fen <= 0 || fen > held {
            return Err(crate::model::DivisionError::OutOfRange { asked: fen, held }.into());
        }
        // As it would be divided if it were held: the fee falls in proportion.
        let after = divide(kept, fen, row.goods_fen, row.refunded_fen, row.fee())?;
        let fee = (row.charged_fen - after.fee_fen).clamp(0, fen);
        let mut transaction =
            Transaction::new(TransactionKind::Correction, format!("{} {}", ledger_id(row.id), row.version))
                .leg(AccountOwner::Order(ledger_id(row.id)), AccountKind::Escrow, Money::cny(fen))
                .about("given back after settlement");
        let parts = [
            (payee(row.seller_id, row.seller_shop), AccountKind::Available, fen - fee),
            (AccountOwner::Platform, AccountKind::Fees, fee),
        ];
        for (owner, kind, part) in parts.into_iter().filter(|(_, _, part)| *part > 0) {
            transaction = transaction.leg(owner, kind, Money::cny(-part));
        }
        self.ledger().post(uow, transaction).await?;
        row.held_fen += fen;
        row.seller_fen -= fen - fee;
        row.charged_fen -= fee;
        Ok(())
    }

    async fn move_goods(&self, uow: &UnitOfWork, row: &order::Model, to: GoodsMove) -> Result<(), Error> {
        let program = Self::program();
        for id in self.goods(uow, row).await? {
            match self.listings().settle(uow, &program, id, to).await {
                Ok(_) => {}
                // The order's money must not hang on a listing that went another way meanwhile.
                Err(luhuan_listing::Error::IllegalMove(refused)) => {
                    tracing::warn!(order = %row.id, listing = %id, %refused, "the goods stay as they are");
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn withdraw_goods(&self, uow: &UnitOfWork, row: &order::Model) -> Result<(), Error> {
        for id in self.goods(uow, row).await? {
            self.listings().withdraw(uow, &Self::program(), id, None).await?;
        }
        Ok(())
    }

    /// The listings of an order, by id.
    async fn goods(&self, uow: &UnitOfWork, row: &order::Model) -> Result<Vec<Id<Listing>>, Error> {
        if row.things == 1 {
            return Ok(vec![row.listing_id]);
        }
        let lines = line::Entity::find()
            .filter(line::Column::OrderId.eq(row.id))
            .order_by_asc(line::Column::ListingId)
            .limit(Self::MAX_LINES as u64)
            .all(uow.tx())
            .await?;
        Ok(lines.into_iter().map(|line| line.listing_id).collect())
    }

    /// The six digits that the buyer shows at the handover. Who pays there has the codes of that payment instead.
    fn make_code(&self, row: &mut order::Model) -> Result<(), Error> {
        if !row.is_face_to_face() {
            row.code_sealed = Some(self.keys().seal(&code_place(row.id), &random::digits(6))?);
        }
        Ok(())
    }

    /// Gives up a payment that is still under way. One that is paid meanwhile counts, and the listener gives it back.
    async fn cancel_payment(&self, uow: &UnitOfWork, row: &order::Model) -> Result<(), Error> {
        let Some(id) = row.payment_id else { return Ok(()) };
        match self.ledger().cancel_payment(uow, id).await {
            Ok(_) | Err(luhuan_ledger::Error::IllegalPaymentMove(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Where a handover code is sealed.
pub(super) fn code_place(id: Id<Order>) -> String {
    format!("trade_order.code:{id}")
}

/// Whether the step may be taken now.
fn allowed(row: &order::Model, step: &Transition, by: By, now: Timestamp) -> Result<(), Error> {
    match step.when {
        When::NotBefore(clock) => {
            let opens = row.clocks().end(clock, row.entered_at);
            if now < opens { Err(Error::TooEarly(opens)) } else { Ok(()) }
        }
        When::NothingHeld if row.held_fen > 0 => {
            Err(Error::IllegalStep(crate::model::IllegalStep { from: row.state()?, event: step.event, by }))
        }
        When::Anytime | When::AtLatest(_) | When::NothingHeld => Ok(()),
    }
}

/// The order comes into a state: its clock starts, and that of a state left aside is stopped.
fn enter(
    row: &mut order::Model,
    from: State,
    to: State,
    now: Timestamp,
    next: Option<Event>,
) -> Result<(), Error> {
    if to.is_aside() && !from.is_aside() {
        row.back_state = Some(from.code().to_owned());
        row.back_elapsed = Some(now.micros() - row.entered_at.micros());
    } else if !to.is_aside() {
        row.back_state = None;
        row.back_elapsed = None;
    }
    to.code().clone_into(&mut row.state);
    row.entered_at = now;
    match to {
        State::Paid => row.paid_at = Some(now),
        State::Received => row.received_at = Some(now),
        State::Settled => row.settled_at = Some(now),
        _ => {}
    }
    if to.is_final() {
        row.ended_at = Some(now);
    }
    set_clock(row, to, next)
}

/// The order goes back to where a refund or dispute began; its clock goes on where it was stopped.
fn return_to(row: &mut order::Model, now: Timestamp) -> Result<(), Error> {
    let back = row.back()?.ok_or_else(|| StoreError::Corrupt("an order aside without a way back".into()))?;
    let elapsed = row.back_elapsed.unwrap_or_default();
    row.back_state = None;
    row.back_elapsed = None;
    back.code().clone_into(&mut row.state);
    row.entered_at = Timestamp::from_micros(now.micros() - elapsed);
    set_clock(row, back, None)
}

/// Sets the clock of a state. Where several steps wait for one, `next` names it.
pub(super) fn set_clock(row: &mut order::Model, state: State, next: Option<Event>) -> Result<(), Error> {
    let both_there = row.buyer_here_at.zip(row.seller_here_at).map(|(one, other)| one.max(other));
    let wanted = if state == State::HandoverReady {
        Some(if both_there.is_some() { Event::AutoConfirm } else { Event::Abandon })
    } else {
        next
    };
    let mut waiting = state.ways_out().filter_map(|step| Some((step.event, step.clock()?)));
    let Some((event, clock)) = waiting.find(|(event, _)| wanted.is_none_or(|wanted| wanted == *event)) else {
        row.due_at = None;
        row.due_event = None;
        return Ok(());
    };
    let clocks = row.clocks();
    let start = match clock {
        Clock::BothThere => both_there.unwrap_or(row.entered_at).max(row.entered_at),
        _ => row.entered_at,
    };
    let mut due = clocks.end(clock.for_order(row.returnable, row.back()?), start);
    if clock == Clock::AutoConfirm && row.extended {
        due = due.plus_seconds(clocks.seconds(Clock::Extension));
    }
    row.due_at = Some(due);
    row.due_event = Some(event.code().to_owned());
    Ok(())
}

fn note(row: &mut order::Model, step: &Move, to: State, now: Timestamp) -> Result<(), Error> {
    let mut steps = row.steps()?;
    steps.push(Step { event: step.event, by: step.by, to, at: now, words: step.words.clone() });
    row.steps = text(&steps);
    row.version += 1;
    row.updated_at = now;
    Ok(())
}

/// How much a step moved, by what was held, refunded and paid out before it.
const fn moved(before: (i64, i64, i64), row: &order::Model) -> i64 {
    let (held, refunded, paid_out) = before;
    if row.refunded_fen != refunded {
        row.refunded_fen - refunded
    } else if row.seller_fen != paid_out {
        row.seller_fen - paid_out
    } else {
        (row.held_fen - held).abs()
    }
}

/// Writes what changed, and only that.
async fn save(uow: &UnitOfWork, before: &order::Model, after: order::Model) -> Result<(), Error> {
    let id = after.id;
    let old = before.clone().into_active_model();
    let mut new = after.into_active_model();
    for column in order::Column::iter() {
        if old.get(column) != new.get(column) {
            new.reset(column);
        }
    }
    if !new.is_changed() {
        return Ok(());
    }
    order::Entity::update_many().set(new).filter(order::Column::Id.eq(id)).exec(uow.tx()).await?;
    Ok(())
}
