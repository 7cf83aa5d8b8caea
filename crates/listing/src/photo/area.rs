//! Making pictures smaller: each new pixel is the exact mean of the area that it covers.
//!
//! The right filter for photos that only ever shrink, and fast: one pass over the source, in whole numbers, with
//! nothing held but one row of sums. A source pixel that lies across an edge counts to both sides by its share, so
//! the weights are whole numbers and nothing is rounded before the end.

use image::{DynamicImage, RgbImage};

/// The picture at a size that is nowhere larger than its own, transparency laid on white, at 8 bits.
///
/// Reads the decoder's buffer as it is: no second copy of a large picture is made, whatever its depth.
pub(super) fn shrunk(image: &DynamicImage, width: u32, height: u32) -> RgbImage {
    let shape = Shape { from: (image.width(), image.height()), to: (width, height) };
    let grey = |value: u8| [u32::from(value); 3];
    let on_white = |value: u8, alpha: u8| {
        let (value, alpha) = (u32::from(value), u32::from(alpha));
        (value * alpha + 255 * (255 - alpha) + 127) / 255
    };
    let high = |value: u16| (value >> 8) as u8;
    match image {
        DynamicImage::ImageLuma8(b) => shape.mean::<1, u8>(b, |[grey_value]| grey(*grey_value)),
        DynamicImage::ImageLumaA8(b) => {
            shape.mean::<2, u8>(b, |[value, alpha]| [on_white(*value, *alpha); 3])
        }
        DynamicImage::ImageRgb8(b) => shape.mean::<3, u8>(b, |rgb| rgb.map(u32::from)),
        DynamicImage::ImageRgba8(b) => shape.mean::<4, u8>(b, |[red, green, blue, alpha]| {
            [*red, *green, *blue].map(|value| on_white(value, *alpha))
        }),
        DynamicImage::ImageLuma16(b) => shape.mean::<1, u16>(b, |[value]| grey(high(*value))),
        DynamicImage::ImageLumaA16(b) => {
            shape.mean::<2, u16>(b, |[value, alpha]| [on_white(high(*value), high(*alpha)); 3])
        }
        DynamicImage::ImageRgb16(b) => shape.mean::<3, u16>(b, |rgb| rgb.map(|value| u32::from(high(value)))),
        DynamicImage::ImageRgba16(b) => shape.mean::<4, u16>(b, |[red, green, blue, alpha]| {
            [*red, *green, *blue].map(|value| on_white(high(value), high(*alpha)))
        }),
        // Of JPEG, PNG and WebP none decodes to floating point; should one come to, it is converted first.
        other => shape.mean::<3, u8>(&other.to_rgb8(), |rgb| rgb.map(u32::from)),
    }
}

/// The same of an 8-bit picture.
pub(super) fn shrunk_rgb(image: &RgbImage, width: u32, height: u32) -> RgbImage {
    Shape { from: image.dimensions(), to: (width, height) }.mean::<3, u8>(image, |rgb| rgb.map(u32::from))
}

/// Size before and after.
struct Shape {
    from: (u32, u32),
    to: (u32, u32),
}

impl Shape {
    /// The picture of `samples`, `N` a pixel, made smaller; `rgb` says what colour a pixel is seen as.
    fn mean<const N: usize, T>(&self, samples: &[T], rgb: impl Fn(&[T; N]) -> [u32; 3]) -> RgbImage {
        let (width, goal_width) = (self.from.0 as usize, self.to.0 as usize);
        let columns = shares(self.from.0, self.to.0);
        let rows = shares(self.from.1, self.to.1);
        let area = u64::from(self.from.0) * u64::from(self.from.1);
        let (pixels, _) = samples.as_chunks::<N>();
        let mut out: Vec<u8> = Vec::with_capacity(goal_width * self.to.1 as usize * 3);
        let mut write = |sums: &[[u64; 3]]| {
            // A mean of bytes is a byte.
            out.extend(sums.as_flattened().iter().map(|sum| ((sum + area / 2) / area) as u8));
        };
        // One more than there are columns: the last pixel's share beyond the edge is nothing.
        let mut row_sums = vec![[0u32; 3]; goal_width + 1];
        let mut sums = vec![[0u64; 3]; goal_width];
        let mut current = 0;
        for (row, share) in pixels.chunks_exact(width).zip(&rows) {
            row_sums.fill([0; 3]);
            for (pixel, column) in row.iter().zip(&columns) {
                let colour = rgb(pixel);
                let [here, next] = &mut row_sums[column.index..=column.index + 1] else { continue };
                for ((value, here), next) in colour.into_iter().zip(here).zip(next) {
                    *here += value * column.here;
                    *next += value * column.next;
                }
            }
            if share.index != current {
                write(&sums);
                sums.fill([0; 3]);
                current = share.index;
            }
            add(&mut sums, &row_sums, share.here);
            if share.next > 0 {
                write(&sums);
                sums.fill([0; 3]);
                current = share.index + 1;
                add(&mut sums, &row_sums, share.next);
            }
        }
        write(&sums);
        // The vector holds one pixel for each of the new size, so the fallback is never taken.
        RgbImage::from_raw(self.to.0, self.to.1, out).unwrap_or_else(|| RgbImage::new(self.to.0, self.to.1))
    }
}

fn add(sums: &mut [[u64; 3]], row: &[[u32; 3]], weight: u32) {
    for (sum, value) in sums.as_flattened_mut().iter_mut().zip(row.as_flattened()) {
        *sum += u64::from(*value) * u64::from(weight);
    }
}

/// To which new column (or row) an old one counts, and by how much to it and to the one after.
struct Share {
    index: usize,
    here: u32,
    next: u32,
}

/// Shares of `from` old columns among `to` new ones: measured so that an old column is `to` wide and a new one `from`.
fn shares(from: u32, to: u32) -> Vec<Share> {
    debug_assert!(0 < to && to <= from, "pictures only shrink");
    let (wide, narrow) = (u64::from(from), u64::from(to));
    let share = |column: u64| {
        let start = column * narrow;
        let index = start / wide;
        let here = narrow.min((index + 1) * wide - start);
        // Both are at most `to`, which is 32 bits.
        Share { index: index as usize, here: here as u32, next: (narrow - here) as u32 }
    };
    (0..wide).map(share).collect()
}

#[cfg(test)]
mod tests {
    use image::{Rgb, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_pixel_is_the_mean_of_its_area_also_across_edges() {
        let image = RgbImage::from_fn(3, 1, |x, _| Rgb([u8::try_from(x * 100).unwrap(), 0, 255]));
        let small = shrunk_rgb(&image, 2, 1);
        // Two thirds of 0 and one third of 100; one third of 100 and two thirds of 200.
        assert_eq!((small.get_pixel(0, 0).0, small.get_pixel(1, 0).0), ([33, 0, 255], [167, 0, 255]));
        let column = RgbImage::from_fn(1, 3, |_, y| Rgb([u8::try_from(y * 100).unwrap(); 3]));
        assert_eq!(shrunk_rgb(&column, 1, 2).into_raw(), [33, 33, 33, 167, 167, 167]);
    }

    #[test]
    fn transparency_is_laid_on_white_at_every_depth() {
        let clear = RgbaImage::from_pixel(2, 2, Rgba([0, 0, 0, 0]));
        let half = DynamicImage::ImageRgba8(RgbaImage::from_pixel(2, 2, Rgba([0, 0, 0, 128])));
        let first = |image: &DynamicImage| shrunk(image, 1, 1).get_pixel(0, 0).0;
        assert_eq!(first(&clear.clone().into()), [255; 3]);
        assert_eq!(first(&half), [127; 3]);
        assert_eq!(first(&DynamicImage::ImageRgba16(half.to_rgba16())), [127; 3]);
        assert_eq!(first(&DynamicImage::ImageLumaA8(half.to_luma_alpha8())), [127; 3]);
        assert_eq!(first(&DynamicImage::ImageLumaA16(half.to_luma_alpha16())), [127; 3]);
    }

    proptest! {
        #[test]
        fn a_plain_picture_stays_plain(width in 1u32..60, height in 1u32..60, to in (1u32..60, 1u32..60), value in any::<[u8; 3]>()) {
            let small = shrunk_rgb(&RgbImage::from_pixel(width, height, Rgb(value)), to.0.min(width), to.1.min(height));
            prop_assert_eq!(small.dimensions(), (to.0.min(width), to.1.min(height)));
            prop_assert!(small.pixels().all(|pixel| pixel.0 == value));
        }

        #[test]
        fn at_its_own_size_a_picture_stays_itself(width in 1u32..20, height in 1u32..20, seed in any::<u32>()) {
            let value = |x: u32, y: u32, c: u32| (seed ^ (x * 7919 + y * 104_729 + c * 31)).to_le_bytes()[0];
            let image = RgbImage::from_fn(width, height, |x, y| Rgb([value(x, y, 0), value(x, y, 1), value(x, y, 2)]));
            prop_assert_eq!(shrunk_rgb(&image, width, height), image);
        }
    }
}
