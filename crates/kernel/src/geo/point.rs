use serde::{Deserialize, Serialize};

/// A point on the map, WGS-84, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
}

/// The mean radius of the earth in metres (IUGG).
const EARTH_M: f64 = 6_371_008.8;

/// One degree of latitude in metres on that sphere.
pub(super) const DEGREE_M: f64 = EARTH_M * std::f64::consts::PI / 180.0;

impl Point {
    /// A point, if both are finite and on the globe.
    #[must_use]
    pub fn new(lat: f64, lon: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)).then_some(Self { lat, lon })
    }

    /// The point so many metres to the north and to the east. Good for city distances, not near the poles.
    #[must_use]
    pub fn shifted(self, north_m: f64, east_m: f64) -> Self {
        let lat = self.lat + north_m / DEGREE_M;
        Self { lat, lon: self.lon + east_m / (DEGREE_M * lat.to_radians().cos()) }
    }
}

/// The great-circle distance in metres.
#[must_use]
pub fn haversine_m(one: Point, other: Point) -> f64 {
    let (lat1, lat2) = (one.lat.to_radians(), other.lat.to_radians());
    let half_lat = ((lat2 - lat1) / 2.0).sin();
    let half_lon = ((other.lon - one.lon).to_radians() / 2.0).sin();
    let chord = half_lat * half_lat + lat1.cos() * lat2.cos() * half_lon * half_lon;
    // Rounding can lift the chord of antipodes a hair above one.
    2.0 * EARTH_M * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_palace_to_the_summer_palace_it_is_fourteen_kilometres() {
        let palace = Point { lat: 39.9163, lon: 116.3972 };
        let summer_palace = Point { lat: 39.9999, lon: 116.2755 };
        let distance = haversine_m(palace, summer_palace);
        assert!((13_500.0..14_500.0).contains(&distance), "{distance}");
        assert_eq!(haversine_m(palace, palace), 0.0);
        assert!((haversine_m(palace, summer_palace) - haversine_m(summer_palace, palace)).abs() < 1e-6);
    }

    #[test]
    fn antipodes_are_half_the_circumference_apart() {
        let distance = haversine_m(Point { lat: 0.0, lon: 0.0 }, Point { lat: 0.0, lon: 180.0 });
        assert!((distance - std::f64::consts::PI * EARTH_M).abs() < 1.0);
    }

    #[test]
    fn a_shift_is_as_long_as_it_says() {
        let start = Point { lat: 39.9, lon: 116.4 };
        assert!((haversine_m(start, start.shifted(300.0, 400.0)) - 500.0).abs() < 1.0);
    }

    #[test]
    fn a_point_off_the_globe_is_refused() {
        assert!(Point::new(39.9, 116.4).is_some());
        assert!(Point::new(91.0, 0.0).is_none());
        assert!(Point::new(0.0, -180.5).is_none());
        assert!(Point::new(f64::NAN, 0.0).is_none());
    }
}
