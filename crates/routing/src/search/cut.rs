//! Cuts a large plan into parts that are searched by themselves, along other lines each time.

use crate::plan::Place;
use crate::problem::{Location, Problem, StopId, VehicleId};

use super::rng::Rng;
use super::state::Lists;

/// Some stops and vehicles, and the routes they have at present.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) stops: Vec<StopId>,
    pub(super) vehicles: Vec<VehicleId>,
    pub(super) routes: Lists,
}

/// What stays together: a route, or a stop (with the other half of its pair) that has none.
struct Piece {
    vehicle: Option<(VehicleId, Vec<Place>)>,
    stops: Vec<StopId>,
    key: f64,
}

/// Cuts a plan into so many parts of about equal numbers of stops.
///
/// Each cut is made across the line between two stops far apart: what is nearer to one goes here, to the other there. That
/// needs no coordinates. The first of the two is drawn by lot, so that no two rounds cut alike.
pub(super) fn cut(
    problem: &Problem,
    vehicles: &[VehicleId],
    routes: &Lists,
    parts: usize,
    rng: &mut Rng,
) -> Vec<Part> {
    let mut pieces = pieces(problem, routes);
    let mut cut = Vec::with_capacity(parts);
    divide(problem, &mut pieces, parts, rng, &mut cut);
    let mut used = vec![false; problem.vehicles().len()];
    routes.iter().for_each(|(vehicle, _)| used[vehicle.index()] = true);
    // Vehicles without a route go round, so that each part gets some of each make.
    let unused = vehicles.iter().filter(|vehicle| !used[vehicle.index()]);
    let offset = rng.below(parts.max(1));
    for (turn, vehicle) in unused.enumerate() {
        let part = (turn + offset) % cut.len();
        cut[part].vehicles.push(*vehicle);
    }
    cut
}

fn pieces(problem: &Problem, routes: &Lists) -> Vec<Piece> {
    let mut planned = vec![false; problem.stops().len()];
    let mut pieces = Vec::new();
    for (vehicle, places) in routes {
        let stops: Vec<StopId> = places.iter().filter_map(Place::stop).collect();
        stops.iter().for_each(|stop| planned[stop.index()] = true);
        pieces.push(Piece { vehicle: Some((*vehicle, places.clone())), stops, key: 0.0 });
    }
    for stop in (0..problem.stops().len() as u32).map(StopId) {
        if planned[stop.index()] {
            continue;
        }
        let partner = problem.partner(stop).map(|(other, _)| other);
        if partner.is_some_and(|other| other < stop) {
            continue;
        }
        pieces.push(Piece { vehicle: None, stops: [stop].into_iter().chain(partner).collect(), key: 0.0 });
    }
    pieces
}

fn divide(problem: &Problem, pieces: &mut [Piece], parts: usize, rng: &mut Rng, into: &mut Vec<Part>) {
    if parts <= 1 || pieces.len() < 2 {
        let mut part = Part::default();
        for piece in pieces {
            part.stops.append(&mut piece.stops);
            if let Some(route) = piece.vehicle.take() {
                part.vehicles.push(route.0);
                part.routes.push(route);
            }
        }
        into.push(part);
        return;
    }
    let place = |piece: &Piece| problem.stop(piece.stops[piece.stops.len() / 2]).location;
    let apart = |from: Location, to: Location| f64::from(problem.matrix().leg(from, to).duration);
    let drawn = place(&pieces[rng.below(pieces.len())]);
    let farthest = |from: Location| {
        let far =
            |one: &&Piece, other: &&Piece| apart(from, place(one)).total_cmp(&apart(from, place(other)));
        pieces.iter().max_by(far).map_or(from, place)
    };
    let one = farthest(drawn);
    // Every other time the line goes from the stop drawn, not along the longest way across.
    let (one, other) = if rng.chance(0.5) { (one, farthest(one)) } else { (drawn, one) };
    for piece in pieces.iter_mut() {
        let stops = piece.stops.iter().map(|stop| problem.stop(*stop).location);
        let leaning: f64 = stops.map(|stop| apart(one, stop) - apart(other, stop)).sum();
        piece.key = leaning / piece.stops.len() as f64;
    }
    pieces.sort_by(|one, other| one.key.total_cmp(&other.key));
    let half = parts / 2;
    let stops: usize = pieces.iter().map(|piece| piece.stops.len()).sum();
    let (mut counted, mut at) = (0, 0);
    while at + 1 < pieces.len() && (at == 0 || counted * parts < stops * half) {
        counted += pieces[at].stops.len();
        at += 1;
    }
    let (left, right) = pieces.split_at_mut(at);
    divide(problem, left, half, rng, into);
    divide(problem, right, parts - half, rng, into);
}
