//! What people of the demo city trade: conversations, offers, orders in every stage, as `data/trades.toml` tells them.
//!
//! Each step is a command of the trade service on the clock of its day, in a unit of work of its own. A step that was
//! taken is known by what it left behind, so that telling a story again takes only the steps that are missing; a story
//! that the city's people have turned another way is left as it is.

use std::{collections::HashMap, sync::LazyLock};

use luhuan_kernel::{
    Actor, Id, Limit, Membership, Money, OrganisationKind, OrganisationRole, Person, Problem, Timestamp,
};
use luhuan_ledger::{AccountOwner, Provider};
use luhuan_listing::{Listing, model::Delivery};
use luhuan_store::UnitOfWork;
use luhuan_trade::{
    Address, AnswerRefund, Conversation, Error, NewDispute, NewOffer, NewOrder, NewRefundRequest, NewReview,
    Offer, Order, OrderView, SendMessage, Shipment, ThreadView,
    model::{By, DisputeReason, Event, OfferState, RefundKind, RefundReason},
};
use serde::Deserialize;

use crate::load::{CITY, DemoError, GOODS, Past, Sellers};

/// What every resident has to begin with.
const OPENING: Money = Money::cny(300_000);

/// Messages that a story has at most.
const MESSAGES: u32 = 100;

#[derive(Deserialize)]
struct Stories {
    story: Vec<Story>,
}

/// Something between a seller and a buyer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    goods: String,
    buyer: usize,
    hours_ago: i64,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    /// Minutes since the step before.
    after: i64,
    #[serde(flatten)]
    deed: Deed,
}

/// What a step does; the data file says what each means.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deed {
    Ask(String),
    Answer(String),
    Report { reason: String, words: String },
    Offer(i64),
    Counter(i64),
    Agree(By),
    Buy(Delivery),
    Order(Delivery),
    Ship(String),
    Meet(String),
    HandOver(By),
    Confirm(By),
    AskBack { kind: RefundKind, reason: RefundReason, words: String, fen: i64 },
    Refuse(String),
    Dispute { reason: DisputeReason, words: String, fen: i64 },
    Proof { by: By, text: String },
    Wait(i64),
    Review { by: By, stars: i32, tags: Vec<String>, text: String },
}

static STORIES: LazyLock<Vec<Story>> = LazyLock::new(|| {
    let stories: Stories = toml::from_str(include_str!("../data/trades.toml"))
        .expect("the data file is part of the program, and tested");
    stories.story
});

/// Whether a thing is in a story: nothing else becomes of it.
pub(crate) fn is_told_of(external_id: &str) -> bool {
    STORIES.iter().any(|story| story.goods == external_id)
}

/// The two of a story, and what there is between them.
struct Scene<'a> {
    past: &'a Past,
    buyer: Actor,
    seller: Actor,
    home: Address,
    listing: Id<Listing>,
    conversation: Option<Id<Conversation>>,
    offer: Option<Id<Offer>>,
    order: Option<Id<Order>>,
}

impl Past {
    /// Opening funds for every resident, in one unit of work: who has an account has had theirs.
    pub(crate) async fn fund(&self, residents: &[Id<Person>]) -> Result<(), DemoError> {
        let system = Actor::system("demo");
        let Some(last) = residents.last() else { return Ok(()) };
        if !self.ledger.accounts_of(&system, &AccountOwner::Person(*last)).await?.is_empty() {
            return Ok(());
        }
        let uow = self.ledger.store().begin().await?;
        for person in residents {
            let owner = AccountOwner::Person(*person);
            self.ledger.grant(&uow, &system, &owner, OPENING, &format!("demo opening {person}")).await?;
        }
        uow.commit().await?;
        Ok(())
    }

    /// Tells every story as far as it is not told yet.
    pub(crate) async fn trade(
        &self,
        sellers: &Sellers,
        residents: &[Id<Person>],
        listings: &HashMap<&str, Id<Listing>>,
        now: Timestamp,
    ) -> Result<(), DemoError> {
        for story in STORIES.iter() {
            let Some(mut scene) = self.scene(story, sellers, residents, listings) else { continue };
            match scene.tell(story, now).await {
                Ok(()) => {}
                Err(DemoError::Trade(error)) if !matches!(error, Error::Store(_)) => {
                    tracing::debug!(%error, goods = story.goods, "a story of the demo went another way");
                }
                Err(error) => return Err(error),
            }
        }
        self.set(now);
        self.trade.run_clocks(&Actor::system("demo")).await?;
        Ok(())
    }

    /// Nothing when the thing was never posted.
    fn scene(
        &self,
        story: &Story,
        sellers: &Sellers,
        residents: &[Id<Person>],
        listings: &HashMap<&str, Id<Listing>>,
    ) -> Option<Scene<'_>> {
        let goods = GOODS.iter().find(|goods| goods.external_id == story.goods)?;
        let (person, shop) = sellers.0[goods.seller];
        let mut seller = Actor::person(person, []);
        seller.memberships.extend(shop.map(|organisation| Membership {
            organisation,
            kind: OrganisationKind::SellerShop,
            role: OrganisationRole::Owner,
        }));
        let number = story.buyer.checked_sub(1)?;
        Some(Scene {
            past: self,
            buyer: Actor::person(*residents.get(number)?, []),
            seller,
            home: home(number),
            listing: *listings.get(story.goods.as_str())?,
            conversation: None,
            offer: None,
            order: None,
        })
    }
}

/// Where a resident lives. The streets are real, nobody's door is meant.
fn home(number: usize) -> Address {
    let person = &CITY.people[number];
    let place = luhuan_kernel::geo::subdistrict(&person.subdistrict)
        .map_or_else(String::new, |place| place.short_zh().to_owned());
    Address {
        name: person.name.clone(),
        phone: person.phone.clone(),
        place: format!(
            "北京市{place}槐荫里小区 {} 号楼 {} 单元 {}02",
            number % 19 + 1,
            number % 4 + 1,
            number % 6 + 1
        ),
    }
}

/// What a story has left behind so far.
#[derive(Default)]
struct Traces {
    thread: Option<ThreadView>,
    order: Option<OrderView>,
}

impl Traces {
    /// Whether a step left something behind, `nth` of its kind in the story.
    fn has(&self, deed: &Deed, nth: usize) -> bool {
        let offer = self.thread.as_ref().and_then(|thread| thread.offer.as_ref());
        let happened = |event: Event| {
            self.order.as_ref().is_some_and(|order| order.steps.iter().any(|step| step.event == event))
        };
        match deed {
            Deed::Ask(_) | Deed::Answer(_) => {
                self.thread.as_ref().is_some_and(|thread| thread.messages.items.len() > nth)
            }
            Deed::Offer(_) | Deed::Counter(_) => {
                offer.is_some_and(|offer| usize::try_from(offer.rounds).is_ok_and(|rounds| rounds > nth))
            }
            Deed::Agree(_) => offer.is_some_and(|offer| offer.state != OfferState::Open),
            Deed::Buy(_) | Deed::Order(_) => self.order.is_some(),
            Deed::Ship(_) => happened(Event::Ship),
            Deed::Meet(_) => happened(Event::Arrange),
            Deed::HandOver(_) => happened(Event::HandOver),
            Deed::Confirm(_) => happened(Event::Confirm),
            Deed::AskBack { .. } => happened(Event::RequestRefund),
            Deed::Refuse(_) => happened(Event::RefuseRefund),
            Deed::Dispute { .. } => happened(Event::OpenDispute),
            Deed::Proof { .. } => self.order.as_ref().is_some_and(|order| {
                order.dispute.as_ref().is_some_and(|dispute| dispute.evidence.len() > nth)
            }),
            Deed::Review { by, .. } => {
                self.order.as_ref().is_some_and(|order| order.reviews.iter().any(|review| review.by == *by))
            }
            // These leave nothing of their own behind: a later step tells that they were taken.
            Deed::Report { .. } | Deed::Wait(_) => false,
        }
    }
}

impl Story {
    /// How many of its steps were taken: all up to the last one that left something behind.
    fn told(&self, traces: &Traces) -> usize {
        let mut told = 0;
        for (place, step) in self.steps.iter().enumerate() {
            let alike = |other: &&Step| {
                matches!(
                    (&step.deed, &other.deed),
                    (Deed::Ask(_) | Deed::Answer(_), Deed::Ask(_) | Deed::Answer(_))
                        | (Deed::Offer(_) | Deed::Counter(_), Deed::Offer(_) | Deed::Counter(_))
                        | (Deed::Proof { .. }, Deed::Proof { .. })
                )
            };
            let nth = self.steps[..place].iter().filter(alike).count();
            if traces.has(&step.deed, nth) {
                told = place + 1;
            }
        }
        told
    }
}

impl Scene<'_> {
    async fn tell(&mut self, story: &Story, now: Timestamp) -> Result<(), DemoError> {
        let told = story.told(&self.traces().await?);
        let mut at = now.plus_seconds(-3600 * story.hours_ago);
        for (place, step) in story.steps.iter().enumerate() {
            at = at.plus_seconds(60 * step.after);
            if let Deed::Wait(hours) = step.deed {
                at = at.plus_seconds(3600 * hours);
            }
            // A report is sent with the words before it, in one unit.
            if place < told || matches!(step.deed, Deed::Report { .. }) {
                continue;
            }
            self.past.set(at);
            if let Deed::Wait(_) = step.deed {
                self.past.trade.run_clocks(&Actor::system("demo")).await?;
                continue;
            }
            let uow = self.past.trade.store().begin().await?;
            self.take(&uow, &step.deed).await?;
            if let Some(Deed::Report { reason, words }) = story.steps.get(place + 1).map(|next| &next.deed)
                && let Some(conversation) = self.conversation
            {
                self.past.trade.report(&uow, &self.seller, conversation, None, reason, words).await?;
            }
            uow.commit().await?;
        }
        Ok(())
    }

    /// What is there of the story, if it began.
    async fn traces(&mut self) -> Result<Traces, DemoError> {
        let trade = &self.past.trade;
        self.conversation = trade.conversation_about(&self.buyer, self.listing).await?;
        let Some(conversation) = self.conversation else { return Ok(Traces::default()) };
        let limit = Limit::of(Some(MESSAGES));
        let thread =
            trade.thread(&self.buyer, conversation, None, limit).await.map_err(|problem| unread(&problem))?;
        self.offer = thread.offer.as_ref().map(|offer| offer.id);
        self.order = thread.order.as_ref().map(|order| order.id);
        let order = match self.order {
            Some(order) => Some(trade.view(&self.buyer, order).await?),
            None => None,
        };
        Ok(Traces { thread: Some(thread), order })
    }

    async fn take(&mut self, uow: &UnitOfWork, deed: &Deed) -> Result<(), DemoError> {
        match deed {
            Deed::Ask(words) => self.say(uow, By::Buyer, words).await,
            Deed::Answer(words) => self.say(uow, By::Seller, words).await,
            Deed::Offer(_) | Deed::Counter(_) | Deed::Agree(_) => self.haggle(uow, deed).await,
            Deed::Buy(delivery) => self.order(uow, *delivery, Some(Provider::Wallet)).await,
            Deed::Order(delivery) => self.order(uow, *delivery, None).await,
            _ => self.step(uow, deed).await,
        }
    }

    fn actor(&self, by: By) -> &Actor {
        if by == By::Buyer { &self.buyer } else { &self.seller }
    }

    async fn say(&mut self, uow: &UnitOfWork, by: By, words: &str) -> Result<(), DemoError> {
        let trade = &self.past.trade;
        let conversation = match self.conversation {
            Some(conversation) => conversation,
            None => trade.begin_conversation(uow, &self.buyer, self.listing).await?.id,
        };
        let new = SendMessage { text: words.to_owned(), ..SendMessage::default() };
        trade.send_message(uow, self.actor(by), conversation, new).await?;
        self.conversation = Some(conversation);
        Ok(())
    }

    async fn haggle(&mut self, uow: &UnitOfWork, deed: &Deed) -> Result<(), DemoError> {
        let trade = &self.past.trade;
        let row = match (deed, self.offer) {
            (Deed::Offer(fen), None) => {
                trade
                    .make_offer(uow, &self.buyer, NewOffer { listing: self.listing, amount_fen: *fen })
                    .await?
            }
            (Deed::Counter(fen), Some(offer)) => {
                trade.counter_offer(uow, &self.seller, offer, None, *fen).await?
            }
            (Deed::Agree(by), Some(offer)) => trade.accept_offer(uow, self.actor(*by), offer, None).await?,
            _ => return Err(Error::NotFound.into()),
        };
        self.offer = Some(row.id);
        Ok(())
    }

    async fn order(
        &mut self,
        uow: &UnitOfWork,
        delivery: Delivery,
        pay: Option<Provider>,
    ) -> Result<(), DemoError> {
        let new = NewOrder {
            listings: vec![self.listing],
            offer: self.offer,
            delivery,
            address: (delivery != Delivery::Pickup).then(|| self.home.clone()),
            flaws_confirmed: true,
            expected_total_fen: None,
            note: String::new(),
            pay,
        };
        self.order = Some(self.past.trade.order(uow, &self.buyer, new).await?.id);
        Ok(())
    }

    /// A step of the order that there is.
    async fn step(&self, uow: &UnitOfWork, deed: &Deed) -> Result<(), DemoError> {
        let (trade, buyer, seller) = (&self.past.trade, &self.buyer, &self.seller);
        let order = self.order.ok_or(Error::NotFound)?;
        match deed {
            Deed::Ship(parcel) => {
                let (carrier, tracking) = parcel.split_once(' ').unwrap_or((parcel, ""));
                let shipment = Shipment { carrier: carrier.to_owned(), tracking: tracking.to_owned() };
                trade.ship(uow, seller, order, None, &shipment).await?;
            }
            Deed::Meet(place) => drop(trade.arrange(uow, seller, order, None, place, None).await?),
            Deed::HandOver(by) => {
                let code = trade.view(buyer, order).await?.code.ok_or(Error::NotFound)?;
                trade.hand_over(uow, self.actor(*by), order, &code).await?;
            }
            Deed::Confirm(by) => drop(trade.confirm(uow, self.actor(*by), order, None).await?),
            Deed::AskBack { kind, reason, words, fen } => {
                let new = NewRefundRequest {
                    kind: *kind,
                    reason: *reason,
                    words: words.clone(),
                    amount_fen: Some(*fen),
                };
                trade.request_refund(uow, buyer, order, None, new).await?;
            }
            Deed::Refuse(words) => {
                let answer = AnswerRefund::Refuse { words: words.clone() };
                trade.answer_refund(uow, seller, order, None, &answer).await?;
            }
            Deed::Dispute { reason, words, fen } => {
                let new =
                    NewDispute { reason: *reason, words: words.clone(), claim_fen: Some(*fen), jury: false };
                trade.open_dispute(uow, buyer, order, None, new).await?;
            }
            Deed::Proof { by, text } => {
                trade.give_evidence(uow, self.actor(*by), order, text, &[]).await?;
            }
            Deed::Review { by, stars, tags, text } => {
                let new = NewReview { stars: *stars, tags: tags.clone(), text: text.clone() };
                trade.review(uow, self.actor(*by), order, new).await?;
            }
            // Not of an order.
            Deed::Ask(_)
            | Deed::Answer(_)
            | Deed::Report { .. }
            | Deed::Offer(_)
            | Deed::Counter(_)
            | Deed::Agree(_)
            | Deed::Buy(_)
            | Deed::Order(_)
            | Deed::Wait(_) => {}
        }
        Ok(())
    }
}

fn unread(problem: &Problem) -> DemoError {
    DemoError::Thread(problem.slug())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::SellerOf;

    #[test]
    fn every_story_is_about_a_thing_that_was_posted_before_it_began() {
        for story in STORIES.iter() {
            let goods = GOODS.iter().find(|goods| goods.external_id == story.goods);
            let goods = goods.unwrap_or_else(|| panic!("no {}", story.goods));
            assert!(
                i64::from(goods.age_days) * 24 >= story.hours_ago,
                "{} is younger than its story",
                story.goods
            );
            let buyer = &CITY.people[story.buyer - 1];
            assert_eq!(buyer.job, "resident");
            assert_ne!(
                CITY.seller(goods.seller),
                Some(SellerOf::Resident(story.buyer - 1)),
                "{}",
                story.goods
            );
            for step in &story.steps {
                if let Deed::Buy(delivery) | Deed::Order(delivery) = step.deed {
                    assert!(goods.delivery.iter().any(|way| way == delivery.code()), "{}", story.goods);
                }
                if let Deed::Offer(fen) = step.deed {
                    assert!(goods.negotiable && fen < goods.price_fen, "{}", story.goods);
                }
            }
        }
    }

    #[test]
    fn a_story_ends_before_now() {
        for story in STORIES.iter() {
            let minutes: i64 = story.steps.iter().map(|step| step.after).sum();
            let waits =
                story.steps.iter().map(|step| if let Deed::Wait(hours) = step.deed { hours } else { 0 });
            assert!(
                minutes + 60 * waits.sum::<i64>() < 60 * story.hours_ago,
                "{} runs into the future",
                story.goods
            );
        }
    }

    #[test]
    fn the_first_two_residents_buy_and_sell() {
        for number in [0, 1] {
            assert!(STORIES.iter().any(|story| story.buyer == number + 1));
            let sells = |story: &&Story| {
                let goods = GOODS.iter().find(|goods| goods.external_id == story.goods).unwrap();
                CITY.seller(goods.seller) == Some(SellerOf::Resident(number))
            };
            assert!(STORIES.iter().any(|story| sells(&story)));
        }
    }
}
