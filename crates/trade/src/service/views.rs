//! One order whole, as its buyer, its seller or staff see it.

use luhuan_kernel::{Actor, Id, Organisation, Person, Timestamp};
use luhuan_ledger::{Payment, PaymentState, Provider, entity::payment};
use luhuan_listing::{Card, Listing};
use luhuan_store::Error as StoreError;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::{
    Address, DisputeView, Figures, InvoiceView, RefundRequestView, ReviewView, Trade, ledger_id,
    orders::address_place, steps::code_place,
};
use crate::{
    Conversation, Error, Order, RecyclingItem,
    entity::{conversation, json, line, order, order::Step},
    model::{By, Event, Fee, JuryRules, RefundState, State, When, divide, may_return_until},
    policy,
};

/// Something that the reader may do with the order now, or a little later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ActionView {
    /// The step of the process.
    pub event: Event,
    /// From when on, where it is not now.
    pub from: Option<Timestamp>,
}

/// The clock that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ClockView {
    /// What happens when it runs out.
    pub event: Event,
    /// When.
    pub at: Timestamp,
}

/// One thing of the order.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LineView {
    /// The listing.
    #[schema(value_type = String, format = "uuid")]
    pub listing: Id<Listing>,
    /// Title when it was bought.
    pub title: String,
    /// Price paid for it, in fen.
    pub price_fen: i64,
    /// The listing as its lists show it; nothing when it is not for the reader's eyes any more.
    pub card: Option<Card>,
}

/// A line of the money of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MoneyLine {
    /// `goods`, `freight`, `total`, `fee`, `to_seller`, `held`, `refunded`, `received`.
    pub what: &'static str,
    /// How much, in fen.
    pub fen: i64,
}

/// One of the two.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PartyView {
    /// Who.
    #[schema(value_type = String, format = "uuid")]
    pub person: Id<Person>,
    /// The shop.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub shop: Option<Id<Organisation>>,
    /// The shop's name, or the person's.
    pub name: String,
}

/// A try to pay.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct PaymentView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Payment>,
    /// By which provider.
    pub provider: Provider,
    /// Where it stands; `unknown` until the provider says itself.
    pub state: PaymentState,
    /// How much, in fen.
    pub amount_fen: i64,
    /// With which the payer's browser completes it at the provider; for the payer only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub client_secret: Option<String>,
    /// The provider's code of why the last try failed.
    pub failure: Option<String>,
}

impl PaymentView {
    /// As an actor may see it.
    pub(crate) fn of(row: payment::Model, actor: &Actor) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            provider: row.provider()?,
            state: row.state()?,
            amount_fen: row.amount,
            client_secret: row.client_secret.filter(|_| actor.is(row.payer_id)),
            failure: row.failure,
        })
    }
}

/// An order whole.
#[derive(Clone, Debug)]
pub struct OrderView {
    /// The row.
    pub row: order::Model,
    /// As which side the reader sees it.
    pub role: By,
    /// Where it stands.
    pub state: State,
    /// The things in it.
    pub lines: Vec<LineView>,
    /// Who buys.
    pub buyer: PartyView,
    /// Who sells.
    pub seller: PartyView,
    /// The seller's figures.
    pub seller_figures: Figures,
    /// The money, line by line, as the reader's side sees it.
    pub money: Vec<MoneyLine>,
    /// The fee as it was reckoned; for the seller and staff.
    pub fee: Option<Fee>,
    /// What the reader may do.
    pub actions: Vec<ActionView>,
    /// The clock that runs.
    pub clock: Option<ClockView>,
    /// What happened, oldest first.
    pub steps: Vec<Step>,
    /// Flaws that the listings state.
    pub flaws: Vec<String>,
    /// Where it is sent: for the buyer, and for the seller while there is something to send.
    pub address: Option<Address>,
    /// The six digits of the handover that the reader shows the other.
    pub code: Option<String>,
    /// The payments, the newest last.
    pub payments: Vec<PaymentView>,
    /// Requests for money back, oldest first.
    pub requests: Vec<RefundRequestView>,
    /// The dispute.
    pub dispute: Option<DisputeView>,
    /// Whether the dispute may go to the jury, if both accept it.
    pub jury_possible: bool,
    /// The reviews that the reader may read.
    pub reviews: Vec<ReviewView>,
    /// Whether the reader may write a review now.
    pub may_review: bool,
    /// The invoices of the reader's side.
    pub invoices: Vec<InvoiceView>,
    /// Until when the goods may be returned within seven days.
    pub return_until: Option<Timestamp>,
    /// The conversation between the two about the first thing.
    pub conversation: Option<Id<Conversation>>,
}

impl Trade {
    /// One order.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes.
    pub async fn view(&self, actor: &Actor, id: Id<Order>) -> Result<OrderView, Error> {
        let row = order::Entity::find_by_id(id).one(self.store().reader()).await?.ok_or(Error::NotFound)?;
        let role = policy::view(actor, row.parties())?;
        self.complete(actor, row, role).await
    }

    async fn complete(&self, actor: &Actor, row: order::Model, role: By) -> Result<OrderView, Error> {
        let state = row.state()?;
        let shops: Vec<_> = row.seller_shop.into_iter().collect();
        let names = self.names(&[row.buyer_id, row.seller_id], &shops).await?;
        let requests = self.requests_of(row.id).await?;
        let steps = row.steps()?;
        let disputed = steps.iter().any(|step| step.event == Event::OpenDispute);
        let dispute = if disputed { self.dispute_of(row.id).await? } else { None };
        let reviews =
            if row.settled_at.is_some() { self.reviews_of(row.id, role).await? } else { Vec::new() };
        let payments = self.ledger().payments_of_order(ledger_id(row.id)).await?;
        let rules = JuryRules::load();
        Ok(OrderView {
            role,
            state,
            lines: self.lines_of(actor, &row).await?,
            buyer: PartyView { person: row.buyer_id, shop: None, name: names.of(row.buyer_id, None) },
            seller: PartyView {
                person: row.seller_id,
                shop: row.seller_shop,
                name: names.of(row.seller_id, row.seller_shop),
            },
            seller_figures: self.figures(row.seller_id, row.seller_shop).await?,
            money: money(&row, role)?,
            fee: (role != By::Buyer).then(|| row.fee()),
            actions: self.actions(&row, state, role, &requests, dispute.as_ref())?,
            clock: match (row.due_event()?, row.due_at) {
                (Some(event), Some(at)) => Some(ClockView { event, at }),
                _ => None,
            },
            steps,
            flaws: row.flaws()?,
            address: self.address_for(&row, state, role)?,
            code: self.code_for(actor, &row, state, role, &payments)?,
            payments: payments
                .into_iter()
                .map(|payment| PaymentView::of(payment, actor))
                .collect::<Result<_, _>>()?,
            jury_possible: state == State::Disputed
                && rules.enabled
                && self.settings().jury
                && row.held_fen <= rules.most_fen,
            may_review: role.is_party()
                && state == State::Settled
                && !reviews.iter().any(|review| review.by == role),
            invoices: if row.settled_at.is_some() {
                self.invoices_of(row.id, role).await?
            } else {
                Vec::new()
            },
            return_until: row
                .received_at
                .filter(|_| row.returnable)
                .map(|received| may_return_until(row.clocks(), received)),
            conversation: self.conversation_of(&row).await?,
            requests,
            dispute,
            reviews,
            row,
        })
    }

    async fn lines_of(&self, actor: &Actor, row: &order::Model) -> Result<Vec<LineView>, Error> {
        let lines = line::Entity::find()
            .filter(line::Column::OrderId.eq(row.id))
            .order_by_asc(line::Column::Position)
            .limit(Self::MAX_LINES as u64)
            .all(self.store().reader())
            .await?;
        let ids: Vec<_> = lines.iter().map(|line| line.listing_id).collect();
        let cards = self.listings().cards_of(actor, &ids).await?;
        Ok(lines
            .into_iter()
            .map(|line| LineView {
                card: cards.iter().find(|card| card.id == line.listing_id).cloned(),
                listing: line.listing_id,
                title: line.title,
                price_fen: line.price_fen,
            })
            .collect())
    }

    /// What the reader may do: the table's rows for the state and the party, less what the facts of this order forbid.
    fn actions(
        &self,
        row: &order::Model,
        state: State,
        role: By,
        requests: &[RefundRequestView],
        dispute: Option<&DisputeView>,
    ) -> Result<Vec<ActionView>, Error> {
        let mut actions: Vec<ActionView> = Vec::new();
        let now = self.store().clock().now();
        let facts = Facts { row, state, role, requests, dispute };
        for step in state.ways_out().filter(|step| step.by.contains(&role)) {
            if step.when == When::NothingHeld && row.held_fen > 0 {
                continue;
            }
            let from = match step.when {
                When::NotBefore(clock) => {
                    Some(row.clocks().end(clock, row.entered_at)).filter(|at| *at > now)
                }
                _ => None,
            };
            let known = actions.iter().any(|action| action.event == step.event);
            if !known && facts.allow(step.event)? {
                actions.push(ActionView { event: step.event, from });
            }
        }
        // Paying is the ledger's to confirm, so the table does not name the buyer.
        if state == State::Created && role == By::Buyer {
            actions.insert(0, ActionView { event: Event::Pay, from: None });
        }
        Ok(actions)
    }

    fn address_for(&self, row: &order::Model, state: State, role: By) -> Result<Option<Address>, Error> {
        // The seller needs it from payment to delivery, and staff for a dispute.
        let needed = match role {
            By::Buyer => true,
            By::Seller => matches!(state, State::Paid | State::Shipped) || state.is_aside(),
            _ => state.is_disputed(),
        };
        let Some(sealed) = row.address_sealed.as_deref().filter(|_| needed) else { return Ok(None) };
        let open = self.keys().open(&address_place(row.id), sealed)?;
        Ok(Some(json(open.expose())?))
    }

    fn code_for(
        &self,
        actor: &Actor,
        row: &order::Model,
        state: State,
        role: By,
        payments: &[payment::Model],
    ) -> Result<Option<String>, Error> {
        if state != State::HandoverReady || !role.is_party() {
            return Ok(None);
        }
        if row.is_face_to_face() {
            let payment = payments.iter().find(|payment| Some(payment.id) == row.payment_id);
            return match payment {
                Some(payment) => Ok(self.ledger().face_to_face_code(actor, payment)?),
                None => Ok(None),
            };
        }
        let Some(sealed) = row.code_sealed.as_deref().filter(|_| role == By::Buyer) else { return Ok(None) };
        Ok(Some(self.keys().open(&code_place(row.id), sealed)?.expose().clone()))
    }

    async fn conversation_of(&self, row: &order::Model) -> Result<Option<Id<Conversation>>, Error> {
        let found = conversation::Entity::find()
            .filter(conversation::Column::ListingId.eq(row.listing_id))
            .filter(conversation::Column::BuyerId.eq(row.buyer_id))
            .one(self.store().reader())
            .await?;
        Ok(found.map(|row| row.id))
    }

    /// Where an actor may have what does not sell collected, in one tap; nothing where nobody collects it.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless the listing is the actor's.
    pub async fn recycling_offer(&self, actor: &Actor, id: Id<Listing>) -> Result<Option<String>, Error> {
        let Some(recycling) = &self.inner.recycling else { return Ok(None) };
        let row = self.listings().rows_of(&[id]).await?.pop().ok_or(Error::NotFound)?;
        let person = policy::view_own(actor)?;
        let parties = policy::Parties { buyer: person, seller: row.person_id, shop: row.organisation_id };
        if !policy::sells(actor, parties) {
            return Err(Error::NotFound);
        }
        let item = RecyclingItem {
            listing: id,
            title: row.title,
            category: row.category,
            quantity: row.quantity,
            subdistrict: row.subdistrict,
        };
        Ok(recycling.offer(actor, &item).await)
    }
}

/// What the table does not know of an order.
struct Facts<'a> {
    row: &'a order::Model,
    state: State,
    role: By,
    requests: &'a [RefundRequestView],
    dispute: Option<&'a DisputeView>,
}

impl Facts<'_> {
    fn allow(&self, event: Event) -> Result<bool, StoreError> {
        let pickup = self.row.delivery == luhuan_listing::model::Delivery::Pickup.code();
        let granted = self.row.due_event()?;
        let accepted = self.dispute.is_some_and(|dispute| match self.role {
            By::Buyer => dispute.accepted.0,
            _ => dispute.accepted.1,
        });
        let refused = || self.requests.iter().any(|request| request.state == RefundState::Refused);
        let opened = || self.dispute.is_some_and(|dispute| !dispute.over && dispute.opened_by == self.role);
        let returning = || self.requests.iter().any(|request| request.state == RefundState::Agreed);
        Ok(match event {
            Event::PayAtHandover => pickup,
            Event::Ship => !pickup,
            Event::GrantRefund | Event::GrantKeep | Event::GrantPart | Event::GrantReturn => {
                granted == Some(event)
            }
            Event::RequestRefund => self.row.held_fen > 0 && self.requests.len() < 3,
            Event::OpenDispute => {
                let talked = self.role == By::Seller || self.state == State::ReturnShipped || refused();
                self.row.held_fen > 0 && talked
            }
            Event::Confirm => !(self.row.is_face_to_face() && self.state == State::HandoverReady),
            Event::Extend => !self.row.extended,
            Event::GiveBack => self.row.seller_fen > 0,
            Event::CheckIn => match self.role {
                By::Buyer => self.row.buyer_here_at.is_none(),
                _ => self.row.seller_here_at.is_none(),
            },
            Event::DropDispute => opened() && !returning(),
            Event::AcceptRuling => !accepted,
            Event::Appeal => !accepted && self.dispute.is_some_and(|dispute| dispute.appealed_by.is_none()),
            _ => true,
        })
    }
}

/// The money of an order as a side sees it.
fn money(row: &order::Model, role: By) -> Result<Vec<MoneyLine>, Error> {
    let line = |what, fen| MoneyLine { what, fen };
    let mut lines =
        vec![line("goods", row.goods_fen), line("freight", row.freight_fen), line("total", row.total_fen)];
    if row.refunded_fen > 0 {
        lines.push(line("refunded", row.refunded_fen));
    }
    if row.held_fen > 0 {
        lines.push(line("held", row.held_fen));
    }
    if role == By::Buyer {
        return Ok(lines);
    }
    if row.settled_at.is_some() || row.seller_fen > 0 {
        lines.push(line("fee", row.charged_fen));
        lines.push(line("received", row.seller_fen));
    } else if !row.is_face_to_face() {
        // What it would come to if it were settled now.
        let held = if row.paid_at.is_some() { row.held_fen } else { row.total_fen };
        let parts = divide(held, 0, row.goods_fen, row.refunded_fen, row.fee())?;
        lines.push(line("fee", parts.fee_fen));
        lines.push(line("to_seller", parts.seller_fen));
    }
    Ok(lines)
}
