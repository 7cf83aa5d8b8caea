use super::point::{DEGREE_M, Point};
use super::siphash::Uniform;

/// The side of a cell in metres.
const CELL_M: f64 = 500.0;

/// How far a point is moved from the middle of its cell, at most, in metres.
const JITTER_M: f64 = 150.0;

/// The point that strangers see instead of the true one: at most about 505 m away from it, and the same each time.
///
/// Two steps, because either alone would leak. First the true point is replaced by the middle of its cell in a grid of
/// 500 m, whose origin follows from the secret: whatever is done afterwards, nothing says where in the cell the item
/// lies, so that somebody who posts a hundred things from home gives away the cell and no more. Then the
/// middle is moved by up to 150 m in a direction that follows from the secret and the item, so that the
/// grid does not show on a map and two items of one house do not lie on each other.
///
/// `secret_seed` is the installation's; whoever knows it learns the grid's origin, but still not the place in the
/// cell. `id` is the item's, so that its point stays when it is listed again.
#[must_use]
pub fn fuzz(point: Point, secret_seed: &[u8], id: &[u8]) -> Point {
    let mut origin = Uniform::new(secret_seed, b"grid");
    let middle = cell_middle(point, origin.next(), origin.next());
    let mut of_item = Uniform::new(secret_seed, &[b"item:", id].concat());
    // The root makes the jitter uniform over the disc instead of crowding its middle.
    let distance = JITTER_M * of_item.next().sqrt();
    let direction = of_item.next() * std::f64::consts::TAU;
    middle.shifted(distance * direction.sin(), distance * direction.cos())
}

/// The middle of the grid cell that holds the point. Rows are even in latitude; within a row, the cells are even in
/// longitude, as wide as the row's middle asks for.
fn cell_middle(point: Point, row_offset: f64, column_offset: f64) -> Point {
    let row_height = CELL_M / DEGREE_M;
    let lat = snap(point.lat, row_height, row_offset);
    let column_width = CELL_M / (DEGREE_M * lat.to_radians().cos());
    Point { lat, lon: snap(point.lon, column_width, column_offset) }
}

fn snap(value: f64, step: f64, offset: f64) -> f64 {
    ((value / step + offset).floor() + 0.5 - offset) * step
}

#[cfg(test)]
mod tests {
    use super::super::point::haversine_m;
    use super::*;

    fn places() -> impl Iterator<Item = Point> {
        let mut uniform = Uniform::new(b"places", b"");
        std::iter::repeat_with(move || Point {
            lat: 39.5 + 1.5 * uniform.next(),
            lon: 115.5 + 2.0 * uniform.next(),
        })
        .take(2_000)
    }

    #[test]
    fn a_shown_point_is_near_but_not_at_the_place() {
        let distances: Vec<f64> = places()
            .enumerate()
            .map(|(at, place)| haversine_m(place, fuzz(place, b"secret", &at.to_le_bytes())))
            .collect();
        assert!(distances.iter().all(|distance| *distance < 506.0));
        let mean = distances.iter().sum::<f64>() / distances.len() as f64;
        assert!((150.0..300.0).contains(&mean), "{mean}");
    }

    #[test]
    fn an_item_is_always_shown_at_the_same_point() {
        for place in places() {
            assert_eq!(fuzz(place, b"secret", b"item"), fuzz(place, b"secret", b"item"));
        }
    }

    #[test]
    fn many_items_of_one_house_give_away_its_cell_and_no_more() {
        let home = Point { lat: 39.9, lon: 116.4 };
        let neighbour = home.shifted(20.0, 20.0);
        let of_home: Vec<Point> = (0..500_u32).map(|id| fuzz(home, b"secret", &id.to_le_bytes())).collect();
        let of_neighbour: Vec<Point> =
            (0..500_u32).map(|id| fuzz(neighbour, b"secret", &id.to_le_bytes())).collect();
        assert_eq!(of_home, of_neighbour);
        assert_ne!(of_home[0], of_home[1]);
    }

    #[test]
    fn another_secret_moves_the_point() {
        let home = Point { lat: 39.9, lon: 116.4 };
        assert_ne!(fuzz(home, b"one", b"item"), fuzz(home, b"other", b"item"));
    }
}
