//! From a recipe to pixels.

use image::{Rgb, RgbImage, RgbaImage};

use super::{PhotoError, Recipe, pictures};

/// The soft grounds of the design: pale blue, sand, mint, rose, lilac, sage, cream, aqua.
const GROUND: [[f32; 3]; GROUNDS as usize] = [
    [234.0, 242.0, 252.0],
    [243.0, 238.0, 230.0],
    [232.0, 243.0, 236.0],
    [246.0, 234.0, 238.0],
    [238.0, 236.0, 248.0],
    [242.0, 243.0, 236.0],
    [253.0, 243.0, 224.0],
    [230.0, 243.0, 243.0],
];

/// How many grounds there are.
pub(super) const GROUNDS: u8 = 8;

/// How much darker the ground is away from the light, and the table than the wall.
const SHADE: f32 = 0.03;

/// How much darker the ground is outside the beam of daylight.
const DUSK: f32 = 0.018;

/// How dark the shadow is where it is darkest.
const SHADOW: f32 = 0.17;

/// The photo, `side` pixels square.
pub(super) fn render(recipe: &Recipe, side: u32) -> Result<RgbImage, PhotoError> {
    let object = tinted(pictures::decoded(&recipe.picture)?, recipe.hue);
    let placed = Placed::new(recipe, &object, side as f32);
    let ground = Ground::new(recipe, side as f32);
    let mut photo = RgbImage::new(side, side);
    for (x, y, pixel) in photo.enumerate_pixels_mut() {
        let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
        let [r, g, b] = ground.at(x, y).map(|channel| channel * placed.light_left(x, y));
        let [red, green, blue, alpha] = placed.sample(x, y);
        let uncovered = 1.0 - alpha;
        let over =
            |object: f32, ground: f32| (object * 255.0 + ground * uncovered + 0.5).clamp(0.0, 255.0) as u8;
        *pixel = Rgb([over(red, r), over(green, g), over(blue, b)]);
    }
    Ok(photo)
}

/// Wall and table in their light.
struct Ground {
    colour: [f32; 3],
    /// Half the photo's side.
    half: f32,
    /// Direction away from the light; its length makes the way across the photo one.
    away: (f32, f32),
    horizon: Option<f32>,
    beam: f32,
}

impl Ground {
    fn new(recipe: &Recipe, side: f32) -> Self {
        let angle = f32::from(recipe.light).to_radians();
        Self {
            colour: GROUND[usize::from(recipe.ground) % GROUND.len()],
            half: side / 2.0,
            away: (angle.cos() / side, angle.sin() / side),
            horizon: recipe.horizon.map(|hundredths| f32::from(hundredths) / 100.0 * side),
            beam: f32::from(recipe.beam) / 100.0,
        }
    }

    fn at(&self, x: f32, y: f32) -> [f32; 3] {
        let (dx, dy) = (x - self.half, y - self.half);
        let away = dx * self.away.0 + dy * self.away.1;
        let across = dy * self.away.0 - dx * self.away.1;
        // The edges are soft, as in a photo that is not quite in focus there.
        let table = self.horizon.map_or(0.0, |edge| ((y - edge) / (self.half * 0.03)).clamp(0.0, 1.0));
        let beside = (((across - self.beam).abs() - 0.10) / 0.06).clamp(0.0, 1.0);
        let factor = 1.0 - SHADE * (away + 0.5) - SHADE * table - DUSK * beside;
        self.colour.map(|channel| channel * factor)
    }
}

/// The object where it stands, with the way back from a pixel of the photo to a point of the picture.
struct Placed<'a> {
    object: &'a [[f32; 4]],
    width: i32,
    height: i32,
    centre: (f32, f32),
    /// Picture pixels per photo pixel, turned: the inverse of the placement.
    back: [f32; 4],
    /// Beyond this distance from the centre there is nothing of the object.
    reach: f32,
    shadow: Shadow,
}

impl<'a> Placed<'a> {
    fn new(recipe: &Recipe, object: &'a Object, side: f32) -> Self {
        let size = f32::from(recipe.scale) / 100.0 * side;
        let step = object.width.max(object.height) as f32 / size;
        let (sin, cos) = f32::from(recipe.turn).to_radians().sin_cos();
        let mirror = if recipe.mirrored { -1.0 } else { 1.0 };
        let at = |hundredths: i8| side * (0.5 + f32::from(hundredths) / 100.0);
        let centre = (at(recipe.shift.0), at(recipe.shift.1) - 0.02 * side);
        Self {
            object: &object.pixels,
            width: object.width as i32,
            height: object.height as i32,
            centre,
            back: [mirror * cos * step, mirror * sin * step, -sin * step, cos * step],
            reach: size * 0.72,
            shadow: Shadow {
                x: centre.0,
                y: centre.1 + size * 0.40,
                width: size * 0.46,
                height: size * 0.13,
            },
        }
    }

    /// What the shadow leaves of the light.
    fn light_left(&self, x: f32, y: f32) -> f32 {
        1.0 - SHADOW * self.shadow.depth(x, y)
    }

    /// Colour and cover of the object at a point of the photo, premultiplied, from 0 to 1 (Catmull-Rom).
    fn sample(&self, x: f32, y: f32) -> [f32; 4] {
        let (dx, dy) = (x - self.centre.0, y - self.centre.1);
        if dx * dx + dy * dy > self.reach * self.reach {
            return [0.0; 4];
        }
        let u = self.back[0] * dx + self.back[1] * dy + self.width as f32 / 2.0 - 0.5;
        let v = self.back[2] * dx + self.back[3] * dy + self.height as f32 / 2.0 - 0.5;
        let (left, top) = (u.floor(), v.floor());
        if left < -2.0 || top < -2.0 || left > self.width as f32 || top > self.height as f32 {
            return [0.0; 4];
        }
        let (across, down) = (cubic(u - left), cubic(v - top));
        let mut sum = [0.0; 4];
        for (row, weight_down) in down.into_iter().enumerate() {
            let y = top as i32 - 1 + row as i32;
            if !(0..self.height).contains(&y) {
                continue;
            }
            for (column, weight_across) in across.into_iter().enumerate() {
                let x = left as i32 - 1 + column as i32;
                if (0..self.width).contains(&x) {
                    let texel = &self.object[(y * self.width + x) as usize];
                    let weight = weight_across * weight_down;
                    for (channel, value) in sum.iter_mut().zip(texel) {
                        *channel += weight * value;
                    }
                }
            }
        }
        let alpha = sum[3].clamp(0.0, 1.0);
        [sum[0].clamp(0.0, alpha), sum[1].clamp(0.0, alpha), sum[2].clamp(0.0, alpha), alpha]
    }
}

/// Weights of the four neighbours for a point between the middle two (Catmull-Rom spline).
fn cubic(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [-0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1.0, -1.5 * t3 + 2.0 * t2 + 0.5 * t, 0.5 * t3 - 0.5 * t2]
}

/// A soft flat ellipse under the object.
struct Shadow {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

impl Shadow {
    fn depth(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = ((x - self.x) / self.width, (y - self.y) / self.height);
        let distance = dx * dx + dy * dy;
        // Beyond three widths nothing is left of a Gauss bell; most pixels are spared the exponential.
        if distance > 5.0 { 0.0 } else { (-1.4 * distance).exp() }
    }
}

/// A picture as premultiplied floating point.
struct Object {
    pixels: Vec<[f32; 4]>,
    width: u32,
    height: u32,
}

fn tinted(picture: &RgbaImage, hue: i16) -> Object {
    let turn = HueTurn::new(hue);
    let pixels = picture
        .pixels()
        .map(|pixel| {
            let [r, g, b, a] = pixel.0.map(|channel| f32::from(channel) / 255.0);
            let [r, g, b] = turn.apply([r, g, b]);
            [r * a, g * a, b * a, a]
        })
        .collect();
    Object { pixels, width: picture.width(), height: picture.height() }
}

/// A turn of the colour wheel that keeps the brightness of each colour (a rotation about the grey axis with the
/// luminance weights of BT.709, as in the `hue-rotate` of Filter Effects Module Level 1).
struct HueTurn([[f32; 3]; 3]);

impl HueTurn {
    fn new(degrees: i16) -> Self {
        let (s, c) = f32::from(degrees).to_radians().sin_cos();
        Self([
            [0.213 + c * 0.787 - s * 0.213, 0.715 - c * 0.715 - s * 0.715, 0.072 - c * 0.072 + s * 0.928],
            [0.213 - c * 0.213 + s * 0.143, 0.715 + c * 0.285 + s * 0.140, 0.072 - c * 0.072 - s * 0.283],
            [0.213 - c * 0.213 - s * 0.787, 0.715 - c * 0.715 + s * 0.715, 0.072 + c * 0.928 + s * 0.072],
        ])
    }

    fn apply(&self, [r, g, b]: [f32; 3]) -> [f32; 3] {
        self.0.map(|row| (row[0] * r + row[1] * g + row[2] * b).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hue_turn_of_nothing_changes_nothing_and_a_full_one_neither() {
        for degrees in [0, 360] {
            for (was, is) in [0.2, 0.5, 0.8].into_iter().zip(HueTurn::new(degrees).apply([0.2, 0.5, 0.8])) {
                assert!((was - is).abs() < 0.01, "{was} became {is}");
            }
        }
    }

    #[test]
    fn grey_stays_grey_at_every_turn() {
        for degrees in (-180..180).step_by(30) {
            let turned = HueTurn::new(degrees).apply([0.5, 0.5, 0.5]);
            assert!(turned.iter().all(|channel| (channel - 0.5).abs() < 0.01), "{turned:?}");
        }
    }

    #[test]
    fn cubic_weights_sum_to_one_and_hit_the_middle() {
        for step in 0..=10 {
            let weights = cubic(step as f32 / 10.0);
            assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
        assert_eq!(cubic(0.0), [0.0, 1.0, 0.0, 0.0]);
    }
}
