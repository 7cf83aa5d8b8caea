//! The pool of assessors and the draw of a panel (our draft, domain §4.3): at least three, an odd number, nobody with an
//! interest in the mall, by lot.

use luhuan_kernel::{Id, Organisation, Person};
use sha2::{Digest, Sha256};

use super::calendar::Day;

/// Somebody of the pool, as far as the draw cares.
#[derive(Clone, Debug)]
pub struct PoolMember {
    /// Who.
    pub person: Id<Person>,
    /// Organisations with which they have a tie: member, employee, contractor, kin; with the day it ended, if it did.
    pub ties: Vec<(Id<Organisation>, Option<Day>)>,
}

/// Why somebody may not assess a mall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// A tie that lasts, or ended less than the years ago that it counts.
    Tie,
    /// They were on the panel whose decision was appealed against.
    EarlierPanel,
}

/// The draw cannot fill a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{free} assessors are free of conflicts, {needed} are needed")]
pub struct PoolTooSmall {
    /// Who could be drawn.
    pub free: usize,
    /// Who must be.
    pub needed: usize,
}

impl PoolMember {
    /// What bars them from a mall, if anything.
    #[must_use]
    pub fn bar(&self, mall: Id<Organisation>, earlier: &[Id<Person>], today: Day, years: i32) -> Option<Bar> {
        if earlier.contains(&self.person) {
            return Some(Bar::EarlierPanel);
        }
        let counts = |ended: Option<Day>| ended.is_none_or(|day| day.plus_years(years) > today);
        self.ties.iter().any(|(with, ended)| *with == mall && counts(*ended)).then_some(Bar::Tie)
    }
}

/// Draws `needed` of those who may, by lot: those whose hash with the seed comes first. The seed goes into the audit trail, so
/// that anyone who knows the pool can draw again and must draw the same. The first is the chair.
///
/// # Errors
/// When too few may.
pub fn draw(free: &[Id<Person>], needed: usize, seed: &[u8; 32]) -> Result<Vec<Id<Person>>, PoolTooSmall> {
    if free.len() < needed {
        return Err(PoolTooSmall { free: free.len(), needed });
    }
    let lot = |person: &Id<Person>| {
        let mut digest = Sha256::new();
        digest.update(seed);
        digest.update(person.as_bytes());
        digest.finalize()
    };
    let mut order: Vec<_> = free.to_vec();
    order.sort_by_cached_key(lot);
    order.truncate(needed);
    Ok(order)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use luhuan_kernel::ManualClock;

    use super::*;

    fn people(count: usize) -> Vec<Id<Person>> {
        let clock = ManualClock::at("2026-01-01T00:00:00Z");
        (0..count).map(|_| Id::new(&clock)).collect()
    }

    #[test]
    fn a_tie_bars_while_it_lasts_and_three_years_after() {
        let clock = ManualClock::at("2026-01-01T00:00:00Z");
        let (mall, other) = (Id::new(&clock), Id::new(&clock));
        let today = Day::parse("2026-03-01").unwrap();
        let member = |ended: Option<&str>| PoolMember {
            person: Id::new(&clock),
            ties: vec![(mall, ended.map(|day| Day::parse(day).unwrap()))],
        };
        let bar = |ended| member(ended).bar(mall, &[], today, 3);
        assert_eq!(bar(None), Some(Bar::Tie));
        assert_eq!(bar(Some("2023-03-02")), Some(Bar::Tie));
        assert_eq!(bar(Some("2023-03-01")), None);
        assert_eq!(member(None).bar(other, &[], today, 3), None);
        let earlier = member(Some("2001-01-01"));
        assert_eq!(earlier.bar(mall, &[earlier.person], today, 3), Some(Bar::EarlierPanel));
    }

    #[test]
    fn a_draw_can_be_repeated_and_is_fair_over_seeds() {
        let pool = people(6);
        assert_eq!(draw(&pool, 3, &[7; 32]), draw(&pool, 3, &[7; 32]));
        let mut turned = pool.clone();
        turned.reverse();
        assert_eq!(
            draw(&pool, 3, &[7; 32]),
            draw(&turned, 3, &[7; 32]),
            "the order of the pool does not matter"
        );
        let mut times: HashMap<_, u32> = HashMap::new();
        for seed in 0..3000u32 {
            let mut bytes = [0; 32];
            bytes[..4].copy_from_slice(&seed.to_le_bytes());
            for person in draw(&pool, 3, &bytes).unwrap() {
                *times.entry(person).or_default() += 1;
            }
        }
        // 1500 expected each; 5 standard deviations are 137.
        assert!(times.values().all(|n| (1363..=1637).contains(n)), "{times:?}");
        assert_eq!(draw(&pool[..2], 3, &[7; 32]), Err(PoolTooSmall { free: 2, needed: 3 }));
    }
}
