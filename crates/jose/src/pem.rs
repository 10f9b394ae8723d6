//! Texts with `-----BEGIN …-----` around base64 (RFC 7468). Between the lines only blanks and
//! line ends are passed over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::jwk::KeyError;
use crate::limits::Limits;

/// One block: its label, as in `BEGIN PRIVATE KEY`, and what it holds.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::pem::{Block, encode, parse};
///
/// let Block { label, der } = parse(&encode("EXAMPLE", &[1, 2, 3]), &Limits::DEFAULT)?.remove(0);
/// assert_eq!((label.as_str(), der.as_slice()), ("EXAMPLE", &[1, 2, 3][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Block {
    /// The label.
    pub label: String,
    /// The decoded bytes; wiped when dropped.
    pub der: Zeroizing<Vec<u8>>,
}

/// One block, in lines of 64 (RFC 7468 §2).
///
/// ```
/// assert_eq!(*vestibule_jose::pem::encode("EXAMPLE", &[0; 3]), "-----BEGIN EXAMPLE-----\nAAAA\n-----END EXAMPLE-----\n");
/// ```
pub fn encode(label: &str, der: &[u8]) -> Zeroizing<String> {
    let base64 = Zeroizing::new(STANDARD.encode(der));
    let lines = base64.as_bytes().chunks(LINE).map(|line| str::from_utf8(line).unwrap_or_default());
    // The capacity is exact, so that nothing secret is left behind by a growing buffer.
    let len = base64.len() + base64.len().div_ceil(LINE) + 2 * (label.len() + "-----BEGIN -----\n".len()) - 2;
    let mut out = Zeroizing::new(String::with_capacity(len));
    for part in ["-----BEGIN ", label, "-----\n"] {
        out.push_str(part);
    }
    for line in lines {
        out.push_str(line);
        out.push('\n');
    }
    for part in ["-----END ", label, "-----\n"] {
        out.push_str(part);
    }
    out
}

/// Reads all blocks of a text of at most [`Limits::set_bytes`]. Text between blocks is passed over (RFC 7468 §2).
///
/// ```
/// let text = "-----BEGIN EXAMPLE-----\nAAAA\n-----END EXAMPLE-----\n";
/// assert_eq!(vestibule_jose::pem::parse(text, &vestibule_jose::Limits::DEFAULT)?.len(), 1);
/// assert!(vestibule_jose::pem::parse(&text.replace("AAAA", "A*AA"), &vestibule_jose::Limits::DEFAULT).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(text: &str, limits: &Limits) -> Result<Vec<Block>, KeyError> {
    if text.len() > limits.set_bytes {
        return Err(KeyError::TooLong { found: text.len(), limit: limits.set_bytes });
    }
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(label) = boundary(line, "BEGIN") {
            blocks.push(block(label, &mut lines)?);
        }
    }
    Ok(blocks)
}

fn block<'a>(label: &str, lines: &mut impl Iterator<Item = &'a str>) -> Result<Block, KeyError> {
    let mut base64 = Zeroizing::new(String::new());
    for line in lines {
        if let Some(end) = boundary(line, "END") {
            if end != label {
                return Err(KeyError::Encoding("the PEM block begins and ends with different labels"));
            }
            let der = STANDARD.decode(base64.as_bytes());
            let der = der.map_err(|_| KeyError::Encoding("the PEM block does not hold base64"))?;
            return Ok(Block { label: label.to_owned(), der: Zeroizing::new(der) });
        }
        if line.contains(':') {
            return Err(KeyError::Encoding("the PEM block has headers; keys encrypted that way are not read"));
        }
        base64.push_str(line);
    }
    Err(KeyError::Encoding("the PEM block has no end"))
}

fn boundary<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.strip_prefix("-----")?.strip_prefix(word)?.strip_prefix(' ')?.strip_suffix("-----")
}

/// Characters of base64 in a line (RFC 7468 §2).
const LINE: usize = 64;

impl std::fmt::Debug for Block {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Block").field("label", &self.label).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_and_held_to_their_form() {
        let blocks = parse("words\r\n-----BEGIN A-----\r\nQUJD\r\nRA==\r\n-----END A-----\n", &Limits::DEFAULT)
            .expect("one block");
        assert_eq!((blocks.len(), blocks[0].label.as_str(), blocks[0].der.as_slice()), (1, "A", &b"ABCD"[..]));
        assert_eq!(parse("no block", &Limits::DEFAULT).expect("none").len(), 0);
        for text in [
            "-----BEGIN A-----\nQUJD\n-----END B-----",
            "-----BEGIN A-----\nQUJD",
            "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\nQUJD\n-----END A-----",
            "-----BEGIN A-----\nQUJ\n-----END A-----",
            "-----BEGIN A-----\nQR==\n-----END A-----",
        ] {
            assert!(parse(text, &Limits::DEFAULT).is_err(), "{text}");
        }
        let long = " ".repeat(Limits::DEFAULT.set_bytes + 1);
        assert!(matches!(parse(&long, &Limits::DEFAULT), Err(KeyError::TooLong { .. })));
    }
}
