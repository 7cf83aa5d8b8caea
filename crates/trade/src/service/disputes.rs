//! Disputes: evidence by both, a ruling by the jury or staff, one appeal.

use luhuan_kernel::{Actor, Id, Message};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use super::{
    Trade, some_words,
    steps::{Move, set_clock},
    words,
};
use crate::{
    Dispute, Error, Order, Ruled, TradePhoto,
    entity::{dispute, evidence, order, ruling, text},
    model::{By, DisputeReason, Event, IllegalStep, JuryRules, Ruling, Stage, State},
    policy,
};

/// Pieces of evidence of one side at most.
pub(super) const EVIDENCE_MOST: usize = 20;

/// Photos of one piece of evidence at most.
pub(super) const PHOTOS_MOST: usize = 9;

/// What somebody wants decided.
#[derive(Clone, Debug)]
pub struct NewDispute {
    /// What it is about.
    pub reason: DisputeReason,
    /// In their words.
    pub words: String,
    /// How much should go back to the buyer, in fen: by a buyer all that is held unless said otherwise, by a seller nothing.
    pub claim_fen: Option<i64>,
    /// Whether the jury would be accepted.
    pub jury: bool,
}

impl Trade {
    /// Opens a dispute. A buyer first asks the seller, who has refused; a seller may when goods that came back are not
    /// what was sent, or the buyer does not turn up.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::TalkFirst`]; [`Error::NothingHeld`].
    pub async fn open_dispute(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        new: NewDispute,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::OpenDispute).await?;
        let row = &moving.row;
        row.state()?.step(Event::OpenDispute, by)?;
        if row.held_fen == 0 {
            return Err(Error::NothingHeld);
        }
        if by == By::Buyer && !self.was_refused(uow, id).await? && row.state()? != State::ReturnShipped {
            return Err(Error::TalkFirst);
        }
        let claim_fen = new.claim_fen.unwrap_or(if by == By::Buyer { row.held_fen } else { 0 });
        if claim_fen < 0 || claim_fen > row.held_fen {
            return Err(
                crate::model::DivisionError::OutOfRange { asked: claim_fen, held: row.held_fen }.into()
            );
        }
        let dispute = dispute::Model {
            id: self.new_id(),
            order_id: id,
            opened_by: by.code().to_owned(),
            person_id: actor.person_id().ok_or(Error::Unauthenticated)?,
            reason: new.reason.code().to_owned(),
            words: words("words", &new.words, 1000)?,
            claim_fen,
            jury_buyer: by == By::Buyer && new.jury,
            jury_seller: by == By::Seller && new.jury,
            seed: None,
            accepted_buyer: false,
            accepted_seller: false,
            appealed_by: None,
            appeal_words: String::new(),
            state: "open".to_owned(),
            created_at: uow.now(),
            ended_at: None,
        };
        let step = Move::new(Event::OpenDispute, by).next(Event::Refer).words(&dispute.words);
        dispute::Entity::insert(dispute.into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        self.take(uow, &mut moving, step).await?;
        self.close(uow, moving).await
    }

    /// Gives evidence: words and photos that were sent before.
    ///
    /// # Errors
    /// [`Error::IllegalStep`] unless evidence is taken; [`Error::Invalid`].
    pub async fn give_evidence(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        words: &str,
        photos: &[Id<TradePhoto>],
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, None, Event::OpenDispute).await?;
        let state = moving.row.state()?;
        if !matches!(state, State::Disputed | State::Deciding | State::Appealed) {
            return Err(IllegalStep { from: state, event: Event::OpenDispute, by }.into());
        }
        let dispute = self.open_dispute_of(uow, id).await?;
        let words = some_words("text", words, 2000)?;
        if words.is_empty() && photos.is_empty() {
            return Err(Error::field("text", Message::new("trade-words-required")));
        }
        self.check_photos(uow, actor, None, Some(id), photos).await?;
        let before = evidence::Entity::find()
            .filter(evidence::Column::DisputeId.eq(dispute.id))
            .filter(evidence::Column::BySide.eq(by.code()))
            .limit(EVIDENCE_MOST as u64 + 1)
            .all(uow.tx())
            .await?;
        if before.len() >= EVIDENCE_MOST {
            return Err(Error::field("text", Message::new("trade-too-many").with("max", EVIDENCE_MOST)));
        }
        let row = evidence::Model {
            id: self.new_id(),
            dispute_id: dispute.id,
            person_id: actor.person_id().ok_or(Error::Unauthenticated)?,
            by_side: by.code().to_owned(),
            text: words,
            photos: text(&photos),
            at: uow.now(),
        };
        evidence::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        moving.touch(uow.now());
        self.close(uow, moving).await
    }

    /// Accepts the jury as the first instance. When both do, and the dispute is small enough, it goes there once the
    /// evidence is in.
    ///
    /// # Errors
    /// [`Error::NotForJury`]; [`Error::NoJurors`] when not enough are free today.
    pub async fn accept_jury(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, None, Event::OpenDispute).await?;
        let state = moving.row.state()?;
        let mut dispute = self.open_dispute_of(uow, id).await?;
        let rules = JuryRules::load();
        let small = moving.row.held_fen <= rules.most_fen;
        if state != State::Disputed || !self.settings().jury || !rules.enabled || !small {
            return Err(Error::NotForJury);
        }
        match by {
            By::Buyer => dispute.jury_buyer = true,
            _ => dispute.jury_seller = true,
        }
        let both = dispute.jury_buyer && dispute.jury_seller;
        if both {
            // Whether there are enough is known before the case goes there, not after.
            self.jurors_free(uow, &moving.row).await?;
        }
        self.save_dispute(uow, dispute).await?;
        if both {
            set_clock(&mut moving.row, State::Disputed, Some(Event::CallJury))?;
        }
        moving.touch(uow.now());
        self.close(uow, moving).await
    }

    /// Whoever opened the dispute lets it go: the order goes on where it stood.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Forbidden`] for the other.
    pub async fn drop_dispute(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::DropDispute).await?;
        moving.row.state()?.step(Event::DropDispute, by)?;
        let mut dispute = self.open_dispute_of(uow, id).await?;
        // With goods on their way back there is no way back for the order: it is ruled, whoever regrets it.
        if dispute.opened_by != by.code() || self.open_request(uow, id).await?.is_some() {
            return Err(Error::Forbidden);
        }
        "dropped".clone_into(&mut dispute.state);
        dispute.ended_at = Some(uow.now());
        self.save_dispute(uow, dispute).await?;
        self.take(uow, &mut moving, Move::new(Event::DropDispute, by)).await?;
        self.close(uow, moving).await
    }

    /// Staff take a dispute up before its time for evidence is over.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Forbidden`] for anyone but staff.
    pub async fn take_up(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
    ) -> Result<order::Model, Error> {
        policy::decide(actor)?;
        let mut moving = self.open(uow, id).await?;
        self.no_stake(actor, &moving.row)?;
        self.take(uow, &mut moving, Move::new(Event::Refer, By::Staff)).await?;
        self.close(uow, moving).await
    }

    /// Staff rule: how much of what is held goes back to the buyer, and why. The first ruling may be appealed against, the
    /// second is carried out at once.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Invalid`] without reasons; [`Error::Forbidden`] for one of the two.
    pub async fn rule(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        ruling: Ruling,
    ) -> Result<order::Model, Error> {
        let person = policy::decide(actor)?;
        let mut moving = self.open(uow, id).await?;
        super::expect_version(moving.row.version, expected)?;
        self.no_stake(actor, &moving.row)?;
        let from = moving.row.state()?;
        from.step(Event::Rule, By::Staff)?;
        let dispute = self.open_dispute_of(uow, id).await?;
        let stage = if from == State::Appealed { Stage::Final } else { Stage::First };
        if stage == Stage::Final && self.ruled_first(uow, dispute.id, person).await? {
            // An appeal is heard by somebody else.
            return Err(Error::Forbidden);
        }
        let ruling = Ruling { reasons: words("reasons", &ruling.reasons, 2000)?, ..ruling };
        self.write_ruling(uow, &moving.row, dispute.id, stage, By::Staff, Some(person), &ruling).await?;
        let step = ruled(&moving.row, Event::Rule, By::Staff, &ruling);
        self.take(uow, &mut moving, step).await?;
        if stage == Stage::Final {
            moving.row.due_at = Some(uow.now());
        }
        self.close(uow, moving).await
    }

    /// One of the two accepts the ruling; when both do it is carried out at once.
    ///
    /// # Errors
    /// [`Error::IllegalStep`].
    pub async fn accept_ruling(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, None, Event::AcceptRuling).await?;
        moving.row.state()?.step(Event::AcceptRuling, by)?;
        let mut dispute = self.open_dispute_of(uow, id).await?;
        let accepted =
            if by == By::Buyer { &mut dispute.accepted_buyer } else { &mut dispute.accepted_seller };
        if *accepted {
            return Ok(moving.row);
        }
        *accepted = true;
        let both = dispute.accepted_buyer && dispute.accepted_seller;
        self.save_dispute(uow, dispute).await?;
        self.take(uow, &mut moving, Move::new(Event::AcceptRuling, by)).await?;
        if both {
            moving.row.due_at = Some(uow.now());
        }
        self.close(uow, moving).await
    }

    /// One of the two appeals: once, with reasons.
    ///
    /// # Errors
    /// [`Error::IllegalStep`]; [`Error::Forbidden`] for one who accepted the ruling.
    pub async fn appeal(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        expected: Option<i64>,
        why: &str,
    ) -> Result<order::Model, Error> {
        let (mut moving, by) = self.party(uow, actor, id, expected, Event::Appeal).await?;
        moving.row.state()?.step(Event::Appeal, by)?;
        let mut dispute = self.open_dispute_of(uow, id).await?;
        let accepted = if by == By::Buyer { dispute.accepted_buyer } else { dispute.accepted_seller };
        if accepted || dispute.appealed_by.is_some() {
            return Err(Error::Forbidden);
        }
        dispute.appealed_by = Some(by.code().to_owned());
        dispute.appeal_words = words("words", why, 1000)?;
        let step = Move::new(Event::Appeal, by).words(&dispute.appeal_words);
        self.save_dispute(uow, dispute).await?;
        self.take(uow, &mut moving, step).await?;
        self.close(uow, moving).await
    }

    /// The dispute under way; its order's row is locked, so it needs no lock of its own.
    pub(super) async fn open_dispute_of(
        &self,
        uow: &UnitOfWork,
        order: Id<Order>,
    ) -> Result<dispute::Model, Error> {
        dispute::Entity::find()
            .filter(dispute::Column::OrderId.eq(order))
            .filter(dispute::Column::State.eq("open"))
            .one(uow.tx())
            .await?
            .ok_or(Error::NotFound)
    }

    pub(super) async fn save_dispute(&self, uow: &UnitOfWork, row: dispute::Model) -> Result<(), Error> {
        let id = row.id;
        dispute::Entity::update_many()
            .set(row.into_active_model().reset_all())
            .filter(dispute::Column::Id.eq(id))
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of a row, each of another type")]
    pub(super) async fn write_ruling(
        &self,
        uow: &UnitOfWork,
        order: &order::Model,
        dispute: Id<Dispute>,
        stage: Stage,
        by: By,
        person: Option<Id<luhuan_kernel::Person>>,
        ruling: &Ruling,
    ) -> Result<(), Error> {
        if ruling.buyer_fen < 0 || ruling.buyer_fen > order.held_fen {
            let (asked, held) = (ruling.buyer_fen, order.held_fen);
            return Err(crate::model::DivisionError::OutOfRange { asked, held }.into());
        }
        let id: Id<Ruled> = self.new_id();
        let row = ruling::Model {
            id,
            dispute_id: dispute,
            stage: stage.code().to_owned(),
            by_side: by.code().to_owned(),
            person_id: person,
            buyer_fen: ruling.buyer_fen,
            reasons: ruling.reasons.clone(),
            at: uow.now(),
        };
        ruling::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(uow.tx()).await?;
        Ok(())
    }

    /// Ends the dispute of an order by its last ruling; how much goes back to the buyer.
    pub(super) async fn execute_ruling(&self, uow: &UnitOfWork, order: Id<Order>) -> Result<i64, Error> {
        let mut dispute = self.open_dispute_of(uow, order).await?;
        let rulings =
            ruling::Entity::find().filter(ruling::Column::DisputeId.eq(dispute.id)).all(uow.tx()).await?;
        // By instance, not by time: both may bear the same instant.
        let last =
            rulings.iter().max_by_key(|ruling| ruling.stage == Stage::Final.code()).ok_or(Error::NotFound)?;
        "done".clone_into(&mut dispute.state);
        dispute.ended_at = Some(uow.now());
        self.save_dispute(uow, dispute).await?;
        // A return that was agreed on before is decided with it.
        if let Some(request) = self.open_request(uow, order).await? {
            self.close_request(uow, request).await?;
        }
        Ok(last.buyer_fen)
    }

    /// Nobody decides on their own trade.
    fn no_stake(&self, actor: &Actor, row: &order::Model) -> Result<(), Error> {
        if policy::side(actor, row.parties()).is_some() { Err(Error::Forbidden) } else { Ok(()) }
    }

    async fn ruled_first(
        &self,
        uow: &UnitOfWork,
        dispute: Id<Dispute>,
        person: Id<luhuan_kernel::Person>,
    ) -> Result<bool, Error> {
        let first = ruling::Entity::find()
            .filter(ruling::Column::DisputeId.eq(dispute))
            .filter(ruling::Column::PersonId.eq(person));
        Ok(first.one(uow.tx()).await?.is_some())
    }
}

/// The step of a ruling: what its clock will do follows from how much goes back.
pub(super) fn ruled(row: &order::Model, event: Event, by: By, ruling: &Ruling) -> Move {
    let next = if ruling.buyer_fen >= row.held_fen { Event::ExecuteRefund } else { Event::ExecuteSplit };
    Move::new(event, by).next(next).words(&ruling.reasons)
}
