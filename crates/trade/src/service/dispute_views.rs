//! Disputes as they are seen: one whole, and the queue of staff.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Page, Problem, Timestamp};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;

use super::{PhotoView, Trade, disputes::EVIDENCE_MOST};
use crate::{
    Dispute, Error, Order, TradePhoto,
    entity::{code, dispute, evidence, json, order, ruling},
    model::{By, DisputeReason, Stage, State},
    policy,
};

/// A dispute as both, staff and (without names) jurors see it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DisputeView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Dispute>,
    /// The order.
    #[schema(value_type = String, format = "uuid")]
    pub order: Id<Order>,
    /// Which side opened it.
    pub opened_by: By,
    /// What it is about.
    pub reason: DisputeReason,
    /// In their words.
    pub words: String,
    /// How much should go back to the buyer, in fen.
    pub claim_fen: i64,
    /// Whether the buyer and the seller accept the jury.
    pub jury: (bool, bool),
    /// Whether the buyer and the seller accept the ruling.
    pub accepted: (bool, bool),
    /// The side that appealed.
    pub appealed_by: Option<By>,
    /// Its words.
    pub appeal_words: String,
    /// Whether it is at its end.
    pub over: bool,
    /// What both showed.
    pub evidence: Vec<EvidenceView>,
    /// The rulings, the first instance first.
    pub rulings: Vec<RulingView>,
    /// When it was opened.
    pub created_at: Timestamp,
}

/// A piece of evidence.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct EvidenceView {
    /// Which side gave it.
    pub by: By,
    /// In words.
    pub text: String,
    /// Photos.
    pub photos: Vec<PhotoView>,
    /// When.
    pub at: Timestamp,
}

/// A ruling.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct RulingView {
    /// Which instance.
    pub stage: Stage,
    /// By the jury or by staff.
    pub by: By,
    /// Back to the buyer, in fen.
    pub buyer_fen: i64,
    /// The reasons.
    pub reasons: String,
    /// When.
    pub at: Timestamp,
}

/// Which disputes to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DisputeQueue {
    /// Those that wait for staff.
    #[default]
    Waiting,
    /// All that are under way.
    All,
}

/// A dispute as the queue of staff lists it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct DisputeCard {
    /// The order.
    #[schema(value_type = String, format = "uuid")]
    pub order: Id<Order>,
    /// What was bought.
    pub title: String,
    /// Where the order stands.
    pub state: State,
    /// What is held, in fen.
    pub held_fen: i64,
    /// Which side opened it.
    pub opened_by: By,
    /// What it is about.
    pub reason: DisputeReason,
    /// How much should go back, in fen.
    pub claim_fen: i64,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// When its clock runs out.
    pub due_at: Option<Timestamp>,
}

impl Trade {
    /// The disputes that wait for a decision, the oldest first; or all that are under way.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but staff; 422 for a cursor that is not of this list.
    pub async fn disputes(
        &self,
        actor: &Actor,
        queue: DisputeQueue,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<DisputeCard>, Problem> {
        policy::decide(actor)?;
        let states: &[State] = match queue {
            DisputeQueue::Waiting => &[State::Deciding, State::Appealed],
            DisputeQueue::All => {
                &[State::Disputed, State::Jury, State::Deciding, State::Ruled, State::Appealed]
            }
        };
        let after: Option<(Timestamp, Id<Order>)> = super::query::key(after)?;
        let mut query = order::Entity::find()
            .filter(order::Column::State.is_in(states.iter().map(|state| state.code())))
            .order_by_asc(order::Column::EnteredAt)
            .order_by_asc(order::Column::Id)
            .limit(limit.probe());
        if let Some((at, id)) = after {
            let place = Expr::tuple([Expr::col(order::Column::EnteredAt), Expr::col(order::Column::Id)]);
            query =
                query.filter(Condition::all().add(place.gt(Expr::tuple([Expr::value(at), Expr::value(id)]))));
        }
        let rows = query.all(self.store().reader()).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.entered_at, row.id));
        let disputes = dispute::Entity::find()
            .filter(dispute::Column::OrderId.is_in(page.items.iter().map(|row| row.id)))
            .filter(dispute::Column::State.eq("open"))
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        let mut cards = Vec::with_capacity(page.items.len());
        for row in &page.items {
            if let Some(dispute) = disputes.iter().find(|dispute| dispute.order_id == row.id) {
                cards.push(card(row, dispute)?);
            }
        }
        Ok(Page { items: cards, next: page.next })
    }

    /// The last dispute of an order, whole. The caller has decided that it may be seen.
    pub(super) async fn dispute_of(&self, order: Id<Order>) -> Result<Option<DisputeView>, Error> {
        let row = dispute::Entity::find()
            .filter(dispute::Column::OrderId.eq(order))
            .order_by_desc(dispute::Column::Id)
            .one(self.store().reader())
            .await?;
        match row {
            Some(row) => Ok(Some(self.dispute_view(row).await?)),
            None => Ok(None),
        }
    }

    pub(super) async fn dispute_view(&self, row: dispute::Model) -> Result<DisputeView, Error> {
        let db = self.store().reader();
        let rulings = ruling::Entity::find().filter(ruling::Column::DisputeId.eq(row.id)).all(db).await?;
        let mut rulings = rulings.into_iter().map(ruling_view).collect::<Result<Vec<_>, _>>()?;
        rulings.sort_by_key(|ruling| ruling.stage);
        let shown = evidence::Entity::find()
            .filter(evidence::Column::DisputeId.eq(row.id))
            .order_by_asc(evidence::Column::Id)
            .limit(2 * EVIDENCE_MOST as u64)
            .all(db)
            .await?;
        let mut evidence = Vec::with_capacity(shown.len());
        for piece in shown {
            let photos: Vec<Id<TradePhoto>> = json(&piece.photos)?;
            evidence.push(EvidenceView {
                by: code(&piece.by_side)?,
                photos: self.photo_views(&photos).await?,
                text: piece.text,
                at: piece.at,
            });
        }
        Ok(DisputeView {
            id: row.id,
            order: row.order_id,
            opened_by: code(&row.opened_by)?,
            reason: code(&row.reason)?,
            jury: (row.jury_buyer, row.jury_seller),
            accepted: (row.accepted_buyer, row.accepted_seller),
            appealed_by: row.appealed_by.as_deref().map(code).transpose()?,
            over: row.state != "open",
            claim_fen: row.claim_fen,
            created_at: row.created_at,
            words: row.words,
            appeal_words: row.appeal_words,
            evidence,
            rulings,
        })
    }
}

fn ruling_view(row: ruling::Model) -> Result<RulingView, Error> {
    Ok(RulingView {
        stage: code(&row.stage)?,
        by: code(&row.by_side)?,
        buyer_fen: row.buyer_fen,
        reasons: row.reasons,
        at: row.at,
    })
}

fn card(row: &order::Model, dispute: &dispute::Model) -> Result<DisputeCard, Error> {
    Ok(DisputeCard {
        order: row.id,
        title: row.title.clone(),
        state: row.state()?,
        held_fen: row.held_fen,
        opened_by: code(&dispute.opened_by)?,
        reason: code(&dispute.reason)?,
        claim_fen: dispute.claim_fen,
        since: row.entered_at,
        due_at: row.due_at,
    })
}
