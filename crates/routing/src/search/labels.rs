//! What each node of a route knows, so that an insertion is judged in constant time.
//!
//! Each node knows the earliest moment its vehicle can leave it (`ready`, going forward) and the latest moment it can be
//! reached with the rest still in time (`due`, going backward). Whatever the windows, a stop fits between two nodes if it
//! is left in time for the `due` of the second (Savelsbergh 1985). Where duration counts, nodes also carry the
//! segments from the start to them and from them to the end, which concatenate in constant time (Vidal et al. 2013).
//!
//! Where routes are evaluated whole, these labels pass over what they do not know (releases, breaks, gaps between
//! windows): they then refuse no place that is possible, and the exact evaluation has the last word.

use super::state::{NONE, Node, State};

/// Before any arrival, and far enough from the end of 32 bits to take a leg and a service off.
const TOO_LATE: i32 = -(1 << 29);

/// Part of a route as a whole: its duration, and when it can start so that it takes no longer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Segment {
    pub(super) duration: i32,
    pub(super) early: i32,
    pub(super) late: i32,
}

impl Segment {
    /// A segment that nothing can precede or follow.
    pub(super) const NEVER: Self = Self { duration: 0, early: i32::MAX / 4, late: -1 };

    /// This part, a drive, and another part; `None` if that is never in time.
    #[inline]
    pub(super) fn then(self, drive: i32, other: Self) -> Option<Self> {
        let offset = self.duration + drive;
        if self.early + offset > other.late {
            return None;
        }
        let wait = (other.early - offset - self.late).max(0);
        Some(Self {
            duration: offset + other.duration + wait,
            early: (other.early - offset).max(self.early) - wait,
            late: (other.late - offset).min(self.late),
        })
    }
}

impl State<'_, '_> {
    /// Works out all labels of a route, its cost, and the plan's.
    pub(super) fn relabel(&mut self, route: u32) {
        let make = self.make(route);
        let (first, last) = (self.first(route), self.last(route));
        let mut distance = 0;
        let mut node = first;
        self.nodes[first as usize].ready = make.open;
        if self.model.timed {
            let idle = Segment { duration: 0, early: make.open, late: make.close };
            self.heads[first as usize] = idle;
            self.tails[last as usize] = idle;
        }
        while node != last {
            distance += i64::from(self.step(node));
            node = self.nodes[node as usize].next;
        }
        self.nodes[last as usize].due = make.close;
        while node != first {
            self.step_back(node);
            node = self.nodes[node as usize].prev;
        }
        self.settle(route, distance);
    }

    /// As `relabel`, where only `stop` is new: labels away from it soon do not change any more.
    pub(super) fn relabel_around(&mut self, stop: u32, route: u32) {
        let (first, last) = (self.first(route), self.last(route));
        let Node { prev, next, .. } = self.nodes[stop as usize];
        let before = self.nodes[prev as usize].gap;
        let added = self.step(prev) + self.step(stop) - before;
        let mut node = next;
        while node != last {
            let following = self.nodes[node as usize].next;
            let ready = self.nodes[following as usize].ready;
            self.step(node);
            if !self.model.timed && self.nodes[following as usize].ready == ready {
                break;
            }
            node = following;
        }
        self.step_back(next);
        node = stop;
        while node != first {
            let prev = self.nodes[node as usize].prev;
            let due = self.nodes[prev as usize].due;
            self.step_back(node);
            if !self.model.timed && self.nodes[prev as usize].due == due {
                break;
            }
            node = prev;
        }
        let distance = self.routes[route as usize].distance + i64::from(added);
        self.settle(route, distance);
    }

    /// Labels the node after this one, going forward; answers the distance.
    #[inline]
    fn step(&mut self, node: u32) -> i32 {
        let model = self.model;
        let here = self.nodes[node as usize];
        let next = &mut self.nodes[here.next as usize];
        let leg = model.leg(here.site, next.site);
        let arrival = here.ready + leg.duration;
        let stop = model.figures.get(here.next as usize);
        next.ready = stop.map_or(arrival, |stop| arrival.max(stop.early) + stop.service);
        self.nodes[node as usize].gap = leg.distance;
        if model.timed {
            let segment = self.segment(here.next, here.route);
            self.heads[here.next as usize] =
                self.heads[node as usize].then(leg.duration, segment).unwrap_or(Segment::NEVER);
        }
        leg.distance
    }

    /// Labels the node before this one, going backward.
    #[inline]
    fn step_back(&mut self, node: u32) {
        let model = self.model;
        let here = self.nodes[node as usize];
        let leg = model.leg(self.nodes[here.prev as usize].site, here.site);
        let leave = here.due - leg.duration;
        let stop = model.figures.get(here.prev as usize);
        self.nodes[here.prev as usize].due = match stop {
            Some(stop) => {
                let due = (leave - stop.service).min(stop.late);
                // Service that must end before it may begin: no arrival is early enough.
                if due < stop.early { TOO_LATE } else { due }
            }
            None => leave.max(TOO_LATE),
        };
        if model.timed {
            let segment = self.segment(here.prev, here.route);
            self.tails[here.prev as usize] =
                segment.then(leg.duration, self.tails[node as usize]).unwrap_or(Segment::NEVER);
        }
    }

    /// A node by itself.
    #[inline]
    fn segment(&self, node: u32, route: u32) -> Segment {
        match self.model.figures.get(node as usize) {
            Some(stop) => Segment { duration: stop.service, early: stop.early, late: stop.late },
            None => {
                let make = self.make(route);
                Segment { duration: 0, early: make.open, late: make.close }
            }
        }
    }

    /// Notes a route's distance and what follows from it.
    fn settle(&mut self, route: u32, distance: i64) {
        if self.model.rich {
            self.settle_exactly(route, distance);
            return;
        }
        let make = self.make(route);
        let first = self.first(route) as usize;
        let duration = if self.model.timed { i64::from(self.tails[first].duration) } else { 0 };
        let in_time = self.nodes[first].due >= make.open;
        let it = &mut self.routes[route as usize];
        it.distance = distance;
        it.duration = duration;
        let mut cost = 0;
        if it.len > 0 {
            cost = make.fixed + make.per_distance * distance + make.time_cost(duration);
            self.broken |= !in_time
                || it.load > make.capacity
                || duration > make.max_duration
                || distance > make.max_distance;
        }
        self.cost += cost - it.cost;
        it.cost = cost;
    }

    /// As `settle`, by the exact evaluation of the whole route.
    fn settle_exactly(&mut self, route: u32, distance: i64) {
        let mut cost = 0;
        if self.routes[route as usize].len > 0 {
            self.label_trips(route);
            let exact = &mut *self.exact.borrow_mut();
            self.places(route, &mut exact.places);
            match exact.scheduler.evaluate(self.vehicles[route as usize], &exact.places) {
                Ok(timing) => cost = timing.cost.total(),
                Err(_) => self.broken = true,
            }
        } else {
            let first = self.first(route) as usize;
            self.nodes[first].trip = 0;
        }
        let it = &mut self.routes[route as usize];
        it.distance = distance;
        self.cost += cost - it.cost;
        it.cost = cost;
    }

    /// Notes at each node the load of its trip; a reload belongs to the trip after it.
    fn label_trips(&mut self, route: u32) {
        let mut node = self.last(route);
        let (mut load, mut end) = (0, node);
        loop {
            if let Some(figures) = self.model.figures.get(node as usize) {
                load += figures.demand;
            } else if node != end {
                let mut labelled = node;
                while labelled != end {
                    self.nodes[labelled as usize].trip = load;
                    labelled = self.nodes[labelled as usize].next;
                }
                (load, end) = (0, node);
            }
            node = self.nodes[node as usize].prev;
            if node == NONE {
                break;
            }
        }
    }
}
