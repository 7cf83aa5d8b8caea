//! The perceptual fingerprint: pictures that look alike have fingerprints that differ in few bits.
//!
//! The low frequencies of a 32 × 32 grey copy (discrete cosine transform), one bit each: above or below their
//! median. It survives re-compression, resizing and a change of brightness; it does not survive cropping or
//! turning. Used to find a photo that was taken from another listing.

use std::{f64::consts::PI, fmt, str::FromStr};

use image::{
    DynamicImage, RgbImage,
    imageops::{self, FilterType},
};

const SIDE: usize = 32;
const KEPT: usize = 8;

/// 64 bits of what a picture looks like.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PerceptualHash(u64);

impl PerceptualHash {
    /// Distance in bits up to which two photos are taken for the same one (different photos: about 32).
    pub const ALIKE: u32 = 8;

    /// From its 64 bits.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Its 64 bits, for the database.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Bits that differ, 0 to 64.
    #[must_use]
    pub const fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Whether the two are probably of one photo.
    #[must_use]
    pub const fn looks_like(self, other: Self) -> bool {
        self.distance(other) <= Self::ALIKE
    }
}

impl fmt::Display for PerceptualHash {
    /// Sixteen hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}
impl fmt::Debug for PerceptualHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for PerceptualHash {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

/// The fingerprint of a picture.
#[must_use]
pub fn perceptual_hash(image: &DynamicImage) -> PerceptualHash {
    of_rgb(&image.to_rgb8())
}

pub(super) fn of_rgb(image: &RgbImage) -> PerceptualHash {
    let side = u32::try_from(SIDE).unwrap_or(u32::MAX);
    let small = imageops::resize(image, side, side, FilterType::Triangle);
    let mut grey = [[0.0; SIDE]; SIDE];
    for (x, y, pixel) in small.enumerate_pixels() {
        let [red, green, blue] = pixel.0.map(f64::from);
        grey[y as usize][x as usize] = 0.299 * red + 0.587 * green + 0.114 * blue;
    }
    let frequencies = low_frequencies(&grey);
    // The first is the mean brightness, which says nothing of the picture.
    let mut sorted: Vec<f64> = frequencies[1..].to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = sorted[sorted.len() / 2];
    // Differences below this are rounding: a plain picture gives the same fingerprint however it is compressed.
    let noise = 1.0;
    let bits = frequencies.iter().enumerate().skip(1).filter(|(_, value)| **value > median + noise);
    PerceptualHash(bits.fold(0, |hash, (index, _)| hash | 1 << index))
}

/// The 8 × 8 lowest terms of the two-dimensional DCT-II.
fn low_frequencies(grey: &[[f64; SIDE]; SIDE]) -> [f64; KEPT * KEPT] {
    let wave =
        |frequency: usize, place: usize| (PI / SIDE as f64 * (place as f64 + 0.5) * frequency as f64).cos();
    let mut basis = [[0.0; SIDE]; KEPT];
    for (frequency, row) in basis.iter_mut().enumerate() {
        for (place, value) in row.iter_mut().enumerate() {
            *value = wave(frequency, place);
        }
    }
    let mut result = [0.0; KEPT * KEPT];
    for (v, vertical) in basis.iter().enumerate() {
        // The sum over rows first, so that the whole costs 8 × 32 × 32 and not 64 × 32 × 32.
        let mut column = [0.0; SIDE];
        for (row, weight) in grey.iter().zip(vertical) {
            for (sum, value) in column.iter_mut().zip(row) {
                *sum += value * weight;
            }
        }
        for (u, horizontal) in basis.iter().enumerate() {
            result[v * KEPT + u] =
                column.iter().zip(horizontal).map(|(a, b)| a * b).sum::<f64>() / SIDE as f64;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::photo::tests::{jpeg_of, scene};

    #[test]
    fn the_same_photo_smaller_and_recompressed_stays_within_few_bits() {
        for seed in 0..8 {
            let original = DynamicImage::ImageRgb8(scene(seed, 320, 240));
            let hash = perceptual_hash(&original);
            let small = original.resize_exact(107, 80, FilterType::Lanczos3);
            let coarse = image::load_from_memory(&jpeg_of(&small, 40)).unwrap();
            let brighter = original.brighten(18);
            for copy in [small, coarse, brighter] {
                let distance = hash.distance(perceptual_hash(&copy));
                assert!(distance <= PerceptualHash::ALIKE, "seed {seed}: {distance} bits");
            }
        }
    }

    #[test]
    fn different_photos_are_far_apart() {
        let hashes: Vec<_> = (0..24).map(|seed| of_rgb(&scene(seed, 96, 72))).collect();
        for (index, hash) in hashes.iter().enumerate() {
            for other in &hashes[index + 1..] {
                assert!(!hash.looks_like(*other), "{hash} {other}");
            }
        }
    }

    #[test]
    fn a_plain_picture_has_a_stable_fingerprint() {
        let plain = |value| of_rgb(&RgbImage::from_pixel(50, 50, image::Rgb([value; 3])));
        assert_eq!(plain(0), plain(255));
    }

    #[test]
    fn a_fingerprint_reads_back_from_its_text() {
        let hash = PerceptualHash::from_bits(0x0123_4567_89ab_cdef);
        assert_eq!(hash.to_string(), "0123456789abcdef");
        assert_eq!("0123456789abcdef".parse(), Ok(hash));
    }
}
