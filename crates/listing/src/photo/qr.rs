//! QR codes in photos: a payment code or a chat account held into the picture.

use image::{GrayImage, RgbImage, imageops};

use super::{ProcessedPhoto, area};

/// Longest side of the copy that is searched. A code that a phone can read off the screen is still plain at it.
const SIDE: u32 = 1000;
/// Codes read from one picture; more than this is a pattern, not a message.
const MOST: usize = 8;

/// The texts of the QR codes in a photo, at most eight, in the order found. Blocks: about 20 ms.
#[must_use]
pub fn qr_texts(photo: &ProcessedPhoto) -> Vec<String> {
    read(&photo.grey)
}

/// The grey copy that is searched.
pub(super) fn searchable(image: &RgbImage) -> GrayImage {
    let longest = image.width().max(image.height());
    let side = |side: u32| {
        let shrunk = u64::from(side) * u64::from(SIDE.min(longest)) / u64::from(longest);
        u32::try_from(shrunk).unwrap_or(SIDE).max(1)
    };
    imageops::grayscale(&area::shrunk_rgb(image, side(image.width()), side(image.height())))
}

fn read(image: &GrayImage) -> Vec<String> {
    let (width, height) = image.dimensions();
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, |x, y| {
            let at = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
            image.get_pixel_checked(at(x), at(y)).map_or(255, |pixel| pixel.0[0])
        });
    let mut texts: Vec<String> = Vec::new();
    for grid in prepared.detect_grids() {
        if let Ok((_, text)) = grid.decode()
            && !texts.contains(&text)
        {
            texts.push(text);
        }
        if texts.len() == MOST {
            break;
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Luma, Rgb};
    use proptest::prelude::*;

    use super::*;

    /// `wxp://f2f0abc123`, version 2, as any generator draws it.
    const CODE: [&str; 25] = [
        "#######.#.#.#.###.#######",
        "#.....#.###.###...#.....#",
        "#.###.#..#.#.#.#..#.###.#",
        "#.###.#..#.##...#.#.###.#",
        "#.###.#.....#..#..#.###.#",
        "#.....#..#.#....#.#.....#",
        "#######.#.#.#.#.#.#######",
        "...........##.##.........",
        ".#....#####....###.....##",
        "..##...#.#####.###..#.##.",
        "#.#...###..#.###..#.##.##",
        "##.#.....##..#.#..##....#",
        ".##..####.#..#.#..##...#.",
        "#.##...#..#....#...#..##.",
        "#....#####.#..###.#.#####",
        "#.#.#..#..#.#.#.###.#.##.",
        "#.#.#.#.#################",
        "........###.#..##...####.",
        "#######.#.#..##.#.#.#...#",
        "#.....#...##....#...#...#",
        "#.###.#..##..##########.#",
        "#.###.#..#.###.#.###.#.##",
        "#.###.#..#.#..##......#.#",
        "#.....#.#.##.##.#.#.##..#",
        "#######..#.#....##..##..#",
    ];

    /// The code drawn with `module` pixels a module, its corner at `at`, on a light picture.
    fn picture(width: u32, height: u32, at: (u32, u32), module: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let place = |value: u32, corner: u32| Some(value.checked_sub(corner)? as usize / module as usize);
            let dark = place(x, at.0)
                .zip(place(y, at.1))
                .and_then(|(column, row)| CODE.get(row)?.as_bytes().get(column))
                .is_some_and(|cell| *cell == b'#');
            if dark { Rgb([20, 25, 30]) } else { Rgb([235, 230, 225]) }
        })
    }

    #[test]
    fn a_code_held_into_a_photo_is_read() {
        let photo = DynamicImage::ImageRgb8(picture(1100, 900, (400, 200), 9));
        for photo in [photo.rotate90().blur(1.5), photo] {
            let upload = crate::photo::tests::jpeg_of(&photo, 85);
            let kept = crate::photo::process(&upload, &crate::photo::PhotoLimits::default()).unwrap();
            assert_eq!(qr_texts(&kept), ["wxp://f2f0abc123"]);
        }
        assert!(read(&GrayImage::new(300, 200)).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn no_noise_panics(seed in any::<u32>(), width in 1u32..80, height in 1u32..80) {
            let mut state = seed;
            let noise = GrayImage::from_fn(width, height, |_, _| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                Luma([if state >> 31 == 0 { 0 } else { 255 }])
            });
            let _ = read(&noise);
        }

        #[test]
        fn no_broken_code_panics(
            module in 2u32..5,
            dots in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1u32..9, any::<u8>()), 0..40),
        ) {
            let side = 25 * module + 16;
            let mut image = imageops::grayscale(&picture(side, side, (8, 8), module));
            for (x, y, size, value) in dots {
                let (left, top) = (x.index(side as usize), y.index(side as usize));
                for (x, y) in (0..size * size).map(|cell| (cell % size, cell / size)) {
                    let (x, y) = (u32::try_from(left).unwrap() + x, u32::try_from(top).unwrap() + y);
                    if let Some(pixel) = image.get_pixel_mut_checked(x, y) {
                        *pixel = Luma([value]);
                    }
                }
            }
            let _ = read(&image);
        }
    }
}
