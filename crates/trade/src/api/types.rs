//! What the API takes and gives.

use luhuan_kernel::{Actor, Id, Organisation, Person, Timestamp};
use luhuan_listing::Listing;
use serde::Serialize;

use crate::{
    ActionView, Address, ClockView, Conversation, DisputeView, Error, Figures, InvoiceView, LineView,
    MoneyLine, Offer, Order, OrderView, PartyView, PaymentView, RefundRequestView, ReviewView,
    entity::order::{self, Step},
    model::{By, Fee, State},
    policy,
};

/// An order as each command answers with it. Amounts are fen.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OrderSummary {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Order>,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// As which side you see it.
    pub role: By,
    /// Where it stands.
    pub state: State,
    /// Who buys.
    #[schema(value_type = String, format = "uuid")]
    pub buyer: Id<Person>,
    /// Who sells.
    #[schema(value_type = String, format = "uuid")]
    pub seller: Id<Person>,
    /// For which shop.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub shop: Option<Id<Organisation>>,
    /// The first thing in it.
    #[schema(value_type = String, format = "uuid")]
    pub listing: Id<Listing>,
    /// How many things are in it.
    pub things: i32,
    /// Title of the first.
    pub title: String,
    /// The goods.
    pub goods_fen: i64,
    /// Carriage paid with it.
    pub freight_fen: i64,
    /// What the buyer pays.
    pub total_fen: i64,
    /// Held for it now.
    pub held_fen: i64,
    /// Gone back to the buyer.
    pub refunded_fen: i64,
    /// How it is paid.
    pub provider: Option<String>,
    /// The offer it was made by.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub offer: Option<Id<Offer>>,
    /// How it gets there.
    pub delivery: String,
    /// The carrier.
    pub carrier: Option<String>,
    /// The tracking number.
    pub tracking: Option<String>,
    /// Where it is handed over.
    pub meet_place: Option<String>,
    /// When it is handed over.
    pub meet_at: Option<Timestamp>,
    /// Whether the buyer has confirmed the flaws.
    pub flaws_confirmed: bool,
    /// Whether it may be returned within seven days.
    pub returnable: bool,
    /// The clock that runs.
    pub clock: Option<ClockView>,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl OrderSummary {
    pub(super) fn of(actor: &Actor, row: &order::Model) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            version: row.version,
            role: policy::side(actor, row.parties()).unwrap_or(By::Staff),
            state: row.state()?,
            buyer: row.buyer_id,
            seller: row.seller_id,
            shop: row.seller_shop,
            listing: row.listing_id,
            things: row.things,
            title: row.title.clone(),
            goods_fen: row.goods_fen,
            freight_fen: row.freight_fen,
            total_fen: row.total_fen,
            held_fen: row.held_fen,
            refunded_fen: row.refunded_fen,
            provider: row.provider.clone(),
            offer: row.offer_id,
            delivery: row.delivery.clone(),
            carrier: row.carrier.clone(),
            tracking: row.tracking.clone(),
            meet_place: row.meet_place.clone(),
            meet_at: row.meet_at,
            flaws_confirmed: row.flaws_confirmed_at.is_some(),
            returnable: row.returnable,
            clock: match (row.due_event()?, row.due_at) {
                (Some(event), Some(at)) => Some(ClockView { event, at }),
                _ => None,
            },
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// An order whole.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OrderDocument {
    /// As each command answers with it.
    #[serde(flatten)]
    pub summary: OrderSummary,
    /// The things in it.
    pub lines: Vec<LineView>,
    /// Who buys.
    pub buyer_party: PartyView,
    /// Who sells.
    pub seller_party: PartyView,
    /// The seller's figures.
    pub seller_figures: Figures,
    /// The money, line by line, as your side sees it.
    pub money: Vec<MoneyLine>,
    /// The fee as it was reckoned; for the seller and staff.
    pub fee: Option<Fee>,
    /// What you may do.
    pub actions: Vec<ActionView>,
    /// What happened, oldest first.
    pub steps: Vec<Step>,
    /// Flaws that the listings state.
    pub flaws: Vec<String>,
    /// The buyer's note.
    pub note: String,
    /// Where it is sent, where you need it.
    pub address: Option<Address>,
    /// The six digits that you show the other at the handover.
    pub code: Option<String>,
    /// The payments.
    pub payments: Vec<PaymentView>,
    /// Requests for money back.
    pub refund_requests: Vec<RefundRequestView>,
    /// The dispute.
    pub dispute: Option<DisputeView>,
    /// Whether the dispute may go to the jury, if both accept it.
    pub jury_possible: bool,
    /// The reviews that you may read.
    pub reviews: Vec<ReviewView>,
    /// Whether you may write a review now.
    pub may_review: bool,
    /// The invoices of your side.
    pub invoices: Vec<InvoiceView>,
    /// Until when the goods may be returned within seven days.
    pub return_until: Option<Timestamp>,
    /// The conversation between the two about the first thing.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub conversation: Option<Id<Conversation>>,
}

impl OrderDocument {
    pub(super) fn of(actor: &Actor, view: OrderView) -> Result<Self, Error> {
        Ok(Self {
            summary: OrderSummary::of(actor, &view.row)?,
            lines: view.lines,
            buyer_party: view.buyer,
            seller_party: view.seller,
            seller_figures: view.seller_figures,
            money: view.money,
            fee: view.fee,
            actions: view.actions,
            steps: view.steps,
            flaws: view.flaws,
            note: view.row.note,
            address: view.address,
            code: view.code,
            payments: view.payments,
            refund_requests: view.requests,
            dispute: view.dispute,
            jury_possible: view.jury_possible,
            reviews: view.reviews,
            may_review: view.may_review,
            invoices: view.invoices,
            return_until: view.return_until,
            conversation: view.conversation,
        })
    }
}
