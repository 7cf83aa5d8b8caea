//! When a given row of calls runs: forward at the earliest moment, backward at the latest, and the starts worth trying.

use super::Constraint;
use crate::problem::{TimeWindow, Vehicle};

/// One call, and the end of the route as the last one.
pub(super) struct Call<'p> {
    /// Driving time from the call before.
    pub(super) drive: i64,
    pub(super) service: i64,
    pub(super) windows: &'p [TimeWindow],
    /// The window of a stop that is not the problem's.
    pub(super) only: Option<TimeWindow>,
    /// In a locked prefix what has happened is not judged: a missed window is passed over.
    pub(super) lenient: bool,
    /// The trip that starts here does not leave before.
    pub(super) release: i64,
    pub(super) promised: Option<TimeWindow>,
}

/// What stood in the way, at which call, and by how much.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Violation {
    pub(crate) constraint: Constraint,
    pub(crate) missing: i64,
}

impl Violation {
    pub(super) fn new(constraint: Constraint, missing: i64) -> Self {
        Self { constraint, missing }
    }
}

/// The calls of a route with the break at a given one.
pub(super) struct Run<'a, 'p> {
    pub(super) calls: &'a [Call<'p>],
    pub(super) vehicle: &'a Vehicle,
    pub(super) break_at: Option<usize>,
}

impl Run<'_, '_> {
    /// When the end is reached by leaving at `start`.
    pub(super) fn forward(&self, start: i64) -> Result<i64, Violation> {
        let last = self.calls.len() - 1;
        let mut time = start;
        if time > self.vehicle.shift.end {
            return Err(Violation::new(Constraint::ShiftEnd, time - self.vehicle.shift.end));
        }
        for (at, call) in self.calls.iter().enumerate() {
            time = self.after_break(at, time + call.drive)?;
            if at == last {
                break;
            }
            time = call.first_start(time).ok_or_else(|| {
                let end = call.windows().last().map_or(time, |window| window.end);
                Violation::new(Constraint::Window, time.saturating_sub(end))
            })?;
            time = call.departure(time);
            if time > self.vehicle.shift.end {
                return Err(Violation::new(Constraint::ShiftEnd, time - self.vehicle.shift.end));
            }
        }
        if time > self.vehicle.shift.end {
            return Err(Violation::new(Constraint::ShiftEnd, time - self.vehicle.shift.end));
        }
        match self.vehicle.break_time {
            Some(pause) if self.break_at.is_none() && time > pause.window.end => {
                Err(Violation::new(Constraint::Break, time - pause.window.end))
            }
            _ => Ok(time),
        }
    }

    /// When service may begin at the earliest after arriving: later by the break, if it is taken here.
    pub(super) fn after_break(&self, at: usize, arrival: i64) -> Result<i64, Violation> {
        let (Some(pause), true) = (self.vehicle.break_time, self.break_at == Some(at)) else {
            return Ok(arrival);
        };
        if arrival > pause.window.end {
            return Err(Violation::new(Constraint::Break, arrival - pause.window.end));
        }
        Ok(arrival.max(pause.window.start) + pause.duration)
    }

    /// The latest arrival at a call that lets it be left by `by` (or, at the end, be reached by `by`).
    pub(super) fn latest_arrival(&self, at: usize, call: &Call<'_>, by: i64) -> Option<i64> {
        let mut by = by;
        if at + 1 < self.calls.len() {
            if by < call.release {
                return None;
            }
            by = call.latest_start(by - call.service)?;
        }
        match self.vehicle.break_time {
            Some(pause) if self.break_at == Some(at) => {
                let arrival = (by - pause.duration).min(pause.window.end);
                (by - pause.duration >= pause.window.start).then_some(arrival)
            }
            _ => Some(by),
        }
    }

    /// The latest start with which service at call `at` begins (the end is reached) by `by`.
    pub(super) fn latest_route_start(&self, at: usize, by: i64) -> Option<i64> {
        let mut by = by;
        for (index, call) in self.calls[..=at].iter().enumerate().rev() {
            // The first one asked for is given by its start of service, the others by when they are left.
            by = if index == at { self.before_break(at, by)? } else { self.latest_arrival(index, call, by)? };
            by -= call.drive;
        }
        Some(by)
    }

    fn before_break(&self, at: usize, by: i64) -> Option<i64> {
        match self.vehicle.break_time {
            Some(pause) if self.break_at == Some(at) => {
                let begun = by - pause.duration;
                (begun >= pause.window.start).then_some(begun.min(pause.window.end))
            }
            _ => Some(by),
        }
    }

    /// Calls `try_it` with each start worth trying, and the end it leads to.
    pub(super) fn each_start(&self, earliest: i64, end: i64, all: bool, mut try_it: impl FnMut(i64, i64)) {
        let last = self.calls.len() - 1;
        let latest = self.latest_route_start(last, end).unwrap_or(earliest).max(earliest);
        try_it(latest, end);
        if !all {
            return;
        }
        let mut at_edge = |at: usize, edge: i64| {
            if edge < i64::MIN / 2 || edge > self.vehicle.shift.end {
                return;
            }
            let Some(start) = self.latest_route_start(at, edge).filter(|start| *start >= earliest) else {
                return;
            };
            if let Ok(end) = self.forward(start) {
                try_it(start, end);
            }
        };
        for (at, call) in self.calls.iter().enumerate() {
            call.windows().iter().for_each(|window| at_edge(at, window.start));
            if let Some(promised) = call.promised {
                at_edge(at, promised.start);
                at_edge(at, promised.end);
            }
        }
        if let Ok(end) = self.forward(earliest) {
            try_it(earliest, end);
        }
    }

    /// Runs from `start`, which must be possible, telling arrival, start of service and departure of each call.
    pub(super) fn visit(&self, start: i64, mut tell: impl FnMut(&Call<'_>, i64, i64, i64)) {
        let mut time = start;
        let last = self.calls.len() - 1;
        for (at, call) in self.calls.iter().enumerate() {
            let arrival = time + call.drive;
            let ready = self.after_break(at, arrival).unwrap_or(arrival);
            let begin = if at == last { ready } else { call.first_start(ready).unwrap_or(ready) };
            time = if at == last { begin } else { call.departure(begin) };
            tell(call, arrival, begin, time);
        }
    }
}

impl Call<'_> {
    pub(super) fn windows(&self) -> &[TimeWindow] {
        if self.only.is_some() { self.only.as_slice() } else { self.windows }
    }

    pub(super) fn first_start(&self, time: i64) -> Option<i64> {
        if self.windows().is_empty() {
            return Some(time);
        }
        match self.windows().iter().find(|window| window.end >= time) {
            Some(window) => Some(window.start.max(time)),
            None => self.lenient.then_some(time),
        }
    }

    /// The latest start of service that is no later than `by`.
    pub(super) fn latest_start(&self, by: i64) -> Option<i64> {
        let Some(last) = self.windows().last() else { return Some(by) };
        if self.lenient && by > last.end {
            return Some(by);
        }
        let window = self.windows().iter().rev().find(|window| window.start <= by)?;
        Some(window.end.min(by))
    }

    pub(super) fn departure(&self, start: i64) -> i64 {
        (start + self.service).max(self.release)
    }
}

/// How far a moment lies outside a window.
pub(super) fn outside(time: i64, window: TimeWindow) -> i64 {
    (window.start.saturating_sub(time)).max(time.saturating_sub(window.end)).clamp(0, crate::problem::LIMIT)
}
