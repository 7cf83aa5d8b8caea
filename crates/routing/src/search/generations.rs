//! Several searches, and plans crossed from their best.
//!
//! Annealing once leads into one valley. Several short searches lead into several, and what two of them agree on is mostly
//! right. A child takes neighbouring routes of one plan and, of another, what these leave (as in SREX: Nagata, Braysy and
//! Dullaert 2010, with a simpler choice of routes); what is left over is put in greedily, and the whole annealed from a
//! low temperature. The elite is shared by all threads.

use std::sync::{Mutex, PoisonError};

use crate::plan::Place;
use crate::problem::VehicleId;

use super::anneal::{Anneal, Heat};
use super::budget::Progress;
use super::model::Model;
use super::rng::Rng;
use super::state::Lists;

/// The best plans so far, and how the budget is spent on them.
pub(super) struct Generations {
    elite: Mutex<Vec<(i64, Lists)>>,
    founders: usize,
    children: usize,
    /// Share of the budget for the founders.
    founding: f64,
}

/// Below so many stops one search finds what there is.
const LEAST: usize = 16;
/// Up to so many stops, many founders are worth it; up to so many, some.
const SMALL: usize = 150;
const MEDIUM: usize = 500;

impl Generations {
    /// For a model, if generations are worth it there: where the search is fast and the problem not too large.
    pub(super) fn worth(model: &Model<'_>, threads: usize) -> Option<Self> {
        let stops = model.stops.len();
        if model.rich || !(LEAST..=MEDIUM).contains(&stops) {
            return None;
        }
        let (founders, founding, children) = if stops <= SMALL { (8, 0.4, 24) } else { (4, 0.5, 12) };
        let founders = (founders / threads).max(1);
        Some(Self { elite: Mutex::new(Vec::new()), founders, children, founding })
    }

    /// One thread's searches until the budget is used up. The best of all is in the elite, and answered.
    pub(super) fn run(
        &self,
        anneal: &mut Anneal<'_, '_>,
        progress: &mut Progress<'_>,
        start: &[(VehicleId, Vec<Place>)],
        rng: &mut Rng,
    ) -> (i64, Lists) {
        let length = self.founding / self.founders as f64;
        for founder in 0..self.founders {
            let begun = length * founder as f64;
            if founder > 0 {
                anneal.begin(start);
            }
            progress.until = begun + length;
            anneal.run(progress, Heat::COLD_START, (begun, begun + length));
            self.admit(anneal, self.founders.max(2));
        }
        let length = (1.0 - self.founding) / self.children as f64;
        for child in 0..self.children {
            let Some(crossed) = self.cross(anneal.model(), rng).filter(|_| !progress.cancelled()) else {
                break;
            };
            let begun = self.founding + length * child as f64;
            anneal.begin(&crossed);
            progress.until = begun + length;
            anneal.run(progress, Heat::CROSSED, (begun, begun + length));
            self.admit(anneal, self.founders.max(2));
        }
        let elite = self.elite.lock().unwrap_or_else(PoisonError::into_inner);
        elite.first().cloned().unwrap_or((anneal.best_cost, anneal.best.clone()))
    }

    /// Takes the best plan of a search into the elite, best first, unless one of its cost is there.
    fn admit(&self, anneal: &Anneal<'_, '_>, size: usize) {
        let mut elite = self.elite.lock().unwrap_or_else(PoisonError::into_inner);
        let cost = anneal.best_cost;
        let at = elite.partition_point(|(other, _)| *other < cost);
        if elite.get(at).is_none_or(|(other, _)| *other != cost) {
            elite.insert(at, (cost, anneal.best.clone()));
            elite.truncate(size);
        }
    }

    /// Neighbouring routes of one plan, then all of another: what is planned twice counts in the first only.
    fn cross(&self, model: &Model<'_>, rng: &mut Rng) -> Option<Lists> {
        let elite = self.elite.lock().unwrap_or_else(PoisonError::into_inner);
        let one = rng.below(elite.len().max(1));
        let other = (one + 1 + rng.below(elite.len().max(2) - 1)) % elite.len().max(1);
        let (one, other) = (&elite.get(one)?.1, &elite.get(other)?.1);
        let mut route_of = vec![None; model.stops.len()];
        for (route, (_, places)) in one.iter().enumerate() {
            for stop in places.iter().filter_map(Place::stop).filter_map(|stop| model.number(stop)) {
                route_of[stop as usize] = Some(route);
            }
        }
        let wanted = 1 + rng.below(one.len().max(2) - 1);
        let seed = rng.below(model.stops.len()) as u32;
        let mut taken: Vec<usize> = Vec::new();
        for route in model.near.around(seed).iter().filter_map(|stop| route_of[*stop as usize]) {
            if taken.len() < wanted && !taken.contains(&route) {
                taken.push(route);
            }
        }
        let mut child: Lists = taken.iter().map(|route| one[*route].clone()).collect();
        child.extend(other.iter().cloned());
        Some(child)
    }
}
