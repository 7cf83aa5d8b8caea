//! A movement of money: two or more legs that sum to zero in each currency.

use std::collections::BTreeMap;

use luhuan_kernel::{Currency, Money};

use super::{AccountKey, AccountKind, AccountOwner, codes};

codes! {
    /// Why money moves. With its reference it names a transaction, which is posted once.
    TransactionKind {
        /// A buyer pays into escrow.
        Payment = "payment",
        /// Money comes into a wallet.
        TopUp = "top-up",
        /// An escrow goes where it is due.
        Release = "release",
        /// An escrow goes back.
        Refund = "refund",
        /// The provider has given it back.
        RefundSettled = "refund-settled",
        /// The provider could not give it back; it goes to the payer's wallet.
        RefundReturned = "refund-returned",
        /// Money leaves a wallet.
        Payout = "payout",
        /// It has arrived.
        PayoutSettled = "payout-settled",
        /// It could not leave and is back.
        PayoutReturned = "payout-returned",
        /// Security is put down.
        DepositHeld = "deposit-held",
        /// Security is given back.
        DepositReturned = "deposit-returned",
        /// Security is lost.
        DepositForfeited = "deposit-forfeited",
        /// A recycler is owed, or paid.
        Settlement = "settlement",
        /// An operator puts in opening or demonstration funds.
        Grant = "grant",
        /// Points are earned.
        PointsEarned = "points-earned",
        /// Points are spent.
        PointsSpent = "points-spent",
        /// Spent points come back.
        PointsReturned = "points-returned",
        /// Points came to their end.
        PointsExpired = "points-expired",
        /// Points are taken back because what earned them was corrected.
        PointsReversed = "points-reversed",
        /// A mistake is put right.
        Correction = "correction",
    }
}

/// One leg: what an account gains (or, below zero, gives).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Whose account.
    pub owner: AccountOwner,
    /// Of which kind.
    pub kind: AccountKind,
    /// How much it gains.
    pub amount: Money,
    /// What the statement says beside it.
    pub memo: String,
}

/// A movement to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Why.
    pub kind: TransactionKind,
    /// By what it is known among its kind: the id of the payment, of the refund.
    pub reference: String,
    /// What it is about.
    pub memo: String,
    /// Who had it done, when a person did: the actor's label.
    pub made_by: Option<String>,
    /// Its legs.
    pub legs: Vec<Leg>,
}

/// Why a transaction cannot be posted at all: a mistake of the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransactionError {
    /// Fewer than two legs.
    #[error("a transaction has two legs or more")]
    TooFewLegs,
    /// A leg that moves nothing.
    #[error("a leg moves nothing")]
    EmptyLeg,
    /// The legs do not sum to zero.
    #[error("{currency} does not balance: {off} left over", currency = currency.code())]
    Unbalanced {
        /// In which currency.
        currency: Currency,
        /// How much is over.
        off: i128,
    },
    /// Points are money, or the other way round.
    #[error("{kind} does not hold {currency}", currency = currency.code())]
    WrongCurrency {
        /// What the account is for.
        kind: AccountKind,
        /// What was to go in.
        currency: Currency,
    },
}

impl Leg {
    /// A leg without words of its own.
    #[must_use]
    pub const fn new(owner: AccountOwner, kind: AccountKind, amount: Money) -> Self {
        Self { owner, kind, amount, memo: String::new() }
    }

    /// The account it moves.
    #[must_use]
    pub fn key(&self) -> AccountKey {
        AccountKey { owner: self.owner.clone(), kind: self.kind, currency: self.amount.currency }
    }
}

impl Transaction {
    /// A transaction without legs yet.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`new(kind, row.id)` reads better than `new(kind, &row.id)`"
    )]
    pub fn new(kind: TransactionKind, reference: impl ToString) -> Self {
        Self { kind, reference: reference.to_string(), memo: String::new(), made_by: None, legs: Vec::new() }
    }

    /// From one account to another.
    #[must_use]
    pub fn moving(
        kind: TransactionKind,
        reference: impl ToString,
        amount: Money,
        from: (AccountOwner, AccountKind),
        to: (AccountOwner, AccountKind),
    ) -> Self {
        let taken = Money { minor: -amount.minor, ..amount };
        Self::new(kind, reference).leg(from.0, from.1, taken).leg(to.0, to.1, amount)
    }

    /// With another leg.
    #[must_use]
    pub fn leg(mut self, owner: AccountOwner, kind: AccountKind, amount: Money) -> Self {
        self.legs.push(Leg::new(owner, kind, amount));
        self
    }

    /// With words about it.
    #[must_use]
    pub fn about(mut self, memo: impl Into<String>) -> Self {
        self.memo = memo.into();
        self
    }

    /// Whether it may be posted: two legs or more, none empty, each currency in balance, points among points.
    ///
    /// # Errors
    /// With what is wrong.
    pub fn check(&self) -> Result<(), TransactionError> {
        if self.legs.len() < 2 {
            return Err(TransactionError::TooFewLegs);
        }
        let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
        for leg in &self.legs {
            if leg.amount.minor == 0 {
                return Err(TransactionError::EmptyLeg);
            }
            let currency = leg.amount.currency;
            let holds_points = matches!(leg.kind, AccountKind::Points | AccountKind::PointsIssued);
            if holds_points != (currency == Currency::Points) {
                return Err(TransactionError::WrongCurrency { kind: leg.kind, currency });
            }
            *sums.entry(currency).or_default() += i128::from(leg.amount.minor);
        }
        match sums.into_iter().find(|(_, sum)| *sum != 0) {
            Some((currency, off)) => Err(TransactionError::Unbalanced { currency, off }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn transaction(amounts: &[i64]) -> Transaction {
        amounts.iter().fold(Transaction::new(TransactionKind::Correction, "x"), |transaction, fen| {
            transaction.leg(AccountOwner::Platform, AccountKind::Fees, Money::cny(*fen))
        })
    }

    #[test]
    fn one_leg_none_or_an_empty_one_is_no_movement() {
        assert_eq!(transaction(&[]).check(), Err(TransactionError::TooFewLegs));
        assert_eq!(transaction(&[5]).check(), Err(TransactionError::TooFewLegs));
        assert_eq!(transaction(&[5, 0, -5]).check(), Err(TransactionError::EmptyLeg));
    }

    #[test]
    fn points_are_no_money() {
        let points = Money { minor: 5, currency: Currency::Points };
        let wrong = transaction(&[1, -1]).leg(AccountOwner::Platform, AccountKind::Fees, points);
        assert!(matches!(wrong.check(), Err(TransactionError::WrongCurrency { .. })));
        let wrong = transaction(&[-5]).leg(AccountOwner::Platform, AccountKind::Points, Money::cny(5));
        assert!(matches!(wrong.check(), Err(TransactionError::WrongCurrency { .. })));
    }

    proptest! {
        #[test]
        fn what_does_not_balance_is_refused_and_what_does_is_not(
            mut amounts in proptest::collection::vec(1i64..1_000_000, 2..9),
            off in -3i64..4,
        ) {
            let rest: i64 = amounts.iter().sum();
            amounts.push(off - rest);
            let outcome = transaction(&amounts).check();
            if off == 0 {
                prop_assert_eq!(outcome, Ok(()));
            } else {
                prop_assert_eq!(outcome, Err(TransactionError::Unbalanced { currency: Currency::Cny, off: off.into() }));
            }
        }
    }
}
