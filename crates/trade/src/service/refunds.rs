//! Money back: asked for by the buyer, answered by the seller or by time.

use luhuan_kernel::{Actor, Id, Message, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;

use super::{
    Shipment, Trade,
    moves::checked_shipment,
    some_words,
    steps::{Move, Moving},
    words,
};
use crate::{
    Error, Order, RefundRequest,
    entity::{code, order, refund_request},
    model::{By, Event, RefundKind, RefundReason, RefundState, State},
};

/// Requests for one order at most: each stops its clock, and who is refused so often asks for a decision.
const REQUESTS_MOST: u64 = 3;

/// What a buyer asks for.
#[derive(Clone, Debug)]
pub struct NewRefundRequest {
    /// With or without the goods going back.
    pub kind: RefundKind,
    /// Why.
    pub reason: RefundReason,
    /// In their words.
    pub words: String,
    /// How much, in fen; all that is held unless said otherwise.
    pub amount_fen: Option<i64>,
}

/// What a seller answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerRefund {
    /// Agreed.
    Agree {
        /// In their words, such as where to send the goods.
        words: String,
    },
    /// Refused, with the reason.
    Refuse {
        /// In their words.
        words: String,
    },
}

/// A refund request as both see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RefundRequestView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<RefundRequest>,
    /// What is asked for.
    pub kind: RefundKind,
    /// Why.
    pub reason: RefundReason,
    /// In the buyer's words.
    pub words: String,
    /// How much, in fen.
    pub amount_fen: i64,
    /// Where it stands.
    pub state: RefundState,
    /// The seller's words.
    pub answer: String,
    /// Carrier of the goods sent back.
    pub carrier: Option<String>,
    /// Tracking number of the goods sent back.
    pub tracking: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl RefundRequestView {
    fn of(row: refund_request::Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            kind: code(&row.kind)?,
            reason: code(&row.reason)?,
            state: code(&row.state)?,
            words: row.words,
            amount_fen: row.amount_fen,
            answer: row.answer,
            carrier: row.carrier,
            tracking: row.tracking,
            created_at: row.created_at,
        })
    }
}

impl Trade {
    /// Asks for money back; the clock of the order stands still until it is answered.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::NothingHeld`] when it was paid from hand to hand; [`Error::Invalid`].
    pub async fn request_refund(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        new: NewRefundRequest,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::RequestRefund).await?;
        let row = &moving.row;
        let from = row.state()?;
        from.step(Event::RequestRefund, by)?;
        if row.held_fen == 0 {
            return Err(Error::NothingHeld);
        }
        if self.asked(uow, id).await? >= REQUESTS_MOST {
            return Err(Error::field("kind", Message::new("trade-too-many").with("max", REQUESTS_MOST)));
        }
        let amount_fen = new.amount_fen.unwrap_or(row.held_fen);
        if amount_fen <= 0 || amount_fen > row.held_fen {
            return Err(
                crate::model::DivisionError::OutOfRange { asked: amount_fen, held: row.held_fen }.into()
            );
        }
        // Nothing can come back that did not go.
        let went = matches!(from, State::Shipped | State::Received);
        if new.kind == RefundKind::WithReturn && !went {
            return Err(Error::field("kind", Message::new("trade-nothing-to-return")));
        }
        let granted = granted_by(new.kind, amount_fen == row.held_fen, went);
        let request = refund_request::Model {
            id: self.new_id(),
            order_id: id,
            kind: new.kind.code().to_owned(),
            reason: new.reason.code().to_owned(),
            words: some_words("words", &new.words, 500)?,
            amount_fen,
            state: RefundState::Open.code().to_owned(),
            answer: String::new(),
            carrier: None,
            tracking: None,
            created_at: uow.now(),
            answered_at: None,
            ended_at: None,
        };
        let new_row = request.clone().into_active_model().reset_all();
        refund_request::Entity::insert(new_row).exec_without_returning(uow.tx()).await?;
        let step = Move::new(Event::RequestRefund, by).next(granted).words(&request.words);
        self.take(uow, &mut moving, step).await?;
        self.close(uow, moving).await
    }

    /// Answers a request: agreed, and the money goes or the goods come first; or refused, with a reason.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Invalid`] for a refusal without a reason.
    pub async fn answer_refund(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        answer: &AnswerRefund,
    ) -> Result<order::Model, Error> {
        let event = match answer {
            AnswerRefund::Agree { .. } => Event::GrantRefund,
            AnswerRefund::Refuse { .. } => Event::RefuseRefund,
        };
        let (mut moving, by) = self.party(uow, actor, id, expected, event).await?;
        moving.row.state()?.step(event, by)?;
        let mut request = self.open_request(uow, id).await?.ok_or(Error::NotFound)?;
        request.answered_at = Some(uow.now());
        match answer {
            AnswerRefund::Refuse { words: why } => {
                request.answer = words("words", why, 500)?;
                let step = Move::new(event, by).words(&request.answer);
                self.end_request(uow, request, RefundState::Refused).await?;
                self.take(uow, &mut moving, step).await?;
            }
            AnswerRefund::Agree { words } => {
                request.answer = some_words("words", words, 500)?;
                self.grant(uow, &mut moving, by, request).await?;
            }
        }
        self.close(uow, moving).await
    }

    async fn grant(
        &self,
        uow: &UnitOfWork,
        moving: &mut Moving,
        by: By,
        request: refund_request::Model,
    ) -> Result<(), Error> {
        // The same step that the clock would take.
        let event = moving.row.due_event()?.ok_or(Error::NotFound)?;
        let step =
            Move::new(event, by).back(request.amount_fen.min(moving.row.held_fen)).words(&request.answer);
        if event == Event::GrantReturn {
            self.agree_request(uow, request).await?;
        } else {
            self.close_request(uow, request).await?;
        }
        self.take(uow, moving, step).await
    }

    /// The buyer takes the request back.
    ///
    /// # Errors
    /// [`Error::IllegalStep`].
    pub async fn withdraw_refund(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::WithdrawRequest).await?;
        moving.row.state()?.step(Event::WithdrawRequest, by)?;
        if let Some(request) = self.open_request(uow, id).await? {
            self.withdraw_request(uow, request).await?;
        }
        self.take(uow, &mut moving, Move::new(Event::WithdrawRequest, by)).await?;
        self.close(uow, moving).await
    }

    /// The buyer has sent the goods back.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Invalid`] for a carrier or number that is none.
    pub async fn send_back(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        shipment: &Shipment,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::SendBack).await?;
        moving.row.state()?.step(Event::SendBack, by)?;
        let (carrier, tracking) = checked_shipment(shipment)?;
        let mut request = self.open_request(uow, id).await?.ok_or(Error::NotFound)?;
        request.carrier = Some(carrier);
        request.tracking = Some(tracking);
        self.save_request(uow, request).await?;
        self.take(uow, &mut moving, Move::new(Event::SendBack, by)).await?;
        self.close(uow, moving).await
    }

    /// The seller has the goods back: the money goes.
    ///
    /// # Errors
    /// [`Error::IllegalStep`].
    pub async fn accept_return(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::AcceptReturn).await?;
        moving.row.state()?.step(Event::AcceptReturn, by)?;
        let request = self.open_request(uow, id).await?.ok_or(Error::NotFound)?;
        let back = request.amount_fen.min(moving.row.held_fen);
        self.close_request(uow, request).await?;
        self.take(uow, &mut moving, Move::new(Event::AcceptReturn, by).back(back)).await?;
        self.close(uow, moving).await
    }

    /// The seller gives money back after the settlement, of their own will: the platform returns its fee on it.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; the ledger's when the seller's wallet holds too little.
    pub async fn give_money_back(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        amount_fen: i64,
        why: &str,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::GiveBack).await?;
        let why = some_words("words", why, 500)?;
        let step = Move::new(Event::GiveBack, by).back(amount_fen).words(&why);
        self.take(uow, &mut moving, step).await?;
        self.close(uow, moving).await
    }

    /// The request of an order that is not at its end.
    pub(super) async fn open_request(
        &self,
        uow: &UnitOfWork,
        order: Id<Order>,
    ) -> Result<Option<refund_request::Model>, Error> {
        let open = [RefundState::Open.code(), RefundState::Agreed.code()];
        Ok(refund_request::Entity::find()
            .filter(refund_request::Column::OrderId.eq(order))
            .filter(refund_request::Column::State.is_in(open))
            .one(uow.tx())
            .await?)
    }

    pub(super) async fn close_request(
        &self,
        uow: &UnitOfWork,
        request: refund_request::Model,
    ) -> Result<(), Error> {
        self.end_request(uow, request, RefundState::Done).await
    }

    pub(super) async fn withdraw_request(
        &self,
        uow: &UnitOfWork,
        request: refund_request::Model,
    ) -> Result<(), Error> {
        self.end_request(uow, request, RefundState::Withdrawn).await
    }

    pub(super) async fn agree_request(
        &self,
        uow: &UnitOfWork,
        mut request: refund_request::Model,
    ) -> Result<(), Error> {
        RefundState::Agreed.code().clone_into(&mut request.state);
        request.answered_at = Some(uow.now());
        self.save_request(uow, request).await
    }

    async fn end_request(
        &self,
        uow: &UnitOfWork,
        mut request: refund_request::Model,
        state: RefundState,
    ) -> Result<(), Error> {
        state.code().clone_into(&mut request.state);
        request.ended_at = Some(uow.now());
        self.save_request(uow, request).await
    }

    async fn save_request(&self, uow: &UnitOfWork, request: refund_request::Model) -> Result<(), Error> {
        let id = request.id;
        refund_request::Entity::update_many()
            .set(request.into_active_model().reset_all())
            .filter(refund_request::Column::Id.eq(id))
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    /// How often money was asked back for this order.
    async fn asked(&self, uow: &UnitOfWork, order: Id<Order>) -> Result<u64, Error> {
        let all = refund_request::Entity::find().filter(refund_request::Column::OrderId.eq(order));
        Ok(all.count(uow.tx()).await?)
    }

    /// Whether the seller has refused a request of this order: the direct talk that goes before a dispute.
    pub(super) async fn was_refused(&self, uow: &UnitOfWork, order: Id<Order>) -> Result<bool, Error> {
        let refused = refund_request::Entity::find()
            .filter(refund_request::Column::OrderId.eq(order))
            .filter(refund_request::Column::State.eq(RefundState::Refused.code()));
        Ok(refused.limit(1).one(uow.tx()).await?.is_some())
    }

    /// The requests of an order, oldest first. The caller has decided that it may be seen.
    pub(super) async fn requests_of(&self, order: Id<Order>) -> Result<Vec<RefundRequestView>, Error> {
        let rows = refund_request::Entity::find()
            .filter(refund_request::Column::OrderId.eq(order))
            .order_by_asc(refund_request::Column::Id)
            .limit(50)
            .all(self.store().reader())
            .await?;
        rows.into_iter().map(RefundRequestView::of).collect()
    }
}

/// The step by which a request is granted: all or a part, with or without the goods.
const fn granted_by(kind: RefundKind, whole: bool, went: bool) -> Event {
    match kind {
        RefundKind::WithReturn => Event::GrantReturn,
        RefundKind::MoneyOnly if !whole => Event::GrantPart,
        RefundKind::MoneyOnly if went => Event::GrantKeep,
        RefundKind::MoneyOnly => Event::GrantRefund,
    }
}
