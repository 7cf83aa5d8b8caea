//! How often something may be tried.
//!
//! An attempt is counted before it is made and given back when it succeeds, so that many at once cannot slip
//! through between the look and the count.

use luhuan_kernel::Timestamp;

/// A limit: so many attempts in a window, then a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Rule {
    /// Attempts in a window.
    pub limit: i32,
    /// The window, in seconds from its first attempt.
    pub window_seconds: i64,
    /// The pause after the last attempt, in seconds.
    pub pause_seconds: i64,
}

/// What is remembered of a key's attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// When the window began.
    pub window_start: Timestamp,
    /// Attempts in it.
    pub count: i32,
    /// No attempt is admitted before.
    pub locked_until: Timestamp,
}

/// Too many attempts: how many seconds to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub u64);

impl Tally {
    /// Nothing tried yet.
    #[must_use]
    pub const fn fresh(now: Timestamp) -> Self {
        Self { window_start: now, count: 0, locked_until: Timestamp::from_micros(0) }
    }

    /// Whether an attempt would be refused now, and for how long.
    ///
    /// # Errors
    /// [`Wait`] while the pause lasts.
    pub fn check(&self, now: Timestamp) -> Result<(), Wait> {
        if now < self.locked_until {
            // At least one second, so that a client that obeys does not come too early.
            return Err(Wait(u64::try_from(self.locked_until.seconds_since(now) + 1).unwrap_or(1)));
        }
        Ok(())
    }

    /// Counts an attempt. The last one that the rule admits starts the pause.
    ///
    /// # Errors
    /// [`Wait`] while the pause lasts; then nothing is counted.
    pub fn attempt(self, rule: Rule, now: Timestamp) -> Result<Self, Wait> {
        self.check(now)?;
        let over = now >= self.window_start.plus_seconds(rule.window_seconds) || self.count >= rule.limit;
        let mut next = if over { Self::fresh(now) } else { self };
        next.count += 1;
        if next.count >= rule.limit {
            next.locked_until = now.plus_seconds(rule.pause_seconds);
        }
        Ok(next)
    }

    /// Gives back an attempt that succeeded.
    #[must_use]
    pub fn forgive(mut self, rule: Rule) -> Self {
        self.count = (self.count - 1).max(0);
        if self.count < rule.limit {
            self.locked_until = Timestamp::from_micros(0);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULE: Rule = Rule { limit: 10, window_seconds: 900, pause_seconds: 900 };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(1_767_225_600_000_000).plus_seconds(seconds)
    }

    #[test]
    fn the_eleventh_attempt_waits_out_the_pause() {
        let mut tally = Tally::fresh(at(0));
        for second in 0..10 {
            tally = tally.attempt(RULE, at(second)).unwrap();
        }
        assert_eq!(tally.attempt(RULE, at(10)), Err(Wait(900)));
        assert!(tally.attempt(RULE, at(908)).is_err());
        assert_eq!(tally.attempt(RULE, at(909)).unwrap().count, 1);
    }

    #[test]
    fn slow_mistakes_never_lock() {
        let mut tally = Tally::fresh(at(0));
        for step in 0..50 {
            tally = tally.attempt(RULE, at(step * 120)).unwrap();
        }
    }

    #[test]
    fn a_success_gives_its_attempt_back() {
        let tally = (0..10).fold(Tally::fresh(at(0)), |tally, _| tally.attempt(RULE, at(1)).unwrap());
        assert!(tally.check(at(2)).is_err());
        assert!(tally.forgive(RULE).check(at(2)).is_ok());
    }

    proptest! {
        #[test]
        fn no_window_admits_more_than_twice_the_limit(gaps in prop::collection::vec(0i64..200, 1..200)) {
            // A fixed window lets a burst end one window and another begin the next; the pause between them is
            // what bounds it: within any stretch as long as the window, at most `2 * limit - 1`.
            let (mut now, mut tally, mut admitted) = (0, Tally::fresh(at(0)), Vec::new());
            for gap in gaps {
                now += gap;
                if let Ok(next) = tally.attempt(RULE, at(now)) {
                    tally = next;
                    admitted.push(now);
                }
            }
            for (index, start) in admitted.iter().enumerate() {
                let within = admitted[index..].iter().take_while(|t| **t < start + RULE.window_seconds).count();
                prop_assert!(within < 2 * 10);
            }
        }
    }
}
