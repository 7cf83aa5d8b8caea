//! Solomon's format (1987), also that of Gehring and Homberger, under the DIMACS convention: distances and travel times
//! are `floor(10 × Euclidean)`, all times are in tenths.

use super::{Instance, count, numbers, scaled};
use crate::error::ReadError;
use crate::problem::{Load, Location, Matrix, Problem, Stop, TimeWindow, Vehicle};

const TENTHS: f64 = 10.0;

pub(super) fn parse(text: &str) -> Result<Instance, ReadError> {
    let name = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned();
    // Lines of numbers, in order: the fleet, then the depot, then the customers. All others are headings.
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with(|first: char| first.is_ascii_digit() || first == '-') {
            rows.push((index + 1, numbers(line, index + 1)?));
        }
    }
    let mut rows = rows.into_iter();
    let (vehicles, capacity) = match rows.next() {
        Some((_, fleet)) if fleet.len() == 2 => (count(fleet[0], 1e5, "number of vehicles")?, fleet[1]),
        _ => return Err(ReadError::Content("number and capacity of the vehicles are missing".into())),
    };
    let rows: Vec<Row> = rows.map(|(line, fields)| Row::new(line, &fields)).collect::<Result<_, _>>()?;
    let Some(depot) = rows.first() else { return Err(ReadError::Content("the depot is missing".into())) };
    let matrix = Matrix::plane(rows.iter().map(|row| row.point).collect(), TENTHS)?;
    let mut builder = Problem::builder(matrix);
    for (index, row) in rows.iter().enumerate().skip(1) {
        builder.stop(Stop {
            service: row.service,
            windows: vec![row.window],
            delivery: Load::of(row.demand),
            ..Stop::at(row.key.clone(), Location(index as u32))
        });
    }
    let capacity = Load::of(scaled(capacity, 1.0, f64::floor)?);
    for index in 0..vehicles {
        builder.vehicle(Vehicle {
            capacity,
            shift: depot.window,
            ..Vehicle::at((index + 1).to_string(), Location(0))
        });
    }
    Ok(Instance { name, problem: builder.build()?, decimals: 1 })
}

struct Row {
    key: String,
    point: (f64, f64),
    demand: i64,
    window: TimeWindow,
    service: i64,
}

impl Row {
    fn new(line: usize, fields: &[f64]) -> Result<Self, ReadError> {
        let [key, x, y, demand, ready, due, service] = fields[..] else {
            return Err(ReadError::Line { line, what: "a customer has seven numbers".into() });
        };
        Ok(Self {
            key: key.to_string(),
            point: (x, y),
            demand: scaled(demand, 1.0, f64::floor)?,
            window: TimeWindow::new(scaled(ready, TENTHS, f64::floor)?, scaled(due, TENTHS, f64::floor)?),
            service: scaled(service, TENTHS, f64::floor)?,
        })
    }
}
