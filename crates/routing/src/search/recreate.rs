//! Puts absent stops back: greedily, with blinks (Christiaens and Vanden Berghe 2020), each next to its neighbours.

use crate::problem::Leg;

use super::exact::Finder;
use super::labels::Segment;
use super::model::Figures;
use super::rng::Rng;
use super::state::{NONE, State};

/// Share of places passed over without a look, so that the greedy choice is not always the same.
const BLINK: f64 = 0.01;

/// Chance that an unused vehicle is considered although there is room on a used one.
const UNUSED: f64 = 0.5;
/// A place for a stop and what it would cost there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) cost: i64,
    pub(super) after: u32,
}

const NOWHERE: Found = Found { cost: i64::MAX, after: NONE };

/// Puts back what is absent, as far as it is worth its cost.
#[derive(Debug)]
pub(super) struct Recreate {
    queue: Vec<(i64, u32)>,
    blink: Blink,
    finder: Finder,
}

/// Counts down to the next blink: one random number per blink, not per place.
#[derive(Debug)]
struct Blink {
    left: u32,
}

impl Blink {
    #[inline]
    fn blinks(&mut self, rng: &mut Rng) -> bool {
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        self.left = ((1.0 - rng.unit()).ln() / (1.0 - BLINK).ln()) as u32;
        true
    }
}

impl Recreate {
    pub(super) fn new() -> Self {
        Self { queue: Vec::new(), blink: Blink { left: 0 }, finder: Finder::default() }
    }

    pub(super) fn run(&mut self, state: &mut State<'_, '_>, rng: &mut Rng) {
        self.line_up(state, rng);
        state.fresh.clear();
        if state.model.rich {
            self.run_exactly(state, rng);
            return;
        }
        let generous = if rng.chance(0.3) { rng.unit() } else { 0.0 };
        for at in 0..self.queue.len() {
            let stop = self.queue[at].1;
            let mut found = self.look_beside(state, rng, stop);
            if found.after == NONE {
                found = self.look_everywhere(state, stop);
            }
            if found.after == NONE || state.model.makes.len() > 1 || rng.chance(UNUSED) {
                self.look_at_unused(state, stop, &mut found);
            }
            let left_out = state.price(stop);
            if found.after == NONE || found.cost >= left_out + (left_out as f64 * generous) as i64 {
                state.absent.push(stop);
            } else {
                let before = state.cost;
                state.insert(stop, found.after);
                debug_assert_eq!(state.cost - before, found.cost, "an insertion costs what was found");
                state.cost -= left_out;
            }
        }
    }

    /// As `run`, by exact evaluation, pairs together.
    fn run_exactly(&mut self, state: &mut State<'_, '_>, rng: &mut Rng) {
        for at in 0..self.queue.len() {
            let stop = self.queue[at].1;
            let unused = state.model.makes.len() > 1 || rng.chance(UNUSED);
            let (found, partner) = match state.model.pairs[stop as usize] {
                None => (self.finder.find(state, stop, unused), None),
                Some((other, true)) => (self.finder.find_pair(state, stop, other), Some(other)),
                // Comes with its first half.
                Some((_, false)) => continue,
            };
            let price = state.price(stop) + partner.map_or(0, |other| state.price(other));
            match found.filter(|(cost, _)| *cost < price) {
                Some((cost, spot)) => {
                    let before = state.cost;
                    state.place_at(stop, spot);
                    debug_assert_eq!(state.cost - before, cost, "an insertion costs what was found");
                    state.cost -= price;
                }
                None => {
                    state.absent.push(stop);
                    state.absent.extend(partner);
                }
            }
        }
    }

    /// The stops that were put back, or not, in the last run.
    pub(super) fn moved(&self) -> impl Iterator<Item = u32> + '_ {
        self.queue.iter().map(|(_, stop)| *stop)
    }

    /// The order of putting back: by chance, by demand, by distance from the depot, by the window.
    fn line_up(&mut self, state: &State<'_, '_>, rng: &mut Rng) {
        let model = state.model;
        let depot = model.makes.first().map_or(0, |make| make.start);
        let away = model.to(depot);
        let key: &dyn Fn(u32, &Figures) -> i64 = match rng.below(14) {
            0..4 => &|_, _| 0,
            4..7 => &|_, it| -i64::from(it.demand),
            7..9 => &|stop, _| -i64::from(away[stop as usize].distance),
            9 => &|stop, _| i64::from(away[stop as usize].distance),
            10..12 => &|_, it| i64::from(it.late) - i64::from(it.early),
            12 => &|_, it| i64::from(it.early),
            _ => &|_, it| -i64::from(it.late),
        };
        self.queue.clear();
        self.queue.extend(state.fresh.iter().map(|stop| (key(*stop, &model.figures[*stop as usize]), *stop)));
        rng.shuffle(&mut self.queue);
        self.queue.sort_by_key(|(key, _)| *key);
    }

    /// The best place before or after one of the stop's neighbours.
    fn look_beside(&mut self, state: &State<'_, '_>, rng: &mut Rng, stop: u32) -> Found {
        let model = state.model;
        let figures = model.figures[stop as usize];
        let mut best = NOWHERE;
        let out = model.from(stop);
        for beside in model.near.before(stop) {
            let before = &state.nodes[beside.stop as usize];
            if before.route == NONE || self.blink.blinks(rng) {
                continue;
            }
            let arrival = before.ready + beside.leg.duration;
            if arrival > figures.late {
                continue;
            }
            let after = &state.nodes[before.next as usize];
            let leg = out[after.site as usize];
            if arrival.max(figures.early) + figures.service + leg.duration > after.due {
                continue;
            }
            consider(state, stop, &figures, beside.stop, beside.leg, leg, &mut best);
        }
        let into = model.to(stop);
        for beside in model.near.after(stop) {
            let after = &state.nodes[beside.stop as usize];
            if after.route == NONE || self.blink.blinks(rng) {
                continue;
            }
            let leave = (after.due - beside.leg.duration - figures.service).min(figures.late);
            if leave < figures.early {
                continue;
            }
            let before = &state.nodes[after.prev as usize];
            let leg = into[before.site as usize];
            if before.ready + leg.duration > leave {
                continue;
            }
            consider(state, stop, &figures, after.prev, leg, beside.leg, &mut best);
        }
        best
    }

    /// The best place anywhere, when there is none beside the neighbours.
    fn look_everywhere(&self, state: &State<'_, '_>, stop: u32) -> Found {
        let model = state.model;
        let figures = model.figures[stop as usize];
        let (out, into) = (model.from(stop), model.to(stop));
        let mut best = NOWHERE;
        for route in 0..state.routes.len() as u32 {
            let it = &state.routes[route as usize];
            if it.len == 0 || it.load + figures.demand > state.make(route).capacity {
                continue;
            }
            let mut node = state.first(route);
            loop {
                let before = &state.nodes[node as usize];
                if before.next == NONE {
                    break;
                }
                let after = &state.nodes[before.next as usize];
                let (coming, going) = (into[before.site as usize], out[after.site as usize]);
                let arrival = before.ready + coming.duration;
                if arrival > figures.late {
                    break;
                }
                if arrival.max(figures.early) + figures.service + going.duration <= after.due {
                    consider(state, stop, &figures, node, coming, going, &mut best);
                }
                node = before.next;
            }
        }
        best
    }

    /// A vehicle of each make that is not in use yet.
    fn look_at_unused(&self, state: &State<'_, '_>, stop: u32, best: &mut Found) {
        let model = state.model;
        let figures = model.figures[stop as usize];
        for route in state.free.iter().filter_map(|free| free.last()) {
            let make = state.make(*route);
            let (coming, going) = (model.to(stop)[make.start as usize], model.from(stop)[make.end as usize]);
            let arrival = make.open + coming.duration;
            let departure = arrival.max(figures.early) + figures.service;
            if arrival <= figures.late && departure + going.duration <= make.close {
                consider(state, stop, &figures, state.first(*route), coming, going, best);
            }
        }
    }
}

/// Takes a place that is in time, if all else allows it and it is the cheapest so far.
#[inline]
fn consider(
    state: &State<'_, '_>,
    stop: u32,
    figures: &Figures,
    before: u32,
    coming: Leg,
    going: Leg,
    best: &mut Found,
) {
    let node = &state.nodes[before as usize];
    let route = &state.routes[node.route as usize];
    let make = &state.model.makes[route.make as usize];
    if route.load + figures.demand > make.capacity {
        return;
    }
    let added = i64::from(coming.distance) + i64::from(going.distance) - i64::from(node.gap);
    let mut cost = make.per_distance * added;
    if route.len == 0 {
        // An unused route's own leg, from start to end, is not driven and not paid.
        cost = make.fixed + make.per_distance * (added + i64::from(node.gap));
    }
    if cost >= best.cost
        || (state.model.picky && !make.may(stop))
        || route.distance + added > make.max_distance
    {
        return;
    }
    if state.model.timed {
        let middle = Segment { duration: figures.service, early: figures.early, late: figures.late };
        let whole = state.heads[before as usize]
            .then(coming.duration, middle)
            .and_then(|head| head.then(going.duration, state.tails[node.next as usize]));
        let Some(whole) = whole else { return };
        let duration = i64::from(whole.duration);
        if duration > make.max_duration {
            return;
        }
        let paid = if route.len == 0 { 0 } else { make.time_cost(route.duration) };
        cost += make.time_cost(duration) - paid;
        if cost >= best.cost {
            return;
        }
    }
    *best = Found { cost, after: before };
}
