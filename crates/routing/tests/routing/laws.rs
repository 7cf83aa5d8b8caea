//! What holds of every plan, whatever the problem.

use luhuan_routing::{Budget, Plan, Search, check, draw, solve};
use proptest::prelude::*;

use crate::worlds::{Traits, world};

fn faults(problem: &luhuan_routing::Problem, plan: &Plan) -> Vec<String> {
    check(problem, plan).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn every_plan_passes_the_check(seed in 0_u64..1_000_000, stops in 0_usize..40, kind in 0_usize..6) {
        let problem = world(seed, stops, Traits::ALL[kind]);
        let plan = solve(&problem, Budget::iterations(400), seed, 1);
        prop_assert_eq!(faults(&problem, &plan), Vec::<String>::new());
    }

    #[test]
    fn a_plan_read_back_costs_the_same_to_the_unit(seed in 0_u64..1_000_000, stops in 1_usize..30, kind in 0_usize..6) {
        let problem = world(seed, stops, Traits::ALL[kind]);
        let plan = solve(&problem, Budget::iterations(300), seed, 1);
        let again = Plan::from_routes(&problem, &plan.to_routes()).unwrap();
        prop_assert_eq!(&again.cost, &plan.cost);
        prop_assert_eq!(&again.routes, &plan.routes);
        let warm = Search::new(&problem).budget(Budget::iterations(50)).from_plan(&plan).run().plan;
        prop_assert!(warm.cost.total() <= plan.cost.total());
    }

    #[test]
    fn one_seed_gives_one_plan(seed in 0_u64..1_000_000, kind in 0_usize..6) {
        let problem = world(seed, 25, Traits::ALL[kind]);
        let plan = || solve(&problem, Budget::iterations(300), seed, 1);
        prop_assert_eq!(plan(), plan());
    }

    #[test]
    fn several_threads_keep_the_constraints(seed in 0_u64..1_000_000, kind in 0_usize..6) {
        let problem = world(seed, 30, Traits::ALL[kind]);
        let plan = solve(&problem, Budget::iterations(200), seed, 3);
        prop_assert_eq!(faults(&problem, &plan), Vec::<String>::new());
    }

    #[test]
    fn a_picture_is_well_formed(seed in 0_u64..1_000_000, kind in 0_usize..6) {
        let problem = world(seed, 12, Traits::ALL[kind]);
        let picture = draw(&problem, &solve(&problem, Budget::iterations(50), seed, 1));
        prop_assert!(picture.starts_with("<svg") && picture.ends_with("</svg>\n"));
        for tag in ["title", "text", "svg"] {
            let opened = picture.matches(&format!("<{tag}")).count();
            prop_assert_eq!(opened, picture.matches(&format!("</{tag}>")).count());
        }
    }
}

#[test]
fn parts_of_a_large_problem_make_a_plan_that_keeps_the_constraints() {
    // Two threads on six hundred stops work on parts of their own.
    let problem = world(7, 600, Traits { mixed: true, ..Traits::default() });
    let plan = solve(&problem, Budget::iterations(3000), 1, 2);
    assert_eq!(faults(&problem, &plan), Vec::<String>::new());
}

#[test]
fn a_search_can_be_cancelled_and_tells_how_it_stands() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let problem = world(3, 40, Traits::default());
    let cancel = AtomicBool::new(false);
    // Without the cancel, this would go on for an hour.
    let budget = Budget { time: Some(std::time::Duration::from_secs(3600)), ..Budget::default() };
    let listener = |_: luhuan_routing::Report| cancel.store(true, Ordering::Relaxed);
    let solved = Search::new(&problem).budget(budget).cancel(&cancel).listener(&listener).run();
    assert!(cancel.load(Ordering::Relaxed));
    assert_eq!(faults(&problem, &solved.plan), Vec::<String>::new());
}
