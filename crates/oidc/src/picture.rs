//! A person's picture (`picture`, Core §5.1): what it is by its bytes, how large, and the same without what it carries
//! beside the picture, the place where it was taken for one.
//!
//! Nothing here decodes a picture: parts are kept or left out whole, and what is not known to be needed is left out.

/// A picture that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// What it is.
    pub kind: Kind,
    /// Its width and height in dots.
    pub size: (u32, u32),
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The pictures that every browser shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// PNG (W3C, third edition).
    Png,
    /// JPEG (ITU-T T.81) in the JFIF.
    Jpeg,
    /// WebP (RFC 9649), with one frame.
    Webp,
}

/// Why a picture will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Too many bytes.
    #[error("the picture has too many bytes")]
    TooLarge,
    /// Too many dots in a row or column, or none.
    #[error("the picture is too wide or too high")]
    Dimensions,
    /// None of ours, or broken.
    #[error("this is no PNG, JPEG or WebP")]
    Unknown,
}

impl Kind {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// The kind of this media type.
    pub fn of_media_type(text: &str) -> Option<Self> {
        [Self::Png, Self::Jpeg, Self::Webp].into_iter().find(|kind| kind.media_type() == text)
    }
}

impl Picture {
    /// Reads a picture of at most [`LARGEST`] bytes and [`WIDEST`] dots on each side, whatever its sender calls it.
    pub fn read(bytes: &[u8]) -> Result<Self, Unfit> {
        if bytes.len() > LARGEST {
            return Err(Unfit::TooLarge);
        }
        let (kind, read) = match bytes {
            [0x89, b'P', b'N', b'G', ..] => (Kind::Png, png(bytes)),
            [0xff, 0xd8, 0xff, ..] => (Kind::Jpeg, jpeg(bytes)),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => (Kind::Webp, webp(bytes)),
            _ => return Err(Unfit::Unknown),
        };
        let Found { size, bytes } = read.ok_or(Unfit::Unknown)?;
        match [size.0, size.1].iter().all(|side| (1..=WIDEST).contains(side)) {
            true => Ok(Self { kind, size, bytes }),
            false => Err(Unfit::Dimensions),
        }
    }
}

/// A picture that was walked through.
struct Found {
    size: (u32, u32),
    bytes: Vec<u8>,
}

/// A header, the picture's data and its end; of what may stand between, what says how its colours are meant (§11.3). Text,
/// time and Exif are not among it, nor what browsers would show as a film.
fn png(bytes: &[u8]) -> Option<Found> {
    let mut rest = bytes.strip_prefix(PNG_SIGNATURE)?;
    let (mut kept, mut size) = (PNG_SIGNATURE.to_vec(), None);
    let mut has_data = false;
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?);
        let whole = rest.get(..usize::try_from(length).ok()?.checked_add(12)?)?;
        let (name, data) = (&whole[4..8], &whole[8..whole.len() - 4]);
        rest = &rest[whole.len()..];
        match (name, size) {
            (b"IHDR", None) if data.len() == 13 => {
                size = Some((u32::from_be_bytes(*data.first_chunk()?), u32::from_be_bytes(*data[4..].first_chunk()?)));
            }
            (b"IDAT", Some(_)) => has_data = true,
            (b"IEND", Some(size)) if has_data => {
                kept.extend_from_slice(whole);
                return Some(Found { size, bytes: kept });
            }
            (b"PLTE" | b"tRNS" | b"sRGB" | b"gAMA" | b"cHRM", Some(_)) => {}
            // Another part that no reader may pass over.
            _ if name[0].is_ascii_uppercase() || size.is_none() => return None,
            _ => continue,
        }
        kept.extend_from_slice(whole);
    }
}

/// Markers and their segments (T.81 annex B). Of those for applications the colours' of Adobe stays, without which some
/// pictures are read wrong; JFIF, Exif, XMP, profiles, previews and comments go, and what follows the end.
fn jpeg(bytes: &[u8]) -> Option<Found> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    let (mut kept, mut size) = (vec![0xff, 0xd8], None);
    loop {
        // Any number of fill bytes may stand before a marker (B.1.1.2).
        while let [0xff, 0xff, ..] = rest {
            rest = &rest[1..];
        }
        let [0xff, marker, after @ ..] = rest else { return None };
        if *marker == 0xd9 {
            kept.extend_from_slice(&[0xff, 0xd9]);
            return Some(Found { size: size?, bytes: kept });
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
        let segment = rest.get(..length.checked_add(2)?).filter(|_| length >= 2)?;
        rest = &rest[segment.len()..];
        match marker {
            // The frame: baseline, extended and progressive; one alone.
            0xc0..=0xc2 if size.is_none() => {
                let side = |at: usize| Some(u32::from(u16::from_be_bytes(*segment.get(at..)?.first_chunk()?)));
                size = Some((side(7)?, side(5)?));
            }
            0xc4 | 0xdb | 0xdd | 0xee => {}
            0xda => {
                kept.extend_from_slice(segment);
                let length = scan(rest)?;
                kept.extend_from_slice(&rest[..length]);
                rest = &rest[length..];
                continue;
            }
            0xe0..=0xef | 0xfe => continue,
            _ => return None,
        }
        kept.extend_from_slice(segment);
    }
}

/// How long the data of a scan are: up to the next marker that is neither a stuffed byte nor a restart (B.1.1.5).
fn scan(bytes: &[u8]) -> Option<usize> {
    let ends = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    bytes.windows(2).position(ends)
}

/// Chunks of a RIFF file (RFC 9649 §2.3): the picture and its transparency stay; profile, Exif, XMP and whatever is not
/// known go, and with them what the header says of them (§2.7.1). A film is none of ours.
fn webp(bytes: &[u8]) -> Option<Found> {
    let told = usize::try_from(u32::from_le_bytes(*bytes.get(4..8)?.first_chunk()?)).ok()?;
    let mut rest = bytes.get(12..told.checked_add(8)?)?;
    let (mut kept, mut canvas, mut picture) = (Vec::new(), None, None);
    while !rest.is_empty() {
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..8)?.first_chunk()?)).ok()?;
        let whole = rest.get(..length.checked_add(8)?)?;
        let (name, data) = (&whole[..4], &whole[8..]);
        rest = rest.get(whole.len() + length % 2..)?;
        match name {
            b"VP8X" if canvas.is_none() && picture.is_none() && length == 10 => {
                let side = |at: usize| u32::from_le_bytes([data[at], data[at + 1], data[at + 2], 0]) + 1;
                canvas = Some((side(4), side(7)));
                kept.extend_from_slice(&whole[..8]);
                kept.extend_from_slice(&[data[0] & ALPHA, 0, 0, 0]);
                kept.extend_from_slice(&data[4..]);
                continue;
            }
            b"ALPH" if canvas.is_some() && picture.is_none() => {}
            b"VP8 " if picture.is_none() => picture = Some(vp8(data)?),
            b"VP8L" if picture.is_none() => picture = Some(vp8l(data)?),
            b"ICCP" | b"EXIF" | b"XMP " if canvas.is_some() => continue,
            // Frames of a film, and what nobody knows.
            _ => return None,
        }
        kept.extend_from_slice(whole);
        kept.extend(std::iter::repeat_n(0, length % 2));
    }
    let size = picture?;
    // The canvas of one picture is that picture (§2.7.1.1).
    if canvas.is_some_and(|canvas| canvas != size) {
        return None;
    }
    let mut file = b"RIFF".to_vec();
    file.extend_from_slice(&u32::try_from(kept.len() + 4).ok()?.to_le_bytes());
    file.extend_from_slice(b"WEBP");
    file.extend_from_slice(&kept);
    Some(Found { size, bytes: file })
}

/// The frame header of a lossy picture (RFC 6386 §9.1): a key frame, its start code, then both sides in 14 bits.
fn vp8(data: &[u8]) -> Option<(u32, u32)> {
    let [tag, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] = data else { return None };
    let side = |low: &u8, high: &u8| u32::from(u16::from_le_bytes([*low, *high]) & 0x3fff);
    (tag & 1 == 0).then(|| (side(w0, w1), side(h0, h1)))
}

/// The header of a lossless picture (RFC 9649 §3.4): a signature, then both sides less one in 14 bits each.
fn vp8l(data: &[u8]) -> Option<(u32, u32)> {
    let [0x2f, a, b, c, d, ..] = data else { return None };
    let bits = u32::from_le_bytes([*a, *b, *c, *d]);
    (bits >> 29 == 0).then_some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
}

/// The claim that a picture stands in.
pub const CLAIM: &str = "picture";
/// Bytes of a picture: with its form it is less than a request may have (DESIGN §6).
pub const LARGEST: usize = 100 * 1024;
/// Dots on each side.
pub const WIDEST: u32 = 2048;
const PNG_SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// In the flags of `VP8X`.
const ALPHA: u8 = 0b0001_0000;

#[cfg(test)]
mod tests;
