//! Photos: what a seller uploads becomes three clean JPEGs, a fingerprint and a colour.
//!
//! An upload is outside input of the worst kind: it may be no picture at all, a picture with a page or an archive
//! behind it, one of 30,000 by 30,000 pixels in a few kilobytes, or cut off half way. And an honest one tells in
//! its metadata where the seller lives. So a photo is never passed on as it came: [`process`] looks at the
//! content (never the name), refuses early and with a reason, decodes within limits, and writes new files that
//! hold pixels and nothing else.
//!
//! - `decode`: what it is, how large, is it whole, the pixels;
//! - `render`: upright, three widths, transparency on white; `area`: the arithmetic of making it smaller;
//! - `hash`: the perceptual fingerprint; `qr`: the texts of QR codes in the picture.
//!
//! Everything here computes and blocks: call it off the async threads. What runs at once is bounded by the
//! caller with [`memory_needed`].

mod area;
mod decode;
mod hash;
mod qr;
mod render;

use image::GrayImage;
use luhuan_kernel::Message;
use thiserror::Error;

pub use hash::{PerceptualHash, perceptual_hash};
pub use qr::qr_texts;
pub use render::Colour;

/// The widths in pixels that a photo is kept in: list, page, full screen. Never more than the original has.
pub const WIDTHS: [u32; 3] = [320, 800, 1600];

/// The most that is taken from one upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoLimits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Pixels (width × height).
    pub pixels: u64,
    /// Width and height, each.
    pub side: u32,
    /// Bytes of memory that decoding may take, by [`memory_needed`].
    pub memory: u64,
}

impl Default for PhotoLimits {
    /// 12 MiB, 50 megapixels, 30,000 a side, 512 MiB. A JPEG of 50 megapixels needs 150 MB (progressive: 300 to
    /// 450 MB), a PNG with transparency 200 MB, with 16 bits a channel 400 MB; a phone's photo of 12 megapixels 36 MB.
    fn default() -> Self {
        Self { bytes: 12 << 20, pixels: 50_000_000, side: 30_000, memory: 512 << 20 }
    }
}

/// The picture formats that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFormat {
    /// JPEG: baseline or progressive; grey, colour or CMYK.
    Jpeg,
    /// PNG; of an animated one the still picture.
    Png,
    /// WebP; of an animated one the first frame.
    WebP,
}

/// Why an upload is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PhotoError {
    /// The file is too large.
    #[error("a photo of {found} bytes; the limit is {limit}")]
    TooManyBytes {
        /// Its bytes.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The picture has too many pixels.
    #[error("a photo of {width} x {height}; the limit is {limit} pixels")]
    TooManyPixels {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// The limit of width × height.
        limit: u64,
    },
    /// The picture is too long on one side.
    #[error("a photo of {width} x {height}; the limit is {limit} a side")]
    SideTooLong {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// The limit of each side.
        limit: u32,
    },
    /// The pixels are few enough, but stored so that decoding them takes too much memory.
    #[error("a photo that takes {needed} bytes to decode; the limit is {limit}")]
    TooMuchMemory {
        /// Bytes that decoding takes.
        needed: u64,
        /// The limit.
        limit: u64,
    },
    /// Not a picture of any kind that we know.
    #[error("not a picture")]
    NotAPicture,
    /// A picture, but of another format.
    #[error("a {format} picture; JPEG, PNG and WebP are taken")]
    UnsupportedFormat {
        /// The name of its format, such as `HEIC`.
        format: &'static str,
    },
    /// The file ends before the picture does.
    #[error("the photo is cut off")]
    Truncated,
    /// The file is of the right format, but its content cannot be decoded.
    #[error("the photo is damaged: {reason}")]
    Damaged {
        /// What the decoder says, for the log.
        reason: String,
    },
}

impl PhotoError {
    /// The sentence for the seller.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::TooManyBytes { found, limit } => Message::new("listing-photo-too-many-bytes")
                .with("found", mebibytes(*found as u64))
                .with("limit", mebibytes(*limit as u64)),
            Self::TooManyPixels { width, height, limit } => Message::new("listing-photo-too-many-pixels")
                .with("width", width)
                .with("height", height)
                .with("limit", limit / 1_000_000),
            Self::SideTooLong { width, height, limit } => Message::new("listing-photo-side-too-long")
                .with("width", width)
                .with("height", height)
                .with("limit", limit),
            Self::TooMuchMemory { .. } => Message::new("listing-photo-too-much-memory"),
            Self::NotAPicture => Message::new("listing-photo-not-a-picture"),
            Self::UnsupportedFormat { format } => {
                Message::new("listing-photo-unsupported-format").with("format", format)
            }
            Self::Truncated => Message::new("listing-photo-truncated"),
            Self::Damaged { .. } => Message::new("listing-photo-damaged"),
        }
    }
}

/// Mebibytes to one decimal, rounded up, so that a file just over the limit does not read as equal to it.
fn mebibytes(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(1 << 20);
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// A photo at one of the [`WIDTHS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendition {
    /// Its width: the one of [`WIDTHS`], or less where the original is narrower or very tall.
    pub width: u32,
    /// Its height: at most twice the one of [`WIDTHS`].
    pub height: u32,
    /// The JPEG file.
    pub jpeg: Vec<u8>,
}

/// What is kept of an upload.
#[derive(Clone, Debug)]
pub struct ProcessedPhoto {
    /// What it was.
    pub format: PhotoFormat,
    /// Width of the original as seen upright.
    pub width: u32,
    /// Height of the original as seen upright.
    pub height: u32,
    /// One for each of [`WIDTHS`], narrow to wide; of a small original fewer, as no two are of the same width.
    pub renditions: Vec<Rendition>,
    /// The perceptual fingerprint, by [`PerceptualHash::bits`]: close for pictures that look alike.
    pub perceptual_hash: u64,
    /// The mean colour, for the place-holder while the photo loads.
    pub colour: Colour,
    /// A copy to look for codes in.
    grey: GrayImage,
}

impl ProcessedPhoto {
    /// The mean colour as CSS writes it: `#a1b2c3`.
    #[must_use]
    pub fn colour_hex(&self) -> String {
        self.colour.to_string()
    }
}

/// Bytes of memory that decoding an upload will take at its peak, read from its header alone.
///
/// A budget over all uploads in work (a semaphore of `PhotoLimits::memory` permits, one a MiB) keeps the whole
/// service within bounds, whatever arrives at once.
///
/// # Errors
/// [`PhotoError`] for what can be refused without decoding: too large, not a picture, cut off.
pub fn memory_needed(bytes: &[u8], limits: &PhotoLimits) -> Result<u64, PhotoError> {
    decode::inspect(bytes, limits).map(|header| header.memory)
}

/// Turns an upload into what is kept of it. Blocks: 0.1 to 0.4 s for a phone's photo.
///
/// # Errors
/// [`PhotoError`]; nothing of a refused upload is kept.
pub fn process(bytes: &[u8], limits: &PhotoLimits) -> Result<ProcessedPhoto, PhotoError> {
    let header = decode::inspect(bytes, limits)?;
    let decoded = decode::pixels(bytes, &header, limits)?;
    let (width, height) = render::dimensions(&decoded);
    let largest = render::fitted(decoded, WIDTHS[2]);
    let middle = render::shrunk(&largest, WIDTHS[1]);
    let small = render::shrunk(&middle, WIDTHS[0]);
    let mut renditions =
        [&small, &middle, &largest].map(render::rendition).into_iter().collect::<Result<Vec<_>, _>>()?;
    renditions.dedup_by_key(|rendition| rendition.width);
    Ok(ProcessedPhoto {
        format: header.format,
        width,
        height,
        renditions,
        perceptual_hash: hash::of_rgb(&small).bits(),
        colour: render::mean_colour(&small),
        grey: qr::searchable(&largest),
    })
}

#[cfg(test)]
mod tests;
