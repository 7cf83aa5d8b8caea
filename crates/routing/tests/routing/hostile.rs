//! Problems that are none, or that cannot be solved: a typed error, or stops left out with the reason. Never a panic.

use luhuan_routing::{
    Budget, Constraint, Eligible, Instance, Load, Location, Matrix, Plan, PlanError, Problem, ProblemBuilder,
    ProblemError, Search, Solution, Stop, StopId, TimeWindow, Vehicle, VehicleId, check, solve,
};
use proptest::prelude::*;

/// Three locations in a row, ten apart: 0 is the depot.
fn row() -> ProblemBuilder {
    Problem::builder(Matrix::plane(vec![(0.0, 0.0), (10.0, 0.0), (20.0, 0.0)], 1.0).unwrap())
}

fn reason(builder: ProblemBuilder) -> Constraint {
    let problem = builder.build().unwrap();
    let plan = solve(&problem, Budget::iterations(200), 1, 1);
    assert_eq!(check(&problem, &plan), Ok(()));
    assert_eq!(plan.unserved.len(), 1, "one stop is left out");
    plan.unserved[0].reason
}

#[test]
fn what_is_no_problem_is_refused_by_name() {
    let mut twice = row();
    twice.stop(Stop::at("a", Location(1)));
    twice.stop(Stop::at("a", Location(2)));
    assert_eq!(twice.build().unwrap_err(), ProblemError::DuplicateKey("a".into()));

    let mut nowhere = row();
    nowhere.stop(Stop::at("a", Location(3)));
    assert!(matches!(nowhere.build(), Err(ProblemError::UnknownLocation { location: 3, size: 3, .. })));

    let mut inverted = row();
    inverted.stop(Stop { windows: vec![TimeWindow::new(5, 4)], ..Stop::at("a", Location(1)) });
    assert!(matches!(inverted.build(), Err(ProblemError::InvertedWindow { .. })));

    let mut overflowing = row();
    overflowing.stop(Stop { service: i64::MAX, ..Stop::at("a", Location(1)) });
    assert!(matches!(overflowing.build(), Err(ProblemError::OutOfRange { .. })));

    let mut long = row();
    long.vehicle(Vehicle { shift: TimeWindow::new(i64::MIN, i64::MAX), ..Vehicle::at("v", Location(0)) });
    assert!(matches!(long.build(), Err(ProblemError::OutOfRange { .. })));

    let mut unknown = row();
    let stop = Stop { eligible: Eligible::Only(vec![VehicleId(9)]), ..Stop::at("a", Location(1)) };
    unknown.stop(stop);
    assert!(matches!(unknown.build(), Err(ProblemError::UnknownReference { .. })));

    let mut knotted = row();
    let stop = knotted.stop(Stop::at("a", Location(1)));
    knotted.pair(stop, stop);
    assert!(matches!(knotted.build(), Err(ProblemError::TiedTwice(_))));

    assert!(Matrix::plane(vec![(f64::NAN, 0.0)], 1.0).is_err());
    assert!(Matrix::plane(vec![(f64::INFINITY, 0.0)], 1.0).is_err());
    assert!(Matrix::explicit(2, &[0, 1, 1], &[0, 1, 1, 0]).is_err());
    assert!(Matrix::explicit(1, &[-1], &[0]).is_err());
    assert!(Matrix::explicit(usize::MAX, &[], &[]).is_err());
    assert!(Load::new(&[1; 5]).is_err());
}

#[test]
fn what_cannot_be_served_says_why() {
    let mut none = row();
    none.stop(Stop::at("a", Location(1)));
    assert_eq!(reason(none), Constraint::NoVehicle);

    let mut late = row();
    late.stop(Stop { windows: vec![TimeWindow::new(0, 9)], ..Stop::at("a", Location(1)) });
    late.vehicle(Vehicle::at("v", Location(0)));
    assert_eq!(reason(late), Constraint::Window);

    let mut past = row();
    past.stop(Stop { windows: vec![TimeWindow::new(i64::MIN, -5)], ..Stop::at("a", Location(1)) });
    past.vehicle(Vehicle::at("v", Location(0)));
    assert_eq!(reason(past), Constraint::Window);

    let mut full = row();
    full.stop(Stop { pickup: Load::of(1), ..Stop::at("a", Location(1)) });
    full.vehicle(Vehicle { capacity: Load::ZERO, ..Vehicle::at("v", Location(0)) });
    assert_eq!(reason(full), Constraint::Capacity { dimension: 0 });

    let mut skilled = row();
    skilled.stop(Stop { skills: 4, ..Stop::at("a", Location(1)) });
    skilled.vehicle(Vehicle { skills: 3, ..Vehicle::at("v", Location(0)) });
    assert_eq!(reason(skilled), Constraint::Skills);

    let mut barred = row();
    let vehicle = barred.vehicle(Vehicle::at("v", Location(0)));
    barred.stop(Stop { eligible: Eligible::Not(vec![vehicle]), ..Stop::at("a", Location(1)) });
    assert_eq!(reason(barred), Constraint::Eligibility);

    let mut short = row();
    short.stop(Stop::at("a", Location(2)));
    short.vehicle(Vehicle { shift: TimeWindow::new(0, 39), ..Vehicle::at("v", Location(0)) });
    assert_eq!(reason(short), Constraint::ShiftEnd);

    let far = Matrix::UNREACHABLE;
    let mut island = Problem::builder(Matrix::explicit(2, &[0, far, far, 0], &[0, far, far, 0]).unwrap());
    island.stop(Stop::at("a", Location(1)));
    island.vehicle(Vehicle::at("v", Location(0)));
    assert_eq!(reason(island), Constraint::Unreachable);

    let mut ready_too_late = row();
    ready_too_late.stop(Stop { release: Some(i64::MAX), ..Stop::at("a", Location(1)) });
    ready_too_late.vehicle(Vehicle::at("v", Location(0)));
    assert_eq!(reason(ready_too_late), Constraint::ShiftEnd);
}

#[test]
fn nothing_at_all_is_a_plan_too() {
    let problem = row().build().unwrap();
    let plan = solve(&problem, Budget::default(), 1, 2);
    assert_eq!(plan.cost.total(), 0);
    let empty = Problem::builder(Matrix::plane(Vec::new(), 1.0).unwrap()).build().unwrap();
    assert!(solve(&empty, Budget::default(), 1, 0).routes.is_empty());
}

#[test]
fn a_locked_beginning_that_cannot_be_driven_is_left_out_whole() {
    let mut builder = row();
    let near = builder.stop(Stop::at("near", Location(1)));
    let far = builder.stop(Stop::at("far", Location(2)));
    let shift = TimeWindow::new(0, 25);
    builder.vehicle(Vehicle { locked: vec![far], shift, ..Vehicle::at("late", Location(0)) });
    builder.vehicle(Vehicle { shift, ..Vehicle::at("free", Location(0)) });
    let problem = builder.build().unwrap();
    let plan = solve(&problem, Budget::iterations(200), 1, 1);
    assert_eq!(check(&problem, &plan), Ok(()));
    assert!(plan.routes.iter().any(|route| route.stops().eq([near])));
    assert_eq!(plan.unserved.len(), 1);
}

#[test]
fn a_plan_of_another_problem_is_refused_or_passed_over() {
    let mut builder = row();
    builder.stop(Stop::at("a", Location(1)));
    builder.vehicle(Vehicle::at("v", Location(0)));
    let problem = builder.build().unwrap();
    let stranger = luhuan_routing::Place::Stop(StopId(7));
    let routes = [(VehicleId(0), vec![stranger])];
    assert_eq!(Plan::from_routes(&problem, &routes).unwrap_err(), PlanError::UnknownStop(7));
    let plan = solve(&problem, Budget::iterations(50), 1, 1);
    let smaller = row().build().unwrap();
    let passed_over = Search::new(&smaller).budget(Budget::iterations(50)).from_plan(&plan).run().plan;
    assert!(passed_over.routes.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_file_is_an_error_or_a_problem(damage in prop::collection::vec((0_usize..7000, any::<u8>()), 1..20), kind in 0_usize..3) {
        let files = [
            include_str!("../instances/solomon/C104.txt"),
            include_str!("../instances/MTVRPTWR/R204R0.5.vrp"),
            "2 10 1\n0 0 0 0 0 100 0 0 0\n1 3 4 5 0 50 1 0 2\n2 6 8 -5 0 80 1 1 0\n",
        ];
        let mut bytes = files[kind].as_bytes().to_vec();
        for (at, byte) in damage {
            let len = bytes.len();
            bytes[at % len] = byte;
        }
        if let Ok(instance) = Instance::parse(&String::from_utf8_lossy(&bytes)) {
            let plan = solve(&instance.problem, Budget::iterations(3), 1, 1);
            prop_assert_eq!(check(&instance.problem, &plan), Ok(()));
        }
        let _ = Solution::parse(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        let _ = Instance::parse(&text);
        let _ = Solution::parse(&text);
    }
}
