//! The loop: change something, and keep the change or take it back by simulated annealing.

use crate::plan::Place;
use crate::problem::VehicleId;

use super::budget::Progress;
use super::model::Model;
use super::recreate::Recreate;
use super::rng::Rng;
use super::ruin::Ruin;
use super::state::{BOOST, Lists, State};
use super::tails;

/// Temperatures as shares of the mean cost per stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heat {
    pub(super) first: f64,
    pub(super) last: f64,
}

impl Heat {
    /// From nothing: found by trial over four families of instances (docs/src/routing/experiments.md).
    pub(super) const COLD_START: Self = Self { first: 2.0, last: 0.02 };
    /// From a plan crossed from two good ones.
    pub(super) const CROSSED: Self = Self { first: 0.5, last: 0.02 };
    /// From a plan that is to be improved, not forgotten.
    pub(super) const WARM_START: Self = Self { first: 0.2, last: 0.02 };
}

/// Share of iterations that may end with a required stop left out.
const LACKING: f64 = 0.3;
/// First price of leaving one out, as a share of the mean cost per stop.
const PRICE: f64 = 3.0;
/// By how much that price is changed, every so many iterations, towards the share wanted.
const PRICE_STEP: f64 = 1.05;
const PRICE_EVERY: u64 = 1000;
/// Share of iterations that exchange two rests at random instead of ruining.
const SHAKE: f64 = 0.2;
/// Share of iterations that exchange vehicles, where they differ.
const EXCHANGE: f64 = 0.1;
/// Prizes count up to so many times more at first, for so much of the budget.
const BOOSTED: f64 = 3.0;
const BOOSTED_UNTIL: f64 = 0.2;
/// A change that costs so many times the mean cost per stop more than allowed is not worth improving.
const HOPEFUL: f64 = 3.0;
/// How many iterations pass between two looks at the clock.
const GLANCE: u64 = 64;

/// One search on one thread.
pub(super) struct Anneal<'m, 'p> {
    state: State<'m, 'p>,
    ruin: Ruin,
    recreate: Recreate,
    rng: Rng,
    moved: Vec<u32>,
    price: f64,
    optional: bool,
    /// Mean cost per stop.
    scale: f64,
    /// The best plan found.
    pub(super) best: Lists,
    pub(super) best_cost: i64,
}

impl<'m, 'p> Anneal<'m, 'p> {
    /// Starts from a plan of any kind: what it does not plan is put in greedily.
    pub(super) fn new(model: &'m Model<'p>, seed: u64, start: &[(VehicleId, Vec<Place>)]) -> Self {
        let mut it = Self {
            state: State::new(model),
            ruin: Ruin::new(),
            recreate: Recreate::new(),
            rng: Rng::new(seed),
            moved: Vec::new(),
            price: 0.0,
            optional: model.required.iter().any(|required| !required),
            scale: 1.0,
            best: Vec::new(),
            best_cost: i64::MAX,
        };
        it.begin(start);
        it
    }

    /// Begins anew, and forgets the best.
    pub(super) fn begin(&mut self, start: &[(VehicleId, Vec<Place>)]) {
        self.state.load(start);
        self.keep();
        self.price = 0.0;
        if start.is_empty() {
            // Many stops together may be worth a route that none of them is worth alone.
            self.state.set_prices(i64::MAX, (BOOST as f64 * (1.0 + BOOSTED)) as i64);
        }
        self.state.mark();
        self.state.fresh = std::mem::take(&mut self.state.absent);
        self.recreate.run(&mut self.state, &mut self.rng);
        self.keep_if_better();
    }

    fn keep(&mut self) {
        self.best_cost = self.state.true_cost();
        self.state.lists(&mut self.best);
    }

    fn keep_if_better(&mut self) {
        if self.state.true_cost() < self.best_cost {
            self.keep();
        }
    }

    pub(super) fn model(&self) -> &'m Model<'p> {
        self.state.model
    }

    /// The plan as it stands, which may be worse than the best, and its cost.
    pub(super) fn current(&self) -> (i64, Lists) {
        let mut lists = Vec::new();
        self.state.lists(&mut lists);
        (self.state.true_cost(), lists)
    }

    /// The plan in the making, for tests.
    #[cfg(test)]
    pub(super) fn state(&self) -> &State<'m, 'p> {
        &self.state
    }

    /// Goes on from another plan.
    pub(super) fn go_on_from(&mut self, lists: &[(VehicleId, Vec<Place>)]) {
        self.state.load(lists);
        self.keep_if_better();
    }

    /// Searches until the progress pauses. The temperature falls from the first share of the budget to the second.
    pub(super) fn run(&mut self, progress: &mut Progress<'_>, heat: Heat, span: (f64, f64)) {
        let stops = self.state.model.stops.len().max(1) as f64;
        let driven: i64 = self.state.routes.iter().map(|route| route.cost).sum();
        let scale = (driven as f64 / stops).max(1.0);
        self.scale = scale;
        if self.price == 0.0 {
            self.price = PRICE * scale;
        }
        let (mut share, mut temperature, mut lacking) = (0.0, 0.0, 0_u64);
        for iteration in 0_u64.. {
            if iteration.is_multiple_of(GLANCE) {
                match progress.go_on(self.best_cost) {
                    Some(now) => share = ((now - span.0) / (span.1 - span.0)).clamp(0.0, 1.0),
                    None => break,
                }
                temperature = heat.first * scale * (heat.last / heat.first).powf(share);
            }
            if iteration.is_multiple_of(PRICE_EVERY) {
                self.change_prices(lacking, scale, share);
                lacking = 0;
            }
            progress.iterations += 1;
            self.iterate(temperature);
            lacking += u64::from(self.state.lacks_required());
        }
    }

    /// Makes leaving out required stops dearer when too many plans do, cheaper when too few do.
    fn change_prices(&mut self, lacking: u64, scale: f64, share: f64) {
        let too_many = lacking as f64 > LACKING * PRICE_EVERY as f64;
        self.price *= if too_many { PRICE_STEP } else { 1.0 / PRICE_STEP };
        self.price = self.price.clamp(0.5 * scale, 1e12);
        let boosted = if self.optional { BOOSTED * (1.0 - share / BOOSTED_UNTIL).max(0.0) } else { 0.0 };
        self.state.set_prices(self.price as i64, (BOOST as f64 * (1.0 + boosted)) as i64);
    }

    fn iterate(&mut self, temperature: f64) {
        let before = self.state.cost;
        self.state.mark();
        let allowed = before as f64 - temperature * (1.0 - self.rng.unit()).ln();
        if !self.change(allowed + HOPEFUL * self.scale) {
            self.state.undo();
            return;
        }
        if (self.state.cost as f64) >= allowed {
            self.state.undo();
        } else if self.state.cost < self.best_cost {
            self.keep_if_better();
        }
    }

    /// Changes the plan, and improves the change if it costs less than `hopeful`; `false` if that led nowhere.
    fn change(&mut self, hopeful: f64) -> bool {
        let Self { state, ruin, recreate, rng, moved, .. } = self;
        if state.model.makes.len() > 1 && rng.chance(EXCHANGE) {
            return tails::change_vehicles(state, rng) && !state.broken;
        }
        if rng.chance(SHAKE) {
            return tails::shake(state, rng) && !state.broken;
        }
        ruin.run(state, rng);
        if state.broken {
            return false;
        }
        recreate.run(state, rng);
        moved.clear();
        moved.extend(recreate.moved());
        if (state.cost as f64) < hopeful {
            tails::descend(state, moved);
        }
        !state.broken
    }
}
