//! A problem laid out for the search: 32-bit numbers in rows, vehicles of one make together, neighbours listed.

use std::collections::HashMap;

use crate::plan::Place;
use crate::problem::{LIMIT, Leg, Load, Location, Problem, Serve, StopId, Vehicle, VehicleId};

use super::near::Near;

/// What the search works on: some or all stops of a problem, and some or all of its vehicles.
#[derive(Debug)]
pub(super) struct Model<'p> {
    pub(super) problem: &'p Problem,
    /// Stops by their number here, 0 and up.
    pub(super) stops: Vec<StopId>,
    /// Their figures.
    pub(super) figures: Vec<Figures>,
    /// Cost of leaving each out.
    pub(super) left_out: Vec<i64>,
    /// Which may not be left out.
    pub(super) required: Vec<bool>,
    pub(super) makes: Vec<Make>,
    /// Each stop's own by its number, then where vehicles start, end and reload, and nowhere.
    pub(super) sites: Vec<Option<Location>>,
    size: usize,
    out: Vec<Leg>,
    /// Columns as rows; empty when the matrix is symmetric.
    into: Vec<Leg>,
    pub(super) near: Near,
    /// Whether something matters that the labels of `State` do not tell: then routes are evaluated whole.
    pub(super) rich: bool,
    /// Whether the length in time of a route matters.
    pub(super) timed: bool,
    /// Whether some vehicle may not visit some stop.
    pub(super) picky: bool,
    /// Whether some vehicle may reload.
    pub(super) reloads: bool,
    /// Whether all load is brought out, or all is collected: then the sum of a trip must fit.
    pub(super) one_way: bool,
    /// The other half of a pair, and whether the stop is the first.
    pub(super) pairs: Vec<Option<(u32, bool)>>,
    /// Stops that stay where they are.
    pub(super) locked: Vec<bool>,
    /// Numbers of the problem's stops here.
    numbers: Vec<u32>,
    /// Makes of the problem's vehicles.
    make_of: Vec<Option<u32>>,
}

/// A stop, in numbers the inner loop reads. Times are relative to the model's epoch.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(super) struct Figures {
    pub(super) early: i32,
    pub(super) late: i32,
    pub(super) service: i32,
    pub(super) demand: i32,
}

/// Vehicles that differ in name only.
#[derive(Debug)]
pub(super) struct Make {
    pub(super) vehicles: Vec<VehicleId>,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) open: i32,
    pub(super) close: i32,
    pub(super) capacity: i32,
    pub(super) fixed: i64,
    pub(super) per_distance: i64,
    pub(super) per_duration: i64,
    pub(super) max_distance: i64,
    pub(super) max_duration: i64,
    /// Sites where it may reload.
    pub(super) reloads: Vec<u32>,
    pub(super) regular: i64,
    pub(super) overtime: i64,
    /// A bit per stop that it may visit; empty for all.
    may: Vec<u64>,
}

impl Make {
    pub(super) fn may(&self, stop: u32) -> bool {
        self.may.is_empty() || self.may[stop as usize / 64] >> (stop % 64) & 1 == 1
    }

    /// Cost of being out that long.
    pub(super) fn time_cost(&self, duration: i64) -> i64 {
        self.per_duration * duration + self.overtime * (duration - self.regular).max(0)
    }
}

impl<'p> Model<'p> {
    pub(super) fn new(problem: &'p Problem, stops: Vec<StopId>, vehicles: &[VehicleId]) -> Self {
        let epoch = vehicles.iter().map(|id| problem.vehicle(*id).shift.start).min().unwrap_or(0);
        let figures: Vec<Figures> = stops.iter().map(|stop| figures(problem, *stop, epoch)).collect();
        let own = |stop: &StopId| Some(problem.stop(*stop).location);
        let mut sites: Vec<Option<Location>> = stops.iter().map(own).collect();
        let makes = makes(problem, &stops, vehicles, epoch, &mut sites);
        let size = sites.len();
        let out = legs(problem, &sites);
        let symmetric =
            (0..size).all(|from| (from..size).all(|to| out[from * size + to] == out[to * size + from]));
        let into = if symmetric { Vec::new() } else { transposed(&out, size) };
        let near = Near::new(&figures, size, &out);
        let left_out = stops.iter().map(|stop| problem.cost_of_leaving_out(*stop)).collect();
        let timed =
            makes.iter().any(|make| make.per_duration > 0 || make.overtime > 0 || make.max_duration < LIMIT);
        let picky = makes.iter().any(|make| !make.may.is_empty());
        let rich = is_rich(problem, &stops, vehicles);
        let reloads = makes.iter().any(|make| !make.reloads.is_empty());
        let mut numbers = vec![u32::MAX; problem.stops().len()];
        stops.iter().zip(0..).for_each(|(stop, number)| numbers[stop.index()] = number);
        let pair = |stop: &StopId| {
            let (other, first) = problem.partner(*stop)?;
            Some((numbers[other.index()], first))
        };
        let pairs: Vec<_> = stops.iter().map(pair).collect();
        let required = |stop: &StopId| matches!(problem.stop(*stop).serve, Serve::Required { .. });
        let required = stops.iter().map(required).collect();
        let locked = stops.iter().map(|stop| problem.locked_on(*stop).is_some()).collect();
        let mut make_of = vec![None; problem.vehicles().len()];
        for (make, number) in makes.iter().zip(0..) {
            make.vehicles.iter().for_each(|vehicle| make_of[vehicle.index()] = Some(number));
        }
        Self {
            one_way: pairs.iter().all(Option::is_none) && !both_ways(problem, &stops),
            problem,
            stops,
            figures,
            left_out,
            required,
            makes,
            sites,
            size,
            out,
            into,
            near,
            rich,
            // Exact evaluation needs no segments.
            timed: timed && !rich,
            picky,
            reloads,
            pairs,
            locked,
            numbers,
            make_of,
        }
    }

    /// A stop's number here.
    pub(super) fn number(&self, stop: StopId) -> Option<u32> {
        self.numbers.get(stop.index()).copied().filter(|number| *number != u32::MAX)
    }

    /// A vehicle's make.
    pub(super) fn make_of(&self, vehicle: VehicleId) -> Option<usize> {
        self.make_of.get(vehicle.index()).copied().flatten().map(|make| make as usize)
    }

    /// A reload at a site.
    pub(super) fn reload_at(&self, site: u32) -> Place {
        Place::Reload(self.sites[site as usize].unwrap_or(Location(0)))
    }

    /// Legs from a site to each.
    #[inline]
    pub(super) fn from(&self, site: u32) -> &[Leg] {
        let at = site as usize * self.size;
        &self.out[at..at + self.size]
    }

    /// Legs to a site from each.
    #[inline]
    pub(super) fn to(&self, site: u32) -> &[Leg] {
        let at = site as usize * self.size;
        if self.into.is_empty() { &self.out[at..at + self.size] } else { &self.into[at..at + self.size] }
    }

    #[inline]
    pub(super) fn leg(&self, from: u32, to: u32) -> Leg {
        self.out[from as usize * self.size + to as usize]
    }
}

fn figures(problem: &Problem, stop: StopId, epoch: i64) -> Figures {
    let it = problem.stop(stop);
    let clamp = |time: i64| (time.saturating_sub(epoch)).clamp(-1, LIMIT - 1) as i32;
    // The hull of several windows: a bound, which the exact evaluation tightens.
    let early = it.windows.first().map_or(0, |window| clamp(window.start)).max(0);
    let end = it.windows.last().filter(|_| problem.locked_on(stop).is_none());
    let late = end.map_or((LIMIT - 1) as i32, |window| clamp(window.end));
    let demand = (it.delivery + it.pickup).amounts()[0].min(LIMIT - 1) as i32;
    Figures { early, late, service: it.service as i32, demand }
}

/// Whether stops or vehicles have anything beyond one window, one dimension of load that only grows or only shrinks,
/// and limits on distance and duration.
fn is_rich(problem: &Problem, stops: &[StopId], vehicles: &[VehicleId]) -> bool {
    let objective = problem.objective();
    let plain_load = |load: &Load| load.amounts()[1..].iter().all(|amount| *amount == 0);
    let rich_stop = |id: &StopId| {
        let stop = problem.stop(*id);
        stop.windows.len() > 1
            || stop.release.is_some()
            || !plain_load(&stop.delivery)
            || !plain_load(&stop.pickup)
            || problem.partner(*id).is_some()
            || problem.promise(*id).is_some()
            || problem.locked_on(*id).is_some()
    };
    let rich_vehicle = |id: &VehicleId| {
        let vehicle = problem.vehicle(*id);
        vehicle.break_time.is_some() || (!vehicle.reload_at.is_empty() && vehicle.max_reloads > 0)
    };
    both_ways(problem, stops)
        || objective.balance.weight > 0
        || stops.iter().any(rich_stop)
        || vehicles.iter().any(rich_vehicle)
}

fn both_ways(problem: &Problem, stops: &[StopId]) -> bool {
    let its = || stops.iter().map(|stop| problem.stop(*stop));
    its().any(|stop| !stop.delivery.is_zero()) && its().any(|stop| !stop.pickup.is_zero())
}

/// Groups vehicles, adding where they start and end to the sites.
fn makes(
    problem: &Problem,
    stops: &[StopId],
    vehicles: &[VehicleId],
    epoch: i64,
    sites: &mut Vec<Option<Location>>,
) -> Vec<Make> {
    let stops_count = stops.len();
    let mut site = |location: Option<Location>| -> u32 {
        let known = sites[stops_count..].iter().position(|site| *site == location);
        let at = known.unwrap_or_else(|| {
            sites.push(location);
            sites.len() - 1 - stops_count
        });
        (stops_count + at) as u32
    };
    let restricted = stops.iter().any(|stop| {
        let it = problem.stop(*stop);
        it.skills != 0 || it.eligible != crate::Eligible::Any || problem.locked_on(*stop).is_some()
    });
    let promised = stops.iter().any(|stop| problem.promise(*stop).is_some());
    let mut makes: Vec<Make> = Vec::new();
    let mut known: HashMap<(Vehicle, Vec<u64>), usize> = HashMap::new();
    for &id in vehicles {
        let vehicle = problem.vehicle(id);
        let may = if restricted { allowed(problem, stops, id) } else { Vec::new() };
        let mut plain = vehicle.clone();
        // A promise names one vehicle, and so tells it from others of its make.
        plain.key = if promised { vehicle.key.clone() } else { String::new() };
        if let Some(&make) = known.get(&(plain.clone(), may.clone())) {
            makes[make].vehicles.push(id);
            continue;
        }
        known.insert((plain, may.clone()), makes.len());
        let clamp = |time: i64| time.min(LIMIT) as i32;
        makes.push(Make {
            vehicles: vec![id],
            reloads: match vehicle.max_reloads {
                0 => Vec::new(),
                _ => vehicle.reload_at.iter().map(|location| site(Some(*location))).collect(),
            },
            start: site(vehicle.start),
            end: site(vehicle.end),
            open: clamp(vehicle.shift.start - epoch),
            close: clamp(vehicle.shift.end - epoch),
            capacity: vehicle.capacity.amounts()[0].min(LIMIT - 1) as i32,
            fixed: vehicle.fixed_cost + problem.objective().vehicle,
            per_distance: vehicle.distance_cost,
            per_duration: vehicle.duration_cost,
            max_distance: vehicle.max_distance.unwrap_or(i64::MAX),
            max_duration: vehicle.max_duration.unwrap_or(i64::MAX),
            regular: vehicle.overtime.map_or(i64::MAX, |overtime| overtime.regular),
            overtime: vehicle.overtime.map_or(0, |overtime| overtime.cost),
            may,
        });
    }
    makes
}

/// A bit per stop; empty when all are allowed.
fn allowed(problem: &Problem, stops: &[StopId], vehicle: VehicleId) -> Vec<u64> {
    let mut bits = vec![0_u64; stops.len().div_ceil(64)];
    for (index, stop) in stops.iter().enumerate() {
        if problem.may_visit(vehicle, *stop) {
            bits[index / 64] |= 1 << (index % 64);
        }
    }
    let all = bits.iter().map(|word| word.count_ones() as usize).sum::<usize>() == stops.len();
    if all { Vec::new() } else { bits }
}

fn legs(problem: &Problem, sites: &[Option<Location>]) -> Vec<Leg> {
    let mut legs = Vec::with_capacity(sites.len() * sites.len());
    for &from in sites {
        for &to in sites {
            legs.push(match (from, to) {
                (Some(from), Some(to)) => problem.matrix().leg(from, to),
                _ => Leg::default(),
            });
        }
    }
    legs
}

fn transposed(out: &[Leg], size: usize) -> Vec<Leg> {
    (0..size * size).map(|at| out[at % size * size + at / size]).collect()
}
