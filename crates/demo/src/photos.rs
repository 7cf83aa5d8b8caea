//! Photos of things on offer, rendered from object pictures (`data/emoji/`) so that no photograph is borrowed.
//!
//! A [`Recipe`] says how: which object, its colour, how it is turned, on which ground, in which light. The same recipe
//! gives the same bytes; two recipes of the same object look different to people and to a perceptual hash. Further
//! photos of a listing are [views](Recipe::view) of its recipe: nearer, mirrored, a detail.

mod pictures;
mod render;

use image::ImageError;
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

pub use pictures::{names, picture};

/// Side of a photo in pixels.
pub const SIDE: u32 = 800;

/// JPEG quality: the grounds are smooth and would show bands below this.
const QUALITY: u8 = 86;

/// How a photo is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// Name of the object picture.
    pub picture: String,
    /// Turn of the colour wheel in degrees.
    pub hue: i16,
    /// Turn of the object in degrees, clockwise.
    pub turn: i16,
    /// Side of the object in hundredths of the photo's side.
    pub scale: u8,
    /// Shift of the object to the right and down, in hundredths of the photo's side.
    pub shift: (i8, i8),
    /// Whether the object is mirrored.
    pub mirrored: bool,
    /// Index into the grounds.
    pub ground: u8,
    /// Where the light comes from, in degrees.
    pub light: i16,
    /// Height of the edge between wall and table in hundredths, if there is one.
    pub horizon: Option<u8>,
    /// How far from the middle a beam of daylight falls across the ground, in hundredths.
    pub beam: i8,
}

/// Why a photo could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// No picture of this name comes with the program.
    #[error("there is no picture '{0}'")]
    UnknownPicture(String),
    /// The picture does not decode, or the photo does not encode.
    #[error(transparent)]
    Image(#[from] ImageError),
}

impl Recipe {
    /// A recipe by chance.
    pub fn draw(picture: &str, rng: &mut impl Rng) -> Self {
        Self {
            picture: picture.to_owned(),
            // A third keep the colours of the drawing; greens and blues of skin-like objects look odd when all turn.
            hue: if rng.random_bool(0.33) { 0 } else { rng.random_range(-180..180) },
            turn: rng.random_range(-20..=20),
            scale: rng.random_range(46..=68),
            shift: (rng.random_range(-9..=9), rng.random_range(-8..=8)),
            mirrored: rng.random_bool(0.5),
            ground: rng.random_range(0..render::GROUNDS),
            light: rng.random_range(0..360),
            horizon: rng.random_bool(0.4).then(|| rng.random_range(58..=74)),
            beam: rng.random_range(-45..=45),
        }
    }

    /// The recipe of the listing's `n`th photo, from 0: the same object in the same colour, seen another way.
    #[must_use]
    pub fn view(&self, n: u8) -> Self {
        let mut view = self.clone();
        match n % 4 {
            0 => {}
            1 => {
                view.mirrored = !view.mirrored;
                view.turn = -view.turn + 9;
                view.scale = 70;
                view.shift = (-view.shift.0, view.shift.1);
            }
            2 => {
                view.scale = 104;
                view.shift = (12, 9);
                view.horizon = None;
            }
            _ => {
                view.scale = 96;
                view.shift = (-13, -8);
                view.turn += 20;
                view.horizon = None;
            }
        }
        view.light = (view.light + 95 * i16::from(n)) % 360;
        // From the fifth photo on, the ground changes with each round.
        view.ground = (view.ground + n / 4) % render::GROUNDS;
        view
    }

    /// The photo, [`SIDE`] pixels square, as a JPEG file.
    ///
    /// # Errors
    /// [`PhotoError`] when the picture is unknown.
    pub fn jpeg(&self) -> Result<Vec<u8>, PhotoError> {
        let photo = render::render(self, SIDE)?;
        let mut bytes = Vec::with_capacity(64 * 1024);
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&photo)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use image::{DynamicImage, GenericImageView, Rgb, RgbImage, imageops::FilterType};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn recipes(picture: &str, count: usize) -> Vec<Recipe> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        (0..count).map(|_| Recipe::draw(picture, &mut rng)).collect()
    }

    /// Difference hash: is each of 8 × 8 points brighter than its right neighbour?
    fn difference_hash(photo: RgbImage) -> u64 {
        let small = DynamicImage::from(photo).resize_exact(9, 8, FilterType::Triangle).to_luma8();
        (0..64).fold(0, |hash, bit| {
            let (x, y) = (bit % 8, bit / 8);
            (hash << 1) | u64::from(small.get_pixel(x, y)[0] < small.get_pixel(x + 1, y)[0])
        })
    }

    #[test]
    fn a_photo_is_a_jpeg_of_the_stated_size_and_repeats() {
        let recipe = &recipes("bicycle", 1)[0];
        let bytes = recipe.jpeg().unwrap();
        assert_eq!(bytes, recipe.jpeg().unwrap());
        assert_eq!(image::guess_format(&bytes).unwrap(), image::ImageFormat::Jpeg);
        assert_eq!(image::load_from_memory(&bytes).unwrap().dimensions(), (SIDE, SIDE));
        assert!(bytes.len() < 150_000, "{}", bytes.len());
    }

    #[test]
    fn two_bicycles_do_not_look_the_same() {
        let hashes: Vec<u64> = recipes("bicycle", 24)
            .iter()
            .flat_map(|recipe| [recipe.view(0), recipe.view(2)])
            .map(|recipe| difference_hash(render::render(&recipe, 200).unwrap()))
            .collect();
        let distinct: HashSet<u64> = hashes.iter().copied().collect();
        assert!(distinct.len() >= hashes.len() - 1, "{} of {}", distinct.len(), hashes.len());
        let near = |one: u64, other: u64| (one ^ other).count_ones() < 4;
        let close = hashes
            .iter()
            .enumerate()
            .flat_map(|(at, one)| hashes[at + 1..].iter().map(move |other| (one, other)));
        let (pairs, alike) = close.fold((0, 0), |(pairs, alike), (one, other)| {
            (pairs + 1, alike + usize::from(near(*one, *other)))
        });
        assert!(alike * 50 < pairs, "{alike} of {pairs} pairs are alike");
    }

    #[test]
    fn every_picture_can_be_photographed() {
        for name in names() {
            let recipe = Recipe { scale: 60, ..recipes(name, 1)[0].clone() };
            let photo = render::render(&recipe, 100).unwrap();
            let ground = *photo.get_pixel(1, 1);
            let differs =
                |pixel: &&Rgb<u8>| pixel.0.iter().zip(ground.0).any(|(one, other)| one.abs_diff(other) > 14);
            let touched = photo.pixels().filter(differs).count();
            assert!(touched > 500, "{name} is hardly to be seen: {touched} of 10000 pixels");
        }
    }

    #[test]
    fn an_unknown_picture_is_an_error() {
        let recipe = Recipe { picture: "unicorn".into(), ..recipes("bicycle", 1)[0].clone() };
        assert!(matches!(recipe.jpeg(), Err(PhotoError::UnknownPicture(name)) if name == "unicorn"));
    }
}
