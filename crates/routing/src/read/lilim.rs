//! Li and Lim's format (2001) for pickup-and-delivery pairs: a line with the fleet, then a line per task with the
//! partner's number. Distances and travel times as in Solomon's instances: `floor(10 × Euclidean)`.

use super::{Instance, count, numbers, scaled};
use crate::error::ReadError;
use crate::problem::{Load, Location, Matrix, Problem, Stop, StopId, TimeWindow, Vehicle};

const TENTHS: f64 = 10.0;

pub(super) fn parse(text: &str) -> Result<Instance, ReadError> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        rows.push((index + 1, numbers(line, index + 1)?));
    }
    let mut rows = rows.into_iter();
    let (vehicles, capacity) = match rows.next() {
        Some((_, fleet)) if fleet.len() == 3 => (count(fleet[0], 1e5, "number of vehicles")?, fleet[1]),
        _ => return Err(ReadError::Content("number, capacity and speed of the vehicles are missing".into())),
    };
    let tasks: Vec<(usize, Vec<f64>)> = rows.collect();
    if let Some((line, _)) = tasks.iter().find(|(_, task)| task.len() != 9) {
        return Err(ReadError::Line { line: *line, what: "a task has nine numbers".into() });
    }
    let Some((_, depot)) = tasks.first() else {
        return Err(ReadError::Content("the depot is missing".into()));
    };
    let window = |task: &[f64]| -> Result<TimeWindow, ReadError> {
        Ok(TimeWindow::new(scaled(task[4], TENTHS, f64::floor)?, scaled(task[5], TENTHS, f64::floor)?))
    };
    let points = tasks.iter().map(|(_, task)| (task[1], task[2])).collect();
    let mut builder = Problem::builder(Matrix::plane(points, TENTHS)?);
    for (index, (_, task)) in tasks.iter().enumerate().skip(1) {
        // What the second half hands over is the first half's pickup; its own negative demand says the same again.
        let pickup = scaled(task[3], 1.0, f64::floor)?.max(0);
        builder.stop(Stop {
            service: scaled(task[6], TENTHS, f64::floor)?,
            windows: vec![window(task)?],
            pickup: Load::of(pickup),
            ..Stop::at(index.to_string(), Location(index as u32))
        });
    }
    let most = tasks.len() as f64 - 1.0;
    for (index, (_, task)) in tasks.iter().enumerate().skip(1) {
        let second = count(task[8], most, "number of a task")?;
        if second > 0 {
            builder.pair(StopId(index as u32 - 1), StopId(second as u32 - 1));
        }
    }
    let capacity = Load::of(scaled(capacity, 1.0, f64::floor)?);
    for index in 0..vehicles {
        builder.vehicle(Vehicle {
            capacity,
            shift: window(depot)?,
            ..Vehicle::at((index + 1).to_string(), Location(0))
        });
    }
    Ok(Instance { name: "Li & Lim".into(), problem: builder.build()?, decimals: 1 })
}
