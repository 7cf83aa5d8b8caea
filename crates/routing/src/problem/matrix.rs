//! How far, and how long, from each location to each other: asymmetric, explicit or from coordinates.

use super::{LIMIT, Location};
use crate::error::ProblemError;

/// One way from a location to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub struct Leg {
    /// Length, in the problem's unit of distance.
    pub distance: i32,
    /// Driving time, in the problem's unit of time.
    pub duration: i32,
}

/// Legs between all locations.
#[derive(Debug, Clone)]
pub struct Matrix {
    form: Form,
    /// Where locations are, to draw them and to cut a large problem by neighbourhood.
    points: Vec<(f64, f64)>,
}

#[derive(Debug, Clone)]
enum Form {
    /// Row after row.
    Explicit { size: usize, legs: Vec<Leg> },
    /// Computed when asked for: a hundred million legs of ten thousand stops need not lie in memory.
    Plane { scale: f64, rounding: Rounding },
}

/// How a Euclidean distance becomes whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rounding {
    Down,
    Nearest,
}

impl Matrix {
    /// The duration of a leg that cannot be driven; give any number from here up.
    pub const UNREACHABLE: i64 = LIMIT;

    /// From distances and durations, row after row: entry `from * size + to`. Entries of [`Matrix::UNREACHABLE`] and
    /// above say that there is no way.
    ///
    /// # Errors
    /// [`ProblemError::MatrixShape`], and [`ProblemError::OutOfRange`] for a negative entry.
    pub fn explicit(size: usize, distances: &[i64], durations: &[i64]) -> Result<Self, ProblemError> {
        for entries in [distances.len(), durations.len()] {
            if Some(entries) != size.checked_mul(size) {
                return Err(ProblemError::MatrixShape { entries, size });
            }
        }
        let legs = distances.iter().zip(durations).map(|(&distance, &duration)| {
            if distance < 0 || duration < 0 {
                return Err(ProblemError::OutOfRange { what: "an entry of the matrix".into() });
            }
            // No way is no way in either measure: what cannot be driven takes longer than any horizon.
            let duration = if distance >= LIMIT { LIMIT } else { duration.min(LIMIT) };
            Ok(Leg { distance: distance.min(LIMIT) as i32, duration: duration as i32 })
        });
        Ok(Self { form: Form::Explicit { size, legs: legs.collect::<Result<_, _>>()? }, points: Vec::new() })
    }

    /// From points in a plane; distance and duration of a leg are both `floor(scale × Euclidean distance)`.
    ///
    /// # Errors
    /// [`ProblemError::OutOfRange`] for a coordinate that is not a number, or too far away.
    pub fn plane(points: Vec<(f64, f64)>, scale: f64) -> Result<Self, ProblemError> {
        Self::euclidean(points, scale, Rounding::Down)
    }

    /// As [`Matrix::plane`], rounded to the nearest whole number (half away from zero).
    ///
    /// # Errors
    /// [`ProblemError::OutOfRange`] for a coordinate that is not a number, or too far away.
    pub fn plane_nearest(points: Vec<(f64, f64)>, scale: f64) -> Result<Self, ProblemError> {
        Self::euclidean(points, scale, Rounding::Nearest)
    }

    fn euclidean(points: Vec<(f64, f64)>, scale: f64, rounding: Rounding) -> Result<Self, ProblemError> {
        // Half the limit, because two points may lie on either side of the origin.
        let bound = LIMIT as f64 / 4.0;
        let sane = |value: f64| value.is_finite() && (value * scale).abs() < bound;
        if !scale.is_finite() || scale <= 0.0 || !points.iter().all(|&(x, y)| sane(x) && sane(y)) {
            return Err(ProblemError::OutOfRange { what: "a coordinate".into() });
        }
        Ok(Self { form: Form::Plane { scale, rounding }, points })
    }

    /// Says where locations are. Only for drawing, and for cutting large problems by neighbourhood.
    ///
    /// # Errors
    /// [`ProblemError::MatrixShape`] when there are not as many points as locations;
    /// [`ProblemError::OutOfRange`] when one is not a number.
    pub fn with_points(mut self, points: Vec<(f64, f64)>) -> Result<Self, ProblemError> {
        if points.len() != self.size() {
            return Err(ProblemError::MatrixShape { entries: points.len(), size: self.size() });
        }
        if !points.iter().all(|(x, y)| x.is_finite() && y.is_finite()) {
            return Err(ProblemError::OutOfRange { what: "a coordinate".into() });
        }
        if let Form::Explicit { .. } = self.form {
            self.points = points;
        }
        Ok(self)
    }

    /// Adds a location by its legs to and from each location there is.
    pub(crate) fn add(
        &mut self,
        to: &[(i64, i64)],
        from: &[(i64, i64)],
        point: Option<(f64, f64)>,
    ) -> Result<Location, ProblemError> {
        let shape = |entries, size| Err(ProblemError::MatrixShape { entries, size });
        let Form::Explicit { size, legs } = &mut self.form else { return shape(0, self.points.len()) };
        let old = *size;
        if to.len() != old || from.len() != old {
            return shape(to.len().min(from.len()), old);
        }
        if to.iter().chain(from).any(|(distance, duration)| *distance < 0 || *duration < 0) {
            return Err(ProblemError::OutOfRange { what: "a leg of the new location".into() });
        }
        let leg = |(distance, duration): (i64, i64)| Leg {
            distance: distance.min(LIMIT) as i32,
            duration: if distance >= LIMIT { LIMIT } else { duration.min(LIMIT) } as i32,
        };
        let mut grown = Vec::with_capacity((old + 1) * (old + 1));
        for (row, last) in legs.chunks(old.max(1)).zip(to) {
            grown.extend_from_slice(row);
            grown.push(leg(*last));
        }
        grown.extend(from.iter().map(|last| leg(*last)));
        grown.push(Leg::default());
        *legs = grown;
        *size = old + 1;
        if !self.points.is_empty() {
            self.points.push(point.unwrap_or(self.points[0]));
        }
        Ok(Location(old as u32))
    }

    /// Adds a location to a matrix made from points.
    pub(crate) fn add_point(&mut self, point: (f64, f64)) -> Result<Location, ProblemError> {
        let Form::Plane { scale, .. } = self.form else {
            return Err(ProblemError::MatrixShape { entries: 0, size: self.size() });
        };
        let bound = LIMIT as f64 / 4.0;
        if ![point.0, point.1].iter().all(|value| value.is_finite() && (value * scale).abs() < bound) {
            return Err(ProblemError::OutOfRange { what: "a coordinate".into() });
        }
        self.points.push(point);
        Ok(Location(self.points.len() as u32 - 1))
    }

    /// How many locations there are.
    #[must_use]
    pub fn size(&self) -> usize {
        match &self.form {
            Form::Explicit { size, .. } => *size,
            Form::Plane { .. } => self.points.len(),
        }
    }

    /// The leg from one location to another.
    #[must_use]
    pub fn leg(&self, from: Location, to: Location) -> Leg {
        match &self.form {
            Form::Explicit { size, legs } => legs[from.index() * size + to.index()],
            Form::Plane { scale, rounding } => {
                let ((x, y), (u, v)) = (self.points[from.index()], self.points[to.index()]);
                let exact = scale * ((x - u) * (x - u) + (y - v) * (y - v)).sqrt();
                let whole = match rounding {
                    // A product that falls short of a whole number by the last bit only is that number.
                    Rounding::Down => exact.floor(),
                    Rounding::Nearest => exact.round(),
                } as i32;
                Leg { distance: whole, duration: whole }
            }
        }
    }

    /// Where a location is, if the matrix was told.
    #[must_use]
    pub fn point(&self, location: Location) -> Option<(f64, f64)> {
        self.points.get(location.index()).copied()
    }
}
