//! Every change, judged step by step, must come to what an evaluation from scratch says.

use proptest::prelude::*;

use super::anneal::{Anneal, Heat};
use super::budget::{Budget, Outside, Progress};
use super::model::Model;
use super::state::State;
use crate::plan::{Place, Scheduler};
use crate::problem::{Problem, StopId, VehicleId};

#[path = "../../tests/routing/worlds.rs"]
mod worlds;

use worlds::{Traits, world};

fn model(problem: &Problem) -> Model<'_> {
    let stops = (0..problem.stops().len() as u32).map(StopId).collect();
    let vehicles: Vec<VehicleId> = (0..problem.vehicles().len() as u32).map(VehicleId).collect();
    Model::new(problem, stops, &vehicles)
}

/// Holds the state against one loaded anew from its lists, and each route against the exact evaluation.
fn assert_from_scratch(model: &Model<'_>, state: &State<'_, '_>) {
    let mut lists = Vec::new();
    state.lists(&mut lists);
    let mut scheduler = Scheduler::new(model.problem);
    let mut cost = 0;
    for (vehicle, places) in &lists {
        let timing = scheduler.evaluate(*vehicle, places).expect("every route kept is possible");
        cost += timing.cost.total();
    }
    cost += state.absent.iter().map(|stop| model.left_out[*stop as usize]).sum::<i64>();
    assert_eq!(state.true_cost(), cost, "cost by steps, and from scratch");
    let mut fresh = State::new(model);
    fresh.load(&lists);
    assert_eq!(fresh.true_cost(), cost, "a plan read back costs the same");
    for stop in 0..model.stops.len() {
        let (own, other) = (&state.nodes[stop], &fresh.nodes[stop]);
        assert_eq!(own.route == super::state::NONE, other.route == super::state::NONE);
        if own.route != super::state::NONE {
            assert_eq!(
                (own.ready, own.due, own.gap),
                (other.ready, other.due, other.gap),
                "labels of {stop}"
            );
        }
    }
    let planned: usize = lists.iter().map(|(_, places)| places.iter().filter_map(Place::stop).count()).sum();
    assert_eq!(planned + state.absent.len(), model.stops.len(), "no stop is lost");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn changes_by_steps_equal_evaluation_from_scratch(seed in 0_u64..1_000_000, stops in 1_usize..28, kind in 0_usize..6) {
        let traits = Traits::ALL[kind];
        let problem = world(seed, stops, traits);
        let model = model(&problem);
        let locked: Vec<(VehicleId, Vec<Place>)> = super::possible_routes(&problem, &super::usable_vehicles(&problem), &[]);
        let mut anneal = Anneal::new(&model, seed, &locked);
        for round in 0..60 {
            let mut progress = Progress::new(Budget::iterations(60), Outside::default());
            progress.iterations = round;
            progress.until = (round + 1) as f64 / 60.0;
            anneal.run(&mut progress, Heat::COLD_START, (0.0, 1.0));
            assert_from_scratch(&model, anneal.state());
        }
        // Two plans in one, as when plans are crossed: what is planned twice counts once.
        let (_, mut twice) = anneal.current();
        twice.reverse();
        twice.extend(anneal.best.clone());
        anneal.begin(&twice);
        assert_from_scratch(&model, anneal.state());
    }
}
