//! What an upload is, how large, whether it is whole, and its pixels.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageResult, Limits,
    codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder},
    metadata::Orientation,
};

use super::{PhotoError, PhotoFormat, PhotoLimits};

/// What the header says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub format: PhotoFormat,
    pub width: u32,
    pub height: u32,
    /// Bytes of memory that decoding takes at its peak.
    pub memory: u64,
}

/// Pixels as stored, and how to turn them upright.
pub(super) struct Decoded {
    pub image: DynamicImage,
    pub orientation: Orientation,
}

/// Reads the header and the outer structure; decodes nothing.
pub(super) fn inspect(bytes: &[u8], limits: &PhotoLimits) -> Result<Header, PhotoError> {
    if bytes.len() > limits.bytes {
        return Err(PhotoError::TooManyBytes { found: bytes.len(), limit: limits.bytes });
    }
    let format = sniff(bytes)?;
    let outline = match format {
        PhotoFormat::Jpeg => jpeg_outline(bytes),
        PhotoFormat::Png => png_outline(bytes),
        PhotoFormat::WebP => webp_outline(bytes),
    }?;
    let Outline { width, height, bytes_per_pixel } = outline;
    if width == 0 || height == 0 {
        return Err(damaged("no width or no height"));
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits.pixels {
        return Err(PhotoError::TooManyPixels { width, height, limit: limits.pixels });
    }
    if width.max(height) > limits.side {
        return Err(PhotoError::SideTooLong { width, height, limit: limits.side });
    }
    let memory = pixels * bytes_per_pixel;
    if memory > limits.memory {
        return Err(PhotoError::TooMuchMemory { needed: memory, limit: limits.memory });
    }
    Ok(Header { format, width, height, memory })
}

/// Decodes what [`inspect`] let through.
pub(super) fn pixels(bytes: &[u8], header: &Header, limits: &PhotoLimits) -> Result<Decoded, PhotoError> {
    let mut allowed = Limits::no_limits();
    allowed.max_image_width = Some(header.width);
    allowed.max_image_height = Some(header.height);
    allowed.max_alloc = Some(limits.memory);
    let input = Cursor::new(bytes);
    let decoded = match header.format {
        PhotoFormat::Jpeg => JpegDecoder::new(input).and_then(|decoder| read(decoder, allowed)),
        PhotoFormat::Png => {
            PngDecoder::with_limits(input, allowed.clone()).and_then(|decoder| read(decoder, allowed))
        }
        PhotoFormat::WebP => WebPDecoder::new(input).and_then(|decoder| read(decoder, allowed)),
    };
    decoded.map_err(|error| refusal(&error))
}

fn read(mut decoder: impl ImageDecoder, allowed: Limits) -> ImageResult<Decoded> {
    decoder.set_limits(allowed)?;
    // Unreadable metadata is no reason to refuse the picture: it is dropped anyway.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(Decoded { image: DynamicImage::from_decoder(decoder)?, orientation })
}

fn refusal(error: &ImageError) -> PhotoError {
    match error {
        ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => PhotoError::Truncated,
        _ => damaged(error.to_string()),
    }
}

fn damaged(reason: impl Into<String>) -> PhotoError {
    PhotoError::Damaged { reason: reason.into() }
}

/// The format by its first bytes; whatever name or media type came with it says nothing.
fn sniff(bytes: &[u8]) -> Result<PhotoFormat, PhotoError> {
    const OTHERS: &[(&[u8], &str)] = &[
        (b"GIF87a", "GIF"),
        (b"GIF89a", "GIF"),
        (b"BM", "BMP"),
        (b"II*\0", "TIFF"),
        (b"MM\0*", "TIFF"),
        (b"\0\0\x01\0", "ICO"),
        (b"8BPS", "Photoshop"),
        (b"\xff\x0a", "JPEG XL"),
        (b"\0\0\0\x0cJXL ", "JPEG XL"),
        (b"\0\0\0\x0cjP  ", "JPEG 2000"),
        (b"qoif", "QOI"),
    ];
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(PhotoFormat::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Ok(PhotoFormat::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(PhotoFormat::WebP);
    }
    // A cut-off beginning of one of ours: too short to tell more.
    if bytes.len() < 12
        && [&b"\xff\xd8\xff"[..], b"\x89PNG\r\n\x1a\n", b"RIFF"].iter().any(|magic| begins(bytes, magic))
    {
        return Err(PhotoError::Truncated);
    }
    // HEIC and AVIF share the ISO box format; phones make them, so they are named.
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(match bytes.get(8..12) {
            Some(b"avif" | b"avis") => PhotoError::UnsupportedFormat { format: "AVIF" },
            Some(b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1") => {
                PhotoError::UnsupportedFormat { format: "HEIC" }
            }
            _ => PhotoError::NotAPicture,
        });
    }
    match OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, format)) => Err(PhotoError::UnsupportedFormat { format }),
        None if is_svg(bytes) => Err(PhotoError::UnsupportedFormat { format: "SVG" }),
        None => Err(PhotoError::NotAPicture),
    }
}

/// Whether these few bytes are the beginning of `magic`.
fn begins(bytes: &[u8], magic: &[u8]) -> bool {
    !bytes.is_empty() && (magic.starts_with(bytes) || bytes.starts_with(magic))
}

fn is_svg(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(512)];
    head.trim_ascii_start().starts_with(b"<") && head.windows(4).any(|window| window == b"<svg")
}

/// Size and cost of a picture, by the outer structure of its file.
#[derive(Debug)]
struct Outline {
    width: u32,
    height: u32,
    /// Bytes that the decoder holds for a pixel at its peak, its result included.
    bytes_per_pixel: u64,
}

/// Reads big-endian 16 bits.
fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    bytes.get(at..at + 2).map(|pair| usize::from(pair[0]) << 8 | usize::from(pair[1]))
}

/// Walks the segments of a JPEG (ITU-T T.81 annex B) to its end mark.
///
/// The walk is why a cut-off JPEG is refused: the decoder itself fills what is missing with grey and reports
/// success. What follows the end mark (an archive, a page, a maker's second picture) is never looked at.
fn jpeg_outline(bytes: &[u8]) -> Result<Outline, PhotoError> {
    let mut frame: Option<Frame> = None;
    let mut at = 2;
    loop {
        // A marker is 0xFF, any number of fill bytes 0xFF, and its code. Stray bytes before it are passed over, as
        // every decoder does: some cameras pad.
        at += bytes
            .get(at..)
            .and_then(|rest| rest.iter().position(|byte| *byte == 0xff))
            .ok_or(PhotoError::Truncated)?;
        let fill = bytes[at..].iter().position(|byte| *byte != 0xff).ok_or(PhotoError::Truncated)?;
        let marker = bytes[at + fill];
        at += fill + 1;
        match marker {
            0xd9 => return frame.map(Frame::outline).ok_or_else(|| damaged("no frame header")),
            0x01 | 0xd0..=0xd7 => continue,
            0x00 | 0xd8 => return Err(damaged("a marker out of place")),
            _ => {}
        }
        let length = be16(bytes, at).ok_or(PhotoError::Truncated)?.max(2);
        let segment = bytes.get(at + 2..at + length).ok_or(PhotoError::Truncated)?;
        at += length;
        match marker {
            0xc0..=0xc2 => frame = Some(Frame::read(segment, marker == 0xc2)?),
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Err(damaged("a lossless, hierarchical or arithmetic JPEG"));
            }
            0xda => {
                let frame = frame.as_mut().ok_or_else(|| damaged("a scan before the frame header"))?;
                // Channels that come one after the other are held whole until the last has arrived.
                frame.held_whole |= segment.first().is_some_and(|channels| *channels < frame.channels);
                at += entropy_coded(&bytes[at..]).ok_or(PhotoError::Truncated)?;
            }
            _ => {}
        }
    }
}

/// Bytes of a scan's data up to the next marker; zero bytes stuffed after 0xFF and restart marks belong to it.
fn entropy_coded(data: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += data[at..].iter().position(|byte| *byte == 0xff)?;
        match data.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// The frame header of a JPEG, and how its data is laid out.
struct Frame {
    width: u32,
    height: u32,
    channels: u8,
    /// Samples of all channels for each pixel, rounded up.
    samples_per_pixel: u64,
    /// Whether the decoder holds every coefficient until the end: a progressive picture, or one channel by channel.
    held_whole: bool,
}

impl Frame {
    /// Reads precision, height, width, and the channels with their sampling.
    fn read(segment: &[u8], progressive: bool) -> Result<Self, PhotoError> {
        let (Some(height), Some(width), Some(&channels)) =
            (be16(segment, 1), be16(segment, 3), segment.get(5))
        else {
            return Err(damaged("a short frame header"));
        };
        let sampling: Vec<u64> = segment[6..]
            .chunks_exact(3)
            .take(usize::from(channels))
            .map(|channel| u64::from(channel[1] >> 4) * u64::from(channel[1] & 15))
            .collect();
        if sampling.len() != usize::from(channels) || sampling.contains(&0) || !matches!(channels, 1 | 3 | 4)
        {
            return Err(damaged("a frame of no known kind"));
        }
        let densest = sampling.iter().copied().max().unwrap_or(1);
        let size = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Ok(Self {
            width: size(width),
            height: size(height),
            channels,
            samples_per_pixel: sampling.iter().sum::<u64>().div_ceil(densest),
            held_whole: progressive,
        })
    }

    fn outline(self) -> Outline {
        let result = if self.channels == 1 { 1 } else { 3 };
        // A coefficient is 16 bits.
        let held = if self.held_whole { 2 * self.samples_per_pixel } else { 0 };
        Outline { width: self.width, height: self.height, bytes_per_pixel: result + held }
    }
}

/// Walks the chunks of a PNG (ISO/IEC 15948 §5) to its end chunk.
fn png_outline(bytes: &[u8]) -> Result<Outline, PhotoError> {
    let be32 =
        |at: usize| -> Option<u32> { Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)) };
    let (width, height) = (be32(16).ok_or(PhotoError::Truncated)?, be32(20).ok_or(PhotoError::Truncated)?);
    let [depth, colour] = *bytes.get(24..26).ok_or(PhotoError::Truncated)? else {
        return Err(PhotoError::Truncated);
    };
    if bytes.get(12..16) != Some(b"IHDR") {
        return Err(damaged("no header chunk"));
    }
    let mut transparent = false;
    let mut at = 8;
    loop {
        let length = be32(at).ok_or(PhotoError::Truncated)? as usize;
        let kind = bytes.get(at + 4..at + 8).ok_or(PhotoError::Truncated)?;
        // Length, kind, data and check.
        at = at.saturating_add(length).saturating_add(12);
        if at > bytes.len() {
            return Err(PhotoError::Truncated);
        }
        match kind {
            b"IEND" => break,
            b"tRNS" => transparent = true,
            _ => {}
        }
    }
    let channels = match colour {
        0 => 1,
        4 => 2,
        2 | 3 => 3,
        6 => 4,
        _ => return Err(damaged("a colour type of no known kind")),
    } + u64::from(transparent && matches!(colour, 0 | 2 | 3));
    Ok(Outline { width, height, bytes_per_pixel: channels * if depth == 16 { 2 } else { 1 } })
}

/// Reads the container of a WebP (RFC 9649 §2): the length it states, and the chunk that says what is in it.
fn webp_outline(bytes: &[u8]) -> Result<Outline, PhotoError> {
    let stated = bytes.get(4..8).map_or(0, |size| u32::from_le_bytes([size[0], size[1], size[2], size[3]]));
    if (bytes.len() as u64) < u64::from(stated) + 8 {
        return Err(PhotoError::Truncated);
    }
    let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|error| refusal(&error))?;
    let (width, height) = decoder.dimensions();
    // Lossy: planes of 1.5 bytes, the result of 3. Lossless: 4 and 3. With transparency: planes, result of 4,
    // the alpha plane and its decoding (1 and 4). Animated: a canvas and a frame besides.
    let bytes_per_pixel = match bytes.get(12..16) {
        Some(b"VP8 ") => 5,
        Some(b"VP8L") => 8,
        Some(b"VP8X") if bytes.get(20).is_some_and(|flags| flags & 0x02 != 0) => 14,
        _ => 10,
    };
    Ok(Outline { width, height, bytes_per_pixel })
}
