//! Problems made by chance from a seed, with as much in them as is asked for.

use luhuan_routing::{
    Balance, Break, Eligible, Load, Location, Matrix, Objective, Overtime, Problem, Promise, Serve, Stop,
    StopId, TimeWindow, Vehicle, VehicleId,
};

/// A small generator: the same numbers on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// From 0 to below `bound`.
    pub fn roll(&mut self, bound: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % bound.max(1) as u64) as i64
    }

    pub fn one_in(&mut self, times: i64) -> bool {
        self.roll(times) == 0
    }
}

/// What a world has in it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Traits {
    /// Duration costs, overtime, limits on distance and duration.
    pub timed: bool,
    /// Vehicles of several makes and depots, skills, lists, optional stops.
    pub mixed: bool,
    /// Several windows, breaks, reloads, releases, pairs, several dimensions, promises, evenness, locked prefixes.
    pub rich: bool,
    /// A matrix that is no metric: going round may be shorter.
    pub wild: bool,
}

impl Traits {
    pub const ALL: [Self; 6] = [
        Self { timed: false, mixed: false, rich: false, wild: false },
        Self { timed: true, mixed: false, rich: false, wild: false },
        Self { timed: false, mixed: true, rich: false, wild: true },
        Self { timed: true, mixed: true, rich: false, wild: true },
        Self { timed: false, mixed: false, rich: true, wild: false },
        Self { timed: true, mixed: true, rich: true, wild: true },
    ];
}

pub fn world(seed: u64, stops: usize, traits: Traits) -> Problem {
    let mut dice = Dice::new(seed);
    let size = stops + 2;
    let mut builder = Problem::builder(matrix(&mut dice, size, traits));
    let vehicles = 1 + stops as i64 / 4;
    for index in 0..stops {
        builder.stop(stop(&mut dice, index, vehicles, traits));
    }
    let mut spare: Vec<u32> = (0..stops as u32).collect();
    let mut pick = |dice: &mut Dice| spare.swap_remove(dice.roll(spare.len() as i64) as usize);
    if traits.rich && stops >= 6 {
        for _ in 0..stops / 6 {
            let (first, second) = (pick(&mut dice), pick(&mut dice));
            builder.pair(StopId(first), StopId(second));
        }
        let promise = Promise { vehicle: VehicleId(0), arrival: TimeWindow::new(100, 300) };
        builder.promise(StopId(pick(&mut dice)), promise);
    }
    for index in 0..vehicles {
        let mut it = vehicle(&mut dice, index, traits);
        if traits.rich && stops >= 6 && index == 0 && dice.one_in(2) {
            it.locked = vec![StopId(pick(&mut dice))];
            it.skills = u64::MAX;
        }
        builder.vehicle(it);
    }
    builder.objective(Objective {
        unserved: 50_000,
        vehicle: if traits.mixed { 20 } else { 0 },
        balance: Balance { weight: i64::from(traits.rich) * 3, unit: 60 },
        moved: 40,
        shifted: 2,
    });
    builder.build().unwrap()
}

fn matrix(dice: &mut Dice, size: usize, traits: Traits) -> Matrix {
    let points: Vec<(i64, i64)> = (0..size).map(|_| (dice.roll(100), dice.roll(100))).collect();
    let mut distances = Vec::new();
    let mut durations = Vec::new();
    for (from, one) in points.iter().enumerate() {
        for (to, other) in points.iter().enumerate() {
            let straight = (((one.0 - other.0).pow(2) + (one.1 - other.1).pow(2)) as f64).sqrt() as i64;
            let detour = if traits.wild && from != to { dice.roll(40) } else { 0 };
            distances.push(straight + detour);
            durations.push(if traits.wild { straight + detour / 2 } else { straight });
        }
    }
    Matrix::explicit(size, &distances, &durations).unwrap()
}

fn stop(dice: &mut Dice, index: usize, vehicles: i64, traits: Traits) -> Stop {
    let start = dice.roll(500);
    let mut windows = vec![TimeWindow::new(start, start + 50 + dice.roll(400))];
    let mut it = Stop {
        service: dice.roll(20),
        delivery: Load::of(1 + dice.roll(20)),
        ..Stop::at(format!("stop {index}"), Location(index as u32 + 2))
    };
    if traits.mixed {
        it.skills = u64::from(dice.one_in(6));
        if dice.one_in(6) {
            it.eligible = Eligible::Not(vec![VehicleId(dice.roll(vehicles) as u32)]);
        }
        if dice.one_in(5) {
            it.serve = Serve::Prize(dice.roll(150));
        }
    }
    if traits.rich {
        if dice.one_in(3) {
            let again = start + 500 + dice.roll(200);
            windows.push(TimeWindow::new(again, again + 100));
        }
        if dice.one_in(4) {
            windows.clear();
        }
        it.release = dice.one_in(4).then(|| dice.roll(200));
        it.delivery = Load::new(&[dice.roll(15), dice.roll(15)]).unwrap();
        it.pickup = Load::new(&[dice.roll(15), dice.roll(15)]).unwrap();
        it.serve = if dice.one_in(3) { Serve::Required { priority: 2 } } else { it.serve };
    }
    it.windows = windows;
    it
}

fn vehicle(dice: &mut Dice, index: i64, traits: Traits) -> Vehicle {
    let mut it = Vehicle {
        capacity: Load::of(60 + dice.roll(2) * 30),
        shift: TimeWindow::new(0, 1000),
        ..Vehicle::at(format!("vehicle {index}"), Location(0))
    };
    if traits.timed {
        it.duration_cost = dice.roll(3);
        it.max_duration = dice.one_in(2).then(|| 400 + dice.roll(300));
        it.max_distance = dice.one_in(3).then(|| 300 + dice.roll(300));
        it.overtime =
            dice.one_in(2).then(|| Overtime { regular: 200 + dice.roll(100), cost: 1 + dice.roll(3) });
    }
    if traits.mixed {
        it.skills = u64::from(dice.one_in(2));
        it.start = Some(Location(dice.roll(2) as u32));
        it.end = (!dice.one_in(5)).then(|| Location(dice.roll(2) as u32));
        it.fixed_cost = dice.roll(50);
        it.distance_cost = 1 + dice.roll(2);
    }
    if traits.rich {
        it.capacity = Load::new(&[60, 60]).unwrap();
        it.break_time = dice.one_in(3).then(|| Break { window: TimeWindow::new(200, 400), duration: 30 });
        if dice.one_in(2) {
            it.reload_at = vec![Location(0), Location(1)];
            it.max_reloads = 1 + dice.roll(3) as u32;
            it.reload_service = dice.roll(10);
        }
    }
    it
}
