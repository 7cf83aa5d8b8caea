//! Each feature by an example small enough to be worked out by hand.

use luhuan_routing::{
    Break, Budget, Constraint, Instance, Load, Location, Matrix, Objective, Overtime, Place, Plan, Problem,
    ProblemBuilder, Promise, Serve, Stop, TimeWindow, Vehicle, VehicleId, check, solve,
};

/// Locations 0 (the depot) to 5 on a line, ten apart.
fn line() -> ProblemBuilder {
    let points = (0..6).map(|at| (f64::from(at) * 10.0, 0.0)).collect();
    Problem::builder(Matrix::plane(points, 1.0).unwrap())
}

fn planned(builder: ProblemBuilder) -> (Problem, Plan) {
    let problem = builder.build().unwrap();
    let plan = solve(&problem, Budget::iterations(2000), 1, 1);
    assert_eq!(check(&problem, &plan), Ok(()));
    (problem, plan)
}

#[test]
fn any_of_several_windows_will_do() {
    let mut builder = line();
    // The first window is missed; the second is met after waiting.
    let windows = vec![TimeWindow::new(0, 5), TimeWindow::new(100, 110)];
    builder.stop(Stop { windows, ..Stop::at("a", Location(1)) });
    builder.vehicle(Vehicle { duration_cost: 1, ..Vehicle::at("v", Location(0)) });
    let (_, plan) = planned(builder);
    let route = &plan.routes[0];
    assert_eq!(route.visits[0].service_start, 100);
    // It leaves as late as it can: no waiting is paid.
    assert_eq!((route.start, route.duration(), plan.cost.duration), (90, 20, 20));
}

#[test]
fn the_departure_is_chosen_over_all_windows_not_the_first_that_fits() {
    let mut builder = line();
    // Early at the first stop means a long wait at the second; its later window is the better one.
    let first = vec![TimeWindow::new(10, 20), TimeWindow::new(200, 210)];
    builder.stop(Stop { windows: first, ..Stop::at("a", Location(1)) });
    builder.stop(Stop { windows: vec![TimeWindow::new(215, 230)], ..Stop::at("b", Location(2)) });
    builder.vehicle(Vehicle { duration_cost: 1, ..Vehicle::at("v", Location(0)) });
    let (_, plan) = planned(builder);
    assert_eq!(plan.cost.duration, 40, "there and back without a wait");
}

#[test]
fn a_full_vehicle_unloads_and_goes_on() {
    let mut builder = line();
    for at in 1..=4 {
        builder.stop(Stop { pickup: Load::of(6), ..Stop::at(at.to_string(), Location(at)) });
    }
    builder.vehicle(Vehicle {
        capacity: Load::of(12),
        reload_at: vec![Location(0)],
        ..Vehicle::at("v", Location(0))
    });
    let (_, plan) = planned(builder);
    assert!(plan.unserved.is_empty());
    let reloads =
        plan.routes[0].visits.iter().filter(|visit| matches!(visit.place, Place::Reload(_))).count();
    assert_eq!((reloads, plan.cost.distance), (1, 40 + 80));
}

#[test]
fn a_pair_goes_on_one_vehicle_in_order() {
    let mut builder = line();
    let sofa = builder.stop(Stop { pickup: Load::of(1), ..Stop::at("from", Location(4)) });
    let owner = builder.stop(Stop::at("to", Location(1)));
    builder.pair(sofa, owner);
    builder.vehicle(Vehicle { capacity: Load::of(1), ..Vehicle::at("v", Location(0)) });
    let (_, plan) = planned(builder);
    assert!(plan.routes[0].stops().eq([sofa, owner]));
    assert_eq!(plan.routes[0].visits[0].load, Load::of(1));
    assert_eq!(plan.routes[0].visits[1].load, Load::ZERO);
}

#[test]
fn a_break_is_taken_within_its_window() {
    let mut builder = line();
    builder.stop(Stop { service: 50, ..Stop::at("a", Location(1)) });
    builder.stop(Stop { service: 50, ..Stop::at("b", Location(2)) });
    let break_time = Some(Break { window: TimeWindow::new(60, 80), duration: 15 });
    let shift = TimeWindow::new(0, 155);
    builder.vehicle(Vehicle { break_time, shift, ..Vehicle::at("v", Location(0)) });
    let (_, plan) = planned(builder);
    assert!(plan.unserved.is_empty());
    assert!((60..=80).contains(&plan.routes[0].break_at.unwrap()));
    assert_eq!(plan.routes[0].duration(), 40 + 100 + 15);
}

#[test]
fn overtime_is_paid_beyond_the_regular_time() {
    let mut builder = line();
    builder.stop(Stop { service: 30, ..Stop::at("a", Location(5)) });
    let overtime = Some(Overtime { regular: 100, cost: 7 });
    builder.vehicle(Vehicle { overtime, ..Vehicle::at("v", Location(0)) });
    let (_, plan) = planned(builder);
    assert_eq!(plan.cost.overtime, 30 * 7);
}

#[test]
fn an_optional_stop_is_served_when_its_prize_is_worth_the_way() {
    let mut builder = line();
    builder.stop(Stop { serve: Serve::Prize(21), ..Stop::at("near", Location(1)) });
    builder.stop(Stop { serve: Serve::Prize(60), ..Stop::at("far", Location(5)) });
    builder.vehicle(Vehicle::at("v", Location(0)));
    let (_, plan) = planned(builder);
    // Near alone costs 20 for 21; to go on to far costs 80 more for 60.
    assert_eq!(plan.cost.total(), 20 + 60);
    assert_eq!(plan.unserved[0].reason, Constraint::NotWorthIt);
    assert_eq!(plan.unserved[0].nearest.unwrap().missing, 80 - 60);
}

#[test]
fn of_two_stops_the_one_with_priority_goes_first() {
    let mut builder = line();
    let serve = Serve::Required { priority: 3 };
    builder.stop(Stop { pickup: Load::of(1), ..Stop::at("ordinary", Location(1)) });
    builder.stop(Stop { pickup: Load::of(1), serve, ..Stop::at("urgent", Location(5)) });
    builder.vehicle(Vehicle { capacity: Load::of(1), ..Vehicle::at("v", Location(0)) });
    let (problem, plan) = planned(builder);
    assert_eq!(problem.stop(plan.unserved[0].stop).key, "ordinary");
    assert_eq!(plan.unserved[0].reason, Constraint::Capacity { dimension: 0 });
}

#[test]
fn a_published_plan_is_kept_where_changing_it_costs_more() {
    let stops = |moved| {
        let mut builder = line();
        let stop = builder.stop(Stop::at("a", Location(3)));
        builder.vehicle(Vehicle { fixed_cost: 10, ..Vehicle::at("cheap", Location(0)) });
        let dear = builder.vehicle(Vehicle { fixed_cost: 30, ..Vehicle::at("dear", Location(0)) });
        builder.promise(stop, Promise { vehicle: dear, arrival: TimeWindow::new(0, 1000) });
        builder.objective(Objective { moved, ..Objective::default() });
        planned(builder).1.routes[0].vehicle
    };
    assert_eq!(stops(19), VehicleId(0), "20 saved is worth 19");
    assert_eq!(stops(21), VehicleId(1), "20 saved is not worth 21");
}

#[test]
fn an_arrival_is_kept_within_what_was_promised() {
    let mut builder = line();
    let stop = builder.stop(Stop::at("a", Location(1)));
    let vehicle = builder.vehicle(Vehicle::at("v", Location(0)));
    builder.promise(stop, Promise { vehicle, arrival: TimeWindow::new(300, 310) });
    builder.objective(Objective { shifted: 5, ..Objective::default() });
    let (_, plan) = planned(builder);
    assert_eq!(plan.cost.change, 0);
    assert!((300..=310).contains(&plan.routes[0].visits[0].arrival));
}

#[test]
fn what_is_driven_already_stays_at_the_beginning() {
    let mut builder = line();
    let driven = builder.stop(Stop { windows: vec![TimeWindow::new(0, 1)], ..Stop::at("done", Location(5)) });
    builder.stop(Stop::at("next", Location(1)));
    builder.vehicle(Vehicle { locked: vec![driven], ..Vehicle::at("v", Location(0)) });
    let (_, plan) = planned(builder);
    assert!(plan.unserved.is_empty());
    assert_eq!(plan.routes[0].stops().next(), Some(driven));
}

#[test]
fn a_trip_waits_for_what_it_brings() {
    let mut builder = line();
    builder.stop(Stop { release: Some(70), delivery: Load::of(1), ..Stop::at("a", Location(1)) });
    builder.vehicle(Vehicle::at("v", Location(0)));
    let (_, plan) = planned(builder);
    assert!(plan.routes[0].start >= 70);
}

#[test]
fn slack_is_what_an_arrival_can_still_lose() {
    let mut builder = line();
    builder.stop(Stop { windows: vec![TimeWindow::new(0, 45)], ..Stop::at("a", Location(1)) });
    builder.vehicle(Vehicle { shift: TimeWindow::new(0, 100), ..Vehicle::at("v", Location(0)) });
    let (_, plan) = planned(builder);
    let visit = plan.routes[0].visits[0];
    assert_eq!(visit.arrival + visit.slack, 45);
}

#[test]
fn pairs_of_li_and_lim_are_read_and_planned() {
    let text = "5 10 1\n0 0 0 0 0 1000 0 0 0\n1 30 40 5 0 900 10 0 2\n2 60 80 -5 0 900 10 1 0\n";
    let instance = Instance::parse(text).unwrap();
    let plan = solve(&instance.problem, Budget::iterations(500), 1, 1);
    assert_eq!(check(&instance.problem, &plan), Ok(()));
    assert_eq!(instance.solution(&plan).to_string(), "Route #1: 1 2\nCost 200.0\n");
}
