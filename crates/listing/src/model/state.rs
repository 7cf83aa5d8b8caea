//! The life of a listing: one table of legal moves.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Where a listing stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written; only its seller sees it.
    Draft,
    /// On offer.
    Published,
    /// Promised to a buyer who has not paid or collected yet.
    Reserved,
    /// Gone to its buyer. Final for this listing; the item may be listed anew.
    Sold,
    /// Taken back by its seller or taken down by a moderator.
    Withdrawn,
    /// Ran out of its time.
    Expired,
}

/// What can happen to a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Move {
    /// The seller offers it.
    Publish,
    /// An order reserves it.
    Reserve,
    /// The order falls through.
    Release,
    /// The order is settled.
    Sell,
    /// The seller, or a moderator, takes it off.
    Withdraw,
    /// Its time is over.
    Expire,
    /// The seller offers it again.
    Relist,
}

/// A move that the state does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a listing that is {from} cannot {attempted}")]
pub struct IllegalMove {
    /// Where it stands.
    pub from: State,
    /// What was asked.
    pub attempted: Move,
}

impl State {
    /// Every state, in the order of a listing's life.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Published, Self::Reserved, Self::Sold, Self::Withdrawn, Self::Expired];

    /// Where a move leads: every legal move of a listing is in this table and nowhere else.
    ///
    /// # Errors
    /// When the state does not allow the move.
    pub const fn after(self, attempted: Move) -> Result<Self, IllegalMove> {
        Ok(match (self, attempted) {
            (Self::Draft, Move::Publish) => Self::Published,
            (Self::Published, Move::Reserve) => Self::Reserved,
            (Self::Published, Move::Sell) => Self::Sold,
            (Self::Published, Move::Expire) => Self::Expired,
            (Self::Reserved, Move::Release) => Self::Published,
            (Self::Reserved, Move::Sell) => Self::Sold,
            (Self::Draft | Self::Published, Move::Withdraw) => Self::Withdrawn,
            (Self::Withdrawn | Self::Expired, Move::Relist) => Self::Published,
            _ => return Err(IllegalMove { from: self, attempted }),
        })
    }

    /// Whether strangers may see it: once offered it stays visible, with its state, for those who hold its link.
    #[must_use]
    pub const fn is_public(self) -> bool {
        !matches!(self, Self::Draft | Self::Withdrawn)
    }

    /// Whether its seller may change its words and price.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        !matches!(self, Self::Reserved | Self::Sold)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Reserved => "reserved",
            Self::Sold => "sold",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl FromStr for State {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.code() == code).ok_or(())
    }
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 7] =
        [Self::Publish, Self::Reserve, Self::Release, Self::Sell, Self::Withdraw, Self::Expire, Self::Relist];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Reserve => "reserve",
            Self::Release => "release",
            Self::Sell => "sell",
            Self::Withdraw => "withdraw",
            Self::Expire => "expire",
            Self::Relist => "relist",
        }
    }
}
impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_state_but_sold_has_a_way_out() {
        for state in State::ALL {
            let ways = Move::ALL.into_iter().filter(|attempted| state.after(*attempted).is_ok()).count();
            assert_eq!(ways == 0, state == State::Sold, "{state}");
        }
    }

    #[test]
    fn a_refusal_names_the_state_and_the_move() {
        let refusal = State::Sold.after(Move::Publish).unwrap_err();
        assert_eq!(refusal.to_string(), "a listing that is sold cannot publish");
    }

    proptest! {
        #[test]
        fn nothing_is_sold_that_was_never_published(moves in proptest::collection::vec(0usize..7, 0..12)) {
            let (mut state, mut published) = (State::Draft, false);
            for attempted in moves.into_iter().map(|n| Move::ALL[n]) {
                if let Ok(next) = state.after(attempted) {
                    state = next;
                    published |= state == State::Published;
                }
            }
            prop_assert!(state != State::Sold || published);
        }
    }
}
