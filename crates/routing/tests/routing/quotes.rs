//! Offers hold what they say, and none that would be cheaper is overlooked.

use luhuan_routing::{
    Budget, LivePlan, Location, Place, Plan, PlanError, Problem, Stop, TimeWindow, check, solve,
};
use proptest::prelude::*;

use crate::worlds::{Traits, world};

fn newcomer(location: u32) -> Stop {
    Stop { service: 5, delivery: luhuan_routing::Load::of(3), ..Stop::at("newcomer", Location(location)) }
}

/// The cheapest way to put a stop in, by trying every place from scratch.
fn by_trying(
    problem: &Problem,
    plan: &Plan,
    live: &LivePlan,
    stop: &Stop,
    window: TimeWindow,
) -> Option<i64> {
    let vehicles = (0..problem.vehicles().len() as u32).map(luhuan_routing::VehicleId);
    let mut least = None;
    for vehicle in vehicles {
        let calls: Vec<Place> = plan
            .route(vehicle)
            .map_or_else(Vec::new, |route| route.visits.iter().map(|visit| visit.place).collect());
        for position in 0..=calls.len() {
            let mut live = live.clone();
            let offer = live.quote(stop, &[window])[0];
            // An offer stands for a place only; every other place is tried by hand.
            let Ok(id) = offer.map_or(Err(PlanError::Stale), |offer| live.insert(stop.clone(), &offer))
            else {
                continue;
            };
            let mut routes = plan.to_routes();
            routes.retain(|(other, _)| *other != vehicle);
            let mut with = calls.clone();
            with.insert(position, Place::Stop(id));
            routes.push((vehicle, with));
            if let Ok(tried) = Plan::from_routes(live.problem(), &routes) {
                let cost = tried.cost.total() - plan.cost.total();
                least = Some(least.map_or(cost, |least: i64| least.min(cost)));
            }
        }
    }
    least
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn an_offer_taken_up_costs_what_it_said(seed in 0_u64..1_000_000, kind in 0_usize..6, start in 0_i64..800) {
        let problem = world(seed, 20, Traits::ALL[kind]);
        let plan = solve(&problem, Budget::iterations(200), seed, 1);
        let live = LivePlan::new(problem, &plan).unwrap();
        let windows = [TimeWindow::new(start, start + 100), TimeWindow::new(0, 1000)];
        for offer in live.quote(&newcomer(3), &windows).into_iter().flatten() {
            let mut after = live.clone();
            after.insert(newcomer(3), &offer).unwrap();
            prop_assert_eq!(after.plan().cost.total() - live.plan().cost.total(), offer.cost);
            prop_assert_eq!(check(after.problem(), after.plan()), Ok(()));
            prop_assert_eq!(after.insert(Stop::at("another", Location(4)), &offer), Err(PlanError::Stale));
        }
    }

    #[test]
    fn no_cheaper_place_is_overlooked_where_only_the_way_costs(seed in 0_u64..1_000_000, start in 0_i64..800) {
        let problem = world(seed, 14, Traits::default());
        let plan = solve(&problem, Budget::iterations(200), seed, 1);
        let live = LivePlan::new(problem.clone(), &plan).unwrap();
        let window = TimeWindow::new(start, start + 100);
        let stop = newcomer(3);
        let offered = live.quote(&stop, &[window])[0].map(|offer| offer.cost);
        if offered.is_some() {
            prop_assert_eq!(offered, by_trying(&problem, &plan, &live, &stop, window));
        }
    }
}

#[test]
fn a_stop_that_is_nowhere_has_no_offer() {
    let problem = world(1, 10, Traits::default());
    let plan = solve(&problem, Budget::iterations(100), 1, 1);
    let live = LivePlan::new(problem, &plan).unwrap();
    assert_eq!(live.quote(&newcomer(999), &[TimeWindow::new(0, 1000)]), [None]);
}
