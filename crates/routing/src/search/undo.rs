//! Going back to how the plan was: routes are noted before they are changed, and written back.

use super::labels::Segment;
use super::state::{NONE, Node, Route, State};

/// What was there before the changes since the mark.
#[derive(Debug, Default)]
pub(super) struct Log {
    marked: Vec<bool>,
    routes: Vec<(u32, Route)>,
    nodes: Vec<(u32, Node)>,
    segments: Vec<(Segment, Segment)>,
    absent: Vec<u32>,
    spare: Vec<u32>,
    cost: i64,
}

impl Log {
    pub(super) fn prepare(&mut self, routes: usize) {
        self.marked = vec![false; routes];
    }
}

impl State<'_, '_> {
    /// Begins a change that may be taken back.
    pub(super) fn mark(&mut self) {
        for (route, _) in self.log.routes.drain(..) {
            self.log.marked[route as usize] = false;
        }
        self.log.nodes.clear();
        self.log.segments.clear();
        self.log.absent.clone_from(&self.absent);
        self.log.spare.clone_from(&self.spare);
        self.log.cost = self.cost;
        self.broken = false;
    }

    /// Notes how a route is, before it is changed for the first time since the mark.
    pub(super) fn touch(&mut self, route: u32) {
        if std::mem::replace(&mut self.log.marked[route as usize], true) {
            return;
        }
        self.log.routes.push((route, self.routes[route as usize]));
        let mut node = self.first(route);
        while node != NONE {
            let it = self.nodes[node as usize];
            self.log.nodes.push((node, it));
            if self.model.timed {
                self.log.segments.push((self.heads[node as usize], self.tails[node as usize]));
            }
            node = it.next;
        }
    }

    /// Takes back everything since the mark.
    pub(super) fn undo(&mut self) {
        for &stop in &self.log.absent {
            self.nodes[stop as usize].route = NONE;
        }
        for &(id, route) in &self.log.routes {
            let now = self.routes[id as usize];
            let free = &mut self.free[route.make as usize];
            if now.len > 0 && route.len == 0 {
                self.used -= 1;
                free.push(id);
            } else if now.len == 0 && route.len > 0 {
                self.used += 1;
                if let Some(at) = free.iter().rposition(|free| *free == id) {
                    free.swap_remove(at);
                }
            }
            self.routes[id as usize] = route;
        }
        for &(id, node) in &self.log.nodes {
            self.nodes[id as usize] = node;
        }
        if self.model.timed {
            for (&(id, _), &(head, tail)) in self.log.nodes.iter().zip(&self.log.segments) {
                self.heads[id as usize] = head;
                self.tails[id as usize] = tail;
            }
        }
        self.fresh.clear();
        self.absent.clone_from(&self.log.absent);
        self.spare.clone_from(&self.log.spare);
        self.cost = self.log.cost;
        self.broken = false;
    }
}
