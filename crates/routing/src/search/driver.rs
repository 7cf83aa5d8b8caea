//! Puts threads to work: on the whole problem side by side, or each on parts of a large one.

use std::sync::Mutex;

use crate::problem::{Problem, StopId, VehicleId};

use super::anneal::{Anneal, Heat};
use super::budget::{Budget, Outside, Progress};
use super::cut::{Part, cut};
use super::generations::Generations;
use super::model::Model;
use super::rng::Rng;
use super::state::Lists;

/// Most stops that one thread searches as a whole.
const WHOLE: usize = 2500;
/// Stops of a part, about.
const PART: usize = 800;
/// Least stops of a part worth a thread of its own.
const LEAST: usize = 250;
/// How often parts are cut anew.
const ROUNDS: usize = 12;
/// How often threads side by side compare.
const MEETINGS: usize = 10;

/// A search about to run.
pub(super) struct Driver<'a> {
    pub(super) problem: &'a Problem,
    pub(super) vehicles: Vec<VehicleId>,
    pub(super) budget: Budget,
    pub(super) outside: Outside<'a>,
    pub(super) seed: u64,
    pub(super) threads: usize,
    pub(super) heat: Heat,
}

/// What came of it.
pub(super) struct Found {
    pub(super) routes: Lists,
    pub(super) iterations: u64,
}

impl Driver<'_> {
    pub(super) fn run(&self, start: Lists) -> Found {
        let stops = self.problem.stops().len();
        let threads = self.threads.max(1);
        if stops > WHOLE || (threads > 1 && stops >= LEAST * threads) {
            self.run_in_parts(start, threads)
        } else {
            self.run_whole(&start, threads)
        }
    }

    /// Each thread on the whole problem. Now and then they compare, and who is behind goes on from the other's plan.
    fn run_whole(&self, start: &Lists, threads: usize) -> Found {
        let stops = (0..self.problem.stops().len() as u32).map(StopId).collect();
        let progress = Progress::new(self.budget, self.outside);
        let model = Model::new(self.problem, stops, &self.vehicles);
        // A plan handed in is to be improved, not to be one of several.
        let afresh = start.is_empty();
        let generations = if afresh { Generations::worth(&model, threads) } else { None };
        let meeting: Mutex<Option<(i64, Lists)>> = Mutex::new(None);
        let search = |thread: usize| {
            let mut progress = progress.clone();
            let seed = self.seed.wrapping_add(thread as u64 * 7919);
            let mut anneal = Anneal::new(&model, seed, start);
            if let Some(generations) = &generations {
                let (cost, best) = generations.run(&mut anneal, &mut progress, start, &mut Rng::new(!seed));
                return (cost, best, progress.iterations);
            }
            for round in 1..=if threads > 1 { MEETINGS } else { 1 } {
                if threads > 1 {
                    progress.until = round as f64 / MEETINGS as f64;
                }
                anneal.run(&mut progress, self.heat, (0.0, 1.0));
                if threads > 1 && round < MEETINGS {
                    meet(&meeting, &mut anneal);
                }
            }
            (anneal.best_cost, anneal.best, progress.iterations)
        };
        let mut found: Vec<(i64, Lists, u64)> =
            if threads == 1 { vec![search(0)] } else { spread(threads, search) };
        let iterations = found.iter().map(|(.., iterations)| iterations).sum();
        found.sort_by_key(|(cost, ..)| *cost);
        let routes = found.into_iter().next().map_or_else(Vec::new, |(_, routes, _)| routes);
        Found { routes, iterations }
    }

    /// Parts of the problem, several threads at once; then other parts.
    fn run_in_parts(&self, start: Lists, threads: usize) -> Found {
        let stops = self.problem.stops().len();
        let parts = (stops.div_ceil(PART)).max(threads).next_multiple_of(threads);
        let mut rng = Rng::new(self.seed);
        let mut progress = Progress::new(self.budget, self.outside);
        let (mut current, mut best) = (start, (i64::MAX, Vec::new()));
        for round in 0..ROUNDS {
            let begun = progress.share();
            if begun >= 1.0 || progress.cancelled() {
                break;
            }
            let pieces = cut(self.problem, &self.vehicles, &current, parts, &mut rng);
            let seed = rng.next();
            let search = |thread: usize| {
                let own: Vec<&Part> = pieces.iter().skip(thread).step_by(threads).collect();
                self.search_parts(&own, progress.clone(), (begun, round), seed.wrapping_add(thread as u64))
            };
            let found = if threads == 1 { vec![search(0)] } else { spread(threads, search) };
            let (mut cost, mut routes) = (0, Vec::new());
            current.clear();
            for done in found {
                cost += done.best_cost;
                routes.extend(done.best);
                current.extend(done.current);
                progress.iterations = progress.iterations.max(done.iterations);
            }
            if cost < best.0 {
                best = (cost, routes);
            }
            // Towards the end what counts is the best, not where the search happens to be.
            if round * 3 >= ROUNDS * 2 {
                current.clone_from(&best.1);
            }
        }
        Found { routes: best.1, iterations: progress.iterations }
    }

    /// One thread's parts of one round, one after the other.
    fn search_parts(&self, parts: &[&Part], progress: Progress<'_>, round: (f64, usize), seed: u64) -> Done {
        let (begun, round) = round;
        let mut progress = progress;
        let mut done = Done::default();
        let length = (1.0 - begun) / (ROUNDS - round) as f64;
        for (turn, part) in parts.iter().enumerate() {
            progress.until = begun + length * (turn + 1) as f64 / parts.len() as f64;
            let model = Model::new(self.problem, part.stops.clone(), &part.vehicles);
            let mut anneal = Anneal::new(&model, seed.wrapping_add(turn as u64 * 104_729), &part.routes);
            anneal.run(&mut progress, self.heat, (0.0, 1.0));
            let (_, current) = anneal.current();
            done.current.extend(current);
            done.best_cost += anneal.best_cost;
            done.best.extend(anneal.best);
        }
        done.iterations = progress.iterations;
        done
    }
}

#[derive(Default)]
struct Done {
    best_cost: i64,
    best: Lists,
    current: Lists,
    iterations: u64,
}

/// Takes over the plan left by another thread if it is better, else leaves one's own.
fn meet(meeting: &Mutex<Option<(i64, Lists)>>, anneal: &mut Anneal<'_, '_>) {
    let (cost, lists) = anneal.current();
    let Ok(mut left) = meeting.lock() else { return };
    match &*left {
        Some((better, lists)) if *better < cost => anneal.go_on_from(lists),
        _ => *left = Some((cost, lists)),
    }
}

/// Runs a search on each of several threads.
fn spread<T: Send>(threads: usize, search: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let search = &search;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || search(thread))).collect();
        running.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}
