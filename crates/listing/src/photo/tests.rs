//! Photos as they come: honest, hostile, broken.

use std::{io::Cursor, sync::LazyLock};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage, imageops::FilterType};
use proptest::prelude::*;

use super::*;

/// A picture that differs by its seed: a few soft blots of colour on a gradient, as the low frequencies of photos are.
pub(super) fn scene(seed: u32, width: u32, height: u32) -> RgbImage {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12345);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 24)
    };
    let blots: Vec<[f64; 6]> = (0..9)
        .map(|_| [next(), next(), 0.03 + 0.09 * next(), 255.0 * next(), 255.0 * next(), 255.0 * next()])
        .collect();
    let tilt = (next() - 0.5, next() - 0.5);
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
        let base = 128.0 + 120.0 * ((u - 0.5) * tilt.0 + (v - 0.5) * tilt.1);
        let mut colour = [base; 3];
        for [cx, cy, size, red, green, blue] in &blots {
            let distance = ((u - cx).powi(2) + (v - cy).powi(2)) / size;
            let weight = (-distance * 8.0).exp();
            for (value, goal) in colour.iter_mut().zip([red, green, blue]) {
                *value += (goal - *value) * weight;
            }
        }
        Rgb(colour.map(|value| value.clamp(0.0, 255.0) as u8))
    })
}

pub(super) fn jpeg_of(image: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    image.to_rgb8().write_with_encoder(encoder).unwrap();
    bytes
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn photo(width: u32, height: u32) -> DynamicImage {
    // Drawn small and enlarged: drawing is slow in an unoptimised test.
    let small = DynamicImage::ImageRgb8(scene(7, width.min(120), height.min(90)));
    small.resize_exact(width, height, FilterType::Triangle)
}

fn each_format(image: &DynamicImage) -> [(PhotoFormat, Vec<u8>); 3] {
    [
        (PhotoFormat::Jpeg, jpeg_of(image, 90)),
        (PhotoFormat::Png, encoded(image, ImageFormat::Png)),
        (PhotoFormat::WebP, encoded(image, ImageFormat::WebP)),
    ]
}

fn accepted(bytes: &[u8]) -> ProcessedPhoto {
    process(bytes, &PhotoLimits::default()).unwrap()
}

fn sizes(photo: &ProcessedPhoto) -> Vec<(u32, u32)> {
    photo.renditions.iter().map(|rendition| (rendition.width, rendition.height)).collect()
}

fn fingerprint(photo: &ProcessedPhoto) -> PerceptualHash {
    PerceptualHash::from_bits(photo.perceptual_hash)
}

fn refused(bytes: &[u8]) -> PhotoError {
    process(bytes, &PhotoLimits::default()).unwrap_err()
}

/// A JPEG with an application segment right after its start mark.
fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
}

/// EXIF with an orientation, and a GPS latitude whose degrees are 39, 54, 26.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend([0, 0, 0, 0]);
    tiff.extend([1, 0, 2, 0, 5, 0, 3, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend([39u32, 1, 54, 1, 26, 1].iter().flat_map(|number| number.to_le_bytes()));
    tiff.extend(b"GPS-LATITUDE-39.54.26");
    [b"Exif\0\0", tiff.as_slice()].concat()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_photo_of_each_format_comes_out_in_three_widths() {
    for (format, bytes) in each_format(&photo(1700, 1275)) {
        let photo = accepted(&bytes);
        assert_eq!((photo.format, photo.width, photo.height), (format, 1700, 1275));
        let sizes = sizes(&photo);
        assert_eq!(sizes, [(320, 240), (800, 600), (1600, 1200)]);
        for rendition in &photo.renditions {
            let read = image::load_from_memory_with_format(&rendition.jpeg, ImageFormat::Jpeg).unwrap();
            assert_eq!((read.width(), read.height()), (rendition.width, rendition.height));
        }
    }
}

#[test]
fn the_three_formats_of_one_picture_look_alike() {
    let picture = photo(900, 700);
    let [jpeg, png, webp] = each_format(&picture).map(|(_, bytes)| accepted(&bytes));
    assert!(fingerprint(&jpeg).distance(fingerprint(&png)) <= 2);
    assert_eq!(fingerprint(&png), fingerprint(&webp));
    let largest = image::load_from_memory(&png.renditions[2].jpeg).unwrap().to_rgb8();
    let far = largest.iter().zip(picture.to_rgb8().iter()).filter(|(a, b)| a.abs_diff(**b) > 24).count();
    assert!(far < largest.len() / 100, "{far} samples differ");
}

#[test]
fn a_small_photo_is_never_enlarged() {
    assert_eq!(sizes(&accepted(&jpeg_of(&photo(500, 400), 90))), [(320, 256), (500, 400)]);
    assert_eq!(sizes(&accepted(&jpeg_of(&photo(30, 20), 90))), [(30, 20)]);
}

#[test]
fn a_photo_is_turned_as_its_orientation_says() {
    // Red on the left, blue on the right; orientation 6 is seen turned clockwise, so red comes to the top.
    let picture = RgbImage::from_fn(400, 200, |x, _| Rgb(if x < 200 { [255, 0, 0] } else { [0, 0, 255] }));
    let jpeg = with_segment(&jpeg_of(&picture.into(), 95), 0xe1, &exif(6));
    let photo = accepted(&jpeg);
    assert_eq!((photo.width, photo.height), (200, 400));
    let seen = image::load_from_memory(&photo.renditions[0].jpeg).unwrap().to_rgb8();
    let (top, bottom) = (seen.get_pixel(100, 40).0, seen.get_pixel(100, 360).0);
    assert!(top[0] > 200 && top[2] < 60, "{top:?}");
    assert!(bottom[2] > 200 && bottom[0] < 60, "{bottom:?}");
}

#[test]
fn where_and_when_it_was_taken_is_gone() {
    let jpeg = with_segment(&jpeg_of(&photo(400, 300), 90), 0xe1, &exif(1));
    assert!(holds(&jpeg, b"GPS-LATITUDE"));
    for rendition in accepted(&jpeg).renditions {
        for needle in [&b"GPS"[..], b"Exif", b"http://", b"ICC_PROFILE", b"Photoshop"] {
            assert!(!holds(&rendition.jpeg, needle), "{}", String::from_utf8_lossy(needle));
        }
    }
}

#[test]
fn a_polyglot_comes_out_as_a_picture_only() {
    let tails: [&[u8]; 3] = [b"PK\x03\x04evil.zip", b"<script>alert(1)</script>", b"GIF89a;Rar!"];
    for (_, bytes) in each_format(&photo(300, 200)) {
        for tail in tails {
            let photo = accepted(&[&bytes, tail].concat());
            assert!(photo.renditions.iter().all(|rendition| !holds(&rendition.jpeg, tail)));
        }
    }
    let commented = with_segment(&jpeg_of(&photo(300, 200), 90), 0xfe, b"<?php system($_GET[0]); ?>");
    assert!(!holds(&accepted(&commented).renditions[0].jpeg, b"<?php"));
}

#[test]
fn what_is_no_picture_is_named_as_far_as_it_can_be() {
    let unsupported = |format| PhotoError::UnsupportedFormat { format };
    let cases: [(&[u8], PhotoError); 13] = [
        (b"", PhotoError::NotAPicture),
        (b"hello, this is a text", PhotoError::NotAPicture),
        (b"PK\x03\x04 an archive.....", PhotoError::NotAPicture),
        (b"%PDF-1.7 ...........", PhotoError::NotAPicture),
        (b"RIFF\x10\0\0\0WAVEfmt ....", PhotoError::NotAPicture),
        (b"\0\0\0\x18ftypmp42........", PhotoError::NotAPicture),
        (b"GIF89a..............", unsupported("GIF")),
        (b"BM..................", unsupported("BMP")),
        (b"II*\0................", unsupported("TIFF")),
        (b"\0\0\0\x18ftypheic........", unsupported("HEIC")),
        (b"\0\0\0\x1cftypavif........", unsupported("AVIF")),
        (b"<?xml version=\"1.0\"?><svg xmlns=\"...\">", unsupported("SVG")),
        (b"\xff\xd8", PhotoError::Truncated),
    ];
    for (bytes, error) in cases {
        assert_eq!(refused(bytes), error, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_file_cut_off_anywhere_is_refused() {
    for (format, bytes) in each_format(&photo(40, 30)) {
        for end in 0..bytes.len() {
            let error = refused(&bytes[..end]);
            if end > 12 {
                assert_eq!(error, PhotoError::Truncated, "{format:?} cut at {end} of {}", bytes.len());
            }
        }
    }
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    // 30,000 x 30,000 pixels of one colour, said in a header with next to nothing behind it.
    let mut png = encoded(&photo(4, 4), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    assert_eq!(refused(&png), PhotoError::TooManyPixels { width: 30_000, height: 30_000, limit: 50_000_000 });

    let mut jpeg = jpeg_of(&photo(16, 16), 90);
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(
        refused(&jpeg),
        PhotoError::TooManyPixels { width: 65_535, height: 65_535, limit: 50_000_000 }
    );

    let mut long = encoded(&photo(4, 4), ImageFormat::Png);
    long[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 0, 0, 1]);
    assert_eq!(refused(&long), PhotoError::SideTooLong { width: 65_536, height: 1, limit: 30_000 });
}

#[test]
fn a_picture_that_inflates_beyond_its_header_is_cut_there() {
    // The header says 4 x 4; the data behind it holds 4,000 rows.
    let mut png = encoded(&DynamicImage::ImageRgb8(RgbImage::new(4, 4000)), ImageFormat::Png);
    png[16..24].copy_from_slice(&[0, 0, 0, 4, 0, 0, 0, 4]);
    let check = crc(&png[12..29]);
    png[29..33].copy_from_slice(&check);
    match process(&png, &PhotoLimits::default()) {
        Ok(photo) => assert_eq!((photo.width, photo.height), (4, 4)),
        Err(error) => assert!(matches!(error, PhotoError::Damaged { .. }), "{error}"),
    }
}

/// The check of a PNG chunk (CRC-32, ISO 3309).
fn crc(bytes: &[u8]) -> [u8; 4] {
    let step = |crc: u32, _| if crc & 1 == 1 { 0xedb8_8320 ^ crc >> 1 } else { crc >> 1 };
    let sum = bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step));
    (!sum).to_be_bytes()
}

#[test]
fn each_limit_is_held_and_said() {
    let bytes = jpeg_of(&photo(400, 300), 90);
    let limits = PhotoLimits { bytes: 1000, ..PhotoLimits::default() };
    assert_eq!(
        process(&bytes, &limits).unwrap_err(),
        PhotoError::TooManyBytes { found: bytes.len(), limit: 1000 }
    );
    let limits = PhotoLimits { memory: 100_000, ..PhotoLimits::default() };
    assert_eq!(
        process(&bytes, &limits).unwrap_err(),
        PhotoError::TooMuchMemory { needed: 360_000, limit: 100_000 }
    );
    assert_eq!(memory_needed(&bytes, &PhotoLimits::default()), Ok(360_000));
    let over = PhotoError::TooManyBytes { found: (12 << 20) + 1, limit: 12 << 20 };
    assert_eq!(over.message().values, [("found", "12.1".to_owned()), ("limit", "12".to_owned())]);
}

#[test]
fn pixels_that_do_not_decode_are_damage() {
    let mut png = encoded(&photo(60, 60), ImageFormat::Png);
    let middle = png.len() / 2;
    png[middle] ^= 0xff;
    assert!(matches!(refused(&png), PhotoError::Damaged { .. }));
}

#[test]
fn transparency_comes_out_on_white_from_png_and_webp() {
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(64, 64, image::Rgba([200, 0, 0, 0])));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        assert_eq!(accepted(&encoded(&clear, format)).colour, Colour([255; 3]), "{format:?}");
    }
}

#[test]
fn every_colour_type_of_png_is_read() {
    let picture = photo(90, 60);
    for image in [
        DynamicImage::ImageLuma8(picture.to_luma8()),
        DynamicImage::ImageLumaA8(picture.to_luma_alpha8()),
        DynamicImage::ImageLuma16(picture.to_luma16()),
        DynamicImage::ImageLumaA16(picture.to_luma_alpha16()),
        DynamicImage::ImageRgb16(picture.to_rgb16()),
        DynamicImage::ImageRgba16(picture.to_rgba16()),
    ] {
        let photo = accepted(&encoded(&image, ImageFormat::Png));
        assert!(fingerprint(&photo).looks_like(perceptual_hash(&picture)), "{:?}", image.color());
    }
}

/// A baseline JPEG of 8 x 8 pixels of one colour with four channels (cyan, magenta, yellow, black), as print
/// shops send them: Adobe's marker, and values inverted as Adobe writes them.
fn cmyk_jpeg(ink: [u8; 4]) -> Vec<u8> {
    let mut jpeg = vec![0xff, 0xd8, 0xff, 0xee, 0, 14];
    jpeg.extend(b"Adobe\0\x64\0\0\0\0\0");
    jpeg.extend([0xff, 0xdb, 0, 67, 0]);
    jpeg.extend([8; 64]);
    jpeg.extend([0xff, 0xc0, 0, 20, 8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]);
    // Twelve codes of four bits for the length of the level, and one bit "0" that ends a block.
    jpeg.extend([0xff, 0xc4, 0, 31, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    jpeg.extend(0..12);
    jpeg.extend([0xff, 0xc4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    jpeg.extend([0xff, 0xda, 0, 14, 4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]);
    let mut bits = String::new();
    for value in ink {
        let level = i32::from(255 - value) - 128;
        let size = 32 - level.unsigned_abs().leading_zeros();
        let code = if level < 0 { level + (1 << size) - 1 } else { level };
        bits += &format!("{size:04b}");
        if size > 0 {
            bits += &format!("{code:0width$b}", width = size as usize);
        }
        bits += "0";
    }
    while !bits.len().is_multiple_of(8) {
        bits.push('1');
    }
    for byte in bits.as_bytes().chunks(8) {
        let byte = u8::from_str_radix(std::str::from_utf8(byte).unwrap(), 2).unwrap();
        jpeg.push(byte);
        if byte == 0xff {
            jpeg.push(0);
        }
    }
    jpeg.extend([0xff, 0xd9]);
    jpeg
}

#[test]
fn a_jpeg_in_printing_inks_is_read_in_its_colours() {
    let cases = [
        ([0, 0, 0, 0], [255, 255, 255]),
        ([0, 255, 255, 0], [255, 0, 0]),
        ([255, 0, 0, 0], [0, 255, 255]),
        ([0, 0, 0, 255], [0, 0, 0]),
    ];
    for (ink, [red, green, blue]) in cases {
        let Colour(seen) = accepted(&cmyk_jpeg(ink)).colour;
        let near = seen.iter().zip([red, green, blue]).all(|(a, b): (&u8, u8)| a.abs_diff(b) < 12);
        assert!(near, "{ink:?} came out as {seen:?}");
    }
}

/// An animated WebP of two frames, from two still ones.
fn animated(frames: [&[u8]; 2]) -> Vec<u8> {
    let mut body = b"WEBPVP8X\x0a\0\0\0\x02\0\0\0".to_vec();
    body.extend([63, 0, 0, 63, 0, 0]);
    body.extend(b"ANIM\x06\0\0\0\xff\xff\xff\xff\0\0");
    for still in frames {
        let chunk = &still[12..];
        body.extend(b"ANMF");
        body.extend(u32::try_from(16 + chunk.len()).unwrap().to_le_bytes());
        body.extend([0, 0, 0, 0, 0, 0, 63, 0, 0, 63, 0, 0, 100, 0, 0, 0]);
        body.extend(chunk);
    }
    [b"RIFF", u32::try_from(body.len()).unwrap().to_le_bytes().as_slice(), &body].concat()
}

#[test]
fn of_an_animated_picture_the_first_frame_is_taken() {
    let plain = |colour| {
        let image = DynamicImage::ImageRgb8(RgbImage::from_pixel(64, 64, Rgb(colour)));
        encoded(&image, ImageFormat::WebP)
    };
    let photo = accepted(&animated([&plain([10, 200, 30]), &plain([250, 0, 0])]));
    let Colour([red, green, blue]) = photo.colour;
    assert!(red < 20 && green > 190 && blue < 40, "{:?}", photo.colour);
}

/// Uploads to break, small enough to be broken thousands of times.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let [(_, jpeg), (_, png), (_, webp)] = each_format(&photo(40, 30));
    let clear = encoded(&DynamicImage::ImageRgba8(photo(20, 20).to_rgba8()), ImageFormat::WebP);
    let still = encoded(&photo(64, 64), ImageFormat::WebP);
    vec![
        with_segment(&jpeg, 0xe1, &exif(3)),
        png,
        webp,
        clear,
        animated([&still, &still]),
        cmyk_jpeg([1, 2, 3, 4]),
    ]
});

fn small() -> PhotoLimits {
    PhotoLimits { bytes: 1 << 20, pixels: 250_000, side: 5000, memory: 4 << 20 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), start in 0usize..4) {
        let magic: [&[u8]; 4] = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b"RIFF\x40\0\0\0WEBPVP8"];
        let _ = process(&[magic[start], &bytes].concat(), &small());
    }

    #[test]
    fn no_broken_photo_panics_or_grows(
        seed in 0usize..6,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = SEEDS[seed].clone();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(photo) = process(&bytes, &small()) {
            prop_assert!(u64::from(photo.width) * u64::from(photo.height) <= small().pixels);
        }
    }
}
