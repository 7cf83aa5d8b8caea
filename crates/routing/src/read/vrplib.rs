//! VRPLIB in the dialect of PyVRP's collection: headers `KEY : value`, sections of rows that begin with a number.
//!
//! Scales follow that collection, so that written costs agree: an explicit matrix is taken as given; `VRPTW`,
//! `PCVRPTW` and `MTVRPTWR` on coordinates are in tenths, rounded down (DIMACS); `CVRP` is rounded to whole distances;
//! everything else is in thousandths, rounded.

use std::collections::HashMap;

use super::{Instance, count, numbers, scaled};
use crate::error::ReadError;
use crate::problem::{
    Eligible, Load, Location, Matrix, Problem, Serve, Stop, TimeWindow, Vehicle, VehicleId,
};

pub(super) fn looks_like(text: &str) -> bool {
    let head = |line: &str| line.trim_start().starts_with("NAME") || line.trim_start().starts_with("TYPE");
    text.lines().any(head) && text.contains("DIMENSION")
}

/// The file by headers and sections, before anything is made of it.
#[derive(Default)]
struct File {
    headers: HashMap<String, String>,
    sections: HashMap<String, Vec<Vec<f64>>>,
}

/// How decimal numbers become whole.
#[derive(Clone, Copy)]
struct Scale {
    factor: f64,
    round: fn(f64) -> f64,
}

impl Scale {
    fn of(self, value: f64) -> Result<i64, ReadError> {
        scaled(value, self.factor, self.round)
    }
}

impl File {
    fn parse(text: &str) -> Result<Self, ReadError> {
        let mut file = Self::default();
        let mut section: Option<String> = None;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line == "EOF" {
                break;
            }
            if line.is_empty() {
                continue;
            }
            if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
                let (key, value) = line.split_once(':').unwrap_or((line, ""));
                let key = key.trim().to_owned();
                section = key.ends_with("_SECTION").then(|| key.clone());
                match &section {
                    Some(section) => drop(file.sections.entry(section.clone()).or_default()),
                    None => drop(file.headers.insert(key, value.trim().to_owned())),
                }
                continue;
            }
            let Some(rows) = section.as_ref().and_then(|section| file.sections.get_mut(section)) else {
                return Err(ReadError::Line { line: index + 1, what: "numbers outside of a section".into() });
            };
            rows.push(numbers(line, index + 1)?);
        }
        Ok(file)
    }

    fn header(&self, key: &str) -> Option<&str> {
        self.headers.get(key).map(String::as_str)
    }

    fn number(&self, key: &str) -> Result<Option<f64>, ReadError> {
        let Some(text) = self.header(key) else { return Ok(None) };
        let number = text.parse().map_err(|_| ReadError::Content(format!("{key}: {text:?} is no number")));
        number.map(Some)
    }

    /// A section's rows by their number, each without it; rows that are missing are an error.
    fn rows(&self, section: &str, size: usize) -> Result<Option<Vec<&[f64]>>, ReadError> {
        let Some(rows) = self.sections.get(section) else { return Ok(None) };
        let mut placed: Vec<Option<&[f64]>> = vec![None; size];
        for row in rows {
            let place = placed.get_mut((row[0] as usize).wrapping_sub(1));
            *place.ok_or_else(|| ReadError::Content(format!("{section} has a row {}", row[0])))? =
                Some(&row[1..]);
        }
        let whole: Option<Vec<_>> = placed.into_iter().collect();
        match whole {
            Some(rows) => Ok(Some(rows)),
            None => Err(ReadError::Content(format!("{section} has not {size} rows"))),
        }
    }

    /// One value per row: from the section, or the header of the same name for all, or a default.
    fn column(&self, name: &str, size: usize, default: f64) -> Result<Vec<f64>, ReadError> {
        if let Some(rows) = self.rows(&format!("{name}_SECTION"), size)? {
            let first = |row: &&[f64]| row.first().copied();
            return rows
                .iter()
                .map(first)
                .collect::<Option<_>>()
                .ok_or_else(|| ReadError::Content(format!("{name}_SECTION has a row without a value")));
        }
        Ok(vec![self.number(name)?.unwrap_or(default); size])
    }
}

pub(super) fn parse(text: &str) -> Result<Instance, ReadError> {
    let file = File::parse(text)?;
    let size = match file.number("DIMENSION")? {
        Some(size) => count(size, 1e5, "dimension")?,
        None => return Err(ReadError::Content("DIMENSION is missing".into())),
    };
    let kind = file.header("TYPE").unwrap_or_default();
    let explicit = file.header("EDGE_WEIGHT_TYPE") == Some("EXPLICIT");
    let (scale, decimals) = match kind {
        _ if explicit => (Scale { factor: 1.0, round: f64::floor }, 0),
        "VRPTW" => (Scale { factor: 10.0, round: f64::floor }, 1),
        "PCVRPTW" | "MTVRPTWR" => (Scale { factor: 10.0, round: f64::floor }, 0),
        "CVRP" => (Scale { factor: 1.0, round: f64::round }, 0),
        _ => (Scale { factor: 1000.0, round: f64::round }, 0),
    };
    let depots = file
        .sections
        .get("DEPOT_SECTION")
        .map_or(1, |rows| rows.iter().filter(|row| row.first().is_some_and(|first| *first > 0.0)).count());
    if depots == 0 || depots > size {
        return Err(ReadError::Content("there is no depot".into()));
    }
    let mut builder = Problem::builder(matrix(&file, size, explicit, scale)?);
    let windows = windows(&file, size, scale)?;
    let vehicles = vehicles(&file, size - depots, scale, &windows)?;
    let eligible = eligible(&file, size, vehicles.len())?.into_iter().skip(depots);
    for (stop, eligible) in stops(&file, size, depots, scale, &windows)?.into_iter().zip(eligible) {
        builder.stop(Stop { eligible, ..stop });
    }
    for vehicle in vehicles {
        builder.vehicle(vehicle);
    }
    let name = file.header("NAME").unwrap_or_default().to_owned();
    Ok(Instance { name, problem: builder.build()?, decimals })
}

fn matrix(file: &File, size: usize, explicit: bool, scale: Scale) -> Result<Matrix, ReadError> {
    let points: Option<Vec<(f64, f64)>> = match file.rows("NODE_COORD_SECTION", size)? {
        Some(rows) => {
            let point = |row: &&[f64]| Some((*row.first()?, *row.get(1)?));
            Some(rows.iter().map(point).collect::<Option<_>>().ok_or_else(|| {
                ReadError::Content("NODE_COORD_SECTION has a row without two values".into())
            })?)
        }
        None => None,
    };
    if !explicit {
        let points = points.ok_or_else(|| ReadError::Content("NODE_COORD_SECTION is missing".into()))?;
        let rounded_down = (scale.round)(0.9) == 0.0;
        let plane = if rounded_down { Matrix::plane } else { Matrix::plane_nearest };
        return Ok(plane(points, scale.factor)?);
    }
    if file.header("EDGE_WEIGHT_FORMAT").is_some_and(|format| format != "FULL_MATRIX") {
        return Err(ReadError::Content("only FULL_MATRIX is understood".into()));
    }
    let rows = file.sections.get("EDGE_WEIGHT_SECTION");
    let rows = rows.ok_or_else(|| ReadError::Content("EDGE_WEIGHT_SECTION is missing".into()))?;
    let entries = rows.iter().flatten().map(|&entry| scale.of(entry)).collect::<Result<Vec<_>, _>>()?;
    let matrix = Matrix::explicit(size, &entries, &entries)?;
    match points {
        Some(points) => Ok(matrix.with_points(points)?),
        None => Ok(matrix),
    }
}

/// The window of each location; without the section, always.
fn windows(file: &File, size: usize, scale: Scale) -> Result<Vec<Option<TimeWindow>>, ReadError> {
    let Some(rows) = file.rows("TIME_WINDOW_SECTION", size)? else { return Ok(vec![None; size]) };
    let window = |row: &&[f64]| match row[..] {
        [start, end, ..] => Ok(Some(TimeWindow::new(scale.of(start)?, scale.of(end)?))),
        _ => Err(ReadError::Content("TIME_WINDOW_SECTION has a row without two values".into())),
    };
    rows.iter().map(window).collect()
}

fn stops(
    file: &File,
    size: usize,
    depots: usize,
    scale: Scale,
    windows: &[Option<TimeWindow>],
) -> Result<Vec<Stop>, ReadError> {
    let service = file.column("SERVICE_TIME", size, 0.0)?;
    let demand = match file.sections.contains_key("LINEHAUL_SECTION") {
        true => file.column("LINEHAUL", size, 0.0)?,
        false => file.column("DEMAND", size, 0.0)?,
    };
    let backhaul = file.column("BACKHAUL", size, 0.0)?;
    let prize = file.column("PRIZE", size, 0.0)?;
    let release = file.column("RELEASE_TIME", size, 0.0)?;
    let stop = |at: usize| {
        let serve = match scale.of(prize[at])? {
            0 => Serve::Required { priority: 0 },
            prize => Serve::Prize(prize),
        };
        let release = scale.of(release[at])?;
        Ok(Stop {
            service: scale.of(service[at])?,
            windows: windows[at].into_iter().collect(),
            release: (release > 0).then_some(release),
            delivery: Load::of(scaled(demand[at], 1.0, f64::floor)?),
            pickup: Load::of(scaled(backhaul[at], 1.0, f64::floor)?),
            serve,
            ..Stop::at((at + 1).to_string(), Location(at as u32))
        })
    };
    (depots..size).map(stop).collect()
}

fn vehicles(
    file: &File,
    stops: usize,
    scale: Scale,
    windows: &[Option<TimeWindow>],
) -> Result<Vec<Vehicle>, ReadError> {
    let number = match file.number("VEHICLES")? {
        Some(number) => count(number, 1e5, "number of vehicles")?,
        None => stops,
    };
    let unlimited = Load::UNLIMITED.amounts()[0] as f64;
    let capacity = file.column("CAPACITY", number, unlimited)?;
    let fixed = file.column("VEHICLES_FIXED_COST", number, 0.0)?;
    let unit = file.column("VEHICLES_UNIT_DISTANCE_COST", number, 1.0)?;
    let depot = file.column("VEHICLES_DEPOT", number, 1.0)?;
    let longest = file.column("VEHICLES_MAX_DURATION", number, f64::INFINITY)?;
    let farthest = file.column("VEHICLES_MAX_DISTANCE", number, f64::INFINITY)?;
    let reloads = file.rows("VEHICLES_RELOAD_DEPOT_SECTION", number)?;
    let most_reloads = file.column("VEHICLES_MAX_RELOADS", number, f64::from(u32::MAX))?;
    let limit = |value: f64| if value.is_finite() { scale.of(value).map(Some) } else { Ok(None) };
    let vehicle = |at: usize| {
        let depot = count(depot[at], windows.len() as f64, "depot")?.max(1) - 1;
        let shift = windows.get(depot).copied().flatten();
        let plain = Vehicle::at((at + 1).to_string(), Location(depot as u32));
        Ok(Vehicle {
            shift: shift.unwrap_or(plain.shift),
            capacity: Load::of(scaled(capacity[at], 1.0, f64::floor)?),
            fixed_cost: scale.of(fixed[at])?,
            distance_cost: scaled(unit[at], 1.0, f64::round)?,
            max_duration: limit(longest[at])?,
            max_distance: limit(farthest[at])?,
            reload_at: match &reloads {
                Some(rows) => {
                    rows[at].iter().map(|depot| Location((*depot as u32).saturating_sub(1))).collect()
                }
                None => Vec::new(),
            },
            max_reloads: most_reloads[at] as u32,
            ..plain
        })
    };
    (0..number).map(vehicle).collect()
}

/// Which vehicles may come to each location.
fn eligible(file: &File, size: usize, vehicles: usize) -> Result<Vec<Eligible>, ReadError> {
    let Some(rows) = file.rows("VEHICLES_ALLOWED_CLIENTS_SECTION", vehicles)? else {
        return Ok(vec![Eligible::Any; size]);
    };
    let mut allowed = vec![Vec::new(); size];
    for (vehicle, row) in rows.iter().enumerate() {
        for &client in *row {
            let place = allowed.get_mut((client as usize).wrapping_sub(1));
            let place = place.ok_or_else(|| ReadError::Content(format!("there is no client {client}")))?;
            place.push(VehicleId(vehicle as u32));
        }
    }
    let rule = |these: Vec<VehicleId>| match these.len() {
        all if all == vehicles => Eligible::Any,
        _ => Eligible::Only(these),
    };
    Ok(allowed.into_iter().map(rule).collect())
}
