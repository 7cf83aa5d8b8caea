//! How long a search goes on, and what it tells on the way.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// When to stop: at the first limit reached. Without any, after [`Budget::DEFAULT`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Budget {
    /// Time on the clock.
    pub time: Option<Duration>,
    /// Iterations per thread. With these alone, one thread and a seed, the same plan comes out each time.
    pub iterations: Option<u64>,
    /// Time as something else counts it (the processor, say), for searches with one thread; the wall's when not given.
    pub clock: Option<fn() -> Duration>,
}

impl Budget {
    /// What a search without limits gets.
    pub const DEFAULT: Duration = Duration::from_secs(10);

    /// So long on the clock.
    #[must_use]
    pub fn time(time: Duration) -> Self {
        Self { time: Some(time), ..Self::default() }
    }

    /// So many iterations.
    #[must_use]
    pub fn iterations(iterations: u64) -> Self {
        Self { iterations: Some(iterations), ..Self::default() }
    }
}

/// Where a search stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// Share of the budget used, 0 to 1.
    pub share: f64,
    /// Iterations made by the thread that reports.
    pub iterations: u64,
    /// Cost of the best plan that it knows (of the part of the plan it works on, if the problem is large).
    pub best: i64,
}

/// Who is told, and by whom the search may be stopped.
#[derive(Clone, Copy, Default)]
pub(super) struct Outside<'a> {
    pub(super) cancel: Option<&'a AtomicBool>,
    pub(super) listener: Option<&'a (dyn Fn(Report) + Sync)>,
}

/// Measures one thread's search against the budget.
#[derive(Clone)]
pub(super) struct Progress<'a> {
    budget: Budget,
    begun: Instant,
    clock_begun: Duration,
    outside: Outside<'a>,
    told: f64,
    /// Iterations made.
    pub(super) iterations: u64,
    /// Share of the budget at which to pause.
    pub(super) until: f64,
}

/// Reports come at each hundredth of the budget.
const TOLD: f64 = 0.01;

impl<'a> Progress<'a> {
    pub(super) fn new(budget: Budget, outside: Outside<'a>) -> Self {
        let mut budget = budget;
        if budget.time.is_none() && budget.iterations.is_none() {
            budget.time = Some(Budget::DEFAULT);
        }
        let clock_begun = budget.clock.map_or(Duration::ZERO, |clock| clock());
        Self { budget, begun: Instant::now(), clock_begun, outside, told: 0.0, iterations: 0, until: 1.0 }
    }

    fn elapsed(&self) -> Duration {
        match self.budget.clock {
            Some(clock) => clock().saturating_sub(self.clock_begun),
            None => self.begun.elapsed(),
        }
    }

    /// The share of the budget used up so far.
    pub(super) fn share(&self) -> f64 {
        let mut share = 0.0_f64;
        if let Some(time) = self.budget.time {
            share = share.max(self.elapsed().as_secs_f64() / time.as_secs_f64().max(1e-9));
        }
        if let Some(most) = self.budget.iterations {
            share = share.max(self.iterations as f64 / most.max(1) as f64);
        }
        share
    }

    /// Whether somebody outside wants it to end.
    pub(super) fn cancelled(&self) -> bool {
        self.outside.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed))
    }

    /// The share used up; `None` when it is time to pause, or the search was cancelled.
    pub(super) fn go_on(&mut self, best: i64) -> Option<f64> {
        let share = self.share();
        if self.cancelled() || share >= self.until {
            return None;
        }
        if let Some(listener) = self.outside.listener
            && share >= self.told
        {
            self.told = share + TOLD;
            listener(Report { share, iterations: self.iterations, best });
        }
        Some(share)
    }
}
