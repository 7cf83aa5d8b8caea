//! From paid to received: shipping, meeting, confirming, calling off.

use std::sync::OnceLock;

use luhuan_kernel::{Actor, Id, Message, Timestamp};
use luhuan_ledger::{Confirmation, PaymentState};
use luhuan_listing::model::Delivery;
use luhuan_store::UnitOfWork;
use serde::Deserialize;

use super::{
    Trade, expect_version, some_words,
    steps::{Move, Moving, code_place, set_clock},
    words,
};
use crate::{
    Error, Order,
    entity::order,
    model::{By, Event, State},
    policy,
};

/// Wrong handover codes that an order forgives.
const CODE_TRIES: i32 = 5;

/// A parcel given to a carrier.
#[derive(Clone, Debug)]
pub struct Shipment {
    /// Code of a carrier of `data/carriers.toml`.
    pub carrier: String,
    /// Its tracking number.
    pub tracking: String,
}

/// A carrier that a seller can name.
#[derive(Clone, Debug, Deserialize)]
pub struct Carrier {
    /// The stable code.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

#[derive(Deserialize)]
struct Carriers {
    carrier: Vec<Carrier>,
}

impl Trade {
    /// The carriers that a seller can name.
    #[must_use]
    pub fn carriers() -> &'static [Carrier] {
        static CARRIERS: OnceLock<Vec<Carrier>> = OnceLock::new();
        CARRIERS.get_or_init(|| {
            let file: Carriers = toml::from_str(include_str!("../../data/carriers.toml"))
                .expect("the data file is part of the program, and tested");
            file.carrier
        })
    }

    /// Says that the goods are on their way.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Invalid`] for a carrier or number that is none.
    pub async fn ship(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        shipment: &Shipment,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::Ship).await?;
        moving.row.state()?.step(Event::Ship, by)?;
        if moving.row.delivery == Delivery::Pickup.code() {
            return Err(Error::field("carrier", Message::new("trade-ship-pickup")));
        }
        let (carrier, tracking) = checked_shipment(shipment)?;
        moving.row.carrier = Some(carrier);
        moving.row.tracking = Some(tracking);
        self.take(uow, &mut moving, Move::new(Event::Ship, by)).await?;
        self.close(uow, moving).await
    }

    /// Sets place and time of the handover; either of the two may, and set them anew.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Invalid`].
    pub async fn arrange(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        place: &str,
        at: Option<Timestamp>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::Arrange).await?;
        moving.row.state()?.step(Event::Arrange, by)?;
        let place = words("place", place, 120)?;
        if at.is_some_and(|at| at < uow.now()) {
            return Err(Error::field("at", Message::new("trade-meet-past")));
        }
        moving.row.meet_place = Some(place);
        moving.row.meet_at = at;
        // Another place: who was at the old one is not at this one.
        moving.row.buyer_here_at = None;
        moving.row.seller_here_at = None;
        self.take(uow, &mut moving, Move::new(Event::Arrange, by)).await?;
        let state = moving.row.state()?;
        set_clock(&mut moving.row, state, None)?;
        self.close(uow, moving).await
    }

    /// Says that one is at the place. When both are, the clock of the handover starts.
    ///
    /// # Errors
    /// [`Error::IllegalStep`].
    pub async fn check_in(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, None, Event::CheckIn).await?;
        moving.row.state()?.step(Event::CheckIn, by)?;
        let here = match by {
            By::Buyer => &mut moving.row.buyer_here_at,
            _ => &mut moving.row.seller_here_at,
        };
        if here.is_some() {
            return Ok(moving.row);
        }
        *here = Some(uow.now());
        self.take(uow, &mut moving, Move::new(Event::CheckIn, by)).await?;
        let state = moving.row.state()?;
        set_clock(&mut moving.row, state, None)?;
        self.close(uow, moving).await
    }

    /// Hands over by the six digits. Where the money is held the seller types what the buyer shows; where it is paid from
    /// hand to hand each types the other's, and the second makes it so.
    ///
    /// A wrong code is an `Ok` of its own ([`Handover::WrongCode`]), so that the caller commits the tally of tries.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::CodeLocked`] after too many wrong codes.
    pub async fn hand_over(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        code: &str,
    ) -> Result<Handover, Error> {
        let (mut moving, by) = self.party(uow, actor, id, None, Event::HandOver).await?;
        if moving.row.is_face_to_face() {
            return self.hand_over_for_cash(uow, actor, moving, by, code).await;
        }
        moving.row.state()?.step(Event::HandOver, by)?;
        if moving.row.code_tries >= CODE_TRIES {
            return Err(Error::CodeLocked);
        }
        let sealed = moving.row.code_sealed.as_deref().ok_or(Error::NotFound)?;
        let right = self.keys().open(&code_place(id), sealed)?;
        let typed: String =
            code.chars().map(luhuan_kernel::validate::half_width).filter(|c| !c.is_whitespace()).collect();
        // Of six digits with five tries, the time that a comparison takes tells nobody anything.
        if *right.expose() != typed {
            moving.row.code_tries += 1;
            let left = i64::from(CODE_TRIES - moving.row.code_tries);
            moving.touch(uow.now());
            self.close(uow, moving).await?;
            return Ok(Handover::WrongCode { left });
        }
        moving.row.code_sealed = None;
        self.take(uow, &mut moving, Move::new(Event::HandOver, by)).await?;
        Ok(Handover::Done(self.close(uow, moving).await?))
    }

    /// From hand to hand: the ledger keeps both codes.
    async fn hand_over_for_cash(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mut moving: Moving,
        by: By,
        code: &str,
    ) -> Result<Handover, Error> {
        let event = if by == By::Buyer { Event::Confirm } else { Event::HandOver };
        moving.row.state()?.step(event, by)?;
        let payment = moving.row.payment_id.ok_or(Error::NotFound)?;
        match self.ledger().confirm_face_to_face(uow, actor, payment, code).await? {
            Confirmation::WrongCode { left } => Ok(Handover::WrongCode { left }),
            Confirmation::Confirmed(payment) if payment.state()? == PaymentState::Succeeded => {
                self.take(uow, &mut moving, Move::new(event, by)).await?;
                Ok(Handover::Done(self.close(uow, moving).await?))
            }
            Confirmation::Confirmed(_) => {
                moving.touch(uow.now());
                Ok(Handover::Waiting(self.close(uow, moving).await?))
            }
        }
    }

    /// The buyer says that it arrived. It releases the money and takes no right away (法释〔2022〕8号 art. 1).
    ///
    /// # Errors
    /// [`Error::IllegalStep`].
    pub async fn confirm(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::Confirm).await?;
        if moving.row.is_face_to_face() && moving.row.state()? == State::HandoverReady {
            return Err(Error::field("code", Message::new("trade-code-needed")));
        }
        self.take(uow, &mut moving, Move::new(Event::Confirm, by)).await?;
        self.close(uow, moving).await
    }

    /// The buyer needs longer: once.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Extended`].
    pub async fn extend(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, None, Event::Extend).await?;
        let state = moving.row.state()?;
        state.step(Event::Extend, by)?;
        if moving.row.extended {
            return Err(Error::Extended);
        }
        moving.row.extended = true;
        self.take(uow, &mut moving, Move::new(Event::Extend, by)).await?;
        set_clock(&mut moving.row, state, None)?;
        self.close(uow, moving).await
    }

    /// Calls the order off: either before it is paid, the seller until it is shipped or handed over, the buyer once the
    /// seller is late. Money that is held goes back at once.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::TooEarly`] while the seller still has time.
    pub async fn cancel(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::Cancel).await?;
        let why = some_words("reason", why, 200)?;
        let late = by == By::Buyer && moving.row.state()? == State::Paid;
        let event = if late { Event::CancelLate } else { Event::Cancel };
        self.take(uow, &mut moving, Move::new(event, by).words(&why)).await?;
        self.close(uow, moving).await
    }

    /// The order, locked, and as which of the two the actor acts on it.
    pub(super) async fn party(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        event: Event,
    ) -> Result<(Moving, By), Error> {
        let moving = self.open(uow, id).await?;
        let by = policy::step(actor, moving.row.parties(), event)?;
        expect_version(moving.row.version, expected)?;
        Ok((moving, by))
    }
}

/// What came of typing a handover code.
#[derive(Clone, Debug)]
pub enum Handover {
    /// It is handed over.
    Done(order::Model),
    /// It was right; the other has still to type theirs.
    Waiting(order::Model),
    /// It was wrong.
    WrongCode {
        /// How many more are forgiven.
        left: i64,
    },
}

/// A carrier that is one, and a tracking number that can be one: 6 to 32 letters and digits; none for who brings it.
pub(super) fn checked_shipment(shipment: &Shipment) -> Result<(String, String), Error> {
    let carrier = Trade::carriers().iter().find(|carrier| carrier.code == shipment.carrier);
    let Some(carrier) = carrier else {
        return Err(Error::field("carrier", Message::new("trade-carrier")));
    };
    let tracking: String = shipment.tracking.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let tracking = tracking.to_ascii_uppercase();
    let optional = matches!(carrier.code.as_str(), "self" | "courier");
    let plain = tracking.len() <= 32 && tracking.chars().all(|c| c.is_ascii_alphanumeric());
    if !plain || (tracking.len() < 6 && !(optional && tracking.is_empty())) {
        return Err(Error::field("tracking", Message::new("trade-tracking")));
    }
    Ok((carrier.code.clone(), tracking))
}
