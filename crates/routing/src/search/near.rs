//! Who is near whom: where a stop is tried first, and which stops are taken out together.
//!
//! Granular neighbourhoods (Toth and Vigo 2003) by the proximity of Vidal et al. (2013): distance, plus a share of the
//! waiting and of the lateness that going from one stop straight to the other brings with it at least.

use crate::problem::Leg;

use super::model::Figures;

/// How many stops before, and how many after it, a stop is tried next to. Where stops are few, windows wide and routes
/// long, good neighbours may lie far down the list, and looking at more of them costs little.
const BESIDE: usize = 20;
const BESIDE_FEW: usize = 50;
const FEW: usize = 150;
/// How many stops around it may be taken out with a stop.
const AROUND: usize = 200;
const WAITING: f64 = 0.2;
const LATENESS: f64 = 1.0;

/// Neighbours of each stop.
#[derive(Debug)]
pub(super) struct Near {
    before: Vec<Beside>,
    after: Vec<Beside>,
    beside: usize,
    around: Vec<u32>,
    circle: usize,
}

/// A neighbour, and the leg between it and the stop whose neighbour it is.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
pub(super) struct Beside {
    pub(super) stop: u32,
    pub(super) leg: Leg,
}

impl Near {
    pub(super) fn new(figures: &[Figures], size: usize, out: &[Leg]) -> Self {
        let stops = figures.len();
        let beside = if stops <= FEW { BESIDE_FEW } else { BESIDE };
        let (beside, circle) = (beside.min(stops.saturating_sub(1)), AROUND.min(stops));
        let mut near = Self {
            before: Vec::with_capacity(stops * beside),
            after: Vec::with_capacity(stops * beside),
            beside,
            around: Vec::with_capacity(stops * circle),
            circle,
        };
        let leg = |from: usize, to: usize| out[from * size + to];
        let mut ranked: Vec<(f64, u32)> = Vec::with_capacity(stops);
        for stop in 0..stops {
            let mut rank = |proximity: &dyn Fn(usize) -> f64, keep: usize, itself: bool| {
                ranked.clear();
                let others = (0..stops).filter(|other| itself || *other != stop);
                ranked.extend(others.map(|other| (proximity(other), other as u32)));
                if keep < ranked.len() && keep > 0 {
                    ranked.select_nth_unstable_by(keep - 1, |one, other| one.0.total_cmp(&other.0));
                }
                ranked.truncate(keep);
                ranked.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
                ranked.iter().map(|(_, other)| *other).collect::<Vec<u32>>()
            };
            let to = |other: usize| proximity(&figures[stop], &figures[other], leg(stop, other));
            let from = |other: usize| proximity(&figures[other], &figures[stop], leg(other, stop));
            let round = |other: usize| {
                let legs = leg(stop, other).distance.min(leg(other, stop).distance);
                if other == stop { -1.0 } else { f64::from(legs) }
            };
            near.before.extend(
                rank(&from, beside, false)
                    .into_iter()
                    .map(|other| Beside { stop: other, leg: leg(other as usize, stop) }),
            );
            near.after.extend(
                rank(&to, beside, false)
                    .into_iter()
                    .map(|other| Beside { stop: other, leg: leg(stop, other as usize) }),
            );
            near.around.extend(rank(&round, circle, true));
        }
        near
    }

    /// Stops that a stop may follow, nearest first, with the leg to it.
    #[inline]
    pub(super) fn before(&self, stop: u32) -> &[Beside] {
        &self.before[stop as usize * self.beside..][..self.beside]
    }

    /// Stops that may follow a stop, nearest first, with the leg from it.
    #[inline]
    pub(super) fn after(&self, stop: u32) -> &[Beside] {
        &self.after[stop as usize * self.beside..][..self.beside]
    }

    /// Stops around a stop, itself first, by distance alone.
    #[inline]
    pub(super) fn around(&self, stop: u32) -> &[u32] {
        &self.around[stop as usize * self.circle..][..self.circle]
    }
}

fn proximity(from: &Figures, to: &Figures, leg: Leg) -> f64 {
    let ready = i64::from(from.early) + i64::from(from.service) + i64::from(leg.duration);
    if ready > i64::from(to.late) {
        // It can never follow.
        return f64::MAX / 2.0 + f64::from(leg.distance);
    }
    let waiting =
        f64::from(to.early) - f64::from(from.late) - f64::from(from.service) - f64::from(leg.duration);
    let lateness = (ready - i64::from(to.late)).max(0) as f64;
    f64::from(leg.distance) + WAITING * waiting.max(0.0) + LATENESS * lateness
}
