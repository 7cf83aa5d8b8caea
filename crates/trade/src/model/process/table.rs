//! The table itself: a row a step, to be read aloud.

use super::{
    Effect::{
        CancelPayment, Divide, DrawJury, MakeCode, RefundAgreed, RefundAll, ReleaseGoods, ReleaseMoney,
        SellGoods, ShowReviews, TakeBack, WithdrawGoods,
    },
    Event as E, State as S, To as Where,
    To::{Back, State as To, Stay},
    Transition, When,
    When::{Anytime, AtLatest, NotBefore, NothingHeld},
};
use crate::model::{
    By,
    By::{Buyer, Clock as Time, Jury, Payment, Seller, Staff},
    Clock as C,
};

const fn row(
    from: &'static [S],
    event: E,
    by: &'static [By],
    to: Where,
    effects: &'static [super::Effect],
    when: When,
) -> Transition {
    Transition { from, event, by, to, effects, when }
}

/// Where an order may be when something is wrong with it and money is held.
const HELD: &[S] = &[S::Paid, S::Shipped, S::HandoverReady, S::Received];

/// Where a dispute may be opened.
const DISPUTABLE: &[S] = &[S::Paid, S::Shipped, S::HandoverReady, S::Received, S::ReturnShipped];

/// Where a dispute may be dropped.
const QUARREL: &[S] = &[S::Disputed, S::Jury, S::Deciding];

/// Every step that an order can take, in the order of its life: from, event, by whom, to, effects, clock.
#[rustfmt::skip]
pub const TABLE: &[Transition] = &[
    // Paying.
    row(&[S::Created], E::Pay, &[Payment], To(S::Paid), &[], Anytime),
    row(&[S::Created], E::PayAtHandover, &[Buyer], To(S::HandoverReady), &[MakeCode], Anytime),
    row(&[S::Created], E::Cancel, &[Buyer, Seller], To(S::Cancelled), &[ReleaseGoods, CancelPayment], Anytime),
    row(&[S::Created], E::Expire, &[Time], To(S::Expired), &[ReleaseGoods, CancelPayment], AtLatest(C::Unpaid)),
    // Handing over.
    row(&[S::Paid], E::Ship, &[Seller], To(S::Shipped), &[], Anytime),
    row(&[S::Paid], E::Arrange, &[Buyer, Seller], To(S::HandoverReady), &[MakeCode], Anytime),
    row(&[S::HandoverReady], E::Arrange, &[Buyer, Seller], Stay, &[], Anytime),
    row(&[S::Paid], E::Cancel, &[Seller], To(S::Cancelled), &[RefundAll, ReleaseGoods], Anytime),
    row(&[S::Paid], E::CancelLate, &[Buyer], To(S::Cancelled), &[RefundAll, ReleaseGoods], NotBefore(C::Ship)),
    row(&[S::Paid], E::Abandon, &[Time], To(S::Cancelled), &[RefundAll, ReleaseGoods], AtLatest(C::Abandoned)),
    row(&[S::HandoverReady], E::CheckIn, &[Buyer, Seller], Stay, &[], Anytime),
    row(&[S::HandoverReady], E::HandOver, &[Seller], To(S::Received), &[], Anytime),
    row(&[S::HandoverReady], E::Cancel, &[Seller], To(S::Cancelled), &[RefundAll, CancelPayment, ReleaseGoods], Anytime),
    // Who has paid cannot call off alone what may already be in their hands.
    row(&[S::HandoverReady], E::Cancel, &[Buyer], To(S::Cancelled), &[CancelPayment, ReleaseGoods], NothingHeld),
    row(&[S::HandoverReady], E::Abandon, &[Time], To(S::Cancelled), &[RefundAll, CancelPayment, ReleaseGoods], AtLatest(C::Meeting)),
    row(&[S::HandoverReady], E::AutoConfirm, &[Time], To(S::Received), &[CancelPayment], AtLatest(C::BothThere)),
    row(&[S::Shipped, S::HandoverReady], E::Confirm, &[Buyer], To(S::Received), &[], Anytime),
    row(&[S::Shipped], E::Extend, &[Buyer], Stay, &[], Anytime),
    row(&[S::Shipped], E::AutoConfirm, &[Time], To(S::Received), &[], AtLatest(C::AutoConfirm)),
    row(&[S::Received], E::Settle, &[Time], To(S::Settled), &[ReleaseMoney, SellGoods], AtLatest(C::Settle)),
    row(&[S::Settled], E::GiveBack, &[Seller], Stay, &[TakeBack, RefundAgreed], Anytime),
    row(&[S::Settled], E::Close, &[Time], To(S::Closed), &[ShowReviews], AtLatest(C::Review)),
    // Money back.
    row(HELD, E::RequestRefund, &[Buyer], To(S::RefundRequested), &[], Anytime),
    row(&[S::RefundRequested, S::Returning], E::WithdrawRequest, &[Buyer], Back, &[], Anytime),
    row(&[S::RefundRequested], E::RefuseRefund, &[Seller], Back, &[], Anytime),
    row(&[S::RefundRequested], E::GrantRefund, &[Seller, Time], To(S::Refunded), &[RefundAgreed, ReleaseMoney, ReleaseGoods], AtLatest(C::Answer)),
    row(&[S::RefundRequested], E::GrantKeep, &[Seller, Time], To(S::Refunded), &[RefundAgreed, ReleaseMoney, WithdrawGoods], AtLatest(C::Answer)),
    row(&[S::RefundRequested], E::GrantPart, &[Seller, Time], Back, &[RefundAgreed], AtLatest(C::Answer)),
    row(&[S::RefundRequested], E::GrantReturn, &[Seller, Time], To(S::Returning), &[], AtLatest(C::Answer)),
    row(&[S::Returning], E::SendBack, &[Buyer], To(S::ReturnShipped), &[], Anytime),
    row(&[S::Returning], E::Abandon, &[Time], Back, &[], AtLatest(C::SendBack)),
    row(&[S::ReturnShipped], E::AcceptReturn, &[Seller, Time], To(S::Refunded), &[RefundAgreed, ReleaseMoney, ReleaseGoods], AtLatest(C::ReturnArrived)),
    // Quarrels.
    row(DISPUTABLE, E::OpenDispute, &[Buyer, Seller], To(S::Disputed), &[], Anytime),
    row(QUARREL, E::DropDispute, &[Buyer, Seller], Back, &[], Anytime),
    row(&[S::Disputed], E::Refer, &[Staff, Time], To(S::Deciding), &[], AtLatest(C::Evidence)),
    row(&[S::Disputed], E::CallJury, &[Time], To(S::Jury), &[DrawJury], AtLatest(C::Evidence)),
    row(&[S::Jury], E::Verdict, &[Jury], To(S::Ruled), &[], Anytime),
    row(&[S::Jury], E::Refer, &[Time], To(S::Deciding), &[], AtLatest(C::JuryVote)),
    row(&[S::Deciding, S::Appealed], E::Rule, &[Staff], To(S::Ruled), &[], Anytime),
    row(&[S::Ruled], E::AcceptRuling, &[Buyer, Seller], Stay, &[], Anytime),
    row(&[S::Ruled], E::Appeal, &[Buyer, Seller], To(S::Appealed), &[], Anytime),
    row(&[S::Ruled], E::ExecuteRefund, &[Time], To(S::Refunded), &[Divide, WithdrawGoods], AtLatest(C::Appeal)),
    row(&[S::Ruled], E::ExecuteSplit, &[Time], To(S::Settled), &[Divide, SellGoods], AtLatest(C::Appeal)),
];
