//! Finding QR codes in a grey picture.

use rqrr::PreparedImage;

use crate::need::ToolError;

/// The texts of all codes in a picture in the form PGM (Netpbm's P5).
pub(super) fn read(picture: &[u8]) -> Result<Vec<String>, ToolError> {
    let wrong = || {
        ToolError::of("picture", "the picture is not PGM (P5) with 8 bits a pixel", "convert it: magick qr.png qr.pgm")
    };
    let (width, height, pixels) = parse(picture).ok_or_else(wrong)?;
    if width * height > MOST_PIXELS {
        return Err(ToolError::of("picture", format!("the picture has {width} × {height} pixels"), "make it smaller"));
    }
    let mut image = PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    Ok(image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect())
}

/// `P5`, width, height, 255, one blank, the pixels; comments stand behind `#`.
fn parse(picture: &[u8]) -> Option<(usize, usize, &[u8])> {
    let mut rest = picture.strip_prefix(b"P5")?;
    let mut numbers = [0; 3];
    for number in &mut numbers {
        loop {
            match rest.first()? {
                b'#' => rest = &rest[rest.iter().position(|byte| *byte == b'\n')?..],
                byte if byte.is_ascii_whitespace() => rest = &rest[1..],
                _ => break,
            }
        }
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        *number = std::str::from_utf8(&rest[..digits]).ok()?.parse::<u32>().ok()? as usize;
        rest = &rest[digits..];
    }
    let [width, height, most] = numbers;
    let pixels = rest.split_first().filter(|(blank, _)| blank.is_ascii_whitespace())?.1;
    let whole = width > 0 && height > 0 && most == 255 && width.checked_mul(height) == Some(pixels.len());
    whole.then_some((width, height, pixels))
}

/// A photograph of 16 megapixels.
const MOST_PIXELS: usize = 16 << 20;
