//! Takes stops out: strings of them from routes that pass near a seed (Christiaens and Vanden Berghe 2020).

use super::rng::Rng;
use super::state::{NONE, Node, State};

/// Stops taken out at a time, on average.
const REMOVED: f64 = 10.0;
/// Longest string.
const STRING: f64 = 10.0;
/// Chance that a string keeps some of its middle.
const SPLIT: f64 = 0.5;
/// Chance that the middle kept grows no further.
const SPLIT_ENOUGH: f64 = 0.99;

/// Absent stops tried again at a time.
const TRIED_AGAIN: usize = 12;

/// Room for what is worked out on the way.
#[derive(Debug)]
pub(super) struct Ruin {
    hit: Vec<u32>,
    string: Vec<u32>,
}

impl Ruin {
    pub(super) fn new() -> Self {
        Self { hit: Vec::new(), string: Vec::new() }
    }

    /// Takes out strings around a random stop. What is to be put back is in `state.fresh`.
    pub(super) fn run(&mut self, state: &mut State<'_, '_>, rng: &mut Rng) {
        let stops = state.model.stops.len();
        if stops == 0 {
            return;
        }
        let used = state.used.max(1);
        let longest =
            STRING.min((stops.saturating_sub(state.absent.len())) as f64 / f64::from(used)).max(1.0);
        let most = 4.0 * REMOVED / (1.0 + longest) - 1.0;
        let strings = (1.0 + rng.unit() * most) as usize;
        let seed = rng.below(stops) as u32;
        self.choose_absent(state, rng, seed);
        self.hit.clear();
        for &stop in state.model.near.around(seed) {
            if self.hit.len() >= strings {
                break;
            }
            let route = state.nodes[stop as usize].route;
            if route == NONE || self.hit.contains(&route) {
                continue;
            }
            let longest = longest.min(f64::from(state.routes[route as usize].len));
            let length = (1.0 + rng.unit() * longest) as usize;
            self.take_string(state, rng, route, stop, length);
            self.hit.push(route);
        }
        for &route in &self.hit {
            if state.model.reloads {
                state.tidy(route);
            }
            state.relabel(route);
        }
    }

    /// Moves to `state.fresh` the absent stops that are to be put back this time: all if they are few, else some around
    /// the seed.
    fn choose_absent(&mut self, state: &mut State<'_, '_>, rng: &mut Rng, seed: u32) {
        if state.absent.len() <= TRIED_AGAIN {
            state.fresh.append(&mut state.absent);
            return;
        }
        let around = state.model.near.around(seed);
        let absent = around.iter().filter(|stop| state.nodes[**stop as usize].route == NONE);
        state.fresh.extend(absent.take(TRIED_AGAIN));
        // Absent stops elsewhere get their turn when a seed is near; one at random so that none is forgotten.
        let any = state.absent[rng.below(state.absent.len())];
        if !state.fresh.contains(&any) {
            state.fresh.push(any);
        }
        for at in 0..state.fresh.len() {
            // Halves of a pair go together.
            let partner = state.model.pairs[state.fresh[at] as usize].map(|(other, _)| other);
            if let Some(partner) = partner.filter(|partner| !state.fresh.contains(partner)) {
                state.fresh.push(partner);
            }
        }
        let fresh = &state.fresh;
        state.absent.retain(|stop| !fresh.contains(stop));
    }

    /// Takes out `length` stops of a route, `stop` among them, mostly one after the other.
    fn take_string(
        &mut self,
        state: &mut State<'_, '_>,
        rng: &mut Rng,
        route: u32,
        stop: u32,
        length: usize,
    ) {
        let len = state.routes[route as usize].len as usize;
        let length = length.min(len);
        let mut kept = 0;
        if length > 1 && length < len && rng.chance(SPLIT) {
            kept = 1;
            while length + kept < len && rng.chance(1.0 - SPLIT_ENOUGH) {
                kept += 1;
            }
        }
        self.window(state, rng, stop, length + kept);
        state.touch(route);
        let skip = if kept > 0 { 1 + rng.below(length - 1) } else { usize::MAX };
        for at in 0..self.string.len() {
            if at >= skip && at - skip < kept {
                continue;
            }
            take(state, self.string[at]);
        }
    }

    /// Finds `length` stops in a row, `stop` at a random place among them, as far as the route's ends allow. Reloads on the
    /// way stay.
    fn window(&mut self, state: &State<'_, '_>, rng: &mut Rng, stop: u32, length: usize) {
        let back = rng.below(length);
        self.string.clear();
        self.string.push(stop);
        extend(state, &mut self.string, back + 1, |node| node.prev);
        self.string.reverse();
        extend(state, &mut self.string, length, |node| node.next);
        if self.string.len() < length {
            self.string.reverse();
            extend(state, &mut self.string, length, |node| node.prev);
        }
    }
}

/// Goes on in one direction until there are so many stops, or the route ends.
fn extend(state: &State<'_, '_>, string: &mut Vec<u32>, length: usize, step: impl Fn(&Node) -> u32) {
    let Some(mut node) = string.last().copied() else { return };
    while string.len() < length {
        node = step(&state.nodes[node as usize]);
        if state.is_stop(node) {
            string.push(node);
        } else if state.is_end(node) {
            break;
        }
    }
}

/// Takes a stop out, and with it the other half of its pair; what is locked stays.
fn take(state: &mut State<'_, '_>, stop: u32) {
    if state.nodes[stop as usize].route == NONE || state.model.locked[stop as usize] {
        return;
    }
    let partner = state.model.pairs[stop as usize].map(|(other, _)| other);
    if partner.is_some_and(|other| state.model.locked[other as usize]) {
        return;
    }
    for stop in [Some(stop), partner].into_iter().flatten() {
        state.unlink(stop);
        state.fresh.push(stop);
        state.cost += state.price(stop);
    }
}
