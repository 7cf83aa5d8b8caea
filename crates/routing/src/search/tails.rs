//! Exchanges the rest of one route with the rest of another (2-opt*, Potvin and Rousseau 1995).
//!
//! Strings taken out are short; where routes are long, no ruin reaches a plan whose routes cross over halfway. Seen from
//! the labels the exchange costs four legs and two comparisons, however long the rests are.

use super::rng::Rng;
use crate::plan::Place;

use super::exact::locked;
use super::labels::Segment;
use super::state::{NONE, State};

/// Neighbours tried as the new next stop.
const TRIED: usize = 12;

/// Goes from `from` straight on to `to`, and from where `to` was before to where `from` went.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cross {
    from: u32,
    to: u32,
    pub(super) gain: i64,
}

/// Looks at the exchange that makes `to` follow `from`: its gain if it is possible and more than `least`.
pub(super) fn look(state: &State<'_, '_>, from: u32, to: u32, least: i64) -> Option<Cross> {
    let model = state.model;
    let (one, other) = (&state.nodes[from as usize], &state.nodes[to as usize]);
    if one.route == other.route || one.route == NONE || other.route == NONE || other.prev == NONE {
        return None;
    }
    let (route, second) = (&state.routes[one.route as usize], &state.routes[other.route as usize]);
    if route.make != second.make && !model.rich {
        return None;
    }
    let (before, after) = (&state.nodes[other.prev as usize], &state.nodes[one.next as usize]);
    let (joined, rejoined) = (model.leg(one.site, other.site), model.leg(before.site, after.site));
    if one.ready + joined.duration > other.due || before.ready + rejoined.duration > after.due {
        return None;
    }
    let make = state.make(one.route);
    let saved = i64::from(one.gap) + i64::from(before.gap);
    let added = i64::from(joined.distance) + i64::from(rejoined.distance);
    let mut gain = make.per_distance * (saved - added);
    // A route left without stops is not driven: its vehicle is saved, and so is the way from its start to its end.
    for (first, rest) in [(from, to), (other.prev, one.next)] {
        if state.is_end(first) && state.is_end(rest) {
            let way = model.leg(state.nodes[first as usize].site, state.nodes[rest as usize].site);
            gain += make.fixed + make.per_distance * i64::from(way.distance);
        }
    }
    if gain <= least && !model.timed {
        return None;
    }
    if model.rich {
        let gain = exact_gain(state, from, to)?;
        return (gain > least).then_some(Cross { from, to, gain });
    }
    if model.timed {
        let whole = |first: u32, drive: i32, rest: u32| -> Option<Segment> {
            state.heads[first as usize].then(drive, state.tails[rest as usize])
        };
        let new = whole(from, joined.duration, to)?;
        let renew = whole(other.prev, rejoined.duration, one.next)?;
        let longest = new.duration.max(renew.duration);
        if i64::from(longest) > make.max_duration {
            return None;
        }
        gain += make.time_cost(route.duration) + make.time_cost(second.duration)
            - make.time_cost(i64::from(new.duration))
            - make.time_cost(i64::from(renew.duration));
        if gain <= least {
            return None;
        }
    }
    fits(state, from, to).then_some(Cross { from, to, gain })
}

/// The gain by exact evaluation of both new routes.
fn exact_gain(state: &State<'_, '_>, from: u32, to: u32) -> Option<i64> {
    let (one, other) = (&state.nodes[from as usize], &state.nodes[to as usize]);
    if locked(state, one.next) || locked(state, to) {
        return None;
    }
    let join = |head: u32, rest: u32| {
        let mut places = Vec::new();
        let mut node = head;
        while !state.is_end(node) {
            places.push(state.place(node));
            node = state.nodes[node as usize].prev;
        }
        places.reverse();
        node = rest;
        while !state.is_end(node) {
            places.push(state.place(node));
            node = state.nodes[node as usize].next;
        }
        tidied(places)
    };
    let before = state.routes[one.route as usize].cost + state.routes[other.route as usize].cost;
    let first = state.exact_cost(one.route, &join(from, to))?;
    let second = state.exact_cost(other.route, &join(other.prev, one.next))?;
    Some(before - first - second)
}

/// Without reloads that have no stop on one of their sides, as [`State::tidy`] leaves it.
fn tidied(places: Vec<Place>) -> Vec<Place> {
    let mut tidied: Vec<Place> = Vec::with_capacity(places.len());
    for place in places {
        if place.stop().is_some() || tidied.last().is_some_and(|last| last.stop().is_some()) {
            tidied.push(place);
        }
    }
    while tidied.last().is_some_and(|last| last.stop().is_none()) {
        tidied.pop();
    }
    tidied
}

/// Whether loads and distances of both new routes are within limits. Walks both routes: asked last.
fn fits(state: &State<'_, '_>, from: u32, to: u32) -> bool {
    let (one, other) = (&state.nodes[from as usize], &state.nodes[to as usize]);
    let make = state.make(one.route);
    let (head, distance) = upto(state, from);
    let (second_head, second_distance) = upto(state, other.prev);
    let (route, second) = (&state.routes[one.route as usize], &state.routes[other.route as usize]);
    let load = head + second.load - second_head;
    let second_load = second_head + route.load - head;
    if load > make.capacity || second_load > make.capacity {
        return false;
    }
    if make.max_distance == i64::MAX {
        return true;
    }
    let model = state.model;
    let joined = i64::from(model.leg(one.site, other.site).distance);
    let (before, after) = (&state.nodes[other.prev as usize], &state.nodes[one.next as usize]);
    let rejoined = i64::from(model.leg(before.site, after.site).distance);
    let rest = route.distance - distance - i64::from(one.gap);
    let second_rest = second.distance - second_distance - i64::from(before.gap);
    distance + joined + second_rest <= make.max_distance
        && second_distance + rejoined + rest <= make.max_distance
}

/// Load and distance from the start of its route to a node.
fn upto(state: &State<'_, '_>, node: u32) -> (i32, i64) {
    let (mut load, mut distance, mut node) = (0, 0, node);
    while state.is_stop(node) {
        load += state.model.figures[node as usize].demand;
        node = state.nodes[node as usize].prev;
        distance += i64::from(state.nodes[node as usize].gap);
    }
    (load, distance)
}

/// Carries an exchange out.
pub(super) fn apply(state: &mut State<'_, '_>, cross: Cross) {
    let (one, other) = (state.nodes[cross.from as usize], state.nodes[cross.to as usize]);
    state.touch(one.route);
    state.touch(other.route);
    let (first_end, second_end) = (state.last(one.route), state.last(other.route));
    let (last, second_last) = (state.nodes[first_end as usize].prev, state.nodes[second_end as usize].prev);
    join(state, cross.from, cross.to, second_last, first_end);
    // A first rest that was empty ended at its own end, which now belongs to the other's stops.
    join(state, other.prev, one.next, last, second_end);
    let before = state.cost;
    state.adopt(one.route);
    state.adopt(other.route);
    debug_assert_eq!(before - state.cost, cross.gain, "an exchange gains what was found");
}

/// Lets the stops from `rest` to `last` follow `before`, up to `end`.
fn join(state: &mut State<'_, '_>, before: u32, rest: u32, last: u32, end: u32) {
    let (next, last) = if state.is_end(rest) { (end, before) } else { (rest, last) };
    state.nodes[before as usize].next = next;
    state.nodes[next as usize].prev = before;
    if next != end {
        state.nodes[last as usize].next = end;
        state.nodes[end as usize].prev = last;
    }
}

/// Exchanges as long as one pays, around the given stops.
pub(super) fn descend(state: &mut State<'_, '_>, stops: &[u32]) {
    for &stop in stops {
        while let Some(cross) = best_around(state, stop) {
            apply(state, cross);
        }
    }
}

fn best_around(state: &State<'_, '_>, stop: u32) -> Option<Cross> {
    let near = &state.model.near;
    let mut best: Option<Cross> = None;
    let gain = |best: &Option<Cross>| best.map_or(0, |best| best.gain);
    let node = state.nodes[stop as usize];
    if node.route == NONE {
        return None;
    }
    for beside in near.after(stop).iter().take(TRIED) {
        best = look(state, stop, beside.stop, gain(&best)).or(best);
    }
    for beside in near.before(stop).iter().take(TRIED) {
        best = look(state, beside.stop, stop, gain(&best)).or(best);
    }
    best
}

/// Lets two vehicles of different makes take each other's stops (or one that is not in use take another's); `false` if
/// there was nothing to exchange. Whether that is possible is left to the labels.
pub(super) fn change_vehicles(state: &mut State<'_, '_>, rng: &mut Rng) -> bool {
    let stop = rng.below(state.model.stops.len()) as u32;
    let route = state.nodes[stop as usize].route;
    if route == NONE {
        return false;
    }
    let make = rng.below(state.model.makes.len());
    let other = match state.free[make].last() {
        Some(free) if rng.chance(0.5) => *free,
        _ => rng.below(state.routes.len()) as u32,
    };
    if state.routes[other as usize].make == state.routes[route as usize].make {
        return false;
    }
    let ends = |route| (state.first(route), state.last(route));
    let ((first, last), (second_first, second_last)) = (ends(route), ends(other));
    let (from, to) = (state.nodes[first as usize].next, state.nodes[second_first as usize].next);
    if locked(state, from) || locked(state, to) {
        return false;
    }
    let (tail, second_tail) = (state.nodes[last as usize].prev, state.nodes[second_last as usize].prev);
    state.touch(route);
    state.touch(other);
    join(state, first, to, second_tail, last);
    join(state, second_first, from, tail, second_last);
    state.adopt(route);
    state.adopt(other);
    true
}

/// An exchange at random, near a random stop; `false` if none was possible.
pub(super) fn shake(state: &mut State<'_, '_>, rng: &mut Rng) -> bool {
    let stop = rng.below(state.model.stops.len()) as u32;
    let near = state.model.near.after(stop);
    if near.is_empty() {
        return false;
    }
    let to = near[rng.below(near.len().min(TRIED))].stop;
    match look(state, stop, to, i64::MIN) {
        Some(cross) => {
            apply(state, cross);
            true
        }
        None => false,
    }
}
