use serde::Deserialize;

use super::point::{Point, haversine_m};
use super::siphash::Uniform;

/// The outline of an area: polygons, each a ring of corners with the holes in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    polygons: Vec<Vec<Vec<[f64; 2]>>>,
    south_west: Point,
    north_east: Point,
}

/// How many points compete for each place in [`Outline::spread`].
const CANDIDATES: usize = 32;

impl Outline {
    fn new(polygons: Vec<Vec<Vec<[f64; 2]>>>) -> Self {
        let mut outline = Self {
            polygons,
            south_west: Point { lat: f64::MAX, lon: f64::MAX },
            north_east: Point { lat: f64::MIN, lon: f64::MIN },
        };
        for corner in outline.corners().collect::<Vec<_>>() {
            outline.south_west.lat = outline.south_west.lat.min(corner.lat);
            outline.south_west.lon = outline.south_west.lon.min(corner.lon);
            outline.north_east.lat = outline.north_east.lat.max(corner.lat);
            outline.north_east.lon = outline.north_east.lon.max(corner.lon);
        }
        outline
    }

    /// Its rings for drawing, outer rings and holes alike: corners as (longitude, latitude), closed.
    pub fn rings(&self) -> impl Iterator<Item = &[[f64; 2]]> {
        self.polygons.iter().flatten().map(Vec::as_slice)
    }

    /// All its corners.
    pub fn corners(&self) -> impl Iterator<Item = Point> {
        self.rings().flatten().map(|&[lon, lat]| Point { lat, lon })
    }

    /// The corners of the box around it: south-west, north-east.
    #[must_use]
    pub fn bounds(&self) -> (Point, Point) {
        (self.south_west, self.north_east)
    }

    /// Whether the point lies inside: in a polygon's outer ring and in none of its holes.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        self.polygons.iter().any(|rings| {
            rings.split_first().is_some_and(|(outer, holes)| {
                crosses_odd(outer, point) && !holes.iter().any(|hole| crosses_odd(hole, point))
            })
        })
    }

    /// So many points inside that stand apart, the same ones for the same seed: each is that one of
    /// the uniform candidates which lies farthest from all before it.
    pub(super) fn spread(&self, count: usize, seed: &[u8]) -> Vec<Point> {
        let mut uniform = Uniform::new(seed, b"spread");
        let mut placed: Vec<Point> = Vec::with_capacity(count);
        for _ in 0..count {
            let best = (0..CANDIDATES)
                .map(|_| self.draw(&mut uniform))
                .map(|candidate| (nearest_m(candidate, &placed), candidate))
                .max_by(|one, other| one.0.total_cmp(&other.0));
            placed.extend(best.map(|(_, point)| point));
        }
        placed
    }

    /// A uniform point inside, by rejection from the box around it.
    fn draw(&self, uniform: &mut Uniform) -> Point {
        loop {
            let point = Point {
                lat: self.south_west.lat + uniform.next() * (self.north_east.lat - self.south_west.lat),
                lon: self.south_west.lon + uniform.next() * (self.north_east.lon - self.south_west.lon),
            };
            if self.contains(point) {
                return point;
            }
        }
    }
}

fn nearest_m(point: Point, others: &[Point]) -> f64 {
    others.iter().map(|other| haversine_m(point, *other)).fold(f64::MAX, f64::min)
}

/// Whether a ray to the east crosses the ring an odd number of times (the even-odd rule).
fn crosses_odd(ring: &[[f64; 2]], point: Point) -> bool {
    let mut inside = false;
    for pair in ring.windows(2) {
        let ([x1, y1], [x2, y2]) = (pair[0], pair[1]);
        if (y1 > point.lat) != (y2 > point.lat) && point.lon < (x2 - x1) * (point.lat - y1) / (y2 - y1) + x1 {
            inside = !inside;
        }
    }
    inside
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    code: String,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<[f64; 2]>>),
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

/// Reads a GeoJSON feature collection whose features carry a `code`.
pub(super) fn read(geojson: &str) -> Result<Vec<(String, Outline)>, serde_json::Error> {
    let collection: Collection = serde_json::from_str(geojson)?;
    let outlines = collection.features.into_iter().map(|feature| {
        let polygons = match feature.geometry {
            Geometry::Polygon(rings) => vec![rings],
            Geometry::MultiPolygon(polygons) => polygons,
        };
        (feature.properties.code, Outline::new(polygons))
    });
    Ok(outlines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square_with_a_hole() -> Outline {
        let square = |from: f64, to: f64| vec![[from, from], [to, from], [to, to], [from, to], [from, from]];
        Outline::new(vec![vec![square(0.0, 3.0), square(1.0, 2.0)]])
    }

    #[test]
    fn a_hole_is_outside() {
        let outline = square_with_a_hole();
        assert!(outline.contains(Point { lat: 0.5, lon: 0.5 }));
        assert!(!outline.contains(Point { lat: 1.5, lon: 1.5 }));
        assert!(!outline.contains(Point { lat: 3.5, lon: 1.5 }));
    }

    #[test]
    fn spread_points_lie_inside_and_repeat_with_the_seed() {
        let outline = square_with_a_hole();
        let points = outline.spread(50, b"seed");
        assert!(points.iter().all(|point| outline.contains(*point)));
        assert_eq!(points, outline.spread(50, b"seed"));
        assert_ne!(points, outline.spread(50, b"other"));
    }

    #[test]
    fn a_file_that_is_no_geojson_is_refused() {
        assert!(read("{}").is_err());
        assert!(read(r#"{"features":[{"properties":{"code":"1"},"geometry":{"type":"Point","coordinates":[1,2]}}]}"#).is_err());
    }
}
