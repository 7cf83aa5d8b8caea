//! The planner's own figures: time and quality by size, memory per stop, latency of quotes. Prints Markdown tables.

use std::time::{Duration, Instant};

use luhuan_routing::{
    Budget, LivePlan, Load, Location, Matrix, Problem, Search, Stop, TimeWindow, Vehicle, solve,
};

/// A city of homes around a depot, shifts of eight hours, windows of two: seconds and metres (ten a second).
fn city(stops: u32) -> Problem {
    let mut state = 88_172_645_463_325_252_u64;
    let mut roll = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % bound
    };
    let side = 600.0 * f64::from(stops).sqrt();
    let mut point = || (roll(1 << 20) as f64 / 1_048_576.0 * side, roll(1 << 20) as f64 / 1_048_576.0 * side);
    let mut points = vec![(side / 2.0, side / 2.0)];
    points.extend((0..stops).map(|_| point()));
    let mut builder = Problem::builder(Matrix::plane(points, 0.1).expect("coordinates are finite"));
    for at in 1..=stops {
        let start = roll(4) as i64 * 7200;
        builder.stop(Stop {
            service: 240,
            windows: vec![TimeWindow::new(start, start + 7200)],
            pickup: Load::of(10 + roll(40) as i64),
            ..Stop::at(at.to_string(), Location(at))
        });
    }
    for at in 0..=stops / 20 {
        builder.vehicle(Vehicle {
            shift: TimeWindow::new(0, 28_800 + 3600),
            capacity: Load::of(1000),
            fixed_cost: 1000,
            ..Vehicle::at(at.to_string(), Location(0))
        });
    }
    builder.build().expect("the city is a problem")
}

/// Peak resident memory so far, in kilobytes (Linux).
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find(|line| line.starts_with("VmHWM"))?.split_whitespace().nth(1)?.parse().ok()
}

fn main() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "| stops | seconds | threads | vehicles | left out | cost | memory per stop |\n|---|---|---|---|---|---|---|"
    );
    for (stops, seconds) in [(100, 1), (100, 5), (1000, 5), (1000, 20), (10_000, 20), (10_000, 60)] {
        let problem = city(stops);
        let budget = Budget::time(Duration::from_secs(seconds));
        let solved = Search::new(&problem).budget(budget).threads(threads).run();
        let memory = peak().map_or("?".to_owned(), |peak| format!("{} kB", peak / u64::from(stops)));
        println!(
            "| {stops} | {seconds} | {threads} | {} | {} | {} | {memory} |",
            solved.plan.routes.len(),
            solved.plan.unserved.len(),
            solved.plan.cost.total()
        );
    }
    println!("\n| stops planned | a quote for 40 windows | an insertion |\n|---|---|---|");
    for stops in [100, 1000, 5000] {
        let (quote, insert) = latency(stops);
        println!("| {stops} | {:.0} µs | {:.0} µs |", quote * 1e6, insert * 1e6);
    }
}

/// Median seconds of a quote, and of taking one up.
fn latency(stops: u32) -> (f64, f64) {
    let problem = city(stops);
    let plan = solve(&problem, Budget::time(Duration::from_secs(3)), 1, 1);
    let live = LivePlan::new(problem, &plan).expect("the plan is this problem's");
    let windows: Vec<TimeWindow> = (0..40).map(|at| TimeWindow::new(at * 600, at * 600 + 7200)).collect();
    let (mut quotes, mut inserts) = (Vec::new(), Vec::new());
    for at in 0..300 {
        let location = Location(1 + at * 7 % stops);
        let stop = Stop { service: 240, pickup: Load::of(10), ..Stop::at(format!("new {at}"), location) };
        let begun = Instant::now();
        let offers = live.quote(&stop, &windows);
        quotes.push(begun.elapsed().as_secs_f64());
        if let Some(offer) = offers.into_iter().flatten().next() {
            let mut live = live.clone();
            let begun = Instant::now();
            live.insert(stop, &offer).expect("an offer just made holds");
            inserts.push(begun.elapsed().as_secs_f64());
        }
    }
    (median(quotes), median(inserts))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
