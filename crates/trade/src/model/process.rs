//! The life of an order: one table ([`TABLE`]), run by the service and drawn by [`super::svg`].
//!
//! A row says from which states, by what event, by whom, to which state, with what effects and at which time. There
//! is no other place where an order changes its state. A row that a clock takes ([`When::AtLatest`]) lapses when the
//! order moves first: the clock belongs to the state, and a new state has its own.

mod table;

pub use table::TABLE;

use super::{By, Clock};

coded! {
    /// Where an order stands.
    #[schema(as = trade::State)]
    State {
        /// Submitted, not paid. The contract is made (E-Commerce Law art. 49); the goods are reserved.
        Created = "created",
        /// Paid; the money is held.
        Paid = "paid",
        /// On its way.
        Shipped = "shipped",
        /// Place agreed on, code made: to be handed over in person.
        HandoverReady = "handover_ready",
        /// The buyer has it.
        Received = "received",
        /// The buyer asks for money back; the seller answers.
        RefundRequested = "refund_requested",
        /// Agreed: the goods are to come back.
        Returning = "returning",
        /// The goods are on their way back.
        ReturnShipped = "return_shipped",
        /// In dispute: both give evidence.
        Disputed = "disputed",
        /// Seventeen jurors vote (小法庭).
        Jury = "jury",
        /// Staff decide.
        Deciding = "deciding",
        /// Ruled; the ruling may be appealed against once.
        Ruled = "ruled",
        /// Appealed; staff decide for good.
        Appealed = "appealed",
        /// The money went where it belongs; both may review.
        Settled = "settled",
        /// Over.
        Closed = "closed",
        /// The sale was undone; the money went back.
        Refunded = "refunded",
        /// Called off before the goods went.
        Cancelled = "cancelled",
        /// Never paid.
        Expired = "expired",
    }
}

coded! {
    /// What can happen to an order.
    #[schema(as = trade::Event)]
    Event {
        /// A payment came through.
        Pay = "pay",
        /// The buyer will pay at the handover (当面付): nothing is held.
        PayAtHandover = "pay_at_handover",
        /// It was not paid in time.
        Expire = "expire",
        /// Called off.
        Cancel = "cancel",
        /// The buyer calls off what the seller did not ship in time.
        CancelLate = "cancel_late",
        /// Nobody moved for very long: called off by time.
        Abandon = "abandon",
        /// Given to a carrier.
        Ship = "ship",
        /// Place and time of the handover are set.
        Arrange = "arrange",
        /// One of the two is at the place.
        CheckIn = "check_in",
        /// The seller shows that the buyer gave the code.
        HandOver = "hand_over",
        /// The buyer says that it arrived.
        Confirm = "confirm",
        /// Time says so: it may release money, it takes no right away (法释〔2022〕8号 art. 1).
        AutoConfirm = "auto_confirm",
        /// The buyer needs longer.
        Extend = "extend",
        /// The buyer asks for money back.
        RequestRefund = "request_refund",
        /// The buyer takes the request back.
        WithdrawRequest = "withdraw_request",
        /// All of it goes back, the goods did not move.
        GrantRefund = "grant_refund",
        /// All of it goes back and the goods stay with the buyer, or are lost.
        GrantKeep = "grant_keep",
        /// A part goes back, the sale stands.
        GrantPart = "grant_part",
        /// The money goes back once the goods are back.
        GrantReturn = "grant_return",
        /// The seller refuses, with a reason.
        RefuseRefund = "refuse_refund",
        /// The buyer sent the goods back.
        SendBack = "send_back",
        /// The seller has the goods back.
        AcceptReturn = "accept_return",
        /// One of the two asks for a decision.
        OpenDispute = "open_dispute",
        /// Whoever opened the dispute lets it go.
        DropDispute = "drop_dispute",
        /// Evidence is in; the jury votes.
        CallJury = "call_jury",
        /// Evidence is in, or the jury could not agree: staff decide.
        Refer = "refer",
        /// The jury decides.
        Verdict = "verdict",
        /// Staff decide.
        Rule = "rule",
        /// One of the two accepts the ruling.
        AcceptRuling = "accept_ruling",
        /// One of the two appeals.
        Appeal = "appeal",
        /// The ruling gives all of it back.
        ExecuteRefund = "execute_refund",
        /// The ruling divides what is held.
        ExecuteSplit = "execute_split",
        /// The money goes to the seller.
        Settle = "settle",
        /// The seller gives money back of their own will after the settlement.
        GiveBack = "give_back",
        /// The time for reviews is over.
        Close = "close",
    }
}

coded! {
    /// What a step does beside changing the state.
    Effect {
        /// The goods are offered again.
        ReleaseGoods = "release_goods",
        /// The goods are sold.
        SellGoods = "sell_goods",
        /// The goods stay with the buyer although the sale is undone: they are on offer no more.
        WithdrawGoods = "withdraw_goods",
        /// All that is held goes back to the buyer.
        RefundAll = "refund_all",
        /// What was asked for and agreed goes back to the buyer.
        RefundAgreed = "refund_agreed",
        /// What is held is divided as ruled.
        Divide = "divide",
        /// What the seller was paid, and the fee on it, comes back to be given back.
        TakeBack = "take_back",
        /// What is still held goes to the seller, less the fee.
        ReleaseMoney = "release_money",
        /// The six digits for the handover are made.
        MakeCode = "make_code",
        /// A payment that is still under way is given up.
        CancelPayment = "cancel_payment",
        /// Reviews written blind become visible.
        ShowReviews = "show_reviews",
        /// Jurors are drawn.
        DrawJury = "draw_jury",
    }
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// To a state.
    State(State),
    /// To the state from which the refund or dispute began, whose clock goes on where it was stopped.
    Back,
    /// Nowhere: it is noted, the state and its clock stay.
    Stay,
}

/// When a step may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At any time in that state.
    Anytime,
    /// Only once the clock has run out.
    NotBefore(Clock),
    /// At any time by who is named, and by itself when the clock runs out.
    AtLatest(Clock),
    /// Only while nothing is held for the order: it is paid at the handover.
    NothingHeld,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// From any of these.
    pub from: &'static [State],
    /// What happens.
    pub event: Event,
    /// By whom.
    pub by: &'static [By],
    /// To where.
    pub to: To,
    /// What else it does, in this order.
    pub effects: &'static [Effect],
    /// When it may happen, and when it happens by itself.
    pub when: When,
}

/// A step that the table does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {from} cannot {event} by {by}")]
pub struct IllegalStep {
    /// Where it stands.
    pub from: State,
    /// What was asked.
    pub event: Event,
    /// By whom.
    pub by: By,
}

impl State {
    /// Whether nothing can happen any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Refunded | Self::Cancelled | Self::Expired)
    }

    /// Whether a refund or dispute is under way, so that the clock of the state before stands still.
    #[must_use]
    pub const fn is_aside(self) -> bool {
        matches!(
            self,
            Self::RefundRequested
                | Self::Returning
                | Self::ReturnShipped
                | Self::Disputed
                | Self::Jury
                | Self::Deciding
                | Self::Ruled
                | Self::Appealed
        )
    }

    /// Whether a dispute is under way.
    #[must_use]
    pub const fn is_disputed(self) -> bool {
        matches!(self, Self::Disputed | Self::Jury | Self::Deciding | Self::Ruled | Self::Appealed)
    }

    /// Whether the buyer's money may be held in this state.
    #[must_use]
    pub const fn may_hold_money(self) -> bool {
        matches!(self, Self::Paid | Self::Shipped | Self::HandoverReady | Self::Received) || self.is_aside()
    }

    /// The step that an order in this state may take by such an event and such a party.
    ///
    /// # Errors
    /// [`IllegalStep`] when the table has none.
    pub fn step(self, event: Event, by: By) -> Result<&'static Transition, IllegalStep> {
        TABLE
            .iter()
            .find(|row| row.event == event && row.by.contains(&by) && row.from.contains(&self))
            .ok_or(IllegalStep { from: self, event, by })
    }

    /// All rows that start here.
    pub fn ways_out(self) -> impl Iterator<Item = &'static Transition> {
        TABLE.iter().filter(move |row| row.from.contains(&self))
    }
}

impl Transition {
    /// The clock that takes this step by itself.
    #[must_use]
    pub const fn clock(&self) -> Option<Clock> {
        match self.when {
            When::AtLatest(clock) => Some(clock),
            _ => None,
        }
    }
}

/// The table drawn, with the codes as labels.
#[must_use]
pub fn diagram_svg() -> String {
    super::svg(&|word| word.replace('_', " "))
}

/// The table as a Mermaid state diagram, for the book.
#[must_use]
pub fn diagram_mermaid() -> String {
    super::mermaid()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_state_that_is_not_final_has_a_way_out_and_a_final_one_has_none() {
        for state in State::ALL.iter().copied() {
            let leaves = state.ways_out().any(|row| row.to != To::Stay);
            assert_eq!(leaves, !state.is_final(), "{state}");
        }
    }

    #[test]
    fn no_state_waits_for_one_person_for_ever() {
        // Staff must decide; every other state ends by time if nobody moves.
        for state in State::ALL.iter().copied().filter(|state| !state.is_final()) {
            let by_time = state.ways_out().any(|row| row.by.contains(&By::Clock));
            let by_staff = state.ways_out().any(|row| row.by.contains(&By::Staff));
            assert!(by_time || by_staff, "{state}");
        }
    }

    #[test]
    fn every_state_is_reached_from_the_first() {
        let mut reached = BTreeSet::from([State::Created]);
        loop {
            let next: BTreeSet<State> = TABLE
                .iter()
                .filter(|row| row.from.iter().any(|from| reached.contains(from)))
                .filter_map(|row| match row.to {
                    To::State(state) => Some(state),
                    To::Back | To::Stay => None,
                })
                .collect();
            if next.is_subset(&reached) {
                break;
            }
            reached.extend(next);
        }
        assert_eq!(reached, State::ALL.iter().copied().collect());
    }

    #[test]
    fn one_event_by_one_party_leads_one_way() {
        for state in State::ALL.iter().copied() {
            for event in Event::ALL.iter().copied() {
                for by in By::ALL {
                    let rows = state.ways_out().filter(|row| row.event == event && row.by.contains(by));
                    assert!(rows.count() <= 1, "{state} {event} {by}");
                }
            }
        }
    }

    #[test]
    fn every_event_and_every_effect_is_in_the_table() {
        for event in Event::ALL {
            assert!(TABLE.iter().any(|row| row.event == *event), "{event}");
        }
        for effect in Effect::ALL {
            assert!(TABLE.iter().any(|row| row.effects.contains(effect)), "{effect}");
        }
    }

    #[test]
    fn a_clock_takes_a_step_exactly_where_the_table_says_by_latest() {
        for row in TABLE {
            assert_eq!(row.by.contains(&By::Clock), row.clock().is_some(), "{:?}", row.event);
        }
    }

    #[test]
    fn only_a_step_aside_leads_back() {
        for row in TABLE.iter().filter(|row| row.to == To::Back) {
            assert!(row.from.iter().all(|from| from.is_aside()), "{:?}", row.event);
        }
    }

    #[test]
    fn whoever_ends_with_no_money_held_has_sent_it_somewhere() {
        // Into a final or settled state from one that may hold money, only with an effect that empties it.
        let empties = [Effect::RefundAll, Effect::Divide, Effect::ReleaseMoney];
        for row in TABLE {
            let To::State(to) = row.to else { continue };
            let holds = row.from.iter().any(|from| from.may_hold_money());
            if holds && !to.may_hold_money() && row.when != When::NothingHeld {
                assert!(row.effects.iter().any(|effect| empties.contains(effect)), "{:?}", row.event);
            }
        }
    }
}
