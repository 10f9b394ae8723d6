//! Other bytes that somebody may have signed, or taken as the key, in the place of those given.

use zeroize::Zeroizing;

use crate::encoding::{Encoding, unbase32};
use crate::normal::{composed, decomposed};

/// Bytes that differ from those given by one slip.
pub(in crate::tools) struct Variant {
    /// A name that stays, behind `key-` or `message-`.
    pub(in crate::tools) code: &'static str,
    /// What somebody did; it follows on «the message» or «the key».
    pub(in crate::tools) words: &'static str,
    /// The bytes.
    pub(in crate::tools) bytes: Zeroizing<Vec<u8>>,
}

/// What else the bytes may be. `written` is the text that they were decoded from, where they were.
pub(in crate::tools) fn of(bytes: &[u8], written: Option<&str>) -> Vec<Variant> {
    let mut found = Found { given: bytes, variants: Vec::new() };
    line_ends(bytes, &mut found);
    if let Some(written) = written {
        found.push("is-text", "was taken as the text itself instead of being decoded", written.as_bytes().to_vec());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text_forms(text, &mut found),
        Err(_) => foreign_forms(bytes, &mut found),
    }
    found.variants
}

fn line_ends(bytes: &[u8], found: &mut Found<'_>) {
    let without = bytes.strip_suffix(b"\r\n").or_else(|| bytes.strip_suffix(b"\n"));
    if let Some(without) = without {
        found.push("newline-dropped", "was taken without its final newline", without.to_vec());
    }
    found.push("newline-added", "was taken with a newline at its end", [bytes, b"\n"].concat());
    found.push("crlf-added", "was taken with CR LF at its end", [bytes, b"\r\n"].concat());
    let trimmed = bytes.trim_ascii();
    found.push("trimmed", "was taken without the blanks around it", trimmed.to_vec());
    let lf = replaced(bytes, b"\r\n", b"\n");
    found.push("crlf-to-lf", "was taken with LF instead of CR LF", lf.clone());
    found.push("lf-to-crlf", "was taken with CR LF instead of LF", replaced(&lf, b"\n", b"\r\n"));
    match bytes.strip_prefix(BOM) {
        Some(bare) => found.push("bom-dropped", "was taken without the byte order mark before it", bare.to_vec()),
        None => found.push("bom-added", "was taken with a byte order mark before it", [BOM, bytes].concat()),
    }
}

fn text_forms(text: &str, found: &mut Found<'_>) {
    let bare = text.trim();
    for encoding in [Encoding::Hex, Encoding::Base64] {
        let (code, words) = match encoding {
            Encoding::Hex => ("from-hex", "is hex and was decoded"),
            _ => ("from-base64", "is base64 and was decoded"),
        };
        if let Ok(decoded) = encoding.decode(bare) {
            found.push(code, words, decoded);
        }
    }
    if let Ok(decoded) = unbase32(bare) {
        found.push("from-base32", "is base32 and was decoded", decoded);
    }
    if let Some(rest) = bare.strip_prefix("whsec_") {
        found.push("whsec-dropped", "was taken without whsec_", rest.as_bytes().to_vec());
        if let Ok(decoded) = Encoding::Base64.decode(rest) {
            found.push("whsec-decoded", "was taken without whsec_ and decoded from base64", decoded);
        }
    }
    found.push("to-hex", "was taken as its hex text", Encoding::Hex.encode(text.as_bytes()).into_bytes());
    found.push("to-base64", "was taken as its base64 text", Encoding::Base64.encode(text.as_bytes()).into_bytes());
    found.push("nfc", "was taken in Unicode's composed form (NFC)", composed(text).into_bytes());
    found.push("nfd", "was taken in Unicode's decomposed form (NFD)", decomposed(text).into_bytes());
    if let Some(latin) = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect::<Option<Vec<u8>>>() {
        found.push("latin-1", "was taken in Latin-1 instead of UTF-8", latin);
    }
    let utf_16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    found.push("utf-16le", "was taken in UTF-16 (little-endian) instead of UTF-8", utf_16(u16::to_le_bytes));
    found.push("utf-16be", "was taken in UTF-16 (big-endian) instead of UTF-8", utf_16(u16::to_be_bytes));
    found.push("json-compact", "is JSON and was written anew without blanks", without_blanks(text).into_bytes());
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        let pretty = serde_json::to_string_pretty(&value).unwrap_or_default();
        found.push("json-pretty", "is JSON and was written anew with indentation", pretty.into_bytes());
        found.push("json-sorted", "is JSON and was written anew with sorted members", value.to_string().into_bytes());
    }
    let unescaped = text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
    found.push("unescaped", "was taken with \\n as a line end", unescaped.into_bytes());
    if let Some(quoted) = bare.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        found.push("unquoted", "was taken without the quotation marks around it", quoted.as_bytes().to_vec());
    }
}

/// Not UTF-8: what it is in UTF-8, if it was UTF-16 or Latin-1.
fn foreign_forms(bytes: &[u8], found: &mut Found<'_>) {
    for (order, mark) in [(u16::from_le_bytes as fn([u8; 2]) -> u16, [0xff, 0xfe]), (u16::from_be_bytes, [0xfe, 0xff])]
    {
        let bare = bytes.strip_prefix(&mark).unwrap_or(bytes);
        let units: Vec<u16> = bare.chunks_exact(2).map(|pair| order([pair[0], pair[1]])).collect();
        if let Ok(text) = String::from_utf16(&units) {
            found.push("from-utf-16", "is UTF-16 and was taken in UTF-8", text.into_bytes());
        }
    }
    let latin: String = bytes.iter().copied().map(char::from).collect();
    found.push("from-latin-1", "is Latin-1 and was taken in UTF-8", latin.into_bytes());
    found.push("to-hex", "was taken as its hex text", Encoding::Hex.encode(bytes).into_bytes());
    found.push("to-base64", "was taken as its base64 text", Encoding::Base64.encode(bytes).into_bytes());
}

struct Found<'a> {
    given: &'a [u8],
    variants: Vec<Variant>,
}

impl Found<'_> {
    /// What is the same as before, or as another variant, explains nothing.
    fn push(&mut self, code: &'static str, words: &'static str, bytes: Vec<u8>) {
        let bytes = Zeroizing::new(bytes);
        if *bytes != self.given && self.variants.iter().all(|known| known.bytes != bytes) {
            self.variants.push(Variant { code, words, bytes });
        }
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        match rest.strip_prefix(from) {
            Some(after) => {
                out.extend_from_slice(to);
                rest = after;
            }
            None => {
                out.push(*first);
                rest = &rest[1..];
            }
        }
    }
    out
}

/// The text without blanks outside strings, which is the JSON without them where it is JSON.
fn without_blanks(text: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let keep = |letter: &char| {
        let keep = inside || !letter.is_ascii_whitespace();
        match *letter {
            '"' if !escaped => inside = !inside,
            _ => {}
        }
        escaped = inside && *letter == '\\' && !escaped;
        keep
    };
    text.chars().filter(keep).collect()
}

const BOM: &[u8] = b"\xef\xbb\xbf";
