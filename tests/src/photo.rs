//! Photos as phones make them, drawn here so that none is borrowed.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// A JPEG of this size in pixels. Another `number` draws another picture.
///
/// # Panics
/// When it cannot be encoded, which a size of zero causes.
#[must_use]
pub fn jpeg(width: u32, height: u32, number: u32) -> Vec<u8> {
    let mut content = Vec::new();
    JpegEncoder::new_with_quality(&mut content, 85)
        .encode_image(&picture(width, height, number))
        .expect("an RGB picture becomes a JPEG");
    content
}

/// The same picture as a PNG.
///
/// # Panics
/// As for [`jpeg`].
#[must_use]
pub fn png(width: u32, height: u32, number: u32) -> Vec<u8> {
    encoded(width, height, number, ImageFormat::Png)
}

/// The same picture as a WebP.
///
/// # Panics
/// As for [`jpeg`].
#[must_use]
pub fn webp(width: u32, height: u32, number: u32) -> Vec<u8> {
    encoded(width, height, number, ImageFormat::WebP)
}

/// A JPEG that says where it was taken, as a phone writes it: an EXIF segment with GPS 39°54' N. The marker text
/// `LUHUAN-GPS` stands in the same segment, to look for in what is served.
#[must_use]
pub fn jpeg_with_gps(width: u32, height: u32) -> Vec<u8> {
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend(gps_tiff());
    segment.extend(b"LUHUAN-GPS");
    let length = u16::try_from(segment.len() + 2).expect("the segment is short");
    let plain = jpeg(width, height, 0);
    let (start_of_image, rest) = plain.split_at(2);
    [start_of_image, &[0xff, 0xe1], &length.to_be_bytes(), &segment, rest].concat()
}

/// A little-endian TIFF block: one directory that points to a GPS directory with latitude and its reference.
fn gps_tiff() -> Vec<u8> {
    const ASCII: u16 = 2;
    const LONG: u16 = 4;
    const RATIONAL: u16 = 5;
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let first_directory = 8_u32;
    let gps_directory = first_directory + 2 + 12 + 4;
    let latitude = gps_directory + 2 + 2 * 12 + 4;
    let end_of_directory = 0_u32.to_le_bytes();
    let mut block = b"II\x2a\0".to_vec();
    block.extend(first_directory.to_le_bytes());
    block.extend(1_u16.to_le_bytes());
    block.extend(entry(0x8825, LONG, 1, gps_directory));
    block.extend(end_of_directory);
    block.extend(2_u16.to_le_bytes());
    block.extend(entry(1, ASCII, 2, u32::from(b'N')));
    block.extend(entry(2, RATIONAL, 3, latitude));
    block.extend(end_of_directory);
    for (numerator, denominator) in [(39_u32, 1_u32), (54, 1), (0, 1)] {
        block.extend(numerator.to_le_bytes());
        block.extend(denominator.to_le_bytes());
    }
    block
}

fn encoded(width: u32, height: u32, number: u32, format: ImageFormat) -> Vec<u8> {
    let mut content = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture(width, height, number))
        .write_to(&mut content, format)
        .expect("an RGB picture can be encoded");
    content.into_inner()
}

/// Large soft shapes whose place and colour depend on `number`, so that perceptual hashes differ too.
fn picture(width: u32, height: u32, number: u32) -> RgbImage {
    let phase = f64::from(number) * 1.7;
    let level = |wave: f64| {
        // A sine lies between -1 and 1, so this lies between 1 and 255.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 1 and 255"
        )]
        let level = (128.0 + 127.0 * wave.sin()) as u8;
        level
    };
    RgbImage::from_fn(width, height, |x, y| {
        let across = f64::from(x) / f64::from(width) * 6.0;
        let down = f64::from(y) / f64::from(height) * 6.0;
        Rgb([level(across + phase), level(down * 1.3 - phase), level(across - down + 2.0 * phase)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_what_it_says() {
        let formats = [
            (jpeg(64, 48, 1), ImageFormat::Jpeg),
            (png(64, 48, 1), ImageFormat::Png),
            (webp(64, 48, 1), ImageFormat::WebP),
            (jpeg_with_gps(64, 48), ImageFormat::Jpeg),
        ];
        for (content, format) in formats {
            assert_eq!(image::guess_format(&content).unwrap(), format);
            let decoded = image::load_from_memory(&content).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (64, 48));
        }
    }

    #[test]
    fn another_number_is_another_picture() {
        assert_ne!(jpeg(64, 48, 1), jpeg(64, 48, 2));
    }
}
