//! A plan as a picture: routes on a map, and each vehicle's day as a strip of windows and visits.

use std::fmt::Write;

use crate::plan::{Place, Plan, Route};
use crate::problem::{Location, Problem, TimeWindow};

const WIDTH: f64 = 960.0;
const MAP: f64 = 600.0;
const ROW: f64 = 22.0;
const LEFT: f64 = 110.0;

/// An SVG document: above, the map (left out when locations have no coordinates); below, a row per route with its drives,
/// visits, windows and break. Colours repeat after twelve routes. Texts are keys and numbers only.
#[must_use]
pub fn draw(problem: &Problem, plan: &Plan) -> String {
    let map = Map::of(problem);
    let top = if map.is_some() { MAP } else { 0.0 };
    let height = top + ROW * (plan.routes.len() as f64 + 2.0);
    let mut svg = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"11\" role=\"img\">\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    if let Some(map) = &map {
        draw_map(&mut svg, problem, plan, map);
    }
    draw_strips(&mut svg, problem, plan, top);
    svg.push_str("</svg>\n");
    svg
}

/// From coordinates to the picture's, north up.
struct Map {
    left: f64,
    bottom: f64,
    scale: f64,
}

impl Map {
    fn of(problem: &Problem) -> Option<Self> {
        let points = (0..problem.matrix().size() as u32).map(|at| problem.matrix().point(Location(at)));
        let points: Option<Vec<(f64, f64)>> = points.collect();
        let points = points.filter(|points| !points.is_empty())?;
        let least = points.iter().fold((f64::MAX, f64::MAX), |low, at| (low.0.min(at.0), low.1.min(at.1)));
        let most = points.iter().fold((f64::MIN, f64::MIN), |high, at| (high.0.max(at.0), high.1.max(at.1)));
        let wide = (most.0 - least.0).max(1e-9);
        let high = (most.1 - least.1).max(1e-9);
        let scale = ((WIDTH - 40.0) / wide).min((MAP - 40.0) / high);
        Some(Self { left: least.0, bottom: least.1, scale })
    }

    fn at(&self, problem: &Problem, location: Location) -> (f64, f64) {
        let (x, y) = problem.matrix().point(location).unwrap_or((self.left, self.bottom));
        (20.0 + (x - self.left) * self.scale, MAP - 20.0 - (y - self.bottom) * self.scale)
    }
}

/// Twelve hues that differ to the eye, at one lightness.
fn colour(index: usize) -> String {
    format!("hsl({},65%,42%)", (index % 12) * 150 % 360)
}

fn draw_map(svg: &mut String, problem: &Problem, plan: &Plan, map: &Map) {
    for (index, route) in plan.routes.iter().enumerate() {
        let vehicle = problem.vehicle(route.vehicle);
        let calls = route.visits.iter().map(|visit| visit.place.location(problem));
        let line = vehicle.start.into_iter().chain(calls).chain(vehicle.end).map(|location| {
            let (x, y) = map.at(problem, location);
            format!("{x:.1},{y:.1}")
        });
        let line = line.collect::<Vec<_>>().join(" ");
        let colour = colour(index);
        let _ = writeln!(
            svg,
            "<polyline points=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>"
        );
        for visit in &route.visits {
            let (x, y) = map.at(problem, visit.place.location(problem));
            let _ = match visit.place {
                Place::Stop(stop) => writeln!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"><title>{}</title></circle>",
                    escaped(&problem.stop(stop).key)
                ),
                Place::Reload(_) => square(svg, x, y),
            };
        }
        for end in vehicle.start.into_iter().chain(vehicle.end) {
            let (x, y) = map.at(problem, end);
            let _ = square(svg, x, y);
        }
    }
    for left_out in &plan.unserved {
        let stop = problem.stop(left_out.stop);
        let (x, y) = map.at(problem, stop.location);
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#fff\" stroke=\"#c00\" stroke-width=\"2\">\
             <title>{}: {}</title></circle>",
            escaped(&stop.key),
            left_out.reason
        );
    }
}

fn square(svg: &mut String, x: f64, y: f64) -> std::fmt::Result {
    writeln!(svg, "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"9\" height=\"9\" fill=\"#222\"/>", x - 4.5, y - 4.5)
}

fn draw_strips(svg: &mut String, problem: &Problem, plan: &Plan, top: f64) {
    let Some(start) = plan.routes.iter().map(|route| route.start).min() else { return };
    let end = plan.routes.iter().map(|route| route.end).max().unwrap_or(start).max(start + 1);
    let scale = (WIDTH - LEFT - 20.0) / (end - start) as f64;
    let across = |time: i64| LEFT + (time.clamp(start, end) - start) as f64 * scale;
    for (index, route) in plan.routes.iter().enumerate() {
        let y = top + ROW * (index as f64 + 1.0);
        draw_strip(svg, problem, route, y, &colour(index), &across);
    }
    let y = top + ROW * (plan.routes.len() as f64 + 1.7);
    let _ = writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"{y}\">{start}</text><text x=\"{}\" y=\"{y}\" text-anchor=\"end\">{end}</text>",
        WIDTH - 20.0
    );
}

fn draw_strip(
    svg: &mut String,
    problem: &Problem,
    route: &Route,
    y: f64,
    colour: &str,
    across: &dyn Fn(i64) -> f64,
) {
    let vehicle = problem.vehicle(route.vehicle);
    let mut bar = |from: i64, to: i64, inset: f64, fill: &str, title: &str| {
        let (left, right) = (across(from), across(to));
        let (top, high) = (y + inset, ROW - 4.0 - 2.0 * inset);
        let wide = (right - left).max(1.0);
        let _ = writeln!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\" fill=\"{fill}\">\
             <title>{title}</title></rect>"
        );
    };
    for visit in &route.visits {
        let Place::Stop(stop) = visit.place else { continue };
        let windows = &problem.stop(stop).windows;
        let own = windows
            .iter()
            .find(|window| window.start <= visit.service_start && visit.service_start <= window.end);
        if let Some(TimeWindow { start, end }) = own {
            bar(*start, *end, 0.0, "#0000000d", &escaped(&problem.stop(stop).key));
        }
    }
    bar(route.start, route.end, 8.0, "#999", "");
    for visit in &route.visits {
        let (fill, title) = match visit.place {
            Place::Stop(stop) => (colour, escaped(&problem.stop(stop).key)),
            Place::Reload(_) => ("#222", String::new()),
        };
        bar(visit.service_start, visit.departure, 3.0, fill, &format!("{title} {}", visit.service_start));
    }
    if let (Some(at), Some(pause)) = (route.break_at, vehicle.break_time) {
        bar(at, at + pause.duration, 5.0, "#e8b400", "");
    }
    let _ = writeln!(svg, "<text x=\"4\" y=\"{:.1}\">{}</text>", y + ROW - 9.0, escaped(&vehicle.key));
}

/// Text for XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for symbol in text.chars() {
        match symbol {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            symbol if symbol.is_control() => {}
            symbol => out.push(symbol),
        }
    }
    out
}
