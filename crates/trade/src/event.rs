//! What trade tells the others: ids, amounts and codes; no personal data. Whoever must be told is named.

use luhuan_kernel::{EventKind, Id, Organisation, Person};
use luhuan_listing::Listing;
use serde::{Deserialize, Serialize};

use crate::{
    Conversation, Dispute, Message, Offer, Order, Review,
    entity::{offer, order},
    model::{By, Event, OfferState, State},
};

/// An offer was made or moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferEvent {
    /// Which.
    pub offer: Id<Offer>,
    /// For what.
    pub listing: Id<Listing>,
    /// Who wants to buy.
    pub buyer: Id<Person>,
    /// Who sells.
    pub seller: Id<Person>,
    /// For which shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<Id<Organisation>>,
    /// The side that moved it, or the clock.
    pub by: By,
    /// The amount on the table, in fen.
    pub amount_fen: i64,
    /// How often an amount was named.
    pub rounds: i32,
    /// Where it stands now.
    pub state: OfferState,
}

impl OfferEvent {
    pub(crate) fn of(row: &offer::Model, by: By) -> Result<Self, luhuan_store::Error> {
        Ok(Self {
            offer: row.id,
            listing: row.listing_id,
            buyer: row.buyer_id,
            seller: row.seller_id,
            shop: row.seller_shop,
            by,
            amount_fen: row.amount_fen,
            rounds: row.rounds,
            state: row.state()?,
        })
    }
}

impl EventKind for OfferEvent {
    fn name(&self) -> &'static str {
        match self.state {
            OfferState::Open if self.rounds == 1 => "trade.offer_made",
            OfferState::Open => "trade.offer_countered",
            OfferState::Accepted => "trade.offer_accepted",
            OfferState::Used => "trade.offer_used",
            OfferState::Declined => "trade.offer_declined",
            OfferState::Lapsed => "trade.offer_lapsed",
        }
    }

    fn subject(&self) -> String {
        self.offer.to_string()
    }
}

/// A message was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageEvent {
    /// In which conversation.
    pub conversation: Id<Conversation>,
    /// Which message.
    pub message: Id<Message>,
    /// About what.
    pub listing: Id<Listing>,
    /// Who wrote it.
    pub from: Id<Person>,
    /// Whom it is for; of a shop, who posted the listing.
    pub to: Id<Person>,
    /// Which side wrote it.
    pub by: By,
    /// Who buys.
    pub buyer: Id<Person>,
    /// Who sells.
    pub seller: Id<Person>,
    /// For which shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<Id<Organisation>>,
    /// Kind of a contact detail in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<String>,
}

impl EventKind for MessageEvent {
    fn name(&self) -> &'static str {
        "trade.message_sent"
    }

    fn subject(&self) -> String {
        self.conversation.to_string()
    }
}

/// A step of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderEvent {
    /// Which.
    pub order: Id<Order>,
    /// The first thing in it.
    pub listing: Id<Listing>,
    /// Who buys.
    pub buyer: Id<Person>,
    /// Who sells.
    pub seller: Id<Person>,
    /// For which shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<Id<Organisation>>,
    /// What happened; nothing when it was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// By whom.
    pub by: By,
    /// From where; nothing when it was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<State>,
    /// Where it stands now.
    pub to: State,
    /// What was ordered for, in fen, carriage included.
    pub total_fen: i64,
    /// What this step moved, in fen: what was paid, went back, or went to the seller.
    pub amount_fen: i64,
}

impl OrderEvent {
    pub(crate) fn submitted(row: &order::Model, listing: Id<Listing>) -> Self {
        Self {
            order: row.id,
            listing,
            buyer: row.buyer_id,
            seller: row.seller_id,
            shop: row.seller_shop,
            event: None,
            by: By::Buyer,
            from: None,
            to: State::Created,
            total_fen: row.total_fen,
            amount_fen: row.total_fen,
        }
    }
}

impl EventKind for OrderEvent {
    fn name(&self) -> &'static str {
        let Some(event) = self.event else { return "trade.order_created" };
        match event {
            Event::Pay => "trade.order_paid",
            Event::PayAtHandover => "trade.order_to_pay_at_handover",
            Event::Expire => "trade.order_expired",
            Event::Cancel | Event::CancelLate => "trade.order_cancelled",
            Event::Abandon if self.to == State::Cancelled => "trade.order_cancelled",
            Event::Abandon => "trade.order_return_lapsed",
            Event::Ship => "trade.order_shipped",
            Event::Arrange => "trade.order_arranged",
            Event::CheckIn => "trade.order_checked_in",
            Event::HandOver => "trade.order_handed_over",
            Event::Confirm | Event::AutoConfirm => "trade.order_received",
            Event::Extend => "trade.order_extended",
            Event::RequestRefund => "trade.order_refund_requested",
            Event::WithdrawRequest => "trade.order_refund_withdrawn",
            Event::RefuseRefund => "trade.order_refund_refused",
            Event::GrantReturn => "trade.order_return_agreed",
            Event::SendBack => "trade.order_sent_back",
            Event::GrantRefund
            | Event::GrantKeep
            | Event::GrantPart
            | Event::AcceptReturn
            | Event::GiveBack
            | Event::ExecuteRefund => "trade.order_refunded",
            Event::OpenDispute => "trade.order_dispute_opened",
            Event::DropDispute => "trade.order_dispute_dropped",
            Event::CallJury => "trade.order_jury_called",
            Event::Refer => "trade.order_dispute_referred",
            Event::Verdict | Event::Rule => "trade.order_dispute_resolved",
            Event::AcceptRuling => "trade.order_ruling_accepted",
            Event::Appeal => "trade.order_appealed",
            Event::Settle | Event::ExecuteSplit => "trade.order_settled",
            Event::Close => "trade.order_closed",
        }
    }

    fn subject(&self) -> String {
        self.order.to_string()
    }
}

/// A review was written, replied to or hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewEvent {
    /// Which.
    pub review: Id<Review>,
    /// Of which order.
    pub order: Id<Order>,
    /// Who buys.
    pub buyer: Id<Person>,
    /// Who sells.
    pub seller: Id<Person>,
    /// Which side wrote it.
    pub by: By,
    /// About whom.
    pub about: Id<Person>,
    /// What happened to it.
    pub what: ReviewStep,
    /// Whether both can read it now.
    pub shown: bool,
}

/// What happened to a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewStep {
    /// It was written.
    Written,
    /// The other replied.
    Replied,
    /// A moderator hid it.
    Hidden,
}

impl EventKind for ReviewEvent {
    fn name(&self) -> &'static str {
        match self.what {
            ReviewStep::Written => "trade.order_reviewed",
            ReviewStep::Replied => "trade.review_replied",
            ReviewStep::Hidden => "trade.review_hidden",
        }
    }

    fn subject(&self) -> String {
        self.order.to_string()
    }
}

/// Jurors were drawn for a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JuryEvent {
    /// Which dispute.
    pub dispute: Id<Dispute>,
    /// Of which order.
    pub order: Id<Order>,
    /// Who is asked to vote.
    pub jurors: Vec<Id<Person>>,
}

impl EventKind for JuryEvent {
    fn name(&self) -> &'static str {
        "trade.jury_drawn"
    }

    fn subject(&self) -> String {
        self.dispute.to_string()
    }
}
