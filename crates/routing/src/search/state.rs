//! A plan in the making: routes as linked nodes.
//!
//! Nodes 0 and up are stops; then come the two ends of each route; then, where vehicles may reload, nodes for reloads.
//! What each node knows is in `labels`; how changes are taken back, in `undo`.

use std::cell::RefCell;

use crate::plan::{Place, Scheduler};
use crate::problem::VehicleId;

use super::labels::Segment;
use super::model::{Make, Model};
use super::undo::Log;

/// No node, no route.
pub(super) const NONE: u32 = u32::MAX;

/// The boost that leaves prizes what they are.
pub(super) const BOOST: i64 = 16;

#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(super) struct Node {
    pub(super) next: u32,
    pub(super) prev: u32,
    pub(super) route: u32,
    pub(super) site: u32,
    /// Earliest departure.
    pub(super) ready: i32,
    /// Latest arrival.
    pub(super) due: i32,
    /// Distance to the next node.
    pub(super) gap: i32,
    /// Load of the trip it is in; only where routes are evaluated whole.
    pub(super) trip: i32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    pub(super) make: u32,
    /// How many stops.
    pub(super) len: u32,
    pub(super) load: i32,
    pub(super) distance: i64,
    pub(super) duration: i64,
    pub(super) cost: i64,
}

/// Routes by vehicle, in the form that plans are made of.
pub(super) type Lists = Vec<(VehicleId, Vec<Place>)>;

/// The plan, and what it takes to go back to how it was.
pub(super) struct State<'m, 'p> {
    pub(super) model: &'m Model<'p>,
    pub(super) nodes: Vec<Node>,
    /// Segments up to each node, and from each node; only where duration counts.
    pub(super) heads: Vec<Segment>,
    pub(super) tails: Vec<Segment>,
    pub(super) routes: Vec<Route>,
    /// Whose route each is.
    pub(super) vehicles: Vec<VehicleId>,
    /// Routes without stops, by make.
    pub(super) free: Vec<Vec<u32>>,
    /// Stops not planned.
    pub(super) absent: Vec<u32>,
    /// Those of them to be put back now.
    pub(super) fresh: Vec<u32>,
    /// Nodes for reloads, not in use.
    pub(super) spare: Vec<u32>,
    pub(super) cost: i64,
    /// What leaving a stop out costs at most, for now: less than its true price, so that the search may pass through
    /// plans that lack a stop.
    pub(super) leniency: i64,
    /// Prizes times this, divided by `BOOST`, are what optional stops count for now: more than their worth at first, since
    /// a route is worth opening only for several of them together.
    pub(super) boost: i64,
    /// Routes with stops.
    pub(super) used: u32,
    /// Whether some route changed since the mark has become impossible (where going round is shorter than straight on,
    /// taking a stop out can do that).
    pub(super) broken: bool,
    pub(super) log: Log,
    pub(super) exact: RefCell<Exact<'p>>,
}

/// What it takes to evaluate whole routes.
pub(super) struct Exact<'p> {
    pub(super) scheduler: Scheduler<'p>,
    pub(super) places: Vec<Place>,
}

impl<'m, 'p> State<'m, 'p> {
    /// All stops absent, except for those in locked prefixes.
    pub(super) fn new(model: &'m Model<'p>) -> Self {
        let stops = model.stops.len();
        let mut state = Self {
            model,
            nodes: Vec::new(),
            heads: Vec::new(),
            tails: Vec::new(),
            routes: Vec::new(),
            vehicles: Vec::new(),
            free: vec![Vec::new(); model.makes.len()],
            absent: (0..stops as u32).collect(),
            fresh: Vec::new(),
            spare: Vec::new(),
            cost: model.left_out.iter().sum(),
            leniency: i64::MAX,
            boost: BOOST,
            used: 0,
            broken: false,
            log: Log::default(),
            exact: RefCell::new(Exact { scheduler: Scheduler::new(model.problem), places: Vec::new() }),
        };
        let plain = Node { next: NONE, prev: NONE, route: NONE, site: 0, ready: 0, due: 0, gap: 0, trip: 0 };
        state.nodes.extend((0..stops as u32).map(|site| Node { site, ..plain }));
        for (index, make) in model.makes.iter().enumerate() {
            // No more vehicles than stops can ever be in use.
            for &vehicle in make.vehicles.iter().take(stops) {
                let id = state.routes.len() as u32;
                let first = state.nodes.len() as u32;
                state.nodes.push(Node { next: first + 1, route: id, site: make.start, ..plain });
                state.nodes.push(Node { prev: first, route: id, site: make.end, ..plain });
                let make = index as u32;
                state.routes.push(Route { make, len: 0, load: 0, distance: 0, duration: 0, cost: 0 });
                state.vehicles.push(vehicle);
                state.free[index].push(id);
            }
            state.free[index].reverse();
        }
        if model.reloads {
            let first = state.nodes.len() as u32;
            state.nodes.extend((0..stops).map(|_| plain));
            state.spare.extend(first..first + stops as u32);
        }
        if model.timed {
            state.heads = vec![Segment::default(); state.nodes.len()];
            state.tails = state.heads.clone();
        }
        state.log.prepare(state.routes.len());
        (0..state.routes.len() as u32).for_each(|route| state.relabel(route));
        state
    }

    /// Puts the plan of these lists in place of whatever is planned. Stops that are not of this model are passed over,
    /// as are those that an earlier list has, and routes of vehicles that it does not have.
    pub(super) fn load(&mut self, lists: &[(VehicleId, Vec<Place>)]) {
        for route in 0..self.routes.len() as u32 {
            if self.routes[route as usize].len > 0 {
                self.clear(route);
            }
        }
        for (vehicle, places) in lists {
            let Some(make) = self.model.make_of(*vehicle) else { continue };
            let free = &self.free[make];
            let own = free.iter().find(|route| self.vehicles[**route as usize] == *vehicle).or(free.last());
            let Some(route) = own.copied() else { continue };
            for place in places {
                let at = self.nodes[self.last(route) as usize].prev;
                match place {
                    Place::Stop(stop) => {
                        let known = self.model.number(*stop);
                        let fresh = known.filter(|stop| self.nodes[*stop as usize].route == NONE);
                        let Some(stop) = fresh else { continue };
                        self.link(stop, at);
                    }
                    Place::Reload(location) => {
                        let site = self.model.makes[make]
                            .reloads
                            .iter()
                            .find(|site| self.model.sites[**site as usize] == Some(*location));
                        if let Some(site) = site {
                            self.link_reload(*site, at);
                        }
                    }
                }
            }
            // Without the stops passed over, it may have become impossible.
            self.broken = false;
            self.tidy(route);
            self.relabel(route);
            if self.broken {
                self.clear(route);
            }
        }
        let nodes = &self.nodes[..self.model.stops.len()];
        self.absent.clear();
        self.absent.extend((0..).zip(nodes).filter(|(_, node)| node.route == NONE).map(|(stop, _)| stop));
        let left_out = |stop: &u32| self.price(*stop);
        self.cost = self.absent.iter().map(left_out).sum::<i64>()
            + self.routes.iter().map(|route| route.cost).sum::<i64>();
    }

    /// Takes everything off a route.
    fn clear(&mut self, route: u32) {
        let (first, last) = (self.first(route), self.last(route));
        let mut node = self.nodes[first as usize].next;
        while node != last {
            let next = self.nodes[node as usize].next;
            if self.is_stop(node) {
                self.unlink(node);
                self.absent.push(node);
            } else {
                self.unlink_reload(node);
            }
            node = next;
        }
        self.relabel(route);
    }

    /// The plan as lists.
    pub(super) fn lists(&self, lists: &mut Lists) {
        let mut used = 0;
        for route in (0..self.routes.len() as u32).filter(|route| self.routes[*route as usize].len > 0) {
            if used == lists.len() {
                lists.push((VehicleId(0), Vec::new()));
            }
            let (vehicle, places) = &mut lists[used];
            *vehicle = self.vehicles[route as usize];
            self.places(route, places);
            used += 1;
        }
        lists.truncate(used);
    }

    /// The calls of a route.
    pub(super) fn places(&self, route: u32, places: &mut Vec<Place>) {
        places.clear();
        let last = self.last(route);
        let mut node = self.nodes[self.first(route) as usize].next;
        while node != last {
            places.push(self.place(node));
            node = self.nodes[node as usize].next;
        }
    }

    /// What a stop or reload is called in plans.
    pub(super) fn place(&self, node: u32) -> Place {
        match self.model.stops.get(node as usize) {
            Some(stop) => Place::Stop(*stop),
            None => self.model.reload_at(self.nodes[node as usize].site),
        }
    }

    #[inline]
    pub(super) fn first(&self, route: u32) -> u32 {
        self.model.stops.len() as u32 + 2 * route
    }

    #[inline]
    pub(super) fn last(&self, route: u32) -> u32 {
        self.first(route) + 1
    }

    #[inline]
    pub(super) fn is_stop(&self, node: u32) -> bool {
        (node as usize) < self.model.stops.len()
    }

    /// Whether a node is one of the two ends of a route.
    #[inline]
    pub(super) fn is_end(&self, node: u32) -> bool {
        let stops = self.model.stops.len();
        (stops..stops + 2 * self.routes.len()).contains(&(node as usize))
    }

    #[inline]
    pub(super) fn make(&self, route: u32) -> &'m Make {
        &self.model.makes[self.routes[route as usize].make as usize]
    }

    /// What leaving a stop out costs for now.
    #[inline]
    pub(super) fn price(&self, stop: u32) -> i64 {
        let price = self.model.left_out[stop as usize];
        if self.model.required[stop as usize] { price.min(self.leniency) } else { price * self.boost / BOOST }
    }

    /// What the plan truly costs.
    pub(super) fn true_cost(&self) -> i64 {
        let off = |stop: &u32| self.model.left_out[*stop as usize] - self.price(*stop);
        self.cost + self.absent.iter().map(off).sum::<i64>()
    }

    /// Whether a stop is left out that must not be.
    pub(super) fn lacks_required(&self) -> bool {
        self.absent.iter().any(|stop| self.model.required[*stop as usize])
    }

    /// Changes what leaving a stop out costs for now: a required one at most `leniency`, an optional one its prize times
    /// `boost / BOOST`.
    pub(super) fn set_prices(&mut self, leniency: i64, boost: i64) {
        self.cost = self.true_cost();
        self.leniency = leniency;
        self.boost = boost;
        let off = |stop: &u32| self.model.left_out[*stop as usize] - self.price(*stop);
        self.cost -= self.absent.iter().map(off).sum::<i64>();
    }

    /// Takes a stop out. Labels are stale until the route is [relabelled](Self::relabel).
    pub(super) fn unlink(&mut self, stop: u32) {
        let Node { next, prev, route, .. } = self.nodes[stop as usize];
        self.nodes[prev as usize].next = next;
        self.nodes[next as usize].prev = prev;
        self.nodes[stop as usize].route = NONE;
        let it = &mut self.routes[route as usize];
        it.len -= 1;
        it.load -= self.model.figures[stop as usize].demand;
        if it.len == 0 {
            self.used -= 1;
            self.free[it.make as usize].push(route);
        }
    }

    /// Puts a stop after a node. Labels are stale until the route is relabelled.
    pub(super) fn link(&mut self, stop: u32, after: u32) {
        let Node { next, route, .. } = self.nodes[after as usize];
        self.nodes[after as usize].next = stop;
        self.nodes[next as usize].prev = stop;
        let node = &mut self.nodes[stop as usize];
        (node.prev, node.next, node.route) = (after, next, route);
        let it = &mut self.routes[route as usize];
        it.len += 1;
        it.load += self.model.figures[stop as usize].demand;
        if it.len == 1 {
            self.used += 1;
            let make = it.make;
            self.no_longer_free(make, route);
        }
    }

    fn no_longer_free(&mut self, make: u32, route: u32) {
        let free = &mut self.free[make as usize];
        if let Some(at) = free.iter().rposition(|free| *free == route) {
            free.swap_remove(at);
        }
    }

    /// Puts a reload after a node; answers its node.
    pub(super) fn link_reload(&mut self, site: u32, after: u32) -> u32 {
        let Some(node) = self.spare.pop() else { return after };
        let Node { next, route, .. } = self.nodes[after as usize];
        self.nodes[after as usize].next = node;
        self.nodes[next as usize].prev = node;
        let it = &mut self.nodes[node as usize];
        (it.prev, it.next, it.route, it.site) = (after, next, route, site);
        node
    }

    /// Takes a reload out.
    pub(super) fn unlink_reload(&mut self, node: u32) {
        let Node { next, prev, .. } = self.nodes[node as usize];
        self.nodes[prev as usize].next = next;
        self.nodes[next as usize].prev = prev;
        self.nodes[node as usize].route = NONE;
        self.spare.push(node);
    }

    /// Takes out the reloads of a route that have no stop on one of their sides.
    pub(super) fn tidy(&mut self, route: u32) {
        let last = self.last(route);
        let mut node = self.nodes[self.first(route) as usize].next;
        while node != last {
            let Node { next, prev, .. } = self.nodes[node as usize];
            if !self.is_stop(node) && (!self.is_stop(prev) || self.is_end(next)) {
                self.unlink_reload(node);
                // What is before may be without a stop after it now.
                node = if self.is_end(prev) { next } else { prev };
            } else {
                node = next;
            }
        }
    }

    /// Inserts a stop and brings all labels and costs up to date.
    pub(super) fn insert(&mut self, stop: u32, after: u32) {
        let route = self.nodes[after as usize].route;
        self.touch(route);
        self.link(stop, after);
        if self.model.rich {
            self.relabel(route);
        } else {
            self.relabel_around(stop, route);
        }
    }

    /// Takes the stops now linked into a route as its own, and works out everything anew.
    pub(super) fn adopt(&mut self, route: u32) {
        let last = self.last(route);
        let (mut len, mut load) = (0, 0);
        let (make, picky) = (self.make(route), self.model.picky);
        let mut node = self.nodes[self.first(route) as usize].next;
        while node != last {
            self.nodes[node as usize].route = route;
            if let Some(figures) = self.model.figures.get(node as usize) {
                len += 1;
                load += figures.demand;
                self.broken |= picky && !make.may(node);
            }
            node = self.nodes[node as usize].next;
        }
        let it = &mut self.routes[route as usize];
        let (make, before) = (it.make, it.len);
        (it.len, it.load) = (len, load);
        match (before, len) {
            (1.., 0) => {
                self.used -= 1;
                self.free[make as usize].push(route);
            }
            (0, 1..) => {
                self.used += 1;
                self.no_longer_free(make, route);
            }
            _ => {}
        }
        self.tidy(route);
        self.relabel(route);
    }
}
