//! The jury (小法庭): seventeen users, blind votes, a majority.

use std::sync::OnceLock;

use rand::{SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha20Rng;
use serde::Deserialize;

coded! {
    /// What a juror votes for.
    #[schema(as = trade::Vote)]
    Vote {
        /// What the buyer asks for.
        Buyer = "buyer",
        /// The seller keeps the sale.
        Seller = "seller",
    }
}

/// The rules of the jury.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JuryRules {
    /// The version.
    pub version: i32,
    /// The day from which it holds.
    pub effective_from: String,
    /// Where the numbers come from.
    pub source: String,
    /// Whether there is a jury at all; otherwise staff decide at once.
    pub enabled: bool,
    /// The most that may be in dispute, in fen.
    pub most_fen: i64,
    /// How many are drawn.
    pub jurors: usize,
    /// How many votes for one side decide.
    pub decided_at: usize,
    /// Days that a juror must have been here.
    pub days_here: i64,
    /// Finished trades that a juror must have.
    pub trades: i64,
    /// Cases for one juror in 24 hours.
    pub cases_a_day: i64,
}

impl JuryRules {
    /// The rules of `data/jury.toml`.
    #[must_use]
    pub fn load() -> &'static Self {
        static RULES: OnceLock<JuryRules> = OnceLock::new();
        RULES.get_or_init(|| {
            toml::from_str(include_str!("../../data/jury.toml"))
                .expect("the data file is part of the program, and tested")
        })
    }
}

/// How the votes stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Votes for the buyer.
    pub buyer: usize,
    /// Votes for the seller.
    pub seller: usize,
}

impl Tally {
    /// The side that has won, once one has.
    #[must_use]
    pub const fn decided(self, decided_at: usize) -> Option<Vote> {
        if self.buyer >= decided_at {
            Some(Vote::Buyer)
        } else if self.seller >= decided_at {
            Some(Vote::Seller)
        } else {
            None
        }
    }
}

/// Draws jurors by a seed: the same candidates and the same seed, the same jury, so that a draw can be checked.
///
/// Candidates come in any order; none is drawn twice. Fewer are returned when there are not enough.
#[must_use]
pub fn draw<T: Ord>(mut candidates: Vec<T>, seed: [u8; 32], jurors: usize) -> Vec<T> {
    candidates.sort_unstable();
    candidates.dedup();
    candidates.shuffle(&mut ChaCha20Rng::from_seed(seed));
    candidates.truncate(jurors);
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_can_be_repeated_and_does_not_depend_on_the_order_of_candidates() {
        let forward = draw((0..100).collect(), [7; 32], 17);
        let backward = draw((0..100).rev().collect(), [7; 32], 17);
        assert_eq!(forward, backward);
        assert_eq!(forward.len(), 17);
        assert_ne!(forward, draw((0..100).collect(), [8; 32], 17));
    }

    #[test]
    fn one_draw_is_as_likely_as_another() {
        let mut drawn = [0_u32; 40];
        for seed in 0..2_000_u32 {
            let mut bytes = [0; 32];
            bytes[..4].copy_from_slice(&seed.to_le_bytes());
            for juror in draw((0..40_usize).collect(), bytes, 10) {
                drawn[juror] += 1;
            }
        }
        // 500 expected each; the standard deviation is about 19.
        assert!(drawn.iter().all(|times| (400..600).contains(times)), "{drawn:?}");
    }

    #[test]
    fn the_majority_of_seventeen_decides_and_only_that() {
        let rules = JuryRules::load();
        assert!(rules.decided_at * 2 > rules.jurors, "both sides could win");
        assert_eq!(Tally { buyer: 8, seller: 8 }.decided(rules.decided_at), None);
        assert_eq!(Tally { buyer: 9, seller: 8 }.decided(rules.decided_at), Some(Vote::Buyer));
    }
}
