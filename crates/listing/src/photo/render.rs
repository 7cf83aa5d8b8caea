//! Upright, smaller, without transparency, as JPEG.

use std::fmt;

use image::{DynamicImage, ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder, metadata::Orientation};

use super::{PhotoError, Rendition, area, decode::Decoded};

/// JPEG quality: above this the file grows and the eye sees no difference at these widths.
const QUALITY: u8 = 82;

/// Width and height as seen.
pub(super) fn dimensions(decoded: &Decoded) -> (u32, u32) {
    let (width, height) = (decoded.image.width(), decoded.image.height());
    if lies_on_its_side(decoded.orientation) { (height, width) } else { (width, height) }
}

const fn lies_on_its_side(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

/// The photo at a width class, upright, on white. The decoder's buffer is let go as soon as it is read, and turning
/// costs little on what is left.
pub(super) fn fitted(decoded: Decoded, width_class: u32) -> RgbImage {
    let Decoded { image, orientation } = decoded;
    let (width, height) = if lies_on_its_side(orientation) {
        let (height, width) = fit(image.height(), image.width(), width_class);
        (width, height)
    } else {
        fit(image.width(), image.height(), width_class)
    };
    let mut reduced = DynamicImage::ImageRgb8(area::shrunk(&image, width, height));
    drop(image);
    reduced.apply_orientation(orientation);
    reduced.into_rgb8()
}

/// An upright photo at a smaller width class.
pub(super) fn shrunk(image: &RgbImage, width_class: u32) -> RgbImage {
    let (width, height) = fit(image.width(), image.height(), width_class);
    area::shrunk_rgb(image, width, height)
}

/// The size at a width class: no wider than it, no taller than twice it, never larger than the original.
fn fit(width: u32, height: u32, width_class: u32) -> (u32, u32) {
    let (width, height) = (u64::from(width), u64::from(height));
    let (most_wide, most_tall) = (u64::from(width_class), u64::from(width_class) * 2);
    let (numerator, denominator) = [(1, 1), (most_wide, width), (most_tall, height)]
        .into_iter()
        .min_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)))
        .unwrap_or((1, 1));
    let scaled = |side: u64| {
        let rounded = (side * numerator + denominator / 2) / denominator;
        u32::try_from(rounded).unwrap_or(u32::MAX).max(1)
    };
    (scaled(width), scaled(height))
}

/// Writes a photo as JPEG: pixels only, no metadata of any kind.
pub(super) fn rendition(image: &RgbImage) -> Result<Rendition, PhotoError> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY)
        .write_image(image.as_raw(), image.width(), image.height(), image::ExtendedColorType::Rgb8)
        .map_err(|error| PhotoError::Damaged { reason: error.to_string() })?;
    Ok(Rendition { width: image.width(), height: image.height(), jpeg })
}

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

impl fmt::Display for Colour {
    /// As CSS writes it: `#a1b2c3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

pub(super) fn mean_colour(image: &RgbImage) -> Colour {
    let mut sums = [0u64; 3];
    for pixel in image.pixels() {
        for (sum, value) in sums.iter_mut().zip(pixel.0) {
            *sum += u64::from(value);
        }
    }
    let count = u64::from(image.width()) * u64::from(image.height());
    Colour(sums.map(|sum| u8::try_from((sum + count / 2) / count.max(1)).unwrap_or(u8::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_fitted_into_its_class_and_never_enlarged() {
        assert_eq!(fit(4000, 3000, 1600), (1600, 1200));
        assert_eq!(fit(500, 400, 1600), (500, 400));
        assert_eq!(fit(1000, 20_000, 800), (80, 1600));
        assert_eq!(fit(30_000, 1, 320), (320, 1));
        assert_eq!(fit(1, 30_000, 320), (1, 640));
    }

    #[test]
    fn a_colour_reads_as_css() {
        let image =
            RgbImage::from_fn(2, 1, |x, _| image::Rgb(if x == 0 { [0, 100, 255] } else { [255, 200, 255] }));
        assert_eq!(mean_colour(&image).to_string(), "#8096ff");
    }
}
