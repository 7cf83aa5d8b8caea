//! Finding a place where labels do not tell all: candidates by added distance, judged by the exact evaluation.

use crate::plan::Place;

use super::state::{NONE, State};

/// How many candidates are evaluated at most, and how many possible ones are enough.
const EVALUATED: usize = 24;
const ENOUGH: usize = 2;
/// How many routes a pair is tried on.
const PAIR_ROUTES: usize = 6;

/// Where a stop, or a pair, may go.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spot {
    /// After a node.
    After(u32),
    /// After a node, with a reload at a site between that node and the stop.
    ReloadFirst(u32, u32),
    /// After a node, with a reload at a site after the stop.
    ReloadNext(u32, u32),
    /// The first half after one node, the second after another (or right after the first, if it is the same node).
    Pair(u32, u32),
}

impl Spot {
    pub(super) fn node(self) -> u32 {
        match self {
            Self::After(node)
            | Self::ReloadFirst(node, _)
            | Self::ReloadNext(node, _)
            | Self::Pair(node, _) => node,
        }
    }
}

/// Finds the cheapest place for a stop or pair.
#[derive(Debug, Default)]
pub(super) struct Finder {
    spots: Vec<(i64, Spot)>,
    routes: Vec<u32>,
    nodes: Vec<u32>,
    with: Vec<Place>,
}

impl Finder {
    /// The cheapest place for a stop: beside its neighbours, or else anywhere.
    pub(super) fn find(&mut self, state: &State<'_, '_>, stop: u32, unused: bool) -> Option<(i64, Spot)> {
        let near = &state.model.near;
        self.spots.clear();
        for beside in near.before(stop) {
            self.propose(state, stop, beside.stop);
        }
        for beside in near.after(stop) {
            let after = &state.nodes[beside.stop as usize];
            if after.route != NONE {
                self.propose(state, stop, after.prev);
            }
        }
        if unused {
            self.propose_unused(state, stop);
        }
        if let Some(found) = self.cheapest(state, stop) {
            return Some(found);
        }
        self.spots.clear();
        for route in 0..state.routes.len() as u32 {
            if state.routes[route as usize].len > 0 {
                let mut node = state.first(route);
                while state.nodes[node as usize].next != NONE {
                    self.propose(state, stop, node);
                    node = state.nodes[node as usize].next;
                }
            }
        }
        self.propose_unused(state, stop);
        self.cheapest(state, stop)
    }

    fn propose_unused(&mut self, state: &State<'_, '_>, stop: u32) {
        for route in state.free.iter().filter_map(|free| free.last()) {
            self.propose(state, stop, state.first(*route));
        }
    }

    /// Notes the ways of putting a stop after a node, if labels do not refuse them.
    fn propose(&mut self, state: &State<'_, '_>, stop: u32, after: u32) {
        let model = state.model;
        let node = &state.nodes[after as usize];
        if node.route == NONE || node.next == NONE || locked(state, node.next) {
            return;
        }
        let route = &state.routes[node.route as usize];
        let make = &model.makes[route.make as usize];
        if !make.may(stop) {
            return;
        }
        let next = &state.nodes[node.next as usize];
        let figures = &model.figures[stop as usize];
        let (to, from) = (model.to(stop), model.from(stop));
        let (coming, going) = (to[node.site as usize], from[next.site as usize]);
        let arrival = node.ready + coming.duration;
        if arrival > figures.late {
            return;
        }
        let gap = i64::from(node.gap);
        let mut base = -make.per_distance * gap;
        if route.len == 0 {
            base = make.fixed;
        }
        let in_time = arrival.max(figures.early) + figures.service + going.duration <= next.due;
        let room = !model.one_way || node.trip + figures.demand <= make.capacity;
        let driven = |distance: i32| make.per_distance * i64::from(distance);
        if in_time && room {
            self.spots.push((base + driven(coming.distance) + driven(going.distance), Spot::After(after)));
        }
        for &site in &make.reloads {
            let back = model.leg(node.site, site).distance;
            if state.is_stop(after) {
                let detour = driven(back) + driven(to[site as usize].distance) + driven(going.distance);
                self.spots.push((base + detour, Spot::ReloadFirst(after, site)));
            }
            if state.is_stop(node.next) {
                let on = model.leg(site, next.site).distance;
                let detour = driven(coming.distance) + driven(from[site as usize].distance) + driven(on);
                self.spots.push((base + detour, Spot::ReloadNext(after, site)));
            }
        }
    }

    /// Evaluates candidates, least added distance first.
    fn cheapest(&mut self, state: &State<'_, '_>, stop: u32) -> Option<(i64, Spot)> {
        self.spots.sort_by_key(|(added, spot)| (*added, spot.node()));
        self.spots.dedup_by_key(|(added, spot)| (*added, spot.node(), std::mem::discriminant(spot)));
        let mut best: Option<(i64, Spot)> = None;
        let mut possible = 0;
        for &(_, spot) in self.spots.iter().take(EVALUATED) {
            let Some(cost) = added_cost(state, stop, spot, &mut self.with) else { continue };
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, spot));
            }
            possible += 1;
            if possible == ENOUGH {
                break;
            }
        }
        best
    }

    /// The cheapest place for a pair, given by its first half.
    pub(super) fn find_pair(
        &mut self,
        state: &State<'_, '_>,
        first: u32,
        second: u32,
    ) -> Option<(i64, Spot)> {
        self.routes.clear();
        let near = &state.model.near;
        for beside in near.before(first).iter().chain(near.after(first)).chain(near.before(second)) {
            let route = state.nodes[beside.stop as usize].route;
            if route != NONE && !self.routes.contains(&route) {
                self.routes.push(route);
                if self.routes.len() == PAIR_ROUTES {
                    break;
                }
            }
        }
        self.routes.extend(state.free.iter().filter_map(|free| free.last()));
        self.spots.clear();
        for at in 0..self.routes.len() {
            self.propose_pair(state, first, second, self.routes[at]);
        }
        self.cheapest(state, first)
    }

    /// Notes the ways of putting a pair on a route.
    fn propose_pair(&mut self, state: &State<'_, '_>, first: u32, second: u32, route: u32) {
        let model = state.model;
        let make = state.make(route);
        if !make.may(first) || !make.may(second) {
            return;
        }
        self.nodes.clear();
        let mut node = state.first(route);
        while node != NONE {
            self.nodes.push(node);
            node = state.nodes[node as usize].next;
        }
        let base = if state.routes[route as usize].len == 0 { make.fixed } else { 0 };
        let (to, from) = (model.to(first), model.from(first));
        let (to_second, from_second) = (model.to(second), model.from(second));
        let (one, other) = (&model.figures[first as usize], &model.figures[second as usize]);
        for (at, ends) in self.nodes.windows(2).enumerate() {
            let (before, after) = (&state.nodes[ends[0] as usize], &state.nodes[ends[1] as usize]);
            let arrival = before.ready + to[before.site as usize].duration;
            if locked(state, ends[1]) || arrival > one.late {
                continue;
            }
            let left = arrival.max(one.early) + one.service;
            let straight = model.leg(first, second);
            let arrival = left + straight.duration;
            let last = from_second[after.site as usize];
            if arrival <= other.late && arrival.max(other.early) + other.service + last.duration <= after.due
            {
                let added =
                    to[before.site as usize].distance + straight.distance + last.distance - before.gap;
                self.spots.push((base + make.per_distance * i64::from(added), Spot::Pair(ends[0], ends[0])));
            }
            if left + from[after.site as usize].duration > after.due {
                continue;
            }
            let added = to[before.site as usize].distance + from[after.site as usize].distance - before.gap;
            for ends in self.nodes[at + 1..].windows(2) {
                let (before, after) = (&state.nodes[ends[0] as usize], &state.nodes[ends[1] as usize]);
                if !state.is_stop(ends[0]) {
                    break;
                }
                let arrival = before.ready + to_second[before.site as usize].duration;
                if arrival > other.late {
                    break;
                }
                let last = from_second[after.site as usize];
                if arrival.max(other.early) + other.service + last.duration > after.due {
                    continue;
                }
                let more = to_second[before.site as usize].distance + last.distance - before.gap;
                let added = make.per_distance * (i64::from(added) + i64::from(more));
                self.spots.push((base + added, Spot::Pair(self.nodes[at], ends[0])));
            }
        }
    }
}

/// Whether a node is in a locked prefix.
pub(super) fn locked(state: &State<'_, '_>, node: u32) -> bool {
    state.model.locked.get(node as usize).is_some_and(|locked| *locked)
}

/// What a route costs more with a stop (or pair) put on it; `None` if that is not possible.
fn added_cost(state: &State<'_, '_>, stop: u32, spot: Spot, with: &mut Vec<Place>) -> Option<i64> {
    let model = state.model;
    let route = state.nodes[spot.node() as usize].route;
    let own = Place::Stop(model.stops[stop as usize]);
    let partner = model.pairs[stop as usize].map(|(other, _)| Place::Stop(model.stops[other as usize]));
    let last = state.last(route);
    with.clear();
    let mut node = state.first(route);
    while node != last {
        if !state.is_end(node) {
            with.push(state.place(node));
        }
        match spot {
            Spot::After(after) if after == node => with.push(own),
            Spot::ReloadFirst(after, site) if after == node => with.extend([model.reload_at(site), own]),
            Spot::ReloadNext(after, site) if after == node => with.extend([own, model.reload_at(site)]),
            Spot::Pair(first, second) => {
                if first == node {
                    with.push(own);
                }
                if second == node {
                    with.extend(partner);
                }
            }
            _ => {}
        }
        node = state.nodes[node as usize].next;
    }
    let vehicle = state.vehicles[route as usize];
    let timing = state.exact.borrow_mut().scheduler.evaluate(vehicle, with).ok()?;
    Some(timing.cost.total() - state.routes[route as usize].cost)
}

impl State<'_, '_> {
    /// Puts a stop, or a pair given by its first half, where it was found to fit.
    pub(super) fn place_at(&mut self, stop: u32, spot: Spot) {
        let route = self.nodes[spot.node() as usize].route;
        self.touch(route);
        match spot {
            Spot::After(after) => self.link(stop, after),
            Spot::ReloadFirst(after, site) => {
                let reload = self.link_reload(site, after);
                self.link(stop, reload);
            }
            Spot::ReloadNext(after, site) => {
                self.link(stop, after);
                self.link_reload(site, stop);
            }
            Spot::Pair(first, second) => {
                self.link(stop, first);
                if let Some((other, _)) = self.model.pairs[stop as usize] {
                    self.link(other, if second == first { stop } else { second });
                }
            }
        }
        self.relabel(route);
    }

    /// The exact cost of a route with these calls; `None` if it is not possible.
    pub(super) fn exact_cost(&self, route: u32, places: &[Place]) -> Option<i64> {
        let timing =
            self.exact.borrow_mut().scheduler.evaluate(self.vehicles[route as usize], places).ok()?;
        Some(timing.cost.total())
    }
}
