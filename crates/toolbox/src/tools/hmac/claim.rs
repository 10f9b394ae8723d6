//! A signature as somebody wrote it, and the bytes that it may stand for.

use jose::alg::Hash;

use crate::encoding::Encoding;

/// A signature with all its readings.
pub(super) struct Claim {
    /// As it was written, without blanks around it.
    pub(super) text: String,
    /// The hash that a prefix such as `sha256=` names.
    pub(super) named: Option<Hash>,
    /// What it may stand for, the likeliest first.
    readings: Vec<Reading>,
}

struct Reading {
    words: &'static str,
    bytes: Vec<u8>,
}

/// How a signature and a tag agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Wholly, in this encoding.
    Whole(&'static str),
    /// Only once this was allowed for.
    Slip(&'static str, &'static str),
}

impl Claim {
    /// Reads a signature; `None` if it is in no encoding that is known here.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (named, bare) = match text.split_once('=') {
            Some((name, rest)) => match Hash::ALL.iter().find(|hash| spelled(**hash, name)) {
                Some(hash) => (Some(*hash), rest.trim()),
                None => (None, text),
            },
            None => (None, text),
        };
        let bare = bare.trim_matches('"');
        let mut readings = Vec::new();
        for (encoding, words) in [(Encoding::Hex, "hex"), (Encoding::Base64, "base64")] {
            if let Ok(bytes) = encoding.decode(bare)
                && !bytes.is_empty()
            {
                let url = encoding == Encoding::Base64 && (bare.contains(['-', '_']) || bare.len() % 4 != 0);
                readings.push(Reading { words: if url { "base64url" } else { words }, bytes });
            }
        }
        (!readings.is_empty()).then(|| Self { text: text.to_owned(), named, readings })
    }

    /// Bytes that are known already.
    pub(super) fn of(text: &str, bytes: Vec<u8>, words: &'static str) -> Self {
        Self { text: text.to_owned(), named: None, readings: vec![Reading { words, bytes }] }
    }

    /// Whether it is this tag. The tag is no secret to the one who has the key, yet is compared in constant time.
    pub(super) fn agrees(&self, eq: &dyn Fn(&[u8], &[u8]) -> bool, tag: &[u8]) -> Option<Agreement> {
        let mut slip = None;
        for reading in &self.readings {
            if eq(&reading.bytes, tag) {
                return Some(Agreement::Whole(reading.words));
            }
            slip = slip.or_else(|| reading.slip(tag));
        }
        slip
    }

    /// The length in bytes of its likeliest reading.
    pub(super) fn len(&self) -> usize {
        self.readings.first().map_or(0, |reading| reading.bytes.len())
    }
}

impl Reading {
    fn slip(&self, tag: &[u8]) -> Option<Agreement> {
        let text = std::str::from_utf8(&self.bytes).ok();
        let twice = |encoding: Encoding| text.and_then(|text| encoding.decode(text).ok());
        if twice(Encoding::Hex).is_some_and(|bytes| bytes == tag) {
            return Some(Agreement::Slip("signature-of-hex", "the signature is the hex text encoded once more"));
        }
        if twice(Encoding::Base64).is_some_and(|bytes| bytes == tag) {
            return Some(Agreement::Slip("signature-of-base64", "the signature is the base64 text encoded once more"));
        }
        let cut = (SHORTEST..tag.len()).contains(&self.bytes.len()) && tag.starts_with(&self.bytes);
        cut.then_some(Agreement::Slip(
            "signature-cut",
            "the signature is cut: it is only the beginning of the right one",
        ))
    }
}

fn spelled(hash: Hash, name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase().replace(['-', '_'], "");
    name.trim_start_matches("hmac") == hash.as_str()
}

/// Fewer bytes than these agree by chance.
const SHORTEST: usize = 8;
